// The chats on the left.

import { serviceText, summaryOf } from "./bubble.js";
import { byId, el } from "./dom.js";
import { initialsOf, isSameDay, shortDayOf, timeOf, tintOf } from "./format.js";
import { now, store, titleOf } from "./store.js";

const list = byId("chat-list");

function face(chat) {
  if (chat.kind === "private") return el("span", { class: "avatar" }, el("img", { src: "/page/icon.svg", alt: "" }));
  return el("span", { class: `avatar ${tintOf(chat.id)}` }, initialsOf(chat.title));
}

/** The second line: the newest message, or who is there. */
function lastLine(chat) {
  const last = chat.messages[chat.messages.length - 1];
  if (!last || serviceText(last)) return `with ${chat.people.map((person) => person.name).join(", ")}`;
  return summaryOf(last);
}

function nameOf(chat) {
  const several = [...store.chats.values()].filter((other) => other.kind === "private").length > 1;
  if (chat.kind === "private" && several) return `${titleOf(chat)} · ${chat.people[0].name}`;
  return titleOf(chat);
}

function item(chat, open) {
  const last = chat.messages[chat.messages.length - 1];
  const unread = store.unread.get(chat.id) ?? 0;
  const when = last && (isSameDay(last.date, now()) ? timeOf(last.date) : shortDayOf(last.date));
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "chat-item", "aria-current": String(chat.id === store.chatId), dataset: { chat: chat.id }, onclick: () => open(chat.id) },
      face(chat),
      el("span", { class: "chat-item-name" }, nameOf(chat)),
      el("span", { class: "chat-item-time" }, when),
      el("span", { class: "chat-item-last" }, lastLine(chat)),
      unread > 0 && el("span", { class: "badge", "aria-label": `${unread} new` }, String(unread)),
    ),
  );
}

export function showChats(open) {
  list.replaceChildren(...[...store.chats.values()].map((chat) => item(chat, open)));
}
