"""Read the export of Splitwise, whose columns are named in the user's language.

Its columns are known by their position: day, description, category, cost, currency, then one for each
person with what they paid less what they owe. Each row sums to zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ledger.money import is_currency
from ledger.statements.amounts import parse_amount
from ledger.statements.days import parse_day
from ledger.statements.dialects import Row
from ledger.statements.headers import is_settlement
from ledger.statements.values import Statement, StatementRow, UnreadableRow

_COMMON = 5
_COST, _CURRENCY = 3, 4
_ROUNDING = Decimal("0.05")
"""Cents by which the shares of a row may miss zero."""
_SAMPLE = 5
_PEOPLE_MIN = 2


def is_splitwise(rows: Sequence[Row]) -> bool:
    """Return whether the rows below the header balance between people, as only Splitwise's do."""
    if not rows or len(rows[0].cells) < _COMMON + _PEOPLE_MIN:
        return False
    sample = [row for row in rows[1:] if _cost(row) is not None][:_SAMPLE]
    return bool(sample) and all(_balances(row) for row in sample)


def read_splitwise(rows: Sequence[Row]) -> Statement:
    """Return the expenses of a group; payments between its people are named apart."""
    people = rows[0].cells[_COMMON:]
    read = [_read(row, people) for row in rows[1:]]
    return Statement(
        rows=tuple(row for row in read if isinstance(row, StatementRow)),
        unreadable=tuple(row for row in read if isinstance(row, UnreadableRow)),
        proved=True,
    )


def _read(row: Row, people: Sequence[str]) -> StatementRow | UnreadableRow:
    day, cost = parse_day(row.cells[0], "ymd"), _cost(row)
    if day is None or cost is None:
        return UnreadableRow(row.line, row.text, "no_date" if day is None else "summary")
    if not cost:
        return UnreadableRow(row.line, row.text, "zero")
    balances = _people(row)
    payer = balances.index(max(balances))
    if is_settlement(row.cells[2]):
        return UnreadableRow(row.line, row.text, "payment")
    # Each owes what is missing from their balance; the payer's own share is what is left.
    shares = [max(-balance, Decimal(0)) for balance in balances]
    shares[payer] = cost - sum(shares)
    return StatementRow(
        line=row.line,
        on=day,
        amount=-cost,
        currency=row.cells[_CURRENCY],
        payee="",
        memo=row.cells[1],
        category=row.cells[2],
        paid_by=people[payer],
        shares=tuple(
            (name, str(share)) for name, share in zip(people, shares, strict=False) if share
        ),
    )


def _cost(row: Row) -> Decimal | None:
    if len(row.cells) <= _CURRENCY or not is_currency(row.cells[_CURRENCY]):
        return None
    return parse_amount(row.cells[_COST], ".")


def _people(row: Row) -> list[Decimal]:
    return [parse_amount(cell, ".") or Decimal(0) for cell in row.cells[_COMMON:]]


def _balances(row: Row) -> bool:
    balances = _people(row)
    return any(balances) and abs(sum(balances, Decimal(0))) <= _ROUNDING
