"""Change amounts by the words around them, such as spoken cents, pieces or percentages."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from ledger.text.lines.line import SPACELESS_WORD, Amount, NonAmount, TextLine
from ledger.text.numbers.non_amounts import TIMES_LETTERS

UNITS_MAX = 1000
"""Whole units up to which a number behind "and" names hundredths: 3 e 50."""
PIECES_MAX = 99
PRICED_WORDS_MAX = 4


def adjust_amounts(line: TextLine) -> None:
    """Apply what changes an amount, to every amount of a line."""
    _join_cents(line)
    _multiply_pieces(line)
    _apply_percentages(line)


def _replace(line: TextLine, old: list[Amount], new: Amount) -> None:
    at = line.amounts.index(old[0])
    line.amounts = [amount for amount in line.amounts if amount not in old]
    line.amounts.insert(at, new)
    line.claim(new.start, new.end, "amount")


# --- spoken hundredths


def _join_cents(line: TextLine) -> None:
    for units, cents in pairwise(line.amounts):
        share = _hundredths(line, units, cents)
        if share is None:
            continue
        joined = replace(
            units,
            end=cents.end,
            value=units.value + share,
            currency=units.currency or cents.currency,
            decimals=2,
            exact=True,
            plain=None,
            hint=None,
        )
        _replace(line, [units, cents], joined)
        return


def _hundredths(line: TextLine, units: Amount, cents: Amount) -> Fraction | None:
    """Return the part of a unit that a second number names: 3 e 50, 9 euro e 80, 5 zł 50 gr."""
    link = line.role(units.end, "cents", "and")
    gap = cents.start - units.end
    linked = link is not None and gap == link.length
    whole = units.plain is not None or (units.currency is not None and not units.exact)
    if not whole or not (linked or gap == 0) or not 0 < units.value < UNITS_MAX or cents.sign:
        return None
    if cents.currency and cents.value < 1:
        return cents.value if cents.currency == (units.currency or cents.currency) else None
    named = link is not None and link.role == "cents" and linked
    return cents.value / 100 if named and _are_cents(line, units, cents) else None


def _are_cents(line: TextLine, units: Amount, cents: Amount) -> bool:
    """Return whether two plain digits close the entry, or the units open it."""
    two = len(line.key(cents.start)) == 2 and cents.plain is not None
    last = cents.end >= len(line.tokens) or line.is_sign(cents.end, ",;.!")
    first = not any(line.is_word(i) and not line.owners[i] for i in range(units.start))
    return two and (last or first)


# --- prices of a piece


def _multiply_pieces(line: TextLine) -> None:
    for count, price in pairwise(line.amounts):
        span = _span_each(line, price)
        if span and _are_pieces(line, count, price, span):
            line.amounts.remove(count)
            line.claim(count.start, count.end, "")
            _replace(line, [price], _times(price, count.plain or 1, span))
            return
    _multiply_units(line)


def _span_each(line: TextLine, price: Amount) -> tuple[int, int] | None:
    """Return where a price with its word for each piece is, None if it has no such word."""
    led = line.role_before(price.start, "each")
    behind = _each_behind(line, price.end)
    if not (led or behind):
        return None
    return price.start - (led.length if led else 0), price.end + behind


def _each_behind(line: TextLine, at: int) -> int:
    """Return how many tokens behind a price make it that of a piece: each, /cup, 씩."""
    if each := line.role(at, "each"):
        return each.length
    # A slash and a word say each in every language: 25k/ly, 18rb/porsi.
    slashed = line.is_sign(at, "/") and line.touches(at) and line.touches(at + 1)
    return 2 if slashed and line.is_word(at + 1) and not line.owners[at + 1] else 0


def _are_pieces(line: TextLine, count: Amount, price: Amount, span: tuple[int, int]) -> bool:
    if count.plain is None or not 1 < count.plain <= PIECES_MAX or price.computed:
        return False
    gap = range(count.end, span[0])
    return len(gap) <= PRICED_WORDS_MAX and all(line.is_word(i) for i in gap)


def _multiply_units(line: TextLine) -> None:
    """Multiply the price of `3 шт по 120`, whose count is a quantity already."""
    for price in line.amounts:
        word = line.role_before(price.start, "price_word", "each")
        span = _span_each(line, price) or (price.start - (word.length if word else 0), price.end)
        near = not _span_each(line, price)
        count = _quantity_before(line, span[0], near=near) or _spoken_before(line, span[0])
        if span != (price.start, price.end) and count and not price.computed:
            _replace(line, [price], _times(price, count, span))
            return


def _spoken_before(line: TextLine, end: int) -> int | None:
    """Return a spelled count with its measure right before a token: 包子三个每个2块."""
    if end < 2 or not line.is_word(end - 1) or line.owners[end - 1]:
        return None
    spelled = line.role(end - 2, "small")
    counted = line.tokens[end - 1].kind == SPACELESS_WORD and len(line.key(end - 1)) == 1
    return spelled.value if spelled and counted and spelled.value > 1 else None


def _quantity_before(line: TextLine, end: int, *, near: bool) -> int | None:
    """Return the whole number of the quantity before a token, at once or with its noun between.

    A sign of multiplication counts whatever follows it: `3x Brezel à 1,20`.
    """
    for found in reversed(line.non_amounts):
        gap = range(found.end, end)
        words = all(line.is_word(i) and not line.owners[i] for i in gap)
        times = found.end - found.start == 2 and line.key(found.end - 1) in TIMES_LETTERS
        if not (found.reason == "quantity" or times) or not words:
            continue
        if len(gap) > (0 if near and not times else PRICED_WORDS_MAX):
            continue
        key = line.key(found.start)
        return int(key) if key.isdecimal() and 1 < int(key) <= PIECES_MAX else None
    return None


def _times(price: Amount, count: int, span: tuple[int, int]) -> Amount:
    return replace(
        price,
        start=span[0],
        end=span[1],
        value=price.value * count,
        exact=True,
        computed=True,
        plain=None,
        hint=None,
    )


# --- percentages that are added or taken away


def _apply_percentages(line: TextLine) -> None:
    """Apply a signed percentage, and keep a discount in words as another possible value."""
    for found in [n for n in line.non_amounts if n.reason == "percent"]:
        share = _share_of(line, found)
        sign = found.start - 1
        amount = next((a for a in line.amounts if a.end == sign), None)
        if share is None:
            continue
        if amount and line.is_sign(sign, "+-"):
            value = amount.value * (1 + share if line.key(sign) == "+" else 1 - share)
            line.non_amounts.remove(found)
            _replace(line, [amount], _changed(amount, found.end, value))
        elif len(line.amounts) == 1 and _is_discount(line, found):
            (only,) = line.amounts
            if only.start > found.start:
                continue  # 20% off, coat 900: the price that was paid
            line.amounts = [replace(only, reduced=only.value * (1 - share))]


def _share_of(line: TextLine, found: NonAmount) -> Fraction | None:
    """Return a percentage as a share between 0 and 1."""
    keys = [line.key(i).replace(",", ".") for i in range(found.start, found.end)]
    literal = next((key for key in keys if key.replace(".", "", 1).isdecimal()), None)
    share = Fraction(literal) / 100 if literal else Fraction(0)
    return share if 0 < share < 1 else None


def _is_discount(line: TextLine, found: NonAmount) -> bool:
    """Return whether a word next to a percentage takes it away: 20% off, diskon 25%."""
    behind = line.role(found.end, "discount")
    return behind is not None or line.role_before(found.start, "discount") is not None


def _changed(amount: Amount, end: int, value: Fraction) -> Amount:
    return replace(amount, end=end, value=value, exact=True, computed=True, plain=None, hint=None)
