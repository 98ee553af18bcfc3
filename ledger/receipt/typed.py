"""Build drafts from readers that name fields themselves and return raw texts.

Amounts and dates are parsed here and sums are checked. A total that does not occur in the text
is not believed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ledger.money import is_currency, minor_digits
from ledger.receipt.deciding.checks import check_total, sum_items
from ledger.receipt.deciding.decision import decide, may_book
from ledger.receipt.draft import (
    Choices,
    CurrencySource,
    Field,
    LineItem,
    ReceiptContext,
    ReceiptDraft,
)
from ledger.receipt.fields.countries import load_countries
from ledger.receipt.fields.currencies import list_currencies_sharing
from ledger.receipt.fields.dates import read_day
from ledger.receipt.fields.totals import PrintedSums
from ledger.receipt.known_shops import find_name
from ledger.receipt.reading import FieldName, Reading, TypedField, TypedItem, TypedReceipt
from ledger.receipt.reading.amounts import find_amounts, find_sign_currency
from ledger.receipt.reading.labelled_rows import label_rows
from ledger.receipt.reading.rows import build_rows

_UNSEEN = 0.3
"""Factor on a total's confidence when the text of the page lacks it."""
_UNCLEAR = 0.5
"""Factor on a field's confidence when its print is ambiguous."""
_CHOICES_MAX = 4


def build_typed_draft(
    receipt: TypedReceipt, reading: Reading, context: ReceiptContext
) -> ReceiptDraft:
    """Build a draft of one receipt from a reader's fields."""
    code, source, meant = _find_currency(receipt, context)
    digits = minor_digits(code or context.currency)
    items = tuple(line for item in receipt.items if (line := _build_item(item, digits)))
    totals = _read_totals(receipt, digits)
    printed = _collect_sums(receipt, digits, items)
    best = _judge(totals, printed)
    days = _read_days(receipt, context)
    merchant = _find_best(receipt, "merchant")
    taxes = [
        value
        for found in receipt.fields
        if found.name == "tax"
        for value in _read_values(found, digits)
    ]
    labelled = label_rows(
        tuple(row for page in reading.pages for row in build_rows(page)),
        code or "",
        frozenset({"en"}),
    )
    confidence: dict[Field, float] = {"currency": _UNCLEAR if len(meant) > 1 else 0.9}
    evidence: dict[Field, str] = {}
    if best:
        confidence["total"], evidence["total"] = best[1], str(best[0])
        if reading.pages and best[0] not in {abs(figure.value) for figure in labelled.all_figures}:
            confidence["total"] *= _UNSEEN
    if days:
        confidence["date"] = days[0][1]
    if merchant:
        confidence["merchant"], evidence["merchant"] = merchant.confidence, merchant.text
    name = " ".join(merchant.text.split()) if merchant else None
    draft = ReceiptDraft(
        "receipt",
        find_name(context.shops, merchant.text if merchant else "", labelled.text) or name,
        days[0][0] if days else None,
        best[0] if best else None,
        code,
        source,
        sum(taxes, Decimal(0)) if taxes else None,
        items,
        check_total(best[0], labelled, printed) if best else (),
        confidence,
        evidence,
        text=labelled.text,
    )
    rivals = {value for value, _ in totals} & _list_supported(printed)
    if len({value for value, _ in totals}) > 1 and rivals != {draft.total}:
        confidence["total"] = min(confidence["total"], _UNCLEAR)
    return _with_question(draft, [value for value, _ in totals], [day for day, _ in days], meant)


def _with_question(
    draft: ReceiptDraft, totals: list[Decimal], days: list[date], meant: tuple[str, ...]
) -> ReceiptDraft:
    failed = [check for check in draft.checks if not check.passed]
    passed = [check for check in draft.checks if check.passed]
    draft = decide(draft)
    asks = draft.asks
    if failed and not passed and "total" not in asks:
        asks = ("total", *asks)
    choices: dict[Field, Choices] = {}
    if "total" in asks:
        first = [draft.total] if draft.total is not None else []
        choices["total"] = tuple(dict.fromkeys([*first, *totals]))[:_CHOICES_MAX]
    if "currency" in asks:
        choices["currency"] = meant[:_CHOICES_MAX]
    others: dict[Field, Choices] = {}
    if "date" in draft.marks:
        others["date"] = tuple(day for day in dict.fromkeys(days) if day != draft.on)
    sure = may_book(draft, asks)
    return replace(draft, asks=asks, candidates=choices, alternatives=others, sure=sure)


