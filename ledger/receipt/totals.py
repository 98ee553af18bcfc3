"""Which amount was to be paid: candidates, what speaks for each, arithmetic as the judge.

The total is what the customer had to pay: tax included, after rounding, before cash handed over and
change given back. It always occurs on the paper as it is; a sum that is not printed is no candidate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from ledger.receipt.labels import Label
from ledger.receipt.ranking import Candidate
from ledger.receipt.sheet import Figure, Sheet

Sums = frozenset[Decimal]

_ROUNDING_MAX = Decimal("1.00")
"""Cash rounding moves a total by less than this in every currency with cents."""
_ROUND_STEP = Decimal("0.05")
"""The smallest coin of countries that round cash; a rounded total is a multiple of it."""
_COIN_STEPS = (Decimal("0.01"), Decimal("0.02"))
"""How far a total moves to the nearest such coin, where the page says that it was rounded but the
figure that says by how much could not be read."""
_SMALL_SHARE = Decimal("0.25")
_CASH_BELOW = 3
"""Within how many rows below a total the payment usually stands."""
_TABLE_ROWS = 4
_SPEAKING: frozenset[Label] = frozenset({"total", "payable"})
_PAYING: frozenset[Label] = frozenset({"cash", "card", "change"})


@dataclass(frozen=True)
class Ledger:
    """The labelled figures of a page, by meaning."""

    totals: Sums
    payables: Sums
    subtotals: Sums
    taxes: Sums
    services: Sums
    roundings: Sums
    discounts: Sums
    paid: Sums
    cards: Sums
    changes: Sums
    tips: Sums
    items: Decimal | None = field(default=None)


def find_totals(sheet: Sheet, items: Decimal | None) -> list[Candidate[Decimal]]:
    """Return every distinct positive amount as a candidate, in reading order.

    `items` is the sum of the line items, when some were found.
    """
    book = build_ledger(sheet, items)
    page = _survey(sheet)
    seen: dict[Decimal, list[Figure]] = {}
    for figure in sheet.all_figures:
        if figure.value:
            seen.setdefault(abs(figure.value), []).append(figure)
    return [
        Candidate(
            value,
            {
                **_by_labels(sheet, figures),
                **_by_place(sheet, value, figures, page),
                **_by_arithmetic(value, book, page),
            },
            sheet.rows[_speaking_row(sheet, figures)].text,
            tuple(figure.row for figure in figures),
        )
        for value, figures in seen.items()
    ]


@dataclass(frozen=True)
class _Page:
    """What is known of the page before one amount is looked at."""

    values: Sums
    largest: Decimal
    largest_named: Decimal
    last_total: int
    first_paying: int
    last_item: int
    tax_table: frozenset[int]
    rounds: bool


def _survey(sheet: Sheet) -> _Page:
    values = frozenset(abs(figure.value) for figure in sheet.all_figures)
    named = [figure.value for figure in sheet.all_figures if is_total(sheet.context(figure.row))]
    lone = [i for i, row in enumerate(sheet.figures) if len(row) == 1]
    paying = [i for i, row in enumerate(sheet.figures) if row and sheet.labels[i] & _PAYING]
    bare = [i for i, row in enumerate(sheet.figures) if row and not sheet.context(i)]
    first_paying = min(paying, default=len(sheet.rows))
    return _Page(
        values,
        max(values, default=Decimal(0)),
        max(named, default=Decimal(0)),
        max((i for i in lone if is_total(sheet.context(i))), default=-1),
        first_paying,
        max((i for i in bare if i < first_paying), default=-1),
        frozenset(_tax_table(sheet)),
        any("rounding" in labels for labels in sheet.labels),
    )


def _tax_table(sheet: Sheet) -> Iterator[int]:
    """Rows below a heading that names tax and holds no figure of its own."""
    left = 0
    for index, labels in enumerate(sheet.labels):
        if "tax" in labels and not sheet.figures[index] and not labels & {"including", "address"}:
            left = _TABLE_ROWS
        elif sheet.figures[index] and left:
            left -= 1
            yield index


def is_total(labels: Iterable[Label]) -> bool:
    """Say whether a row with these labels names a total and not a part or a count of it."""
    held = set(labels)
    return bool(held & _SPEAKING) and not held & {"subtotal", "count", "discount", "change"}


def _speaking_row(sheet: Sheet, figures: list[Figure]) -> int:
    return max(figures, key=lambda figure: len(sheet.context(figure.row) & _SPEAKING)).row


def build_ledger(sheet: Sheet, items: Decimal | None) -> Ledger:
    """Sort the figures by what their rows say."""

    def having(label: Label, *without: Label) -> Sums:
        return frozenset(
            figure.value
            for figure in sheet.all_figures
            if label in (labels := sheet.context(figure.row))
            and not labels & set(without)
            and figure.from_right == 0
        )

    return Ledger(
        totals=having("total", "subtotal", "count", "discount", "change"),
        payables=having("payable"),
        subtotals=having("subtotal"),
        taxes=having("tax", "payable", "count") | having("tax", "including"),
        services=having("service"),
        roundings=frozenset(
            value for value in having("rounding", "payable") if 0 < abs(value) < _ROUNDING_MAX
        ),
        discounts=having("discount"),
        paid=having("cash", "change"),
        cards=having("card"),
        changes=having("change"),
        tips=having("tip"),
        items=items,
    )


def _by_labels(sheet: Sheet, figures: list[Figure]) -> dict[str, float]:
    """What the rows say: for good words one row is enough, bad ones must stand in every row."""
    rows = [sheet.context(figure.row) for figure in figures]
    named = [is_total(labels) for labels in rows]

    def some(*labels: Label) -> float:
        return float(any(held & set(labels) for held in rows))

    def every(label: Label) -> float:
        return float(all(label in held for held in rows))

    plain = [
        good and not held & {"tax", "excluding", "cash", "card", "deposit"}
        for good, held in zip(named, rows, strict=True)
    ]
    return {
        "row says total": float(any(plain)),
        "row says payable": float(any("payable" in h and "subtotal" not in h for h in rows)),
        "row says total and tax": float(
            any(n and "tax" in h and "including" not in h for n, h in zip(named, rows, strict=True))
        ),
        "row says total with tax": float(
            any(n and "including" in h for n, h in zip(named, rows, strict=True))
        ),
        "row says total and cash": float(
            any(n and h & {"cash", "card"} for n, h in zip(named, rows, strict=True))
        ),
        "row says total rounded": float(any({"total", "rounding"} <= held for held in rows)),
        "row says cash": some("cash"),
        "row says card": some("card"),
        "no row says a total": float(not any(named)),
        "rows say nothing": float(not any(rows)),
        "rows say subtotal": every("subtotal"),
        "rows say excluding": every("excluding"),
        "rows say tax": every("tax"),
        "rows say service": every("service"),
        "rows say tip": every("tip"),
        "rows say rounding": every("rounding"),
        "rows say discount": every("discount"),
        "rows say cash": every("cash"),
        "rows say change": every("change"),
        "rows say count": every("count"),
        "rows say address": every("address"),
        "two total rows": float(sum(plain) > 1),
    }


def _by_place(sheet: Sheet, value: Decimal, figures: list[Figure], page: _Page) -> dict[str, float]:
    """Where the amount stands and how it is printed."""
    rows = [sheet.rows[figure.row] for figure in figures]
    tall = max(row.height for row in rows) / sheet.height if sheet.height else 1.0
    places = {figure.row for figure in figures}
    return {
        "printed twice": float(len(places) > 1),
        "printed three times": float(len(places) > 2),  # noqa: PLR2004 - three
        "in last total row": float(page.last_total in places),
        "just above the payment": float(
            any(0 < page.first_paying - row <= _CASH_BELOW for row in places)
        ),
        "below the payment": float(min(places) > page.first_paying),
        "in a tax table": float(places <= page.tax_table),
        "among the items": float(max(places) <= page.last_item),
        "alone in its row": float(any(len(sheet.figures[row]) == 1 for row in places)),
        "never last in its row": float(all(figure.from_right for figure in figures)),
        "largest": float(value == page.largest),
        "small beside the largest": float(value < page.largest * _SMALL_SHARE),
        "small beside the largest total": float(value < page.largest_named * _SMALL_SHARE),
        "largest total": float(value == page.largest_named),
        "tall": min(2.0, max(0.0, tall - 1.15)),
        "currency sign": float(any(figure.amount.currency for figure in figures)),
        "negative": float(all(figure.value < 0 for figure in figures)),
        "unclean": float(all(not figure.amount.clean for figure in figures)),
        "badly read": max(0.0, 0.9 - max(row.confidence for row in rows)),
        "no decimals among decimals": float(
            sheet.decimals > 0 and all(figure.amount.decimals == 0 for figure in figures)
        ),
    }


def _by_arithmetic(value: Decimal, book: Ledger, page: _Page) -> dict[str, float]:
    """Which equations hold with this value as the total, exactly, to the minor unit."""
    plus = _sums(book.taxes | book.services | book.tips) | {Decimal(0)}
    rounded = {sign * r for r in book.roundings for sign in (1, -1)}
    coins = rounded | {sign * r for r in _COIN_STEPS if page.rounds for sign in (1, -1)}
    before = {value - r for r in rounded} | {value}
    grown = {
        tax for tax in book.taxes | book.services if 0 < tax < value and value - tax in page.values
    }
    return {
        "cash less change": float(
            any(
                paid - abs(c) == value for paid in book.paid | book.cards for c in book.changes if c
            )
        ),
        "larger less change": float(any(c and value + abs(c) in page.values for c in book.changes)),
        "paid exactly": float(value in book.paid),
        "card charged": float(value in book.cards),
        "subtotal plus tax": float(
            any(b - s in plus for b in before for s in book.subtotals if b != s)
        ),
        "another plus tax": float(bool(grown)),
        "equals subtotal": float(value in book.subtotals),
        "items add up": float(
            book.items is not None
            and any(b - book.items in plus | {-abs(d) for d in book.discounts} for b in before)
        ),
        "after rounding": float(any(_is_after(value, value - r, page) for r in coins)),
        "before rounding": float(any(_is_after(value + r, value, page) for r in coins)),
        "tax makes it larger": float(
            any(value + tax in book.totals | book.payables for tax in plus if tax > 0)
        ),
        "service makes it larger": float(
            any(value + more in page.values for more in book.services if more > 0)
        ),
    }


def _is_after(rounded: Decimal, exact: Decimal, page: _Page) -> bool:
    """Say whether one printed amount is the other one rounded to coins."""
    if rounded == exact or not {rounded, exact} <= page.values:
        return False
    return rounded % _ROUND_STEP == 0 and exact % _ROUND_STEP != 0


def _sums(values: Sums) -> Sums:
    """Every sum of one or two of the values (state and city tax, tax and service)."""
    found = set(values)
    ordered = sorted(values)[:8]
    for index, first in enumerate(ordered):
        for second in ordered[index + 1 :]:
            found.add(first + second)
    return frozenset(found)
