"""AnalyzeExpense's dictionaries: raw texts, every oddity that is documented, and any other shape."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai.ocr.expense import number_pages, parse_expenses
from ledger.receipt import ReceiptContext, ReceiptDraft, build_drafts

REAL = Path(__file__).parents[4] / "shared" / "data" / "receipts" / "textract"
CONTEXT = ReceiptContext(
    now=datetime(2026, 11, 20, tzinfo=UTC), language="en", country="US", currency="EUR"
)


def field(kind: str, text: str, label: str = "", code: str = "", page: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Type": {"Text": kind, "Confidence": 99.0},
        "ValueDetection": {"Text": text, "Confidence": 97.5},
        "PageNumber": page,
    }
    if label:
        found["LabelDetection"] = {"Text": label, "Confidence": 98.0}
    if code:
        found["Currency"] = {"Code": code, "Confidence": 95.0}
    return found


def row(**texts: str) -> dict[str, Any]:
    return {"LineItemExpenseFields": [field(kind, text) for kind, text in texts.items()]}


def document(*fields: dict[str, Any], rows: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    groups = [{"LineItemGroupIndex": 1, "LineItems": list(rows)}] if rows else []
    return {"ExpenseIndex": 1, "SummaryFields": list(fields), "LineItemGroups": groups}


def read(*documents: dict[str, Any], context: ReceiptContext = CONTEXT) -> tuple[ReceiptDraft, ...]:
    return build_drafts(parse_expenses(documents), context)


def test_texts_stay_raw_and_types_get_our_names() -> None:
    reading = parse_expenses(
        [
            document(
                field("VENDOR_NAME", "HARBOR\nGRILL"),
                field("TOTAL", "$53.90", "Total", "USD"),
                field("TOTAL", "$45.90", "Amount"),
                field("OTHER", "£5.65", "CHANGE:"),
                field("SOMETHING_NEW", "x"),
                field("TAX", ""),
            )
        ]
    )
    [receipt] = reading.receipts
    assert [(f.name, f.text) for f in receipt.fields] == [
        ("merchant", "HARBOR GRILL"),
        ("total", "$53.90"),
        ("total", "$45.90"),
        ("change", "£5.65"),
        ("other", "x"),
        ("currency", "USD"),
    ]
    assert receipt.fields[1].confidence == pytest.approx(0.975)


@pytest.mark.parametrize(
    ("given_row", "name", "price", "quantity"),
    [
        # the price of a line is PRICE, never UNIT_PRICE
        (row(ITEM="TACO", QUANTITY="2", UNIT_PRICE="$11.00", PRICE="$22.00"), "TACO", "22.00", "2"),
        # items that are only an EXPENSE_ROW
        (row(EXPENSE_ROW="IPA DRAFT $8.00"), "IPA DRAFT", "8.00", None),
        # the text is glued to the row, not to ITEM
        (row(PRICE="$8.00", EXPENSE_ROW="IPA DRAFT $8.00"), "IPA DRAFT", "8.00", None),
        # a discount
        (row(ITEM="COUPON", PRICE="-1.50"), "COUPON", "-1.50", None),
    ],
)
def test_lines(given_row: dict[str, Any], name: str, price: str, quantity: str | None) -> None:
    [draft] = read(document(field("TOTAL", "$22.00"), rows=(given_row,)))
    [line] = draft.items
    assert (line.name, line.price) == (name, Decimal(price))
    assert line.quantity == (Decimal(quantity) if quantity else None)


def test_a_row_with_a_unit_price_alone_is_no_line() -> None:
    unpriced = row(ITEM="TACO", UNIT_PRICE="$11.00")
    assert read(document(field("TOTAL", "$22.00"), rows=(unpriced,)))[0].items == ()


@pytest.mark.parametrize(
    ("fields", "code", "asked"),
    [
        # Textract's own code, its one wrong one, a sign that is shared, none at all
        ((field("TOTAL", "12.00", code="GBP"),), "GBP", False),
        ((field("TOTAL", "12.00", code="BZR"),), "BRL", False),
        ((field("TOTAL", "$12.00"),), "USD", False),
        ((field("TOTAL", "12.00"),), "EUR", False),
        ((field("TOTAL", "€12.00"),), "EUR", False),
    ],
)
def test_currencies(fields: tuple[dict[str, Any], ...], code: str, *, asked: bool) -> None:
    [draft] = read(document(*fields))
    assert (draft.currency, "currency" in draft.asks) == (code, asked)


def test_a_dollar_where_no_dollar_is_at_home_is_asked() -> None:
    context = ReceiptContext(now=CONTEXT.now, language="en", country=None, currency="EUR")
    [draft] = read(document(field("TOTAL", "$12.00")), context=context)
    assert "currency" in draft.asks
    assert draft.candidates["currency"][:2] == ("USD", "CAD")


def test_two_totals_are_a_doubt_unless_sums_single_one_out() -> None:
    two = (field("TOTAL", "45.90", "Amount"), field("TOTAL", "53.90", "Total"))
    [draft] = read(document(*two))
    assert "total" in draft.asks
    assert set(draft.candidates["total"]) == {Decimal("45.90"), Decimal("53.90")}
    [draft] = read(document(*two, field("SUBTOTAL", "50.00"), field("TAX", "3.90")))
    assert (draft.total, "total" in draft.asks) == (Decimal("53.90"), False)
    with_tip = (field("SUBTOTAL", "42.50"), field("TAX", "3.40"), field("GRATUITY", "8.00"))
    [draft] = read(document(*two, *with_tip))
    assert (draft.total, "total" in draft.asks) == (Decimal("53.90"), True)


def test_a_day_that_can_be_two_is_marked_where_the_country_is_not_known() -> None:
    told = document(field("TOTAL", "1.00"), field("INVOICE_RECEIPT_DATE", "03/04/2026"))
    assert read(told)[0].on == date(2026, 3, 4)
    anywhere = ReceiptContext(now=CONTEXT.now, language="en", country=None, currency="USD")
    [draft] = read(told, context=anywhere)
    assert "date" in draft.marks
    assert {draft.on, *draft.alternatives["date"]} == {date(2026, 3, 4), date(2026, 4, 3)}


def test_pages_of_one_invoice_are_put_together_and_two_receipts_are_not() -> None:
    number = field("INVOICE_RECEIPT_ID", "135")
    first = document(number, rows=(row(ITEM="A", PRICE="$1.00"),))
    second = document(
        field("INVOICE_RECEIPT_ID", "135", page=2), field("TOTAL", "$3.00", page=2),
        rows=(row(ITEM="B", PRICE="$2.00"),),
    )  # fmt: skip
    [draft] = read(first, second)
    assert (draft.total, len(draft.items)) == (Decimal("3.00"), 2)
    assert (
        len(read(document(number, field("TOTAL", "1")), document(number, field("TOTAL", "2")))) == 2
    )
    alone = number_pages([first], 1) + number_pages([second], 2)
    assert len(read(*map(dict, alone))) == 1


@pytest.mark.shared
@pytest.mark.skipif(not REAL.exists(), reason="needs ../shared, the development data")
@pytest.mark.parametrize(
    ("name", "totals", "sure"),
    [
        ("invoice-expense-response", ["6231.09"], True),
        ("multipage", ["5715.00"], True),  # page one has no total
        ("test_trp2_expense_sample1", ["50.00"], False),  # a bill: its lines do not add up
        ("test_trp2_expense_sample2", ["38.48"], False),  # no date
        ("test_trp2_expense_sample3", ["60.00"], False),  # a balance of 0.00 beside three totals
        ("test_trp2_expense_sample4", ["5680.81"], False),  # charges and what is due
        ("textract_example_1", ["53.90"], False),  # before and after the tip
        ("textract_example_2", ["14.35", "3.20"], True),  # two receipts in one photo
    ],
)
def test_real_answers(name: str, totals: list[str], *, sure: bool) -> None:
    answer = json.loads((REAL / f"{name}.json").read_text(encoding="utf-8"))
    drafts = read(*answer["ExpenseDocuments"])
    assert [str(draft.total) for draft in drafts] == totals
    assert all(draft.sure is sure for draft in drafts)
    assert all(draft.currency in {"USD", "GBP"} for draft in drafts)


keys = st.sampled_from(
    [
        "SummaryFields", "LineItemGroups", "LineItems", "LineItemExpenseFields", "Type", "Text",
        "ValueDetection", "LabelDetection", "Confidence", "Currency", "Code", "PageNumber",
        "Blocks", "BlockType", "Geometry", "Polygon", "X", "Y", "Id", "Page",
    ]
)  # fmt: skip
leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["TOTAL", "LINE", "$12.34", "EXPENSE_ROW", "PRICE", "VENDOR_NAME", "1,2.3"])
)  # fmt: skip
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6)
)


@given(st.lists(anything, max_size=4))
def test_no_shape_of_an_answer_breaks_anything(documents: list[Any]) -> None:
    reading = parse_expenses(documents)
    parse_expenses(number_pages(documents, 2))
    for draft in build_drafts(reading, CONTEXT):
        assert draft.total is None or draft.total > 0
