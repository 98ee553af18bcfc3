"""Parse daily rates: the European Central Bank's XML, or JSON of a base and its rates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from ledger.errors import UnavailableError
from ledger.money import is_currency
from ledger.rates.values import EURO, DayRates

_BASES = ("base", "base_code", "base_currency")
_RATES = ("rates", "conversion_rates", "data")


def parse_rates(body: bytes, today: date) -> list[DayRates]:
    """Return the days of an answer; JSON without a date counts as of today.

    Zeros and negative rates are kept, so that whoever takes the rates refuses them by name.

    Raises:
        UnavailableError: `rates_unreadable`, with a `remedy`.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    try:
        days = list(_parse_xml(text)) if text.startswith(b"<") else [_parse_json(text, today)]
    except (DefusedXmlException, ParseError, ValueError, ArithmeticError, RecursionError) as error:
        remedy = "it is neither the ECB's XML nor JSON of base and rates; is RATES_URL right?"
        raise UnavailableError("rates_unreadable", remedy=remedy) from error
    if not any(day.per_euro for day in days):
        raise UnavailableError("rates_unreadable", remedy="it holds no rates; is RATES_URL right?")
    return days


def _parse_xml(text: bytes) -> Iterator[DayRates]:
    """Yield each day: `<Cube time="2026-10-30"><Cube currency="USD" rate="1.1172"/>…`."""
    for element in fromstring(text, forbid_dtd=True).iter():
        if element.get("time"):
            rates = {one.get("currency"): one.get("rate") for one in element}
            yield DayRates(date.fromisoformat(str(element.get("time"))), _numbers(rates))


def _parse_json(text: bytes, today: date) -> DayRates:
    # Numbers are read as decimals; a float never touches a rate.
    found = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    if not isinstance(found, dict):
        return DayRates(today, {})
    base = next((found[name] for name in _BASES if isinstance(found.get(name), str)), EURO)
    stated: dict[Any, Any] = next(
        (f for name in _RATES if isinstance(f := found.get(name), dict)), {}
    )
    rates = _numbers(stated) | {base: Decimal(1)}
    day = found.get("date")
    on = date.fromisoformat(day[:10]) if isinstance(day, str) else today
    if not is_currency(base):
        raise ValueError
    # Dividing by the euro's own rate turns any base into the euro.
    euro = Decimal(1) if base == EURO else rates[EURO] if EURO in rates else Decimal(0)
    return DayRates(on, {code: rate / euro for code, rate in rates.items() if code != EURO})


def _numbers(rates: Mapping[Any, Any]) -> dict[str, Decimal]:
    found = {}
    for code, rate in rates.items():
        if isinstance(code, str) and is_currency(code) and isinstance(rate, str | Decimal):
            found[code] = _number(rate)
    return found


def _number(rate: str | Decimal) -> Decimal:
    """Return a rate; zero, which is refused by name, where it is not a number."""
    try:
        value = Decimal(rate)
    except InvalidOperation:
        return Decimal(0)
    return value if value.is_finite() else Decimal(0)
