"""List the readings of a part, in which each number is an amount, a day, or a word."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, pairwise

from ledger.text.lines.line import SIGN, Amount, TextLine
from ledger.text.lines.parts import Range

SUBSETS_MAX = 6
"""Numbers of a part up to which every choice among them is a candidate."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One reading of an entry: its amount, and the number that turned out to be its day."""

    amount: Amount
    on: date | None = None
    on_range: Range | None = None
    on_ambiguous: bool = False
    instead_of: Range | None = None
    """The tokens from which it is chosen, as `3 or 4`; none of them is a word of the note."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a part: its entries in order, none if all its numbers are words of a note."""

    entries: tuple[tuple[Range, Interpretation], ...] = ()
    chosen: tuple[int, ...] = ()
    """Positions of the amounts among the numbers of the part."""
    day: int | None = None
    """Position of the number that is a day."""


def list_candidates(line: TextLine, part: Range, numbers: Sequence[Amount]) -> list[Candidate]:
    """List every reading of a part; the numbers are in the order in which they were typed."""
    found = [Candidate()]
    days = [i for i, number in enumerate(numbers) if number.day]
    if any(part[0] <= day.start < part[1] for day in line.days) or len(days) > 2:
        days = [i for i in days if numbers[i].reason] if len(days) <= 2 else []
    for chosen in _choices(len(numbers)):
        if any(numbers[i].reason for i in chosen):
            continue
        for variant in _variants(numbers, chosen):
            found += [
                _candidate(line, part, numbers, (chosen, variant, day))
                for day in (None, *(i for i in days if i not in chosen))
            ]
    return found


def _choices(count: int) -> Iterator[tuple[int, ...]]:
    """Give the subsets of the numbers that may be amounts; of many only the plain ones."""
    if count > SUBSETS_MAX:
        # All subsets of n numbers are 2^n; beyond six only one amount or all of them are tried.
        yield from ((i,) for i in range(count))
        yield tuple(range(count))
        return
    for size in range(1, count + 1):
        yield from combinations(range(count), size)


def _variants(numbers: Sequence[Amount], chosen: tuple[int, ...]) -> Iterator[tuple[Amount, ...]]:
    """Give the amounts as read; a single `2 600` also as 600 with the 2 left in the note."""
    amounts = tuple(numbers[i] for i in chosen)
    yield tuple(replace(a, joined=()) if a.joined else a for a in amounts)
    if len(amounts) == 1 and amounts[0].joined:
        (amount,) = amounts
        last = replace(amount, value=amount.joined[1], joined=(), start=amount.start + 1)
        yield (replace(last, parted=True),)


_Chosen = tuple[tuple[int, ...], tuple[Amount, ...], int | None]


def _candidate(
    line: TextLine, part: Range, numbers: Sequence[Amount], picked: _Chosen
) -> Candidate:
    chosen, amounts, day = picked
    ranges = split_range(line, part, amounts)
    entries = [
        (extent, Interpretation(amount)) for extent, amount in zip(ranges, amounts, strict=True)
    ]
    if day is not None:
        entries = [_with_day(entry, numbers[day]) for entry in entries]
    return Candidate(tuple(entries), chosen, day)


def _with_day(entry: tuple[Range, Interpretation], day: Amount) -> tuple[Range, Interpretation]:
    extent, interpretation = entry
    inside = extent[0] <= day.start < extent[1]
    dated = replace(
        interpretation,
        on=day.day,
        on_range=(day.start, day.end) if inside else None,
        on_ambiguous=day.day_ambiguous,
    )
    return extent, dated


# --- where an entry of several ends


def split_range(line: TextLine, part: Range, amounts: Sequence[Amount]) -> list[Range]:
    """Cut a part into one range for each amount: behind them, or before where they lead."""
    ends = [amount.end for amount in amounts[:-1]]
    # `coffee 250 taxi 480` cuts behind amounts, `250 coffee 480 taxi` before them.
    starts = [amount.start for amount in amounts[1:]]
    behind = _ranges(part, [_after_sign(line, end) for end in ends])
    if len(amounts) == 1 or not _leads(line, part, amounts):
        return behind
    return _ranges(part, starts)


def _ranges(part: Range, cuts: Sequence[int]) -> list[Range]:
    edges = [part[0], *cuts, part[1]]
    return list(pairwise(edges))


def _after_sign(line: TextLine, at: int) -> int:
    """Keep a full stop or dash behind an amount with it: `coffee 250. taxi 480`."""
    return at + 1 if line.is_sign(at, ".-–|/") else at


def _leads(line: TextLine, part: Range, amounts: Sequence[Amount]) -> bool:
    """Return whether the amounts lead their words: `12 lunch 4 coffee`."""
    behind = holds_words(line, (amounts[-1].end, part[1]))
    before = holds_words(line, (part[0], amounts[0].start))
    return behind and not before


# --- what is between numbers


def holds_words(line: TextLine, part: Range) -> bool:
    """Return whether words that can be a note, or an emoji, are in a range."""
    return any(is_note_word(line, at) for at in range(*part))


def is_note_word(line: TextLine, at: int) -> bool:
    """Return whether a token can be a note: no article, link or verb of paying; an emoji can."""
    # A time or a room number stays readable in the note, so it counts as a word of it.
    if line.owners[at] and line.owners[at] != "non_amount":
        return False
    if line.owners[at]:
        return True
    if is_emoji(line, at):
        return not any(map(line.is_word, range(len(line.tokens))))
    return line.is_word(at) and not line.role(at, *_NO_NOTE) and not line.is_connecting(at)


_NO_NOTE = ("and", "with", "price_word", "article", "paid", "subject", "each")


def is_emoji(line: TextLine, at: int) -> bool:
    """Return whether a token is a symbol that people write in place of a word."""
    token = line.tokens[at]
    return (
        token.kind == SIGN and token.key > "\u2000" and unicodedata.category(token.key[0]) == "So"
    )
