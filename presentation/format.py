"""Write money, numbers, dates and lists in a chat's language, by Babel.

Babel's own `format_currency` parses and rebuilds its pattern on every call (about 60 µs); here a
pattern is compiled once per language and currency so that an amount costs a few microseconds.
Amounts are `Decimal` throughout. Minor digits are ISO 4217's (`ledger.money`), not CLDR's, so an
amount is shown exactly as it is stored. Babel is imported when the first figure is shown: it costs
8 MB.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from ledger.money import Money, minor_digits, round_to_minor
from ledger.periods.period import Period

if TYPE_CHECKING:
    from babel import Locale

NBSP = "\u00a0"
_THIN = "\u2009"
"""CLDR puts it around the dash of an interval; few fonts draw it, and in text it looks glued."""
RISE, FALL, SAME = "▲", "▼", "="
_RATE_DIGITS = 5
_RATE_PLACES_MAX = 12
_UNGROUPED = 1000
"""Whole numbers below it have no separator in any language."""
_TIMES_FROM = 10
"""From an elevenfold on a rise is shown as a factor, because 2,608 % is hard to picture."""

# What people write in a country for its own currency: CLDR's narrow symbols, for those currencies
# whose ordinary CLDR symbol outside the country is a code or carries a country (`CA$`).
_NARROW = {
    "ARS": "$", "AUD": "$", "BRL": "R$", "CAD": "$", "CLP": "$", "CNY": "¥", "COP": "$",
    "CZK": "Kč", "DKK": "kr", "EUR": "€", "GBP": "£", "HKD": "$", "HUF": "Ft", "IDR": "Rp", "ILS": "₪",
    "INR": "₹", "ISK": "kr", "JPY": "¥", "KRW": "₩", "KZT": "₸", "MXN": "$", "NGN": "₦",
    "NOK": "kr", "NZD": "$", "PHP": "₱", "PLN": "zł", "RUB": "₽", "SEK": "kr", "SGD": "$",
    "THB": "฿", "TRY": "₺", "TWD": "$", "UAH": "₴", "USD": "$", "VND": "₫",
}  # fmt: skip

# The country whose dates and amounts a bare language means, by the chat's currency. English
# is written the American way only where dollars of the States are spent.
_BY_CURRENCY = {
    ("en", "USD"): "en_US",
    ("pt", "EUR"): "pt_PT",
    ("hi", "INR"): "hi_IN",
    ("en", "INR"): "en_IN",
    ("de", "CHF"): "de_CH",
    ("fr", "CHF"): "fr_CH",
    ("it", "CHF"): "it_CH",
    ("es", "MXN"): "es_MX",
}
_WORLD_ENGLISH = "en_GB"

Style = Literal["day", "day_and_year", "month"]
_SKELETONS: dict[Style, str] = {"day": "MMMEd", "day_and_year": "yMMMEd", "month": "yMMMM"}


@lru_cache(maxsize=64)
def locale_of(language: str, currency: str) -> Locale:
    """Return the locale for a BCP 47 tag and a chat's currency; world English when unknown."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 -- see the module's docstring

    tag = language.replace("-", "_")
    for name in (_BY_CURRENCY.get((tag.lower(), currency), tag), tag.split("_", maxsplit=1)[0]):
        try:
            return Locale.parse(_WORLD_ENGLISH if name.lower() == "en" else name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(_WORLD_ENGLISH)


@lru_cache(maxsize=64)
def is_right_to_left(language: str) -> bool:
    """Return whether a language is written from right to left."""
    return locale_of(language, "").character_order == "right-to-left"


@dataclass(frozen=True, slots=True)
class MoneyPattern:
    """The pattern by which amounts of one currency are written in one chat."""

    prefix: str
    suffix: str
    negative_prefix: str
    negative_suffix: str
    plus: str
    digits: int
    point: str
    group: str
    sizes: tuple[int, int]

    def write(self, amount: Decimal, *, plus: bool = False) -> str:
        """Write an amount with its currency; `plus` puts a sign before what is not negative."""
        body = grouped(abs(amount), self.digits, self.point, self.group, self.sizes)
        if amount < 0:
            return f"{self.negative_prefix}{body}{self.negative_suffix}"
        return f"{self.plus if plus else ''}{self.prefix}{body}{self.suffix}"


def grouped(amount: Decimal, digits: int, point: str, group: str, sizes: tuple[int, int]) -> str:
    """Write digits with separators; `sizes` are the last group's and the other groups' lengths."""
    text = f"{amount:.{digits}f}"
    whole, _, fraction = text.partition(".")
    if len(whole) > sizes[0]:
        parts = [whole[-sizes[0] :]]
        rest = whole[: -sizes[0]]
        while rest:
            parts.append(rest[-sizes[1] :])
            rest = rest[: -sizes[1]]
        whole = group.join(reversed(parts))
    return f"{whole}{point}{fraction}" if fraction else whole


@lru_cache(maxsize=512)
def money_pattern(language: str, home: str, currency: str) -> MoneyPattern:
    """Compile how a currency is written in a chat whose own currency is `home`.

    The chat's own currency has its short sign; another one has the sign that tells it apart
    (`CA$`), and its ISO code where that sign is the chat's own.
    """
    locale = locale_of(language, home)
    pattern = locale.currency_formats["standard"]
    symbols = locale.number_symbols["latn"]
    sign = _symbol(locale, home, currency)
    prefix, negative = (part.replace("¤", sign) for part in pattern.prefix)
    suffix, negative_suffix = (part.replace("¤", sign) for part in pattern.suffix)
    gap = NBSP if prefix[-1:].isalpha() else ""
    return MoneyPattern(
        prefix=prefix + gap,
        suffix=suffix,
        negative_prefix=negative.replace("-", symbols["minusSign"]) + gap,
        negative_suffix=negative_suffix,
        plus=symbols["plusSign"],
        digits=minor_digits(currency),
        point=symbols["decimal"],
        group=symbols["group"],
        sizes=pattern.grouping,
    )


def _symbol(locale: Locale, home: str, currency: str) -> str:
    from babel.numbers import get_currency_symbol  # noqa: PLC0415 -- as above

    own = _NARROW.get(home) or get_currency_symbol(home, locale)
    if currency == home:
        return own
    symbol: str = get_currency_symbol(currency, locale)
    return currency if symbol == own else symbol


def write_money(money: Money, language: str, home: str, *, plus: bool = False) -> str:
    """Write an amount for a chat: `€4.50`, `-4,50 €`, `+$1,200.00`, `¥980`, `CHF 12.50`."""
    pattern = money_pattern(language, home, money.currency)
    return pattern.write(round_to_minor(money.amount, money.currency), plus=plus)


@lru_cache(maxsize=64)
def _number_signs(language: str, home: str) -> tuple[str, str, str, tuple[int, int], str]:
    locale = locale_of(language, home)
    symbols = locale.number_symbols["latn"]
    percents = locale.percent_formats[None].pattern
    # World English sets a space here as most languages do, which keeps figure and sign apart.
    percents = "#,##0 %" if locale.language == "en" else percents
    layout = percents.replace("#,##,##0", "{}").replace("#,##0", "{}").replace(" ", NBSP)
    sizes: tuple[int, int] = locale.decimal_formats[None].grouping
    return symbols["decimal"], symbols["group"], symbols["minusSign"], sizes, layout


def write_number(number: Decimal | int, language: str, home: str) -> str:
    """Write a plain number with the digits it has: `1,204`, `2.5`, `-3`."""
    if isinstance(number, int) and 0 <= number < _UNGROUPED:
        return str(number)
    point, group, minus, sizes, _ = _number_signs(language, home)
    exact = Decimal(number)
    exponent = exact.as_tuple().exponent
    digits = max(0, -exponent) if isinstance(exponent, int) else 0
    body = grouped(abs(exact), digits, point, group, sizes)
    return f"{minus}{body}" if exact < 0 else body


def write_rate(rate: Decimal, language: str, home: str) -> str:
    """Write an exchange rate to five digits that count, two decimals at least: `0.8951`, `1.10`."""
    places = min(_RATE_PLACES_MAX, max(2, _RATE_DIGITS - 1 - rate.adjusted()))
    exact = rate.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    while places > 2 and not exact.scaleb(places) % 10:  # noqa: PLR2004 -- as money is written
        places -= 1
        exact = exact.quantize(Decimal(1).scaleb(-places))
    return write_number(exact, language, home)


@lru_cache(maxsize=2048)
def write_percent(share: Decimal, language: str, home: str) -> str:
    """Write a share in whole percents, `33 %`; a share that rounds to nothing is `<1 %`."""
    *_, layout = _number_signs(language, home)
    percents = (share * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    if not percents and share:
        return layout.format("<1")
    return layout.format(write_number(percents, language, home))


def write_change(change: Decimal, language: str, home: str) -> str:
    """Write a change against an earlier figure: `▲ 12 %`, `▼ 5 %`, `=`, `×14`."""
    if change >= _TIMES_FROM:
        factor = (change + 1).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        return f"×{write_number(factor, language, home)}"
    if not (change * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN):
        return SAME
    sign = RISE if change > 0 else FALL
    return f"{sign}{NBSP}{write_percent(abs(change), language, home)}"


@lru_cache(maxsize=2048)
def write_date(on: date, language: str, home: str, style: Style) -> str:
    """Write a date in words: `Fri 20 Nov`, with its year, or as a month (`November 2026`)."""
    from babel.dates import format_skeleton  # noqa: PLC0415 -- as above

    return str(format_skeleton(_SKELETONS[style], on, locale=locale_of(language, home)))


@lru_cache(maxsize=512)
def write_days(first: date, last: date, language: str, home: str, *, year: bool) -> str:
    """Write the days from first to last, both meant: `16–22 Nov`, `25 Oct – 24 Nov 2026`."""
    from babel.dates import format_interval, format_skeleton  # noqa: PLC0415 -- as above

    locale = locale_of(language, home)
    skeleton = "yMMMd" if year else "MMMd"
    if first == last:
        return str(format_skeleton(skeleton, first, locale=locale))
    written = str(format_interval(first, last, skeleton, locale=locale))
    return written.replace(_THIN, " ")


def write_period(period: Period, language: str, home: str, *, today: date) -> str:
    """Name a period by its dates; the year only where it is not this one.

    A calendar month or year is named as such, every other stretch by its first and last day, so
    that a month from the 25th on can never be mistaken for the calendar's.
    """
    start, last = period.start, period.end - timedelta(days=1)
    if start == last:
        style: Style = "day" if start.year == today.year else "day_and_year"
        return write_date(start, language, home, style)
    if start.day == 1 and period.end.day == 1:
        months = (period.end.year - start.year) * 12 + period.end.month - start.month
        if months == 1:
            return write_date(start, language, home, "month")
        if months == 12 and start.month == 1:  # noqa: PLR2004 -- a calendar year
            return str(start.year)
    year = start.year != today.year or last.year != today.year
    return write_days(start, last, language, home, year=year)


@lru_cache(maxsize=256)
def write_weekday(weekday: int, language: str, home: str, *, width: str = "wide") -> str:
    """Name a weekday (Monday is 0), as a word of its own; width `wide`, `abbreviated`, `narrow`."""
    names = locale_of(language, home).days["stand-alone"]
    return str(names[width if width in names else "wide"][weekday])


@lru_cache(maxsize=1024)
def write_month_name(month: int, language: str, home: str, *, width: str = "wide") -> str:
    """Name a month (1 to 12), as a word of its own; width `wide`, `abbreviated`, `narrow`."""
    names = locale_of(language, home).months["stand-alone"]
    return str(names[width if width in names else "wide"][month])


@lru_cache(maxsize=256)
def write_time(hour: int, minute: int, language: str, home: str) -> str:
    """Write a time of day: `18:00`, `6:00 PM`."""
    from babel.dates import format_time  # noqa: PLC0415 -- as above

    at = time(hour, minute)
    return str(format_time(at, format="short", locale=locale_of(language, home)))


@lru_cache(maxsize=1024)
def write_zone(zone: str, language: str, home: str) -> str:
    """Name the city of a time zone: `Berlin`, `Rom`."""
    from babel.dates import get_timezone_location  # noqa: PLC0415 -- as above

    fallback = zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")
    if "/" not in zone or zone.startswith("Etc/"):
        return fallback
    try:
        city = get_timezone_location(zone, locale_of(language, home), return_city=True)
    except LookupError:
        return fallback
    return str(city).rsplit("/", maxsplit=1)[-1]


ListStyle = Literal["standard", "or"]


def write_list(
    parts: tuple[str, ...], language: str, home: str, *, style: ListStyle = "standard"
) -> str:
    """Put parts into one sentence-like list: `a, b and c`, or `a, b or c`."""
    from babel.lists import format_list  # noqa: PLC0415 -- as above

    return str(format_list(list(parts), style=style, locale=locale_of(language, home)))


def write_language_name(code: str, language: str) -> str:
    """Name a language in another one, `German` for `de` in English."""
    return str(locale_of(language, "").languages.get(code, code))
