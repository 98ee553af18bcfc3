"""Convert Textract's AnalyzeExpense answers into a `Reading`.

Interprets nothing: amounts and dates stay as printed, a type that occurs twice yields two fields, and
unknown types are kept as `other`. Every key may be missing (receipts without summary fields, items
that are only an EXPENSE_ROW), and values may hold line breaks. Confidences of 0..100 become 0..1.
Field names follow Textract's documentation of AnalyzeExpense.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from ledger.money import is_currency
from ports.reading import (
    Box,
    FieldName,
    Page,
    Reading,
    TextRun,
    TypedField,
    TypedItem,
    TypedReceipt,
)

Json = Mapping[str, Any]

_NAMES: Final[dict[str, FieldName]] = {
    "VENDOR_NAME": "merchant",
    "INVOICE_RECEIPT_DATE": "date",
    "TOTAL": "total",
    "AMOUNT_DUE": "total",
    "SUBTOTAL": "subtotal",
    "TAX": "tax",
    "GRATUITY": "tip",
    "SERVICE_CHARGE": "service",
    "SHIPPING_HANDLING_CHARGE": "shipping",
    "DISCOUNT": "discount",
    "AMOUNT_PAID": "paid",
    "VENDOR_ADDRESS": "address",
    "VENDOR_VAT_NUMBER": "tax_id",
    "VENDOR_GST_NUMBER": "tax_id",
    "VENDOR_ABN_NUMBER": "tax_id",
    "VENDOR_PAN_NUMBER": "tax_id",
    "TAX_PAYER_ID": "tax_id",
    "INVOICE_RECEIPT_ID": "number",
}
_CODES: Final = {"BZR": "BRL"}
"""Textract's only code that is not ISO 4217."""
_CHANGE: Final = frozenset({"change", "change due", "cash change", "your change"})
_ROUNDING: Final = frozenset({"rounding", "rounding adj", "rounding adjustment"})
_PAGE_SIDE: Final = 1000.0
"""Units of a page's side; Textract gives ratios of it."""
_RECEIPTS_MAX: Final = 50
_FIELDS_MAX: Final = 500


def parse_expenses(documents: Sequence[Json]) -> Reading:
    """Convert the `ExpenseDocuments` of an answer, or of all parts of a job, into a reading."""
    documents = [*_dicts(list(documents))][:_RECEIPTS_MAX]
    receipts = [_receipt(document) for document in documents]
    pages = [_page_numbers(document) for document in documents]
    return Reading(
        "textract",
        pages=_pages(documents),
        receipts=tuple(
            receipt for receipt in _joined(receipts, pages) if receipt.fields or receipt.items
        ),
    )


def number_pages(documents: Sequence[Json], page: int) -> list[Json]:
    """Number the documents of a page that was sent as a picture of its own."""
    return [
        {
            **document,
            "SummaryFields": [
                {**raw, "PageNumber": page} for raw in _dicts(document.get("SummaryFields"))
            ],
            "Blocks": [
                {**raw, "Page": page, "Id": f"{page}:{raw.get('Id')}"}
                for raw in _dicts(document.get("Blocks"))
            ],
        }
        for document in _dicts(list(documents))
    ]


def _joined(receipts: Sequence[TypedReceipt], pages: Sequence[set[int]]) -> Iterator[TypedReceipt]:
    """Join the pages of an invoice: the same invoice number on different pages."""
    held: TypedReceipt | None = None
    seen: set[int] = set()
    for receipt, own in zip(receipts, pages, strict=True):
        number = _numbers(receipt)
        if held and number and number & _numbers(held) and not own & seen:
            held = TypedReceipt((*held.fields, *receipt.fields), (*held.items, *receipt.items))
            seen |= own
            continue
        if held:
            yield held
        held, seen = receipt, set(own)
    if held:
        yield held


def _numbers(receipt: TypedReceipt) -> set[str]:
    return {found.text for found in receipt.fields if found.name == "number"}


def _page_numbers(document: Json) -> set[int]:
    fields = _dicts(document.get("SummaryFields"))
    return {page for raw in fields if isinstance(page := raw.get("PageNumber"), int)}


def _receipt(document: Json) -> TypedReceipt:
    summary = list(_dicts(document.get("SummaryFields")))[:_FIELDS_MAX]
    fields = [field for raw in summary if (field := _field(raw))]
    items = [
        item
        for group in _dicts(document.get("LineItemGroups"))
        for line in _dicts(group.get("LineItems"))
        if (item := _item(list(_dicts(line.get("LineItemExpenseFields")))))
    ][:_FIELDS_MAX]
    return TypedReceipt((*fields, *_currencies(summary)), tuple(items))


