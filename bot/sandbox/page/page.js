// The chat page of the sandbox: hears the world, shows it, and follows the address bar.

import { $, botAvatar, groupAvatar, h, menuOf, tried } from "./dom.js";
import { act, chatId, go, hearChat, hearWorld, isSeen, me, myId, openChat, personOf, state } from "./state.js";
import { pick, showChats, showFeed, showMe, showPeople, wirePicker } from "./lists.js";
import { showClock, wireClock } from "./clock.js";
import { showMessages } from "./bubbles.js";
import { clearComposer, handlers, showBottom, wireComposer } from "./composer.js";

let typing = 0;

function showTitle() {
  const chat = openChat();
  const members = chat.isBot ? [] : chat.members.map((id) => personOf(id)?.name).filter(Boolean);
  const below = typing > Date.now() ? "正在输入…" : chat.isBot ? `机器人 @${state.world.bot.username}` : `${members.length + 1} 位成员：${members.join("、")}`;
  $("title").replaceChildren(
    chat.isBot ? botAvatar() : groupAvatar(chat.id, chat.title),
    h("span", { className: "two-lines" }, h("strong", {}, chat.title), h("small", { title: members.join("、") }, below)),
  );
}

function showMiddle() {
  const chat = openChat();
  for (const id of ["head", "messages", "bottom"]) $(id).hidden = !chat;
  $("welcome").hidden = Boolean(chat);
  if (!chat || !state.chat) return void ($("pinned").hidden = true);
  showTitle();
  showMessages(handlers);
  showBottom();
  if (chat.unread && isSeen()) tried(() => act("reads", { chat: chat.id }));
}

function show() {
  document.body.dataset.view = chatId() ? "chat" : "list";
  const waiting = me()?.unread ?? 0;
  document.title = `${waiting ? `(${waiting}) ` : ""}${me() ? `${me().name} · ` : ""}督办沙盒`;
  showMe();
  showChats();
  showFeed();
  if (!$("picker").hidden) showPeople();
  showMiddle();
  showClock();
}

// -- hearing ------------------------------------------------------------------------------------------

let hearing = null;
let again = false;

/** Fetches and shows; while that runs, further calls are gathered into one more. */
async function refresh() {
  if (hearing) return void (again = true);
  hearing = (async () => {
    await hearWorld();
    await hearChat();
    show();
  })();
  try {
    await hearing;
  } finally {
    hearing = null;
  }
  if (again) {
    again = false;
    refresh();
  }
}

function listen() {
  const events = new EventSource("/api/events");
  events.addEventListener("open", refresh);
  events.addEventListener("message", (event) => {
    const { what, chat } = JSON.parse(event.data);
    if (what === "typing") {
      if (chat !== chatId()) return;
      typing = Date.now() + 3000;
      showTitle();
      setTimeout(() => openChat() && showTitle(), 3100);
      return;
    }
    if (what === "message" && chat === chatId()) typing = 0;
    refresh();
  });
}

// -- wiring -------------------------------------------------------------------------------------------

function chatMenu() {
  const chat = openChat();
  if (chat.isBot) {
    return chat.bot === "kicked" ? [["解除屏蔽", () => tried(() => act("unblocks"))]] : [["屏蔽机器人", () => tried(() => act("blocks"))]];
  }
  const away = chat.bot === "kicked" || chat.bot === "left";
  return away
    ? [["邀请机器人", () => tried(() => act("adds_bot", { chat: chat.id, administrator: true }))]]
    : [["移出机器人", () => tried(() => act("removes_bot", { chat: chat.id }))]];
}

wirePicker();
wireClock();
wireComposer();
menuOf($("menu-button"), $("menu"), chatMenu);
$("back").addEventListener("click", () => go(myId()));
window.addEventListener("hashchange", () => (clearComposer(), (state.chat = null), refresh()));
document.addEventListener("visibilitychange", () => isSeen() && refresh());
await refresh();
if (!me()) pick(true);
listen();
