"""Messages to the bot whose numbers are no money: hours, recipes, lists, exercises, bare verbs."""

from __future__ import annotations

import pytest

from tests.ledger.text.conftest import Say

NO_MONEY = [
    # An hour behind a word that has one.
    ("en", "alarm 5 45", "refused time"),
    ("de", "Wecker 7 15", "refused time"),
    ("ru", "будильник 5 50", "refused time"),
    ("en", "timer 8", "ask record_anyway"),
    ("en", "interview 14.30", "ask record_anyway"),
    ("en", "yoga 18.30 tomorrow", "ask record_anyway"),
    # Counts next to quantities.
    ("en", "stir 150g sugar with 2 eggs", "refused quantity | ask record_anyway"),
    ("it", "300 g pasta 4 pomodori", "refused quantity | ask record_anyway"),
    ("en", "4 tsp salt 250ml cream", "refused quantity"),
    # How long a list is, and its year.
    ("en", "top 20 albums of 2025", "refused naming | ask record_anyway"),
    ("de", "Top 5 Bücher 2025", "refused naming | ask record_anyway"),
    ("en", "1. soap\n2. rice\n3. tea", "refused no_amount"),
    # Exercises, and a verb alone.
    ("fr", "15 pompes", "refused quantity | ask record_anyway"),
    ("en", "30 squats a day", "refused quantity | ask record_anyway"),
    ("en", "took 14", "refused sentence | ask record_anyway"),
    ("en", "60/60", "ask record_anyway"),
    # Change is what came back of a larger sum.
    ("ru", "сдача 45", "ask record_anyway"),
    ("de", "Wechselgeld 3,20", "ask record_anyway"),
    # A blank may stand for the decimal point.
    ("en", "coffee 3 80", "ask which_amount"),
]
MONEY = [
    ("en", "alarm clock 35", "35.00 EUR <alarm clock>"),
    ("de", "Wecker 19,90", "19.90 EUR <Wecker>"),
    ("en", "2kg rice 12", "12.00 EUR <2kg rice>"),
    ("en", "1. soap 2.50\n2. tea 4", "2.50 EUR <soap> | 4.00 EUR <tea>"),
    ("en", "top 25", "25.00 EUR <top>"),
    ("en", "pizza 36 for 3", "36.00 EUR <pizza for 3>"),
    ("en", "8 euros 40 cents cake", "8.40 EUR <cake>"),
    ("en", "coffee 4, change 6", "4.00 EUR <coffee>"),
    ("zh", "五块八 可乐", "5.80 CNY <可乐>"),
    ("pl", "3 tysie laptop", "3000.00 PLN <laptop>"),
    ("de", "30 euronen benzin", "30.00 EUR <benzin>"),
]


@pytest.mark.parametrize(("language", "text", "expected"), [*NO_MONEY, *MONEY])
def test_numbers_in_passing(language: str, text: str, expected: str, say: Say) -> None:
    assert say(text, language) == expected


def test_a_peso_has_its_slang_only_where_it_is_the_currency(say: Say) -> None:
    assert say("20 mangos birra", "es", currency="ARS") == "20.00 ARS <birra>"
    assert say("3 mangos 4.50", "en") == "4.50 EUR <3 mangos>"
