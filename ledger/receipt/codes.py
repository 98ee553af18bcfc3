"""Fiscal QR codes: what tax authorities make tills print, decoded into facts.

Formats, as the authorities publish them:
- Russia: `t=20260319T1203&s=1234.56&fn=…&i=…&fp=…&n=1` (Federal Tax Service, order ED-7-20/662@;
  n: 1 sale, 2 return of a sale, 3 purchase, 4 return of a purchase).
- Portugal: `A:…*B:…*…*F:20260319*…*N:tax*O:total` (Portaria 195/2020 with AT's specification).
- Austria: `_R1-AT0_till_number_2026-03-19T12:03:11_a_b_c_d_e_…` (RKSV, annex: sums per rate).
- Germany: `V0;till;Kassenbeleg-V1;Beleg^7%-parts…^sum:kind;…;start;end;…` (DSFinV-K, annex I).
- Serbia: `https://suf.purs.gov.rs/v/?vl=` and base64 (Tax Administration, verification of invoices:
  amount in 1/10000 dinars little endian at byte 27, milliseconds big endian at byte 35).
- Slovenia, Croatia, Slovakia, Italy and others print only links or hashes and are not used here,
  except Croatia's link: `https://porezna.gov.hr/rn?zki=…&datv=20260319_1203&izn=123456` (izn in
  cents or with a comma).
- Ukraine: `https://cabinet.tax.gov.ua/cashregs/check?...&date=20260319&time=…&sm=12.34`.
- Turkey, Saudi Arabia: ZATCA's TLV in base64 (tags 1 seller, 3 time, 4 total, 5 tax).
- Bulgaria: `device*number*2026-03-19*12:03:11*12.34` (Ordinance N-18).
- European payment codes (`BCD`, `SPD`) are requests to pay, not receipts.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qs, urlsplit

from ledger.receipt.reading import Code

_SERBIA_AMOUNT_AT = 27
_SERBIA_TIME_AT = 35


@dataclass(frozen=True, slots=True)
class Fiscal:
    """The facts of a fiscal code; `merchant_id` is the seller's tax number where it is given."""

    total: Decimal
    on: date | None
    currency: str
    tax: Decimal | None = None
    refund: bool = False
    evidence: str = ""


def parse_code(code: Code) -> Fiscal | None:
    """Understand a fiscal code; None for every other code and for damaged ones."""
    text = code.text.strip()
    for parse in _PARSERS:
        try:
            fiscal = parse(text)
        except (ValueError, InvalidOperation, IndexError, KeyError, OverflowError):
            continue
        if fiscal and fiscal.total > 0:
            return fiscal
    return None


def _russia(text: str) -> Fiscal | None:
    fields = parse_qs(urlsplit(text).query or text)
    if not {"t", "s", "fn"} <= fields.keys():
        return None
    kind = fields.get("n", ["1"])[0]
    on = datetime.strptime(fields["t"][0][:8], "%Y%m%d").date()  # noqa: DTZ007 - the till's day
    return Fiscal(Decimal(fields["s"][0]), on, "RUB", refund=kind in {"2", "4"}, evidence=text)


def _portugal(text: str) -> Fiscal | None:
    if not re.match(r"A:\d{9}\*B:", text):
        return None
    fields = dict(part.split(":", 1) for part in text.split("*") if ":" in part)
    on = datetime.strptime(fields["F"], "%Y%m%d").date()  # noqa: DTZ007 - the till's day
    tax = Decimal(fields["N"]) if "N" in fields else None
    return Fiscal(
        Decimal(fields["O"]), on, "EUR", tax, refund=fields.get("D") == "NC", evidence=text
    )


def _austria(text: str) -> Fiscal | None:
    if not text.startswith("_R1-AT"):
        return None
    fields = text.split("_")
    sums = [Decimal(part.replace(",", ".")) for part in fields[5:10]]
    total = sum(sums, Decimal(0))
    return Fiscal(
        abs(total), date.fromisoformat(fields[4][:10]), "EUR", refund=total < 0, evidence=text
    )


def _germany(text: str) -> Fiscal | None:
    if not text.startswith("V0;"):
        return None
    fields = text.split(";")
    _, gross, _ = fields[3].split("^", 2)
    sums = [Decimal(part.replace(",", ".")) for part in gross.split("_")]
    total = sum(sums, Decimal(0))
    moment = next(part for part in fields[5:9] if re.match(r"\d{4}-\d{2}-\d{2}T", part))
    return Fiscal(
        abs(total), date.fromisoformat(moment[:10]), "EUR", refund=total < 0, evidence=text
    )


def _serbia(text: str) -> Fiscal | None:
    if "suf.purs.gov.rs" not in text:
        return None
    packed = base64.b64decode(parse_qs(urlsplit(text).query)["vl"][0].replace(" ", "+"))
    amount = int.from_bytes(packed[_SERBIA_AMOUNT_AT : _SERBIA_AMOUNT_AT + 8], "little")
    moment = int.from_bytes(packed[_SERBIA_TIME_AT : _SERBIA_TIME_AT + 8], "big")
    on = datetime.fromtimestamp(moment / 1000, UTC).date()
    return Fiscal(Decimal(amount) / 10000, on, "RSD", evidence=text)


def _croatia(text: str) -> Fiscal | None:
    if "porezna" not in text or "izn=" not in text:
        return None
    fields = parse_qs(urlsplit(text).query)
    amount = fields["izn"][0]
    total = (
        Decimal(amount.replace(",", ".")) if re.search(r"[.,]", amount) else Decimal(amount) / 100
    )
    on = datetime.strptime(fields["datv"][0][:8], "%Y%m%d").date()  # noqa: DTZ007 - the till's day
    return Fiscal(abs(total), on, "EUR", refund=total < 0, evidence=text)


def _ukraine(text: str) -> Fiscal | None:
    if "tax.gov.ua" not in text:
        return None
    fields = parse_qs(urlsplit(text).query)
    on = datetime.strptime(fields["date"][0][:8], "%Y%m%d").date()  # noqa: DTZ007 - the till's day
    return Fiscal(Decimal(fields["sm"][0].replace(",", ".")), on, "UAH", evidence=text)


def _bulgaria(text: str) -> Fiscal | None:
    match = re.fullmatch(
        r"[A-Z0-9]{8}\*\d+\*(\d{4}-\d{2}-\d{2})\*\d{2}:\d{2}:\d{2}\*(\d+\.\d{2})", text
    )
    if not match:
        return None
    on = date.fromisoformat(match.group(1))
    return Fiscal(Decimal(match.group(2)), on, "EUR" if on.year >= 2026 else "BGN", evidence=text)  # noqa: PLR2004 - the euro came on 2026-01-01


def _saudi_arabia(text: str) -> Fiscal | None:
    try:
        packed = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    tags: dict[int, str] = {}
    at = 0
    while at + 2 <= len(packed):
        tag, length = packed[at], packed[at + 1]
        tags.setdefault(tag, packed[at + 2 : at + 2 + length].decode("utf-8"))
        at += 2 + length
    if not {1, 3, 4, 5} <= tags.keys():
        return None
    return Fiscal(
        Decimal(tags[4]),
        date.fromisoformat(tags[3][:10]),
        "SAR",
        Decimal(tags[5]),
        evidence=tags[1],
    )


_PARSERS: tuple[Callable[[str], Fiscal | None], ...] = (
    _russia,
    _portugal,
    _austria,
    _germany,
    _serbia,
    _croatia,
    _ukraine,
    _bulgaria,
    _saudi_arabia,
)
