// Speaks with the Telegram client that shows the page; without one it does nothing.
// The messages are those of Telegram's web app protocol: an event's type and its data as JSON.

(() => {
  const WEB = "https://web.telegram.org";
  const listeners = new Map();
  const isFramed = window.parent !== window;
  // Without a client anybody's link could carry their own data and log a browser in as them.
  const isClient = isFramed || Boolean(window.TelegramWebviewProxy) || Boolean(window.external && "notify" in window.external);
  const given = new URLSearchParams(isClient ? location.hash.slice(1) : "");
  const kept = (name) => {
    // A client gives its parameters once, in the first address; later pages find them here.
    if (given.get(name)) sessionStorage.setItem(name, given.get(name));
    return sessionStorage.getItem(name) ?? "";
  };
  const initData = isClient ? kept("tgWebAppData") : "";
  // The page's policy names who may frame it (`frame-ancestors`), so whoever does is a client.
  const host = (isFramed && window.location.ancestorOrigins?.[0]) || WEB;

  function post(eventType, eventData = {}) {
    const data = JSON.stringify(eventData);
    if (window.TelegramWebviewProxy) window.TelegramWebviewProxy.postEvent(eventType, data);
    else if (isFramed) window.parent.postMessage(JSON.stringify({ eventType, eventData }), host);
  }

  function receive(eventType, eventData) {
    for (const listener of listeners.get(eventType) ?? []) listener(eventData ?? {});
  }

  function on(eventType, listener) {
    listeners.set(eventType, [...(listeners.get(eventType) ?? []), listener]);
  }

  function applyTheme(colours) {
    const root = document.documentElement;
    const ground = colours.secondary_bg_color ?? colours.bg_color;
    if (!/^#[0-9a-f]{6}$/i.test(ground ?? "")) return;
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(ground.slice(at, at + 2), 16));
    root.dataset.theme = red * 0.299 + green * 0.587 + blue * 0.114 < 128 ? "dark" : "light";
    const names = { paper: ground, card: colours.section_bg_color ?? colours.bg_color, ink: colours.text_color, button: colours.button_color, "on-button": colours.button_text_color };
    for (const [name, colour] of Object.entries(names)) if (colour) root.style.setProperty(`--${name}`, colour);
    sessionStorage.setItem("tgWebAppThemeParams", JSON.stringify(colours));
  }

  function applyInsets(name, insets) {
    for (const side of ["top", "bottom", "left", "right"]) {
      if (Number.isFinite(insets[side])) document.documentElement.style.setProperty(`--${name}-${side}`, `${insets[side]}px`);
    }
  }

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.origin !== host || typeof event.data !== "string") return;
    try {
      const { eventType, eventData } = JSON.parse(event.data);
      receive(eventType, eventData);
    } catch { /* Another program's message. */ }
  });
  window.Telegram = { WebView: { receiveEvent: receive } };
  window.TelegramGameProxy = { receiveEvent: receive };
  on("theme_changed", ({ theme_params: colours }) => colours && applyTheme(colours));
  on("safe_area_changed", (insets) => applyInsets("device", insets));
  on("content_safe_area_changed", (insets) => applyInsets("content", insets));
  try {
    applyTheme(JSON.parse(kept("tgWebAppThemeParams") || "{}"));
  } catch { /* The page has colours of its own. */ }
  // Who closes the app in Telegram has left it.
  if (initData) document.documentElement.dataset.telegram = "";
  const LAUNCH = "kvittoLaunch";
  const isLaunch = given.has("tgWebAppData") && sessionStorage.getItem(LAUNCH) !== initData;
  // What is shown before the login may be another person's.
  if (isLaunch) document.documentElement.dataset.launching = "";
  window.kvitto = { post, on, initData, isLaunch, LAUNCH };
})();
