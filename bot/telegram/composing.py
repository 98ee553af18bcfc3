"""Turn messages of the outbox into calls of the Bot API, without network or clock.

A message's payload is what `storage` keeps of a `Reply`: `text` (Telegram HTML), `buttons` (rows of
`{label, data | url | web_app}`), `attachment` (`{blob_key, file_name, as_photo}`), `keeps_picture` when an edit
is about a caption, `silent` when it makes no sound, and `line` (`{text, label, data}`) when the confirmation may be joined with others.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ports.outbox import OutboxMessage

TEXT_MAX = 4096
CAPTION_MAX = 1024
"""UTF-16 units after entities."""
JOINED_MAX = 50
"""Lines of one joined message; Telegram shows at most 100 buttons."""
_TAG = re.compile(r"<[^>]*>")
_FIELD = "file"


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A file of the blob store that goes with a call."""

    blob_key: str
    name: str
    as_photo: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One call: a method of the Bot API, its parameters, and maybe a file."""

    method: str
    payload: dict[str, Any]
    file: FileToSend | None = None


def compose(outbox_message: OutboxMessage) -> Call:
    """Return the call that carries a message out."""
    if outbox_message.method == "delete" and outbox_message.target_id is not None:
        return Call(
            "deleteMessage",
            {"chat_id": outbox_message.chat_id, "message_id": outbox_message.target_id},
        )
    if outbox_message.method == "edit" and outbox_message.target_id is not None:
        return _compose_edit(outbox_message)
    return compose_anew(outbox_message)


def compose_anew(outbox_message: OutboxMessage) -> Call:
    """Return the call that sends a message as a message of its own, edit or not."""
    payload = _frame(outbox_message)
    text = _text(outbox_message)
    if outbox_message.reply_to is not None:
        payload["reply_parameters"] = {
            "message_id": outbox_message.reply_to,
            "allow_sending_without_reply": True,
        }
    if _is_silent(outbox_message):
        payload["disable_notification"] = True
    file = _file(outbox_message)
    if file is None:
        payload |= {"text": text, "parse_mode": "HTML", **_NO_PREVIEW}
        return Call("sendMessage", payload)
    if text and visible_length(text) <= CAPTION_MAX:
        payload |= {"caption": text, "parse_mode": "HTML"}
    return Call("sendPhoto" if file.as_photo else "sendDocument", payload, file)


def text_beside(outbox_message: OutboxMessage) -> Call | None:
    """Return the call for a text that is too long to be its file's caption."""
    text = _text(outbox_message)
    if _file(outbox_message) is None or visible_length(text) <= CAPTION_MAX:
        return None
    return Call(
        "sendMessage", {**_frame(outbox_message), "text": text, "parse_mode": "HTML", **_NO_PREVIEW}
    )


def count_joinable(messages: Sequence[OutboxMessage]) -> int:
    """Return how many messages from the first on fit into one message; 1 when none may be joined."""
    length = count = 0
    for outbox_message in messages[:JOINED_MAX]:
        line = outbox_message.payload.get("line")
        if (
            outbox_message.method != "send"
            or outbox_message.target_id is not None
            or not isinstance(line, dict)
        ):
            break
        length += visible_length(str(line["text"])) + 1
        if length > TEXT_MAX:
            break
        count += 1
    return max(count, 1)


def compose_joined(messages: Sequence[OutboxMessage]) -> Call:
    """Return one message for several confirmations: a line each, and a button each."""
    lines = [_line(outbox_message) for outbox_message in messages]
    keyboard = [
        [{"text": line["label"], "callback_data": line["data"]}] for line in lines if "data" in line
    ]
    payload: dict[str, Any] = {
        "chat_id": messages[0].chat_id,
        "text": "\n".join(str(line["text"]) for line in lines),
        "parse_mode": "HTML",
        **_NO_PREVIEW,
    }
    if all(_is_silent(outbox_message) for outbox_message in messages):
        payload["disable_notification"] = True
    if keyboard:
        payload["reply_markup"] = {"inline_keyboard": keyboard}
    return Call("sendMessage", payload)


def as_caption(call: Call) -> Call:
    """Return the edit of a text as the edit of the caption of a message with a file."""
    payload = {k: v for k, v in call.payload.items() if k not in {"text", *_NO_PREVIEW}}
    return Call("editMessageCaption", {**payload, "caption": call.payload["text"]})


