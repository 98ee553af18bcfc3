"""Find the header of a file and the role of each column, by its name and by its cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ledger.statements.amounts import find_currency, parse_amount
from ledger.statements.days import parse_day
from ledger.statements.dialects import Row
from ledger.statements.headers import Role, find_side, match_header
from ledger.statements.values import DayOrder

ORDERS: tuple[DayOrder, ...] = ("ymd", "dmy", "mdy")
DECIMALS = (".", ",")
_HEADER_LINES = 60
"""Rows among which the header is looked for; banks print address, account and period above it."""
_SAMPLE = 400
_MOST = 0.8
"""Share of a column's filled cells that must fit its role; footers and pending rows may not."""
_FILLED = 0.5
_FRACTION = re.compile(r"[.,]\d{2}\D*$")
_DATES: tuple[Role, ...] = ("transaction_date", "date", "value_date")
_AMOUNTS: tuple[Role, ...] = ("amount", "debit", "credit", "balance", "fee")
_SINGLE: tuple[Role, ...] = (
    *_DATES, *_AMOUNTS, "currency", "indicator", "state", "reference", "category", "payee",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """The filled cells of a column."""

    cells: tuple[str, ...]
    total: int
    """Rows of the file."""

    @property
    def filled(self) -> float:
        """Return the share of rows that have a cell here."""
        return len(self.cells) / max(1, self.total)

    @cached_property
    def is_day(self) -> bool:
        """Return whether the cells are days."""
        return self._fits(any(parse_day(cell, order) for order in ORDERS) for cell in self.cells)

    @cached_property
    def is_amount(self) -> bool:
        """Return whether the cells are amounts."""
        return not self.is_day and self._fits(
            any(parse_amount(cell, decimal) is not None for decimal in DECIMALS)
            for cell in self.cells
        )

    @cached_property
    def has_fractions(self) -> bool:
        """Return whether the cells are amounts with digits behind a separator, unlike numbers."""
        return self.is_amount and self._fits(bool(_FRACTION.search(cell)) for cell in self.cells)

    @cached_property
    def is_currency(self) -> bool:
        """Return whether the cells are currency codes alone."""
        return self._fits(find_currency(cell.upper()) == cell.upper() for cell in self.cells)

    @cached_property
    def is_indicator(self) -> bool:
        """Return whether every cell names a side."""
        return self._fits(find_side(cell) is not None for cell in self.cells)

    def _fits(self, found: Iterable[bool]) -> bool:
        hits = sum(found)
        return hits > 0 and hits >= _MOST * len(self.cells)


@dataclass(frozen=True)
class Columns:
    """The header of a file, its rows below it, and the role of each column."""

    header: Row | None
    rows: tuple[Row, ...]
    roles: tuple[str, ...]
    english: bool
    """No name of a column is of another language, so month may stand before day."""

    def find(self, role: Role) -> int | None:
        """Return the index of the column with this role."""
        return self._places.get(role)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {role: index for index, role in reversed(list(enumerate(self.roles)))}

    @cached_property
    def day(self) -> int | None:
        """Return the column with the day of purchase, else of booking, else of value."""
        return next((at for role in _DATES if (at := self.find(role)) is not None), None)

    @property
    def complete(self) -> bool:
        """Return whether day and amount are known."""
        sides = {"debit", "credit"} & set(self.roles)
        return self.day is not None and ("amount" in self.roles or bool(sides))


def find_columns(rows: Sequence[Row], remembered: tuple[str, ...] | None = None) -> Columns:
    """Return the columns of a file; `remembered` are the roles of an earlier file's header."""
    at = find_header(rows)
    header, below = (None, rows) if at is None else (rows[at], rows[at + 1 :])
    width = len(header.cells) if header else max((len(row.cells) for row in rows), default=0)
    sample = [row for row in below if len(row.cells) >= min(width, 2)][:_SAMPLE]
    columns = [_column(sample, index) for index in range(width)]
    roles: list[Role | str] = _name_roles(header, columns) if header else [""] * width
    _guess_roles(roles, columns)
    english = header is None or all(
        match[0].english for cell in header.cells if (match := match_header(cell))
    )
    return Columns(header, tuple(below), remembered or tuple(roles), english)


def find_header(rows: Sequence[Row]) -> int | None:
    """Return the index of the row that names the most columns and holds no day, None for none."""
    best, at = 1, None
    for index, row in enumerate(rows[:_HEADER_LINES]):
        names = sum(bool(match_header(cell)) for cell in row.cells)
        is_data = any(parse_day(cell, order) for cell in row.cells for order in ORDERS)
        if names > best and not is_data:
            best, at = names, index
    return at


def _column(rows: Sequence[Row], index: int) -> Column:
    cells = (row.cells[index] for row in rows if index < len(row.cells))
    return Column(tuple(cell for cell in cells if cell), len(rows))


def _name_roles(header: Row, columns: Sequence[Column]) -> list[Role | str]:
    """Give each column the role of its name, where its cells agree; the best name wins a role."""
    wishes = sorted(
        (
            (match.whole, match.length, columns[index].filled, -index, match.role)
            for index, cell in enumerate(header.cells)
            for match in match_header(cell)
            if _agrees(match.role, columns[index])
        ),
        reverse=True,
    )
    roles: list[Role | str] = [""] * len(columns)
    for _, _, _, negative, role in wishes:
        index = -negative
        if roles[index] == "" and not (role in _SINGLE and role in roles):
            roles[index] = role
    # A second description says more about the same transaction.
    for _, _, _, negative, role in wishes:
        if roles[-negative] == "" and role in {"payee", "indicator", "category"}:
            roles[-negative] = "memo"
    return roles


def _agrees(role: Role, column: Column) -> bool:
    if role in _DATES:
        return column.is_day
    if role in {"debit", "credit", "fee"}:
        return column.is_amount or not column.cells
    if role in _AMOUNTS:
        return column.is_amount
    if role == "currency":
        return column.is_currency
    if role == "indicator":
        return column.is_indicator
    return not (role in {"payee", "memo"} and (column.is_day or column.has_fractions))


def _guess_roles(roles: list[Role | str], columns: Sequence[Column]) -> None:
    """Give day, amounts and words to columns without a name, by their cells."""
    if not set(_DATES) & set(roles):
        _give(roles, columns, "date", lambda column: column.is_day and column.filled > _FILLED)
    if not {"amount", "debit", "credit"} & set(roles):
        _guess_amounts(roles, columns)
    if "payee" not in roles and "memo" in roles:
        roles[roles.index("memo")] = "payee"
    if "payee" not in roles:
        _give_longest_text(roles, columns)
    if "amount" in roles and "indicator" not in roles:
        _give(roles, columns, "indicator", lambda column: column.is_indicator)


def _guess_amounts(roles: list[Role | str], columns: Sequence[Column]) -> None:
    free = [
        index for index, column in enumerate(columns) if roles[index] == "" and column.has_fractions
    ]
    names: dict[int, tuple[Role, ...]] = {
        1: ("amount",),
        2: ("amount", "balance"),
        3: ("debit", "credit", "balance"),
    }
    if len(free) == 2 and all(columns[index].filled < 1 for index in free):  # noqa: PLR2004
        names[2] = ("debit", "credit")
    for index, role in zip(free, names.get(len(free), ()), strict=False):
        roles[index] = role


def _give(
    roles: list[Role | str],
    columns: Sequence[Column],
    role: Role,
    fits: Callable[[Column], bool],
) -> None:
    for index, column in enumerate(columns):
        if roles[index] == "" and fits(column):
            roles[index] = role
            return


def _give_longest_text(roles: list[Role | str], columns: Sequence[Column]) -> None:
    lengths = {
        index: sum(map(len, column.cells))
        for index, column in enumerate(columns)
        if roles[index] == "" and column.cells and not (column.is_day or column.is_amount)
    }
    if lengths:
        roles[max(lengths, key=lengths.__getitem__)] = "payee"
