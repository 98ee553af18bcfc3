// Files and samples dragged into the conversation.

import { fetchSample } from "./api.js";
import { byId } from "./dom.js";
import { SAMPLE_DRAG } from "./drawer.js";
import { store } from "./store.js";

const place = byId("conversation");
const hint = byId("drop-hint");

function isWelcome(event) {
  return [...event.dataTransfer.types].some((type) => type === "Files" || type === SAMPLE_DRAG);
}

export function setUpDropping(offer) {
  let depth = 0;
  const show = (change) => {
    depth = Math.max(0, depth + change);
    hint.hidden = depth === 0;
  };
  place.addEventListener("dragenter", (event) => isWelcome(event) && show(1));
  place.addEventListener("dragleave", (event) => isWelcome(event) && show(-1));
  place.addEventListener("dragover", (event) => isWelcome(event) && event.preventDefault());
  place.addEventListener("drop", async (event) => {
    if (!isWelcome(event)) return;
    event.preventDefault();
    show(-depth);
    const named = event.dataTransfer.getData(SAMPLE_DRAG);
    const sample = store.samples.find((other) => other.file === named);
    offer(sample ? [await fetchSample(sample)] : [...event.dataTransfer.files]);
  });
}
