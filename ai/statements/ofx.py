"""Read OFX of any version; banks write it as SGML, as XML, and as neither.

The library builds the tree, because it closes the tags that SGML leaves open. The values are read
here, since its strict models refuse files that many banks write.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element  # the type alone; nothing is parsed by it

from ofxtools.Parser import ParseError, TreeBuilder

from ledger.money import is_currency
from ledger.statements import Statement, StatementRow, UnreadableRow

_DAY_DIGITS = 8
_EMPTY = re.compile(
    r"<(FITID|MEMO|NAME|CHECKNUM|REFNUM|SIC|PAYEEID|EXTDNAME)>\s*(?:</\1>|(?=<))", re.IGNORECASE
)
"""A value that is left out; its open tag would swallow the values behind it."""


class MalformedError(Exception):
    """Raised when a file is not of the format that its first bytes name."""


def is_ofx(text: str) -> bool:
    """Return whether a text is an OFX file."""
    return "<ofx>" in text[:4000].lower()


def read_ofx(text: str) -> Statement:
    """Return the transactions of all accounts of a file.

    Raises:
        MalformedError: The tags of the file do not nest.
    """
    root = _parse(text)
    rows: list[StatementRow] = []
    unreadable: list[UnreadableRow] = []
    count = 0
    for statement in root.iter():
        if statement.tag not in {"STMTRS", "CCSTMTRS"}:
            continue
        currency = _currency(statement.findtext("CURDEF"))
        for found in statement.iter("STMTTRN"):
            count += 1
            read = _read(found, count, currency)
            if isinstance(read, StatementRow):
                rows.append(read)
            else:
                unreadable.append(read)
    return Statement(tuple(rows), tuple(unreadable), proved=True)


def _parse(text: str) -> Element:
    start = text.lower().index("<ofx>")
    builder = TreeBuilder()
    try:
        builder.feed(_EMPTY.sub("", text[start:]))
        root: Element = builder.close()
    except (ParseError, AssertionError, IndexError) as error:
        raise MalformedError from error
    return root


def _read(found: Element, number: int, currency: str | None) -> StatementRow | UnreadableRow:
    fields = dict(_list_fields(found))
    day, amount = _parse_day(fields.get("DTPOSTED", "")), _parse_amount(fields.get("TRNAMT", ""))
    text = " ".join(fields.values())
    if day is None or amount is None:
        return UnreadableRow(number, text, "no_date" if day is None else "no_amount")
    if not amount:
        return UnreadableRow(number, text, "zero")
    payee = fields.get("NAME") or fields.get("PAYEE/NAME") or ""
    memo = fields.get("MEMO", "")
    return StatementRow(
        line=number,
        on=day,
        amount=amount,
        # Without ORIGCURRENCY the amount is in the account's currency (OFX 2.2, 5.2).
        currency=_currency(fields.get("CURRENCY/CURSYM")) or currency,
        payee=payee or memo,
        memo=memo if payee else "",
        reference=fields.get("FITID") or fields.get("REFNUM") or "",
    )


def _list_fields(found: Element) -> Iterator[tuple[str, str]]:
    for child in found:
        if child.text and child.text.strip():
            yield child.tag, html.unescape(child.text.strip())
        for inner in child:
            yield f"{child.tag}/{inner.tag}", html.unescape((inner.text or "").strip())


def _parse_day(text: str) -> date | None:
    digits = text[:_DAY_DIGITS]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _parse_amount(text: str) -> Decimal | None:
    try:
        # A comma is a decimal point here (OFX 2.2, 3.2.9.1); groups are not allowed.
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _currency(code: str | None) -> str | None:
    return code if code and is_currency(code) else None
