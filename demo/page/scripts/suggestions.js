// Messages and places to try.

import { el } from "./dom.js";

export const SUGGESTIONS = ["coffee 4.50", "taxi 12 yesterday; lunch 9", "+1200 salary", "/summary month", "/budget food 400"];

/** Places in different time zones; Delhi has a half-hour offset, Sydney southern summer time. */
export const PLACES = [
  { name: "Berlin", latitude: 52.52, longitude: 13.405 },
  { name: "New York", latitude: 40.7128, longitude: -74.006 },
  { name: "Delhi", latitude: 28.6139, longitude: 77.209 },
  { name: "Sydney", latitude: -33.8688, longitude: 151.2093 },
];

export function placeChips(send) {
  const chips = PLACES.map((place) => el("button", { type: "button", class: "chip", onclick: () => send(place) }, place.name));
  return el("div", { class: "chips" }, chips);
}

export function suggestionChips(say) {
  const chips = SUGGESTIONS.map((text) => el("button", { type: "button", class: "chip", onclick: () => say(text) }, text));
  return el("div", { class: "chips" }, chips);
}
