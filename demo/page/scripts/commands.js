// The menu of commands that opens at "/".

import { el } from "./dom.js";
import { chat, writer } from "./store.js";

export class CommandMenu {
  constructor(field, choose) {
    this.field = field;
    this.choose = choose;
    this.found = [];
    this.selected = 0;
    this.element = el("div", { class: "commands", id: "commands", role: "listbox", "aria-label": "Commands", hidden: true });
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-controls", "commands");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Opens with the commands that begin like what is typed; closes when there is none. */
  follow(text) {
    const match = /^\/([a-z0-9_]*)$/i.exec(text);
    const commands = chat()?.commands[writer().id] ?? [];
    this.found = match ? commands.filter((command) => command.command.startsWith(match[1].toLowerCase())) : [];
    this.selected = 0;
    this.show();
  }

  show() {
    this.element.hidden = this.found.length === 0;
    this.element.replaceChildren(...this.found.map((command, position) => el(
      "button",
      {
        type: "button", class: "command-option", id: `command-${position}`, role: "option", tabIndex: -1,
        "aria-selected": String(position === this.selected), onclick: () => this.take(position),
      },
      el("b", {}, `/${command.command}`),
      el("span", {}, command.description),
    )));
    this.field.setAttribute("aria-expanded", String(this.isOpen));
    if (this.isOpen) this.field.setAttribute("aria-activedescendant", `command-${this.selected}`);
    else this.field.removeAttribute("aria-activedescendant");
    this.element.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.found = [];
    this.show();
  }

  take(position) {
    const command = this.found[position];
    this.close();
    this.choose(command);
  }

  /** Handles a key while the menu is open; true when it was meant for the menu. */
  handle(event) {
    if (!this.isOpen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.selected = (this.selected + step + this.found.length) % this.found.length;
      this.show();
    } else if (event.key === "Enter" || event.key === "Tab") {
      const typed = this.field.value.slice(1).toLowerCase();
      // A complete command is sent unchanged.
      if (event.key === "Enter" && this.found.some((command) => command.command === typed)) {
        this.close();
        return false;
      }
      this.take(this.selected);
    } else if (event.key === "Escape") {
      this.close();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }
}
