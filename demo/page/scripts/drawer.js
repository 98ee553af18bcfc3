// The drawer "Things to try": sample receipts, the clock, sentences and places.

import { fetchSample, post } from "./api.js";
import { byId, el, iconButton } from "./dom.js";
import { aheadOf, shortDayOf, timeOf } from "./format.js";
import { fail } from "./notices.js";
import { now, store } from "./store.js";
import { placeChips, suggestionChips } from "./suggestions.js";

const HOUR = 3600;
const DAY = 24 * HOUR;

const drawer = byId("drawer");
const app = byId("app");
const scrim = byId("scrim");
const face = el("div", { class: "clock-face" });

/** Data type of a dragged sample; its value is the file's name. */
export const SAMPLE_DRAG = "application/x-kvitto-sample";

function sampleButton(sample, send) {
  return el(
    "button",
    {
      type: "button", class: "sample", title: sample.title, draggable: true,
      onclick: () => send(sample),
      ondragstart: (event) => event.dataTransfer.setData(SAMPLE_DRAG, sample.file),
    },
    el("span", { class: "sample-picture" }, el("img", { src: `/demo/samples/${sample.preview}`, alt: "" }), sample.as === "file" && el("span", { class: "sample-kind" }, sample.label)),
    el("span", { class: "sample-name" }, sample.title),
  );
}

/** Returns the seconds until a minute after the weekly summary (Sunday 18:00 UTC) or the recap (the 1st, 9:00 UTC). */
function secondsUntil(goal) {
  const at = new Date(now() * 1000);
  const then = new Date(at);
  if (goal === "sunday") {
    then.setUTCDate(at.getUTCDate() + ((7 - at.getUTCDay()) % 7));
    then.setUTCHours(18, 1, 0, 0);
    if (then <= at) then.setUTCDate(then.getUTCDate() + 7);
  } else {
    then.setUTCMonth(at.getUTCMonth() + 1, 1);
    then.setUTCHours(9, 1, 0, 0);
  }
  return Math.round((then - at) / 1000);
}

function clockSteps() {
  const steps = [
    ["+1 hour", () => HOUR],
    ["+1 day", () => DAY],
    ["Next Sunday", () => secondsUntil("sunday")],
    ["Next month", () => secondsUntil("month")],
  ];
  const buttons = steps.map(([label, seconds]) => el("button", { type: "button", class: "chip", onclick: () => move(seconds()) }, label));
  const back = el("button", { type: "button", class: "chip", onclick: () => move(-store.clock.ahead) }, "Back to real time");
  return el("div", { class: "clock-steps" }, buttons, back);
}

async function move(seconds) {
  try {
    await post("clock", { seconds });
  } catch (error) {
    fail(error);
  }
}

export function showClock() {
  const ahead = aheadOf(store.clock.ahead);
  face.replaceChildren(el("b", {}, timeOf(now())), el("span", {}, shortDayOf(now()), ahead && ` · ${ahead}`));
  byId("clock-day").textContent = `${shortDayOf(now())}, `;
  byId("clock-time").textContent = timeOf(now());
  byId("clock-ahead").textContent = ahead;
  byId("clock-ahead").hidden = ahead === "";
}

// One note for devices that can drag a sample, one for those that cannot; the style sheet chooses.
const receiptNote = [
  el("span", { class: "where-dragged" }, "Click one, or drag it into the chat."),
  el("span", { class: "where-tapped" }, "Tap one. For a receipt of your own, tap the clip."),
];

function section(title, note, ...content) {
  return el("section", {}, el("h3", {}, title), el("p", {}, note), content);
}

export function showDrawer({ say, send, sendPlace }) {
  const sendSample = async (sample) => {
    closeWhereItCovers();
    await send([await fetchSample(sample)], sample.as);
  };
  drawer.replaceChildren(
    el("div", { class: "drawer-head" }, el("h2", {}, "Things to try"), iconButton("close", "Close", () => toggleDrawer(false))),
    section("Send a receipt", receiptNote, el("div", { class: "samples" }, store.samples.map((sample) => sampleButton(sample, sendSample)))),
    section("Move the clock", "The weekly summary comes on Sunday evening, the recap with a new month.", face, clockSteps()),
    section("Write something", "Sent at once.", suggestionChips((text) => { closeWhereItCovers(); say(text); })),
    section("Send a location", "A place in another time zone.", placeChips((place) => { closeWhereItCovers(); sendPlace(place); })),
  );
  showClock();
}

const isWide = () => window.matchMedia("(min-width: 1140px)").matches;

export function toggleDrawer(isOpen = app.classList.contains("is-drawer-closed")) {
  app.classList.toggle("is-drawer-closed", !isOpen);
  scrim.hidden = !isOpen || isWide();
}

function closeWhereItCovers() {
  if (!isWide()) toggleDrawer(false);
}

export function setUpDrawer() {
  toggleDrawer(isWide());
  scrim.addEventListener("click", () => toggleDrawer(false));
  byId("clock-chip").addEventListener("click", () => {
    toggleDrawer(true);
    face.scrollIntoView({ block: "center" });
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeWhereItCovers());
  window.addEventListener("resize", () => { if (isWide()) scrim.hidden = true; });
  setInterval(showClock, 1000);
}
