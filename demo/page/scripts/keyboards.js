// Inline buttons below a message, and the reply keyboard below the field.

import { el } from "./dom.js";
import { toast } from "./notices.js";

const SAFE_LINK = /^(https?|tg):/i;
const WAIT_MILLISECONDS = 15000;

const waiting = new Map(); // query id → button

/** Marks a button as pressed until its answer comes, or for 15 seconds. */
export function awaitAnswer(button, queryId) {
  waiting.set(queryId, button);
  setTimeout(() => settle(queryId), WAIT_MILLISECONDS);
}

export function settle(queryId) {
  const button = waiting.get(queryId);
  waiting.delete(queryId);
  button?.classList.remove("is-waiting");
  return button !== undefined;
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast("Copied");
}

function inlineButton(button, message, place, press) {
  const address = button.url ?? button.web_app?.url;
  if (address && SAFE_LINK.test(address)) {
    return el("a", { class: "inline-button", href: address, target: "_blank", rel: "noopener noreferrer" }, button.text);
  }
  const shown = el("button", { type: "button", class: "inline-button" }, button.text);
  shown.addEventListener("click", () => {
    if (button.copy_text) copy(button.copy_text.text);
    else if (button.callback_data !== undefined) press(message, place, shown);
  });
  return shown;
}

export function inlineKeyboard(message, press) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  const group = el("div", { class: "inline-keyboard", role: "group", "aria-label": "Buttons of this message" });
  rows.forEach((row, rowNumber) => {
    const buttons = row.map((button, column) => inlineButton(button, message, { row: rowNumber, column }, press));
    group.append(el("div", { class: "inline-row" }, buttons));
  });
  return group;
}

export function replyKeyboard(keyboard, say) {
  const rows = keyboard.keyboard.map((row) => el(
    "div",
    { class: "inline-row" },
    row.map((button) => el("button", { type: "button", class: "reply-button", onclick: () => say(button.text) }, button.text)),
  ));
  return el("div", { class: "reply-keyboard", role: "group", "aria-label": "Suggested answers" }, rows);
}
