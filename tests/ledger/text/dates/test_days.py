"""`free-text.md`, section Dates. Sent on Thursday, 12 March 2026."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ledger.text import TextContext, parse_message

Say = Callable[..., str]
Chat = Callable[..., TextContext]

WORDS = [
    ("en", "today", "03-12"),
    ("en", "yesterday", "03-11"),
    ("en", "the day before yesterday", "03-10"),
    ("en", "tomorrow", "03-13"),
    ("de", "gestern", "03-11"),
    ("de", "vorgestern", "03-10"),
    ("es", "ayer", "03-11"),
    ("es", "anteayer", "03-10"),
    ("fr", "aujourd'hui", "03-12"),
    ("fr", "aujourd’hui", "03-12"),
    ("fr", "avant-hier", "03-10"),
    ("it", "ieri", "03-11"),
    ("it", "l'altro ieri", "03-10"),
    ("pt", "ontem", "03-11"),
    ("pt", "anteontem", "03-10"),
    ("ru", "вчера", "03-11"),
    ("ru", "позавчера", "03-10"),
    ("uk", "вчора", "03-11"),
    ("uk", "позавчора", "03-10"),
    ("pl", "wczoraj", "03-11"),
    ("pl", "przedwczoraj", "03-10"),
    ("tr", "dün", "03-11"),
    ("tr", "evvelsi gün", "03-10"),
    ("zh", "昨天", "03-11"),
    ("zh", "前天", "03-10"),
    ("ja", "昨日", "03-11"),
    ("ja", "一昨日", "03-10"),
    ("hi", "कल", "03-11"),
    ("hi", "परसों", "03-10"),
    ("ar", "أمس", "03-11"),
    ("ar", "أول أمس", "03-10"),
    ("nl", "gisteren", "03-11"),
    ("sv", "igår", "03-11"),
    ("nb", "i går", "03-11"),
    ("is", "í gær", "03-11"),
    ("th", "เมื่อวาน", "03-11"),
    ("ko", "어제", "03-11"),
    ("vi", "hôm qua", "03-11"),
    ("id", "kemarin", "03-11"),
]

AGO = [
    ("en", "3 days ago", "03-09"),
    ("en", "two weeks ago", "02-26"),
    ("en", "a week ago", "03-05"),
    ("de", "vor 3 Tagen", "03-09"),
    ("de", "vor einer Woche", "03-05"),
    ("es", "hace 4 días", "03-08"),
    ("es", "hace 4 dias", "03-08"),  # without accents
    ("fr", "il y a 3 jours", "03-09"),
    ("it", "3 giorni fa", "03-09"),
    ("pt", "há 3 dias", "03-09"),
    ("pt", "3 dias atrás", "03-09"),
    ("ru", "3 дня назад", "03-09"),
    ("ru", "неделю назад", "03-05"),
    ("uk", "3 дні тому", "03-09"),
    ("pl", "3 dni temu", "03-09"),
    ("pl", "tydzień temu", "03-05"),
    ("tr", "3 gün önce", "03-09"),
    ("zh", "3天前", "03-09"),
    ("ja", "3日前", "03-09"),
    ("hi", "3 दिन पहले", "03-09"),
    ("ar", "قبل 3 أيام", "03-09"),
    ("ar", "قبل يومين", "03-10"),
    ("ko", "3일 전", "03-09"),
]

WEEKDAYS = [
    ("en", "monday", "03-09"),
    ("en", "on monday", "03-09"),
    ("en", "thursday", "03-12"),  # today is one
    ("en", "last thursday", "03-05"),
    ("en", "last friday", "03-06"),
    ("de", "am Montag", "03-09"),
    ("de", "letzten Freitag", "03-06"),
    ("es", "el lunes", "03-09"),
    ("es", "el viernes pasado", "03-06"),
    ("fr", "lundi", "03-09"),
    ("fr", "vendredi dernier", "03-06"),
    ("it", "venerdì scorso", "03-06"),
    ("pt", "na segunda-feira", "03-09"),
    ("pt", "sexta passada", "03-06"),
    ("ru", "в понедельник", "03-09"),
    ("ru", "в прошлую пятницу", "03-06"),
    ("uk", "у понеділок", "03-09"),
    ("uk", "минулої п'ятниці", "03-06"),
    ("pl", "w poniedziałek", "03-09"),
    ("pl", "w zeszły piątek", "03-06"),
    ("tr", "pazartesi", "03-09"),
    ("tr", "geçen cuma", "03-06"),
    ("zh", "周一", "03-09"),
    ("zh", "上周五", "03-06"),
    ("ja", "月曜日", "03-09"),
    ("ja", "先週の金曜", "03-06"),
    ("hi", "सोमवार", "03-09"),
    ("hi", "पिछले शुक्रवार", "03-06"),
    ("ar", "الاثنين", "03-09"),
    ("ar", "الجمعة الماضية", "03-06"),
]

MONTHS = [
    ("en", "5 march", "03-05"),
    ("en", "march 5", "03-05"),
    ("en", "on the 5th of march", "03-05"),
    ("en", "mar 5th", "03-05"),
    ("de", "5. März", "03-05"),
    ("de", "am 5. Marz", "03-05"),  # without the dots
    ("es", "el 5 de marzo", "03-05"),
    ("fr", "le 5 mars", "03-05"),
    ("fr", "1er mars", "03-01"),
    ("it", "5 marzo", "03-05"),
    ("pt", "5 de março", "03-05"),
    ("ru", "5 марта", "03-05"),
    ("uk", "5 березня", "03-05"),
    ("pl", "5 marca", "03-05"),
    ("tr", "5 mart", "03-05"),
    ("zh", "3月5日", "03-05"),
    ("zh", "3月5号", "03-05"),
    ("ja", "3月5日", "03-05"),
    ("hi", "5 मार्च", "03-05"),
    ("ar", "5 مارس", "03-05"),
    ("ko", "3월 5일", "03-05"),
    ("en", "monday, 9 march", "03-09"),  # one date
]


@pytest.mark.parametrize(("language", "words", "day"), WORDS + AGO + WEEKDAYS + MONTHS)
def test_a_date_in_words_stands_before_or_behind(
    say: Say, language: str, words: str, day: str
) -> None:
    shown = "" if day == "03-12" else f" @2026-{day}"
    for text in (f"{words} xyz 450", f"xyz 450 {words}"):
        assert say(text, language, currency="EUR") == f"450.00 EUR <xyz>{shown}"


NUMERIC = [
    ("en-US", "05/06/2025 abc 450", "450.00 EUR <abc> @2025-05-06"),  # month first
    ("en-GB", "05/06/2025 abc 450", "450.00 EUR <abc> @2025-06-05"),  # day first
    ("en-GB", "3/25 abc 450", "450.00 EUR <abc> @2025-03-25"),  # only fits one order
    ("ja", "3/5 abc 450", "450 JPY <abc> @2026-03-05"),  # the language's order
    ("hi", "05/03 abc 450", "450.00 INR <abc> @2026-03-05"),
    ("en", "2026-03-05 abc 450", "450.00 EUR <abc> @2026-03-05"),  # ISO
    ("en", "2026/3/5 abc 450", "450.00 EUR <abc> @2026-03-05"),
    ("de", "05.03.2026 abc 450", "450.00 EUR <abc> @2026-03-05"),
    ("de", "5.3.26 abc 450", "450.00 EUR <abc> @2026-03-05"),  # 20xx
    ("ru", "25-11-2025 abc 450", "450.00 RUB <abc> @2025-11-25"),
    ("de", "05.03. abc 450", "450.00 EUR <abc> @2026-03-05"),  # without a year
    ("ru", "abc 450 05.03", "450.00 RUB <abc> @2026-03-05"),
    ("en", "05.03 abc 450", "450.00 EUR <abc> @2026-03-05"),  # begins with 0
    ("en", "abc 450 5.03", "5.03 EUR <abc 450>"),  # English writes no such dates
    ("de", "2 coffees 4.10", "4.10 EUR <2 coffees>"),  # a leading count
    ("de", "abc 12.03", "12.03 EUR <abc>"),  # alone it is a decimal
    ("de", "abc 4.10 12.03", "ask date_or_amount"),  # both readings stand
    ("en", "abc 12/3", "4.00 EUR <abc>"),  # alone it is a division
    ("de", "abc 4,50 am 5.3.", "4.50 EUR <abc> @2026-03-05"),  # at the end, with its full stop
    ("de", "05.03.: abc 450", "450.00 EUR <abc> @2026-03-05"),
    ("de", "am 05.03. abc 450", "450.00 EUR <abc> @2026-03-05"),  # its preposition goes with it
    ("en", "abc 450 31.02.2025", "refused bad_date | bad"),
    ("en", "abc 450 1899-12-30", "refused bad_date | bad"),
]


@pytest.mark.parametrize(("language", "text", "meaning"), NUMERIC)
def test_numeric_dates_follow_language_and_region(
    say: Say, language: str, text: str, meaning: str
) -> None:
    assert say(text, language) == meaning.removesuffix(" | bad")


EDGES = [
    ("dec 30 gift 500", "500.00 EUR <gift> @2025-12-30"),  # the most recent, not the future
    ("12 march abc 450", "450.00 EUR <abc>"),  # today
    ("13 march abc 450", "450.00 EUR <abc> @2025-03-13"),  # tomorrow's last year
    ("abc 450 2026-03-13", "450.00 EUR <abc> @2026-03-13"),  # tomorrow with its year
    ("abc 450 2026-03-14", "refused future_date"),
    ("abc 450 next monday", "refused future_date"),
    ("abc 450 day after tomorrow", "refused future_date"),
    ("jan 500", "500.00 EUR <jan>"),  # no day of a month
    ("jun 20", "refused date_only"),
    ("abc 450 99999999999d ago", "refused bad_date"),
    ("pasta 4.5", "4.50 EUR <pasta>"),  # no last of April
    ("black friday tv 450", "450.00 EUR <black friday tv>"),  # no Friday
]


@pytest.mark.parametrize(("text", "meaning"), EDGES)
def test_dates_at_their_edges(say: Say, text: str, meaning: str) -> None:
    assert say(text) == meaning


FRANCS = [
    ("Fr. 4.50 Kaffee", "4.50 CHF <Kaffee>"),  # francs, where they are the chat's own
    ("Kaffee Fr 5", "5.00 CHF <Kaffee>"),
    ("Kaffee 5 Fr.", "5.00 CHF <Kaffee>"),
    ("Kaffee 5 am Fr", "5.00 CHF <Kaffee> @2026-03-06"),  # no number beside it: Friday
    ("Fr: Kaffee 5", "5.00 CHF <Kaffee> @2026-03-06"),
]


@pytest.mark.parametrize(("text", "meaning"), FRANCS)
def test_fr_is_a_franc_beside_its_number_and_else_a_friday(
    say: Say, text: str, meaning: str
) -> None:
    assert say(text, "de-CH", currency="CHF", timezone="Europe/Zurich") == meaning


HELD = [
    # at the start of a line: for every entry of it, on the next line it is today again
    (
        "yesterday bus 3 and coffee 4\ntea 2",
        "3.00 EUR <bus> @2026-03-11 | 4.00 EUR <coffee> @2026-03-11 | 2.00 EUR <tea>",
    ),
    # each its own
    ("bus 3 yesterday, tea 2 today", "3.00 EUR <bus> @2026-03-11 | 2.00 EUR <tea>"),
    # a heading holds on
    (
        "yesterday:\nbus 3\ntea 2",
        "3.00 EUR <bus> @2026-03-11 | 2.00 EUR <tea> @2026-03-11",
    ),
    ("5 march: bus 3, tea 2", "3.00 EUR <bus> @2026-03-05 | 2.00 EUR <tea> @2026-03-05"),
    ("5/3:\nbus 3\ntea 2", "3.00 EUR <bus> @2026-03-05 | 2.00 EUR <tea> @2026-03-05"),
    # a number that turns out to be a date leads its line too
    ("3/5 bus 3, tea 2", "3.00 EUR <bus> @2025-05-03 | 2.00 EUR <tea> @2025-05-03"),
    # until the next one
    (
        "yesterday:\nbus 3\ntoday:\ntea 2",
        "3.00 EUR <bus> @2026-03-11 | 2.00 EUR <tea>",
    ),
]


@pytest.mark.parametrize(("text", "meaning"), HELD)
def test_a_date_holds_for_what_it_leads(say: Say, text: str, meaning: str) -> None:
    assert say(text) == meaning


def test_the_day_is_that_of_the_chats_zone_when_it_was_sent(say: Say) -> None:
    late = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    assert say("abc 4 today", sent_at=late, timezone="Asia/Tokyo") == "4.00 EUR <abc>"
    assert say("abc 4 yesterday", sent_at=late, timezone="Asia/Tokyo").endswith("@2026-03-12")
    assert say("abc 4 yesterday", sent_at=late, timezone="UTC").endswith("@2026-03-11")


def test_an_order_that_was_guessed_is_shown_in_words(chat: Chat) -> None:

    (unsure,) = parse_message("abc 450 03/04/2025", chat()).entries
    (sure,) = parse_message("abc 450 2025-04-03", chat()).entries
    assert [remark.id for remark in unsure.remarks] == ["date_in_words"]
    assert sure.remarks == ()


@pytest.mark.parametrize("text", ["a fiver 2041-02-03", "50 HRK 2041-02-03", "room 204 2041-02-03"])
def test_no_question_offers_a_day_in_the_future(say: Say, text: str) -> None:
    assert say(text) == "refused future_date"
