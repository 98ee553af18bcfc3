"""Read CAMT.053 and CAMT.052 (ISO 20022) of every version, by the local names of their elements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError  # the types alone

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ai.statements.ofx import MalformedError
from ledger.money import is_currency
from ledger.statements import Statement, StatementRow, UnreadableRow

_BOOKED = frozenset({"BOOK", ""})


def is_camt(text: str) -> bool:
    """Return whether a text is a CAMT statement."""
    head = text[:4000]
    return "urn:iso:std:iso:20022:tech:xsd:camt.05" in head or "<BkToCstmrStmt" in head


def read_camt(text: str) -> Statement:
    """Return the transactions of a file; those within one entry are rows of their own.

    Raises:
        MalformedError: The file is not well-formed, or declares entities.
    """
    try:
        root: Element = fromstring(text.encode(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise MalformedError from error
    rows: list[StatementRow] = []
    unreadable: list[UnreadableRow] = []
    for number, entry in enumerate(_all(root, "Ntry"), 1):
        for read in _read(entry, number):
            if isinstance(read, StatementRow):
                rows.append(read)
            else:
                unreadable.append(read)
    return Statement(tuple(rows), tuple(unreadable), proved=True)


def _read(entry: Element, number: int) -> list[StatementRow | UnreadableRow]:
    day = _parse_day(_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm")) or _parse_day(
        _text(entry, "ValDt/Dt") or _text(entry, "ValDt/DtTm")
    )
    words = _text(entry, "AddtlNtryInf")
    if day is None:
        return [UnreadableRow(number, words, "no_date")]
    status = _text(entry, "Sts/Cd") or _text(entry, "Sts")
    if status.strip() not in _BOOKED:
        return [UnreadableRow(number, words, "not_completed")]
    details = _list_details(entry)
    return [_read_part(entry, part, number, day) for part in details or [entry]]


def _list_details(entry: Element) -> list[Element]:
    """Return the transactions of an entry that a bank sums up, where each has its amount."""
    details = _all(entry, "TxDtls")
    if len(details) < len(("one", "other")):
        return details
    return details if all(_amount_of(part) is not None for part in details) else []


def _read_part(
    entry: Element, part: Element, number: int, day: date
) -> StatementRow | UnreadableRow:
    is_alone = len(_all(entry, "TxDtls")) <= 1
    amount = _amount_of(entry) if is_alone or part is entry else _amount_of(part)
    words = _words(part) or _text(entry, "AddtlNtryInf")
    if not amount or not amount[0]:
        return UnreadableRow(number, words, "no_amount" if amount is None else "zero")
    direction = _text(part, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    value, currency = amount
    party = "Cdtr" if direction == "DBIT" else "Dbtr"
    payee = _text(part, f"RltdPties/{party}/Nm") or _text(part, f"RltdPties/{party}/Pty/Nm")
    return StatementRow(
        line=number,
        on=day,
        amount=-value if direction == "DBIT" else value,
        currency=currency,
        payee=payee or words,
        memo=words if payee else "",
        reference=_text(part, "Refs/AcctSvcrRef") or _text(entry, "AcctSvcrRef"),
    )


def _words(part: Element) -> str:
    return " ".join(found.text.strip() for found in _all(part, "Ustrd") if found.text)


def _amount_of(element: Element) -> tuple[Decimal, str | None] | None:
    found = _find(element, "Amt")
    if found is None:
        found = _find(element, "AmtDtls/TxAmt/Amt")
    if found is None or not found.text:
        return None
    try:
        value = Decimal(found.text.strip())
    except InvalidOperation:
        return None
    code = found.get("Ccy") or ""
    return (abs(value), code if is_currency(code) else None) if value.is_finite() else None


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _all(element: Element, name: str) -> list[Element]:
    return [found for found in element.iter() if _local(found) == name]


def _find(element: Element, path: str) -> Element | None:
    """Return the first element at a path of local names; versions differ in their namespace."""
    for name in path.split("/"):
        child = next((one for one in element if _local(one) == name), None)
        if child is None:
            return None
        element = child
    return element


def _text(element: Element, path: str) -> str:
    found = _find(element, path)
    return (found.text or "").strip() if found is not None else ""


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
