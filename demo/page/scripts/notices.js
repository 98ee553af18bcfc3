// Toasts, alerts, questions and the enlarged picture.

import { byId, el } from "./dom.js";

const TOAST_MILLISECONDS = 3600;

export function toast(text, { isError = false } = {}) {
  const shown = el("div", { class: isError ? "toast is-error" : "toast" }, text);
  byId("toasts").append(shown);
  setTimeout(() => shown.remove(), TOAST_MILLISECONDS);
}

export function fail(error) {
  toast(error.message || "That did not work.", { isError: true });
}

export function showAlert(text) {
  const dialog = byId("alert");
  const close = el("button", { type: "button", class: "solid-button", onclick: () => dialog.close() }, "OK");
  dialog.replaceChildren(el("p", {}, text), close);
  dialog.showModal();
}

/** Asks a question with two buttons; resolves to whether the person agreed. */
export function confirm(text, agreement) {
  const dialog = byId("alert");
  return new Promise((resolve) => {
    const button = (label, value, look) => el("button", { type: "button", class: look, onclick: () => dialog.close(value) }, label);
    const buttons = el("div", { class: "alert-buttons" }, button("Cancel", "", "quiet-button"), button(agreement, "yes", "solid-button"));
    dialog.replaceChildren(el("p", {}, text), buttons);
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

export function enlarge(address, description) {
  const dialog = byId("lightbox");
  dialog.replaceChildren(el("img", { src: address, alt: description, onclick: () => dialog.close() }));
  dialog.onclick = () => dialog.close();
  dialog.showModal();
}
