"""Split a line into parts of one entry each.

`;` always parts. `,` `+` `&` and the word for "and" part where every part has an amount of its own;
a stretch without one belongs to its neighbour.
"""

from __future__ import annotations

from ledger.text.lines.line import SPACELESS_WORD, Amount, TextLine
from ledger.text.numbers.operands import is_names_plus
from ledger.text.numbers.ranges import ranges_of

Range = tuple[int, int]
COUNT_MAX = 20
"""A whole number up to this in front of a word may count it."""
GLUED_MIN = 100
"""A whole number from which on it is a price though it touches a word: coffee250."""


def split_parts(line: TextLine) -> list[Range]:
    """Return the half-open token ranges of the line's entries, in order."""
    parts: list[Range] = []
    segments = _cut(line, (0, len(line.tokens)), ";")
    if sum(_counts(line, segment) for segment in segments) < 2:
        segments = [(0, len(line.tokens))]
    for segment in segments:
        for comma in _merge(line, _cut(line, segment, ",")):
            parts += _merge(line, _cut(line, comma, "+&"), tight=True)
    return parts


def own_amounts(line: TextLine, part: Range) -> list[Amount]:
    """List the amounts of a part, refused ones too, but not what is a quantity on its own."""
    found = [a for a in line.amounts if part[0] <= a.start and a.end <= part[1]]
    if len(found) == 1 and not _may_stand_alone(line, part, found[0]):
        return []
    return found


def _may_stand_alone(line: TextLine, part: Range, only: Amount) -> bool:
    """Return whether the only number of a stretch can be its amount: `coffee3.50` can, `A4` cannot."""
    if only.hint in (None, "year") or only.currency:
        return True
    if only.hint == "quantity":
        return not counts_alone(line, part, only)
    glued = only.hint == "glued" and only.plain is not None and only.plain >= GLUED_MIN
    return glued or (only.hint == "glued" and only.decimals is not None)


def counts_alone(line: TextLine, part: Range, amount: Amount) -> bool:
    """Return whether a count is at the start, behind nothing but `only`, `ещё`, `noch`."""
    return not any(
        line.is_word(i) and not line.owners[i] and not line.role(i, "more", "connecting", "with")
        for i in range(part[0], amount.start)
    )


def has_words(line: TextLine, part: Range) -> bool:
    """Return whether words of a note are in this range."""
    return any(
        line.is_word(i)
        and not line.owners[i]
        and not line.role(i, "and", "with")
        and not line.is_connecting(i)
        for i in range(*part)
    )


def _cut(line: TextLine, part: Range, signs: str) -> list[Range]:
    """Cut at free separators; the words for "and" go with `+` and `&`."""
    ranges: list[Range] = []
    start = at = part[0]
    while at < part[1]:
        length = _separator(line, at, signs)
        if length:
            ranges.append((start, at))
            start = at + length
        at += max(1, length)
    ranges.append((start, part[1]))
    return [r for r in ranges if r[0] < r[1]]


def _separator(line: TextLine, at: int, signs: str) -> int:
    """Return how many tokens the separator here has; 0 if there is none."""
    if line.owners[at] not in ("", "separator"):
        return 0
    if line.is_sign(at, signs):
        return 0 if is_names_plus(line, at) else 1
    word = line.role(at, "and") if "&" in signs else None
    return word.length if word and _parts_entries(line, at, at + word.length) else 0


def _parts_entries(line: TextLine, at: int, after: int) -> bool:
    """Return whether a word for "and" may part entries: the U of U-Bahn does not, nor a part of a run."""
    latin = line.key(at).isascii()
    if line.touches(after) and (latin or line.is_sign(after, "-'")):
        return False  # U-Bahn, A101
    if any(start <= at < end for start, end in ranges_of(line)):
        return False  # between 30 and 40
    inside = line.tokens[at].kind == SPACELESS_WORD
    return not inside or bool(at and line.owners[at - 1] == "amount")


def _merge(line: TextLine, ranges: list[Range], *, tight: bool = False) -> list[Range]:
    """Join stretches without an amount to a neighbour until every part has one.

    A stretch goes to the one behind it, as in `rice, eggs, milk 450`; to the one before it where
    amounts lead their words, or nothing follows. A comma's last stretch stays alone next to several
    entries, so that it is named as what was not understood.
    """
    if len(ranges) < 2:
        return ranges
    counts = [_counts(line, r) for r in ranges]
    if tight:
        counts = [c and not _is_counted(line, ranges, i) for i, c in enumerate(counts)]
    if sum(counts) < 2:
        return [(ranges[0][0], ranges[-1][1])]
    leading = _amounts_lead(line, ranges, counts)
    merged: list[Range] = []
    open_start: int | None = None
    for part, counted in zip(ranges, counts, strict=True):
        start = part[0] if open_start is None else open_start
        if counted:
            merged.append((start, part[1]))
            open_start = None
        elif merged and (leading or (tight and part == ranges[-1])):
            merged[-1] = (merged[-1][0], part[1])
        else:
            open_start = start
    if open_start is not None:
        if has_words(line, (open_start, ranges[-1][1])):
            merged.append((open_start, ranges[-1][1]))
        else:
            merged[-1] = (merged[-1][0], ranges[-1][1])
    return merged


def _is_counted(line: TextLine, ranges: list[Range], i: int) -> bool:
    """Return whether a stretch only counts what the next one prices: `2 coffees and a bagel 12`."""
    part = ranges[i]
    if i + 1 == len(ranges) or line.is_sign(part[1], "+"):
        return False
    following = ranges[i + 1]
    count, price = own_amounts(line, part), own_amounts(line, following)
    if len(count) != 1 or not price or count[0].plain is None or count[0].plain > COUNT_MAX:
        return False
    last = price[-1]
    alone = not has_words(line, (part[0], count[0].start)) or _is_priced_for_both(line, last)
    led = alone and line.is_word(count[0].end)
    priced = has_words(line, (following[0], last.start)) or last.exact or last.currency is not None
    return led and priced and last.value > count[0].value


def _is_priced_for_both(line: TextLine, price: Amount) -> bool:
    """Return whether a word such as `for` leads plain money: at the bakery 2 rolls and a coffee for 4.20."""
    money = price.exact or price.currency is not None
    return money and line.role_before(price.start, "connecting") is not None


def _counts(line: TextLine, part: Range) -> bool:
    """Return whether a stretch has an amount of its own; a bare `12/3` is the neighbour's date."""
    found = own_amounts(line, part)
    if not found:
        return False
    return has_words(line, part) or not all(a.slash and a.day for a in found)


def _amounts_lead(line: TextLine, ranges: list[Range], counts: list[bool]) -> bool:
    """Return whether the entries are typed like `4 coffee, 3 tea`."""
    led = [
        not has_words(line, (part[0], own_amounts(line, part)[0].start))
        for part, counted in zip(ranges, counts, strict=True)
        if counted
    ]
    return all(led)
