"""Work out prices of a piece or a measure: `3x Brezel à 1,20`, `3 kg de pommes à 2,10 le kilo`.

Where the sum of it stands next to it (`12.4 gal at 3.29/gal 40.80`), that was paid and the price is only told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, permutations

from ledger.money import minor_digits
from ledger.text.lines.line import SPACELESS_WORD, Amount, NonAmount, TextLine
from ledger.text.numbers.currencies import smallest_coin
from ledger.text.numbers.measures import (
    Measure,
    measure_at,
    measure_before,
    measure_behind,
)
from ledger.text.numbers.non_amounts import TIMES_LETTERS
from ledger.text.numbers.numerals import read_numeral

PIECES_MAX = 99
PRICED_WORDS_MAX = 4
TOLERANCE = Fraction(1, 100)
"""Share by which a sum may be from what a rounded quantity makes: pumps show two digits of litres."""
CHEAPEST = 5
"""Litres that cost more than one unit of a currency, whatever is in them."""
FUEL_DIGITS = 3
"""Digits behind the point of a price of fuel, which elsewhere group thousands: 1,699."""


def work_out_unit_prices(line: TextLine) -> None:
    """Multiply the price of a piece or a measure, or leave it out next to the sum that was paid."""
    if not line.amounts:
        return
    if _leave_out_told_price(line):
        return
    if not _multiply_pieces(line) and not _multiply_measures(line):
        _multiply_units(line)
    _doubt_fuel(line)


def _replace(line: TextLine, old: Amount, new: Amount) -> None:
    line.amounts[line.amounts.index(old)] = new
    line.claim(new.start, new.end, "amount")


# --- prices of a piece


def _multiply_pieces(line: TextLine) -> bool:
    for count, price in pairwise(line.amounts):
        span = _span_each(line, price)
        if span and _are_pieces(line, count, price, span):
            line.amounts.remove(count)
            line.claim(count.start, count.end, "")
            _replace(line, price, _times(price, Fraction(count.plain or 1), span))
            return True
    return False


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
        found = _quantity_before(line, span[0], near=near)
        count = _times_of(line, found) if found else _spoken_before(line, span[0])
        if span != (price.start, price.end) and count and not price.computed:
            measure = measure_at(line, found.end - 1) if found else None
            value = _as_unit_price(line, price, measure.kind if measure else "")
            _replace(line, price, _times(replace(price, value=value), count, span))
            return


def _spoken_before(line: TextLine, end: int) -> Fraction | None:
    """Return a spelled count with its measure right before a token: 包子三个每个2块."""
    if end < 2 or not line.is_word(end - 1) or line.owners[end - 1]:
        return None
    spelled = line.role(end - 2, "small")
    counted = line.tokens[end - 1].kind == SPACELESS_WORD and len(line.key(end - 1)) == 1
    return Fraction(spelled.value) if spelled and counted and spelled.value > 1 else None


def _quantity_before(line: TextLine, end: int, *, near: bool) -> NonAmount | None:
    """Return the quantity before a token, at once or with its noun between.

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
        return found
    return None


def _times_of(line: TextLine, found: NonAmount) -> Fraction | None:
    """Return by how much a price is multiplied: 3 pieces, 1.5 kg; a price of 50 g is for all of them."""
    key, measure = line.key(found.start), measure_at(line, found.end - 1)
    if key.isdecimal() and 1 < int(key) <= PIECES_MAX and (measure is None or measure.size >= 1):
        return Fraction(key)
    amount = _number_of(line, found) if measure and measure.size == 1 else None
    return amount if amount and amount <= PIECES_MAX and amount != 1 else None


def _times(price: Amount, count: Fraction, span: tuple[int, int]) -> Amount:
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


# --- prices of a measure


def _multiply_measures(line: TextLine) -> bool:
    """Multiply a price of a measure by the only quantity of its kind: 500 g at 9.90 the kilo."""
    for price in line.amounts:
        span = _span_measure(line, price)
        if span is None or price.computed or price.reason:
            continue
        measure, start, end = span
        alike = [size for kind, size in _quantities(line) if kind == measure.kind]
        if not alike and _is_measured_in_words(line, measure.kind, price):
            # Half a kilo at 18 the kilo: how much is written in words that are not worked out.
            line.amounts = [
                replace(one, hint="spoken") if one is price else one for one in line.amounts
            ]
            return True
        if len(alike) != 1:
            continue
        per_measure = replace(price, value=_as_unit_price(line, price, measure.kind))
        _replace(line, price, _times(per_measure, alike[0] / measure.size, (start, end)))
        return True
    return False


