// Formatted text. Only the Bot API's entities become elements; all else stays text.

import { el } from "./dom.js";

const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", blockquote: "blockquote", expandable_blockquote: "blockquote" };
const SAFE_LINK = /^(https?:|mailto:|tel:|tg:)/i;

/** Letters of code that fit on a line of the narrowest phone. */
const UNBROKEN_CODE_MAX = 24;

function code(text, inner) {
  const isShort = text.length <= UNBROKEN_CODE_MAX && !text.includes("\n");
  return el("code", { class: isShort && "is-unbroken" }, inner);
}

function link(address, inner) {
  const target = SAFE_LINK.test(address) ? address : `https://${address}`;
  return el("a", { href: target, target: "_blank", rel: "noopener noreferrer" }, inner);
}

function spoiler(inner) {
  const span = el("span", { class: "spoiler", tabIndex: 0, role: "button", "aria-label": "Hidden text, press to show" }, inner);
  const open = () => span.classList.add("is-open");
  span.addEventListener("click", open);
  span.addEventListener("keydown", (event) => event.key === "Enter" && open());
  return span;
}

function wrap(entity, text, inner, onCommand) {
  if (PLAIN[entity.type]) return el(PLAIN[entity.type], {}, inner);
  switch (entity.type) {
    case "code":
      return code(text, inner);
    case "pre":
      return el("pre", {}, el("code", {}, inner));
    case "spoiler":
      return spoiler(inner);
    case "text_link":
      return link(entity.url, inner);
    case "url":
      return link(text, inner);
    case "email":
      return link(`mailto:${text}`, inner);
    case "bot_command":
      return el("button", { type: "button", class: "command", onclick: () => onCommand(text) }, inner);
    default:
      return el("span", {}, inner);
  }
}

/** Removes the line breaks next to blocks, which already begin and end a line. */
function withoutDoubleBreaks(nodes) {
  const isBlock = (node) => node?.nodeName === "PRE" || node?.nodeName === "BLOCKQUOTE";
  nodes.forEach((node, position) => {
    if (node.nodeType !== Node.TEXT_NODE) return;
    if (isBlock(nodes[position - 1])) node.data = node.data.replace(/^\n/, "");
    if (isBlock(nodes[position + 1])) node.data = node.data.replace(/\n$/, "");
  });
  return nodes;
}

/**
* Returns the text with its entities as nodes. Entities nest or follow each other; a partial
 * overlap, which Telegram never sends, is cut where the outer entity ends.
 */
export function formatText(text, entities = [], onCommand = () => {}) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  let next = 0;

  function build(start, end) {
    const nodes = [];
    let position = start;
    while (next < sorted.length && sorted[next].offset < end) {
      const entity = sorted[next];
      next += 1;
      const from = Math.max(entity.offset, position);
      const to = Math.min(entity.offset + entity.length, end);
      if (to <= from) continue;
      if (from > position) nodes.push(document.createTextNode(text.slice(position, from)));
      nodes.push(wrap(entity, text.slice(from, to), build(from, to), onCommand));
      position = to;
    }
    if (position < end) nodes.push(document.createTextNode(text.slice(position, end)));
    return nodes;
  }

  return withoutDoubleBreaks(build(0, text.length));
}
