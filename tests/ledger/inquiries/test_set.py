"""The grammar of questions on its labelled set, and its packs beside each other."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from bench.questions.__main__ import judge_all, load_cases
from bot.cli.read_texts import context_of
from ledger.inquiries import InquiryContext, read_inquiry
from ledger.inquiries.lexicon import known_languages
from ledger.inquiries.query import Doubt, Inquiry, Query, Understood
from ledger.inquiries.reading import Names
from ledger.text.vocabulary import split_words

PACKS = Path("ledger/inquiries/packs")
WORDS = {path.stem: path for path in Path("ledger/text/packs").glob("??.toml")}
ALWAYS = {
    "how_much", "what", "which", "who", "where", "when", "show", "spend", "pay", "buy", "earn",
    "income", "left", "total", "average", "big", "small", "most", "share", "compare", "last_time",
    "budget", "price", "recurring", "by", "category", "merchant", "member", "this", "last", "next",
    "expense", "advice", "private", "write", "smalltalk", "scopes", "filler", "and", "rise", "same",
}  # fmt: skip
"""Keys without which a language could not ask."""


def test_every_language_of_entries_can_ask() -> None:
    assert set(known_languages()) == set(WORDS)


@pytest.mark.parametrize("language", sorted(WORDS))
def test_a_pack_has_what_questions_need(language: str) -> None:
    pack = tomllib.loads((PACKS / f"{language}.toml").read_text("utf-8"))
    assert pack["language"] == language
    assert not ALWAYS - set(pack)
    assert len(pack["scopes"]) >= 16
    for key, value in pack.items():
        if isinstance(value, str) and key != "language":
            assert all(word.strip(" *") for word in split_words(value)), key


def test_the_worked_half_of_the_set_is_read_exactly() -> None:
    verdicts = judge_all(case for case in load_cases() if not case.is_held_out)
    exact = sum(verdict == "exact" for found in verdicts.values() for verdict in found)
    count = sum(map(len, verdicts.values()))
    assert exact >= 0.98 * count, verdicts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # entries in the words of questions: none of them asks for something
        ("en", "coffee 4.50?"),
        ("en", "top 25"),
        ("en", "average joe's 12"),
        ("en", "paycheck 2100"),
        ("en", "total 45"),
        ("en", "biggest burger 14.90"),
        ("de", "was leckeres 12,50"),
        ("de", "top 20 euro"),
        ("de", "monatskarte mai 49"),
        ("de", "anteil miete 400"),
        ("es", "cuota enero 2026 55"),
        ("fr", "paie 2100"),
        ("fr", "courses 45 cb"),
        ("zh", "打车花了35吗？"),
        ("zh", "今天发工资了，到手12000"),
        ("id", "gaji bulanan 10jt"),
        ("ru", "вчера зарплата девяносто тысяч рублей"),
        ("en", "see you on 5 May"),
        ("en", "who is coming to dinner tomorrow"),
        ("de", "wann kommst du morgen?"),
    ],
)
def test_what_books_or_chats_is_no_question(language: str, text: str) -> None:
    assert not read(language, text).is_plain


def read(language: str, text: str, names: Names | None = None) -> Inquiry:
    """Read a question on 18 November 2026."""
    case = {"chat": "private", "sent_at": "2026-11-18T12:00:00+00:00", "timezone": "Europe/Berlin"}
    context = context_of(case | {"default_currency": "EUR", "language": language})
    return read_inquiry(text, InquiryContext(context, names or Names()))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "2025年10月の支出は？"),
        ("zh", "2025年10月花了多少"),
        ("ko", "2025년 10월 지출은 얼마"),
        ("en", "how much in 2025 october?"),
    ],
)
def test_a_year_in_front_of_its_month_is_the_year_of_it(language: str, text: str) -> None:
    found = read(language, text)
    assert isinstance(found, Understood)
    period = found.query.filter.period
    assert period is not None
    assert (period.start, period.end) == (date(2025, 10, 1), date(2025, 11, 1))


def test_two_months_behind_their_years_stay_two_periods() -> None:
    found = read("en", "compare 2025 october with 2024 march")
    assert isinstance(found, Understood)
    first, second = found.query.filter.period, found.query.other
    assert first is not None
    assert second is not None
    assert (first.start, second.start) == (date(2025, 10, 1), date(2024, 3, 1))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "compare this month with the same month last year"),
        ("en", "this month vs same month last year"),
        ("en", "how much more did we spend than in the same month last year?"),
        ("en", "spending this month compared to this month last year"),
        ("en", "compare this month to last year"),
        ("en", "how is this month compared to the same period last year?"),
        ("de", "Vergleiche diesen Monat mit demselben Monat im letzten Jahr"),
        ("de", "Diesen Monat im Vergleich zum Vorjahr"),
        ("fr", "comparer ce mois avec le même mois l'an dernier"),
        ("ru", "сравни этот месяц с тем же месяцем прошлого года"),
        ("tr", "bu ayı geçen yılın aynı ayıyla karşılaştır"),
        ("ja", "今月と去年の同じ月を比較"),
    ],
)
def test_a_month_is_compared_with_the_same_one_a_year_before(language: str, text: str) -> None:
    found = read(language, text)
    assert isinstance(found, Understood)
    query = found.query
    assert query.filter.words == ""
    assert (query.op, query.compare_to) == ("compare", "same_last_year")
    assert query.filter.period is not None
    assert query.filter.period.start == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("how much was it the same month last year", date(2025, 11, 1), date(2025, 12, 1)),
        ("how much for food this week last year", date(2025, 11, 17), date(2025, 11, 24)),
    ],
)
def test_last_year_says_of_which_year_a_running_period_is(
    text: str, start: date, end: date
) -> None:
    found = read("en", text)
    assert isinstance(found, Understood)
    assert found.query.filter.period is not None
    assert (found.query.filter.period.start, found.query.filter.period.end) == (start, end)


def test_more_than_in_an_earlier_month_sets_the_running_one_against_it() -> None:
    found = read("en", "did we spend more than in September?")
    assert isinstance(found, Understood)
    period, other = found.query.filter.period, found.query.other
    assert period is not None
    assert other is not None
    assert (period.start, other.start) == (date(2026, 11, 1), date(2026, 9, 1))


ASKED = [
    # Whether something was paid is answered by its last time.
    ("en", "did I pay rent already?", "last_time; words=rent"),
    ("de", "hab ich die Miete schon bezahlt?", "last_time; words=miete"),
    ("cs", "zaplatil jsem už nájem?", "last_time; words=nájem"),
    ("en", "how much have I already spent", "total"),
    ("en", "have I been paid yet", "last_time; type=income"),
    ("tr", "kirayı ödedim mi", "last_time; words=kirayı"),
    ("en", "am i spending more on food than usual", "compare; scopes=Food; period=2026-11"),
    ("de", "war diese Woche teurer als letzte", "compare; period=2026-11-16"),
    ("de", "wie viel Geld kam im Oktober rein", "total; type=income; period=2026-10"),
    ("en", "income minus expenses november", "total; type=both; period=2026-11"),
    ("it", "entrate meno uscite a novembre", "total; type=both; period=2026-11"),
    # A verb that says what was bought is no word without a meaning.
    ("en", "how many times did we eat out in october", "count; scopes=eating_out; period=2026-10"),
    ("de", "wann hab ich zuletzt getankt", "last_time; words=getankt"),
    (
        "it",
        "quanto abbiamo speso per la spesa a ottobre",
        "total; scopes=groceries; period=2026-10",
    ),
    ("it", "qual è la spesa più grande di ottobre", "largest; period=2026-10"),
    ("de", "was hat der Urlaub gekostet", "total; scopes=travel"),
    ("en", "how much did the lisbon trip cost", "total; tag=lisbon"),
    ("en", "how much did the holiday cost", "total; scopes=travel"),
    # A unit behind a superlative of expenses says when; alone it is what is ranked.
    ("fr", "quelle est ma plus grosse dépense de la semaine", "largest; period=2026-11-16"),
    ("en", "which week was most expensive", "top; by=week"),
    ("ru", "сколько раз я ходил в Лидл", "count; merchant=Lidl"),
    ("tr", "Lidl'e kaç kere gittim", "count; merchant=Lidl"),
    ("nl", "hoe vaak ben ik naar Lidl geweest", "count; merchant=Lidl"),
    ("nl", "hoeveel heeft Ben betaald", "total; member=Ben"),
    ("en", "did Anna pay more than Ben in october", "compare; by=member; period=2026-10"),
    ("es", "en qué mes gasté menos", "top; by=month"),
    ("tr", "cuma gününden beri ne kadar", "total; period=2026-11-13"),
    ("en", "is my electricity bill going up", "trend; words=electricity"),
    ("en", "compare october with 2025", "compare; period=2026-10"),
    ("hu", "mennyit költöttünk élelmiszerre októberben", "total; scopes=groceries; period=2026-10"),
    (
        "el",
        "πόσα ξοδέψαμε στο σούπερ μάρκετ τον Οκτώβριο",
        "total; scopes=groceries; period=2026-10",
    ),
    ("ro", "cheltuieli în octombrie fără chirie", "total; period=2026-10; without=chirie"),
    ("fi", "montako kertaa kävin Lidlissä", "count; merchant=Lidl"),
]


@pytest.mark.parametrize(("language", "text", "wanted"), ASKED)
def test_what_strangers_ask(language: str, text: str, wanted: str) -> None:
    found = read(
        language, text, Names(merchants=("Lidl",), members=("Anna", "Ben"), tags=("lisbon",))
    )
    assert isinstance(found, Understood)
    assert shown(found.query) == wanted


def test_two_unknown_things_are_asked_about_rather_than_looked_for_together() -> None:
    found = read("de", "wie viel für Strom und Gas im Oktober")
    assert isinstance(found, Doubt)
    assert [one.filter.words for one in found.options] == ["strom", "gas"]


def shown(query: Query) -> str:
    """Return an operation with what narrows it, in the form of the labelled set."""
    which, period = query.filter, query.filter.period
    month = period is not None and period.kind == "month"
    parts = {
        "type": query.type if query.type != "expense" else "",
        "words": which.words,
        "scopes": ",".join(which.scopes),
        "merchant": which.merchant,
        "member": which.member,
        "tag": which.tag,
        "by": query.by,
        "period": f"{period.start:%Y-%m}" if period and month else period and f"{period.start}",
        "without": ",".join(one.words for one in which.without),
    }
    return "; ".join([query.op, *(f"{key}={value}" for key, value in parts.items() if value)])
