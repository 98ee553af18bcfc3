"""An answer of the address of rates, XML or JSON."""

from __future__ import annotations

from datetime import date

from bot.rates.formats import parse_rates
from ledger.errors import UnavailableError
from ledger.money import is_currency

TODAY = date(2026, 11, 30)
SEEDS = (
    (
        b'<Envelope><Cube><Cube time="2026-11-30"><Cube currency="USD" rate="1.1172"/>'
        b'<Cube currency="JPY" rate="177.2"/></Cube></Cube></Envelope>'
    ),
    b'{"base": "EUR", "date": "2026-11-30", "rates": {"USD": 1.1172, "JPY": "177.2"}}',
    b'{"base_code": "USD", "conversion_rates": {"EUR": 0.895, "CHF": 0.84, "XXX": -1}}',
    b'{"data": {"USD": 1e999999999, "GBP": "NaN", "EUR": 0}}',
    b'<!DOCTYPE a [<!ENTITY b "c">]><a time="2026-11-30"/>',
)


def enter(data: bytes) -> None:
    """Read the bytes as rates; what is no rate is refused, and what is one can be counted with."""
    try:
        days = parse_rates(data, TODAY)
    except UnavailableError:
        return
    assert any(day.per_euro for day in days)
    for day in days:
        for code, rate in day.per_euro.items():
            assert is_currency(code), code
            assert rate.is_finite(), rate
