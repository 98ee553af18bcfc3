// Opens Mini Apps in a panel, as Telegram's web client does: a frame in a sandbox, signed data in its
// address, and messages for the colours, the back button and the main button.

import { post } from "./api.js";
import { byId, el, icon } from "./dom.js";
import { fail } from "./notices.js";
import { chat, store, writer } from "./store.js";

// The permissions that Telegram's web client gives: no downloads, and no way to the page around it.
const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-forms allow-modals allow-storage-access-by-user-activation";

const panel = byId("mini-app");
let frame = null;
let buttons = {};

/** Returns this page's colours by the names of Telegram's theme parameters. */
function themeParams() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    bg_color: colour("--surface-raised"), secondary_bg_color: colour("--paper"), section_bg_color: colour("--surface-raised"),
    text_color: colour("--ink"), hint_color: colour("--ink-soft"), link_color: colour("--link"),
    button_color: colour("--accent"), button_text_color: colour("--accent-ink"),
  };
}

function tell(eventType, eventData = {}) {
  frame?.contentWindow.postMessage(JSON.stringify({ eventType, eventData }), new URL(frame.src).origin);
}

const INSETS = { top: 0, bottom: 0, left: 0, right: 0 };

const HEAR = {
  web_app_setup_back_button: ({ is_visible: isVisible }) => { buttons.back.hidden = !isVisible; },
  web_app_setup_main_button: ({ is_visible: isVisible, text }) => {
    buttons.main.hidden = !isVisible;
    buttons.main.textContent = text ?? "";
  },
  web_app_request_theme: () => tell("theme_changed", { theme_params: themeParams() }),
  web_app_request_safe_area: () => tell("safe_area_changed", INSETS),
  web_app_request_content_safe_area: () => tell("content_safe_area_changed", INSETS),
  web_app_close: close,
};

function close() {
  panel.close();
}

/** Opens the page of a button; without one the page of the menu button. */
export async function openMiniApp(url = store.bot.app_url) {
  try {
    const person = writer();
    const { address } = await post("mini_app", { chat_id: chat().id, user_id: person.id, url, theme: themeParams() });
    frame = el("iframe", { class: "mini-app-frame", title: `${store.bot.name} for ${person.name}`, sandbox: SANDBOX, src: address });
    buttons = {
      back: el("button", { type: "button", class: "icon-button", hidden: true, "aria-label": "Back in the Mini App", onclick: () => tell("back_button_pressed") }, icon("back")),
      main: el("button", { type: "button", class: "solid-button mini-app-main", hidden: true, onclick: () => tell("main_button_pressed") }),
      close: el("button", { type: "button", class: "icon-button", "aria-label": "Close the Mini App", onclick: close }, icon("close")),
    };
    const head = el("header", { class: "mini-app-head" }, buttons.back, el("b", {}, store.bot.name), buttons.close);
    panel.replaceChildren(head, frame, buttons.main);
    panel.showModal();
  } catch (error) {
    fail(error);
  }
}

/** Returns whether an address is one that Telegram opens in a panel. */
export function isMiniApp(button) {
  if (button.web_app) return true;
  const address = URL.parse?.(button.url ?? "") ?? null;
  return address?.hostname === "t.me" && address.pathname === `/${store.bot.username}` && address.searchParams.has("startapp");
}

export function showMenuButton() {
  byId("menu-button").hidden = !store.bot?.app_url || chat()?.kind !== "private";
  byId("menu-button").textContent = store.bot?.app_text ?? "";
}

export function setUpMiniApp() {
  byId("menu-button").addEventListener("click", () => openMiniApp());
  panel.addEventListener("close", () => {
    panel.replaceChildren();
    frame = null;
  });
  window.addEventListener("message", (event) => {
    if (event.source !== frame?.contentWindow || typeof event.data !== "string") return;
    try {
      const { eventType, eventData } = JSON.parse(event.data);
      HEAR[eventType]?.(eventData ?? {});
    } catch { /* Not a message of the protocol. */ }
  });
  new MutationObserver(() => tell("theme_changed", { theme_params: themeParams() }))
    .observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
