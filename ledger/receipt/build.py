"""From a reading to drafts: the whole of understanding a receipt, without clock, disk or network."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ledger.money import minor_digits
from ledger.receipt.checks import check_total, sum_items
from ledger.receipt.codes import Fiscal, parse_code
from ledger.receipt.dates import find_dates
from ledger.receipt.draft import Check, Draft, DraftLine, Field, Kind, ReceiptContext
from ledger.receipt.items import find_items
from ledger.receipt.labels import skeleton
from ledger.receipt.merchants import find_merchants
from ledger.receipt.parting import part_receipts
from ledger.receipt.places import Currency, find_country, find_currency, load_places
from ledger.receipt.ranking import Ranked, rank
from ledger.receipt.reading import Reading
from ledger.receipt.rows import Row
from ledger.receipt.sheet import Sheet, build_sheet
from ledger.receipt.sureness import asks_of, is_sure
from ledger.receipt.taxes import find_tax
from ledger.receipt.totals import Ledger, build_ledger, find_totals
from ledger.receipt.typed import build_typed_draft

_CHOICES_MAX = 4
_FIGURES_MIN = 1
_LETTERS_MIN = 12
"""Fewer letters and digits than this on a page are no receipt."""


def build_drafts(reading: Reading, context: ReceiptContext) -> tuple[Draft, ...]:
    """Understand a reading; one draft per receipt found, at least one in any case."""
    if reading.receipts:
        return tuple(build_typed_draft(receipt, reading, context) for receipt in reading.receipts)
    codes = [
        fiscal for page in reading.pages for code in page.codes if (fiscal := parse_code(code))
    ]
    parts = part_receipts(reading)
    drafts = [_draft(rows, context) for rows in parts] or [Draft("not_a_receipt")]
    if len(drafts) == 1 and codes:
        drafts = [_with_code(drafts[0], codes[0])]
    return tuple(replace(draft, missing=reading.missing) for draft in drafts)


def _draft(rows: tuple[Row, ...], context: ReceiptContext) -> Draft:
    country = find_country(rows, context.country)
    currency = find_currency(rows, country, context.currency)
    sheet = build_sheet(rows, currency.code or context.currency, languages_of(country, context))
    items = find_items(sheet)
    kind = _kind(sheet)
    if kind not in {"receipt", "refund"}:
        return Draft(kind, text=sheet.text)
    book = build_ledger(sheet, sum_items(items))
    totals = rank("total", find_totals(sheet, sum_items(items)))
    dates = rank("date", find_dates(sheet, country, context.now.date()))
    merchants = rank("merchant", find_merchants(sheet, context.brands))
    draft = _assemble(sheet, currency, (totals, dates, merchants), items, book)
    return _finish(replace(draft, kind=kind), context, (totals, dates, merchants))


def languages_of(country: str | None, context: ReceiptContext) -> frozenset[str]:
    """The languages whose short words count: of the country, of the chat, and English."""
    places = load_places()
    spoken = places[country].languages if country else ()
    home = places[context.country].languages if context.country in places else ()
    return frozenset({"en", context.language, *spoken, *home})


def _kind(sheet: Sheet) -> Kind:
    """Tell a receipt from a picture of something else."""
    characters = sum(char.isalnum() for char in sheet.text)
    if characters < _LETTERS_MIN or not sheet.all_figures:
        return "not_a_receipt"
    money_rows = sum(
        bool(sheet.figures[index])
        and bool(labels & {"total", "payable", "cash", "card", "subtotal", "tax"})
        for index, labels in enumerate(sheet.labels)
    )
    decimals = sum(figure.amount.decimals > 0 for figure in sheet.all_figures)
    if not money_rows and decimals < 2 and sheet.decimals:  # noqa: PLR2004 - a price tag has one
        return "not_a_receipt"
    if not money_rows and not any("total" in held for held in sheet.labels) and not decimals:
        return "not_a_receipt"
    refund = any("refund" in held for held in sheet.labels[: len(sheet.rows) // 2])
    negative = [
        f.value for f in sheet.all_figures if "total" in sheet.context(f.row) and f.value < 0
    ]
    return "refund" if refund and negative else "receipt"


def _assemble(
    sheet: Sheet,
    currency: Currency,
    ranked: tuple[tuple[Ranked[Decimal], ...], tuple[Ranked[date], ...], tuple[Ranked[str], ...]],
    items: tuple[DraftLine, ...],
    book: Ledger,
) -> Draft:
    totals, dates, merchants = ranked
    total = _at_scale(totals[0].value, currency) if totals else None
    tax = find_tax(sheet, total)
    confidence: dict[Field, float] = {}
    evidence: dict[Field, str] = {}
    named: tuple[tuple[Field, tuple[Ranked[Decimal] | Ranked[date] | Ranked[str], ...]], ...] = (
        ("total", totals),
        ("date", dates),
        ("merchant", merchants),
    )
    for name, options in named:
        if options:
            confidence[name] = round(options[0].probability, 4)
            evidence[name] = options[0].candidate.evidence
    if tax:
        evidence["tax"] = tax[1]
    confidence["currency"] = (
        0.99 if currency.sure and currency.source == "printed" else 0.9 if currency.sure else 0.5
    )
    return Draft(
        "receipt",
        merchants[0].value if merchants else None,
        dates[0].value if dates else None,
        total,
        currency.code,
        currency.source,
        _at_scale(tax[0], currency) if tax else None,
        tuple(replace(item, price=_at_scale(item.price, currency)) for item in items),
        check_total(total, sheet, book) if total is not None else (),
        confidence,
        evidence,
        text=sheet.text,
    )


def _at_scale(value: Decimal, currency: Currency) -> Decimal:
    """An amount with the decimals of its currency, never rounded."""
    digits = minor_digits(currency.code) if currency.code else 2
    exponent = Decimal(1).scaleb(-digits)
    return value.quantize(exponent) if value == value.quantize(exponent) else value


def _finish(
    draft: Draft,
    context: ReceiptContext,
    ranked: tuple[tuple[Ranked[Decimal], ...], tuple[Ranked[date], ...], tuple[Ranked[str], ...]],
) -> Draft:
    totals, dates, merchants = ranked
    if draft.merchant:
        bones = skeleton(draft.merchant)
        name = context.memory.get(bones) or context.memory.get(draft.merchant)
        draft = replace(draft, merchant=name or context.brands.get(bones) or draft.merchant)
    asks = asks_of(draft)
    choices: dict[Field, tuple[Decimal, ...] | tuple[date, ...] | tuple[str, ...]] = {}
    if "total" in asks:
        choices["total"] = tuple(option.value for option in totals[:_CHOICES_MAX])
    if "date" in asks:
        choices["date"] = tuple(option.value for option in dates[:_CHOICES_MAX])
    if "merchant" in asks:
        choices["merchant"] = tuple(option.value for option in merchants[:_CHOICES_MAX])
    return replace(draft, asks=asks, candidates=choices, sure=is_sure(draft, asks))


def _with_code(draft: Draft, fiscal: Fiscal) -> Draft:
    """Let a fiscal code's facts win over what OCR saw; they are compared, and said so."""
    same = draft.total == fiscal.total
    delta = (draft.total or Decimal(0)) - fiscal.total
    confidence = {**draft.confidence, "total": 0.999, "currency": 0.999}
    if fiscal.on:
        confidence["date"] = 0.999
    updated = replace(
        draft,
        kind="refund" if fiscal.refund else "receipt",
        total=fiscal.total,
        on=fiscal.on or draft.on,
        currency=fiscal.currency,
        currency_source="code",
        tax=fiscal.tax if fiscal.tax is not None else draft.tax,
        checks=(*draft.checks, Check("code", passed=same, delta=delta)),
        confidence=confidence,
        evidence={**draft.evidence, "total": fiscal.evidence},
    )
    asks = asks_of(updated)
    kept = {name: values for name, values in draft.candidates.items() if name in asks}
    return replace(updated, asks=asks, candidates=kept, sure=is_sure(updated, asks))
