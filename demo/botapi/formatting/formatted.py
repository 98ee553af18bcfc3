"""Read the text of a request, with its parse mode or entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from demo.botapi.errors import bad_request
from demo.botapi.formatting.detect import detect_entities
from demo.botapi.formatting.parse_html import check_link, parse_html
from demo.botapi.formatting.parse_markdown import parse_markdown, parse_markdown_v2
from demo.botapi.formatting.utf16 import utf16_length
from demo.botapi.requests.params import Params
from demo.botapi.world import JsonObject

TEXT_MAX = 4096
"""Longest text in UTF-16 units, after entities are parsed."""

CAPTION_MAX = 1024
"""Longest caption in UTF-16 units, after entities are parsed."""

ENTITIES_MAX = 100

_PARSERS = {"html": parse_html, "markdownv2": parse_markdown_v2, "markdown": parse_markdown}
_PLAIN_TYPES = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "date_time",
    ]
)
_FIELD_OF = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id"}
_CODE = frozenset({"code", "pre"})


@dataclass(frozen=True, slots=True)
class Formatted:
    """Plain text and its entities."""

    text: str
    entities: list[JsonObject]


def read_text(params: Params) -> Formatted:
    """Return the `text` of a message.

    Raises:
        ApiError: It is empty, too long or not well-formed.
    """
    raw = params.text("text")
    if not raw:
        raise bad_request("message text is empty")
    formatted = _read(raw, params.text("parse_mode"), params.decoded("entities", "entities"))
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if utf16_length(formatted.text) > TEXT_MAX:
        raise bad_request("message is too long")
    return formatted


def read_caption(values: Params) -> Formatted:
    """Return the `caption` of a photo or file; may be empty.

    Raises:
        ApiError: It is too long or not well-formed.
    """
    entities = values.decoded("caption_entities", "caption entities")
    formatted = _read(values.text("caption"), values.text("parse_mode"), entities)
    if utf16_length(formatted.text) > CAPTION_MAX:
        raise bad_request("message caption is too long")
    return formatted


def format_own(text: str) -> Formatted:
    """Format a person's text, whose entities Telegram detects."""
    return Formatted(text, detect_entities(text))


def _read(raw: str, parse_mode: str, given: Any) -> Formatted:  # noqa: ANN401 - JSON
    # Telegram cleans the text before it counts offsets.
    raw = raw.replace("\r", "").replace("\x00", " ")
    mode = parse_mode.strip().lower()
    if mode and mode != "none":
        parser = _PARSERS.get(mode)
        if parser is None:
            raise bad_request("unsupported parse_mode")
        text, entities = parser(raw)
    else:
        text, entities = raw, _check_entities(given, raw)
    text, entities = _trim(text, entities)
    entities += _detect_elsewhere(text, entities)
    # Outer entities come before the ones inside them.
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(text, entities[:ENTITIES_MAX])


def _check_entities(given: Any, text: str) -> list[JsonObject]:  # noqa: ANN401 - JSON
    if given is None:
        return []
    if not isinstance(given, list):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    length = utf16_length(text)
    return [_check_entity(entity, length) for entity in given]


def _check_entity(entity: Any, text_length: int) -> JsonObject:  # noqa: ANN401 - JSON
    if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
        raise bad_request("can't parse MessageEntity: object expected")
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request("can't parse MessageEntity: offset and length must be Numbers")
    if offset < 0 or length < 0:
        raise bad_request(f"receive an entity with incorrect offset {offset} or length {length}")
    if offset + length > text_length:
        raise bad_request("entity ends after the end of the text")
    kind = entity["type"]
    if kind == "text_link":
        url = check_link(str(entity.get("url", "")))
        if url is None:
            raise bad_request(f"entity URL '{entity.get('url', '')}' is invalid: Wrong HTTP URL")
        return {"type": kind, "offset": offset, "length": length, "url": url}
    if kind in _FIELD_OF:
        name = _FIELD_OF[kind]
        return {"type": kind, "offset": offset, "length": length, name: entity.get(name)}
    if kind not in _PLAIN_TYPES and kind != "pre":
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    more = {key: entity[key] for key in ("language",) if entity.get(key)}
    return {"type": kind, "offset": offset, "length": length, **more}


def _trim(text: str, entities: list[JsonObject]) -> tuple[str, list[JsonObject]]:
    trimmed = text.rstrip()
    start = len(trimmed) - len(trimmed.lstrip())
    # Leading space that an entity covers stays, because its offset counts from there.
    if start and entities:
        start = min(start, *(entity["offset"] for entity in entities))
    trimmed = trimmed[start:]
    if len(trimmed) == len(text) or not entities:
        return trimmed, entities
    end = utf16_length(trimmed)
    kept = []
    for entity in entities:
        offset = entity["offset"] - start
        length = min(entity["length"], end - offset)
        if length > 0:
            kept.append({**entity, "offset": offset, "length": length})
    return trimmed, kept


def _detect_elsewhere(text: str, entities: list[JsonObject]) -> list[JsonObject]:
    """Return the detected entities outside of code and links."""
    taken = [e for e in entities if e["type"] in _CODE or e["type"] == "text_link"]
    return [
        found
        for found in detect_entities(text)
        if not any(
            found["offset"] < e["offset"] + e["length"]
            and e["offset"] < found["offset"] + found["length"]
            for e in taken
        )
        and not any(e["offset"] == found["offset"] and e["type"] == found["type"] for e in entities)
    ]
