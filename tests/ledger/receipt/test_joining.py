"""Two drafts of one receipt: agreement books, disagreement asks, and nobody's word alone is enough."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.receipt import ReceiptContext, ReceiptDraft, build_drafts
from ledger.receipt.deciding.joining import join, join_drafts
from ledger.receipt.draft import Check, Field, LineItem
from ledger.receipt.reading import TypedField, TypedItem, TypedReceipt
from tests.cloud.print import printed

NASTY = Path(__file__).parents[4] / "shared" / "data" / "nasty" / "receipt_injection.jsonl"
DAY = date(2026, 11, 19)
TEXT = "CAFE AURORA\n2026-11-19\nLatte 8.00\nCake 4.34\nTOTAL EUR 12.34\nVAT 2.06"
CONTEXT = ReceiptContext(now=datetime(2026, 11, 20, tzinfo=UTC), currency="EUR")


def draft(total: str | None = "12.34", confidence: float = 0.6, **fields: Any) -> ReceiptDraft:  # noqa: ANN401 -- any field
    """An unsure draft of the local reader, but for what a test says."""
    given_fields: dict[str, Any] = {
        "kind": "receipt",
        "merchant": "CAFE AURORA",
        "on": DAY,
        "total": Decimal(total) if total else None,
        "currency": "EUR",
        "currency_source": "printed",
        "confidence": {"total": confidence, "date": 0.95, "currency": 0.99},
        "asks": ("total",) if confidence < 0.8 else (),
        "text": TEXT,
    }
    made = ReceiptDraft(**{**given_fields, **fields})
    return replace(made, sure=not set(made.asks) - {"merchant"})


def cloud(total: str | None = "12.34", **fields: Any) -> ReceiptDraft:  # noqa: ANN401 -- any field
    return draft(total, fields.pop("confidence", 0.85), **fields)


SUMS_FAIL = (Check("items", passed=False, delta=Decimal("111.06")),)
SUMS_HOLD = (Check("items", passed=True, delta=Decimal(0)),)


@pytest.mark.parametrize(
    ("first", "second", "sure", "total", "offered"),
    [
        # both say the same: booked
        (draft(), cloud(), True, "12.34", ()),
        (draft(checks=SUMS_HOLD), cloud(checks=SUMS_HOLD), True, "12.34", ()),
        # they differ: asked, with both
        (draft(), cloud("1.00"), False, "12.34", ("12.34", "1.00")),
        (draft(confidence=0.97), cloud("1.00"), False, "12.34", ("12.34", "1.00")),
        # they differ and the sums speak for the second: asked, its value first
        (draft("8.00", checks=SUMS_FAIL), cloud(), False, "12.34", ("12.34", "8.00")),
        # only the first says something: as sure as before
        (draft(), cloud(None), False, "12.34", ("12.34",)),
        (draft(confidence=0.97), cloud(None), True, "12.34", ()),
        # only the second says something: offered, never booked
        (draft(None), cloud(confidence=0.99), False, "12.34", ("12.34",)),
        # both say the same, the paper's own sums say otherwise: asked
        (draft("123.40", checks=SUMS_FAIL), cloud("123.40"), False, "123.40", ("123.40", "12.34")),
        (draft("12.34"), cloud("12.34", checks=SUMS_FAIL), False, "12.34", ("12.34",)),
        # one sum fails, another holds: an item was misread
        (draft(checks=(*SUMS_FAIL, Check("cash_and_change", passed=True, delta=Decimal(0)))), cloud(), True,
         "12.34", ()),
        # a total printed twice is no sum
        (draft(checks=(*SUMS_FAIL, Check("printed_twice", passed=True, delta=Decimal(0)))), cloud(), False,
         "12.34", ("12.34",)),
        # both doubt: two doubts are no certainty
        (draft(confidence=0.4), cloud(confidence=0.5), False, "12.34", ("12.34",)),
    ],
)  # fmt: skip
def test_totals(
    first: ReceiptDraft, second: ReceiptDraft, total: str, offered: tuple[str, ...], *, sure: bool
) -> None:
    joined = join(first, second)
    assert joined.sure is sure
    assert joined.total == Decimal(total)
    shown = [str(value) for value in joined.candidates.get("total", ())]
    assert shown[: len(offered)] == list(offered)
    assert ("total" in joined.asks) is not sure


def test_sums_of_a_reader_that_cannot_be_talked_to_may_speak_for_the_total() -> None:
    lines = (LineItem("Latte", Decimal("8.00")), LineItem("Cake", Decimal("4.34")))
    misread, told = draft(checks=SUMS_FAIL), cloud(checks=SUMS_HOLD, items=lines)
    assert not join(misread, told).sure
    assert join(misread, told, talked_to=False).sure
    total_again = cloud(checks=SUMS_HOLD, items=(LineItem("Sum", Decimal("12.34")),))
    assert not join(misread, total_again, talked_to=False).sure
    unprinted = cloud(checks=SUMS_HOLD, items=(LineItem("?", Decimal("6.17")),) * 2)
    assert not join(misread, unprinted, talked_to=False).sure


def test_dates_that_differ_are_asked_and_one_alone_is_offered() -> None:
    other = date(2026, 9, 11)
    joined = join(draft(), cloud(on=other))
    assert (joined.asks, joined.candidates) == (("date",), {"date": (DAY, other)})
    missing = draft(on=None, asks=("total",), marks=("date",), confidence=0.6)
    joined = join(missing, cloud())
    assert (joined.sure, joined.asks, joined.on) == (True, (), None)
    assert (joined.marks, joined.alternatives) == (("date",), {"date": (DAY,)})
    assert join(draft(), cloud(on=None)).on == DAY


@pytest.mark.parametrize(
    ("own", "source", "other", "other_source", "asked", "offered"),
    [
        # code, where it comes from, of both; whether to ask
        ("EUR", "printed", "EUR", "printed", False, ()),
        ("EUR", "printed", "USD", "printed", True, ("EUR", "USD")),
        # what is only the chat's habit objects to nothing
        ("EUR", "printed", "USD", "chat", False, ()),
        # print that only the other reader saw is asked, not believed
        ("EUR", "chat", "USD", "printed", True, ("USD", "EUR")),
        ("EUR", "chat", "EUR", "printed", False, ()),
    ],
)
def test_currencies(
    own: str,
    source: str,
    other: str,
    other_source: str,
    offered: tuple[str, ...],
    *,
    asked: bool,
) -> None:
    joined = join(
        draft(currency=own, currency_source=source),
        cloud(currency=other, currency_source=other_source),
    )
    assert ("currency" in joined.asks) is asked
    assert joined.candidates.get("currency", ()) == offered
    assert joined.sure is not asked


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        # a name of the second reader, and what becomes of it when the first found none
        ("Cafe Aurora", "Cafe Aurora"),
        ("CANARY-OTHER-CHAT 555.55", None),
        ('<a href="https://evil.example">Cafe Aurora</a>', None),
        ("https://evil.example/cafe-aurora", None),
        ("www.cafeaurora.example", None),
        ("CAFE AURORA " * 20, None),
        ("![Cafe Aurora](x)", None),
        ("", None),
        (None, None),
    ],
)
def test_a_name_is_taken_only_when_it_is_in_print_and_nothing_but_a_name(
    name: str | None, taken: str | None
) -> None:
    assert join(draft(merchant=None), cloud(merchant=name)).merchant == taken
    assert join(draft(), cloud(merchant=name)).merchant == "CAFE AURORA"


def test_lines_are_taken_only_when_they_add_up_and_are_all_printed() -> None:
    good = (LineItem("Latte", Decimal("8.00")), LineItem("Cake", Decimal("4.34")))
    bad = (LineItem("Latte", Decimal("8.00")), LineItem("Tea", Decimal("4.00")))
    invented = (LineItem("Latte", Decimal("7.00")), LineItem("Cake", Decimal("5.34")))
    assert join(draft(items=bad), cloud(items=good)).items == good
    assert join(draft(items=good), cloud(items=bad)).items == good
    assert join(draft(items=bad), cloud(items=invented)).items == bad
    assert join(draft(items=bad), cloud("12.00", items=bad)).items == bad


def test_a_tax_is_taken_only_when_it_is_printed() -> None:
    assert join(draft(), cloud(tax=Decimal("2.06"))).tax == Decimal("2.06")
    assert join(draft(), cloud(tax=Decimal("9.99"))).tax is None


def test_receipts_that_are_counted_differently_are_all_asked() -> None:
    several = join_drafts([draft(confidence=0.97)], [cloud(), cloud("5.00")])
    assert [d.sure for d in several] == [False]
    assert several[0].candidates["total"] == (Decimal("12.34"), Decimal("5.00"))
    pair = join_drafts([draft(), draft("5.00")], [cloud("5.00"), cloud()])
    assert [(d.total, d.sure) for d in pair] == [(Decimal("12.34"), True), (Decimal("5.00"), True)]
    assert join_drafts([draft()], []) == (draft(),)


def test_what_only_the_second_makes_out_is_offered() -> None:
    blank = ReceiptDraft("unreadable", text="~~~")
    joined = join(blank, cloud())
    assert (joined.kind, joined.sure, joined.asks[0]) == ("receipt", False, "total")
    assert joined.candidates["total"] == (Decimal("12.34"),)
    assert join(blank, cloud(None)) == blank


totals = st.none() | st.decimals("0.01", "99.99", places=2)
checks = st.sampled_from([(), SUMS_FAIL, SUMS_HOLD])


@given(totals, totals, st.floats(0, 1), st.floats(0, 1), checks, checks)
def test_nothing_is_booked_that_the_first_reader_did_not_read(
    one: Decimal | None,
    other: Decimal | None,
    believed: float,
    told: float,
    sums: tuple[Check, ...],
    other_sums: tuple[Check, ...],
) -> None:
    asks: tuple[Field, ...] = ("total",) if one is None else ()
    first = draft(str(one) if one else None, believed, checks=sums)
    first = replace(first, asks=asks or first.asks, sure=first.sure and not asks)
    second = cloud(str(other) if other else None, confidence=told, checks=other_sums)
    joined = join(first, second)
    if joined.sure:
        assert joined.total == one
        assert other in (None, one)
        if other is None:
            assert first.sure
    elif one is not None and other is not None and one != other:
        assert {one, other} <= set(joined.candidates["total"])


# --- text on receipts never instructs -------------------------------------------------------------


def hijacked(answer: str) -> TypedReceipt | None:
    """What a hijacked model's answer would be in the form it has to keep to."""
    try:
        said = json.loads(answer)
    except ValueError:
        return None
    names = ("merchant", "date", "total", "currency")
    found = tuple(TypedField(n, str(said[n]), 0.85) for n in names if said.get(n))  # type: ignore[arg-type]
    return TypedReceipt(found) if found else None


