"""Read annotations next to the note: `#tags`, `@person`, `[Category]`, `#food`, `:food`, `food`."""

from __future__ import annotations

from functools import lru_cache

from ledger.text.lines.characters import fold
from ledger.text.lines.line import NUMBER, SIGN, SPACELESS_WORD, WORD, Annotation, TextLine


def read_annotations(line: TextLine) -> None:
    """Claim every annotation of a line. The bare name of a category is found later, in its entry."""
    names = category_names(line.context.chat.categories)
    _read_list_number(line)
    for at, token in enumerate(line.tokens):
        if token.kind != SIGN or line.owners[at]:
            continue
        if token.key == "[" and names:
            _read_bracket(line, at, names)
        elif token.key == "#" and (token.space or not line.is_word(at - 1)):
            _read_tag(line, at, names)
        elif token.key == "@" and token.space:
            _read_person(line, at)
        elif token.key == ":" and token.space and names:
            _read_colon(line, at, names)


def _read_list_number(line: TextLine) -> None:
    """Claim the `1)` of a numbered list."""
    numbered = len(line.tokens) > 2 and line.tokens[0].kind == NUMBER and len(line.key(0)) <= 2
    if numbered and line.is_sign(1, ")") and line.touches(1):
        line.claim(0, 2, "annotation")


@lru_cache(maxsize=256)
def category_names(categories: tuple[str, ...]) -> dict[str, str]:
    """Return every name folded -> as the chat spells it."""
    return {" ".join(fold(name).split()): name for name in categories}


def find_name(line: TextLine, start: int, end: int, names: dict[str, str]) -> str | None:
    """Return the category that exactly these tokens name, or None."""
    return names.get(" ".join(fold(line.typed(start, end)).split()))


def _add(line: TextLine, annotation: Annotation) -> None:
    line.annotations.append(annotation)
    line.claim(annotation.start, annotation.end, "annotation")


def _read_bracket(line: TextLine, at: int, names: dict[str, str]) -> None:
    limit = min(at + 24, len(line.tokens))
    close = next((i for i in range(at + 1, limit) if line.is_sign(i, "]")), None)
    if close is not None and (name := find_name(line, at + 1, close, names)):
        _add(line, Annotation(at, close + 1, "category", name))


def _joined(line: TextLine, at: int) -> int:
    """Return the end of the run of words, digits, `_` and `-` that touch each other from here."""
    end = at
    while end < len(line.tokens) and line.touches(end):
        token = line.tokens[end]
        inner = line.touches(end + 1) and token.key in "_-" and line.is_word(end + 1)
        if token.kind in (WORD, SPACELESS_WORD, NUMBER) or inner or token.key == "_":
            end += 1
        else:
            break
    return end


def _read_tag(line: TextLine, at: int, names: dict[str, str]) -> None:
    end = _joined(line, at + 1)
    if not any(line.is_word(i) for i in range(at + 1, end)):
        return  # `#12345` is a number of something
    name = find_name(line, at + 1, end, names) or _find_compact(line, at + 1, end, names)
    value = name or line.typed(at + 1, end)
    _add(line, Annotation(at, end, "category" if name else "tag", value))


def _find_compact(line: TextLine, start: int, end: int, names: dict[str, str]) -> str | None:
    """Return the category that a tag names without its blanks: `#eatingout`, `#eating_out`."""
    typed = _compact(fold(line.typed(start, end)))
    return next((name for key, name in names.items() if _compact(key) == typed), None)


def _compact(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _read_person(line: TextLine, at: int) -> None:
    end = _joined(line, at + 1)
    if line.is_word(at + 1) and end > at + 1:
        _add(line, Annotation(at, end, "person", line.typed(at + 1, end)))


def _read_colon(line: TextLine, at: int, names: dict[str, str]) -> None:
    if not line.touches(at + 1):
        return
    for end in range(min(len(line.tokens), at + 6), at + 1, -1):
        if name := find_name(line, at + 1, end, names):
            _add(line, Annotation(at, end, "category", name))
            return
