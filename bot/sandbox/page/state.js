// What the page knows: the world as last heard, who I am, which chat is open. The address bar keeps the choice.

import { ask, post } from "./dom.js";

export const state = { world: null, chat: null, heardAt: 0 };

const chosen = () => new URLSearchParams(location.hash.slice(1));
export const myId = () => Number(chosen().get("p")) || null;
export const chatId = () => Number(chosen().get("c")) || null;

/** Becomes a person and opens a chat (none: the list of chats). */
export function go(person, chat = null) {
  location.hash = chat ? `p=${person}&c=${chat}` : `p=${person}`;
}

export const me = () => state.world?.people.find((person) => person.id === myId()) ?? null;
export const personOf = (id) => state.world?.people.find((person) => person.id === id) ?? null;

/** My chats: the one with the bot first, then my groups, those with news before the others. */
export function myChats() {
  const self = me();
  if (!self) return [];
  const { bot, groups } = state.world;
  const own = { id: self.id, title: bot.first_name, isBot: true, bot: self.bot, unread: self.unread, last: self.last };
  const mine = groups
    .filter((group) => group.members.includes(self.id))
    .map((group) => ({ ...group, unread: group.unread[self.id] ?? 0 }))
    .sort((one, other) => (other.last?.date ?? 0) - (one.last?.date ?? 0));
  return [own, ...mine];
}

export const openChat = () => myChats().find((chat) => chat.id === chatId()) ?? null;

/** The office's time now, in Unix seconds. */
export const officeNow = () => (state.world ? state.world.now + (performance.now() - state.heardAt) / 1000 : 0);

export async function hearWorld() {
  state.world = await ask("/api/world");
  state.heardAt = performance.now();
}

export async function hearChat() {
  const id = chatId();
  const heard = id && me() ? await ask(`/api/chats/${id}?person=${myId()}`) : null;
  if (id === chatId()) state.chat = heard;
}

/** Does something as the person I am. */
export const act = (what, details = {}) => post("/api/act", { person: myId(), act: what, ...details });

export const isSeen = () => document.visibilityState === "visible";
