// Rows of messages.

import { fileUrl } from "./api.js";
import { el, icon, iconButton } from "./dom.js";
import { formatText } from "./entities.js";
import { degreesOf, durationOf, initialsOf, momentOf, sizeOf, timeOf, tintOf } from "./format.js";
import { inlineKeyboard } from "./keyboards.js";
import { enlarge } from "./notices.js";
import { store } from "./store.js";

export const fullName = (from) => [from.first_name, from.last_name].filter(Boolean).join(" ");

/** Returns a service message as a sentence, or null for an ordinary one. */
export function serviceText(message) {
  const who = fullName(message.from);
  if (message.new_chat_members) {
    const names = message.new_chat_members.map(fullName).join(", ");
    return names === who ? `${who} joined` : `${who} added ${names}`;
  }
  if (message.left_chat_member) {
    const gone = fullName(message.left_chat_member);
    return gone === who ? `${who} left` : `${who} removed ${gone}`;
  }
  if (message.new_chat_title) return `${who} named the group “${message.new_chat_title}”`;
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return "The group became a supergroup";
  return null;
}

/** Returns the first line of a message, or the kind of its content. */
export function summaryOf(message) {
  const written = message.text ?? message.caption;
  if (written) return written.split("\n")[0];
  if (message.photo) return "Photo";
  if (message.document) return message.document.file_name ?? "File";
  if (message.voice) return `Voice note, ${durationOf(message.voice.duration)}`;
  if (message.location) return "Location";
  return serviceText(message) ?? "";
}

function quote(message, onJump) {
  const target = message.reply_to_message;
  if (!target) return null;
  return el(
    "button",
    { type: "button", class: "quote", onclick: () => onJump(target.message_id) },
    el("b", {}, fullName(target.from)),
    el("span", {}, summaryOf(target)),
  );
}

const PHOTO_WIDTH_MAX = 420;
const PHOTO_HEIGHT_MAX = 380;

/** Returns the size of a picture before it is loaded, so that the layout does not jump. */
function shownSize({ width, height }) {
  const scale = Math.min(1, PHOTO_WIDTH_MAX / width, PHOTO_HEIGHT_MAX / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

function photo(message) {
  if (!message.photo) return null;
  const largest = message.photo[message.photo.length - 1];
  const address = fileUrl(largest.file_id);
  const description = message.caption ? `Photo: ${summaryOf(message)}` : "Photo";
  const picture = el("img", { src: address, alt: description, ...shownSize(largest) });
  const more = message.caption ? "" : " is-alone";
  return el("button", { type: "button", class: `photo${more}`, onclick: () => enlarge(address, description) }, picture);
}

function file(message) {
  const sent = message.document;
  if (!sent) return null;
  const mark = sent.thumbnail ? el("img", { src: fileUrl(sent.thumbnail.file_id), alt: "" }) : icon("file");
  return el(
    "a",
    { class: "file", href: `${fileUrl(sent.file_id)}?save`, download: sent.file_name ?? "file" },
    el("span", { class: "file-mark" }, mark),
    el("span", {}, el("span", { class: "file-name" }, sent.file_name ?? "File"), el("br"), el("span", { class: "file-size" }, sizeOf(sent.file_size))),
  );
}

function voice(message) {
  if (!message.voice) return null;
  const label = summaryOf({ voice: message.voice });
  return el("audio", { class: "voice", src: fileUrl(message.voice.file_id), controls: true, preload: "metadata", "aria-label": label });
}

/** Shows a place without a map, because a map would load tiles from another server. */
function location(message) {
  if (!message.location) return null;
  return el("span", { class: "place" }, icon("place"), el("span", {}, el("b", {}, "Location"), el("br"), degreesOf(message.location)));
}

function meta(message) {
  const edited = message.edit_date ? "edited " : "";
  const at = new Date(message.date * 1000);
  return el("span", { class: "meta" }, edited, el("time", { dateTime: at.toISOString(), title: momentOf(message.date) }, timeOf(message.date)));
}

function body(message, handlers, showsAuthor) {
  const written = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities ?? [];
  const origin = message.forward_origin;
  return el(
    "div",
    { class: "bubble" },
    showsAuthor && el("div", { class: `author ${tintOf(message.sender_id)}` }, fullName(message.from)),
    origin && el("div", { class: "forwarded" }, `Forwarded from ${fullName(origin.sender_user)}`),
    quote(message, handlers.jump),
    photo(message),
    file(message),
    voice(message),
    location(message),
    written && el("span", { class: "text" }, formatText(written, entities, handlers.command)),
    meta(message),
  );
}

/** Tells whether a message has a text or caption that its author can change. */
export function isEditable(message) {
  const hasCaption = message.photo || message.document || message.voice;
  return !message.forward_origin && (message.text !== undefined || Boolean(hasCaption));
}

function actions(message, handlers, isMine) {
  return el(
    "div",
    { class: "actions" },
    iconButton("reply", "Reply", () => handlers.reply(message)),
    isMine && isEditable(message) && iconButton("edit", "Edit", () => handlers.edit(message)),
    (message.text ?? message.caption) && iconButton("copy", "Copy text", () => handlers.copy(message)),
    handlers.canDelete(message) && iconButton("delete", "Delete", () => handlers.remove(message)),
  );
}

/**
* Builds the row of a message. `look` tells whether it is the writer's own, follows one of the same
 * person, and shows names and faces; `handlers` are the functions of its actions.
 */
export function messageRow(message, look, handlers) {
  const keyboard = inlineKeyboard(message, handlers.press);
  const isBot = message.sender_id === store.bot.id;
  const face = look.hasFaces && !look.isMine
    && el("span", { class: `avatar ${isBot ? "" : tintOf(message.sender_id)}`, "aria-hidden": "true" },
      isBot ? el("img", { src: "/page/icon.svg", alt: "" }) : initialsOf(fullName(message.from)));
  const side = el(
    "div",
    { class: keyboard ? "bubble-side has-buttons" : "bubble-side" },
    body(message, handlers, look.showsAuthor),
    keyboard,
    message.shown_reactions?.length > 0 && el("span", { class: "reactions" }, message.shown_reactions.join(" ")),
  );
  const marks = ["row", look.isMine && "is-mine", look.isFollow && "is-follow", look.isCovered && "is-covered", look.isNew && "is-new"];
  return el("article", { class: marks.filter(Boolean).join(" "), tabIndex: -1, dataset: { id: message.message_id, sender: message.sender_id } }, face, side, actions(message, handlers, look.isMine));
}