@pytest.mark.shared
@pytest.mark.skipif(not NASTY.exists(), reason="needs ../shared, the development data")
def test_a_hijacked_model_books_no_wrong_total() -> None:
    for line in NASTY.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        sent = datetime(2025, 3, 15, tzinfo=UTC)
        context = replace(CONTEXT, now=sent)
        seen = printed(case["receipt_text"])
        drafts = build_drafts(seen, context)
        evil = hijacked(case["evil_llm"])
        if evil:
            others = build_drafts(replace(seen, source="vision", receipts=(evil,)), context)
            drafts = join_drafts(drafts, others)
        for found in drafts:
            right = found.total == Decimal(case["truth"]["total"])
            assert right or not found.sure, case["name"]
            for canary in ("CANARY", "<a", "evil.example"):
                assert canary not in (found.merchant or ""), case["name"]


@pytest.mark.parametrize(
    ("second", "items", "sure"),
    [
        # what a model says of CAFE AURORA's receipt: total, lines
        ("12.34", (("Latte", "8.00"), ("Cake", "4.34")), True),
        ("12.34", (("Latte", "8.00"), ("Cake", "9.99")), False),
        ("99.99", (("Latte", "8.00"), ("Cake", "4.34")), False),
        ("0.01", (), False),
        ("-12.34", (), True),
    ],
)
def test_amounts_that_a_model_invents_are_never_booked(
    second: str, items: tuple[tuple[str, str], ...], *, sure: bool
) -> None:
    seen = printed(TEXT)
    told = TypedReceipt(
        (TypedField("total", second, 0.85), TypedField("date", "2026-11-19", 0.85)),
        tuple(TypedItem(name, price) for name, price in items),
    )
    drafts = build_drafts(seen, CONTEXT)
    others = build_drafts(replace(seen, source="vision", receipts=(told,)), CONTEXT)
    [joined] = join_drafts(drafts, others)
    assert joined.sure is sure
    assert joined.total == Decimal("12.34")
