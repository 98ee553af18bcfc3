"""Parse `parse_mode=MarkdownV2` and the older `Markdown`, with td's errors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from demo.botapi.formatting.markup_reader import MarkupReader
from demo.botapi.formatting.parse_html import check_link
from demo.botapi.world import JsonObject

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_MARKS = {
    "*": ("bold", "Bold"),
    "_": ("italic", "Italic"),
    "__": ("underline", "Underline"),
    "~": ("strikethrough", "Strikethrough"),
    "||": ("spoiler", "Spoiler"),
}
_LANGUAGE = re.compile(r"[^\s`]+")
_EMOJI_URL = re.compile(r"tg:(?://)?emoji\?id=(\d+)")


@dataclass(slots=True)
class _OpenMark:
    mark: str
    offset: int
    at: int


@dataclass(slots=True)
class _Reader(MarkupReader):
    stack: list[_OpenMark] = field(default_factory=list)
    quote: JsonObject | None = None

    def sees(self, text: str) -> bool:
        return self.markup.startswith(text, self.position)

    def add_entity(self, offset: int, **fields: str) -> None:
        if self.length > offset:
            self.entities.append({**fields, "offset": offset, "length": self.length - offset})


def parse_markdown_v2(markup: str) -> tuple[str, list[JsonObject]]:
    """Return the plain text and entities of MarkdownV2 markup.

    Raises:
        ApiError: Telegram would refuse the markup.
    """
    reader = _Reader(markup)
    is_line_start = True
    while reader.position < len(markup):
        if is_line_start and _read_quote_mark(reader):
            is_line_start = False
            continue
        is_line_start = markup[reader.position] == "\n"
        _read_piece(reader)
    if reader.stack:
        last = reader.stack[-1]
        name = "CustomEmoji" if last.mark == "![" else "TextUrl" if last.mark == "[" else None
        raise reader.fail(f"Can't find end of {name or _MARKS[last.mark][1]} entity", last.at)
    _close_quote(reader)
    return "".join(reader.pieces), reader.entities


def _read_piece(reader: _Reader) -> None:
    character = reader.markup[reader.position]
    following = reader.markup[reader.position + 1 : reader.position + 2]
    if character == "\\" and following and ord(following) < 127:  # noqa: PLR2004 - ASCII
        reader.add_text(following)
        reader.position += 2
    elif character not in _RESERVED:
        reader.add_text(character)
        reader.position += 1
    elif character == "`":
        _read_code(reader)
    elif character == "[" or reader.sees("!["):
        mark = "[" if character == "[" else "!["
        reader.stack.append(_OpenMark(mark, reader.length, reader.position))
        reader.position += len(mark)
    elif character == "]" and reader.stack and reader.stack[-1].mark in ("[", "!["):
        _close_link(reader)
    elif mark := _mark_here(reader):
        _toggle(reader, mark)
    else:
        raise reader.fail(
            f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
        )


def _mark_here(reader: _Reader) -> str:
    if reader.sees("__"):
        # In `_italic __underline___` the first mark of the three closes the italic text.
        is_italic_inside = bool(reader.stack) and reader.stack[-1].mark == "_"
        return "_" if is_italic_inside and reader.sees("___") else "__"
    for mark in ("||", "*", "_", "~"):
        if reader.sees(mark):
            return mark
    return ""


def _toggle(reader: _Reader, mark: str) -> None:
    # At the end of a quote `||` makes it expandable; elsewhere it begins a spoiler.
    if mark == "||" and reader.quote and _ends_quote(reader):
        reader.quote["type"] = "expandable_blockquote"
        reader.position += 2
        return
    if reader.stack and reader.stack[-1].mark == mark:
        opened = reader.stack.pop()
        reader.add_entity(opened.offset, type=_MARKS[mark][0])
    else:
        reader.stack.append(_OpenMark(mark, reader.length, reader.position))
    reader.position += len(mark)


def _ends_quote(reader: _Reader) -> bool:
    is_spoiler_open = any(opened.mark == "||" for opened in reader.stack)
    following = reader.markup[reader.position + 2 : reader.position + 3]
    return not is_spoiler_open and following in ("", "\n")


def _read_code(reader: _Reader) -> None:
    start = reader.position
    fence = "```" if reader.sees("```") else "`"
    kind = "Pre" if fence == "```" else "Code"
    reader.position += len(fence)
    language = ""
    # A word after the fence is a language only when more than the closing fence follows.
    if kind == "Pre" and (match := _LANGUAGE.match(reader.markup, reader.position)):
        language = match.group()
        if match.end() < len(reader.markup) and reader.markup[match.end()] != "`":
            kind = "PreCode"
            reader.position = match.end() + reader.markup.startswith("\n", match.end())
        else:
            language = ""
    offset = reader.length
    while not reader.sees(fence):
        if reader.position >= len(reader.markup):
            raise reader.fail(f"Can't find end of {kind} entity", start)
        if reader.sees("\\") and reader.position + 1 < len(reader.markup):
            reader.position += 1
        reader.add_text(reader.markup[reader.position])
        reader.position += 1
    reader.position += len(fence)
    fields = {"type": "code"} if fence == "`" else {"type": "pre"}
    reader.add_entity(offset, **fields, **({"language": language} if language else {}))


def _close_link(reader: _Reader) -> None:
    opened = reader.stack.pop()
    reader.position += 1
    url = ""
    if reader.sees("("):
        url_at = reader.position
        end = _find_url_end(reader, url_at + 1)
        if end < 0:
            what = "a custom emoji URL" if opened.mark == "![" else "a URL"
            raise reader.fail(f"Can't find end of {what}", url_at)
        url = re.sub(r"\\(.)", r"\1", reader.markup[url_at + 1 : end])
        reader.position = end + 1
    if opened.mark == "![":
        match = _EMOJI_URL.fullmatch(url)
        if match is None:
            raise reader.fail("Custom emoji entity must contain a tg://emoji URL")
        reader.add_entity(opened.offset, type="custom_emoji", custom_emoji_id=match.group(1))
    # A bad address is not an error: the text stays and the link is dropped.
    elif link := check_link(url):
        reader.add_entity(opened.offset, type="text_link", url=link)


def _find_url_end(reader: _Reader, position: int) -> int:
    while position < len(reader.markup):
        if reader.markup[position] == "\\":
            position += 1
        elif reader.markup[position] == ")":
            return position
        position += 1
    return -1


def _read_quote_mark(reader: _Reader) -> bool:
    """Begin, continue or end a quote at the start of a line."""
    is_expandable = reader.sees("**>")
    if not (is_expandable or reader.sees(">")):
        _close_quote(reader)
        return False
    # `**>` always begins a new quote, `>` continues the open one.
    if is_expandable or reader.quote is None:
        _close_quote(reader)
        kind = "expandable_blockquote" if is_expandable else "blockquote"
        reader.quote = {"type": kind, "offset": reader.length}
    reader.position += 3 if is_expandable else 1
    return True


def _close_quote(reader: _Reader) -> None:
    quote, reader.quote = reader.quote, None
    if quote and reader.length > quote["offset"]:
        reader.entities.append({**quote, "length": reader.length - quote["offset"]})


def parse_markdown(markup: str) -> tuple[str, list[JsonObject]]:
    """Return the plain text and entities of the older Markdown, whose marks do not nest.

    Raises:
        ApiError: A mark is not closed.
    """
    reader = _Reader(markup)
    while reader.position < len(markup):
        character = markup[reader.position]
        following = markup[reader.position + 1 : reader.position + 2]
        if character == "\\" and following and following in "_*`[":
            reader.add_text(following)
            reader.position += 2
        elif character in "_*`[":
            _read_old_entity(reader, character)
        else:
            reader.add_text(character)
            reader.position += 1
    return "".join(reader.pieces), reader.entities


def _read_old_entity(reader: _Reader, mark: str) -> None:
    start = reader.position
    opening = "```" if reader.sees("```") else mark
    closing = "]" if mark == "[" else opening
    end = reader.markup.find(closing, start + len(opening))
    if end < 0:
        raise reader.fail("Can't find end of the entity starting", start)
    offset = reader.length
    reader.add_text(reader.markup[start + len(opening) : end])
    reader.position = end + len(closing)
    kinds = {"*": "bold", "_": "italic", "`": "code", "```": "pre"}
    if mark != "[":
        reader.add_entity(offset, type=kinds[opening])
        return
    if reader.sees("("):
        url_end = reader.markup.find(")", reader.position)
        if url_end < 0:
            raise reader.fail("Can't find end of the entity starting", start)
        if link := check_link(reader.markup[reader.position + 1 : url_end]):
            reader.add_entity(offset, type="text_link", url=link)
        reader.position = url_end + 1
