"""List how else a file could be read, for the person who decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from ledger.statements.columns import DECIMALS, Column, Columns
from ledger.statements.layouts import Layout
from ledger.statements.values import DayOrder, Property, SignRule

_COLUMNS_MAX = 8
"""Columns that are offered as buttons."""
_NAMED_MAX = 60
_NAME_LETTERS = 24


def list_alternatives(columns: Columns, layout: Layout) -> dict[Property, tuple[str, ...]]:
    """Return the values of each property other than those that a file was read with."""
    choices = list_column_choices(columns)
    amounts = {at for at, role in enumerate(columns.roles) if role in {"amount", "debit", "credit"}}
    return {
        "day_order": _others(get_args(DayOrder), layout.day_order),
        "sign": _others(get_args(SignRule), layout.sign),
        "decimal": _others(DECIMALS, layout.decimal),
        "day_column": tuple(one for one in choices["day_column"] if int(one) != columns.day),
        "amount_column": tuple(one for one in choices["amount_column"] if int(one) not in amounts),
    }


def list_column_choices(columns: Columns) -> dict[Property, tuple[str, ...]]:
    """Return the indices of the columns that may hold the day, and of those for the amount."""
    days = [str(at) for at, column in enumerate(columns.kinds) if column.may_be_day]
    amounts = [str(at) for at, column in enumerate(columns.kinds) if column.may_be_amount]
    return {
        "day_column": tuple(days[:_COLUMNS_MAX]),
        "amount_column": tuple(amounts[:_COLUMNS_MAX]),
    }


def name_columns(columns: Columns) -> tuple[str, ...]:
    """Return the name of each column with its first cell, which tells it best."""
    header = _find_names(columns)
    names = []
    for at, column in enumerate(columns.kinds[:_NAMED_MAX]):
        name = header[at] if at < len(header) else ""
        cell = column.cells[0] if column.cells else ""
        parts = [one[:_NAME_LETTERS] for one in (name, cell) if one]
        names.append(": ".join(parts) or "…")
    return tuple(names)


def _find_names(columns: Columns) -> tuple[str, ...]:
    """Return the header's cells, or those of a first row of unknown words."""
    first = columns.header or next(iter(columns.rows), None)
    if first is None or (columns.header is None and any(c.isdigit() for c in first.text)):
        return ()
    return first.cells


def find_kind(column: Column) -> str:
    """Return the kind of a column's cells, for the fingerprint of a file without names."""
    if not column.cells:
        return ""
    return "day" if column.is_day else "amount" if column.is_amount else "text"


def _others(values: Iterable[str], current: str) -> tuple[str, ...]:
    return tuple(value for value in values if value != current)
