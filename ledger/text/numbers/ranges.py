"""Recognise two figures between which a price lies: `between 30 and 40`, `30 to 40`."""

from __future__ import annotations

from ledger.text.lines.line import Amount, TextLine


def is_range(line: TextLine, first: Amount, second: Amount) -> bool:
    """Return whether two neighbouring amounts are the ends of a range, so that neither was paid."""
    if line.role_before(first.start, "between"):
        return _joins(line, first.end, second.start, "and")
    rising = first.value < second.value
    return rising and _joins(line, first.end, second.start, "range")


def _joins(line: TextLine, start: int, end: int, role: str) -> bool:
    """Return whether nothing but a word with this role stands between two tokens."""
    word = line.role(start, role)
    return word is not None and line.is_spoken(word, start) and start + word.length == end


def ranges_of(line: TextLine) -> list[tuple[int, int]]:
    """List the token ranges between the two figures of each range."""
    pairs = zip(line.amounts, line.amounts[1:], strict=False)
    return [(one.end, other.start) for one, other in pairs if is_range(line, one, other)]
