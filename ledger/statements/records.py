"""Take the cells of each row by their roles, and compute its amount under a notation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ledger.statements.amounts import find_currency, parse_amount
from ledger.statements.columns import Columns
from ledger.statements.dialects import Row
from ledger.statements.headers import Role, find_side


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row that the reader looks at; an empty text where the row has none."""

    row: Row
    day: str
    amount: str
    debit: str
    credit: str
    balance: str
    fee: str
    indicator: str
    currency: str | None

    @property
    def figures(self) -> tuple[str, ...]:
        """Return the cells that must be amounts."""
        cells = (self.amount, self.debit, self.credit, self.balance, self.fee)
        return tuple(filter(None, cells))


def take_records(columns: Columns, rows: Iterable[Row]) -> Iterator[Record]:
    """Yield the records of rows below the header."""
    common = _find_header_currency(columns)
    return (
        Record(
            row=row,
            day=_cell(row, columns.day),
            amount=cell_of(row, columns, "amount"),
            debit=cell_of(row, columns, "debit"),
            credit=cell_of(row, columns, "credit"),
            balance=cell_of(row, columns, "balance"),
            fee=cell_of(row, columns, "fee"),
            indicator=cell_of(row, columns, "indicator"),
            currency=_find_currency(row, columns) or common,
        )
        for row in rows
    )


def cell_of(row: Row, columns: Columns, role: Role) -> str:
    """Return the cell with this role, an empty text where the row has none."""
    return _cell(row, columns.find(role))


def compute_amount(record: Record, decimal: str, *, with_fee: bool = False) -> Decimal | None:
    """Return the amount of a row as its columns give it, negative for money out.

    A debit counts as money out and a credit as money in, whatever sign the bank prints there.
    """
    value = _sum_sides(record, decimal)
    if value is None and record.amount:
        value = parse_amount(record.amount, decimal, record.currency)
        side = find_side(record.indicator) if record.indicator else None
        if value is not None and side:
            value = -abs(value) if side == "out" else abs(value)
    if value is None or not with_fee or not record.fee:
        return value
    fee = parse_amount(record.fee, decimal, record.currency)
    return None if fee is None else value - abs(fee)


def compute_balance(record: Record, decimal: str) -> Decimal | None:
    """Return the balance after a row."""
    return parse_amount(record.balance, decimal, record.currency) if record.balance else None


def _sum_sides(record: Record, decimal: str) -> Decimal | None:
    out = parse_amount(record.debit, decimal, record.currency) if record.debit else None
    into = parse_amount(record.credit, decimal, record.currency) if record.credit else None
    if not out and not into:
        return out if into is None else into
    return abs(into or Decimal(0)) - abs(out or Decimal(0))


def _cell(row: Row, index: int | None) -> str:
    return row.cells[index] if index is not None and index < len(row.cells) else ""


def _find_currency(row: Row, columns: Columns) -> str | None:
    roles: Sequence[Role] = ("currency", "amount", "debit", "credit", "balance")
    for role in roles:
        if code := find_currency(cell_of(row, columns, role).upper()):
            return code
    return None


def _find_header_currency(columns: Columns) -> str | None:
    """Return the code in the name of an amount's column, as in `Amount (GBP)`."""
    if columns.header is None:
        return None
    roles: Sequence[Role] = ("amount", "debit", "credit", "balance")
    for role in roles:
        if code := find_currency(cell_of(columns.header, columns, role).upper()):
            return code
    return None
