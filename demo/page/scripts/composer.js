// The composer: text, attachments, replies, edits, the writer and keyboards.

import { post, upload } from "./api.js";
import { Attachments, waySent } from "./attachments.js";
import { fullName, isEditable, summaryOf } from "./bubble.js";
import { CommandMenu } from "./commands.js";
import { byId, el, icon, iconButton } from "./dom.js";
import { replyKeyboard } from "./keyboards.js";
import { fail } from "./notices.js";
import { Recorder } from "./recorder.js";
import { chat, store, writer } from "./store.js";
import { PLACES } from "./suggestions.js";

const root = byId("composer");

const field = el("textarea", { id: "composer-text", rows: 1, placeholder: "Message", "aria-label": "Message", maxLength: 4096, dir: "auto" });
const send = el("button", { type: "button", class: "icon-button send", "aria-label": "Send", onclick: () => submit() }, icon("send"));
const picker = el("input", { type: "file", multiple: true, hidden: true, id: "picker" });
const attach = iconButton("attach", "Attach a photo or file", () => picker.click());
const slash = iconButton("slash", "Commands", () => openCommands());
const context = el("div", { class: "context", hidden: true });
const people = el("fieldset", { class: "people", hidden: true });
const keyboardPlace = el("div");
const attachments = new Attachments(refresh, sendAsFile);
const recorder = new Recorder(sendVoice, refresh);
const menu = new CommandMenu(field, chooseCommand);

let onWriterChange = () => {};

export function setUpComposer(changed) {
  onWriterChange = changed;
  root.append(menu.element, people, context, attachments.element, el("div", { class: "field" }, attach, slash, recorder.status, field, recorder.button, send), keyboardPlace, picker);
  field.addEventListener("input", () => { menu.follow(field.value); refresh(); });
  field.addEventListener("keydown", onKey);
  field.addEventListener("paste", onPaste);
  picker.addEventListener("change", () => { attachments.add([...picker.files]); picker.value = ""; field.focus(); });
}

function refresh() {
  const isEmpty = field.value.trim() === "" && !attachments.hasReady && !store.editing;
  // As in the apps, the microphone replaces the send button while the field is empty.
  recorder.button.hidden = recorder.isRecording || !isEmpty || !recorder.isPossible;
  send.hidden = recorder.isRecording || !recorder.button.hidden;
  send.disabled = field.value.trim() === "" && !attachments.hasReady && !canBeEmptied(store.editing);
  field.hidden = attach.hidden = slash.hidden = recorder.isRecording;
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 180)}px`;
  field.placeholder = attachments.hasReady ? "Caption" : chat()?.keyboard?.input_field_placeholder ?? "Message";
}

/** Tells whether an edit may leave nothing: a caption may be removed, a text may not. */
function canBeEmptied(message) {
  return Boolean(message) && message.text === undefined;
}

/** Shows the composer of the open chat. */
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
  keyboardPlace.replaceChildren(...(keyboard ? [replyKeyboard(keyboard, sayFromKeyboard, sendPlaceFromKeyboard)] : []));
  refresh();
}

function closeOneTimeKeyboard() {
  if (!chat().keyboard?.one_time_keyboard) return;
  chat().keyboard = null;
  showKeyboard();
}

function sayFromKeyboard(text) {
  closeOneTimeKeyboard();
  say(text);
}

function sendPlaceFromKeyboard() {
  closeOneTimeKeyboard();
  sendPlace(PLACES[0]);
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
    const own = chat().messages.filter((message) => message.sender_id === writer().id && isEditable(message));
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

/** Sends a text as the person who writes in this chat. */
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

/** Sends files without a caption. */
export async function sendFiles(files, as) {
  try {
    const refused = await upload({ chat_id: store.chatId, user_id: writer().id, reply_to: takeReply(), as }, files);
    for (const reason of refused.values()) fail(new Error(reason));
  } catch (error) {
    fail(error);
  }
}

/** Sends a voice note. */
async function sendVoice(file, seconds) {
  try {
    const place = { chat_id: store.chatId, user_id: writer().id, reply_to: takeReply() };
    await upload({ ...place, as: "voice", duration: seconds }, [file]);
  } catch (error) {
    fail(error);
  }
}

/** Sends a place. */
export async function sendPlace({ latitude, longitude }) {
  try {
    await post("location", { chat_id: store.chatId, user_id: writer().id, reply_to: takeReply(), latitude, longitude });
  } catch (error) {
    fail(error);
  }
}

/** Ends a reply to, or an edit of, a message that was deleted meanwhile. */
export function forgetMessage(message) {
  const inHand = store.editing ?? store.replyTo;
  if (inHand?.chat_id === message.chat_id && inHand.message_id === message.message_id) stopContext();
}

/** Sends one file of the tray unchanged. */
async function sendAsFile(item) {
  attachments.remove(item);
  field.focus();
  try {
    await upload({ chat_id: store.chatId, user_id: writer().id, as: "file" }, [item.file]);
  } catch (error) {
    fail(error);
    attachments.putBack([item]);
  }
}

/**
* Empties the field before the server has answered, because text typed meanwhile is the next
 * message. Only what failed is put back.
 */
async function submit() {
  const text = field.value.trim();
  const { editing, replyTo, chatId } = store;
  if (text === "" && (editing ? !canBeEmptied(editing) : !attachments.hasReady)) return;
  menu.close();
  const place = { chat_id: chatId, user_id: writer().id, reply_to: replyTo?.message_id };
  const taken = editing ? null : attachments.take();
  clear();
  try {
    if (editing) await post("edit", { chat_id: editing.chat_id, user_id: place.user_id, message_id: editing.message_id, text });
    else await sendTaken(taken, place, text);
  } catch (error) {
    fail(error);
    giveBack(text, { editing, replyTo, chatId });
  }
}

/** Sends the files of the tray with the text as caption, or the text alone if no file can go. */
async function sendTaken({ items, asFile }, place, text) {
  await Promise.all(items.map((item) => item.checked));
  attachments.putBack(items.filter((item) => item.problem));
  const good = items.filter((item) => !item.problem);
  const sentCount = good.length > 0 ? await uploadTaken(good, { ...place, as: waySent(good, asFile), caption: text }) : 0;
  if (sentCount === 0 && text !== "") await post("say", { ...place, text });
}

async function uploadTaken(items, fields) {
  try {
    const refused = await upload(fields, items.map((item) => item.file));
    for (const [position, reason] of refused) attachments.putBackRefused(items[position], reason);
    items.filter((item) => !item.problem).forEach((item) => item.forget());
    return items.length - refused.size;
  } catch (error) {
    attachments.putBack(items);
    for (const item of items) item.check(); // a file that was deleted from the disk would fail them all again
    throw error;
  }
}

/** Puts an unsent text back into its field or draft, unless another text is there now. */
function giveBack(text, { editing, replyTo, chatId }) {
  if (chatId !== store.chatId) {
    if (!editing && !store.drafts.get(chatId)) store.drafts.set(chatId, text);
  } else if (field.value === "") {
    field.value = text;
    store.editing = editing;
    store.replyTo = replyTo;
    showContext();
    refresh();
  }
}

function clear() {
  field.value = "";
  store.drafts.delete(store.chatId);
  store.editing = null;
  store.replyTo = null;
  showContext();
  refresh();
}
