// Pictures and files waiting to be sent with the next message.

import { el } from "./dom.js";

const SHOWN_AS_PHOTO = new Set(["image/jpeg", "image/png", "image/webp"]);
const FILES_MAX = 10;

export class Attachments {
  constructor(onChange) {
    this.files = [];
    this.onChange = onChange;
    this.element = el("div", { class: "attachments", hidden: true });
    this.asFile = el("input", { type: "checkbox", id: "as-file" });
  }

  get isEmpty() {
    return this.files.length === 0;
  }

  /** Whether all of them can go as photos; HEIC, PDF and the like go as files. */
  get canBePhotos() {
    return this.files.every((file) => SHOWN_AS_PHOTO.has(file.type));
  }

  get sendAs() {
    return this.canBePhotos && !this.asFile.checked ? "photo" : "file";
  }

  add(files) {
    this.files = [...this.files, ...files].slice(0, FILES_MAX);
    this.show();
  }

  clear() {
    this.files = [];
    this.asFile.checked = false;
    this.show();
  }

  show() {
    for (const picture of this.element.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
    const shown = this.files.map((file, position) => el(
      "div",
      { class: "attachment", title: file.name },
      SHOWN_AS_PHOTO.has(file.type)
        ? el("img", { src: URL.createObjectURL(file), alt: file.name })
        : el("span", {}, (file.name.split(".").pop() ?? "file").toUpperCase()),
      el("button", { type: "button", "aria-label": `Leave out ${file.name}`, onclick: () => this.remove(position) }, "×"),
    ));
    const choice = el("label", { class: "as-file" }, this.asFile, "Send as file");
    this.element.replaceChildren(...shown, ...(this.canBePhotos ? [choice] : []));
    this.element.hidden = this.isEmpty;
    this.onChange();
  }

  remove(position) {
    this.files.splice(position, 1);
    this.show();
  }
}
