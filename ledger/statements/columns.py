"""Find the header of a file and the role of each column, by its name and by its cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from ledger.statements.amounts import find_currency, parse_amount
from ledger.statements.days import parse_day
from ledger.statements.dialects import Row
from ledger.statements.headers import Role, find_side, match_header
from ledger.statements.proving import find_proved_pair
from ledger.statements.values import DayOrder, Property

ORDERS: tuple[DayOrder, ...] = ("ymd", "dmy", "mdy")
DECIMALS = (".", ",")
_HEADER_LINES = 60
"""Rows among which the header is looked for; banks print address, account and period above it."""
_SAMPLE = 400
_MOST = 0.8
"""Share of a column's filled cells that must fit its role; footers and pending rows may not."""
_FILLED = 0.5
_WORD = re.compile(r"[^\W\d_]{3,}(?:\s|$)|[^\x00-\x7f]{2,}")
"""A word that ends before a blank, unlike the letters of an account number or a code."""
_WORDS_FILLED = 0.9
"""Share of rows that have words; with fewer, further columns are read."""
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

    @property
    def may_be_day(self) -> bool:
        """Return whether any cell is a day."""
        return any(parse_day(cell, order) for cell in self.cells for order in ORDERS)

    @property
    def may_be_amount(self) -> bool:
        """Return whether any cell is an amount, and the column no list of days."""
        return not self.is_day and any(
            parse_amount(cell, decimal) is not None for cell in self.cells for decimal in DECIMALS
        )

    @property
    def has_both_signs(self) -> bool:
        """Return whether some cells have a minus and others do not."""
        negative = sum("-" in cell for cell in self.cells)
        return 0 < negative < len(self.cells)

    @property
    def is_text(self) -> bool:
        """Return whether most cells are words: no day, figure, code or account."""
        words = sum(bool(_WORD.search(cell)) for cell in self.cells)
        return words >= _FILLED * max(1, len(self.cells)) and not (self.is_day or self.is_amount)

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
    kinds: tuple[Column, ...]
    """The cells of each column in rows that have a day."""
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
    def has_amounts(self) -> bool:
        """Return whether a column holds amounts, or one side of them."""
        return bool({"amount", "debit", "credit"} & set(self.roles))

    @property
    def complete(self) -> bool:
        """Return whether day and amount are known."""
        return self.day is not None and self.has_amounts


def find_columns(rows: Sequence[Row], remembered: tuple[str, ...] | None = None) -> Columns:
    """Return the columns of a file; `remembered` are the roles of an earlier file's header."""
    at = find_header(rows)
    header, below = (None, rows) if at is None else (rows[at], rows[at + 1 :])
    width = len(header.cells) if header else max((len(row.cells) for row in rows), default=0)
    sample = [row for row in below if len(row.cells) >= min(width, 2)][:_SAMPLE]
    # Footers put words under amounts; a transaction has a day.
    sample = [row for row in sample if _has_day(row)] or sample
    columns = [_column(sample, index) for index in range(width)]
    roles: list[Role | str] = _name_roles(header, columns) if header else [""] * width
    _guess_roles(roles, columns, header, sample)
    if remembered and len(remembered) == width and _fits(remembered, columns):
        roles = list(remembered)
    english = header is None or all(
        match[0].english for cell in header.cells if (match := match_header(cell))
    )
    return Columns(header, tuple(below), tuple(roles), tuple(columns), english)


def _fits(roles: Sequence[str], columns: Sequence[Column]) -> bool:
    """Return whether remembered days are days here and remembered amounts are amounts."""
    return all(
        column.may_be_day if role in _DATES else column.may_be_amount
        for role, column in zip(roles, columns, strict=True)
        if role in {*_DATES, *_AMOUNTS} and column.cells
    )


def with_answers(columns: Columns, answers: Mapping[Property, str]) -> Columns:
    """Return the columns with those that a person named as day and as amount."""
    roles = list(columns.roles)
    for name, taken, role in (
        ("day_column", _DATES, "date"),
        ("amount_column", ("amount", "debit", "credit"), "amount"),
    ):
        answer = answers.get(cast("Property", name), "")
        if answer.isdecimal() and int(answer) < len(roles):
            roles = ["" if one in taken else one for one in roles]
            roles[int(answer)] = role
    return replace(columns, roles=tuple(roles))


