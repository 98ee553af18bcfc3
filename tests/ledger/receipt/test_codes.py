"""Fiscal QR codes, composed by the rules that the authorities publish."""

import base64
import struct
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ledger.receipt.codes import parse_code
from ledger.receipt.reading import Code

DAY = date(2026, 3, 19)


def serbian(
    amount: str = "1234.56", moment: str = "2026-03-19T11:03:11", kind: int = 0, returned: int = 0
) -> str:
    """Version, two ids, two counters, amount (little endian), time (big endian), two types."""
    milliseconds = int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() * 1000)
    record = struct.pack("<B8s8sIIQ", 3, b"ABCD2345", b"EFGH6789", 171, 168, _units(amount))
    record += struct.pack(">QBB", milliseconds, kind, returned)
    # Buyer's id, encrypted data, signature and a hash follow.
    record += bytes(1) + b"\xfb\xef" * 256 + b"\xff" * 16
    return "https://suf.purs.gov.rs/v/?vl=" + base64.b64encode(record).decode()


def _units(amount: str) -> int:
    return int(Decimal(amount) * 10000)


def saudi(*more: tuple[int, bytes]) -> str:
    values = ("مخبز الورد", "310122393500003", "2026-03-19T12:03:00Z", "1150.00", "150.00")
    records = [(tag, value.encode()) for tag, value in enumerate(values, 1)]
    packed = b"".join(bytes((tag, len(value))) + value for tag, value in (*records, *more))
    return base64.b64encode(packed).decode()


def german(process: str, ended: str = "2026-03-19T12:03:12.000Z") -> str:
    return (
        f"V0;955002-00;Kassenbeleg-V1;{process};18;112;2026-03-18T19:03:11.000Z;{ended};"
        "ecdsa-plain-SHA256;unixTime;MEQCIAy4P9k+7x9saDO0uRZ4El8QwN+qTgYiv1DIaJIM;BHhWOeisRpPB"
    )


def austrian(sums: str = "10,00_2,00_0,34_0,00_0,00", turnover: str = "83O9TG==") -> str:
    return f"_R1-AT0_KASSE-1_77_2026-03-19T12:03:11_{sums}_{turnover}_3bd1a_r7Fx==_s8Qd=="


def portuguese(kind: str = "FS", status: str = "N", total: str = "12.34") -> str:
    return (
        f"A:501234567*B:999999990*C:PT*D:{kind}*E:{status}*F:20260319*G:FS 1/2*H:CSDF7T5H-2"
        f"*I1:PT*I7:10.03*I8:2.31*N:2.31*O:{total}*Q:kLp0*R:1234"
    )


def russian(kind: int = 1) -> str:
    return f"t=20260319T1203&s=1234.56&fn=9960440300000000&i=46534&fp=1273019065&n={kind}"


UKRAINE = "https://cabinet.tax.gov.ua/cashregs/check"
CASES = [
    (russian(), "1234.56", "RUB"),
    ("t=20260319T120311&s=1234,56&fn=9960440300000000&i=1&fp=2&n=1", "1234.56", "RUB"),
    (portuguese(), "12.34", "EUR"),
    (austrian(), "12.34", "EUR"),
    # a table's bill: begun the day before, five rates, paid in parts
    (german("Beleg^5.00_7.34_0.00_0.00_0.00^10.00:Bar_2.34:Unbar"), "12.34", "EUR"),
    (serbian(), "1234.56", "RSD"),
    ("https://porezna.gov.hr/rn?jir=1&datv=20260319_1203&izn=1234", "12.34", "EUR"),
    ("https://porezna.gov.hr/rn?zki=1&datv=20260319_1203&izn=00000012,34", "12.34", "EUR"),
    (f"{UKRAINE}?fn=4000518028&id=1112028941&date=20260319&time=1203&sm=7.99", "7.99", "UAH"),
    (f"{UKRAINE}?id=1&date=19032026&time=1203&fn=4&sm=50", "50", "UAH"),
    ("DT123456*0001234*2026-03-19*12:03:11*12.34", "12.34", "EUR"),
    (saudi(), "1150.00", "SAR"),
    # hashes, keys and signatures of the second phase are no text
    (saudi((6, b"aGFzaA=="), (8, b"\x30\x56\xff\xfe"), (9, b"\x80\x81")), "1150.00", "SAR"),
]


@pytest.mark.parametrize(("text", "total", "currency"), CASES)
def test_a_fiscal_code_gives_the_facts(text: str, total: str, currency: str) -> None:
    fiscal = parse_code(Code(text, "QRCode"))
    assert fiscal is not None
    assert (fiscal.total, fiscal.currency) == (Decimal(total), currency)
    assert fiscal.on == DAY
    assert not fiscal.refund


DAYS = [
    # a time in UTC is a day on the seller's calendar
    (serbian(moment="2026-03-18T23:30:00"), DAY),
    (german("Beleg^5.00_0.00_0.00_0.00_0.00^5.00:Bar", "2026-03-18T23:30:00.000Z"), DAY),
    # a day that is left out is not a reason to drop the sum
    (f"{UKRAINE}?id=1&fn=4&sm=50.00", None),
]


@pytest.mark.parametrize(("text", "on"), DAYS)
def test_the_day_is_the_sellers(text: str, on: date | None) -> None:
    fiscal = parse_code(Code(text, "QRCode"))
    assert fiscal is not None
    assert fiscal.on == on


CURRENCIES = [
    ("https://porezna.gov.hr/rn?jir=1&datv=20221231_1203&izn=1234", "HRK"),
    ("https://porezna.gov.hr/rn?jir=1&datv=20230101_1203&izn=1234", "EUR"),
    ("DT123456*0001234*2025-12-31*12:03:11*12.34", "BGN"),
]


@pytest.mark.parametrize(("text", "currency"), CURRENCIES)
def test_older_receipts_keep_the_currency_of_their_time(text: str, currency: str) -> None:
    fiscal = parse_code(Code(text, "QRCode"))
    assert fiscal is not None
    assert fiscal.currency == currency


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/menu",  # a link
        "BCD\n002\n1\nSCT\n\nShop\nDE00\nEUR12.34",  # a request to pay
        "t=tomorrow&s=1&fn=1",  # damaged
        "V0;K1",  # cut off
        "_R1-AT0_K1_77",  # cut off
        serbian()[:60],  # cut off
        "",
        # no purchases
        portuguese(status="A"),  # cancelled
        portuguese(kind="CM"),  # a table's bill
        austrian(turnover="VFJB"),  # training
        german("AVTraining^5.00_0.00_0.00_0.00_0.00^5.00:Bar"),
        german("AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^"),
        serbian(kind=1),  # pro forma
        serbian(kind=3),  # training
    ],
)
def test_other_and_damaged_codes_and_what_is_no_purchase_are_ignored(text: str) -> None:
    assert parse_code(Code(text, "QRCode")) is None


@pytest.mark.parametrize(
    "text",
    [
        russian(2),
        portuguese(kind="NC"),
        austrian("-10,00_0,00_0,00_0,00_0,00"),
        german("Beleg^-5.00_0.00_0.00_0.00_0.00^-5.00:Bar"),
        serbian(returned=1),
        "https://porezna.gov.hr/rn?jir=1&datv=20260319_1203&izn=-1234",
    ],
)
def test_a_return_is_a_refund(text: str) -> None:
    fiscal = parse_code(Code(text, "QRCode"))
    assert fiscal is not None
    assert fiscal.refund
    assert fiscal.total > 0
