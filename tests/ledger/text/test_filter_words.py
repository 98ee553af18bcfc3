"""What `/list`, `/find`, `/summary` and `/export` are asked for, in any order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial

import pytest

from ledger.budgets.scopes import find_known_scope, known_scopes
from ledger.entries.filter_fields import filter_fields, load_filter
from ledger.entries.queries import AmountRange, EntryFilter
from ledger.errors import InputError
from ledger.periods.period import Period, parse_period
from ledger.text import FilterContext, TextContext, parse_filter

NAMES = {
    "en": {"Groceries": "groceries", "Eating out": "eating_out", "Café": "c1", "Food": "Food"},
    "de": {"Lebensmittel": "groceries", "Essen gehen": "eating_out", "Essen": "Food"},
}
PEOPLE = {"ann": 7, "bo larsson": 8, "bo": 8, "groceries": 9}
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1), "month")
LAST_WEEK = Period(date(2026, 11, 9), date(2026, 11, 16), "week")


def read(text: str, language: str = "en", currency: str = "EUR") -> EntryFilter:
    names = NAMES.get(language, {})
    today = date(2026, 11, 20)
    context = FilterContext(
        TextContext("private", currency, datetime(2026, 11, 20, 12, tzinfo=UTC), language),
        lambda words: parse_period(words, today, language=language),
        partial(find_known_scope, known=known_scopes(names, ())),
        PEOPLE,
    )
    return parse_filter(text, context)


def euros(least: int | None, most: int | None) -> AmountRange:
    return AmountRange(least, most, "EUR")


ORDERS = [
    ("groceries november >20 #work", "en"),
    ("#work >20 november groceries", "en"),
    (">20 in november #work groceries", "en"),
    ("Lebensmittel November über 20 #work", "de"),
    ("mehr als 20 #work im November Lebensmittel", "de"),
    # Full-width letters and signs, as an Asian keyboard types them.
    ("ｇｒｏｃｅｒｉｅｓ november >20 ＃work", "en"),
]


@pytest.mark.parametrize(("text", "language"), ORDERS)
def test_parts_come_in_any_order(text: str, language: str) -> None:
    wanted = EntryFilter(NOVEMBER, scopes=("groceries",), tags=("work",), amounts=euros(2001, None))
    assert read(text, language) == wanted


AMOUNTS = [
    ("> 100", "en", euros(10001, None)),
    (">=100", "en", euros(10000, None)),
    ("<20", "en", euros(None, 1999)),
    ("up to 20", "en", euros(None, 2000)),
    ("50-100", "en", euros(5000, 10000)),
    ("€50 – €100", "en", euros(5000, 10000)),
    ("between 50 and 100", "en", euros(5000, 10000)),
    ("zwischen 50 und 100", "de", euros(5000, 10000)),
    ("=9.99", "en", euros(999, 999)),
    ("=9,99", "de", euros(999, 999)),
    (">1.000,50", "de", euros(100051, None)),
    ("over 100 usd", "en", AmountRange(10001, None, "USD")),
    # Units are those of the currency, whichever half names it.
    ("100-500 jpy", "en", AmountRange(100, 500, "JPY")),
    (">20 <50", "en", euros(2001, 4999)),
    ("1000-2000", "en", euros(100000, 200000)),
    ("plus de 100", "fr", euros(10001, None)),
    ("больше 100", "ru", euros(10001, None)),
    ("أكثر من 100", "ar", euros(10001, None)),
    ("超过100", "zh", euros(10001, None)),
]


@pytest.mark.parametrize(("text", "language", "amounts"), AMOUNTS)
def test_amounts(text: str, language: str, amounts: AmountRange) -> None:
    assert read(text, language) == EntryFilter(amounts=amounts)


READINGS = [
    ("", EntryFilter()),
    ("all", EntryFilter()),
    ("cafe", EntryFilter(scopes=("c1",))),  # accents are folded
    ("eating out, last week", EntryFilter(LAST_WEEK, scopes=("eating_out",))),
    ("coffee at starbucks", EntryFilter(words="coffee starbucks")),
    ("the", EntryFilter(words="the")),  # a word that connects nothing
    ('"groceries" november', EntryFilter(NOVEMBER, words="groceries")),
    ("paid by Ann november", EntryFilter(NOVEMBER, paid_by=7)),
    ("@bo", EntryFilter(paid_by=8)),
    ("Bo Larsson tea", EntryFilter(paid_by=8, words="tea")),
    # A category that is called like a member means the category.
    ("groceries", EntryFilter(scopes=("groceries",))),
    ("12", EntryFilter(words="12")),
    ("2026-11", EntryFilter(NOVEMBER)),
    ("1.9.-15.9. lidl", EntryFilter(Period(date(2026, 9, 1), date(2026, 9, 16)), words="lidl")),
    ("#work #home", EntryFilter(tags=("work", "home"))),
    ("寿司", EntryFilter(words="寿司")),
    (
        "november without groceries and lidl",
        EntryFilter(
            NOVEMBER, without=(EntryFilter(scopes=("groceries",)), EntryFilter(words="lidl"))
        ),
    ),
    # A period behind what is left out holds for everything; alone it is left out itself.
    (
        "except groceries in november",
        EntryFilter(NOVEMBER, without=(EntryFilter(scopes=("groceries",)),)),
    ),
    (
        "groceries without november",
        EntryFilter(scopes=("groceries",), without=(EntryFilter(NOVEMBER),)),
    ),
    ("without", EntryFilter(words="without")),
]


@pytest.mark.parametrize(("text", "wanted"), READINGS)
def test_readings(text: str, wanted: EntryFilter) -> None:
    assert read(text) == wanted
    assert load_filter(filter_fields(wanted)) == wanted


@pytest.mark.parametrize("text", [">abc", "food >", "<", ">50 <20", ">5 usd <9"])
def test_amounts_that_cannot_be_are_errors(text: str) -> None:
    with pytest.raises(InputError) as raised:
        read(text)
    assert raised.value.message_id in {"filter_amount", "filter_amounts"}


def test_a_filter_of_amounts_survives_a_button() -> None:
    which = EntryFilter(NOVEMBER, "income", ("a",), ("A",), ("t",), "w", "m", 7, euros(None, 5))
    assert load_filter(filter_fields(which)) == which


@pytest.mark.parametrize("text", ["2026-13", "99.99.2026", "groceries 2026-02-30"])
def test_a_date_that_no_calendar_has_is_neither_amounts_nor_words(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert caught.value.message_id == "period_unknown"


def test_a_quotation_mark_that_nobody_closed_is_not_looked_for() -> None:
    assert read('"lidl').words == "lidl"
