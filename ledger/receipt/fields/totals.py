"""Find the amount to pay among candidates, by features of labels, place and arithmetic.

The total is the amount that the customer had to pay, tax included and after rounding, not the cash
handed over. It occurs on the paper as it is; a sum that is not printed is not a candidate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from ledger.receipt.fields.ranking import Candidate
from ledger.receipt.reading.labelled_rows import Figure, LabelledRows
from ledger.receipt.reading.labels import Label

Sums = frozenset[Decimal]

_ROUNDING_MAX = Decimal("1.00")
"""Cash rounding moves a total by less than this in every currency with cents."""
_ROUND_STEP = Decimal("0.05")
"""The smallest coin of countries that round cash; a rounded total is a multiple of it."""
_COIN_STEPS = (Decimal("0.01"), Decimal("0.02"))
"""The most that a total moves to the nearest such coin, where the page names a rounding but its
figure could not be read."""
_SMALL_SHARE = Decimal("0.25")
_CASH_BELOW = 3
"""Rows below a total within which the payment usually follows."""
_TABLE_ROWS = 4
_NAMING: frozenset[Label] = frozenset({"total", "payable"})
_PAYING: frozenset[Label] = frozenset({"cash", "card", "change"})


@dataclass(frozen=True)
class PrintedSums:
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


def find_totals(labelled: LabelledRows, items: Decimal | None) -> list[Candidate[Decimal]]:
    """Return every distinct positive amount as a candidate, in reading order.

    `items` is the sum of the line items, when some were found.
    """
    printed = collect_sums(labelled, items)
    survey = _survey(labelled)
    seen: dict[Decimal, list[Figure]] = {}
    for figure in labelled.all_figures:
        if figure.value:
            seen.setdefault(abs(figure.value), []).append(figure)
    return [
        Candidate(
            value,
            {
                **_describe_labels(labelled, figures),
                **_describe_place(labelled, value, figures, survey),
                **_describe_arithmetic(value, printed, survey),
            },
            labelled.rows[_find_naming_row(labelled, figures)].text,
            tuple(figure.row for figure in figures),
        )
        for value, figures in seen.items()
    ]


@dataclass(frozen=True)
class _Survey:
    """Facts of the page that all amounts share."""

    values: Sums
    largest: Decimal
    largest_named: Decimal
    last_total: int
    first_paying: int
    last_item: int
    tax_table: frozenset[int]
    rounds: bool


def _survey(labelled: LabelledRows) -> _Survey:
    values = frozenset(abs(figure.value) for figure in labelled.all_figures)
    named = [
        figure.value for figure in labelled.all_figures if is_total(labelled.context(figure.row))
    ]
    lone = [i for i, row in enumerate(labelled.figures) if len(row) == 1]
    paying = [i for i, row in enumerate(labelled.figures) if row and labelled.labels[i] & _PAYING]
    bare = [i for i, row in enumerate(labelled.figures) if row and not labelled.context(i)]
    first_paying = min(paying, default=len(labelled.rows))
    return _Survey(
        values,
        max(values, default=Decimal(0)),
        max(named, default=Decimal(0)),
        max((i for i in lone if is_total(labelled.context(i))), default=-1),
        first_paying,
        max((i for i in bare if i < first_paying), default=-1),
        frozenset(_find_tax_table(labelled)),
        any("rounding" in labels for labels in labelled.labels),
    )


def _find_tax_table(labelled: LabelledRows) -> Iterator[int]:
    """Return rows below a heading that names tax and holds no figure of its own."""
    left = 0
    for index, labels in enumerate(labelled.labels):
        if (
            "tax" in labels
            and not labelled.figures[index]
            and not labels & {"including", "address"}
        ):
            left = _TABLE_ROWS
        elif labelled.figures[index] and left:
            left -= 1
            yield index


def is_total(labels: Iterable[Label]) -> bool:
    """Return whether a row with these labels names a total and not a part or a count of it."""
    held = set(labels)
    return bool(held & _NAMING) and not held & {"subtotal", "count", "discount", "change"}


def _find_naming_row(labelled: LabelledRows, figures: list[Figure]) -> int:
    return max(figures, key=lambda figure: len(labelled.context(figure.row) & _NAMING)).row


def collect_sums(labelled: LabelledRows, items: Decimal | None) -> PrintedSums:
    """Sort the figures by the labels of their rows."""

    def having(label: Label, *without: Label) -> Sums:
        return frozenset(
            figure.value
            for figure in labelled.all_figures
            if label in (labels := labelled.context(figure.row))
            and not labels & set(without)
            and figure.from_right == 0
        )

    return PrintedSums(
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


def _describe_labels(labelled: LabelledRows, figures: list[Figure]) -> dict[str, float]:
    """Return features of labels: a good one counts in any row, a bad one only in every row."""
    rows = [labelled.context(figure.row) for figure in figures]
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


def _describe_place(
    labelled: LabelledRows, value: Decimal, figures: list[Figure], survey: _Survey
) -> dict[str, float]:
    """Return features of the amount's place and print."""
    rows = [labelled.rows[figure.row] for figure in figures]
    tall = max(row.height for row in rows) / labelled.height if labelled.height else 1.0
    places = {figure.row for figure in figures}
    return {
        "printed twice": float(len(places) > 1),
        "printed three times": float(len(places) > 2),  # noqa: PLR2004 - three
        "in last total row": float(survey.last_total in places),
        "just above the payment": float(
            any(0 < survey.first_paying - row <= _CASH_BELOW for row in places)
        ),
        "below the payment": float(min(places) > survey.first_paying),
        "in a tax table": float(places <= survey.tax_table),
        "among the items": float(max(places) <= survey.last_item),
        "alone in its row": float(any(len(labelled.figures[row]) == 1 for row in places)),
        "never last in its row": float(all(figure.from_right for figure in figures)),
        "largest": float(value == survey.largest),
        "small beside the largest": float(value < survey.largest * _SMALL_SHARE),
        "small beside the largest total": float(value < survey.largest_named * _SMALL_SHARE),
        "largest total": float(value == survey.largest_named),
        "tall": min(2.0, max(0.0, tall - 1.15)),
        "currency sign": float(any(figure.amount.currency for figure in figures)),
        "negative": float(all(figure.value < 0 for figure in figures)),
        "unclean": float(all(not figure.amount.clean for figure in figures)),
        "badly read": max(0.0, 0.9 - max(row.confidence for row in rows)),
        "no decimals among decimals": float(
            labelled.decimals > 0 and all(figure.amount.decimals == 0 for figure in figures)
        ),
    }


