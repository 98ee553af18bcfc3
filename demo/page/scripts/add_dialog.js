// The dialog that adds a person or a group.

import { post } from "./api.js";
import { byId, el, iconButton } from "./dom.js";
import { fail } from "./notices.js";
import { store } from "./store.js";

const LANGUAGES = ["en", "de", "es", "fr", "it", "pt", "ru", "uk", "pl", "tr", "zh", "ja", "hi", "ar"];

const dialog = byId("add-dialog");
const names = new Intl.DisplayNames(["en"], { type: "language" });

function knownPeople() {
  const people = new Map();
  for (const chat of store.chats.values()) for (const person of chat.people) people.set(person.id, person);
  return [...people.values()];
}

function personForm() {
  const name = el("input", { type: "text", name: "name", required: true, maxLength: 64, autocomplete: "off" });
  const language = el("select", { name: "language" }, LANGUAGES.map((code) => el("option", { value: code }, names.of(code))));
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", {}, "Add a person"),
    el("label", {}, "Name", name),
    el("label", {}, "Language of their Telegram", language),
    el("div", { class: "add-actions" }, el("button", { class: "solid-button" }, "Add person")),
  );
  form.addEventListener("submit", () => post("people", { name: name.value, language_code: language.value }).catch(fail));
  return form;
}

function groupForm() {
  const title = el("input", { type: "text", name: "title", required: true, maxLength: 64, autocomplete: "off" });
  const boxes = knownPeople().map((person) => el("input", { type: "checkbox", value: person.id, checked: true }));
  const choice = boxes.map((box, position) => el("label", {}, box, knownPeople()[position].name));
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", {}, "Add a group"),
    el("label", {}, "Name of the group", title),
    el("fieldset", {}, el("legend", {}, "Who is in it"), choice),
    el("div", { class: "add-actions" }, el("button", { class: "solid-button" }, "Add group")),
  );
  form.addEventListener("submit", () => {
    const userIds = boxes.filter((box) => box.checked).map((box) => Number(box.value));
    post("groups", { title: title.value, user_ids: userIds }).catch(fail);
  });
  return form;
}

export function openAddDialog() {
  const close = iconButton("close", "Close", () => dialog.close(), "add-close");
  dialog.replaceChildren(personForm(), el("hr"), groupForm(), close);
  dialog.showModal();
}
