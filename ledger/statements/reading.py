"""Read a statement from the text of a CSV file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar, cast

from ledger.statements.alternatives import (
    find_kind,
    list_alternatives,
    list_column_choices,
    name_columns,
)
from ledger.statements.columns import Columns, find_columns, find_header, with_answers
from ledger.statements.days import parse_day
from ledger.statements.dialects import Row, split_rows
from ledger.statements.headers import is_not_completed, is_summary
from ledger.statements.layouts import Layout, find_fingerprint
from ledger.statements.notation import (
    find_day_orders,
    find_decimals,
    find_fees,
    find_signs,
    prove,
)
from ledger.statements.padding import drop_padding
from ledger.statements.records import Record, cell_of, compute_amount, take_records
from ledger.statements.values import (
    DayOrder,
    Property,
    SignRule,
    Statement,
    StatementRow,
    UnreadableRow,
    Why,
)

V = TypeVar("V", bound=str)

_EVIDENCE_ROWS = 5000
"""Rows that prove separators and signs; a longer file would prove nothing else."""
_YEAR_MIN = 1970
"""Banks print 1900 or 1601 where a day is missing."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that is known before a file is read."""

    today: date
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    """Layouts of earlier files by the fingerprint of their headers."""
    answers: Mapping[Property, str] = field(default_factory=dict)
    """Answers of the person about this file."""


def read_statement(text: str, knowledge: Knowledge) -> Statement:
    """Return the transactions of a CSV file, and the properties that nothing proves."""
    statement, rows = open_statement(split_rows(text), knowledge)
    read = list(rows)
    return replace(
        statement,
        rows=tuple(row for row in read if isinstance(row, StatementRow)),
        unreadable=tuple(row for row in read if isinstance(row, UnreadableRow)),
    )


def open_statement(
    split: Sequence[Row], knowledge: Knowledge
) -> tuple[Statement, Iterator[StatementRow | UnreadableRow]]:
    """Return what a CSV file is, without rows, and its rows one by one."""
    rows = drop_padding(split)
    layout = knowledge.layouts.get(name_header(rows))
    found = find_columns(rows, layout.roles if layout else None)
    columns = with_answers(found, knowledge.answers)
    records = list(take_records(columns, columns.rows[:_EVIDENCE_ROWS]))
    if not columns.complete or not any(record.figures for record in records):
        unreadable = (UnreadableRow(row.line, row.text, "cells") for row in rows)
        return _ask_columns(columns, knowledge.answers), unreadable
    chosen, choices = _decide(columns, records, knowledge, layout)
    read = (_read_row(record, columns, chosen) for record in take_records(columns, columns.rows))
    statement = Statement(
        (),
        layout=chosen,
        choices=choices,
        alternatives=list_alternatives(columns, chosen),
        column_names=name_columns(columns),
        proved=prove(
            records,
            chosen.decimal,
            sign=-1 if chosen.sign == "inverted" else 1,
            with_fee=chosen.with_fee,
        ),
    )
    return statement, read


def name_header(rows: Sequence[Row]) -> str:
    """Return the fingerprint under which a file's layout is remembered."""
    at = find_header(rows)
    width = str(max((len(row.cells) for row in rows), default=0))
    if at is not None:
        return find_fingerprint(rows[at].cells)
    # Files without names are told apart by what their columns hold.
    return find_fingerprint((width, *map(find_kind, find_columns(rows).kinds)))


