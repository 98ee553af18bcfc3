// The messages of the open chat.

import { messageRow, serviceText, summaryOf } from "./bubble.js";
import { post } from "./api.js";
import { byId, el } from "./dom.js";
import { dayOf, isSameDay } from "./format.js";
import { runPress } from "./keyboards.js";
import { confirm, fail, toast } from "./notices.js";
import { chat, now, store, writer } from "./store.js";
import { suggestionChips } from "./suggestions.js";

const NEAR_BOTTOM_PIXELS = 120;
const FOLLOW_SECONDS = 300;

const list = byId("messages");
const toBottom = byId("to-bottom");

let handlers = {};

export function setUpConversation(given) {
  handlers = { ...given, jump, press, copy, canDelete, remove };
  list.addEventListener("scroll", () => { toBottom.hidden = isNearBottom(); });
  toBottom.addEventListener("click", () => scrollToBottom());
  new ResizeObserver(() => { if (wasNearBottom) scrollToBottom(); }).observe(list);
}

let wasNearBottom = true;

function isNearBottom() {
  wasNearBottom = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_BOTTOM_PIXELS;
  return wasNearBottom;
}

export function scrollToBottom() {
  list.scrollTop = list.scrollHeight;
  toBottom.hidden = true;
  wasNearBottom = true;
}

function lookOf(message, before, isNew) {
  const open = chat();
  const isMine = message.sender_id === writer().id;
  const isFollow = Boolean(before) && !serviceText(before)
    && before.sender_id === message.sender_id
    && message.date - before.date < FOLLOW_SECONDS && isSameDay(before.date, message.date);
  const isGroup = open.kind !== "private";
  return { isMine, isFollow, isNew, hasFaces: isGroup, isCovered: isFollow, showsAuthor: isGroup && !isMine && !isFollow };
}

function nodesOf(message, before, isNew = false) {
  const nodes = [];
  if (!before || !isSameDay(before.date, message.date)) {
    nodes.push(el("div", { class: "day", dataset: { at: message.date } }, dayOf(message.date, now())));
  }
  const sentence = serviceText(message);
  nodes.push(sentence
    ? el("div", { class: "service", dataset: { id: message.message_id } }, sentence)
    : messageRow(message, lookOf(message, before, isNew), handlers));
  return nodes;
}

function welcome() {
  const text = store.description || "Type what you spent, or send a photo of a receipt.";
  return el("section", { class: "welcome" }, el("h2", {}, "What can this bot do?"), el("p", {}, text), suggestionChips(handlers.say));
}

export function showMessages() {
  const messages = chat()?.messages ?? [];
  const nodes = messages.flatMap((message, position) => nodesOf(message, messages[position - 1]));
  const isUntouched = !messages.some((message) => !serviceText(message));
  if (isUntouched) nodes.push(welcome());
  list.replaceChildren(...nodes);
  scrollToBottom();
}

/** Renames the days after the clock was moved. */
export function showDays() {
  for (const day of list.querySelectorAll(".day")) day.textContent = dayOf(Number(day.dataset.at), now());
}

export function appendMessage(message) {
  list.querySelector(".welcome")?.remove();
  const messages = chat().messages;
  const stays = isNearBottom() || message.sender_id === writer().id;
  list.append(...nodesOf(message, messages[messages.length - 2], true));
  if (stays) scrollToBottom();
  else toBottom.hidden = false;
}

function rowOf(messageId) {
  return list.querySelector(`[data-id="${Number(messageId)}"]`);
}

export function replaceMessage(message) {
  const row = rowOf(message.message_id);
  if (!row) return;
  const stays = isNearBottom();
  const messages = chat().messages;
  const at = messages.findIndex((other) => other.message_id === message.message_id);
  const focused = row.contains(document.activeElement);
  const fresh = nodesOf(message, messages[at - 1]).pop();
  row.replaceWith(fresh);
  if (focused) fresh.querySelector(".inline-button")?.focus();
  if (stays) scrollToBottom();
}

export function removeMessage(message) {
  rowOf(message.message_id)?.remove();
}

function jump(messageId) {
  const row = rowOf(messageId);
  if (!row) return;
  row.scrollIntoView({ block: "center", behavior: "smooth" });
  row.classList.add("is-found");
  setTimeout(() => row.classList.remove("is-found"), 1500);
}

async function press(message, place, button) {
  if (button.classList.contains("is-waiting")) return;
  const body = { chat_id: message.chat_id, message_id: message.message_id, user_id: writer().id, ...place };
  try {
    await runPress(button, () => post("press", body));
  } catch (error) {
    fail(error);
  }
}

/** In a private chat either side deletes anything; in a group members delete their own messages. */
function canDelete(message) {
  const open = chat();
  const me = writer().id;
  return open.kind === "private" || message.sender_id === me || open.admin_ids.includes(me);
}

async function remove(message) {
  const summary = summaryOf(message);
  if (!await confirm(`Delete “${summary.length > 60 ? `${summary.slice(0, 60)}…` : summary}”? Bots are not sentence.`, "Delete")) return;
  try {
    await post("delete", { chat_id: message.chat_id, message_id: message.message_id, user_id: writer().id });
  } catch (error) {
    fail(error);
  }
}

async function copy(message) {
  await navigator.clipboard.writeText(message.text ?? message.caption);
  toast("Copied");
}
