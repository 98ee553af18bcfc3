"""Read one text into its context and its lines, with everything found in them."""

from __future__ import annotations

import re
from datetime import date

from ledger.text.dates.conventions import find_conventions
from ledger.text.dates.days import read_days
from ledger.text.lines.annotations import read_annotations
from ledger.text.lines.characters import shape
from ledger.text.lines.line import ParseContext, TextLine, open_line
from ledger.text.model import TextContext
from ledger.text.numbers.adjusting import adjust_amounts
from ledger.text.numbers.amounts import read_amounts
from ledger.text.numbers.balances import leave_out_balances
from ledger.text.numbers.non_amounts import read_non_amounts
from ledger.text.vocabulary import vocabulary_of

_NUMBERING = re.compile(r"\s*(\d{1,2})[.)](?:\s+|$)")
"""The number of a line in a list: `1. milk`, `2) eggs`."""


def build_context(text: str, chat: TextContext, *, today: date | None = None) -> ParseContext:
    """Return what holds for a cleaned text: vocabulary, conventions, the day."""
    conventions = find_conventions(chat.language, chat.timezone, chat.currency)
    vocabulary = vocabulary_of(conventions.language)
    return ParseContext(chat, vocabulary, conventions, today or chat.today, text, shape(text))


def read_line(
    context: ParseContext, start: int = 0, end: int | None = None, *, days_only: bool = False
) -> TextLine:
    """Read one line of the message's text: annotations, days, non_amounts, amounts, in this order."""
    line = open_line(context, start, len(context.text) if end is None else end)
    read_annotations(line)
    read_days(line)
    if not days_only:
        read_non_amounts(line)
        read_amounts(line)
        adjust_amounts(line)
        leave_out_balances(line)
    return line


def read_lines(context: ParseContext) -> list[TextLine]:
    """Read every line that holds anything."""
    lines: list[TextLine] = []
    start, text = 0, context.shaped
    numbered = _is_numbered(text)
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text[start:end].strip():
            number = _NUMBERING.match(text, start, end) if numbered else None
            line = read_line(context, number.end() if number else start, end)
            if line.tokens:
                lines.append(line)
        start = end + 1
    return lines


def _is_numbered(text: str) -> bool:
    """Return whether every line is numbered from one on, as in a list; its numbers are neither amounts nor days."""
    if "\n" not in text:
        return False
    found = [_NUMBERING.match(line) for line in text.split("\n") if line.strip()]
    numbers = [int(match[1]) for match in found if match]
    return len(numbers) == len(found) > 1 and numbers == list(range(1, len(numbers) + 1))
