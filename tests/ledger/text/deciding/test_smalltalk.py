"""What people tell beside an amount: parts that are sentences, money that was got, kind words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.text import TextContext, parse_message

Say = Callable[..., str]
Chat = Callable[..., TextContext]

PARTS = [
    # The debt of somebody else is no expense; what was paid is booked all the same.
    (
        "paid 30 for cinema with bob, he owes me 15",
        "30.00 EUR <paid for cinema with bob> | ask record_anyway",
    ),
    # Only one question is asked; what else is narrative is named.
    (
        "paid 30 for cinema, he owes me 15, she owes me 5",
        "30.00 EUR <paid for cinema> | bad 'she owes me 5' sentence | ask record_anyway",
    ),
    # A part that is no sentence of its own is an entry as before.
    ("paid 12 for lunch, tea 3", "12.00 EUR <paid for lunch> | 3.00 EUR <tea>"),
    # With a currency the number is plainly money.
    (
        "paid 30 for cinema, he brought 15€ of beer",
        "30.00 EUR <paid for cinema> | 15.00 EUR <he brought of beer>",
    ),
]

GOT = [
    ("I got 50 from grandma", "en", ["expense", "income"]),
    ("we got 20 for the old lamp", "en", ["expense", "income"]),
    # Nothing was got: the only offer is an expense.
    ("he owes me 15", "en", ["expense"]),
]

KIND = [
    ("hello", "en", "refused greeting"),
    ("Good morning!", "en", "refused greeting"),
    ("thanks!", "en", "refused thanks"),
    ("Danke dir", "de", "refused thanks"),
    ("привет", "ru", "refused greeting"),
    ("谢谢", "zh", "refused thanks"),
    ("lunch with Bo", "en", "refused no_amount"),  # no kind word
    ("hello?", "en", "refused question"),
]


@pytest.mark.parametrize(("text", "meaning"), PARTS)
def test_a_part_that_only_tells_something_is_asked_about(say: Say, text: str, meaning: str) -> None:
    assert say(text) == meaning


@pytest.mark.parametrize(("text", "language", "kinds"), GOT)
def test_an_offer_where_something_was_got_has_income_as_well(
    chat: Chat, text: str, language: str, kinds: list[str]
) -> None:
    parsed = parse_message(text, chat(language))
    assert parsed.outcome in ("refused", "ask")  # what is owed may have been lent
    assert parsed.ask is not None
    assert [option.entries[0].type for option in parsed.ask.options] == kinds


@pytest.mark.parametrize(("text", "language", "meaning"), KIND)
def test_kind_words_are_heard_and_record_nothing(
    say: Say, text: str, language: str, meaning: str
) -> None:
    assert say(text, language) == meaning
    assert say(text, language, chat_kind="group").startswith("ignored")


def test_a_day_that_is_only_numbered_stays_in_the_note_and_is_named(chat: Chat) -> None:
    (entry,) = parse_message("850 rent since 1st", chat()).entries
    assert entry.note == "rent since 1st"
    assert [(r.id, r.values["typed"]) for r in entry.remarks] == [("day_in_note", "since 1st")]
    for text in (
        "laundry 5 on the 1st floor",  # a floor
        "1st month rent 900",  # nothing of a day stands before it
        "rent 850 on the 1st 12 march",  # the day is said
    ):
        (entry,) = parse_message(text, chat()).entries
        assert not entry.remarks, text


def test_a_long_text_with_one_number_is_too_long_not_too_many(say: Say) -> None:
    assert say("coffee 3 " + "a " * 1200) == "refused too_long"
    assert say("a 1 " * 600) == "refused too_many"


def test_a_guessed_currency_names_its_sign_as_typed(chat: Chat) -> None:
    for text, language, symbol in (("uber 14.20$", "en", "$"), ("午饭 35元", "en", "元")):
        (entry,) = parse_message(text, chat(language)).entries
        guessed = [r.values["symbol"] for r in entry.remarks if r.id == "currency_guessed"]
        assert guessed in ([symbol], []), text
    (entry,) = parse_message("uber 14.20$", chat()).entries
    assert entry.remarks[0].values == {"symbol": "$", "currency": "USD"}


DEBTS = [
    ("en", "I owe Bob 50€"),
    ("de", "ich schulde Mia 50€"),
    ("es", "todavía debo 50€"),
    ("fr", "je dois 7€ à Mia"),
    ("it", "non ho pagato i 50 euro"),  # nothing was paid
    ("ru", "ещё должна 270 ₽"),
]


@pytest.mark.parametrize(("language", "text"), DEBTS)
def test_what_is_only_owed_is_asked_about_and_never_booked(
    chat: Chat, language: str, text: str
) -> None:
    parsed = parse_message(text, chat(language))
    assert not parsed.entries
    assert parsed.ask is not None
    assert parsed.ask.kind == "record_anyway"
    assert parse_message(text, chat(language, chat_kind="group")).outcome == "ignored"
