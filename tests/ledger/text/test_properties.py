"""What holds for every text: no exception, and nothing but bookable entries."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.money import AMOUNT_MAX, MINOR_DIGITS, from_minor, minor_digits, plain
from ledger.text import Parsed, TextContext, parse_budget, parse_correction, parse_message
from ledger.text.vocabulary import vocabulary_of

LANGUAGES = st.sampled_from(
    [
        "en",
        "de",
        "es",
        "fr",
        "it",
        "pt",
        "ru",
        "uk",
        "pl",
        "tr",
        "zh",
        "ja",
        "hi",
        "ar",
        "th",
        "ko",
        "en-US",
        "de-CH",
    ]
)
CONTEXTS = st.builds(
    TextContext,
    chat_kind=st.sampled_from(("private", "group")),
    currency=st.sampled_from(sorted(MINOR_DIGITS)),
    sent_at=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    language=LANGUAGES,
    timezone=st.sampled_from(("UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai")),
    categories=st.sampled_from(((), ("Food", "Eating out"))),
    addressed=st.booleans(),
)
PIECES = st.sampled_from(
    [
        "0",
        "1",
        "2",
        "12",
        "4.50",
        "1,234.50",
        "1.234",
        "05.04",
        "12/3",
        "12.03.",
        "7:30",
        "50%",
        "3x4",
        "(1+2)*3",
        "1.2m",
        "5k",
        "2万",
        "$",
        "€",
        "kr",
        "usd",
        "yesterday",
        "gestern",
        "вчера",
        "昨天",
        "march",
        "мая",
        "coffee",
        "кофе",
        "午饭",
        "and",
        "и",
        "at",
        "по",
        "for",
        "room",
        "#",
        "@",
        "+",
        "-",
        ",",
        ";",
        ":",
        "?",
        "[Food]",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(PIECES, max_size=10).map(" ".join),
    st.lists(PIECES, max_size=10).map("".join),
)


def check(parsed: Parsed, context: TextContext) -> None:
    offered = [e for option in (parsed.ask.options if parsed.ask else ()) for e in option.entries]
    for entry in (*parsed.entries, *offered):
        assert Decimal(0) < entry.amount <= AMOUNT_MAX
        assert -int(entry.amount.as_tuple().exponent) == minor_digits(entry.currency)
        assert entry.on <= context.today + timedelta(days=1)
        assert entry.note == " ".join(entry.note.split())
    assert (parsed.outcome == "entries") == bool(parsed.entries)
    assert (parsed.outcome == "ignored") <= (not context.spoken_to)


@settings(deadline=None, max_examples=400)
@given(TEXTS, CONTEXTS)
def test_every_text_has_a_bookable_meaning_or_a_reason(text: str, context: TextContext) -> None:
    parsed = parse_message(text, context)
    check(parsed, context)
    assert parsed.entries or parsed.ask or parsed.why
    assert parse_message(text, context) == parsed
    parse_correction(text, context)
    parse_budget(text, context)


@settings(deadline=None, max_examples=200)
@given(
    st.integers(1, 99_999_999_999_999),
    st.sampled_from(("EUR", "JPY", "KWD")),
    st.sampled_from(("en", "ru", "zh", "ar")),
)
def test_an_amount_with_its_code_is_read_back_exactly(
    minor: int, currency: str, language: str
) -> None:
    context = TextContext("private", "USD", datetime(2026, 3, 12, tzinfo=UTC), language)
    money = from_minor(minor, currency)
    if money > AMOUNT_MAX:
        return
    (entry,) = parse_message(f"abc {plain(money, currency)} {currency}", context).entries
    assert (entry.amount, entry.currency, entry.note) == (money, currency, "abc")


@settings(deadline=None, max_examples=200)
@given(st.lists(st.integers(1, 999_999), min_size=1, max_size=8), st.sampled_from("+-*"))
def test_sums_are_exact(minors: list[int], operator: str) -> None:
    context = TextContext("private", "EUR", datetime(2026, 3, 12, tzinfo=UTC))
    values = [from_minor(minor, "EUR") for minor in minors]
    expected = Fraction(values[0])
    for value in map(Fraction, values[1:]):
        if operator == "+":
            expected += value
        else:
            expected = expected - value if operator == "-" else expected * value
    text = f" {operator} ".join(f"{value:f}" for value in values)
    parsed = parse_message(f"abc {text} eur", context)
    if not 0 < round(expected, 2) <= AMOUNT_MAX:
        assert not parsed.entries
    else:
        assert Fraction(parsed.entries[0].amount) == round(expected, 2)


def test_words_of_every_pack_in_any_order_break_nothing() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    words = [word for word in vocabulary_of("en").tables.words if word]
    for _ in range(1500):
        chosen = [rng.choice(words) for _ in range(rng.randrange(1, 8))]
        chosen.insert(rng.randrange(len(chosen) + 1), str(rng.randrange(3000)))
        context = TextContext(
            rng.choice(("private", "group")),
            "EUR",
            datetime(2026, 3, 12, tzinfo=UTC),
            rng.choice(("en", "ru", "zh", "tr")),
        )
        check(parse_message(rng.choice(("", " ")).join(chosen), context), context)
