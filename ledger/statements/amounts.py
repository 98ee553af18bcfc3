"""Read the amounts of a statement's cells."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from ledger.money import is_currency, minor_digits
from ledger.text.lines.characters import shape

Side = Literal["out", "in"]

_OUT = frozenset({"d", "dr", "db", "s"})
_IN = frozenset({"c", "cr", "h"})
_MARK = re.compile(r"(?P<before>[+-]|\()?\s*(?P<figures>\d[\d.,' ]*)\s*(?P<after>[+-]|\))?")
_WORD = re.compile(r"[^\W\d_]+\.?|[$€£¥₹₺₽₴₩₪฿₫₦]")
# Groups have three digits; in India those before the last have two.
_GROUPS = {
    ".": re.compile(r"(?:\d{1,3}(?:[,' ]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d+)(?:\.(\d+))?|\.(\d+)"),
    ",": re.compile(r"(?:\d{1,3}(?:[.' ]\d{3})+|\d+)(?:,(\d+))?|,(\d+)"),
}
_DIGITS_MAX = 15
_FRACTION_MAX = 2
_CACHED = 1 << 15
"""Cells that are kept; each is read a few times, to prove its notation and then to be used."""
_WORD_MAX = 4
"""Letters of the longest currency word next to a figure (`руб.`)."""


@lru_cache(maxsize=_CACHED)
def parse_amount(cell: str, decimal: str, currency: str | None = None) -> Decimal | None:
    """Return the signed amount of a cell, None where it is not one under this decimal separator.

    Brackets, a minus behind the figures, and `DR` or `CR` next to them count as signs. A fraction
    longer than the currency's is not one, so `1.234` is a thousand.
    """
    plain = shape(cell).replace("\u00a0", " ").replace("\u202f", " ").replace("–", "-").strip()
    side, rest = _take_words(plain)
    found = _MARK.fullmatch(rest.strip())
    if side == "none" or not found:
        return None
    figures = found["figures"].strip()
    match = _GROUPS[decimal].fullmatch(figures)
    if not match or sum(map(str.isdigit, figures)) > _DIGITS_MAX:
        return None
    fraction = match[1] or match[2] or ""
    limit = max(_FRACTION_MAX, minor_digits(currency) if currency else _FRACTION_MAX)
    # Banks pad exact amounts with zeros: `12.5000`.
    if len(fraction.rstrip("0")) > limit or (len(fraction) == 3 and limit < 3):  # noqa: PLR2004  # a group
        return None
    value = Decimal("".join(c if c.isdigit() else "." if c == decimal else "" for c in figures))
    negative = side == "out" or found["before"] in {"-", "("} or found["after"] == "-"
    return -value if negative else value


@lru_cache(maxsize=_CACHED)
def find_currency(cell: str) -> str | None:
    """Return the one ISO 4217 code that a cell holds in capitals, None for none or several."""
    codes = {word for word in re.findall(r"\b[A-Z]{3}\b", cell) if is_currency(word)}
    return codes.pop() if len(codes) == 1 else None


def _take_words(text: str) -> tuple[Literal["out", "in", "none", ""], str]:
    """Take the words next to a figure away; return the side they name, `none` for other words."""
    side: Literal["out", "in", "none", ""] = ""
    for word in _WORD.findall(text):
        folded = word.casefold().rstrip(".")
        if folded in _OUT:
            side = "out"
        elif folded in _IN:
            side = "in"
        elif len(folded) > _WORD_MAX:
            return "none", text
    return side, _WORD.sub("", text)
