// The open chat: bubbles with what stands in them and the buttons below.

import { $, alertBox, avatar, botAvatar, clockOf, dayOf, h, toast, tried } from "./dom.js";
import { act, chatId, go, myId, openChat, state } from "./state.js";

const kept = new Map(); // message id -> { key, element }: a bubble is built again only when it changed
let shownChat = null;

/** Shows the messages; `handlers` are { reply, edit } of the composer. */
export function showMessages(handlers) {
  const room = $("messages");
  const isNew = shownChat !== `${myId()}/${chatId()}`;
  const atEnd = isNew || room.scrollHeight - room.scrollTop - room.clientHeight < 120;
  if (isNew) kept.clear();
  shownChat = `${myId()}/${chatId()}`;
  room.replaceChildren(...withDays(state.chat.messages, handlers));
  if (atEnd) room.scrollTop = room.scrollHeight;
  $("pinned").hidden = !state.chat.pinned;
  $("pinned").textContent = state.chat.pinned ? `📌 ${state.chat.pinned}` : "";
}

function withDays(messages, handlers) {
  const out = [];
  let day = "";
  let before = null;
  for (const message of messages) {
    if (dayOf(message.date) !== day) {
      day = dayOf(message.date);
      before = null;
      out.push(h("div", { className: "day" }, day));
    }
    const follows = before && before.sender.id === message.sender.id && !before.service;
    out.push(keptBubble(message, Boolean(follows), handlers));
    before = message;
  }
  if (!messages.length) out.push(h("p", { className: "nothing" }, "还没有消息"));
  return out;
}

function keptBubble(message, follows, handlers) {
  const key = JSON.stringify([message, follows]);
  const old = kept.get(message.id);
  if (old?.key === key) return old.element;
  const element = message.service ? h("div", { className: "day service" }, message.service) : bubble(message, follows, handlers);
  kept.set(message.id, { key, element });
  return element;
}

function bubble(message, follows, handlers) {
  const mine = message.sender.id === myId();
  const byBot = message.sender.id === state.world.bot.id;
  const words = h("div", { className: "words", innerHTML: message.html });
  words.addEventListener("click", (event) => linkPressed(event));
  const box = h("div", { className: "bubble", tabIndex: -1 },
    mine || follows || openChat()?.isBot ? "" : h("div", { className: "sender" }, message.sender.name),
    message.forward ? h("div", { className: "forward" }, `转发自 ${message.forward}`) : "",
    message.reply ? quote(message.reply) : "",
    message.file ? attachment(message.file) : "",
    message.location ? h("div", { className: "place" }, `📍 位置 ${message.location.latitude.toFixed(4)}，${message.location.longitude.toFixed(4)}`) : "",
    message.html ? words : "",
    h("div", { className: "meta" }, message.silent ? "静音 " : "", message.edited ? "已编辑 " : "", clockOf(message.date)),
  );
  return h("article", {
    id: `m${message.id}`,
    className: `message ${mine ? "mine" : "theirs"}${follows ? " follows" : ""}`,
    "aria-label": `${message.sender.name} ${clockOf(message.date)}`,
  },
    mine || openChat()?.isBot ? "" : byBot ? botAvatar() : avatar(message.sender.id, message.sender.name),
    h("div", { className: "stack" }, box, message.buttons.length ? keyboard(message) : ""),
    actions(message, mine, handlers),
  );
}

function quote(reply) {
  return h("button", { type: "button", className: "quote", onclick: () => jumpTo(reply.id) },
    h("strong", {}, reply.sender), h("span", {}, reply.text));
}

function jumpTo(id) {
  const target = $(`m${id}`);
  target?.scrollIntoView({ block: "center", behavior: "smooth" });
  target?.classList.add("found");
  setTimeout(() => target?.classList.remove("found"), 1600);
}

function attachment(file) {
  const address = `/api/files/${file.id}`;
  if (file.kind === "photo") {
    return h("a", { href: address, target: "_blank", className: "photo" }, h("img", { src: address, alt: "图片", loading: "lazy" }));
  }
  const size = file.size < 1024 ? `${file.size} B` : file.size < 1048576 ? `${(file.size / 1024).toFixed(1)} KB` : `${(file.size / 1048576).toFixed(1)} MB`;
  return h("a", { href: address, download: file.name, className: "file" },
    h("span", { className: "file-icon", "aria-hidden": "true" }, (file.name.split(".").pop() || "?").slice(0, 4)),
    h("span", { className: "two-lines" }, h("strong", {}, file.kind === "voice" ? "语音" : file.name), h("small", {}, size)));
}

function actions(message, mine, handlers) {
  const one = (label, action) => h("button", { type: "button", onclick: action }, label);
  return h("div", { className: "actions" },
    one("回复", () => handlers.reply(message)),
    mine && message.text && !message.file ? one("编辑", () => handlers.edit(message)) : "",
    openChat()?.isBot ? "" : one("转给机器人", () => tried(async () => {
      await act("forwards", { chat: message.chat, message: message.id });
      toast("已转发到与机器人的会话");
    })),
  );
}

// -- pressing -----------------------------------------------------------------------------------------

function keyboard(message) {
  return h("div", { className: "keyboard" }, message.buttons.map((row) =>
    h("div", { className: "keyboard-row" }, row.map((button) =>
      h("button", { type: "button", onclick: (event) => press(event.currentTarget, message, button) },
        button.label, button.url ? h("span", { "aria-hidden": "true" }, " ↗") : ""),
    )),
  ));
}

async function press(element, message, button) {
  if (button.url) return followLink(button.url);
  element.classList.add("busy");
  const result = await tried(() => act("presses", { chat: message.chat, message: message.id, data: button.data }));
  element.classList.remove("busy");
  const answer = result?.answer;
  if (result && !answer) toast("机器人没有回应");
  if (answer?.url) followLink(answer.url);
  if (answer?.text) (answer.alert ? alertBox : toast)(answer.text);
}

/** A link to the bot itself presses Start with its payload; any other opens. */
function followLink(address) {
  const link = new URL(address);
  const payload = link.searchParams.get("start");
  const toBot = link.hostname === "t.me" && link.pathname.slice(1) === state.world.bot.username;
  if (!toBot) return void window.open(address, "_blank", "noopener");
  go(myId(), myId());
  return tried(() => act("start", { payload: payload ?? "" }));
}

function linkPressed(event) {
  const target = event.target.closest("a, .spoiler");
  if (!target) return;
  if (target.classList.contains("spoiler")) return void target.classList.add("open");
  if (target.classList.contains("command")) {
    event.preventDefault();
    tried(() => act("says", { chat: chatId(), text: target.textContent }));
  } else if (target.hostname === "t.me") {
    event.preventDefault();
    followLink(target.href);
  }
}
