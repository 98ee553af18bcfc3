"""What follows /budget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from ledger.budgets.budget import Carry
from ledger.periods.period import Period
from ledger.settings import Per
from ledger.text import BudgetWords, TextContext, parse_budget

Chat = Callable[..., TextContext]

NAMES = ("Food", "Eating out", "Продукты", "食物", "travel", "Travel")


def amount(
    scope: str,
    value: str,
    per: Per | None = None,
    currency: str | None = None,
    carry: Carry | None = None,
) -> BudgetWords:
    return BudgetWords(scope, Decimal(value), currency, per, carry=carry)


def trip(scope: str) -> BudgetWords:
    days = Period(date(2026, 12, 3), date(2026, 12, 15), "trip")
    return BudgetWords(scope, Decimal("1500.00"), per="trip", trip=days)


BUDGETS = [
    ("en", "food 400", amount("Food", "400.00")),  # the chat's spelling
    ("en", "400 food", amount("Food", "400.00")),
    ("en", "spaceships 400", amount("spaceships", "400.00")),  # unknown names as typed
    ("en", "eating out 250 week", amount("Eating out", "250.00", "week")),
    ("en", "food 80 a week", amount("Food", "80.00", "week")),
    ("en", "food weekly 80", amount("Food", "80.00", "week")),
    ("en", "travel 80", amount("travel", "80.00")),  # a category, not the group `Travel`
    ("en", "Travel 80", amount("Travel", "80.00")),
    ("en", "food 400/month", amount("Food", "400.00", "month")),
    ("en", "1500 month", amount("", "1500.00", "month")),
    ("en", "weekly food 80", amount("Food", "80.00", "week")),
    ("en", "all 1,500.50", amount("", "1500.50")),
    ("en", "food 400 usd", amount("Food", "400.00", currency="USD")),
    ("en", "food $1.5k", amount("Food", "1500.00", currency="USD")),
    ("en", "food", BudgetWords("Food")),  # how does it stand
    ("en", "food off", BudgetWords("Food", off=True)),
    ("en", "off", BudgetWords(off=True)),
    ("de", "food 80 pro Woche", amount("Food", "80.00", "week")),
    ("de", "food 400 im Monat", amount("Food", "400.00", "month")),
    ("de", "food weg", BudgetWords("Food", off=True)),
    ("en", "food 20 a day", amount("Food", "20.00", "day")),
    ("en", "food 150 fortnight", amount("Food", "150.00", "fortnight")),
    ("en", "food 900 per quarter", amount("Food", "900.00", "quarter")),
    ("en", "5000 year", amount("", "5000.00", "year")),
    ("en", "#trip 500", amount("#trip", "500.00")),  # a tag, not the period
    ("en", "#week 500 week", amount("#week", "500.00", "week")),
    ("en", "#food 20", amount("Food", "20.00")),  # a tag that names a category
    ("en", "@Mia 300 week", amount("@Mia", "300.00", "week")),
    ("en", "Mia 300", amount("Mia", "300.00")),
    ("en", "food 400 carry over", amount("Food", "400.00", carry="both")),
    ("en", "food 400 carry surplus", amount("Food", "400.00", carry="surplus")),
    ("en", "food carry over overspend 60 week", amount("Food", "60.00", "week", carry="overspend")),
    ("en", "food 0 carry over", amount("Food", "0.00", carry="both")),  # only the rest
    ("en", "food no carry over", BudgetWords("Food", carry="none")),
    ("en", "food off week", BudgetWords("Food", per="week", off=True)),
    ("en", "food week off", BudgetWords("Food", per="week", off=True)),
    ("en", "1500 trip 3.12.2026-14.12.2026", trip("")),
    ("en", "trip 3 Dec 2026 to 14 Dec 2026 1500", trip("")),
    ("en", "food 1500 trip 3.12.2026-14.12.2026", trip("Food")),
    ("en", "1500 trip", amount("", "1500.00", "trip")),  # the one that is known
    ("de", "food 1500 Urlaub vom 3.12.2026 bis 14.12.2026", trip("Food")),
    ("de", "food 900 im Quartal", amount("Food", "900.00", "quarter")),
    ("de", "food 60 pro Doppelwoche", amount("Food", "60.00", "fortnight")),
    ("de", "food 20 am Tag", amount("Food", "20.00", "day")),
    ("de", "food 400 mit Übertrag", amount("Food", "400.00", carry="both")),
    ("de", "food 400 Rest übertragen", amount("Food", "400.00", carry="surplus")),
    ("de", "food ohne Übertrag", BudgetWords("Food", carry="none")),
    ("es", "food 80 a la semana", amount("Food", "80.00", "week")),
    ("fr", "food 80 par semaine", amount("Food", "80.00", "week")),
    ("it", "food 80 a settimana", amount("Food", "80.00", "week")),
    ("pt", "food 80 por semana", amount("Food", "80.00", "week")),
    ("ru", "продукты 8000 в неделю", amount("Продукты", "8000.00", "week")),
    ("ru", "всё 50 тыс", amount("", "50000.00")),
    ("ru", "продукты убрать", BudgetWords("Продукты", off=True)),
    ("uk", "food 800 на тиждень", amount("Food", "800.00", "week")),
    ("pl", "food 80 tygodniowo", amount("Food", "80.00", "week")),
    ("tr", "food 800 haftalık", amount("Food", "800.00", "week")),
    ("zh", "食物 400 每周", amount("食物", "400.00", "week")),
    ("zh", "食物400", amount("食物", "400.00")),
    ("ja", "food 8000 毎週", amount("Food", "8000", "week")),
    ("hi", "food 800 साप्ताहिक", amount("Food", "800.00", "week")),
    ("ar", "food 800 أسبوعيا", amount("Food", "800.00", "week")),
]

NONE = ["", "food -100", "food 0", "food 400 50", "food 1,2,3", "food 400 off", "$"]


@pytest.mark.parametrize(("language", "text", "meaning"), BUDGETS)
def test_a_budget_is_a_scope_an_amount_and_a_period(
    chat: Chat, language: str, text: str, meaning: BudgetWords
) -> None:
    assert parse_budget(text, chat(language, categories=NAMES)) == meaning


@pytest.mark.parametrize("text", NONE)
def test_what_cannot_be_a_budget_is_none(chat: Chat, text: str) -> None:
    assert parse_budget(text, chat(categories=NAMES)) is None
