"""Build drafts of receipts from a reading, without clock, disk or network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from ledger.money import minor_digits
from ledger.receipt.codes import Fiscal, parse_code
from ledger.receipt.deciding.checks import check_total, sum_items
from ledger.receipt.deciding.decision import decide
from ledger.receipt.deciding.doubtful_totals import is_doubtful, is_part
from ledger.receipt.deciding.kind import classify
from ledger.receipt.deciding.payments import find_rounded_payment, is_paid_in_part
from ledger.receipt.draft import Check, Choices, Field, LineItem, ReceiptContext, ReceiptDraft
from ledger.receipt.fields.countries import load_countries, pick_country, weigh_countries
from ledger.receipt.fields.currencies import ChatCurrency, Currency, find_currency
from ledger.receipt.fields.dates import find_dates, find_near_reading, is_future
from ledger.receipt.fields.items import find_items
from ledger.receipt.fields.merchants import find_merchants, sum_same_names
from ledger.receipt.fields.ranking import Ranked, rank
from ledger.receipt.fields.taxes import find_tax
from ledger.receipt.fields.totals import PrintedSums, collect_sums, find_totals
from ledger.receipt.known_shops import find_name
from ledger.receipt.reading import Reading
from ledger.receipt.reading.labelled_rows import LabelledRows, label_rows
from ledger.receipt.reading.labels import fold_text
from ledger.receipt.reading.language import detect_language
from ledger.receipt.reading.rows import Row
from ledger.receipt.reading.splitting import split_receipts
from ledger.receipt.typed import build_typed_draft

T = TypeVar("T")

_CHOICES_MAX = 4
_ALTERNATIVES_MAX = 3
_UNNAMED = 0.7
"""The share of belief that remains in a total which no word on the page names."""
_DOUBTFUL = 0.7
"""The most that a total in doubt is believed; less than what is booked unasked."""
_YET_TO_COME = 0.3
"""The most that a day is believed where the likeliest lies ahead."""
_LIKELY = 0.5
_ARITHMETIC = (
    "cash less change",
    "larger less change",
    "subtotal plus tax",
    "another plus tax",
    "items add up",
    "printed twice",
)
"""Features of an amount that only a total has."""
_LEGIBLE = 0.85
"""Confidence of the reader below which a name or a day may be misread."""
_DOLLARS = frozenset({"USD", "CAD", "PHP"})
"""Where some write the month first and others the day."""
_CODE_CONFIDENCE = 0.999
"""A decoded code carries its own error correction."""


def build_drafts(reading: Reading, context: ReceiptContext) -> tuple[ReceiptDraft, ...]:
    """Understand a reading; return one draft per receipt found, and at least one."""
    if reading.receipts:
        return tuple(build_typed_draft(receipt, reading, context) for receipt in reading.receipts)
    parts = split_receipts(reading)
    drafts = [_draft(rows, context) for rows in parts] or [
        ReceiptDraft("not_a_receipt", asks=("total",))
    ]
    codes = [code for page in reading.pages for code in page.codes]
    fiscal = [facts for code in codes if (facts := parse_code(code))]
    if len(drafts) == 1 and fiscal:
        drafts = [_with_code(drafts[0], fiscal[0])]
    return tuple(replace(draft, missing=reading.missing) for draft in drafts)


@dataclass(frozen=True, slots=True)
class _Findings:
    """The candidates of one receipt, field by field, best first."""

    labelled: LabelledRows
    currency: Currency
    items: tuple[LineItem, ...]
    totals: tuple[Ranked[Decimal], ...]
    dates: tuple[Ranked[date], ...]
    merchants: tuple[Ranked[str], ...]


def _draft(rows: tuple[Row, ...], context: ReceiptContext) -> ReceiptDraft:
    found = _look(rows, context)
    kind = classify(found.labelled)
    if kind == "not_a_receipt":
        return ReceiptDraft(kind, text=found.labelled.text, asks=("total",))
    draft = replace(_assemble(found, context), kind=kind)
    if kind not in {"receipt", "refund"}:
        draft = _without_sum(draft, found)
    draft = decide(draft)
    return replace(
        draft,
        candidates={name: _list_values(found, draft, name) for name in draft.asks},
        alternatives={name: _list_alternatives(found, draft, name) for name in draft.marks},
    )


def _without_sum(draft: ReceiptDraft, found: _Findings) -> ReceiptDraft:
    """Keep the fields above the tear; offer a sum where no row names one, but never take it.

    An amount that arithmetic supports may be a total whose word was not read. Without any the paper is
    torn, and its prices are not worth a question.
    """
    offered = draft.confidence.get("total", 0.0)
    confidence = {**draft.confidence, "total": round(min(offered, _DOUBTFUL) * _UNNAMED, 4)}
    if offered >= _LIKELY:
        return replace(draft, kind="receipt", confidence=confidence)
    draft = replace(draft, total=None, tax=None, checks=(), confidence=confidence)
    is_supported = any(
        option.candidate.features.get(name) for option in found.totals for name in _ARITHMETIC
    )
    return replace(draft, kind="receipt") if is_supported else draft


def _look(rows: tuple[Row, ...], context: ReceiptContext) -> _Findings:
    countries = weigh_countries(rows)
    country = pick_country(countries, context.country, context.currency, context.language)
    chat = ChatCurrency(
        context.currency, context.country, context.language, context.recent_currencies
    )
    currency = find_currency(rows, countries, chat)
    labelled = label_rows(
        rows, currency.code or context.currency, choose_languages(rows, country, context)
    )
    items = find_items(labelled)
    return _Findings(
        labelled,
        currency,
        items,
        rank("total", find_totals(labelled, sum_items(items))),
        rank(
            "date",
            find_dates(
                labelled,
                country,
                context.now.date(),
                order_known=country is not None or currency.code not in _DOLLARS,
            ),
        ),
        rank("merchant", find_merchants(labelled, context.brands)),
    )


def choose_languages(
    rows: tuple[Row, ...], country: str | None, context: ReceiptContext
) -> frozenset[str]:
    """Return the languages whose short words count: of the paper, its country, the chat; English."""
    countries = load_countries()
    spoken = countries[country].languages if country else ()
    home = countries[context.country].languages if context.country in countries else ()
    shown = detect_language("\n".join(row.text for row in rows), context.language)
    return frozenset({"en", shown, context.language, *spoken, *home})


def _assemble(found: _Findings, context: ReceiptContext) -> ReceiptDraft:
    printed = collect_sums(found.labelled, sum_items(found.items))
    total, belief_in_total = _pick_total(found, printed)
    on, belief_in_day = _pick_day(found, context.now.date())
    tax = find_tax(found.labelled, total)
    beliefs: dict[Field, float | None] = {
        "currency": found.currency.probability,
        "total": belief_in_total,
        "date": belief_in_day,
        "merchant": _believe_name(found) if found.merchants else None,
    }
    return ReceiptDraft(
        "receipt",
        _name_merchant(found, context),
        on,
        total,
        found.currency.code,
        found.currency.source,
        _scale(tax[0], found.currency) if tax else None,
        tuple(replace(i, price=_scale(i.price, found.currency)) for i in found.items),
        check_total(total, found.labelled, printed) if total is not None else (),
        {name: round(value, 4) for name, value in beliefs.items() if value is not None},
        _list_evidence(found, tax),
        text=found.labelled.text,
    )


def _pick_total(
    found: _Findings, printed: PrintedSums
) -> tuple[Decimal, float] | tuple[None, None]:
    """Return the total and the belief in it: the cash paid, where the sum was rounded to coins."""
    if not found.totals:
        return None, None
    best = found.totals[0]
    total, belief = best.value, best.probability
    if is_doubtful(found.totals, found.labelled, printed, found.currency.code):
        belief = min(belief, _DOUBTFUL)
    paid = find_rounded_payment(total, printed, found.currency.code)
    if paid is not None:
        # The sum and the coins paid for it are one amount; both candidates support it.
        belief = sum(o.probability for o in found.totals if o.value in (total, paid))
        total = paid
    elif is_paid_in_part(total, printed):
        belief = min(belief, _DOUBTFUL)
    return _scale(total, found.currency), belief


def _pick_day(found: _Findings, today: date) -> tuple[date, float] | tuple[None, None]:
    """Return the likeliest day that is not ahead, and the belief in it."""
    past = [option for option in found.dates if not is_future(option.value, today)]
    if not past:
        return None, None
    best = past[0]
    if best != found.dates[0]:
        return best.value, min(best.probability, _YET_TO_COME)
    if not _is_legible(found, best.candidate.rows):
        near = find_near_reading(best.value, today)
        return near or best.value, min(best.probability, _LIKELY)
    return best.value, best.probability


def _list_evidence(found: _Findings, tax: tuple[Decimal, str] | None) -> dict[Field, str]:
    """Return the row of print behind each field."""
    evidence: dict[Field, str] = {"tax": tax[1]} if tax else {}
    best: tuple[tuple[Field, Ranked[Decimal] | Ranked[date] | Ranked[str] | None], ...] = (
        ("total", _take_first(found.totals)),
        ("date", _take_first(found.dates)),
        ("merchant", _take_first(found.merchants)),
    )
    return evidence | {name: option.candidate.evidence for name, option in best if option}


def _take_first(options: tuple[Ranked[T], ...]) -> Ranked[T] | None:
    return options[0] if options else None


def _believe_name(found: _Findings) -> float:
    """Return how surely the merchant is right; print that is badly legible is never sure."""
    belief = sum_same_names(found.merchants)
    if _is_legible(found, found.merchants[0].candidate.rows):
        return belief
    return min(belief, _LIKELY)


def _is_legible(found: _Findings, rows: tuple[int, ...]) -> bool:
    return min(found.labelled.rows[row].confidence for row in rows) >= _LEGIBLE


def _name_merchant(found: _Findings, context: ReceiptContext) -> str | None:
    """Return the merchant as the chat corrected it, as the brand writes itself, or as read."""
    best = _take_first(found.merchants)
    printed = best.candidate.evidence if best else ""
    named = find_name(context.shops, printed, found.labelled.text)
    if named or best is None:
        return named
    return context.brands.get(fold_text(best.value)) or best.value


def _scale(value: Decimal, currency: Currency) -> Decimal:
    """Return an amount with the decimals of its currency, never rounded."""
    digits = minor_digits(currency.code) if currency.code else 2
    scaled = value.quantize(Decimal(1).scaleb(-digits))
    return scaled if scaled == value else value


def _list_values(found: _Findings, draft: ReceiptDraft, name: Field) -> Choices:
    """List the values to offer for a field that is asked, the likeliest first."""
    if name == "total":
        best, others = found.totals[:1], found.totals[1:]
        options = (*best, *(option for option in others if not is_part(option)))
        values = [_scale(option.value, found.currency) for option in options]
        first = [] if draft.total is None else [draft.total]
        return tuple(dict.fromkeys([*first, *values]))[:_CHOICES_MAX]
    if name == "currency":
        return found.currency.options[:_CHOICES_MAX]
    if name == "date":
        return tuple(option.value for option in found.dates[:_CHOICES_MAX])
    return tuple(option.value for option in found.merchants[:_CHOICES_MAX])


def _list_alternatives(found: _Findings, draft: ReceiptDraft, name: Field) -> Choices:
    """List the other values of a marked field."""
    taken = {draft.on, draft.merchant, draft.currency}
    values = [value for value in _list_values(found, draft, name) if value not in taken]
    return tuple(values[:_ALTERNATIVES_MAX])  # type: ignore[return-value]  # one field, one type


def _with_code(draft: ReceiptDraft, fiscal: Fiscal) -> ReceiptDraft:
    """Prefer the facts of a fiscal code to OCR; `delta` is the difference of print and code."""
    delta = (draft.total or Decimal(0)) - fiscal.total
    confidence = {**draft.confidence, "total": _CODE_CONFIDENCE, "currency": _CODE_CONFIDENCE}
    evidence = {**draft.evidence, "total": fiscal.evidence}
    if fiscal.on:
        confidence["date"], evidence["date"] = _CODE_CONFIDENCE, fiscal.evidence
    updated = replace(
        draft,
        kind="refund" if fiscal.refund else "receipt",
        total=fiscal.total,
        on=fiscal.on or draft.on,
        currency=fiscal.currency,
        currency_source="code",
        tax=fiscal.tax if fiscal.tax is not None else draft.tax,
        checks=(Check("code", passed=True, delta=delta),),
        confidence=confidence,
        evidence=evidence,
    )
    updated = decide(updated)
    offered = {**draft.candidates, **draft.alternatives}
    return replace(
        updated,
        candidates={name: offered.get(name, ()) for name in updated.asks},
        alternatives={name: offered.get(name, ()) for name in updated.marks},
    )
