// Small things every part of the page uses: elements, avatars, times of the office, requests.

export const $ = (id) => document.getElementById(id);

/** An element with properties and children; `on…` are listeners, `aria-…`, `data-…`, `role` attributes. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const COLOURS = ["#c0564b", "#b9752e", "#7a8b2f", "#3d8f64", "#2f8a94", "#3f78b8", "#6a63b5", "#a1558f"];

/** A coloured disc with the end of a name, as Chinese chat programs show people. */
export function avatar(id, name) {
  const disc = h("span", { className: "avatar", "aria-hidden": "true" }, [...name].slice(-2).join(""));
  disc.style.background = COLOURS[Math.abs(id) % COLOURS.length];
  return disc;
}

/** The disc of a group: the first two letters of what tells it from the others. */
export const groupAvatar = (id, title) => avatar(id, [...title.replace(/^县(政府|府办)/, "")].slice(0, 2).join(""));

export const botAvatar = () => h("span", { className: "avatar bot", "aria-hidden": "true" }, "督");

export function badge(count, label = "条未读") {
  if (!count) return null;
  return h("span", { className: "badge", title: `${count} ${label}` }, count > 99 ? "99+" : String(count));
}

const ZONE = { timeZone: "Asia/Shanghai" };
const CLOCK = new Intl.DateTimeFormat("zh-CN", { ...ZONE, hour: "2-digit", minute: "2-digit", hour12: false });
const DAY = new Intl.DateTimeFormat("zh-CN", { ...ZONE, month: "numeric", day: "numeric" });
const WEEKDAY = new Intl.DateTimeFormat("zh-CN", { ...ZONE, weekday: "short" });

const at = (seconds) => new Date(seconds * 1000);
export const clockOf = (seconds) => CLOCK.format(at(seconds)).replace(/^24/, "00");
export const dayOf = (seconds) => {
  const parts = Object.fromEntries(DAY.formatToParts(at(seconds)).map((part) => [part.type, part.value]));
  return `${parts.month}月${parts.day}日 ${WEEKDAY.format(at(seconds))}`;
};

/** Asks the sandbox; throws an Error with its reason when it refuses. */
export async function ask(path, options = {}) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

export const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export function toast(text) {
  const note = h("div", { className: "toast" }, text);
  $("toasts").append(note);
  setTimeout(() => note.remove(), 4500);
}

export function alertBox(text) {
  $("alert-text").textContent = text;
  $("alert").showModal();
}

/** Runs what a person asked for and says why when it does not work. */
export async function tried(action) {
  try {
    return await action();
  } catch (error) {
    toast(`没有成功：${error.message}`);
    return null;
  }
}

/** Opens and closes a menu below its button; a click elsewhere or Escape closes it. */
export function menuOf(button, menu, fill) {
  const close = () => {
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    if (!menu.hidden) return close();
    menu.replaceChildren(
      ...fill().map(([label, action]) =>
        h("button", { type: "button", role: "menuitem", onclick: () => (close(), action()) }, label),
      ),
    );
    menu.hidden = false;
    button.setAttribute("aria-expanded", "true");
    menu.firstElementChild?.focus();
  });
  document.addEventListener("click", close);
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());
}