def _decide(
    columns: Columns, records: Sequence[Record], knowledge: Knowledge, layout: Layout | None
) -> tuple[Layout, dict[Property, tuple[str, ...]]]:
    """Return the notation to read with, and the properties to ask about.

    An answer wins over proof, and proof over what an earlier file with this header needed.
    """
    answers = knowledge.answers
    evidence = [record for record in records if record.day and record.figures] or records
    decimals = find_decimals(evidence)
    decimal = pick_value(answers.get("decimal"), decimals, layout.decimal if layout else None)
    orders = find_day_orders(columns, today=knowledge.today)
    answers = _recall_answers(layout) | dict(answers)
    signs = find_signs(evidence, decimal, named=columns.header is not None)
    fees = find_fees(evidence, decimal)
    found: dict[Property, tuple[tuple[str, ...], str | None]] = {
        "decimal": (decimals, layout.decimal if layout else None),
        "day_order": (orders, layout.day_order if layout else None),
        "sign": (signs, layout.sign if layout else None),
    }
    picked = {name: pick_value(answers.get(name), *values) for name, values in found.items()}
    chosen = Layout(
        columns.roles,
        picked["day_order"],
        picked["decimal"],
        picked["sign"],
        chosen=tuple(sorted(answers)),
        with_fee=fees[0],
    )
    open_choices = {
        name: values
        for name, (values, known) in found.items()
        if len(values) > 1 and name not in answers and known not in values
    }
    return chosen, open_choices


def _recall_answers(layout: Layout | None) -> dict[Property, str]:
    """Return the sign that a person decided for an earlier file; it is guessed where none is proved."""
    return {"sign": layout.sign} if layout and "sign" in layout.chosen else {}


def _ask_columns(columns: Columns, answers: Mapping[Property, str]) -> Statement:
    """Return the statement that asks for day and amount; for none where no column could be them."""
    choices = list_column_choices(columns)
    known: set[Property] = {"day_column"} if columns.day is not None else set()
    if columns.has_amounts:
        known.add("amount_column")
    open_choices = {name: choices[name] for name in choices if name not in {*answers, *known}}
    is_hopeless = not all(open_choices.values()) or not open_choices
    return Statement(
        (),
        choices={"columns": ()} if is_hopeless else open_choices,
        column_names=name_columns(columns),
    )


def pick_value(answer: str | None, candidates: tuple[V, ...], known: str | None) -> V:
    """Return a person's answer, else the value of an earlier file where it is possible here."""
    if answer:
        return cast("V", answer)
    return next((value for value in candidates if value == known), candidates[0])


def _read_row(record: Record, columns: Columns, layout: Layout) -> StatementRow | UnreadableRow:
    day = parse_day(record.day, cast("DayOrder", layout.day_order)) if record.day else None
    amount = compute_amount(record, layout.decimal, with_fee=layout.with_fee)
    row = record.row
    if why := _find_fault(day, amount, cell_of(row, columns, "state")):
        return UnreadableRow(
            row.line, row.text, "summary" if is_summary(row.text) and why == "no_date" else why
        )
    assert day is not None
    assert amount is not None
    payee, memo = cell_of(row, columns, "payee"), _join_memos(row, columns)
    fee = cell_of(row, columns, "fee")
    return StatementRow(
        line=row.line,
        on=day,
        amount=_apply_sign(amount, cast("SignRule", layout.sign)),
        currency=record.currency,
        payee=payee or memo,
        memo=memo if payee else "",
        reference=cell_of(row, columns, "reference"),
        category=cell_of(row, columns, "category"),
        doubtful=not layout.with_fee and any(c in "123456789" for c in fee) and not record.balance,
    )


def _find_fault(day: date | None, amount: Decimal | None, state: str) -> Why | None:
    if is_not_completed(state):
        return "not_completed"
    if day is None:
        return "no_date"
    if day.year < _YEAR_MIN:
        return "too_old"
    if amount is None:
        return "no_amount"
    return None if amount else "zero"


def _apply_sign(amount: Decimal, rule: SignRule) -> Decimal:
    match rule:
        case "signed":
            return amount
        case "inverted":
            return -amount
        case "expenses":
            return -abs(amount)
        case "incomes":
            return abs(amount)


def _join_memos(row: Row, columns: Columns) -> str:
    cells = (
        row.cells[index]
        for index, role in enumerate(columns.roles)
        if role == "memo" and index < len(row.cells)
    )
    return " ".join(dict.fromkeys(filter(None, cells)))
