"""Change amounts by the words around them, such as spoken cents, pieces or percentages."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from ledger.text.lines.line import Amount, NonAmount, TextLine
from ledger.text.numbers.currencies import smallest_coin
from ledger.text.numbers.unit_prices import work_out_unit_prices

_PLUS = "plus"
"""Says that something is added in most languages of Europe, whatever it is."""
SPOKEN_MAX = 20
"""Whole units up to which two digits behind a space may be hundredths."""
UNITS_MAX = 1000
"""Whole units up to which a number behind "and" names hundredths: 3 e 50."""


def adjust_amounts(line: TextLine) -> None:
    """Apply what changes an amount, to every amount of a line."""
    _join_cents(line)
    _doubt_spaced_cents(line)
    _leave_out_results(line)
    work_out_unit_prices(line)
    _apply_percentages(line)
    _doubt_halves(line)


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


def _doubt_spaced_cents(line: TextLine) -> None:
    """Ask whether `coffee 4 50` was 4.50, or 50 for what is named by a number."""
    if len(line.amounts) != 2 or smallest_coin(line.context.chat.currency) >= 1:
        return
    for units, cents in pairwise(line.amounts):
        two = cents.plain is not None and len(line.key(cents.start)) == 2
        apart = cents.start == units.end and line.tokens[cents.start].space
        small = units.plain is not None and 0 < units.plain <= SPOKEN_MAX
        last = cents.end >= len(line.tokens) or line.is_sign(cents.end, ",;.!")
        led = line.role_before(units.start, "connecting", "with", "version", "naming", "route")
        named = line.is_word(units.start - 1) and not led
        form = two and apart and small and last and named and not (units.hint or cents.hint)
        # Behind an unknown word the first number may be a name's: Forever 21 35.
        if form and line.context.chat.is_known_note(line.typed(0, units.start)):
            value = units.value + cents.value / 100
            doubted = replace(cents, start=units.start, value=value, plain=None, hint="spoken")
            _replace(line, [units, cents], replace(doubted, otherwise=cents.value))
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


def _leave_out_results(line: TextLine) -> None:
    """Leave out a sum that is worked out behind its parts: 3x 9,50 = 28,50."""
    for parts, result in pairwise(line.amounts):
        sign = parts.end
        equal = line.is_sign(sign, "=") and result.start == sign + 1
        if equal and parts.value == result.value and parts.currency in (None, result.currency):
            line.claim(sign, result.end, "separator")
            line.amounts.remove(result)
            at = line.amounts.index(parts)
            line.amounts[at] = replace(parts, currency=result.currency or parts.currency)
            return


def _doubt_halves(line: TextLine) -> None:
    """Ask whether `half of 60` was 30, or 60 of which somebody gives back a half."""
    line.amounts = [
        replace(one, reduced=one.value / 2) if line.role_before(one.start, "half_of") else one
        for one in line.amounts
    ]


# --- percentages that are added or taken away


def _apply_percentages(line: TextLine) -> None:
    """Apply a signed percentage, and keep a discount or a tip in words as another possible value."""
    for found in [n for n in line.non_amounts if n.reason == "percent"]:
        share = _share_of(line, found)
        if share is None:
            continue
        sign, operator = _operator_before(line, found)
        amount = next((a for a in line.amounts if a.end == sign), None)
        if amount and operator:
            value = amount.value * (1 + share if operator == "+" else 1 - share)
            line.non_amounts.remove(found)
            _replace(line, [amount], _changed(amount, found.end, value))
        elif len(line.amounts) == 1 and (other := _other_value(line, found, share)):
            line.amounts = [replace(line.amounts[0], reduced=other)]


def _operator_before(line: TextLine, found: NonAmount) -> tuple[int, str]:
    """Return where `+`, `-` or a word for `plus` stands in front of a percentage, and which."""
    sign = found.start - 1
    if line.is_sign(sign, "+-"):
        return sign, line.key(sign)
    word = line.role_before(found.start, "and")
    added = word is not None and (line.key(sign) == _PLUS or line.role(found.end, "gratuity"))
    return (found.start - (word.length if word else 1), "+") if added else (sign, "")


def _other_value(line: TextLine, found: NonAmount, share: Fraction) -> Fraction | None:
    """Return what the only amount of a line becomes by a discount or a tip next to it in words."""
    (only,) = line.amounts
    # `tip 15% 9` is what the tip came to.
    led = only.end <= found.start and line.role_before(found.start, "gratuity")
    if led or line.role(found.end, "gratuity"):
        included = any(line.role(i, "included") for i in range(len(line.tokens)))
        return None if included else only.value * (1 + share)  # 15% tip on 60
    # 20% off, coat 900: the price that was paid
    if not _is_discount(line, found) or only.start > found.start:
        return None
    return only.value * (1 - share)


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
