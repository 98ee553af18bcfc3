from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from ledger.money import Money
from ledger.periods.period import Period
from presentation import format as form
from presentation.localizer import Localizer

TODAY = date(2026, 11, 20)
NB, NN = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("language", "home", "amount", "currency", "written"),
    [
        # world English: the sign in front, no space; a code keeps its distance
        ("en", "EUR", "4.5", "EUR", "€4.50"),
        ("en", "EUR", "1234.5", "EUR", "€1,234.50"),
        ("en", "CHF", "12.5", "CHF", f"CHF{NB}12.50"),
        ("en", "SEK", "45", "SEK", f"kr{NB}45.00"),
        # minor digits are the currency's
        ("en", "EUR", "980", "JPY", "JP¥980"),
        ("en", "JPY", "980", "JPY", "¥980"),
        ("en", "EUR", "1.25", "KWD", f"KWD{NB}1.250"),
        ("en", "IDR", "12345678901", "IDR", f"Rp{NB}12,345,678,901.00"),
        ("en", "EUR", "999999999999.99", "EUR", "€999,999,999,999.99"),
        # the chat's own currency has its short sign, a stranger is told apart
        ("en", "CAD", "4.5", "CAD", "$4.50"),
        ("en", "CAD", "4.5", "USD", "US$4.50"),
        ("en", "USD", "4.5", "CAD", "CA$4.50"),
        ("en", "USD", "4.5", "USD", "$4.50"),
        ("en-US", "CNY", "4.5", "JPY", f"JPY{NB}4"),  # its sign is the chat's own
        # other languages
        ("de", "EUR", "1234.5", "EUR", f"1.234,50{NB}€"),
        ("fr", "EUR", "1234.5", "EUR", f"1{NN}234,50{NB}€"),
        ("pl", "PLN", "12.5", "PLN", f"12,50{NB}zł"),
        ("uk", "UAH", "12.5", "UAH", f"12,50{NB}₴"),
        ("tr", "TRY", "12.5", "TRY", "₺12,50"),
        ("hi", "INR", "1234567.5", "INR", "₹12,34,567.50"),  # groups of two
        ("ja", "JPY", "1980", "JPY", "¥1,980"),
        ("pt-BR", "BRL", "12.5", "BRL", f"R${NB}12,50"),
        # signs
        ("en", "EUR", "-4.5", "EUR", "-€4.50"),
        ("de", "EUR", "-1234.5", "EUR", f"-1.234,50{NB}€"),
        ("en", "CHF", "-4.5", "CHF", f"-CHF{NB}4.50"),
        # an unknown language or nonsense speaks world English
        ("xx", "EUR", "4.5", "EUR", "€4.50"),
        ("!!", "EUR", "4.5", "EUR", "€4.50"),
    ],
)
def test_money_is_written_in_the_manner_of_the_chat(
    language: str, home: str, amount: str, currency: str, written: str
) -> None:
    assert form.write_money(Money(Decimal(amount), currency), language, home) == written


def test_income_carries_a_plus() -> None:
    money = Money(Decimal(1200), "EUR")
    assert form.write_money(money, "en", "EUR", plus=True) == "+€1,200.00"
    assert form.write_money(money, "de", "EUR", plus=True) == f"+1.200,00{NB}€"


@pytest.mark.parametrize("language", ["en", "de", "fr", "hi", "pl", "ja", "ar", "tr", "ru"])
def test_no_digit_of_an_amount_is_lost_or_made_up(language: str) -> None:
    seed = random.randrange(10**6)
    print("seed", seed)
    chance = random.Random(seed)
    for _ in range(300):
        minor = chance.randint(0, 10**14)
        money = Money.of_minor(minor, chance.choice(["EUR", "JPY", "KWD"]))
        written = form.write_money(money, language, "CHF")
        assert int("".join(c for c in written if c.isdigit())) == minor


