"""Parse `parse_mode=HTML` into plain text and entities, or an error in td's words.

Offsets in errors are bytes of the markup in UTF-8; offsets of entities are UTF-16 units of the
text, as the Bot API has them.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field

from demo.botapi.errors import bad_request
from demo.botapi.formatting.markup_reader import MarkupReader
from demo.botapi.world import JsonObject

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,8})|#[xX]([0-9a-fA-F]{1,8}));?")
_SURROGATES = range(0xD800, 0xE000)
_SPACE = re.compile(r"\s*")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_LINK = re.compile(r"(?:(?:https?|tg|ton|tonsite)://|mailto:)?[^\s/]+\.?[^\s]*", re.IGNORECASE)


def unescape(text: str) -> str:
    """Replace the four named references and the numeric ones; keep every other `&`."""
    return _REFERENCE.sub(_decode, text) if "&" in text else text


def _decode(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if code in _SURROGATES:
        raise bad_request(
            "can't parse entities: Text contains invalid Unicode characters after decoding HTML "
            "entities, check for unmatched surrogate code units"
        )
    return chr(code) if 0 < code <= sys.maxunicode else match.group()


@dataclass(slots=True)
class _OpenTag:
    name: str
    offset: int
    argument: str
    text_start: int


@dataclass(slots=True)
class _Reader(MarkupReader):
    open_tags: list[_OpenTag] = field(default_factory=list)

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Skip the match of a pattern at this position and return it; may be empty."""
        start = self.position
        if match := pattern.match(self.markup, start):
            self.position = match.end()
        return self.markup[start : self.position]

    @property
    def here(self) -> str:
        return self.markup[self.position : self.position + 1]


def parse_html(markup: str) -> tuple[str, list[JsonObject]]:
    """Return the plain text and entities of HTML markup.

    Raises:
        ApiError: Telegram would refuse the markup.
    """
    reader = _Reader(markup)
    while True:
        start = markup.find("<", reader.position)
        if start < 0:
            reader.add_text(unescape(markup[reader.position :]))
            break
        if start > reader.position:
            reader.add_text(unescape(markup[reader.position : start]))
        reader.position = start + 1
        if reader.here == "/":
            _read_end_tag(reader, start)
        else:
            _read_start_tag(reader, start)
    if reader.open_tags:
        name = reader.open_tags[-1].name
        raise bad_request(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{name}\""
        )
    return "".join(reader.pieces), reader.entities


def _read_start_tag(reader: _Reader, start: int) -> None:
    name = reader.skip(_TAG_NAME).lower()
    if not reader.here:
        raise reader.fail("Unclosed start tag", start)
    if name not in _TAGS:
        raise reader.fail(f'Unsupported start tag "{name}"', start)
    argument = ""
    while True:
        reader.skip(_SPACE)
        if reader.here == ">":
            reader.position += 1
            break
        attribute, value = _read_attribute(reader, name, start)
        argument = _argument_of(name, attribute, value) or argument
    # Telegram knows a span only as a spoiler, and a custom emoji only by its id.
    if name == "span" and argument != "tg-spoiler":
        raise reader.fail('Tag "span" must have class "tg-spoiler"', start)
    if name == "tg-emoji" and not argument:
        raise reader.fail('Tag "tg-emoji" must have attribute "emoji-id"', start)
    reader.open_tags.append(_OpenTag(name, reader.length, argument, len(reader.pieces)))


def _read_attribute(reader: _Reader, tag: str, start: int) -> tuple[str, str]:
    if not reader.here:
        raise reader.fail(f'Unclosed start tag "{tag}"', start)
    name = reader.skip(_ATTRIBUTE_NAME)
    if not name:
        raise reader.fail(f'Empty attribute name in the tag "{tag}"', start)
    reader.skip(_SPACE)
    if reader.here != "=":
        return name.lower(), ""
    reader.position += 1
    reader.skip(_SPACE)
    quote = reader.here
    if not quote:
        raise reader.fail(f'Unclosed start tag "{tag}"', start)
    if quote in "'\"":
        end = reader.markup.find(quote, reader.position + 1)
        if end < 0:
            raise reader.fail("Unclosed start tag", start)
        value = unescape(reader.markup[reader.position + 1 : end])
        reader.position = end + 1
        return name.lower(), value
    # An unquoted value is a token, which Telegram reads in lower case.
    value_start = reader.position
    value = reader.skip(_TOKEN)
    if not reader.here or reader.here not in " \t\r\n>":
        raise reader.fail("Unexpected end of name token", value_start)
    return name.lower(), value.lower()


def _argument_of(tag: str, attribute: str, value: str) -> str:
    match tag, attribute:
        case "a", "href":
            return value
        case "code", "class" if value.startswith("language-"):
            return value.removeprefix("language-")
        case "span", "class":
            return value
        case "tg-emoji", "emoji-id":
            return value
        case "blockquote", "expandable":
            return "expandable"
    return ""


def _read_end_tag(reader: _Reader, start: int) -> None:
    if not reader.open_tags:
        raise reader.fail("Unexpected end tag", start)
    reader.position += 1
    name = reader.skip(_TAG_NAME).lower()
    reader.skip(_SPACE)
    if reader.here != ">":
        raise reader.fail("Unclosed end tag", start)
    reader.position += 1
    tag = reader.open_tags.pop()
    if name and name != tag.name:
        found = f', expected "</{tag.name}>", found "</{name}>"'
        raise reader.fail("Unmatched end tag", start, found)
    # An entity around no text would be refused by the apps, so Telegram drops it.
    length = reader.length - tag.offset
    if length > 0 and (entity := _entity_of(reader, tag)):
        reader.entities.append({**entity, "offset": tag.offset, "length": length})


def _entity_of(reader: _Reader, tag: _OpenTag) -> JsonObject | None:
    match tag.name:
        case "a":
            # A link without an address takes its own text as the address.
            url = tag.argument or "".join(reader.pieces[tag.text_start :])
            return {"type": "text_link", "url": link} if (link := check_link(url)) else None
        case "tg-emoji":
            return {"type": "custom_emoji", "custom_emoji_id": tag.argument}
        case "blockquote" if tag.argument:
            return {"type": "expandable_blockquote"}
        case "code" if tag.argument and reader.open_tags and reader.open_tags[-1].name == "pre":
            # <pre><code class="language-…"> is one `pre` entity with a language.
            reader.open_tags[-1].argument = tag.argument
            return None
        case "pre" if tag.argument:
            return {"type": "pre", "language": tag.argument}
    return {"type": _TAGS[tag.name]}


def check_link(url: str) -> str | None:
    """Return an address as Telegram stores it, with `http://` and a path; None for a bad one."""
    url = url.strip()
    if not url or not _LINK.fullmatch(url) or ("." not in url and "://" not in url):
        return None
    if "://" not in url and not url.startswith("mailto:"):
        url = f"http://{url}"
    is_bare_host = url.startswith("http") and url.count("/") == 2  # noqa: PLR2004 - scheme only
    return f"{url}/" if is_bare_host else url
