"""Amounts in words, as people dictate them: read where money is plain, asked where it is not."""

from __future__ import annotations

import pytest

from ledger.text.numbers.spelled_words import find_run
from tests.ledger.text.conftest import Say

VALUES = [
    ("en", "two hundred and thirty five", 235),
    ("en", "twelve hundred", 1200),
    ("en", "two lakh ten thousand", 210_000),
    ("de", "dreiundsechzig", 63),
    ("de", "zweitausendvierhundertfünfzig", 2450),
    ("fr", "quatre vingt onze", 91),
    ("fr", "soixante dix sept", 77),
    ("es", "mil doscientos veinticinco", 1225),
    ("pt", "cento e quarenta e dois", 142),
    ("it", "duecentosessanta", 260),
    ("nl", "vijfenveertig", 45),
    ("pl", "tysiąc dwieście", 1200),
    ("sv", "trehundrafyrtio", 340),
    ("nb", "femoghalvtreds", 55),
    ("fi", "kolmekymmentäviisi", 35),
    ("hu", "kétezer", 2000),
    ("ru", "три тысячи четыреста", 3400),
    ("uk", "сто двадцять п'ять", 125),
    ("tr", "yüz yirmi beş", 125),
    ("el", "εκατό τριάντα", 130),
    ("id", "tujuh puluh lima ribu", 75_000),
    ("vi", "sáu mươi nghìn", 60_000),
]
BOOKED = [
    ("en", "ninety euros shoes", "90.00 EUR <shoes>"),
    ("en", "a hundred and ten bucks vet", "110.00 USD <vet>"),
    ("en", "eighty five cents stamp", "0.85 EUR <stamp>"),
    ("en", "spent sixty on petrol", "60.00 EUR <spent on petrol>"),
    ("en", "three juices at 4 euros", "12.00 EUR <three juices>"),
    ("de", "acht euro vierzig eis", "8.40 EUR <eis>"),
    ("de", "sechzehn achtzig für pizza", "16.80 EUR <pizza>"),
    ("es", "sesenta euros zapatos", "60.00 EUR <zapatos>"),
    ("pt", "seis reais e trinta pão", "6.30 BRL <pão>"),
    ("ru", "шестьсот рублей аптека", "600.00 RUB <аптека>"),
    ("fr", "dix-huit euros fleurs", "18.00 EUR <fleurs>"),
    ("fr", "cinquante cents bonbon", "0.50 EUR <bonbon>"),
    ("en", "seven eleven snacks 8", "8.00 EUR <seven eleven snacks>"),
    # Digits in front of a multiplier belong to it.
    ("en", "3 thousand euros car", "3000.00 EUR <car>"),
    ("es", "2,5 mil euros coche", "2500.00 EUR <coche>"),
    ("ru", "40 тысяч рублей ремонт", "40000.00 RUB <ремонт>"),
    ("de", "3 hundert euro", "300.00 EUR <>"),
    ("en", "2 thousand six hundred euros roof", "2600.00 EUR <roof>"),
    ("vi", "ba mươi nghìn gửi xe", "30000 VND <gửi xe>"),
    ("ro", "treizeci de lei pizza", "30.00 RON <pizza>"),
]
ASKED = [
    ("en", "shoes eighty", "ask record_anyway", {"is_known_note": lambda _: False}),
    ("en", "sandwich six ninety", "ask which_amount", {}),  # 6.90 or 690
    ("en", "four eighty dollars tyres", "ask which_amount", {}),
    ("de", "gedöns sieben zwanzig", "ask record_anyway", {"is_known_note": lambda _: False}),
]
WORDS = [
    ("en", "eleven friends", {}),
    ("en", "call me at six thirty", {}),
    ("en", "fifty fifty", {}),
    ("en", "shoes eighty", {"chat_kind": "group"}),
    ("de", "zwölf Leute", {}),
    ("fr", "neuf", {}),
    ("en", "a couple hundred bucks shoes", {}),
    ("de", "paar hundert euro fürs auto", {}),
    ("ru", "пару тысяч рублей", {}),
]


@pytest.mark.parametrize(("language", "words", "value"), VALUES)
def test_a_number_in_words_has_its_value(language: str, words: str, value: int) -> None:
    run = find_run(words.split(), 0, language)
    assert run is not None
    assert run.value == value
    assert run.end == len(words.split())


@pytest.mark.parametrize(("language", "text", "expected"), BOOKED)
def test_an_amount_in_words_is_booked(language: str, text: str, expected: str, say: Say) -> None:
    assert say(text, language) == expected


@pytest.mark.parametrize(("language", "text", "expected", "changes"), ASKED)
def test_an_amount_in_words_that_may_mean_more_is_asked(
    language: str, text: str, expected: str, changes: dict[str, object], say: Say
) -> None:
    assert say(text, language, **changes) == expected


@pytest.mark.parametrize(("language", "text", "changes"), WORDS)
def test_other_numbers_in_words_stay_words(
    language: str, text: str, changes: dict[str, object], say: Say
) -> None:
    assert say(text, language, **changes).startswith(("refused", "ignored"))


def test_a_weight_in_words_is_no_amount(say: Say) -> None:
    assert say("two pounds of apples 5") == "5.00 EUR <two pounds of apples>"
