"""Find shops that a chat has named again by their numbers or their print.

A paper is the shop's when it shows one of its numbers (telephone, tax, registration), or reads the
same at the name and has no number of another shop. A heading misread as the name ("TAX INVOICE")
must not turn every shop with that heading into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ledger.receipt.reading.labels import fold_text, is_one_letter_off

_HEAD_ROWS = 14
_DIGITS_MAX = 15
_SPELT = 6
"""Letters of a name from which one misread letter is forgiven."""
_DAY = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}:\d{2}(?::\d{2})?|\b20\d{6}\b")
_MONEY = re.compile(r"\d[.,]\d\d\b")
_NUMBER = re.compile(r"\d(?:[ \-/.()]{0,3}\d){6,}")
_NUMBERED = re.compile(
    r"\b(?:tel|phone|fon|tél|tlf|gst|sst|vat|ust|uid|steuer|tva|siret|siren|nif|cif|nip|dič|ičo|roc|abn"
    r"|p\.?\s?iva|btw|kvk|cnpj|rfc|rut|инн|тел|єдрпоу|еик|αφμ)",
    re.IGNORECASE,
)
"""Words in front of a shop's own number, anywhere on the paper."""


@dataclass(frozen=True, slots=True)
class KnownShop:
    """A shop as a person corrected it.

    Attributes:
        name: its name in this chat.
        read_as: folded print that was taken for its name.
        numbers: digits of the numbers on its paper, see `find_numbers`.
    """

    name: str
    read_as: str
    numbers: frozenset[str]


def build_shop(name: str, printed: str, text: str) -> KnownShop:
    """Remember a shop: its name, the print that was taken for the name, and its paper's text."""
    return KnownShop(name, fold_text(printed), find_numbers(text))


def find_name(shops: Iterable[KnownShop], printed: str, text: str) -> str | None:
    """Return the chat's name for the shop of a paper, by the first correction that fits."""
    bones, numbers = fold_text(printed), None
    for shop in shops:
        numbers = find_numbers(text) if numbers is None else numbers
        if numbers & shop.numbers:
            return shop.name
        told_apart = bool(numbers and shop.numbers)
        if not told_apart and _reads_as(bones, shop.read_as):
            return shop.name
    return None


def find_numbers(text: str) -> frozenset[str]:
    """Return the digits of numbers in the head of a paper, and of tax ids anywhere on it."""
    rows = text.split("\n")
    # Below the first price goods are sold, and most numbers are theirs.
    goods = next((place for place, row in enumerate(rows) if _MONEY.search(row)), len(rows))
    head = min(goods, _HEAD_ROWS)
    shown = (row for place, row in enumerate(rows) if place < head or _NUMBERED.search(row))
    found = (
        re.sub(r"\D", "", match) for row in shown for match in _NUMBER.findall(_DAY.sub(" | ", row))
    )
    return frozenset(digits for digits in found if len(digits) <= _DIGITS_MAX)


def _reads_as(bones: str, other: str) -> bool:
    if len(bones) < _SPELT:
        return bool(bones) and bones == other
    return is_one_letter_off(bones, other)
