// The tray of pictures and files for the next message.
//
// Each file is checked when it is added. One that cannot be sent is marked and stays in the tray, so
// that it never holds back the others.

import { el, icon } from "./dom.js";
import { toast } from "./notices.js";

const SHOWN_AS_PHOTO = new Set(["image/jpeg", "image/png", "image/webp"]);
const FILES_MAX = 10;
const FILE_MEGABYTES_MAX = 50; // as the Bot API's own limit for a file

const isOfPhotoType = (file) => SHOWN_AS_PHOTO.has(file.type);

/** False for a folder, and for a file that was moved or deleted since it was chosen. */
async function isReadable(file) {
  return file.slice(0, 1).arrayBuffer().then(() => true, () => false);
}

async function opensAsPicture(file) {
  const picture = await createImageBitmap(file).catch(() => null);
  picture?.close();
  return picture !== null;
}

/** Returns why a file cannot be sent, and whether it could be as a plain file; null if it can. */
async function problemOf(file) {
  if (file.size > FILE_MEGABYTES_MAX * 1024 * 1024) {
    return { reason: `${file.name} is larger than ${FILE_MEGABYTES_MAX} MB`, canGoAsFile: false };
  }
  if (!await isReadable(file)) return { reason: `${file.name} cannot be read`, canGoAsFile: false };
  if (isOfPhotoType(file) && !await opensAsPicture(file)) return unopened(`${file.name} cannot be opened as a picture`);
  return null;
}

const unopened = (reason) => ({ reason, canGoAsFile: true });

class Attachment {
  constructor(file, onChecked) {
    this.file = file;
    this.address = null; // object URL of the picture, once it has been decoded
    this.onChecked = onChecked;
    this.check();
  }

  /** Looks at the file; `checked` resolves when that is done. */
  check() {
    this.problem = null;
    this.checked = problemOf(this.file).then((problem) => {
      this.problem = problem;
      if (!problem && isOfPhotoType(this.file)) this.address ??= URL.createObjectURL(this.file);
      this.onChecked();
    });
  }

  forget() {
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = null;
  }
}

export class Attachments {
  constructor(onChange, sendAsFile) {
    this.items = [];
    this.onChange = onChange;
    this.sendAsFile = sendAsFile;
    this.element = el("div", { class: "attachments", hidden: true });
    this.asFile = el("input", { type: "checkbox", id: "as-file" });
  }

  /** Those that go with the next message. */
  get ready() {
    return this.items.filter((item) => !item.problem);
  }

  get hasReady() {
    return this.ready.length > 0;
  }

  add(files) {
    const room = Math.max(0, FILES_MAX - this.items.length);
    const leftOut = files.length - room;
    if (leftOut > 0) toast(`At most ${FILES_MAX} at a time: ${leftOut} left out`, { isError: true });
    this.items.push(...files.slice(0, room).map((file) => new Attachment(file, () => this.show())));
    this.show();
  }

  /** Empties the tray but for what is marked; says what was in it and how it was to be sent. */
  take() {
    const taken = { items: this.ready, asFile: this.asFile.checked };
    this.items = this.items.filter((item) => item.problem);
    this.asFile.checked = false;
    this.show();
    return taken;
  }

  putBack(items) {
    this.items.unshift(...items);
    this.show();
  }

  /** Puts back what the server did not take, marked with its reason. */
  putBackRefused(item, reason) {
    item.forget();
    item.problem = unopened(reason);
    this.putBack([item]);
  }

  remove(item) {
    item.forget();
    this.items = this.items.filter((other) => other !== item);
    this.show();
  }

  show() {
    const choice = el("label", { class: "as-file" }, this.asFile, "Send as file");
    const hasChoice = this.hasReady && this.ready.every((item) => isOfPhotoType(item.file));
    const problems = this.items.filter((item) => item.problem).map((item) => this.problemRow(item));
    this.element.replaceChildren(...problems, ...this.ready.map((item) => this.tile(item)), ...(hasChoice ? [choice] : []));
    this.element.hidden = this.items.length === 0;
    this.onChange();
  }

  tile(item) {
    const { name } = item.file;
    return el(
      "div",
      { class: "attachment", title: name },
      item.address
        ? el("img", { src: item.address, alt: name })
        : el("span", {}, (name.split(".").pop() ?? "file").toUpperCase()),
      el("button", { type: "button", "aria-label": `Leave out ${name}`, onclick: () => this.remove(item) }, "×"),
    );
  }

  problemRow(item) {
    const { name } = item.file;
    const { reason, canGoAsFile } = item.problem;
    const asFile = { type: "button", class: "quiet-button", "aria-label": `Send ${name} as a file`, onclick: () => this.sendAsFile(item) };
    const remove = { type: "button", class: "quiet-button", "aria-label": `Remove ${name}`, onclick: () => this.remove(item) };
    return el(
      "div",
      { class: "attachment-problem", role: "alert" },
      icon("file"),
      el("p", {}, `${reason}.`),
      el("div", {}, canGoAsFile && el("button", asFile, "Send as file"), el("button", remove, "Remove")),
    );
  }
}

/** Returns how files are sent together: as photos only when every one is a photo type. */
export function waySent(items, asFile) {
  return !asFile && items.every((item) => isOfPhotoType(item.file)) ? "photo" : "file";
}
