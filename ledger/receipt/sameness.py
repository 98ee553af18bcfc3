"""Decide whether two pictures show the same receipt, as a retaken photo does.

The picture itself tells only copies of one file, in other sizes and qualities (`is_same_picture`).
Another photo of the same paper is told by what is printed on it (`is_same_receipt`).

The sum and the day are not enough, since two equal coffees are two. A receipt also carries the minute
of its sale and numbers that occur once (receipt, transaction, approval), between numbers that every
receipt of the shop carries (telephone, tax number). A second sale differs in the minute and in some
number; a second photo of the same paper differs in neither, apart from misread digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from ledger.receipt.draft import ReceiptDraft

NUMBERS_MAX: Final = 60
"""Numbers that are kept of a receipt; supermarkets print one for every article."""
PICTURE_BITS_APART: Final = 20
"""Bits of 255 in which two copies of a picture may differ. Of 150 pictures, saved at quality 60 or at
half the size, none differed in more than 12 from its original; of 21,918 pairs of others none in less
than 36."""
_TIME: Final = re.compile(r"(?<![\d.,:])([01]?\d|2[0-3])[:h]([0-5]\d)(?!\d)")
_AMOUNT: Final = re.compile(r"\D{0,4}\d{1,3}(?:[.,' ]?\d{3})*[.,]\d{2}\D{0,4}")
_DIGITS_MIN: Final = 4
_ALIKE: Final = 0.34
"""Share of the fewer numbers that both must have if the minute is the same."""
_NEARLY_ALL: Final = 0.75
"""The same if no minute is legible on one of them."""
_SHARED_MIN: Final = 2
_COUNTED_DIGITS: Final = 2
"""Digits at the end of a receipt's number that differ on a sale of the same day."""


@dataclass(frozen=True, slots=True)
class ContentPrint:
    """Marks that only one receipt has; `times` are minutes of a day, `numbers` digits."""

    total: Decimal
    currency: str
    on: date | None
    times: frozenset[str]
    numbers: frozenset[str]


def print_content(draft: ReceiptDraft) -> ContentPrint | None:
    """Return the content print of a draft; None without a total, which nothing can be compared by."""
    if draft.total is None or draft.currency is None:
        return None
    times = {f"{int(hour):02}:{minute}" for hour, minute in _TIME.findall(draft.text)}
    numbers = [digits for word in draft.text.split() if (digits := _number(word))]
    kept = frozenset(dict.fromkeys(numbers[:NUMBERS_MAX]))
    return ContentPrint(draft.total, draft.currency, draft.on, frozenset(times), kept)


def is_same_receipt(one: ContentPrint, other: ContentPrint) -> bool:
    """Return whether two prints are of the same piece of paper."""
    if (one.total, one.currency) != (other.total, other.currency):
        return False
    if one.on and other.on and one.on != other.on:
        return False
    if one.times - other.times and other.times - one.times:
        return False
    shared = len(one.numbers & other.numbers)
    fewer = min(len(one.numbers), len(other.numbers))
    if one.times & other.times:
        return shared >= _ALIKE * fewer
    if _is_counted_on(one.numbers, other.numbers):
        return False
    return shared >= max(_SHARED_MIN, _NEARLY_ALL * fewer)


def is_same_picture(one: str, other: str) -> bool:
    """Compare picture prints (hexadecimal, `Reading.picture_print`); False if one is missing."""
    if not one or not other or len(one) != len(other):
        return False
    return (int(one, 16) ^ int(other, 16)).bit_count() <= PICTURE_BITS_APART


def _is_counted_on(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether both receipts have a number that differs only in its end, as 10412 and 10415."""
    ours, theirs = one - other, other - one
    return any(
        len(a) == len(b) and a[:-_COUNTED_DIGITS] == b[:-_COUNTED_DIGITS]
        for a in ours
        for b in theirs
    )


def _number(word: str) -> str:
    """Return the digits of a word, "" for amounts, times and words of few digits."""
    if _AMOUNT.fullmatch(word) or _TIME.search(word):
        return ""
    digits = "".join(char for char in word if char.isdecimal())
    return digits if len(digits) >= _DIGITS_MIN else ""
