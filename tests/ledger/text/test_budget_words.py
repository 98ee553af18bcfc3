"""What follows /budget."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from ledger.text import BudgetWords, TextContext, parse_budget

Chat = Callable[..., TextContext]

NAMES = ("Food", "Eating out", "Продукты", "食物", "travel", "Travel")


def amount(scope: str, value: str, per: str = "month", currency: str | None = None) -> BudgetWords:
    return BudgetWords(scope, Decimal(value), currency, per)  # type: ignore[arg-type]


BUDGETS = [
    ("en", "food 400", amount("Food", "400.00")),  # the chat's spelling
    ("en", "400 food", amount("Food", "400.00")),
    ("en", "spaceships 400", amount("spaceships", "400.00")),  # unknown names as typed
    ("en", "eating out 250 week", amount("Eating out", "250.00", "week")),
    ("en", "food 80 a week", amount("Food", "80.00", "week")),
    ("en", "food weekly 80", amount("Food", "80.00", "week")),
    ("en", "travel 80", amount("travel", "80.00")),  # a category, not the group `Travel`
    ("en", "Travel 80", amount("Travel", "80.00")),
    ("en", "food 400/month", amount("Food", "400.00")),
    ("en", "1500 month", amount("", "1500.00")),
    ("en", "weekly food 80", amount("Food", "80.00", "week")),
    ("en", "all 1,500.50", amount("", "1500.50")),
    ("en", "food 400 usd", amount("Food", "400.00", currency="USD")),
    ("en", "food $1.5k", amount("Food", "1500.00", currency="USD")),
    ("en", "food", BudgetWords("Food")),  # how does it stand
    ("en", "food off", BudgetWords("Food", off=True)),
    ("en", "off", BudgetWords(off=True)),
    ("de", "food 80 pro Woche", amount("Food", "80.00", "week")),
    ("de", "food 400 im Monat", amount("Food", "400.00")),
    ("de", "food weg", BudgetWords("Food", off=True)),
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
