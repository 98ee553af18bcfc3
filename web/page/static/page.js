// Adds comfort to pages that work without it: Telegram's buttons, a cross-hair over a chart, the login.

const { post, on, initData, isLaunch, LAUNCH } = window.kvitto;
const LAST = "kvittoPlace";
const isInside = initData !== "";

function setUpClient() {
  if (!isInside) return;
  post("web_app_ready");
  post("web_app_expand");
  post("web_app_setup_swipe_behavior", { allow_vertical_swipe: false });
  post("web_app_request_safe_area");
  post("web_app_request_content_safe_area");
  const { parent } = document.body.dataset;
  post("web_app_setup_back_button", { is_visible: Boolean(parent) });
  on("back_button_pressed", () => location.assign(parent));
  const here = location.pathname + location.search;
  const last = location.hash.includes("tgWebAppData") ? findLast() : null;
  if (last && last !== here) location.replace(last);
  else sessionStorage.setItem(LAST, JSON.stringify({ initData, place: here }));
}

// A web client that loads its frame again begins at the first address; this is where it was. Another launch
// has other signed data and begins where its button leads.
function findLast() {
  const last = JSON.parse(sessionStorage.getItem(LAST) ?? "null");
  return last?.initData === initData ? last.place : null;
}

function setUpMainButton() {
  const form = document.querySelector("form[data-guards]");
  if (!form || !isInside) return;
  const show = (isVisible) => post("web_app_setup_main_button", { is_visible: isVisible, is_active: true, text: form.dataset.main });
  show(false);
  on("main_button_pressed", () => form.requestSubmit());
  form.addEventListener("input", () => {
    show(true);
    post("web_app_setup_closing_behavior", { need_confirmation: true });
  });
  form.addEventListener("submit", () => post("web_app_setup_closing_behavior", { need_confirmation: false }));
}

function setUpCross(figure) {
  const rows = [...document.querySelectorAll(`table[data-chart="${figure.dataset.cross}"] tbody tr`)];
  const svg = figure.querySelector("svg");
  if (rows.length < 2 || !svg) return;
  const line = document.createElement("i");
  const said = document.createElement("span");
  line.className = "cross";
  said.className = "said";
  const hide = () => { line.hidden = said.hidden = true; };
  hide();
  figure.append(line, said);
  const days = Number(figure.dataset.days);
  const step = Number(figure.dataset.step);
  figure.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, ((event.clientX - box.left) / box.width * 360 - 4) / 352));
    const row = Math.min(rows.length - 1, Math.round(share * (days - 1) / step));
    const x = (4 + 352 * row * step / (days - 1)) / 360 * box.width;
    said.textContent = [...rows[row].children].map((cell) => cell.textContent).join("  ");
    line.hidden = said.hidden = false;
    line.style.left = `${x}px`;
    said.style.left = `${Math.min(Math.max(0, x - said.offsetWidth / 2), box.width - said.offsetWidth)}px`;
  });
  figure.addEventListener("pointerleave", hide);
}

// Every launch logs in, also where a session is there already: it may be another person's.
async function logIn() {
  let reason = "failed";
  try {
    const answer = await fetch("/app/session", { method: "POST", headers: { Authorization: `tma ${initData}` }, credentials: "same-origin" });
    const told = await answer.json();
    if (answer.ok) {
      sessionStorage.setItem(LAUNCH, initData);
      const start = told.start_param && `/app/open?start=${encodeURIComponent(told.start_param)}`;
      // From `/app` the session of the person before may have led to a ledger that is not this person's.
      const wasLed = performance.getEntriesByType("navigation")[0]?.redirectCount > 0;
      location.replace(findLast() ?? (start || (wasLed ? "/app" : location.pathname + location.search)));
      return;
    }
    reason = told.code ?? reason;
  } catch { /* Said on the page that explains how to get in. */ }
  location.replace(`/app?refused=${encodeURIComponent(reason)}`);
}

const isRefused = new URLSearchParams(location.search).has("refused");
const isStranger = document.querySelector("[data-stranger]") !== null;
if (isInside && !isRefused && (isLaunch || isStranger)) {
  document.documentElement.dataset.launching = "";
  logIn();
} else {
  setUpClient();
  setUpMainButton();
  document.querySelectorAll("[data-cross]").forEach(setUpCross);
}
