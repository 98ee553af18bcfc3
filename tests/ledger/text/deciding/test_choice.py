"""Which of several numbers is the amount."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Say = Callable[..., str]

CHOSEN = [
    ("75 dollars lunch 8 people", "en", "75.00 USD <lunch 8 people>"),  # the one with a currency
    ("table 4 bill 60 total", "en", "60.00 EUR <table 4 bill total>"),
    ("+75 rent, room 8", "en", "+75.00 EUR <rent, room 8>"),  # a sign ranks the same
    ("bus 42 2.80", "en", "2.80 EUR <bus 42>"),  # the only one with decimals
    ("2 билета 1.5к", "ru", "1500.00 RUB <2 билета>"),  # or a multiplier
    ("3 пиццы 500", "ru", "500.00 RUB <3 пиццы>"),  # the one at the very end
    ("2 pizzas 500 🍕!", "en", "500.00 EUR <2 pizzas 🍕!>"),  # emojis are no words
    ("айфон 15 80000", "ru", "80000.00 RUB <айфон 15>"),
    ("dinner for 2 600", "en", "600.00 EUR <dinner for 2>"),  # behind a link, a count
    ("coffee 3 4", "en", "4.00 EUR <coffee 3>"),  # one number with words: the end decides
    ("45 parking level 3 mall", "en", "45.00 EUR <parking level 3 mall>"),  # the very start
    ("5.50 123 Main Street", "en", "5.50 EUR <123 Main Street>"),
]

THINGS = [
    ("обед 13:30 450", "ru", "450.00 RUB <обед 13:30>"),  # times
    ("dinner at 8 62.50", "en", "62.50 EUR <dinner at 8>"),
    ("7pm dinner 45", "en", "45.00 EUR <7pm dinner>"),
    ("20h30 ciné 11", "fr", "11.00 EUR <20h30 ciné>"),
    ("gym 24/7 30", "en", "30.00 EUR <gym 24/7>"),
    ("tip 15% 9", "en", "9.00 EUR <tip 15%>"),  # percentages
    ("%20 indirim mont 900", "tr", "900.00 TRY <%20 indirim mont>"),
    ("parcel 12345678 9.50", "en", "9.50 EUR <parcel 12345678>"),  # runs
    ("+44 20 7946 0958 taxi 12", "en", "12.00 EUR <+44 20 7946 0958 taxi>"),  # phones
    ("2nd breakfast 12", "en", "12.00 EUR <2nd breakfast>"),  # ordinals
    ("2. Stock Reinigung 5", "de", "5.00 EUR <2. Stock Reinigung>"),
    ("Office v16.2 licence 149", "en", "149.00 EUR <Office v16.2 licence>"),  # versions
    ("1С 8.3.24.1368 апдейт 3000", "ru", "3000.00 RUB <1С 8.3.24.1368 апдейт>"),
    ("rent june 2025 900", "en", "900.00 EUR <rent june 2025>"),  # years behind a month
    ("cola 500 ml 1.20", "en", "1.20 EUR <cola 500 ml>"),  # units
    ("cheese 1/2 kg 5", "en", "5.00 EUR <cheese 1/2 kg>"),
    ("кефир 1 л 95", "ru", "95.00 RUB <кефир 1 л>"),
    ("petrol 95 octane 60", "en", "60.00 EUR <petrol 95 octane>"),
    ("iPhone15 case 20", "en", "20.00 EUR <iPhone15 case>"),  # glued to letters
    ("7-eleven 85", "en", "85.00 EUR <7-eleven>"),
    ("COVID-19 test 25", "en", "25.00 EUR <COVID-19 test>"),
    ("invoice #88 45", "en", "45.00 EUR <invoice #88>"),  # a number of something
    ("gate 22 coffee 4", "en", "4.00 EUR <gate 22 coffee>"),  # naming words
    ("Zimmer 204 Minibar 12", "de", "12.00 EUR <Zimmer 204 Minibar>"),
    ("12 people pizza 60", "en", "60.00 EUR <12 people pizza>"),  # a count beside an amount
]

OR_WORDS = {
    "ar": "أو", "de": "oder", "en": "or", "es": "o", "fa": "یا", "fr": "ou", "he": "או", "hi": "या",
    "id": "atau", "is": "eða", "it": "o", "ja": "または", "ko": "또는", "nb": "eller", "nl": "of",
    "pl": "lub", "pt": "ou", "ru": "или", "sv": "eller", "th": "หรือ", "tr": "ya da", "uk": "або",
    "vi": "hoặc", "zh": "或者",
}  # fmt: skip

ASKED = [
    ("flight 120 or train 90", "en", "ask one_or_several"),
    ("Flug 120 oder Zug 90", "de", "ask one_or_several"),
    ("coffee 3 or 4", "de", "ask which_amount"),
    *((f"taxi 30 {word} 40", language, "ask which_amount") for language, word in OR_WORDS.items()),
    ("coffee 3 or 4", "en", "ask which_amount"),  # else two entries, one of them "or"
    ("coffee 3 eur or 4 eur", "en", "ask which_amount"),
    ("coffee 3 oder 4", "en", "ask which_amount"),  # people of two languages in one chat
    ("coffee 12 in 2077", "en", "ask which_amount"),
    ("₱100 ₱200 snacks", "en", "ask one_or_several"),  # equal by currency
    ("coffee $12 €10", "en", "ask one_or_several"),
    ("coffee 4.50 32.13", "en", "ask one_or_several"),
    ("house 1.2m", "en", "ask million"),
    ("2 beers 3 burgers 25 40", "en", "ask one_or_several"),
    ("coffee 4.50 32.13.", "en", "ask one_or_several"),  # closes like a day, but there is none
]

REFUSED = [
    ("coffee 12:50", "en", "refused time"),
    ("sale 70%", "en", "refused percent"),
    ("firmware v1.0.3", "en", "refused version"),
    ("room 204", "en", "refused naming"),
    ("3号楼", "zh", "refused naming"),
    ("2 more people", "en", "refused quantity"),
    ("ещё 2", "ru", "refused quantity | ask record_anyway"),
    ("500 ml", "en", "refused quantity"),
    ("1600 Pennsylvania Avenue", "en", "refused address | ask record_anyway"),
    ("Hauptstraße 12", "de", "refused address | ask record_anyway"),
    ("12 rue de la Paix", "fr", "refused address | ask record_anyway"),
    ("улица Ленина 12", "ru", "refused address | ask record_anyway"),
    ("5.50Coffee", "en", "refused glued"),
    ("(555) 123-4567", "en", "refused phone"),
]

TOUCHING = [
    ("午饭35", "zh", "35.00 CNY <午饭>"),  # scripts written without spaces
    ("昨日コンビニ540", "ja", "540 JPY <コンビニ> @2026-03-11"),
    ("กาแฟ45", "th", "45.00 THB <กาแฟ>"),
    ("커피4500원", "ko", "4500 KRW <커피>"),
    ("打车35回家", "zh", "35.00 CNY <打车回家>"),  # 回 counts times, 回家 does not
]


@pytest.mark.parametrize(("text", "language", "meaning"), CHOSEN + THINGS + TOUCHING)
def test_the_amount_is_chosen_and_the_rest_stays_in_the_note(
    say: Say, text: str, language: str, meaning: str
) -> None:
    assert say(text, language) == meaning


@pytest.mark.parametrize(("text", "language", "meaning"), ASKED)
def test_a_private_chat_asks_where_two_rank_equal(
    say: Say, text: str, language: str, meaning: str
) -> None:
    assert say(text, language) == meaning
    # A group is asked too where each of the numbers is plainly money, since silence would lose it. People
    # who weigh prices by a word for "or" have paid none.
    is_money = any(sign in text for sign in ("₱", "$"))
    in_group = say(text, language, chat_kind="group")
    assert in_group == meaning if is_money else in_group.startswith("ignored")


@pytest.mark.parametrize(("text", "language", "meaning"), REFUSED)
def test_numbers_that_are_something_else_are_no_amount(
    say: Say, text: str, language: str, meaning: str
) -> None:
    assert say(text, language) == meaning


SMALL_CURRENCIES = [
    ("JPY", "1500000 JPY"),  # no minor unit
    ("IDR", "1500000.00 IDR"),  # worth less than a hundredth of a euro
    ("HUF", "1500000.00 HUF"),
    ("COP", "1500000.00 COP"),
]


@pytest.mark.parametrize(("currency", "amount"), SMALL_CURRENCIES)
def test_long_runs_are_amounts_where_a_unit_is_worth_little(
    say: Say, currency: str, amount: str
) -> None:
    assert say("car 1500000", currency=currency) == f"{amount} <car>"