@pytest.mark.parametrize(
    ("share", "language", "written"),
    [
        ("0.333", "en", f"33{NB}%"),
        ("0.62", "de", f"62{NB}%"),
        ("0.5", "tr", "%50"),
        ("0.004", "en", f"<1{NB}%"),  # there, but not a whole one
        ("0", "en", f"0{NB}%"),
        ("12.5", "en", f"1,250{NB}%"),
    ],
)
def test_shares_are_whole_percents(share: str, language: str, written: str) -> None:
    assert form.write_percent(Decimal(share), language, "EUR") == written


@pytest.mark.parametrize(
    ("change", "written"),
    [
        ("0.12", f"▲{NB}12{NB}%"),
        ("-0.2", f"▼{NB}20{NB}%"),
        ("0.001", "="),  # too little to call
        ("9", f"▲{NB}900{NB}%"),
        ("25.08", "×26"),  # 2,608 % pictures nothing
        ("-1", f"▼{NB}100{NB}%"),
    ],
)
def test_changes_point_up_or_down(change: str, written: str) -> None:
    assert form.write_change(Decimal(change), "en", "EUR") == written


@pytest.mark.parametrize(
    ("start", "end", "kind", "language", "named"),
    [
        ((2026, 11, 1), (2026, 12, 1), "month", "en", "November 2026"),
        ((2026, 11, 1), (2026, 12, 1), "month", "de", "November 2026"),
        # a month from the 25th on is never called by the calendar's name
        ((2026, 10, 25), (2026, 11, 25), "month", "en", "25 Oct – 24 Nov"),
        ((2025, 12, 25), (2026, 1, 25), "month", "en", "25 Dec 2025 – 24 Jan 2026"),
        ((2026, 11, 16), (2026, 11, 23), "week", "en", "16–22 Nov"),
        ((2026, 11, 16), (2026, 11, 23), "week", "de", "16.–22. Nov."),
        ((2026, 1, 1), (2027, 1, 1), "year", "en", "2026"),
        ((2026, 11, 20), (2026, 11, 21), "day", "en", "Fri 20 Nov"),
        ((2024, 2, 29), (2024, 3, 1), "day", "en", "Thu, 29 Feb 2024"),
        ((2026, 9, 1), (2026, 9, 16), "custom", "en", "1–15 Sept"),
    ],
)
def test_periods_are_named_by_their_dates(
    start: tuple[int, int, int], end: tuple[int, int, int], kind: str, language: str, named: str
) -> None:
    period = Period(date(*start), date(*end), kind)  # type: ignore[arg-type]
    written = form.write_period(period, language, "EUR", today=TODAY)
    assert written.replace("\u2009", " ") == named


def test_dates_are_american_where_dollars_are_spent() -> None:
    on = date(2026, 11, 20)
    assert form.write_date(on, "en", "USD", "day") == "Fri, Nov 20"
    assert form.write_date(on, "en", "EUR", "day") == "Fri 20 Nov"


@pytest.mark.parametrize(
    ("zone", "language", "city"),
    [
        ("Europe/Rome", "de", "Rom"),
        ("America/Argentina/Buenos_Aires", "en", "Buenos Aires"),
        ("UTC", "en", "UTC"),
        ("Europe/Kyiv", "en", "Kyiv"),
    ],
)
def test_zones_are_named_by_their_city(zone: str, language: str, city: str) -> None:
    assert form.write_zone(zone, language, "EUR") == city


def test_times_weekdays_and_lists_follow_the_language() -> None:
    assert form.write_time(18, 0, "en", "EUR") == "18:00"
    assert form.write_time(18, 0, "en", "USD").replace(NN, " ") == "6:00 PM"
    assert form.write_weekday(6, "de", "EUR") == "Sonntag"
    assert form.write_list(("a", "b", "c"), "en", "EUR") == "a, b and c"
    assert form.write_number(Decimal("-1234.5"), "de", "EUR") == "-1.234,5"


@pytest.mark.parametrize("language", ["ar", "fa", "he", "ur"])
def test_amounts_in_an_english_sentence_carry_no_marks_of_another_direction(
    localizer: Callable[..., Localizer], language: str
) -> None:
    t = localizer(language)
    said = t.money(Money(Decimal("1234.50"), "EUR")) + t.number(-5)
    assert not {"\u200e", "\u200f", "\u061c"} & set(said)
    assert said.startswith("€1,234.50")
