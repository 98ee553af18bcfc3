"""Decode fiscal QR codes, which tax authorities make tills print, into facts.

Formats and their sources:

- Russia: `t=20260319T1203&s=1234.56&fn=…&i=…&fp=…&n=1` (Federal Tax Service, order ED-7-20/662@, tag
  1196). `n` is tag 1054: 1 sale, 2 return of a sale, 3 payout to the customer, 4 its return.
- Portugal: `A:seller*B:buyer*C:…*D:type*E:status*F:20260319*…*N:tax*O:total*…` (Portaria 195/2020,
  AT's technical specification of the QR code).
- Austria: `_R1-AT0_till_number_2026-03-19T12:03:11_a_b_c_d_e_turnover_serial_previous_signature` with
  the sums of five rates (Registrierkassensicherheitsverordnung, annex Z 4 and 5).
- Germany: `V0;till;Kassenbeleg-V1;Beleg^a_b_c_d_e^12.34:Bar;transaction;counter;start;end;…` with the
  gross sums of five rates and times in UTC (DSFinV-K, annex I).
- Serbia: `https://suf.purs.gov.rs/v/?vl=` and base64 of a record (Tax Administration, technical guide
  of e-fiscalisation): version 1 byte, two ids of 8, two counters of 4, amount in 1/10000 dinars 8
  bytes little endian, milliseconds since 1970 8 bytes big endian, invoice type, transaction type.
- Croatia: `https://porezna.gov.hr/rn?jir=…&datv=20260319_1203&izn=1234` (rules of fiscalisation,
  article 18.a; `zki` before a `jir` is known). `izn` is in cents, by some tills with a comma.
- Ukraine: `https://cabinet.tax.gov.ua/cashregs/check?id=…&fn=…&date=20260319&time=1203&sm=12.34`; some
  tills write the day first or leave it out.
- Saudi Arabia: ZATCA's tag, length, value records in base64 (E-invoicing resolution, annex 2): 1
  seller, 2 VAT number, 3 time, 4 total with VAT, 5 VAT; from 6 on hashes and keys, some of them binary.
- Bulgaria: `device*number*2026-03-19*12:03:11*12.34` (Ordinance N-18, annex 1).

Training receipts, drafts, cancelled documents and orders carry the same codes. They record no
purchase and are ignored here, as are payment requests (`BCD`, `SPD`) and bare links (Slovenia,
Slovakia, Italy).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from ledger.receipt.reading import Code

_RUSSIA_PAID_TO_CUSTOMER: Final = frozenset({"2", "3"})
_PORTUGAL_CANCELLED: Final = "A"
_PORTUGAL_UNPAID: Final = frozenset(
    {"CM", "CC", "FC", "FO", "NE", "OU", "OR", "PF", "DC", "GR", "GT", "GA", "GC", "GD"}
)
"""Table bills, orders, quotes, pro formas and transport documents."""
_AUSTRIA_FIELDS: Final = 14
_AUSTRIA_TRAINING: Final = "VFJB"
"""`TRA` in base64, in place of the encrypted turnover."""
_GERMANY_SOLD: Final = frozenset({"Beleg", "AVRechnung"})
_SERBIA_AMOUNT: Final = slice(25, 33)
_SERBIA_TIME: Final = slice(33, 41)
_SERBIA_INVOICE_TYPE: Final = 41
_SERBIA_TRANSACTION_TYPE: Final = 42
_SERBIA_PAID: Final = frozenset({0, 2, 4})
"""Normal, copy and advance; 1 is a pro forma, 3 a training receipt."""
_CROATIA_EURO_YEAR: Final = 2023
_BULGARIA_EURO_YEAR: Final = 2026
_ZATCA_TAGS: Final = {1: "seller", 3: "time", 4: "total", 5: "tax"}


@dataclass(frozen=True, slots=True)
class Fiscal:
    """Facts of a fiscal code. `total` is positive; `refund` means it was paid to the customer."""

    total: Decimal
    on: date | None
    currency: str
    tax: Decimal | None = None
    refund: bool = False
    evidence: str = ""


def parse_code(code: Code) -> Fiscal | None:
    """Parse a fiscal code; return None for every other code and for damaged ones."""
    text = code.text.strip()
    for parse in _PARSERS:
        try:
            fiscal = parse(text)
        except (ValueError, InvalidOperation, IndexError, KeyError, OverflowError):
            continue
        if fiscal and fiscal.total > 0:
            return fiscal
    return None


def _parse_russia(text: str) -> Fiscal | None:
    fields = parse_qs(urlsplit(text).query or text)
    if not {"t", "s", "fn"} <= fields.keys():
        return None
    refund = fields.get("n", ["1"])[0] in _RUSSIA_PAID_TO_CUSTOMER
    total = Decimal(fields["s"][0].replace(",", "."))
    return Fiscal(total, _compact_day(fields["t"][0]), "RUB", refund=refund, evidence=text)


def _parse_portugal(text: str) -> Fiscal | None:
    if not re.match(r"A:\d{9}\*B:", text):
        return None
    fields = dict(part.split(":", 1) for part in text.split("*") if ":" in part)
    kind = fields.get("D", "")
    if fields.get("E") == _PORTUGAL_CANCELLED or kind in _PORTUGAL_UNPAID:
        return None
    tax = Decimal(fields["N"]) if "N" in fields else None
    total, on = Decimal(fields["O"]), _compact_day(fields["F"])
    return Fiscal(abs(total), on, "EUR", tax, refund=kind == "NC", evidence=text)


def _parse_austria(text: str) -> Fiscal | None:
    fields = text.split("_")
    if not text.startswith("_R1-AT") or len(fields) != _AUSTRIA_FIELDS:
        return None
    moment, sums, turnover = fields[4], fields[5:10], fields[10]
    if turnover == _AUSTRIA_TRAINING:
        return None
    total = sum((Decimal(part.replace(",", ".")) for part in sums), Decimal(0))
    on = date.fromisoformat(moment[:10])
    return Fiscal(abs(total), on, "EUR", refund=total < 0, evidence=text)


def _parse_germany(text: str) -> Fiscal | None:
    fields = text.split(";")
    if fields[0] != "V0":
        return None
    process, gross, _ = fields[3].split("^", 2)
    if process not in _GERMANY_SOLD:
        return None
    total = sum((Decimal(part.replace(",", ".")) for part in gross.split("_")), Decimal(0))
    # A table's transaction begins with the first order: the receipt is of the time it ended.
    on = _local_day(datetime.fromisoformat(fields[7]), "Europe/Berlin")
    return Fiscal(abs(total), on, "EUR", refund=total < 0, evidence=text)


def _parse_serbia(text: str) -> Fiscal | None:
    if "suf.purs.gov.rs" not in text:
        return None
    record = base64.b64decode(parse_qs(urlsplit(text).query)["vl"][0].replace(" ", "+"))
    if record[_SERBIA_INVOICE_TYPE] not in _SERBIA_PAID:
        return None
    amount = int.from_bytes(record[_SERBIA_AMOUNT], "little")
    seconds = int.from_bytes(record[_SERBIA_TIME], "big") / 1000
    on = _local_day(datetime.fromtimestamp(seconds, UTC), "Europe/Belgrade")
    refund = record[_SERBIA_TRANSACTION_TYPE] == 1
    return Fiscal(Decimal(amount) / 10000, on, "RSD", refund=refund, evidence=text)


def _parse_croatia(text: str) -> Fiscal | None:
    if "porezna" not in text or "izn=" not in text:
        return None
    fields = parse_qs(urlsplit(text).query)
    amount = fields["izn"][0]
    has_mark = re.search(r"[.,]", amount)
    total = Decimal(amount.replace(",", ".")) if has_mark else Decimal(amount) / 100
    on = _compact_day(fields["datv"][0])
    currency = "EUR" if on.year >= _CROATIA_EURO_YEAR else "HRK"
    return Fiscal(abs(total), on, currency, refund=total < 0, evidence=text)


def _parse_ukraine(text: str) -> Fiscal | None:
    if "tax.gov.ua" not in text:
        return None
    fields = parse_qs(urlsplit(text).query)
    total = Decimal(fields["sm"][0].replace(",", "."))
    on = _ukrainian_day(fields.get("date", [""])[0])
    return Fiscal(abs(total), on, "UAH", refund=total < 0, evidence=text)


def _ukrainian_day(text: str) -> date | None:
    digits = re.sub(r"\D", "", text)[:8]
    for form in ("%Y%m%d", "%d%m%Y"):
        try:
            return datetime.strptime(digits, form).date()  # noqa: DTZ007 - the till's day
        except ValueError:
            continue
    return None


def _parse_bulgaria(text: str) -> Fiscal | None:
    match = re.fullmatch(
        r"[A-Z]{2}\d{6}\*\d+\*(\d{4}-\d{2}-\d{2})\*\d{2}:\d{2}:\d{2}\*(\d+\.\d{2})", text
    )
    if not match:
        return None
    on = date.fromisoformat(match.group(1))
    currency = "EUR" if on.year >= _BULGARIA_EURO_YEAR else "BGN"
    return Fiscal(Decimal(match.group(2)), on, currency, evidence=text)


def _parse_saudi_arabia(text: str) -> Fiscal | None:
    try:
        record = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    fields: dict[str, str] = {}
    at = 0
    while at + 2 <= len(record):
        tag, length = record[at], record[at + 1]
        if name := _ZATCA_TAGS.get(tag):
            fields.setdefault(name, record[at + 2 : at + 2 + length].decode("utf-8").strip())
        at += 2 + length
    # Tills print their own clock, many with a Z that is not meant as UTC: the day stays as written.
    on = date.fromisoformat(fields["time"][:10])
    total, tax = (Decimal(fields[name].replace(",", "")) for name in ("total", "tax"))
    return Fiscal(abs(total), on, "SAR", abs(tax), refund=total < 0, evidence=fields["seller"])


def _compact_day(text: str) -> date:
    """Parse the day at the beginning of `20260319T1203` and the like."""
    return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 - the till's day


def _local_day(moment: datetime, zone: str) -> date:
    """Return the day of a moment on the seller's calendar; a moment without a zone is local."""
    return moment.astimezone(ZoneInfo(zone)).date() if moment.tzinfo else moment.date()


_PARSERS: Final[tuple[Callable[[str], Fiscal | None], ...]] = (
    _parse_russia,
    _parse_portugal,
    _parse_austria,
    _parse_germany,
    _parse_serbia,
    _parse_croatia,
    _parse_ukraine,
    _parse_bulgaria,
    _parse_saudi_arabia,
)
