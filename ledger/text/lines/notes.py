"""Cut the note, which is the person's own words without the understood ones.

A connecting word that the understood words leave at an edge goes with them (`13.5 for coffee`), and
so does punctuation that now joins nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace

from ledger.text.lines.line import LINK, NUMBER, SPACELESS_WORD, WORD, TextLine
from ledger.text.lines.parts import Range
from ledger.text.numbers.operands import is_names_plus

_SEPARATORS = " \t,;:–—-=+·•.~،、，；：。"
_BULLETS = " \t-–—*•·‣▪"
_OPENING = "([{（「"
_ARROW = re.compile(r"\s*(?:[-=–—]+>|→|⇒)\s*\Z")
_CLOSING = ")]}）」!?！？"


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring tokens of the note."""

    start: int
    end: int
    left: bool
    """Something understood is before it."""
    right: bool
    skip: int = 0
    """Characters of the first word that go with what was understood: d'essence."""


def build_note(line: TextLine, part: Range, understood: Collection[int]) -> str:
    """Return the words of a part that are not among the understood tokens."""
    runs = _trim(line, _runs(part, understood))
    pieces: list[tuple[str, _Run]] = []
    for run in runs:
        text = _cleaned(line.typed(run.start, run.end)[run.skip :], run)
        if text and is_names_plus(line, run.end - 1) and not text.endswith("+"):
            text += "+"
        if text:
            pieces.append((text, run))
    note = ""
    for text, run in pieces:
        glue = "" if not note or _is_unbroken(line, run, note) else " "
        note += glue + text
    return " ".join(note.split())


def _runs(part: Range, understood: Collection[int]) -> list[_Run]:
    runs: list[_Run] = []
    start = None
    for at in range(part[0], part[1] + 1):
        free = at < part[1] and at not in understood
        if free and start is None:
            start = at
        elif not free and start is not None:
            runs.append(_Run(start, at, start > part[0], at < part[1]))
            start = None
    return runs


def _trim(line: TextLine, runs: list[_Run]) -> list[_Run]:
    """Take connecting words from the two edges of the note."""
    while runs and runs[0].left and _is_bare(line, runs[0]):
        runs = runs[1:]
    while runs and runs[-1].right and _is_bare(line, runs[-1]):
        runs = runs[:-1]
    if runs and runs[0].left:
        runs[0] = _trim_left(line, runs[0])
    if runs and runs[-1].right:
        runs[-1] = _trim_right(line, runs[-1])
    return [run for run in runs if run.start < run.end]


def _is_bare(line: TextLine, run: _Run) -> bool:
    """Return whether a run holds nothing but signs of punctuation."""
    return not any(
        line.tokens[i].kind in (WORD, SPACELESS_WORD, NUMBER, LINK) or _is_symbol(line.key(i))
        for i in range(run.start, run.end)
    )


def _is_symbol(sign: str) -> bool:
    return unicodedata.category(sign[0])[0] in "LNM" or unicodedata.category(sign[0]) in (
        "So",
        "Sk",
        "Sc",
    )


def _trim_left(line: TextLine, run: _Run) -> _Run:
    start = run.start
    while start < run.end and line.key(start) in _SEPARATORS:
        start += 1
    if start < run.end and "'" in line.key(start):
        return replace(run, start=start, skip=_elided(line, start))
    meaning = line.is_connecting(start)
    end = start + meaning.length if meaning else start
    if end <= run.end and not (line.touches(end) and line.is_sign(end, "-'")):  # in-app
        start = end
    return replace(run, start=start)


def _elided(line: TextLine, at: int) -> int:
    """Return the characters of a connecting word that is written on the next: d'essence."""
    head = line.key(at).partition("'")[0] + "'"
    return len(head) if line.context.vocabulary.has_role(head, "elided") else 0


def _trim_right(line: TextLine, run: _Run) -> _Run:
    end = run.end
    while end > run.start and line.key(end - 1) in _SEPARATORS and not is_names_plus(line, end - 1):
        end -= 1
    meaning = line.role_before(end, "connecting")
    if meaning and end - meaning.length >= run.start and line.is_connecting(end - meaning.length):
        end -= meaning.length
    return replace(run, end=end)


def _cleaned(text: str, run: _Run) -> str:
    text = text.lstrip(_SEPARATORS + _CLOSING) if run.left else text.lstrip(_BULLETS + ",;:")
    text = _ARROW.sub("", text) if run.right else text
    text = text.rstrip(_SEPARATORS + _OPENING) if run.right else text.rstrip(" \t,;:")
    has_content = any(_is_symbol(c) for c in text)
    return text if has_content else ""


def _is_unbroken(line: TextLine, run: _Run, note: str) -> bool:
    """Return whether two runs of a script without spaces were one before."""
    first = line.tokens[run.start]
    return (
        first.kind == SPACELESS_WORD
        and not first.space
        and note[-1] >= "\u0e00"
        and not line.tokens[run.start - 1].space
    )
