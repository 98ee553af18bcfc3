"""Statements of banks are read as they mean, or asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.statements import Knowledge, Statement, name_header, read_statement
from ledger.statements.dialects import split_rows

KNOWLEDGE = Knowledge(date(2026, 11, 30))


def amounts(statement: Statement) -> list[str]:
    return [str(row.amount) for row in statement.rows]


def days(statement: Statement) -> list[str]:
    return [row.on.isoformat() for row in statement.rows]


def test_lines_above_the_header_are_passed_over_and_rows_keep_their_line() -> None:
    text = (
        '"Kontonummer:";"DE12 / Girokonto"\n\n"Kontostand vom 30.11.2026:";"1.234,56 EUR"\n\n'
        '"Buchungstag";"Wertstellung";"Auftraggeber / Begünstigter";"Betrag (EUR)"\n'
        '"28.11.2026";"28.11.2026";"MARKT SAGT DANKE";"-23,45"\n'
        '"27.11.2026";"27.11.2026";"Arbeitgeber";"2.500,00"\n'
    )
    statement = read_statement(text, KNOWLEDGE)
    assert days(statement) == ["2026-11-28", "2026-11-27"]
    assert amounts(statement) == ["-23.45", "2500.00"]
    assert [(row.line, row.currency) for row in statement.rows] == [(6, "EUR"), (7, "EUR")]
    assert statement.rows[0].payee == "MARKT SAGT DANKE"
    assert not statement.choices


def test_days_that_would_all_be_the_same_of_their_month_have_the_month_first() -> None:
    text = (
        "Transaction Date,Post Date,Description,Amount\n"
        "11/02/2026,11/03/2026,Coffee,-5.75\n11/05/2026,11/06/2026,Books,-23.10\n"
        "11/06/2026,11/06/2026,Paid,500.00\n"
    )
    statement = read_statement(text, KNOWLEDGE)
    assert days(statement) == ["2026-11-02", "2026-11-05", "2026-11-06"]
    assert not statement.choices


def test_an_order_that_nothing_proves_is_asked_and_the_answer_counts() -> None:
    text = "Date,Description,Amount\n02/11/2026,Taxi,-12.40\n01/11/2026,Shop,-33.10\n"
    asked = read_statement(text, KNOWLEDGE)
    assert set(asked.choices["day_order"]) == {"dmy", "mdy"}
    answered = read_statement(text, Knowledge(date(2026, 11, 30), answers={"day_order": "mdy"}))
    assert days(answered) == ["2026-02-11", "2026-01-11"]
    assert not answered.choices
    # The answer is remembered for the next file with this header.
    assert answered.layout is not None
    layouts = {name_header(split_rows(text)): answered.layout}
    again = read_statement(text, Knowledge(date(2026, 11, 30), layouts))
    assert days(again) == ["2026-02-11", "2026-01-11"]
    assert not again.choices


def test_a_card_that_prints_purchases_without_a_minus_is_known_by_the_payment_of_its_bill() -> None:
    text = (
        "Date,Description,Amount\n22/11/2026,Taxi,12.40\n21/11/2026,Shop,33.10\n"
        "20/11/2026,PAYMENT RECEIVED - THANK YOU,-300.00\n"
    )
    assert amounts(read_statement(text, KNOWLEDGE)) == ["-12.40", "-33.10", "300.00"]


def test_amounts_without_any_sign_are_asked() -> None:
    text = "Date,Description,Amount\n22/11/2026,Taxi,12.40\n21/11/2026,Shop,33.10\n"
    assert read_statement(text, KNOWLEDGE).choices["sign"] == ("expenses", "incomes")


def test_the_balance_proves_that_the_fee_counts() -> None:
    text = (
        "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
        "CARD,Current,2026-11-01 10:00:00,2026-11-02 08:00:00,Shop,-12.50,0.00,EUR,COMPLETED,87.50\n"
        "CARD,Current,2026-11-03 10:00:00,2026-11-04 08:00:00,Cash,-20.00,1.00,EUR,COMPLETED,66.50\n"
        "TOPUP,Current,2026-11-05 10:00:00,2026-11-05 08:00:00,Top-up,9.00,0.00,EUR,COMPLETED,75.50\n"
        "CARD,Current,2026-11-06 10:00:00,,Hotel,-50.00,0.00,EUR,PENDING,\n"
    )
    statement = read_statement(text, KNOWLEDGE)
    assert statement.proved
    assert amounts(statement) == ["-12.50", "-21.00", "9.00"]
    assert [(row.line, row.why) for row in statement.unreadable] == [(5, "not_completed")]


def test_a_word_beside_the_amount_says_its_direction() -> None:
    text = (
        '"Datum","Naam / Omschrijving","Rekening","Af Bij","Bedrag (EUR)"\n'
        '"20261120","Winkel","NL00","Af","12,34"\n"20261119","Werkgever","NL00","Bij","2500,00"\n'
    )
    assert amounts(read_statement(text, KNOWLEDGE)) == ["-12.34", "2500.00"]


def test_debit_and_credit_columns_keep_incomes() -> None:
    text = (
        "Date,Narration,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance\n"
        '21/11/26,Food,21/11/26,450.00,,"1,23,550.00"\n'
        '22/11/26,Salary,22/11/26,,"85,000.00","2,08,550.00"\n'
        '23/11/26,ATM,23/11/26,"10,000.00",,"1,98,550.00"\n'
    )
    statement = read_statement(text, KNOWLEDGE)
    assert amounts(statement) == ["-450.00", "85000.00", "-10000.00"]
    assert statement.proved


def test_every_row_is_a_transaction_or_named_with_its_line() -> None:
    text = (
        "Datum;Text;Betrag\n20.11.2026;Markt;-1,00\n01.01.1900;Leer;-2,00\n21.11.2026;Ohne;\n"
        "22.11.2026;Nichts;0,00\n;Summe;-3,00\n"
    )
    statement = read_statement(text, KNOWLEDGE)
    assert [row.line for row in statement.rows] == [2]
    assert [(row.line, row.why) for row in statement.unreadable] == [
        (3, "too_old"),
        (4, "no_amount"),
        (5, "zero"),
        (6, "summary"),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "hello", "a,b\nc,d\n", "\x00;\x00\n", '"', "1;2;3\n"])
def test_a_file_that_is_no_statement_has_no_rows_and_asks_for_its_columns(text: str) -> None:
    statement = read_statement(text, KNOWLEDGE)
    assert not statement.rows
    assert "columns" in statement.choices


@dataclass(frozen=True)
class Notation:
    separator: str
    decimal: str
    group: str
    day: str
    newest_first: bool


NOTATIONS = st.builds(
    Notation,
    st.sampled_from(";,\t|"),
    st.sampled_from(".,"),
    st.sampled_from(["", " ", "'", "other"]),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d %b %Y", "%Y%m%d"]),
    st.booleans(),
)
MOVEMENTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(-(10**7), 10**7).filter(bool)),
    min_size=3,
    max_size=30,
)


def write_amount(cents: int, notation: Notation) -> str:
    other = "," if notation.decimal == "." else "."
    group = other if notation.group == "other" else notation.group
    whole, fraction = f"{cents / 100:,.2f}".split(".")
    return whole.replace(",", group) + notation.decimal + fraction


@given(
    notation=NOTATIONS,
    movements=MOVEMENTS,
    text=st.sampled_from(["Shop", "a, b", 'x "y" z', "p;q"]),
)
def test_a_statement_with_a_balance_is_read_whatever_its_notation(
    notation: Notation, movements: list[tuple[int, int]], text: str
) -> None:
    on, balance, rows = date(2024, 1, 5), 500_000, []
    for step, cents in movements:
        on, balance = on + timedelta(days=step), balance + cents
        rows.append((on, cents, balance))
    if notation.newest_first:
        rows.reverse()
    quoted = '"' + text.replace('"', '""') + '"'
    lines = [notation.separator.join(["Date", "Description", "Amount", "Balance"])]
    for day, cents, after in rows:
        cells = [write_amount(cents, notation), write_amount(after, notation)]
        figures = [f'"{cell}"' for cell in cells]
        lines.append(notation.separator.join([day.strftime(notation.day), quoted, *figures]))
    statement = read_statement("\r\n".join(lines), KNOWLEDGE)
    assert [row.amount for row in statement.rows] == [Decimal(c).scaleb(-2) for _, c, _ in rows]
    assert statement.proved
    if "day_order" not in statement.choices:
        assert [row.on for row in statement.rows] == [day for day, _, _ in rows]
    assert {row.payee for row in statement.rows} == {text}