def _read_days(receipt: TypedReceipt, context: ReceiptContext) -> list[tuple[date, float]]:
    """Return the days that the date fields can mean, the likeliest first.

    `03/04/2026` is two days where the country is not known, and neither is believed much.
    """
    today = context.now.date()
    days: list[tuple[date, float]] = []
    for found in receipt.fields:
        if found.name != "date":
            continue
        orders = (context.country,) if context.country else (None, "US", "GB")
        read = (read_day(found.text, order, today) for order in orders)
        possible = list(dict.fromkeys(day for day in read if day))
        share = _UNCLEAR if len(possible) > 1 else 1
        days.extend((day, found.confidence * share) for day in possible)
    return days


def _judge(
    totals: list[tuple[Decimal, float]], printed: PrintedSums
) -> tuple[Decimal, float] | None:
    """Choose among several totals: one that sums support, of those the largest (it has the tip).

    Where sums support none it is the surest, then the largest.
    """
    if not totals:
        return None
    supported = [pair for pair in totals if pair[0] in _list_supported(printed)]
    if supported:
        return max(supported)
    return max(totals, key=lambda pair: (pair[1], pair[0]))


def _list_supported(printed: PrintedSums) -> set[Decimal]:
    """Return the totals that the other printed figures add up to."""
    return {paid - abs(change) for paid in printed.paid for change in printed.changes} | {
        base + tax + extra - discount
        for base in printed.subtotals | ({printed.items} if printed.items is not None else set())
        for tax in {Decimal(0), *printed.taxes}
        for extra in {Decimal(0), *printed.tips, *printed.services}
        for discount in {Decimal(0), *(abs(value) for value in printed.discounts)}
    }


def _read_totals(receipt: TypedReceipt, digits: int) -> list[tuple[Decimal, float]]:
    pairs = [
        (value, found.confidence)
        for found in receipt.fields
        if found.name == "total"
        for value in _read_values(found, digits)
        if value > 0
    ]
    return sorted(pairs, key=lambda pair: -pair[1])


def _collect_sums(receipt: TypedReceipt, digits: int, items: tuple[LineItem, ...]) -> PrintedSums:
    def of(name: FieldName) -> frozenset[Decimal]:
        return frozenset(
            value
            for found in receipt.fields
            if found.name == name
            for value in _read_values(found, digits)
        )

    return PrintedSums(
        totals=of("total"),
        payables=frozenset(),
        subtotals=of("subtotal"),
        taxes=of("tax"),
        services=of("service") | of("shipping"),
        roundings=of("rounding"),
        discounts=of("discount"),
        paid=of("paid"),
        cards=frozenset(),
        changes=of("change"),
        tips=of("tip"),
        items=sum_items(items),
    )


def _build_item(item: TypedItem, digits: int) -> LineItem | None:
    prices = _parse(item.price, digits)
    if not prices:
        return None
    name = " ".join((item.name or item.row).split())
    quantity = _parse(item.quantity, 0, whole=True)
    unit = _parse(item.unit_price, digits)
    return LineItem(name, prices[-1], quantity[0] if quantity else None, unit[-1] if unit else None)


def _read_values(found: TypedField, digits: int) -> list[Decimal]:
    return _parse(found.text, digits)


def _parse(text: str, digits: int, *, whole: bool = False) -> list[Decimal]:
    """Return amounts of a text; three digits behind a point are thousands unless the money has three."""
    values = []
    for amount in find_amounts(text.strip()):
        value = amount.value
        if amount.decimals == 3 and digits != 3 and not whole:  # noqa: PLR2004 - thousandths
            value *= 1000
        values.append(value)
    return values


def _find_currency(
    receipt: TypedReceipt, context: ReceiptContext
) -> tuple[str | None, CurrencySource, tuple[str, ...]]:
    """Return the currency that the fields name most often, else the chat's, and all candidates.

    A sign that several currencies share ("$") is the country's or the chat's where that has it.
    """
    votes: Counter[str] = Counter()
    for found in receipt.fields:
        if found.name == "currency":
            code = find_sign_currency(found.text) or found.text.strip().upper()
            votes[code if is_currency(code) else found.text.strip()] += 1
        elif found.name == "total":
            votes.update(a.currency for a in find_amounts(found.text) if a.currency)
    named = [code for code, _ in votes.most_common() if is_currency(code)]
    if named:
        return named[0], "printed", (named[0],)
    place = load_countries().get(context.country or "")
    for sign, _ in votes.most_common():
        meant = list_currencies_sharing(sign)
        own = [
            code for code in (place.currency if place else "", context.currency) if code in meant
        ]
        if meant:
            return (own or meant)[0], "printed", tuple(own[:1] or meant)
    return context.currency or None, "chat", (context.currency,)


def _find_best(receipt: TypedReceipt, name: FieldName) -> TypedField | None:
    found = [item for item in receipt.fields if item.name == name and item.text.strip()]
    return max(found, key=lambda item: item.confidence) if found else None
