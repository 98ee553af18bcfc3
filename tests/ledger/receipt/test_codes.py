"""Fiscal QR codes."""

import base64
from datetime import date
from decimal import Decimal

import pytest

from ledger.receipt.codes import parse_code
from ledger.receipt.reading import Code


def _serbian() -> str:
    packed = bytearray(60)
    packed[27:35] = (12_345_600).to_bytes(8, "little")
    packed[35:43] = (1_773_900_000_000).to_bytes(8, "big")
    return "https://suf.purs.gov.rs/v/?vl=" + base64.b64encode(bytes(packed)).decode()


def _saudi() -> str:
    values = ("Bakery", "310122393500003", "2026-03-19T12:03:00Z", "115.00", "15.00")
    packed = b"".join(
        bytes((tag, len(value))) + value.encode() for tag, value in enumerate(values, 1)
    )
    return base64.b64encode(packed).decode()


CASES = [
    # Russia
    ("t=20260319T1203&s=1234.56&fn=9960440300000000&i=1&fp=2&n=1", "1234.56", "RUB"),
    # Portugal
    (
        "A:501234567*B:999999990*C:PT*D:FS*E:N*F:20260319*G:FS 1/2*H:AB-2*I1:PT*N:1.23*O:12.34",
        "12.34",
        "EUR",
    ),
    # Austria: the sums of five rates
    ("_R1-AT0_K1_77_2026-03-19T12:03:11_10,00_2,00_0,34_0,00_0,00_x_y_z", "12.34", "EUR"),
    # Germany: gross sums of five rates
    (
        (
            "V0;K1;Kassenbeleg-V1;Beleg^5.00_7.34_0.00_0.00_0.00^12.34:Bar;1;2;"
            "2026-03-19T12:03:11.000Z;2026-03-19T12:03:12.000Z;ecdsa;utc;sig;key"
        ),
        "12.34",
        "EUR",
    ),
    (_serbian(), "1234.56", "RSD"),  # Serbia
    ("https://porezna.gov.hr/rn?jir=1&datv=20260319_1203&izn=12,34", "12.34", "EUR"),  # Croatia
    (
        "https://cabinet.tax.gov.ua/cashregs/check?fn=1&id=2&date=20260319&time=12:03&sm=12.34",
        "12.34",
        "UAH",
    ),
    ("DT123456*0001234*2026-03-19*12:03:11*12.34", "12.34", "EUR"),  # Bulgaria, in euro by then
    (_saudi(), "115.00", "SAR"),  # Saudi Arabia
]


@pytest.mark.parametrize(("text", "total", "currency"), CASES)
def test_a_fiscal_code_gives_the_facts(text: str, total: str, currency: str) -> None:
    fiscal = parse_code(Code(text, "QRCode"))
    assert fiscal is not None
    assert (fiscal.total, fiscal.currency) == (Decimal(total), currency)
    assert fiscal.on == date(2026, 3, 19)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/menu",  # a link
        "BCD\n002\n1\nSCT\n\nShop\nDE00\nEUR12.34",  # a request to pay
        "t=tomorrow&s=1&fn=1",  # damaged
        "V0;K1",  # cut off
        "_R1-AT0_K1_77",  # cut off
        "",
    ],
)
def test_other_and_damaged_codes_say_nothing(text: str) -> None:
    assert parse_code(Code(text, "QRCode")) is None


def test_a_return_is_a_refund() -> None:
    fiscal = parse_code(Code("t=20260319T1203&s=12.00&fn=1&i=1&fp=2&n=2", "QRCode"))
    assert fiscal is not None
    assert fiscal.refund
