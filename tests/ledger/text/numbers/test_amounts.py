"""`free-text.md`, section Amounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.text import TextContext, parse_message

Say = Callable[..., str]
Chat = Callable[..., TextContext]

SEPARATORS = [
    ("rent 1,234.50", "EUR", "1234.50"),  # the last one is the point
    ("rent 1.234,56", "EUR", "1234.56"),
    ("rent 1,23,456.00", "EUR", "123456.00"),  # Indian grouping
    ("rent 12,34,567", "EUR", "1234567.00"),
    ("rent 1.234", "EUR", "1234.00"),  # three digits group
    ("rent 10.000", "EUR", "10000.00"),
    ("rent 0.750", "EUR", "0.75"),  # but not behind a zero
    ("rent 1.250", "KWD", "1.250"),  # nor with three minor digits
    ("rent 1.250 KWD", "EUR", "1.250"),  # named after the number
    ("rent 1.250.000", "KWD", "1250000.000"),  # twice: it groups
    ("rent 4,50", "EUR", "4.50"),
    ("rent 4.5", "EUR", "4.50"),
    ("rent 1 900", "EUR", "1900.00"),  # spaces
    ("rent 1\u202f275,50", "EUR", "1275.50"),  # narrow no-break space
    ("big rent 1\u00a0275,50", "EUR", "1275.50"),  # no-break: never two numbers
    ("rent 1'900.50", "EUR", "1900.50"),
    ("rent 1’900.50", "EUR", "1900.50"),  # typographic
    ("rent 1_299", "EUR", "1299.00"),
    ("rent 1 000 000", "EUR", "1000000.00"),
    ("1 900 rent", "EUR", "1900.00"),
    ("rent 1234.567", "EUR", "1234.57"),  # cannot group: a decimal, rounded
]

MULTIPLIED = [
    ("lunch 10k", "EUR", "10000.00"),
    ("grab 1.5K", "EUR", "1500.00"),
    ("75 тыс", "RUB", "75000.00"),
    ("75 тыс. руб", "RUB", "75000.00"),
    ("50к такси", "RUB", "50000.00"),
    ("alquiler 20 mil", "EUR", "20000.00"),
    ("1,5 mln", "EUR", "1500000.00"),
    ("2 Mio Haus", "EUR", "2000000.00"),
    ("1.5 млн", "RUB", "1500000.00"),
    ("家賃 8万", "JPY", "80000"),
    ("くつ 1万2千円", "JPY", "12000"),  # a chain
    ("2.5 lac", "INR", "250000.00"),
    ("25lakh", "INR", "2500000.00"),
    ("3 cr", "INR", "30000000.00"),
    ("5€50 sandwich", "USD", "5.50"),  # hundredths behind the sign
    ("9块5 早餐", "EUR", "9.50"),
    ("gum 80 ct", "EUR", "0.80"),  # the minor unit by its name
]

ARITHMETIC = [
    ("coffee 3x2.40", "7.20"),
    ("coffee 3 × 2.40", "7.20"),
    ("coffee 2*5", "10.00"),
    ("coffee 12+3.5", "15.50"),
    ("coffee 100-30", "70.00"),
    ("coffee 100-5*3", "85.00"),  # precedence
    ("dinner (12+18)*2", "60.00"),
    ("dinner 100/3", "33.33"),  # rounded half-even
    ("dinner 1,000.00+24", "1024.00"),
    ("dinner 3€ + 4€", "7.00"),  # one currency
    ("2 beers at 4.50", "9.00"),
    ("2 @ 4.50 beers", "9.00"),
    ("coffee 0.1 + 0.2", "0.30"),  # never a float
]

SCRIPTS = [
    ("चाय १२३", "123.00"),  # Devanagari
    ("قهوة ٤٫٥٠", "4.50"),  # Arabic, with its own decimal point
    ("ايجار ١٬٢٣٤٫٥٠", "1234.50"),  # and thousands separator
    ("กาแฟ ๑๒๐", "120.00"),  # Thai
    ("lunch ２５０", "250.00"),  # full width
    ("bagel 3\u200b.75", "3.75"),  # an invisible character inside
    ("\u2060taxi 350\u2060", "350.00"),
    ("\ufeffcoffee 12.50", "12.50"),  # a byte order annotation
]

REFUSED = [
    ("rent 1,000,50", "malformed"),
    ("lunch 10.50,25", "malformed"),
    ("24,24.7", "malformed"),
    ("1'23 rent", "malformed"),
    ("coffee 1,2,3", "malformed"),
    ("9**9**9**9", "malformed"),
    ("-2+3 lunch", "malformed"),  # the first number's sign, or that of all
    ("coffee.50", "malformed"),  # fifty, or fifty cents
    ("beer 3x.50", "malformed"),
    ("gum ,50", "malformed"),
    ("gum €,50", "malformed"),
    ("coffee 10/0", "division_by_zero"),
    ("coffee 10-20", "negative"),  # a range
    ("0 coffee", "zero"),
    ("coffee 0*5", "zero"),
    ("coffee 0.004", "zero"),  # rounds to nothing
    ("house 1,000,000,000,000", "limit"),
    ("coffee 92233720368547758.08", "limit"),
    ("007", "leading_zero"),
    ("tea 05.04", "leading_zero"),
    ("coffee 0250", "leading_zero"),
    ("rent 1000000", "run"),  # seven digits in a row
    ("coffee 12 XTS", "unknown_currency"),
]

NO_NUMBERS = [
    "coffee ½",
    "coffee 2½",
    "coffee 1e5",
    "coffee 1E309",
    "coffee 0x1F",
    "coffee NaN",
    "coffee XII",
    "coffee ¹²",
    "💯",
]


@pytest.mark.parametrize(("text", "currency", "amount"), SEPARATORS + MULTIPLIED)
def test_a_number_is_read_exactly(say: Say, text: str, currency: str, amount: str) -> None:
    assert say(text, currency=currency).split()[0] == amount


@pytest.mark.parametrize(("text", "amount"), ARITHMETIC + SCRIPTS)
def test_sums_and_digits_of_every_script_are_worked_out(say: Say, text: str, amount: str) -> None:
    assert say(text).split()[0] == amount


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_amount_is_refused_with_its_reason(say: Say, text: str, reason: str) -> None:
    assert say(text) in (f"refused {reason}", f"refused {reason} | ask record_anyway")


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_exponents_fractions_and_numerals_are_no_amounts(say: Say, text: str) -> None:
    assert say(text).startswith("refused")


ROUNDED = [
    ("tea 2.125", "KWD", "2.125", []),  # all its digits count
    ("tea 2.12500", "EUR", "2.12", ["rounded"]),  # half to even
    ("tea 2.13500", "EUR", "2.14", ["rounded"]),
    ("tea 5.5000", "EUR", "5.50", []),  # nothing was lost
    ("tea 4500.5", "KRW", "4500", ["rounded"]),
    ("tea 100/3", "EUR", "33.33", ["computed"]),
    ("tea 3x2", "EUR", "6.00", ["computed"]),
]


@pytest.mark.parametrize(("text", "currency", "amount", "remarks"), ROUNDED)
def test_the_answer_learns_what_was_bent(
    chat: Chat, text: str, currency: str, amount: str, remarks: list[str]
) -> None:

    (entry,) = parse_message(text, chat(currency=currency)).entries
    assert (str(entry.amount), [remark.id for remark in entry.remarks]) == (amount, remarks)


SIGNS = [
    ("+500 tutoring", "+500.00 EUR <tutoring>"),  # income
    ("tutoring + 500", "+500.00 EUR <tutoring>"),
    ("+$40 tips", "+40.00 USD <tips>"),
    ("-8,40 bread", "8.40 EUR <bread>"),  # expense
    ("- 15 taxi", "15.00 EUR <taxi>"),
    ("coffee –12.50", "12.50 EUR <coffee>"),  # a long dash is no sign
    ("salary 3200", "+3200.00 EUR <salary>"),  # an income word
    ("Anna paid back 20", "+20.00 EUR <Anna paid back>"),
    ("rebate 20", "+20.00 EUR <rebate>"),
    ("bono metro 12", "12.00 EUR <bono metro>"),  # a phrase that is none
    ("-500 salary", "ask minus_income"),  # a minus against it
]


@pytest.mark.parametrize(("text", "meaning"), SIGNS)
def test_signs_and_income_words_make_the_type(say: Say, text: str, meaning: str) -> None:
    assert say(text) == meaning


UNIT_PRICES = [
    ("2 beers at 4.50", "en", "9.00 EUR <2 beers>"),
    ("3 tickets at 15", "en", "45.00 EUR <3 tickets>"),
    ("3 Bier je 4,50", "de", "13.50 EUR <3 Bier>"),
    ("3 Karten zu je 12", "de", "36.00 EUR <3 Karten>"),
    ("2 cafés a 1,50", "es", "3.00 EUR <2 cafés>"),
    ("4 croissants à 1,30", "fr", "5.20 EUR <4 croissants>"),
    ("2 caffè a 1,20", "it", "2.40 EUR <2 caffè>"),
    ("3 pastéis a 4,50", "pt", "13.50 BRL <3 pastéis>"),
    ("2 кофе по 150", "ru", "300.00 RUB <2 кофе>"),
    ("кофе 2 по 150", "ru", "300.00 RUB <кофе>"),  # the count beside its price goes with it
    ("3 кави по 60", "uk", "180.00 UAH <3 кави>"),
    ("2 piwa po 14", "pl", "28.00 PLN <2 piwa>"),
]


@pytest.mark.parametrize(("text", "language", "meaning"), UNIT_PRICES)
def test_a_unit_price_is_multiplied_and_keeps_its_count(
    say: Say, text: str, language: str, meaning: str
) -> None:
    assert say(text, language) == meaning
