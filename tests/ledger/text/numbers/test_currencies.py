"""`free-text.md`, section Currency."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.text import TextContext, parse_message

Say = Callable[..., str]
Chat = Callable[..., TextContext]

READ = [
    ("lunch 12 usd", "en", "EUR", "12.00 USD <lunch>"),  # a code in any case
    ("EUR 15 museum", "en", "GBP", "15.00 EUR <museum>"),  # before its number
    ("S$189.00 SGD - OG Albert", "en", "SGD", "189.00 SGD <OG Albert>"),  # on both sides
    ("$12 CAD coffee", "en", "EUR", "12.00 CAD <coffee>"),  # a code sharpens a shared sign
    ("grab RM25", "en", "SGD", "25.00 MYR <grab>"),  # touching
    ("pão R$ 12,50", "pt", "EUR", "12.50 BRL <pão>"),
    ("coffee US$12", "en", "EUR", "12.00 USD <coffee>"),
    ("20 euros museum", "en", "USD", "20.00 EUR <museum>"),  # words
    ("taxi 15 bucks", "en", "EUR", "15.00 USD <taxi>"),
    ("такси 500р", "ru", "RUB", "500.00 RUB <такси>"),
    ("кофе 300 лир", "ru", "RUB", "300.00 TRY <кофе>"),
    ("90 грн кава", "uk", "EUR", "90.00 UAH <кава>"),
    ("pączki 24 zł", "pl", "EUR", "24.00 PLN <pączki>"),
    ("奶茶 20块", "zh", "EUR", "20.00 CNY <奶茶>"),
    ("ラーメン 900円", "ja", "EUR", "900 JPY <ラーメン>"),
    ("กาแฟ 45 บาท", "th", "EUR", "45.00 THB <กาแฟ>"),
    ("50 रुपये चाय", "hi", "EUR", "50.00 INR <चाय>"),
    ("قهوة 15 ريال", "ar", "EUR", "15.00 SAR <قهوة>"),
    ("coffee 12 €€€", "en", "EUR", "12.00 EUR <coffee>"),  # in excitement
    ("кофе 200р", "ru", "EUR", "200.00 RUB <кофе>"),  # a word of one currency, own or not
    ("кофе 200 р.", "de", "EUR", "200.00 RUB <кофе>"),
    ("кава 5 р", "uk", "EUR", "5.00 EUR <кава р>"),  # a year in Ukrainian
    ("tea rs.20", "en", "INR", "20.00 INR <tea>"),  # an abbreviation's own point
    ("tea Rs.1,500", "en", "INR", "1500.00 INR <tea>"),
    ("gum $.50", "en", "EUR", "0.50 USD <gum>"),  # a decimal's point
    ("£.80 gum", "en", "GBP", "0.80 GBP <gum>"),
]

SHARED = [
    ("$10", "en", "SGD", "10.00 SGD <>"),  # the chat's own
    ("$10", "en", "EUR", "10.00 USD <>"),  # else
    ("¥68", "zh", "GBP", "68.00 CNY <>"),
    ("¥68", "en", "GBP", "68 JPY <>"),
    ("£7", "en", "EUR", "7.00 GBP <>"),
    ("£7", "ar", "EGP", "7.00 EGP <>"),
    ("120 kr", "sv", "EUR", "120.00 SEK <>"),
    ("120 kr", "nb", "EUR", "120.00 NOK <>"),
    ("120 kr", "is", "EUR", "120 ISK <>"),
    ("120 kr", "en", "EUR", "120.00 SEK <>"),
    ("rs 200", "en", "USD", "200.00 INR <>"),
    ("₨500", "en", "PKR", "500.00 PKR <>"),
]

BESIDE = [
    ("50 Taxi THB", "en", "50.00 EUR <Taxi THB>"),  # not beside its number
    ("dollar store 15", "en", "15.00 EUR <dollar store>"),
    ("coffee 12 usdt", "en", "ask unknown_currency"),  # no currency
    ("евро ремонт 15000", "ru", "15000.00 RUB <евро ремонт>"),
]

WORDS = [
    ("try 12", "en", "EUR", "12.00 EUR <try>"),  # a word of the language
    ("Try 12", "en", "EUR", "12.00 EUR <Try>"),
    ("12 TRY simit", "en", "EUR", "12.00 TRY <simit>"),  # in capitals always
    ("12 try simit", "en", "TRY", "12.00 TRY <simit>"),  # the chat's own
    ("cup 5", "en", "EUR", "5.00 EUR <cup>"),
    ("20 pen taxi", "es", "PEN", "20.00 PEN <taxi>"),
    ("3 real ales 15", "en", "EUR", "15.00 EUR <3 real ales>"),
]


@pytest.mark.parametrize(("text", "language", "own", "meaning"), READ + SHARED + WORDS)
def test_a_currency_is_read_beside_its_number(
    say: Say, text: str, language: str, own: str, meaning: str
) -> None:
    assert say(text, language, currency=own) == meaning


@pytest.mark.parametrize(("text", "language", "meaning"), BESIDE)
def test_words_elsewhere_are_no_currency(say: Say, text: str, language: str, meaning: str) -> None:
    assert say(text, language) == meaning


def test_a_shared_sign_that_is_not_the_chats_own_is_shown(chat: Chat) -> None:

    (foreign,) = parse_message("taxi $5", chat()).entries
    (own,) = parse_message("taxi $5", chat(currency="USD")).entries
    assert [remark.id for remark in foreign.remarks] == ["currency_guessed"]
    assert own.remarks == ()
    assert (own.currency_given, foreign.currency_given) == (True, True)
