"""Define exact amounts in a currency, and the minor digits of each currency.

Amounts are `Decimal` while they are computed and integers of minor units when they are stored;
a float never touches them. Minor digits follow ISO 4217 to the letter (IDR and UZS have 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

AMOUNT_MAX = Decimal("999999999999.99")
"""Largest amount of one entry, in major units of any currency."""

# ISO 4217 (list one of 2024-06 and later amendments): alphabetic code -> minor digits,
# written as one line per number of digits. Funds codes, metals and test codes are left out.
_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN "
        "BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
        "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
        "LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD "
        "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
        "SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR "
        "ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
}
MINOR_DIGITS: dict[str, int] = {
    code: digits for digits, codes in _DIGITS.items() for code in codes.split()
}

_STEPS = {digits: Decimal(1).scaleb(-digits) for digits in _DIGITS}
"""One minor unit, by its digits."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount in major units with its ISO 4217 code; may be negative (a balance)."""

    amount: Decimal
    currency: str

    @property
    def minor(self) -> int:
        """Return the amount in minor units, rounded half-even, as the database stores it."""
        return to_minor(self.amount, self.currency)

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> Money:
        """Build money from stored minor units."""
        return cls(from_minor(minor, currency), currency)


def minor_digits(currency: str) -> int:
    """Return how many digits follow the point in this currency (ISO 4217; unknown codes: 2)."""
    return MINOR_DIGITS.get(currency, 2)


def is_currency(code: str) -> bool:
    """Return whether this is a circulating ISO 4217 code, in capitals."""
    return code in MINOR_DIGITS


def round_to_minor(amount: Decimal, currency: str) -> Decimal:
    """Round half-even to the currency's minor unit; the result has exactly that many decimals."""
    return amount.quantize(_STEPS[minor_digits(currency)], rounding=ROUND_HALF_EVEN)


def to_minor(amount: Decimal, currency: str) -> int:
    """Convert major units to an integer of minor units, rounding half-even."""
    return int(round_to_minor(amount, currency).scaleb(minor_digits(currency)))


def from_minor(minor: int, currency: str) -> Decimal:
    """Convert stored minor units to an exact amount with the currency's decimals."""
    return Decimal(minor) * _STEPS[MINOR_DIGITS.get(currency, 2)]


def plain(amount: Decimal, currency: str) -> str:
    """Write an amount for machines, with a point and the currency's decimals (`12.50`, `980`)."""
    # Stored amounts have their decimals already, and rounding is most of the cost.
    digits, text = minor_digits(currency), str(amount)
    if digits and text[-digits - 1 : -digits] == ".":
        return text
    return f"{round_to_minor(amount, currency):f}"
