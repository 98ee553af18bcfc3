"""Decide the notation of a file's days and amounts, by proof where there is one.

Each function returns the possible values, likeliest first; more than one means that the file does not
prove it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from ledger.statements.amounts import parse_amount
from ledger.statements.columns import DECIMALS, ORDERS, Columns
from ledger.statements.days import is_day_order_open, parse_day
from ledger.statements.headers import is_card_payment
from ledger.statements.records import Record, compute_amount, compute_balance
from ledger.statements.values import DayOrder, SignRule

_PROOF_ROWS_MIN = 2
"""Steps between balances below which they prove nothing."""
_PROOF_SHARE = 0.8
"""Share of steps that must agree; pending rows and other currencies between them may not."""
_SWAPPED_MIN = 3
"""Different days from which it is not chance that all fall on one day of the month."""
_VALID_SHARE = 0.98
"""Share of cells that must be readable under a notation."""


def find_decimals(records: Sequence[Record]) -> tuple[str, ...]:
    """Return the decimal separators under which the amounts are readable."""
    readable = {
        decimal: sum(
            parse_amount(cell, decimal, record.currency) is not None
            for record in records
            for cell in record.figures
        )
        for decimal in DECIMALS
    }
    most = max(readable.values())
    valid = [decimal for decimal in DECIMALS if readable[decimal] >= _VALID_SHARE * most]
    if len(valid) == 1 or _read_alike(records):
        return tuple(valid[:1])
    proved = [decimal for decimal in valid if prove(records, decimal)]
    return tuple(proved[:1]) or tuple(valid)


def find_day_orders(columns: Columns, *, today: date) -> tuple[DayOrder, ...]:
    """Return the orders of day and month under which the days of a file are readable."""
    at = columns.day
    cells = [row.cells[at] for row in columns.rows if at is not None and at < len(row.cells)]
    return pick_day_orders([c for c in cells if c], english=columns.english, today=today)


def pick_day_orders(cells: Sequence[str], *, english: bool, today: date) -> tuple[DayOrder, ...]:
    """Return the orders of day and month under which the cells are readable.

    Sorted days decide, and days of the future. Only English names columns where the month may stand
    first, and nobody writes it before a full stop.
    """
    days = {order: [parse_day(cell, order) for cell in cells] for order in ORDERS}
    readable = {order: sum(day is not None for day in days[order]) for order in ORDERS}
    most = max(readable.values())
    valid = [order for order in ORDERS if readable[order] >= _VALID_SHARE * most]
    if not any(is_day_order_open(cell) for cell in cells) or len(valid) == 1:
        return tuple(valid[:1])
    dotted = any(cell[:3].count(".") for cell in cells)
    if "mdy" in valid and "dmy" in valid and (dotted or not english):
        valid.remove("mdy")
    if "dmy" in valid and "ymd" in valid:
        valid.remove("ymd")
    known = {order: [day for day in days[order] if day] for order in valid}
    # A statement holds no days of the future, unless every order gives some.
    past = [o for o in valid if max(known[o], default=today) <= today] or valid
    plausible = [order for order in past if not _is_swapped(known[order])] or past
    return tuple([order for order in plausible if _is_sorted(known[order])] or plausible)


def find_signs(
    records: Sequence[Record], decimal: str, *, named: bool = True
) -> tuple[SignRule, ...]:
    """Return the meanings of an amount's sign that the file allows.

    `named` tells whether a header names the sides; two columns without names may be either way.
    """
    if prove(records, decimal):
        return ("signed",)
    # Cards often count what is owed, so the balance rises with each purchase.
    if prove(records, decimal, sign=-1):
        return ("inverted",)
    if any(record.debit or record.credit for record in records):
        return ("signed",) if named else ("signed", "inverted")
    if all(record.indicator for record in records if record.amount):
        return ("signed",)
    return _guess_signs(records, decimal)


def find_fees(records: Sequence[Record], decimal: str) -> tuple[bool, ...]:
    """Return whether fees are added to the amounts, both where no balance proves it."""
    if not any(record.fee and parse_amount(record.fee, decimal) for record in records):
        return (False,)
    agreeing = {
        with_fee: max(
            sum(_list_steps(records, decimal, 1, with_fee=with_fee, reverse=reverse))
            for reverse in (False, True)
        )
        for with_fee in (False, True)
    }
    # Balances prove neither, so both stay open.
    if agreeing[False] == agreeing[True]:
        return (False, True)
    return (agreeing[True] > agreeing[False],)


def prove(
    records: Sequence[Record], decimal: str, *, sign: int = 1, with_fee: bool = False
) -> bool:
    """Return whether each balance is the one before plus the amount, in the file's or reverse order."""
    for reverse in (False, True):
        steps = list(_list_steps(records, decimal, sign, with_fee=with_fee, reverse=reverse))
        agreeing = sum(steps)
        if len(steps) >= _PROOF_ROWS_MIN and agreeing >= _PROOF_SHARE * len(steps):
            return True
    return False


def _list_steps(
    records: Sequence[Record], decimal: str, sign: int, *, with_fee: bool, reverse: bool
) -> Iterator[bool]:
    """Yield for each pair of neighbours whether the balances differ by the amount.

    Balances of several currencies run side by side, each with its own steps.
    """
    before: dict[str | None, Decimal] = {}
    for record in reversed(records) if reverse else records:
        balance = compute_balance(record, decimal)
        amount = compute_amount(record, decimal, with_fee=with_fee)
        if balance is None or amount is None:
            continue
        if record.currency in before and amount:
            yield balance - before[record.currency] == sign * amount
        before[record.currency] = balance


def _read_alike(records: Sequence[Record]) -> bool:
    return all(
        parse_amount(cell, ".", record.currency) == parse_amount(cell, ",", record.currency)
        for record in records
        for cell in record.figures
    )


def _guess_signs(records: Sequence[Record], decimal: str) -> tuple[SignRule, ...]:
    """Guess from the amounts alone; a card's file may print purchases without a minus.

    There the payment of the bill is the one that has it.
    """
    amounts = [(r, compute_amount(r, decimal)) for r in records]
    present = [(record, amount) for record, amount in amounts if amount]
    negative = sum(amount < 0 for _, amount in present)
    payments = [amount for record, amount in present if is_card_payment(record.row.text)]
    if payments and 0 < negative < len(present):
        return ("inverted",) if max(payments) < 0 else ("signed",)
    if negative * 2 >= len(present):
        return ("signed",)
    return ("signed", "inverted") if negative else ("expenses", "incomes")


def _is_swapped(days: Sequence[date]) -> bool:
    """Return whether all days fall on one day of the month, as those of one month do when swapped."""
    return len(set(days)) >= _SWAPPED_MIN and len({day.day for day in days}) == 1


def _is_sorted(days: Sequence[date]) -> bool:
    ascending = all(a <= b for a, b in pairwise(days))
    descending = all(a >= b for a, b in pairwise(days))
    return len(set(days)) > 1 and (ascending or descending)
