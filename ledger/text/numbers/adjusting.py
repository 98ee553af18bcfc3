"""Amounts that words behind or before them change: spoken cents, pieces, percentages."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from ledger.text.lines.line import Amount, NonAmount, TextLine

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
        if _are_cents(line, units, cents):
            value = units.value + cents.value / 100
            joined = replace(
                units, end=cents.end, value=value, decimals=2, exact=True, plain=None, hint=None
            )
            _replace(line, [units, cents], replace(joined, currency=cents.currency))
            return


def _are_cents(line: TextLine, units: Amount, cents: Amount) -> bool:
    """Say whether a number of two digits behind a linking word names hundredths."""
    link = line.role(units.end, "cents")
    if link is None or units.end + link.length != cents.start or units.plain is None:
        return False
    two = len(line.key(cents.start)) == 2 and not cents.computed and cents.decimals is None
    last = cents.end >= len(line.tokens) or line.is_sign(cents.end, ",;.!")
    own = line.context.vocabulary.language == link.language
    return two and own and last and units.plain < UNITS_MAX and not cents.sign


# --- prices of a piece


def _multiply_pieces(line: TextLine) -> None:
    for count, price in pairwise(line.amounts):
        each = line.role(price.end, "each")
        led = line.role_before(price.start, "each")
        if (each or led) and _are_pieces(line, count, price):
            start = price.start - (led.length if led else 0)
            end = price.end + (each.length if each else 0)
            line.amounts.remove(count)
            line.claim(count.start, count.end, "")
            _replace(line, [price], _times(price, count.plain or 1, (start, end)))
            return
    _multiply_units(line)


def _are_pieces(line: TextLine, count: Amount, price: Amount) -> bool:
    if count.plain is None or not 1 < count.plain <= PIECES_MAX or price.computed:
        return False
    gap = range(count.end, price.start)
    return len(gap) <= PRICED_WORDS_MAX and all(line.is_word(i) for i in gap)


def _multiply_units(line: TextLine) -> None:
    """Multiply the price of `3 шт по 120`, whose count is a quantity already."""
    for price in line.amounts:
        word = line.role_before(price.start, "price_word", "each")
        count = _quantity_before(line, price.start - word.length) if word else None
        if word and count and not price.computed:
            span = (price.start - word.length, price.end)
            _replace(line, [price], _times(price, count, span))
            return


def _quantity_before(line: TextLine, end: int) -> int | None:
    """Return the whole number of a quantity that ends at a token."""
    found: list[NonAmount] = [n for n in line.non_amounts if n.end == end]
    if not found or found[0].reason != "quantity":
        return None
    key = line.key(found[0].start)
    return int(key) if key.isdecimal() and 1 < int(key) <= PIECES_MAX else None


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
    for found in [n for n in line.non_amounts if n.reason == "percent"]:
        sign = found.start - 1
        amount = next((a for a in line.amounts if a.end == sign), None)
        literal = line.key(found.start).replace(",", ".")
        written = literal.replace(".", "", 1).isdecimal()
        if amount is None or not line.is_sign(sign, "+-") or not written:
            continue
        share = Fraction(literal) / 100
        if not 0 < share < 1:
            continue
        value = amount.value * (1 + share if line.key(sign) == "+" else 1 - share)
        line.non_amounts.remove(found)
        changed = replace(
            amount, end=found.end, value=value, exact=True, computed=True, plain=None, hint=None
        )
        _replace(line, [amount], changed)
