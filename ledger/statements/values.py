"""Define a statement, its transactions, and the rows that are not transactions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from ledger.statements.layouts import Layout

DayOrder = Literal["ymd", "dmy", "mdy"]
"""Order of year, month and day in dates that are written in figures."""

SignRule = Literal["signed", "inverted", "expenses", "incomes"]
"""Meaning of an amount's sign: as written, reversed, or all rows are of one kind."""

Property = Literal["columns", "day_column", "amount_column", "day_order", "decimal", "sign"]
"""Property of a file that may be asked about."""

Why = Literal[
    "no_date", "no_amount", "not_completed", "summary", "payment", "cells", "too_old", "zero"
]
"""Reason why a row is not a transaction."""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One transaction of a statement."""

    line: int
    """First line in the file, from 1."""
    on: date
    amount: Decimal
    """Negative where money left the account."""
    currency: str | None
    """ISO 4217 code; None where the file names none."""
    payee: str
    memo: str = ""
    reference: str = ""
    """Number that the bank gave the transaction; may be empty."""
    category: str = ""
    """Category as the file names it."""
    paid_by: str = ""
    """Name of the person who paid, where the file is shared by several."""
    shares: tuple[tuple[str, str], ...] = ()
    """Names and decimal amounts of everybody's share."""
    doubtful: bool = False
    """The bank charged a fee next to the amount, and no balance shows which of the two counts."""


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that holds text and is not a transaction."""

    line: int
    text: str
    why: Why


@dataclass(frozen=True, slots=True)
class Statement:
    """The transactions of one file, in its order."""

    rows: tuple[StatementRow, ...]
    unreadable: tuple[UnreadableRow, ...] = ()
    layout: Layout | None = None
    """The way the file was read, to be remembered for its header; None for other formats."""
    choices: dict[Property, tuple[str, ...]] = field(default_factory=dict)
    """Properties that the file does not prove, each with its possible values, likeliest first."""
    alternatives: dict[Property, tuple[str, ...]] = field(default_factory=dict)
    """Other values of each property, for a person who sees that the file was read wrong."""
    column_names: tuple[str, ...] = ()
    """Names of the columns, or their first cell; `day_column` and `amount_column` are indices."""
    proved: bool = False
    """A running balance confirms sign, order and separators."""
