"""Which amount was to be paid: candidates, what speaks for each, arithmetic as the judge.

The total is what the customer had to pay: tax included, after rounding, before cash handed over and
change given back. It always occurs on the paper as it is; a sum that is not printed is no candidate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from ledger.receipt.labels import Label
from ledger.receipt.ranking import Candidate
from ledger.receipt.sheet import Figure, Sheet

Sums = frozenset[Decimal]

_ROUNDING_MAX = Decimal("1.00")
"""Cash rounding moves a total by less than this in every currency with cents."""


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
    seen: dict[Decimal, list[Figure]] = {}
    for figure in sheet.all_figures:
        seen.setdefault(abs(figure.value), []).append(figure)
    largest = max(seen, default=Decimal(0))
    last_total = max(
        (index for index, labels in enumerate(sheet.labels) if _is_total(labels)), default=-1
    )
    candidates = []
    for value, figures in seen.items():
        if value <= 0:
            continue
        features = _features(sheet, value, figures, book)
        features["largest"] = float(value == largest)
        features["in last total row"] = float(any(figure.row == last_total for figure in figures))
        features["zero decimals odd"] = float(
            sheet.decimals > 0 and all(figure.amount.decimals == 0 for figure in figures)
        )
        evidence = max(figures, key=lambda figure: len(sheet.context(figure.row) & _SPEAKING))
        candidates.append(
            Candidate(
                value,
                features,
                sheet.rows[evidence.row].text,
                tuple(figure.row for figure in figures),
            )
        )
    return candidates


_SPEAKING: frozenset[Label] = frozenset({"total", "payable"})


def _is_total(labels: Iterable[Label]) -> bool:
    held = set(labels)
    return bool(held & _SPEAKING) and not held & {"subtotal", "count", "discount", "change"}


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
        roundings=frozenset(v for v in having("rounding") if abs(v) < _ROUNDING_MAX),
        discounts=having("discount"),
        paid=having("cash", "change"),
        cards=having("card"),
        changes=having("change"),
        tips=having("tip"),
        items=items,
    )


def _features(
    sheet: Sheet, value: Decimal, figures: list[Figure], book: Ledger
) -> dict[str, float]:
    features: dict[str, float] = {}
    for figure in figures:
        for name, amount in _place(sheet, figure).items():
            features[name] = max(features.get(name, 0.0), amount)
    total_rows = {f.row for f in figures if _is_total(sheet.context(f.row))}
    features["printed twice"] = float(len({figure.row for figure in figures}) > 1)
    features["printed three times"] = float(len({figure.row for figure in figures}) > 2)  # noqa: PLR2004 - three
    features["two total rows"] = float(len(total_rows) > 1)
    features.update(_arithmetic(value, book))
    return features


def _place(sheet: Sheet, figure: Figure) -> dict[str, float]:
    """What the row of one occurrence says."""
    labels = sheet.context(figure.row)
    row = sheet.rows[figure.row]
    named = _is_total(labels)
    plain = named and not labels & {"tax", "excluding", "cash", "card", "deposit"}
    tall = row.height / sheet.height if sheet.height else 1.0
    return {
        "row says total": float(plain),
        "row says payable": float("payable" in labels and "subtotal" not in labels),
        "row says total and tax": float(named and "tax" in labels and "including" not in labels),
        "row says total with tax": float(named and bool(labels & {"including"})),
        "row says total and cash": float(named and bool(labels & {"cash", "card"})),
        "row says total rounded": float("total" in labels and "rounding" in labels),
        "row says subtotal": float("subtotal" in labels and "payable" not in labels),
        "row says excluding": float("excluding" in labels and "including" not in labels),
        "row says tax": float("tax" in labels and not named),
        "row says service": float("service" in labels),
        "row says tip": float("tip" in labels),
        "row says rounding": float("rounding" in labels and "total" not in labels),
        "row says discount": float("discount" in labels),
        "row says cash": float("cash" in labels and not named),
        "row says card": float("card" in labels and not named),
        "row says change": float("change" in labels and not named),
        "row says count": float("count" in labels),
        "row says nothing": float(not labels),
        "total but not last figure": float(named and figure.from_right > 0),
        "tall": min(2.0, max(0.0, tall - 1.15)),
        "currency sign": float(figure.amount.currency is not None),
        "last figure": float(figure.from_right == 0),
        "negative": float(figure.value < 0),
        "unclean": float(not figure.amount.clean),
        "badly read": max(0.0, 0.9 - row.confidence),
    }


def _arithmetic(value: Decimal, book: Ledger) -> dict[str, float]:
    """Which equations hold with this value as the total, exactly, to the minor unit."""
    named = book.totals | book.payables
    plus = _sums(book.taxes | book.services | book.tips) | {Decimal(0)}
    rounded = book.roundings | {-r for r in book.roundings}
    rounding = {r for r in rounded if r} | {Decimal(0)}
    before = {value - r for r in rounding}
    return {
        "cash less change": float(
            any(
                paid - abs(change) == value
                for paid in book.paid
                for change in book.changes
                if change
            )
        ),
        "paid exactly": float(value in book.paid),
        "card charged": float(value in book.cards),
        "subtotal plus tax": float(
            any(b - s in plus for b in before for s in book.subtotals if b - s != 0)
        ),
        "equals subtotal": float(value in book.subtotals),
        "items add up": float(
            book.items is not None
            and any(b - book.items in plus | {-abs(d) for d in book.discounts} for b in before)
        ),
        "after rounding": float(any(r and value - r in named for r in rounded)),
        "before rounding": float(
            any(r and value + r in named for r in rounded if abs(r) < _ROUNDING_MAX)
        ),
        "tax makes it larger": float(any(value + tax in named for tax in plus if tax > 0)),
        "holds the largest total": float(bool(named) and value == max(named)),
    }


def _sums(values: Sums) -> Sums:
    """Every sum of one or two of the values (state and city tax, tax and service)."""
    found = set(values)
    ordered = sorted(values)[:8]
    for index, first in enumerate(ordered):
        for second in ordered[index + 1 :]:
            found.add(first + second)
    return frozenset(found)
