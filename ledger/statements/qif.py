"""Read transactions of a QIF file (Quicken Interchange Format).

A record ends with `^`; `D` holds the day, `T` or `U` the amount, `P` the payee, `M` the memo, `N` the
number and `L` the category. The format names no order of day and month, so all records decide it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.statements.amounts import parse_amount
from ledger.statements.columns import DECIMALS
from ledger.statements.days import parse_day
from ledger.statements.layouts import Layout, find_fingerprint
from ledger.statements.notation import pick_day_orders
from ledger.statements.reading import Knowledge, pick_value
from ledger.statements.values import DayOrder, Statement, StatementRow, UnreadableRow

_ACCOUNTS = frozenset({"bank", "cash", "ccard", "oth a", "oth l"})
"""Kinds of account whose records move money; others list categories, securities or accounts."""
_APOSTROPHE_YEAR = re.compile(r"'\s?(\d{2})$")
FINGERPRINT = find_fingerprint(("!qif",))


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    fields: dict[str, str]

    @property
    def day(self) -> str:
        """Return the day with slashes; Quicken writes `1/ 5'26` for 2026."""
        return _APOSTROPHE_YEAR.sub(r"/20\1", self.fields.get("D", "")).replace(" ", "")

    @property
    def amount(self) -> str:
        return self.fields.get("T") or self.fields.get("U", "")


def is_qif(text: str) -> bool:
    """Return whether a text begins as a QIF file does."""
    return text.lstrip("\ufeff \r\n").lower().startswith(("!type:", "!account", "!option:"))


def read_qif(text: str, knowledge: Knowledge) -> Statement:
    """Return the transactions of a QIF file, and the order of day and month where it is open."""
    records = list(_split(text))
    days = [record.day for record in records]
    orders = pick_day_orders(days, english=True, today=knowledge.today)
    known = knowledge.layouts.get(FINGERPRINT)
    order = pick_value(
        knowledge.answers.get("day_order"), orders, known.day_order if known else None
    )
    decimal = _find_decimal([record.amount for record in records])
    read = [_read(record, order, decimal) for record in records]
    is_asked = len(orders) > 1 and "day_order" not in knowledge.answers and known is None
    return Statement(
        rows=tuple(row for row in read if isinstance(row, StatementRow)),
        unreadable=tuple(row for row in read if isinstance(row, UnreadableRow)),
        layout=Layout((), order, decimal, "signed"),
        choices={"day_order": orders} if is_asked else {},
    )


def _split(text: str) -> Iterator[_Record]:
    fields: dict[str, str] = {}
    moves_money, first = True, 1
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip().lstrip("\ufeff")
        if line.startswith("!"):
            kind = line.partition(":")[2].strip().lower()
            moves_money = line.lower().startswith("!type:") and kind in _ACCOUNTS
            fields, first = {}, number + 1
        elif line == "^":
            if fields and moves_money:
                yield _Record(first, fields)
            fields, first = {}, number + 1
        elif line:
            # Splits (`S`, `E`, `$`) repeat; the first of each is enough, as the sum is in `T`.
            fields.setdefault(line[0], line[1:].strip())


def _read(record: _Record, order: DayOrder, decimal: str) -> StatementRow | UnreadableRow:
    day, amount = parse_day(record.day, order), parse_amount(record.amount, decimal)
    text = " ".join(record.fields.values())
    if day is None or day <= date(1970, 1, 1):
        return UnreadableRow(record.line, text, "no_date" if day is None else "too_old")
    if not amount:
        return UnreadableRow(record.line, text, "no_amount" if amount is None else "zero")
    fields = record.fields
    payee, memo = fields.get("P", ""), fields.get("M", "")
    return StatementRow(
        record.line,
        day,
        amount,
        None,
        payee or memo,
        memo if payee else "",
        fields.get("N", ""),
        fields.get("L", "").strip("[]"),
    )


def _find_decimal(amounts: Sequence[str]) -> str:
    readable = {d: sum(parse_amount(one, d) is not None for one in amounts) for d in DECIMALS}
    return max(DECIMALS, key=readable.__getitem__)
