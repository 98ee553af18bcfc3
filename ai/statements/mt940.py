"""Read MT940, the statement of SWIFT that banks in Europe still write."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from mt940.models import Transactions
from mt940.processors import transaction_details_post_processor_with_space

from ai.statements.ofx import MalformedError
from ledger.statements import Statement, StatementRow, UnreadableRow

_BEGINS = re.compile(r"^:20:", re.MULTILINE)
_ENTRY = re.compile(r"^:61:", re.MULTILINE)


def is_mt940(text: str) -> bool:
    """Return whether a text is an MT940 file."""
    return bool(_BEGINS.search(text[:8000]) and (":60F:" in text or ":25:" in text))


def read_mt940(text: str) -> Statement:
    """Return the transactions of a file.

    Raises:
        MalformedError: A field of the file does not follow the format.
    """
    rows: list[StatementRow] = []
    unreadable: list[UnreadableRow] = []
    for statement in _split(text):
        for found in _parse(statement):
            number = len(rows) + len(unreadable) + 1
            read = _read(found.data, number)
            if isinstance(read, StatementRow):
                rows.append(read)
            else:
                unreadable.append(read)
    return Statement(tuple(rows), tuple(unreadable), proved=True)


def _split(text: str) -> list[str]:
    """Return each statement of a file, as a file holds one a day."""
    starts = [found.start() for found in _BEGINS.finditer(text)]
    ends = [*starts[1:], len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _parse(text: str) -> list[Any]:
    if not _ENTRY.search(text):
        return []
    transactions = Transactions(
        processors={"post_transaction_details": [transaction_details_post_processor_with_space]}
    )
    try:
        return list(transactions.parse(text))
    except (RuntimeError, ValueError, KeyError, AttributeError, ArithmeticError) as error:
        raise MalformedError from error


def _read(data: dict[str, Any], number: int) -> StatementRow | UnreadableRow:
    day, amount = data.get("entry_date") or data.get("date"), data.get("amount")
    payee, memo = str(data.get("applicant_name") or ""), _memo(data)
    if day is None or amount is None:
        return UnreadableRow(number, f"{payee} {memo}", "no_date" if day is None else "no_amount")
    if not amount.amount:
        return UnreadableRow(number, f"{payee} {memo}", "zero")
    reference = str(data.get("bank_reference") or data.get("customer_reference") or "")
    return StatementRow(
        line=number,
        # The library's own kind of date is not a plain one when stored.
        on=date(day.year, day.month, day.day),
        amount=amount.amount,
        currency=amount.currency,
        payee=payee or memo,
        memo=memo if payee else "",
        reference="" if reference == "NONREF" else reference,
    )


def _memo(data: dict[str, Any]) -> str:
    words = data.get("purpose") or data.get("transaction_details") or data.get("extra_details")
    return " ".join(str(words or "").split())
