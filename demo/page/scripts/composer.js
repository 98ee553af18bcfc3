// Writing a message: text, attachments, replies, edits, who writes, keyboards.

import { post, upload } from "./api.js";
import { Attachments } from "./attachments.js";
import { fullName, summaryOf } from "./bubble.js";
import { CommandMenu } from "./commands.js";
import { byId, el, icon, iconButton } from "./dom.js";
import { replyKeyboard } from "./keyboards.js";
import { fail } from "./notices.js";
import { chat, store, writer } from "./store.js";

const root = byId("composer");

const field = el("textarea", { id: "composer-text", rows: 1, placeholder: "Message", "aria-label": "Message", maxLength: 4096, dir: "auto" });
const send = el("button", { type: "button", class: "icon-button send", "aria-label": "Send", onclick: () => submit() }, icon("send"));
const picker = el("input", { type: "file", multiple: true, hidden: true, id: "picker" });
const attach = iconButton("attach", "Attach a photo or file", () => picker.click());
const slash = iconButton("slash", "Commands", () => openCommands());
const context = el("div", { class: "context", hidden: true });
const people = el("fieldset", { class: "people", hidden: true });
const keyboardPlace = el("div");
const attachments = new Attachments(refresh);
const menu = new CommandMenu(field, chooseCommand);

let onWriterChange = () => {};

export function setUpComposer(changed) {
  onWriterChange = changed;
  root.append(menu.element, people, context, attachments.element, el("div", { class: "field" }, attach, slash, field, send), keyboardPlace, picker);
  field.addEventListener("input", () => { menu.follow(field.value); refresh(); });
  field.addEventListener("keydown", onKey);
  field.addEventListener("paste", onPaste);
  picker.addEventListener("change", () => { attachments.add([...picker.files]); picker.value = ""; field.focus(); });
}

function refresh() {
  send.disabled = field.value.trim() === "" && attachments.isEmpty;
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 180)}px`;
  field.placeholder = attachments.isEmpty ? chat()?.keyboard?.input_field_placeholder ?? "Message" : "Caption";
}

/** Shows the writing place of the chat that is open. */
export function showComposer() {
  field.value = store.drafts.get(store.chatId) ?? "";
  menu.close();
  showPeople();
  showContext();
  showKeyboard();
  refresh();
}

export function keepDraft() {
  if (store.chatId !== null && !store.editing) store.drafts.set(store.chatId, field.value);
}

export function focusComposer() {
  field.focus();
}

function showPeople() {
  const open = chat();
  people.hidden = !open || open.people.length < 2;
  if (people.hidden) return;
  const chosen = writer().id;
  const choices = open.people.map((person) => el(
    "label",
    {},
    el("input", { type: "radio", name: "writer", value: person.id, checked: person.id === chosen, onchange: () => choose(person) }),
    person.name,
  ));
  people.replaceChildren(el("span", {}, "Writing as"), el("span", { class: "people-choice" }, choices));
}

function choose(person) {
  store.writers.set(store.chatId, person.id);
  onWriterChange();
}

export function showKeyboard() {
  const keyboard = chat()?.keyboard;
  keyboardPlace.replaceChildren(...(keyboard ? [replyKeyboard(keyboard, sayFromKeyboard)] : []));
  refresh();
}

function sayFromKeyboard(text) {
  const keyboard = chat().keyboard;
  if (keyboard?.one_time_keyboard) {
    chat().keyboard = null;
    showKeyboard();
  }
  say(text);
}

export function startReply(message) {
  store.replyTo = message;
  store.editing = null;
  showContext();
  field.focus();
}

export function startEdit(message) {
  keepDraft();
  store.editing = message;
  store.replyTo = null;
  field.value = message.text ?? message.caption ?? "";
  showContext();
  refresh();
  field.focus();
}

function stopContext() {
  if (store.editing) field.value = store.drafts.get(store.chatId) ?? "";
  store.editing = null;
  store.replyTo = null;
  showContext();
  refresh();
}

function showContext() {
  const message = store.editing ?? store.replyTo;
  context.hidden = !message;
  if (!message) return;
  const title = store.editing ? "Edit message" : `Reply to ${fullName(message.from)}`;
  context.replaceChildren(el("div", {}, el("b", {}, title), el("span", {}, summaryOf(message))), iconButton("close", "Cancel", stopContext));
}

export function offer(files) {
  attachments.add(files);
  field.focus();
}

function onPaste(event) {
  const files = [...event.clipboardData.files];
  if (!files.length) return;
  event.preventDefault();
  attachments.add(files);
}

function onKey(event) {
  if (menu.handle(event)) return;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  } else if (event.key === "Escape") {
    stopContext();
  } else if (event.key === "ArrowUp" && field.value === "") {
    const own = chat().messages.filter((message) => message.sender_id === writer().id && (message.text ?? message.caption));
    if (own.length) {
      event.preventDefault();
      startEdit(own[own.length - 1]);
    }
  }
}

function openCommands() {
  if (!field.value.startsWith("/")) field.value = "/";
  field.focus();
  menu.follow(field.value);
  refresh();
}

function chooseCommand(command) {
  field.value = `/${command.command} `;
  field.focus();
  refresh();
}

/** Sends a text right away, as the person who writes in this chat. */
export async function say(text) {
  try {
    await post("say", { chat_id: store.chatId, user_id: writer().id, text, reply_to: takeReply() });
  } catch (error) {
    fail(error);
  }
}

function takeReply() {
  const target = store.replyTo?.message_id;
  store.replyTo = null;
  showContext();
  return target;
}

/** Sends files right away, without a caption. */
export async function sendFiles(files, as) {
  try {
    await upload({ chat_id: store.chatId, user_id: writer().id, as }, files);
  } catch (error) {
    fail(error);
  }
}

/** Empties the field before the server has answered: what is typed meanwhile is the next message. */
async function submit() {
  const text = field.value.trim();
  if (text === "" && attachments.isEmpty) return;
  menu.close();
  const { editing, replyTo, chatId } = store;
  const who = { chat_id: chatId, user_id: writer().id };
  const files = attachments.files;
  const as = attachments.sendAs;
  clear();
  try {
    if (editing) await post("edit", { chat_id: editing.chat_id, message_id: editing.message_id, text });
    else if (files.length === 0) await post("say", { ...who, text, reply_to: replyTo?.message_id });
    else await upload({ ...who, as, caption: text, reply_to: replyTo?.message_id }, files);
  } catch (error) {
    fail(error);
    if (field.value === "") field.value = text;
    if (files.length) attachments.add(files);
    refresh();
  }
}

function clear() {
  field.value = "";
  store.drafts.delete(store.chatId);
  store.editing = null;
  store.replyTo = null;
  attachments.clear();
  showContext();
  refresh();
}
