// The left column: who I am, whom I can become, my chats; and the feed of what reached others.

import { $, avatar, badge, botAvatar, clockOf, dayOf, groupAvatar, h, post, tried } from "./dom.js";
import { chatId, go, hearWorld, me, myChats, myId, officeNow, state } from "./state.js";

const elsewhere = (person) => (person.id === myId() ? 0 : person.unread);

export function showMe() {
  const self = me();
  const waiting = state.world.people.reduce((sum, person) => sum + elsewhere(person), 0);
  $("me").replaceChildren(
    self ? avatar(self.id, self.name) : avatar(0, "？"),
    h("span", { className: "two-lines" },
      h("strong", {}, self ? self.name : "请选择身份"),
      h("small", {}, self ? `${self.unit} ${self.post}`.trim() || "访客" : "以谁的身份说话")),
    waiting ? h("span", { className: "badge quiet", title: "其他人的未读消息" }, String(waiting)) : "",
    h("span", { className: "switch", "aria-hidden": "true" }, "切换"),
  );
  $("me").setAttribute("aria-label", self ? `我是${self.name}，切换身份` : "选择身份");
}

export function showChats() {
  $("chats").replaceChildren(
    ...myChats().map((chat) =>
      h("button", {
        type: "button",
        className: chat.id === chatId() ? "row chosen" : "row",
        "aria-current": chat.id === chatId() ? "true" : null,
        onclick: () => go(myId(), chat.id),
      },
        chat.isBot ? botAvatar() : groupAvatar(chat.id, chat.title),
        h("span", { className: "two-lines" },
          h("span", { className: "line" },
            h("strong", {}, chat.title, chat.isBot ? h("em", { className: "tag" }, "机器人") : ""),
            h("time", {}, chat.last ? shortTime(chat.last.date) : "")),
          h("span", { className: "line" }, h("small", {}, lastLine(chat)), badge(chat.unread) ?? "")),
      ),
    ),
  );
}

const shortTime = (seconds) => (dayOf(seconds) === dayOf(officeNow()) ? clockOf(seconds) : dayOf(seconds).split(" ")[0]);

function lastLine(chat) {
  if (chat.bot === "kicked") return chat.isBot ? "已屏蔽" : "机器人已被移出";
  if (!chat.last) return chat.isBot ? "点这里开始" : `${chat.members.length + 1} 位成员`;
  return chat.isBot ? chat.last.text : `${chat.last.sender}：${chat.last.text}`;
}

// -- choosing who I am ------------------------------------------------------------------------------

export function showPeople() {
  const wanted = $("search").value.trim();
  const units = new Map();
  for (const person of state.world.people) {
    if (wanted && !`${person.name}${person.unit}${person.post}`.includes(wanted)) continue;
    if (!units.has(person.unit)) units.set(person.unit, []);
    units.get(person.unit).push(person);
  }
  const groups = [...units].map(([unit, people]) =>
    h("section", { "aria-label": unit || "访客" }, h("h3", {}, unit || "访客"), people.map(personRow)),
  );
  $("people").replaceChildren(...groups, ...(wanted && !groups.length ? [visitorRow(wanted)] : []));
}

/** Nobody of that name: offers to add a visitor whom the office does not know. */
function visitorRow(name) {
  const add = () => tried(async () => {
    const { id } = await post("/api/people", { name });
    await hearWorld();
    become(id);
  });
  return h("button", { type: "button", className: "row person", onclick: add },
    avatar(0, "＋"),
    h("span", { className: "two-lines" }, h("strong", {}, `添加访客「${name}」`), h("small", {}, "没有找到这个人，可作为外人加入")));
}

function personRow(person) {
  const standing = { unmet: "未开始", kicked: "已屏蔽" }[person.bot];
  return h("button", {
    type: "button",
    className: person.id === myId() ? "row person chosen" : "row person",
    onclick: () => become(person.id),
  },
    avatar(person.id, person.name),
    h("span", { className: "two-lines" }, h("strong", {}, person.name), h("small", {}, person.post)),
    standing ? h("span", { className: "tag" }, standing) : "",
    badge(person.unread) ?? "",
  );
}

/** Becomes a person and opens the chat with the bot (on a telephone: the list, unless `open`). */
export function become(id, open = false) {
  pick(false);
  const narrow = matchMedia("(max-width: 760px)").matches;
  go(id, open || !narrow ? id : null);
}

export function pick(open) {
  $("picker").hidden = !open;
  $("me").setAttribute("aria-expanded", String(open));
  if (!open) return;
  $("search").value = "";
  showPeople();
  $("search").focus();
}

export function wirePicker() {
  $("me").addEventListener("click", () => pick($("picker").hidden));
  $("search").addEventListener("input", showPeople);
  $("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter") $("people").querySelector("button")?.click();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && myId() && pick(false));
}

// -- what reached others ----------------------------------------------------------------------------

let seen = null; // number of the last line that was there when the feed was in sight

/** Marks on the clock's chip how much arrived while the feed was out of sight. */
function showFeedBadge() {
  const { feed } = state.world;
  const inSight = document.body.classList.contains("side-open");
  if (inSight || seen === null) seen = feed.at(-1)?.number ?? 0;
  const fresh = feed.filter((line) => line.number > seen && line.person !== myId()).length;
  for (const chip of document.querySelectorAll(".chip-badge")) chip.replaceChildren(badge(fresh, "条新动态") ?? "");
}

export function showFeed() {
  showFeedBadge();
  const lines = [];
  for (const entry of state.world.feed) {
    if (entry.person === myId()) continue;
    const last = lines.at(-1);
    if (last && last.person === entry.person && entry.date - last.date < 60) {
      Object.assign(last, { text: entry.text, date: entry.date, count: last.count + 1 });
    } else {
      lines.push({ ...entry, count: 1 });
    }
  }
  const rows = lines.reverse().map((line) =>
    h("button", { type: "button", className: "row news", onclick: () => showAs(line.person), title: `成为${line.name}` },
      avatar(line.person, line.name),
      h("span", { className: "two-lines" },
        h("span", { className: "line" },
          h("span", {}, h("strong", {}, line.name), ` 收到 ${line.count} 条`),
          h("time", {}, shortTime(line.date) === clockOf(line.date) ? clockOf(line.date) : `${shortTime(line.date)} ${clockOf(line.date)}`)),
        h("small", {}, line.text)),
    ),
  );
  $("feed").replaceChildren(...(rows.length ? rows : [h("p", { className: "nothing" }, "还没有。机器人给别人发消息时会出现在这里。")]));
}

function showAs(person) {
  document.body.classList.remove("side-open");
  become(person, true);
}
