// Light or dark theme, as the system prefers until the person chooses.

import { byId, icon } from "./dom.js";

const KEY = "kvitto-demo-theme";
const root = document.documentElement;
const system = window.matchMedia("(prefers-color-scheme: dark)");

function apply() {
  const chosen = localStorage.getItem(KEY);
  root.dataset.theme = chosen ?? (system.matches ? "dark" : "light");
  byId("theme").replaceChildren(icon(root.dataset.theme === "dark" ? "sun" : "moon"));
}

export function setUpTheme() {
  apply();
  system.addEventListener("change", apply);
  byId("theme").addEventListener("click", () => {
    localStorage.setItem(KEY, root.dataset.theme === "dark" ? "light" : "dark");
    apply();
  });
}
