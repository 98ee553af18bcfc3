"""How people of each language count their money, its hundredths and its pieces."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Say = Callable[..., str]

COUNTED = [
    ("치킨 2만원", "ko", "20000 KRW <치킨>"),
    ("점심 2만 3천원", "ko", "23000 KRW <점심>"),
    ("버스 오천원", "ko", "5000 KRW <버스>"),  # spelled out
    ("sửa xe 1tr250", "vi", "1250000 VND <sửa xe>"),
    ("tiền điện 3tr5", "vi", "3500000 VND <tiền điện>"),
    ("thuê nhà 2 triệu rưỡi", "vi", "2500000 VND <thuê nhà>"),
    ("food 5k2", "en", "5200.00 EUR <food>"),
    ("打车花了十五块", "zh", "15.00 CNY <打车花了>"),
    ("买车三万五千元", "zh", "35000.00 CNY <买车>"),
    ("家電 1万2千", "ja", "12000 JPY <家電>"),
    ("電気代 8千円", "ja", "8000 JPY <電気代>"),
    ("ناهار ۱۲۰ هزار تومان", "fa", "1200000.00 IRR <ناهار>"),  # ten rials a toman
    ("такси 50к сум", "ru", "50000.00 UZS <такси>"),
]

HUNDREDTHS = [
    ("pane 3 e 50", "it", "3.50 EUR <pane>"),
    ("3 e 50 cornetto", "it", "3.50 EUR <cornetto>"),
    ("café 3 con 50", "es", "3.50 EUR <café>"),
    ("café 2€50", "fr", "2.50 EUR <café>"),
    ("1 euro 20 caffè", "it", "1.20 EUR <caffè>"),
    ("treno 9 euro e 80", "it", "9.80 EUR <treno>"),
    ("lody 5 zł 50 gr", "pl", "5.50 PLN <lody>"),
    ("gum 99¢", "en", "0.99 EUR <gum>"),
    ("Brot 12,-", "de", "12.00 EUR <Brot>"),
]

PIECES = [
    ("3 beers 5 each", "en", "15.00 EUR <3 beers>"),
    ("пиво 3 шт по 120", "ru", "360.00 RUB <пиво 3 шт>"),
    ("кофе 2х180", "ru", "360.00 RUB <кофе>"),  # a Cyrillic letter multiplies
    ("3杯奶茶每杯15", "zh", "45.00 CNY <3杯奶茶>"),
    ("shoes 100 -20%", "en", "80.00 EUR <shoes>"),
    ("Essen 40 + 10% Trinkgeld", "de", "44.00 EUR <Essen Trinkgeld>"),
    ("coffee ×2 7", "en", "7.00 EUR <coffee ×2>"),
    ("dinner 120 split by 4", "en", "120.00 EUR <dinner split by 4>"),  # never divided unasked
]

ASKED = [
    ("xăng 50", "vi", "ask thousands"),  # below the smallest coin
    ("bakso 15", "id", "ask thousands"),
    ("커피 5", "ko", "ask thousands"),
    ("50 HRK lunch", "en", "ask unknown_currency"),
    ("lunch btc 0.5", "en", "ask unknown_currency"),
    ("a fiver for parking", "en", "ask record_anyway"),
    ("полтос на метро", "ru", "ask record_anyway"),
    ("sold couch 200", "en", "+200.00 EUR <sold couch>"),
    ("Tシャツ 3000円 20%オフ", "ja", "ask which_amount"),
]

NATIONAL = [
    ("lunch 20 canadian dollars", "en", "20.00 CAD <lunch>"),
    ("أكل 50 دينار ليبي", "ar", "50.000 LYD <أكل>"),
]


@pytest.mark.parametrize(
    ("text", "language", "meaning"), [*COUNTED, *HUNDREDTHS, *PIECES, *ASKED, *NATIONAL]
)
def test_money_is_counted_as_people_do(say: Say, text: str, language: str, meaning: str) -> None:
    assert say(text, language) == meaning


def test_a_chat_that_answered_is_not_asked_again(say: Say) -> None:
    assert say("xăng 50", "vi", thousands=True) == "50000 VND <xăng>"
    assert say("xăng 50", "vi", thousands=False) == "50 VND <xăng>"
