// Records a voice note with the browser's microphone.

import { el, iconButton } from "./dom.js";
import { durationOf } from "./format.js";
import { fail } from "./notices.js";

// Telegram's apps record OGG with Opus; Chromium only offers WebM with Opus.
const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const TICK_MILLISECONDS = 250;

export class Recorder {
  /** `send` gets the file and its length in seconds; `onChange` is called when recording starts or ends. */
  constructor(send, onChange) {
    this.send = send;
    this.onChange = onChange;
    this.recording = null;
    this.startedAt = 0;
    this.button = iconButton("microphone", "Record your voice", () => this.start(), "record");
    this.length = el("span", { role: "timer" });
    this.status = el(
      "div",
      { class: "recording", hidden: true },
      el("span", { class: "recording-dot" }),
      this.length,
      el("button", { type: "button", class: "quiet-button", onclick: () => this.finish(false) }, "Cancel"),
      el("button", { type: "button", class: "solid-button", onclick: () => this.finish(true) }, "Send voice note"),
    );
  }

  /** Whether this browser can record at all. */
  get isPossible() {
    return Boolean(navigator.mediaDevices && window.MediaRecorder);
  }

  get isRecording() {
    return this.recording !== null;
  }

  get seconds() {
    return Math.max(1, Math.round((performance.now() - this.startedAt) / 1000));
  }

  async start() {
    if (this.isRecording) return;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
      this.recording = new MediaRecorder(stream, { mimeType });
    } catch {
      fail(new Error("The microphone cannot be used. Allow it in the browser, or connect one."));
      return;
    }
    this.recording.start();
    this.startedAt = performance.now();
    this.show();
  }

  show() {
    this.status.hidden = !this.isRecording;
    this.onChange();
    clearInterval(this.ticking);
    if (!this.isRecording) return;
    const tick = () => { this.length.textContent = durationOf(Math.floor((performance.now() - this.startedAt) / 1000)); };
    tick();
    this.ticking = setInterval(tick, TICK_MILLISECONDS);
  }

  /** Ends the recording and releases the microphone; sends the note when it is wanted. */
  finish(isWanted) {
    const { recording, seconds } = this;
    if (!recording) return;
    this.recording = null;
    recording.addEventListener("dataavailable", ({ data }) => {
      const type = recording.mimeType.split(";")[0];
      if (isWanted) this.send(new File([data], "voice", { type }), seconds);
    });
    recording.stop();
    for (const track of recording.stream.getTracks()) track.stop();
    this.show();
  }
}
