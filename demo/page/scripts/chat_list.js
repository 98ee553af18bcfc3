// The list of chats.

import { serviceText, summaryOf } from "./bubble.js";
import { byId, el } from "./dom.js";
import { aheadOf, initialsOf, isSameDay, shortDayOf, timeOf, tintOf } from "./format.js";
import { now, store, titleOf } from "./store.js";

const list = byId("chat-list");

function face(chat) {
  if (chat.kind === "private") return el("span", { class: "avatar" }, el("img", { src: "/page/icon.svg", alt: "" }));
  return el("span", { class: `avatar ${tintOf(chat.id)}` }, initialsOf(chat.title));
}

/** Returns the newest message that is not a service message. */
function newestOf(chat) {
  return chat.messages.findLast((message) => !serviceText(message));
}

/** Returns the second line of an item: the newest message, or the members. */
function lastLine(chat) {
  const newest = newestOf(chat);
  return newest ? summaryOf(newest) : `with ${chat.people.map((person) => person.name).join(", ")}`;
}

/** Shows the time of a message, or how far ahead it is if the clock was moved back since. */
function whenOf(message) {
  const ahead = aheadOf(Math.max(0, message.date - now()));
  if (ahead) return el("span", { class: "chat-item-time is-ahead", title: "Written while the clock was ahead" }, ahead);
  const at = isSameDay(message.date, now()) ? timeOf(message.date) : shortDayOf(message.date);
  return el("span", { class: "chat-item-time" }, at);
}

function nameOf(chat) {
  const several = [...store.chats.values()].filter((other) => other.kind === "private").length > 1;
  if (chat.kind === "private" && several) return `${titleOf(chat)} · ${chat.people[0].name}`;
  return titleOf(chat);
}

function item(chat, open) {
  const newest = newestOf(chat);
  const unread = store.unread.get(chat.id) ?? 0;
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "chat-item", "aria-current": String(chat.id === store.chatId), dataset: { chat: chat.id }, onclick: () => open(chat.id) },
      face(chat),
      el("span", { class: "chat-item-name" }, nameOf(chat)),
      newest && whenOf(newest),
      el("span", { class: "chat-item-last" }, lastLine(chat)),
      unread > 0 && el("span", { class: "badge", "aria-label": `${unread} new` }, String(unread)),
    ),
  );
}

export function showChats(open) {
  list.replaceChildren(...[...store.chats.values()].map((chat) => item(chat, open)));
}