def _span_measure(line: TextLine, price: Amount) -> tuple[Measure, int, int] | None:
    """Return the measure of a price, and the tokens of both."""
    if first := measure_before(line, price.start):
        return first, price.start - 2, price.end
    behind = measure_behind(line, price.end)
    word = line.role_before(price.start, "price_word")
    start = price.start - (word.length if word else 0)
    return (behind[0], start, price.end + behind[1]) if behind else None


def _is_measured_in_words(line: TextLine, kind: str, price: Amount) -> bool:
    """Return whether a measure of a kind stands in front of a price without a number of its own."""
    before = (at for at in range(1, price.start) if line.owners[at] != "non_amount")
    found = (measure_at(line, at) for at in before if line.is_word(at - 1))
    return any(measure is not None and measure.kind == kind for measure in found)


def _quantities(line: TextLine) -> Iterator[tuple[str, Fraction]]:
    """Give what each quantity of the line measures, and how much of it."""
    for found in line.non_amounts:
        amount = _number_of(line, found)
        measure = measure_at(line, found.end - 1) if found.reason == "quantity" else None
        if measure and amount:
            yield measure.kind, amount * measure.size


def _number_of(line: TextLine, found: NonAmount) -> Fraction | None:
    """Return the number of a quantity that is one number and its measure."""
    if found.end - found.start != 2:
        return None
    numeral = read_numeral(line.key(found.start), FUEL_DIGITS)
    return None if numeral.reason else numeral.value


def _as_unit_price(line: TextLine, price: Amount, kind: str) -> Fraction:
    """Return a price of a measure; 1,699 is not a thousand where a litre of fuel is paid."""
    key = line.key(price.end - 1)
    if kind != "volume" or not _is_fuel_price(line, price):
        return price.value
    return read_numeral(key, FUEL_DIGITS).value


def _is_fuel_price(line: TextLine, price: Amount) -> bool:
    """Return whether an amount is written as one digit and three behind a point or comma."""
    key = line.key(price.end - 1)
    digits = minor_digits(price.currency or line.context.chat.currency)
    short = price.end - price.start == 1 and len(key) == FUEL_DIGITS + 2 and key[1] in ".,"
    return short and digits < FUEL_DIGITS and smallest_coin(line.context.chat.currency) < 1


def _doubt_fuel(line: TextLine) -> None:
    """Ask what stands behind litres: `41,3 Liter 1,699`, `30 litros 1,68` may be the price of one."""
    litres = [size for kind, size in _quantities(line) if kind == "volume"]
    if len(litres) != 1 or len(line.amounts) != 1 or line.amounts[0].computed:
        return
    (price,) = line.amounts
    told = _as_unit_price(line, price, "volume")
    if _is_fuel_price(line, price) or _is_too_cheap(line, price, litres[0]):
        line.amounts = [replace(price, reduced=told * litres[0])]


def _is_too_cheap(line: TextLine, price: Amount, litres: Fraction) -> bool:
    """Return whether a price with decimals right behind litres is far too small to be that of all."""
    measured = line.owners[price.start - 1] == "non_amount" if price.start else False
    return measured and bool(price.decimals) and price.value * CHEAPEST < litres


# --- a price next to the sum that was paid


def _leave_out_told_price(line: TextLine) -> bool:
    """Keep only the sum where a quantity times a price next to it makes it."""
    if len(line.amounts) != 2:
        return False
    for price, paid in permutations(line.amounts):
        made = (_makes(line, count, price, paid) for count in _counts_of(line))
        if _is_told_beside(line, price, paid) and any(made):
            line.amounts = [paid]
            line.claim(price.start, price.end, "non_amount")
            return True
    return False


def _is_told_beside(line: TextLine, price: Amount, paid: Amount) -> bool:
    """Return whether a sum has no words of its own behind a price, or a word names the price as one."""
    if price.start < paid.start:
        between = range(price.end, paid.start)
        behind = measure_behind(line, price.end)
        told = range(price.end, price.end + behind[1]) if behind else range(0)
        return all(i in told or not line.is_word(i) or line.role(i, "total") for i in between)
    led = line.role_before(price.start, "price_word") or line.is_sign(price.start - 1, "@")
    return bool(led or measure_behind(line, price.end))


def _counts_of(line: TextLine) -> Iterator[tuple[Measure | None, Fraction]]:
    for found in line.non_amounts:
        amount = _number_of(line, found) if found.reason == "quantity" else None
        if amount and amount != 1:
            yield measure_at(line, found.end - 1), amount


def _makes(
    line: TextLine, count: tuple[Measure | None, Fraction], price: Amount, paid: Amount
) -> bool:
    """Return whether a quantity times a price is what was paid."""
    measure, amount = count
    kind = measure.kind if measure else ""
    made = amount * _as_unit_price(line, price, kind)
    per_whole = made * measure.size if measure else made
    return any(abs(one - paid.value) <= paid.value * TOLERANCE for one in {made, per_whole})