def _describe_arithmetic(value: Decimal, printed: PrintedSums, survey: _Survey) -> dict[str, float]:
    """Return features of the equations that hold with this total, exact to the minor unit."""
    plus = _add_pairs(printed.taxes | printed.services | printed.tips) | {Decimal(0)}
    rounded = {sign * r for r in printed.roundings for sign in (1, -1)}
    coins = rounded | {sign * r for r in _COIN_STEPS if survey.rounds for sign in (1, -1)}
    before = {value - r for r in rounded} | {value}
    grown = {
        tax
        for tax in printed.taxes | printed.services
        if 0 < tax < value and value - tax in survey.values
    }
    return {
        "cash less change": float(
            any(
                paid - abs(c) == value
                for paid in printed.paid | printed.cards
                for c in printed.changes
                if c
            )
        ),
        "larger less change": float(
            any(c and value + abs(c) in survey.values for c in printed.changes)
        ),
        "paid exactly": float(value in printed.paid),
        "card charged": float(value in printed.cards),
        "subtotal plus tax": float(
            any(b - s in plus for b in before for s in printed.subtotals if b != s)
        ),
        "another plus tax": float(bool(grown)),
        "equals subtotal": float(value in printed.subtotals),
        "items add up": float(
            printed.items is not None
            and any(
                b - printed.items in plus | {-abs(d) for d in printed.discounts} for b in before
            )
        ),
        "after rounding": float(any(_is_after(value, value - r, survey) for r in coins)),
        "before rounding": float(any(_is_after(value + r, value, survey) for r in coins)),
        "tax makes it larger": float(
            any(value + tax in printed.totals | printed.payables for tax in plus if tax > 0)
        ),
        "service makes it larger": float(
            any(value + more in survey.values for more in printed.services if more > 0)
        ),
    }


def _is_after(rounded: Decimal, exact: Decimal, survey: _Survey) -> bool:
    """Return whether one printed amount is the other one rounded to coins."""
    if rounded == exact or not {rounded, exact} <= survey.values:
        return False
    return rounded % _ROUND_STEP == 0 and exact % _ROUND_STEP != 0


def _add_pairs(values: Sums) -> Sums:
    """Return every sum of one or two of the values (state and city tax, tax and service)."""
    found = set(values)
    ordered = sorted(values)[:8]
    for index, first in enumerate(ordered):
        for second in ordered[index + 1 :]:
            found.add(first + second)
    return frozenset(found)