def find_header(rows: Sequence[Row]) -> int | None:
    """Return the index of the row that names the most columns and holds no day, None for none."""
    best, at = 1, None
    for index, row in enumerate(rows[:_HEADER_LINES]):
        names = sum(bool(match_header(cell)) for cell in row.cells)
        if names > best and not _has_day(row):
            best, at = names, index
    return at


def _has_day(row: Row) -> bool:
    return any(parse_day(cell, order) for cell in row.cells for order in ORDERS)


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
    if role in {"currency", "indicator"}:
        return column.is_currency if role == "currency" else column.is_indicator
    if role in {"payee", "memo"}:
        return bool(column.cells) and not (column.is_day or column.has_fractions)
    return True


def _guess_roles(
    roles: list[Role | str], columns: Sequence[Column], header: Row | None, sample: Sequence[Row]
) -> None:
    """Give day, amounts and words to columns without a name, by their cells."""
    if not set(_DATES) & set(roles):
        _give(roles, columns, "date", lambda column: column.is_day and column.filled > _FILLED)
    _mend_sides(roles, columns)
    if not {"amount", "debit", "credit"} & set(roles):
        _guess_amounts(roles, columns, sample)
    if "payee" not in roles and "memo" in roles:
        roles[roles.index("memo")] = "payee"
    if "payee" not in roles:
        _give_longest_text(roles, columns)
    _give_words(roles, columns, header)
    if "amount" in roles:
        _give_indicator(roles, columns)


def _give_indicator(roles: list[Role | str], columns: Sequence[Column]) -> None:
    """Find the column that names the side of each amount; written signs need none."""
    if any("-" in cell for cell in columns[roles.index("amount")].cells):
        roles[:] = ["" if role == "indicator" else role for role in roles]
    elif "indicator" not in roles:
        _give(roles, columns, "indicator", lambda column: column.is_indicator)


def _mend_sides(roles: list[Role | str], columns: Sequence[Column]) -> None:
    """Take the only column of a side for the amount where its cells have both signs."""
    sides = [index for index, role in enumerate(roles) if role in {"debit", "credit"}]
    if len(sides) == 1 and "amount" not in roles and columns[sides[0]].has_both_signs:
        roles[sides[0]] = "amount"


def _guess_amounts(
    roles: list[Role | str], columns: Sequence[Column], sample: Sequence[Row]
) -> None:
    figures = [at for at, column in enumerate(columns) if roles[at] == "" and column.is_amount]
    if pair := find_proved_pair(sample, figures, DECIMALS):
        roles[pair[0]], roles[pair[1]] = "amount", "balance"
        return
    free = [at for at in figures if columns[at].has_fractions]
    partly = [at for at in free if columns[at].filled < 1]
    whole = [at for at in free if at not in partly]
    # More whole columns than one may be amount or balance in either order: that is asked.
    if len(free) == 1:
        roles[free[0]] = "amount"
    elif len(partly) == len(("debit", "credit")) and len(whole) <= 1:
        roles[partly[0]], roles[partly[1]] = "debit", "credit"
        for at in whole:
            roles[at] = "balance"


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
    if words := [index for index in lengths if columns[index].is_text]:
        lengths = {index: lengths[index] for index in words}
    if lengths:
        roles[max(lengths, key=lengths.__getitem__)] = "payee"


def _give_words(roles: list[Role | str], columns: Sequence[Column], header: Row | None) -> None:
    """Read further columns as words: those that continue the one before, and for rows without any.

    Some banks name a person only, and print the shop of a card's payment elsewhere.
    """
    cells = header.cells if header else ()
    for index in range(1, len(cells)):
        continues = cells[index] == "" and roles[index - 1] in {"payee", "memo"}
        if continues and roles[index] == "" and columns[index].is_text:
            roles[index] = "memo"
    filled = sum(columns[at].filled for at, role in enumerate(roles) if role in {"payee", "memo"})
    if filled < _WORDS_FILLED:
        free = [at for at, role in enumerate(roles) if role == "" and columns[at].is_text]
        if free:
            roles[max(free, key=lambda at: sum(map(len, columns[at].cells)))] = "memo"
