"""Hold the rows of a receipt with the meanings of their words and their amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from statistics import median

from ledger.money import minor_digits
from ledger.receipt.reading.amounts import Amount, find_amounts
from ledger.receipt.reading.labels import Label, find_labels
from ledger.receipt.reading.rows import Row

_NOT_MONEY_ROW = frozenset({"address"})
_UNSPACED = re.compile(
    r"[\u3040-\u30ff\u3400-\u4e00\u4e01-\u5185\u5187-\u9fff\uac00-\ud7af]{2}|[\u0e00-\u0eff]{3}"
)
"""Two signs of a script that writes words without blanks; 円 and 元 alone are currency signs."""
_WHOLE = frozenset(
    [
        "CLP",
        "COP",
        "CRC",
        "HUF",
        "IDR",
        "IRR",
        "ISK",
        "KHR",
        "KRW",
        "LAK",
        "LBP",
        "MMK",
        "PYG",
        "TZS",
        "UGX",
        "UZS",
        "VND",
    ]
)
"""Currencies without cents in use; three digits after a point are thousands there."""
_DOLLARS_MIN = 2
_LONG_NUMBER = Decimal(10_000_000)
"""Whole numbers from here on are phone, tax and serial numbers, unless a currency sign is next to them."""


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount with its place: row, order from the right in its row (0 is last), x of its end."""

    amount: Amount
    row: int
    from_right: int
    x: float

    @property
    def value(self) -> Decimal:
        """Return the amount in major units."""
        return self.amount.value


@dataclass(frozen=True)
class LabelledRows:
    """Rows with labels and figures; all indices refer to `rows`."""

    rows: tuple[Row, ...]
    labels: tuple[frozenset[Label], ...]
    figures: tuple[tuple[Figure, ...], ...]
    decimals: int

    @cached_property
    def height(self) -> float:
        """Return the median height of the letters."""
        return median(row.height for row in self.rows) if self.rows else 0.0

    @cached_property
    def text(self) -> str:
        """Return all rows as text, top to bottom."""
        return "\n".join(row.text for row in self.rows)

    @cached_property
    def all_figures(self) -> tuple[Figure, ...]:
        """Return every figure from top to bottom, left to right."""
        return tuple(figure for row in self.figures for figure in row)

    def context(self, index: int) -> frozenset[Label]:
        """Return labels of a row; one of bare figures takes those of a neighbour of bare words."""
        own = self.labels[index]
        if own or has_words(self.rows[index].text):
            return own
        for other in (index - 1, index + 1):
            if 0 <= other < len(self.rows) and not self.figures[other] and self.labels[other]:
                gap = abs(self.rows[other].y - self.rows[index].y)
                if gap < 2.2 * max(self.rows[other].height, self.rows[index].height):
                    return self.labels[other]
        return own


def label_rows(rows: tuple[Row, ...], currency: str, languages: frozenset[str]) -> LabelledRows:
    """Label the rows; `currency` decides the meaning of three digits after a point."""
    labels = tuple(find_labels(row.text, languages) for row in rows)
    raw = _mend_dollars(tuple(find_amounts(row.text) for row in rows))
    decimals = _count_decimals(raw, currency)
    figures = tuple(
        tuple(_list_figures(index, row, amounts, decimals))
        for index, (row, amounts) in enumerate(zip(rows, raw, strict=True))
    )
    return LabelledRows(rows, labels, figures, decimals)


def has_words(text: str) -> bool:
    """Return whether a row holds more words than tax letters and currency signs."""
    if _UNSPACED.search(text):
        return True
    return len(re.sub(r"[\W\d_]|\b[A-Za-z]{1,3}\b", "", text)) > 2  # noqa: PLR2004 - a word


def _count_decimals(raw: tuple[tuple[Amount, ...], ...], currency: str) -> int:
    """Return the decimals that this page prints: 2, 3, or 0 where no amount has any."""
    counts = {0: 0, 2: 0, 3: 0}
    for amounts in raw:
        for amount in amounts:
            if not amount.per_unit:
                counts[amount.decimals] += 1
    if counts[3] > counts[2] and minor_digits(currency) == 3:  # noqa: PLR2004 - dinars of the Gulf
        return 3
    if currency in _WHOLE and counts[3] > counts[2]:
        return 0
    if counts[2]:
        return 2
    return 0


def _mend_dollars(raw: tuple[tuple[Amount, ...], ...]) -> tuple[tuple[Amount, ...], ...]:
    """Take "58.70" for "$8.70" on a page of dollars that holds $8.70 elsewhere."""
    signed = {a.value for amounts in raw for a in amounts if a.currency == "$"}
    if len(signed) < _DOLLARS_MIN:
        return raw
    return tuple(tuple(_read_as_dollars(amount, signed) for amount in amounts) for amounts in raw)


def _read_as_dollars(amount: Amount, signed: set[Decimal]) -> Amount:
    match = re.fullmatch(r"[5S](\d[\d,]*\.\d\d)", amount.text)
    if amount.currency or not match:
        return amount
    value = Decimal(match[1].replace(",", ""))
    return replace(amount, value=value, currency="$", clean=False) if value in signed else amount


def _list_figures(
    index: int, row: Row, amounts: tuple[Amount, ...], decimals: int
) -> Iterator[Figure]:
    kept = [
        money
        for money in (_read_as_money(amount, decimals) for amount in amounts)
        if money is not None and not money.per_unit
    ]
    if decimals == 0:
        kept = [
            amount for amount in kept if amount.currency or _is_last_in_cell(row.text, amount.end)
        ]
    for position, amount in enumerate(kept):
        yield Figure(amount, index, len(kept) - 1 - position, _locate(row, amount.end))


def _read_as_money(amount: Amount, decimals: int) -> Amount | None:
    """Take a figure as money in the page's style, or not at all."""
    if amount.decimals == decimals and decimals:
        return amount
    if amount.decimals == 3 and decimals == 0:  # noqa: PLR2004 - 1.280 of a page without cents
        return _multiply_by_thousand(amount)
    if amount.decimals == 0 and (amount.currency or decimals == 0):
        return amount if amount.currency or abs(amount.value) < _LONG_NUMBER else None
    if amount.decimals == 3 and amount.currency and decimals == 2:  # noqa: PLR2004 - €1,280
        return _multiply_by_thousand(amount)
    return None


def _multiply_by_thousand(amount: Amount) -> Amount:
    """Multiply an amount whose three digits behind a point are thousands here."""
    return replace(amount, value=(amount.value * 1000).quantize(Decimal(1)), decimals=0)


def _is_last_in_cell(text: str, end: int) -> bool:
    """Return whether only a tax letter follows in the run; otherwise the number belongs to a text."""
    return bool(re.match(r"[\s.*]?[A-Z]?(?:$|\s{2})", text[end:]))


def _locate(row: Row, end: int) -> float:
    """Return the x of the character before `end`."""
    start = 0
    for cell in row.cells:
        stop = start + len(cell.text)
        if end <= stop:
            return cell.left + (cell.right - cell.left) * max(0, end - start) / max(
                1, len(cell.text)
            )
        start = stop + 2
    return row.right
