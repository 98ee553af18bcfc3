// First messages to try.

import { el } from "./dom.js";

export const SUGGESTIONS = ["coffee 4.50", "taxi 12 yesterday; lunch 9", "+1200 salary", "/summary month", "/budget food 400"];

export function suggestionChips(say) {
  const chips = SUGGESTIONS.map((text) => el("button", { type: "button", class: "chip", onclick: () => say(text) }, text));
  return el("div", { class: "chips" }, chips);
}
