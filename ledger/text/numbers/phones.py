"""Claim phone numbers and other long runs of digits: `+44 20 7946 0958`, `12345678`."""

from __future__ import annotations

from ledger.text.lines.line import NonAmount, TextLine
from ledger.text.numbers.currencies import is_small
from ledger.text.numbers.currency_matches import is_money

RUN_DIGITS = 7
"""Digits in a row, without separator or currency, that are too many for an amount."""
PHONE_DIGITS = 9
INTERNATIONAL_DIGITS = 10
DIGITS_MAX = 15
"""Longest phone number, ITU-T E.164."""
GROUPS_MAX = 8
GROUP_DIGITS = 4
"""Digits of a group in the number of a card or an account (ISO 13616 for an IBAN)."""
GROUPS_MIN = 2
"""Whole groups between the first and the last of such a number; fewer may be prices."""


def read_run(line: TextLine, at: int) -> NonAmount | None:
    """Read seven digits and more, unless the currency is so small or is next to them."""
    key = line.key(at)
    if not key.isdecimal() or len(key) < RUN_DIGITS or is_money(line, at):
        return None
    return None if is_small(line.context.chat.currency) else NonAmount(at, at + 1, "run")


def read_account(line: TextLine, at: int) -> NonAmount | None:
    """Read the number of a card or an account in its groups: 4111 1111 1111 1111."""
    groups, end, _ = _groups(line, at)
    inner = groups[1:-1]
    whole = all(len(group) == GROUP_DIGITS for group in inner) and len(inner) >= GROUPS_MIN
    plain = all(group.isdecimal() and len(group) <= GROUP_DIGITS for group in groups)
    return NonAmount(at, end, "run") if whole and plain else None


def read_phone(line: TextLine, at: int) -> NonAmount | None:
    """Read a phone number in its groups, from its first group on."""
    if line.is_number(at - 1) or (line.touches(at) and line.is_number(at - 2)):
        return None
    area = line.is_sign(at - 1, "(") and line.is_sign(at + 1, ")") and line.is_number(at + 2)
    groups, end, hyphens = _groups(line, at + 2 if area else at)
    if area:
        groups.insert(0, line.key(at))
    digits = sum(map(len, groups))
    if not all(group.isdecimal() for group in groups) or digits > DIGITS_MAX:
        return None
    if line.is_sign(at - 1, "+") and line.touches(at) and digits >= INTERNATIONAL_DIGITS:
        return (
            NonAmount(at - 1, end, "phone")
            if len(groups) > 1 or digits > INTERNATIONAL_DIGITS
            else None
        )
    if len(groups) == 1:
        return None
    long = digits >= PHONE_DIGITS
    named = len(groups) > 2 and line.role_before(at, "naming") is not None
    phone = _is_dashed(groups, hyphens) or (long and (area or named or _is_grouped(groups)))
    return NonAmount(at - area, end, "phone") if phone else None


def _groups(line: TextLine, at: int) -> tuple[list[str], int, int]:
    """Return the numbers that follow each other by a space or a hyphen, and how many hyphens."""
    groups, end, hyphens = [line.key(at)], at + 1, 0
    while len(groups) < GROUPS_MAX:
        spaced = line.is_number(end) and line.tokens[end].space
        joined = line.is_sign(end, "-") and line.touches(end) and line.touches(end + 1)
        if not spaced and not (joined and line.is_number(end + 1)):
            break
        hyphens += not spaced
        end += 1 if spaced else 2
        groups.append(line.key(end - 1))
    return groups, end, hyphens


def _is_dashed(groups: list[str], hyphens: int) -> bool:
    """Return whether hyphens join digits that are not a sum: 512-345-678, 555-1234, 555-0142-77."""
    if hyphens != len(groups) - 1:
        return False
    digits = sum(map(len, groups))
    zero = any(g[0] == "0" and g.strip("0") and len(g) > 1 for g in groups[1:])
    short = digits == RUN_DIGITS and len(groups[0]) == 3
    return digits >= PHONE_DIGITS or short or (hyphens > 1 and zero)


def _is_grouped(groups: list[str]) -> bool:
    """Return whether groups are those of a phone rather than thousands: 0151 23456789."""
    if groups[0][0] == "0" and len(groups[0]) > 1:
        return True
    thousands = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    return len(groups) > 2 and not thousands and min(map(len, groups)) > 1
