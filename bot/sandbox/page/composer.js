// The bottom of a chat: writing, replying, editing, files, commands, Start and unblock.

import { $, h, ask, menuOf, tried } from "./dom.js";
import { act, chatId, myId, openChat, state } from "./state.js";

let about = null; // { kind: "reply" | "edit", message }

export const handlers = {
  reply: (message) => setAbout({ kind: "reply", message }),
  edit: (message) => {
    setAbout({ kind: "edit", message });
    $("text").value = message.text;
    grow();
  },
};

export function setAbout(next) {
  if (about?.kind === "edit" && !next) $("text").value = "";
  about = next;
  $("about").hidden = !about;
  if (!about) return;
  $("about").replaceChildren(
    h("span", { className: "two-lines" },
      h("strong", {}, about.kind === "edit" ? "编辑消息" : `回复 ${about.message.sender.name}`),
      h("small", {}, about.message.text || about.message.file?.name || "")),
    h("button", { type: "button", className: "icon", "aria-label": "取消", onclick: () => setAbout(null) }, "×"),
  );
  $("text").focus();
}

async function send() {
  const text = $("text").value.trim();
  if (!text) return;
  const now = about;
  $("text").value = "";
  about = now?.kind === "edit" ? null : now;
  setAbout(null);
  grow();
  showCommands();
  const chat = chatId();
  const sent = await tried(() =>
    now?.kind === "edit"
      ? act("edits", { chat, message: now.message.id, text })
      : act("says", { chat, text, reply_to: now?.message.id }));
  if (!sent && !$("text").value) $("text").value = text;
}

function grow() {
  const field = $("text");
  field.style.height = "";
  if (field.value) field.style.height = `${Math.min(field.scrollHeight + 2, 160)}px`;
}

// -- commands -----------------------------------------------------------------------------------------

function showCommands(all = false) {
  const typed = $("text").value;
  const offered = (state.chat?.commands ?? []).filter((one) => all || (typed.startsWith("/") && `/${one.command}`.startsWith(typed)));
  $("commands").hidden = !offered.length;
  $("commands").replaceChildren(...offered.map((one) =>
    h("button", { type: "button", role: "option", onclick: () => pickCommand(one.command) },
      h("strong", {}, `/${one.command}`), h("small", {}, one.description))));
}

function pickCommand(command) {
  $("text").value = `/${command}`;
  send();
}

// -- files and places ---------------------------------------------------------------------------------

const COUNTY_SEAT = { latitude: 24.5321, longitude: 103.2674 }; // somewhere in the invented county

function chooseFile(kind, accept) {
  const input = $("file");
  input.accept = accept;
  input.onchange = () => tried(async () => {
    const [file] = input.files;
    input.value = "";
    if (file) await upload(file, kind);
  });
  input.click();
}

async function upload(file, kind) {
  const query = new URLSearchParams({ person: myId(), chat: chatId(), name: file.name, kind, caption: $("text").value.trim() });
  await ask(`/api/upload?${query}`, { method: "PUT", body: file });
  $("text").value = "";
  grow();
}

// -- all of it ------------------------------------------------------------------------------------------

/** Shows what can be done in the open chat: write, start, or unblock. */
export function showBottom() {
  const chat = openChat();
  const wake = chat.isBot && { unmet: "开始", kicked: "解除屏蔽并重新开始" }[chat.bot];
  $("wake").hidden = !wake;
  $("wake").textContent = wake || "";
  $("composer").hidden = Boolean(wake);
  $("slash").hidden = !state.chat?.commands.length;
  showKeys();
}

function showKeys() {
  const rows = state.chat?.keyboard?.keyboard ?? [];
  $("keys").hidden = !rows.length;
  $("keys").replaceChildren(...rows.map((row) =>
    h("div", { className: "keyboard-row" }, row.map((key) => {
      const text = key.text ?? key;
      return h("button", { type: "button", onclick: () => tried(() => act("says", { chat: chatId(), text })) }, text);
    }))));
}

export function wireComposer() {
  const field = $("text");
  field.addEventListener("input", () => (grow(), showCommands()));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") {
      setAbout(null);
      $("commands").hidden = true;
    }
  });
  $("composer").addEventListener("submit", (event) => (event.preventDefault(), send()));
  $("slash").addEventListener("click", () => ($("commands").hidden ? showCommands(true) : ($("commands").hidden = true)));
  $("wake").addEventListener("click", () => tried(() => act("start")));
  menuOf($("attach"), $("attach-menu"), () => [
    ["发送文件", () => chooseFile("document", "")],
    ["发送图片", () => chooseFile("photo", "image/*")],
    ["发送位置", () => tried(() => act("sends_location", { chat: chatId(), ...COUNTY_SEAT }))],
  ]);
}

/** Another chat was opened: what was half written stays behind. */
export function clearComposer() {
  setAbout(null);
  $("text").value = "";
  $("commands").hidden = true;
  grow();
}
