"""Rows of an export: the contract's examples to the letter, and cells that cannot run (I11)."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entries.entry import Converted, Entry
from ledger.formats.table import COLUMNS, TEXT_COLUMNS, guard, guarded, row_of, unguard
from ledger.money import MINOR_DIGITS, Money

AT = datetime(2026, 11, 20, 10, 15, 7, tzinfo=UTC)
COFFEE = Entry(
    id="e1",
    ledger_id=1,
    type="expense",
    money=Money(Decimal("4.50"), "EUR"),
    spent_on=date(2026, 11, 20),
    note="coffee",
    category="eating_out",
    paid_by=7,
    source="text",
    source_key=f"tg:{1}:{1}:{0}",
    created_at=AT,
    updated_at=AT,
    base=Converted(Money(Decimal("4.50"), "EUR"), Decimal(1), date(2026, 11, 20)),
)


def line(entry: Entry, **categories: str) -> str:
    row = row_of(entry, currency="EUR", members={7: "Ann"}, categories=categories)
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(guarded(row))
    return out.getvalue()


def test_the_columns_are_the_contracts() -> None:
    assert ",".join(COLUMNS) == (
        "id,date,type,amount,currency,category,merchant,note,tags,paid_by,source,"
        "base_amount,base_currency,rate,rate_date,created_at,updated_at"
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # typed
        (
            {},
            "2026-11-20,expense,4.50,EUR,eating_out,,coffee,,Ann,text,4.50,EUR,1,2026-11-20",
        ),
        # a receipt without a caption
        (
            {"merchant": "EDEKA", "note": "", "source": "receipt", "category": "groceries"},
            "2026-11-20,expense,4.50,EUR,groceries,EDEKA,,,Ann,receipt,4.50,EUR,1,2026-11-20",
        ),
        # yen without a known rate: no minor digits, the ledger's currency alone
        (
            {"money": Money(Decimal(980), "JPY"), "base": None, "note": "ramen"},
            "2026-11-20,expense,980,JPY,eating_out,,ramen,,Ann,text,,EUR,,",
        ),
        # three minor digits, and a rate with its day
        (
            {
                "money": Money(Decimal("1.25"), "KWD"),
                "base": Converted(
                    Money(Decimal("3.72"), "EUR"), Decimal("2.9760"), date(2026, 11, 19)
                ),
            },
            "2026-11-20,expense,1.250,KWD,eating_out,,coffee,,Ann,text,3.72,EUR,2.9760,2026-11-19",
        ),
        # tags, a comma, a quote, and a member nobody knows
        (
            {"tags": ("trip", "rome"), "note": 'a, "b"', "paid_by": 8, "category": "food"},
            '2026-11-20,expense,4.50,EUR,food,,"a, ""b""",trip rome,,text,4.50,EUR,1,2026-11-20',
        ),
    ],
)
def test_an_entry_becomes_a_line(changes: dict[str, Any], expected: str) -> None:
    stamp = "2026-11-20T10:15:07Z"
    assert line(replace(COFFEE, **changes)) == f"e1,{expected},{stamp},{stamp}\r\n"


def test_an_own_category_shows_its_name_and_a_default_one_its_id() -> None:
    assert ",Vet," in line(replace(COFFEE, category="own1"), own1="Vet")
    assert ",eating_out," in line(COFFEE, own1="Vet")


def test_a_time_keeps_its_fraction_of_a_second() -> None:
    exact = replace(COFFEE, created_at=AT.replace(microsecond=120))
    assert "2026-11-20T10:15:07.000120Z" in line(exact)


@pytest.mark.parametrize(
    "payload",
    [
        # what spread sheets take for a formula
        '=HYPERLINK("http://evil","x")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        # what hides one behind a blank
        "\t=1",
        "\r=1",
        "\n=1",
    ],
)
@pytest.mark.parametrize("column", sorted(TEXT_COLUMNS))
def test_a_formula_in_any_text_column_is_inert(payload: str, column: str) -> None:
    row = tuple(payload if name == column else "x" for name in COLUMNS)
    cell = guarded(row)[COLUMNS.index(column)]
    assert cell == "'" + payload


@given(st.text())
def test_the_guard_gives_every_text_back(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.text(alphabet="'=+-@\t\r\n\",;a ä", max_size=8))
def test_a_note_survives_csv_and_guard(note: str) -> None:
    (row,) = csv.reader(io.StringIO(line(replace(COFFEE, note=note)), newline=""))
    assert unguard(row[COLUMNS.index("note")]) == note


@given(
    st.integers(min_value=1, max_value=10**15),
    st.sampled_from(sorted(MINOR_DIGITS)),
)
def test_an_amount_is_exact_at_its_currencys_digits(minor: int, currency: str) -> None:
    row = row_of(
        replace(COFFEE, money=Money.of_minor(minor, currency)),
        currency="EUR",
        members={},
        categories={},
    )
    amount = row[COLUMNS.index("amount")]
    assert int(amount.replace(".", "")) == minor
    assert len(amount.partition(".")[2]) == MINOR_DIGITS[currency]
