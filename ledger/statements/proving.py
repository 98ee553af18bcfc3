"""Find the columns of amount and balance that prove each other, where no name tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise, permutations, product

from ledger.statements.amounts import parse_amount
from ledger.statements.dialects import Row

_STEPS_MIN = 3
_SHARE = 0.8
_FILLED = 0.95
"""Share of rows with both figures; a side's column has fewer."""
_COLUMNS_MAX = 8
"""Columns of figures that are tried; each pair costs a pass over the sample."""
_ROWS_MAX = 100

Values = Mapping[int, Sequence[Decimal | None]]


def find_proved_pair(
    rows: Sequence[Row], candidates: Sequence[int], decimals: Sequence[str]
) -> tuple[int, int] | None:
    """Return the columns of amount and balance, where the balances run by the amounts."""
    sample = rows[:_ROWS_MAX]
    # The balance before each row also runs by the amounts, with the sign reversed.
    for sign, decimal in product((1, -1), decimals):
        values = {index: _read(sample, index, decimal) for index in candidates[:_COLUMNS_MAX]}
        for amount, balance in permutations(values, 2):
            if _is_running(values[amount], values[balance], sign):
                return amount, balance
    return None


def _read(rows: Sequence[Row], index: int, decimal: str) -> list[Decimal | None]:
    return [
        parse_amount(row.cells[index], decimal) if index < len(row.cells) else None for row in rows
    ]


def _is_running(
    amounts: Sequence[Decimal | None], balances: Sequence[Decimal | None], sign: int
) -> bool:
    """Return whether each balance is the one before plus the signed amount, in either order."""
    lines = [
        (amount, balance)
        for amount, balance in zip(amounts, balances, strict=True)
        if amount is not None and balance is not None
    ]
    if len(lines) <= _STEPS_MIN or len(lines) < _FILLED * len(amounts):
        return False
    return any(
        sum(after[1] - before[1] == sign * after[0] for before, after in pairwise(ordered))
        >= _SHARE * (len(lines) - 1)
        for ordered in (lines, lines[::-1])
    )
