// Inline buttons below a message, and the reply keyboard below the field.

import { el } from "./dom.js";
import { isMiniApp, openMiniApp } from "./mini_app.js";
import { showAlert, toast } from "./notices.js";

const SAFE_LINK = /^(https?|tg):/i;
const WAIT_MILLISECONDS = 15000;

const waiting = new Map(); // query id → button
const early = new Map(); // query id → answer that came before the press was confirmed
let pressesOnTheWay = 0;

/** Runs a press; its button shows a wait until the answer comes, at most for 15 seconds. */
export async function runPress(button, press) {
  button.classList.add("is-waiting");
  pressesOnTheWay += 1;
  try {
    const { query_id: queryId } = await press();
    waiting.set(queryId, button);
    setTimeout(() => endWait(queryId), WAIT_MILLISECONDS);
    if (early.has(queryId)) onAnswer(early.get(queryId));
  } catch (error) {
    button.classList.remove("is-waiting");
    throw error;
  } finally {
    pressesOnTheWay -= 1;
    if (pressesOnTheWay === 0) early.clear();
  }
}

function endWait(queryId) {
  waiting.get(queryId)?.classList.remove("is-waiting");
  return waiting.delete(queryId);
}

/** Shows the bot's answer to a press of this page. */
export function onAnswer(event) {
  if (!endWait(event.query_id)) {
    if (pressesOnTheWay > 0) early.set(event.query_id, event);
  } else if (event.text) {
    if (event.is_alert) showAlert(event.text);
    else toast(event.text);
  }
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast("Copied");
}

function inlineButton(button, message, place, press) {
  if (isMiniApp(button)) {
    return el("button", { type: "button", class: "inline-button", onclick: () => openMiniApp(button.web_app?.url ?? button.url) }, button.text);
  }
  const address = button.url;
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

export function replyKeyboard(keyboard, say, sendPlace) {
  const rows = keyboard.keyboard.map((row) => el(
    "div",
    { class: "inline-row" },
    row.map((button) => el("button", { type: "button", class: "reply-button", onclick: () => (button.request_location ? sendPlace() : say(button.text)) }, button.text)),
  ));
  return el("div", { class: "reply-keyboard", role: "group", "aria-label": "Suggested answers" }, rows);
}
