"""Days of the month by their number alone, and words for days as people type them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Say = Callable[..., str]

# Sent on Thursday, 12 March 2026.
DAYS = [
    ("luz 180 el 3", "es", "180.00 EUR <luz> @2026-03-03"),
    ("am 3. Friseur 28", "de", "28.00 EUR <Friseur> @2026-03-03"),
    ("lunch 12 on the 3rd", "en", "12.00 EUR <lunch> @2026-03-03"),
    ("le 3 resto 45", "fr", "45.00 EUR <resto> @2026-03-03"),
    ("il 3 dentista 80", "it", "80.00 EUR <dentista> @2026-03-03"),
    ("dia 5 luz 180", "pt", "180.00 BRL <luz> @2026-03-05"),
    ("16 числа бензин 2000", "ru", "2000.00 RUB <бензин> @2026-02-16"),
    ("3-go fryzjer 80", "pl", "80.00 PLN <fryzjer> @2026-03-03"),
    ("ayın 3'ünde kuaför 400", "tr", "400.00 TRY <kuaför> @2026-03-03"),
    ("3号理发40", "zh", "40.00 CNY <理发> @2026-03-03"),
    ("3日 ランチ 900", "ja", "900 JPY <ランチ> @2026-03-03"),
    ("ngày 3 học phí 350k", "vi", "350000 VND <học phí> @2026-03-03"),
    ("tgl 3 spp 350rb", "id", "350000.00 IDR <spp> @2026-03-03"),
    ("lunch 12 nov 3", "en", "12.00 EUR <lunch> @2025-11-03"),  # the month has its day behind it
    ("coffee 5 oct 31", "en", "5.00 EUR <coffee> @2025-10-31"),
    ("on the 1st floor bar 12", "en", "12.00 EUR <on the 1st floor bar>"),  # no day
    ("aluguel 1500 todo dia 10", "pt", "ask one_or_several"),  # a day that comes again is none
    ("yesterday's taxi 12", "en", "12.00 EUR <taxi> @2026-03-11"),
    ("yest coffee 4", "en", "4.00 EUR <coffee> @2026-03-11"),
    ("mon coffee 4", "en", "4.00 EUR <coffee> @2026-03-09"),
    ("пн кофе 250", "ru", "250.00 RUB <кофе> @2026-03-09"),
    ("gestern abend Pizza 14", "de", "14.00 EUR <Pizza> @2026-03-11"),
    ("昨天晚上吃饭 50", "zh", "50.00 CNY <吃饭> @2026-03-11"),
    ("昨日の夜 飲み会 4000", "ja", "4000 JPY <飲み会> @2026-03-11"),
    ("anoche cena 32", "es", "32.00 EUR <cena> @2026-03-11"),
    ("laptop 900 last week", "en", "900.00 EUR <laptop last week>"),  # no day: today
    ("29 feb lunch 12", "en", "refused bad_date"),  # neither this year nor last
]


@pytest.mark.parametrize(("text", "language", "meaning"), DAYS)
def test_a_day_is_read_as_people_type_it(say: Say, text: str, language: str, meaning: str) -> None:
    assert say(text, language) == meaning


def test_a_word_for_a_day_may_be_lunch_elsewhere(say: Say) -> None:
    assert say("غدا 10", "ar", currency="JOD", timezone="Asia/Amman") == "10.000 JOD <غدا>"
    assert "@2026-03-13" in say("غدا 10", "ar")