def _field(raw: Json) -> TypedField | None:
    text = _text(raw, "ValueDetection")
    if not text:
        return None
    label = _text(raw, "LabelDetection")
    name = _NAMES.get(_text(raw, "Type"), "other")
    bare = label.casefold().strip(" :*.#")
    if name == "other" and bare in _CHANGE:
        name = "change"
    elif name == "other" and bare in _ROUNDING:
        name = "rounding"
    return TypedField(name, text, _confidence(raw, "ValueDetection"), label)


def _currencies(summary: Iterable[Json]) -> Iterator[TypedField]:
    """Yield the currency code that Textract recognised for each amount; it is not printed text."""
    for raw in summary:
        found = raw.get("Currency")
        code = str(found.get("Code") or "") if isinstance(found, Mapping) else ""
        code = _CODES.get(code, code)
        if is_currency(code):
            yield TypedField("currency", code, _ratio(found.get("Confidence") if found else 0))


def _item(raws: Sequence[Json]) -> TypedItem | None:
    """Return a line item; PRICE is the line's price, UNIT_PRICE never replaces it."""
    # The first of two equal types wins, so later ones are written first.
    texts = {_text(raw, "Type"): _text(raw, "ValueDetection") for raw in reversed(raws)}
    row = texts.get("EXPENSE_ROW", "")
    price = texts.get("PRICE", "")
    if not price and not texts.get("UNIT_PRICE") and row:
        # Only the whole row is known; its last figure is the price.
        price = row.split()[-1] if any(char.isdigit() for char in row.split()[-1]) else ""
    if not (row or price or texts.get("ITEM")):
        return None
    confidences = [_confidence(raw, "ValueDetection") for raw in raws]
    return TypedItem(
        name=texts.get("ITEM", "") or row.removesuffix(price).strip(),
        price=price,
        quantity=texts.get("QUANTITY", ""),
        unit_price=texts.get("UNIT_PRICE", ""),
        row=row,
        confidence=min(confidences, default=0.0),
    )


def _pages(documents: Sequence[Json]) -> tuple[Page, ...]:
    """Collect the printed lines by page; several receipts may share a page."""
    found: dict[int, dict[str, TextRun]] = {}
    for document in documents:
        for block in _dicts(document.get("Blocks")):
            if block.get("BlockType") == "LINE" and (line := _line(block)):
                number = block.get("Page") if isinstance(block.get("Page"), int) else 1
                found.setdefault(number or 1, {})[str(block.get("Id"))] = line
    return tuple(
        Page(_PAGE_SIDE, _PAGE_SIDE, tuple(found[number].values())) for number in sorted(found)
    )


def _line(block: Json) -> TextRun | None:
    text = str(block.get("Text") or "").strip()
    geometry = block.get("Geometry")
    corners = list(_dicts(geometry.get("Polygon"))) if isinstance(geometry, Mapping) else []
    if not text or len(corners) != 4:  # noqa: PLR2004 -- corners of a quadrilateral
        return None
    ratios = [_number(corner.get(axis)) * _PAGE_SIDE for corner in corners for axis in ("X", "Y")]
    x0, y0, x1, y1, x2, y2, x3, y3 = ratios
    return TextRun(text, Box((x0, y0, x1, y1, x2, y2, x3, y3)), _ratio(block.get("Confidence")))


def _text(raw: Json, key: str) -> str:
    part = raw.get(key)
    return " ".join(str(part.get("Text") or "").split()) if isinstance(part, Mapping) else ""


def _confidence(raw: Json, key: str) -> float:
    """Return the lower confidence of type and text."""
    kind, part = raw.get("Type"), raw.get(key)
    return min(
        _ratio(part.get("Confidence")) if isinstance(part, Mapping) else 0.0,
        _ratio(kind.get("Confidence")) if isinstance(kind, Mapping) else 0.0,
    )


def _ratio(percent: object) -> float:
    return max(0.0, min(1.0, _number(percent) / 100))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _dicts(value: object) -> Iterator[Json]:
    """Yield the dictionaries of a list; ignore everything else."""
    if isinstance(value, list | tuple):
        yield from (item for item in value if isinstance(item, Mapping))