def as_plain(call: Call) -> Call:
    """Return the call without markup, cut to what Telegram takes."""
    payload = {k: v for k, v in call.payload.items() if k != "parse_mode"}
    for name, most in (("text", TEXT_MAX), ("caption", CAPTION_MAX)):
        if name in payload:
            payload[name] = _cut(html.unescape(_TAG.sub("", payload[name])), most)
    return replace(call, payload=payload)


def without_buttons(call: Call) -> Call:
    """Return the call without its keyboard."""
    return replace(call, payload={k: v for k, v in call.payload.items() if k != "reply_markup"})


def as_document(call: Call) -> Call:
    """Return the sending of a photo as that of a document."""
    assert call.file is not None
    return replace(call, method="sendDocument", file=replace(call.file, as_photo=False))


def without_file(call: Call) -> Call:
    """Return a call with the same text without its file."""
    payload = dict(call.payload)
    text = payload.pop("caption", "") or "…"
    return Call("sendMessage", {**payload, "text": text, **_NO_PREVIEW})


def with_file_id(call: Call, file_id: str) -> Call:
    """Return the call with a file that Telegram has already."""
    assert call.file is not None
    if call.method == "editMessageMedia":
        media = {**call.payload["media"], "media": file_id}
        return Call(call.method, {**call.payload, "media": media})
    field = "photo" if call.method == "sendPhoto" else "document"
    return Call(call.method, {**call.payload, field: file_id})


def upload_field(call: Call) -> str:
    """Return the form field in which the call's file travels."""
    if call.method == "editMessageMedia":
        return _FIELD
    return "photo" if call.method == "sendPhoto" else "document"


def file_id_in(answer: Mapping[str, Any]) -> str | None:
    """Return the id under which Telegram keeps the file of a message that was sent."""
    sizes = answer.get("photo")
    if isinstance(sizes, list) and sizes:
        return str(sizes[-1]["file_id"])
    document = answer.get("document")
    return str(document["file_id"]) if isinstance(document, dict) else None


def visible_length(text: str) -> int:
    """Return the UTF-16 units of an HTML text that count for Telegram's limits."""
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub("", text))
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


_NO_PREVIEW: dict[str, Any] = {"link_preview_options": {"is_disabled": True}}


def _compose_edit(outbox_message: OutboxMessage) -> Call:
    payload = {**_frame(outbox_message), "message_id": outbox_message.target_id}
    text = _text(outbox_message)
    file = _file(outbox_message)
    if file is None:
        call = Call(
            "editMessageText", {**payload, "text": text, "parse_mode": "HTML", **_NO_PREVIEW}
        )
        return as_caption(call) if outbox_message.payload.get("keeps_picture") else call
    payload["media"] = {
        "type": "photo" if file.as_photo else "document",
        "media": f"attach://{_FIELD}",
        "caption": text if visible_length(text) <= CAPTION_MAX else "",
        "parse_mode": "HTML",
    }
    return Call("editMessageMedia", payload, file)


def _frame(outbox_message: OutboxMessage) -> dict[str, Any]:
    """Return the parameters of every call of a message, the chat and the buttons."""
    payload: dict[str, Any] = {"chat_id": outbox_message.chat_id}
    rows = outbox_message.payload.get("buttons")
    if isinstance(rows, list) and rows:
        payload["reply_markup"] = {
            "inline_keyboard": [[_button(b) for b in row] for row in rows if isinstance(row, list)]
        }
    return payload


def _button(button: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    if button.get("web_app"):
        return {"text": button["label"], "web_app": {"url": button["web_app"]}}
    if button.get("url"):
        return {"text": button["label"], "url": button["url"]}
    return {"text": button["label"], "callback_data": button["data"]}


def _is_silent(outbox_message: OutboxMessage) -> bool:
    is_quiet = outbox_message.method == "edit" or outbox_message.kind == "card"
    return is_quiet or bool(outbox_message.payload.get("silent"))


def _text(outbox_message: OutboxMessage) -> str:
    return str(outbox_message.payload.get("text") or "")


def _file(outbox_message: OutboxMessage) -> FileToSend | None:
    held = outbox_message.payload.get("attachment")
    if not isinstance(held, dict):
        return None
    return FileToSend(str(held["blob_key"]), str(held["file_name"]), bool(held.get("as_photo")))


def _line(outbox_message: OutboxMessage) -> dict[str, Any]:
    line = outbox_message.payload["line"]
    assert isinstance(line, dict)
    return line


def _cut(text: str, units: int) -> str:
    """Cut to UTF-16 units without tearing a character apart."""
    data = text.encode("utf-16-le")
    return data[: units * 2].decode("utf-16-le", "ignore")
