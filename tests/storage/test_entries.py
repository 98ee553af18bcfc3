"""Entries over both databases: origins, sums, search, pages, streams."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ledger.entries.entry import Converted, Entry
from ledger.entries.queries import AmountRange, Coverage, Cursor, EntryFilter, Total
from ledger.errors import NotFoundError
from ledger.money import MINOR_DIGITS, Money, from_minor
from ledger.periods.period import Period, month_of
from ports.repositories import Repositories
from storage import Database
from storage.database.repositories.entries import walks as module
from tests.storage.samples import CHAT, NOW, TODAY, entry, money, open_chat, same

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1), "month")


async def store(database: Database, *makers: Mapping[str, Any]) -> list[Entry]:
    """Open a chat and book entries in it."""

    def work(repositories: Repositories) -> list[Entry]:
        chat = open_chat(repositories)
        return repositories.entries.add([entry(chat.ledger.id, **maker) for maker in makers])

    async with database.units.open(now=NOW) as unit:
        return await unit.run(work)


async def test_an_entry_comes_back_as_it_was_stored(database: Database) -> None:
    full = {
        "money": money("980", "JPY"),
        "note": "ラーメン 🍜 o'clock",
        "merchant": 'Ichi"ran; DROP TABLE entries',
        "tags": ("tokyo", "日本"),
        "base": Converted(money("5.42"), Decimal("0.005530612"), TODAY),
        "type": "income",
        "source": "import",
        "deleted_at": NOW,
        "source_key": f"tg:{-1002345678901234}:{2**31 + 7}:{3}",
    }
    [stored] = await store(database, full)
    found = await database.units.read(lambda b: b.entries.find(stored.ledger_id, stored.id))
    assert found == stored
    missing = await database.units.read(lambda b: b.entries.find(stored.ledger_id + 1, stored.id))
    assert missing is None, "an id of another ledger finds nothing"


async def test_text_that_no_database_takes_is_stored_without_what_it_cannot_hold(
    database: Database,
) -> None:
    [stored] = await store(
        database, {"note": "a\0b\ud83dc", "tags": ("x\ud83d",), "merchant": "\udfff"}
    )
    found = await database.units.read(lambda b: b.entries.find(stored.ledger_id, stored.id))
    assert found is not None
    assert (found.note, found.tags, found.merchant) == ("ab?c", ("x?",), "?")


async def test_a_repeated_origin_books_nothing_and_returns_what_stands(database: Database) -> None:
    [first] = await store(database, {"source_key": f"tg:{CHAT}:{7}:{0}"})
    [again] = await store(database, {"source_key": f"tg:{CHAT}:{7}:{0}", "amount": "9.99"})
    assert again == first
    [other] = await store(database, {"source_key": f"tg:{CHAT}:{7}:{1}", "amount": "9.99"})
    assert other.id != first.id


async def test_a_deleted_origin_is_revived_under_its_old_id(database: Database) -> None:
    [first] = await store(database, {"source_key": f"tg:{CHAT}:{7}:{0}"})
    async with database.units.open(now=NOW) as unit:
        await unit.run(lambda b: b.entries.save(replace(first, deleted_at=NOW)))
    later = NOW + timedelta(hours=1)
    [revived] = await store(
        database,
        {
            "source_key": f"tg:{CHAT}:{7}:{0}",
            "amount": "9.99",
            "created_at": later,
            "updated_at": later,
        },
    )
    assert (revived.id, revived.created_at) == (first.id, first.created_at)
    assert (revived.money, revived.deleted_at) == (money("9.99"), None)
    found = await database.units.read(lambda b: b.entries.find(first.ledger_id, first.id))
    assert found == revived


async def test_saving_writes_everything_that_can_change(database: Database) -> None:
    [first] = await store(database, {})
    changed = replace(
        first,
        type="income",
        money=money("1.250", "KWD"),
        spent_on=date(2024, 2, 29),
        note="",
        merchant="Lidl",
        category="groceries",
        tags=("a",),
        paid_by=77,
        base=Converted(money("3.80"), Decimal("3.04"), date(2024, 2, 28)),
        updated_at=NOW + timedelta(days=1),
        deleted_at=NOW,
    )
    async with database.units.open(now=NOW) as unit:
        await unit.run(lambda b: b.entries.save(changed))
        assert await unit.run(lambda b: b.entries.get(first.ledger_id, first.id)) == changed
    with pytest.raises(NotFoundError):
        async with database.units.open(now=NOW) as unit:
            await unit.run(lambda b: b.entries.save(replace(changed, ledger_id=999)))


async def test_a_change_is_never_older_than_its_entry(database: Database) -> None:
    [stored] = await store(database, {"note": "coffee"})
    # The clock was set back by an hour since the entry was made.
    changed = replace(stored, note="tea", updated_at=stored.created_at - timedelta(hours=1))
    async with database.units.open(now=NOW) as unit:
        await unit.run(lambda b: b.entries.save(changed))
    found = await database.units.read(lambda b: b.entries.find(stored.ledger_id, stored.id))
    assert found is not None
    assert found.updated_at > found.created_at, "equal times would say that nobody changed it"


async def test_totals_leave_out_deleted_ones_and_show_unconverted_ones_apart(
    database: Database,
) -> None:
    stored = await store(
        database,
        {"amount": "4.50"},
        {"amount": "0.10", "spent_on": date(2026, 11, 1)},
        {"amount": "12.00", "category": "groceries"},
        {"amount": "99.00", "deleted_at": NOW},
        {"amount": "99.00", "spent_on": date(2026, 10, 31)},
        {"amount": "99.00", "spent_on": date(2026, 12, 1)},  # the end is not part of a period
        {"amount": "1200.00", "type": "income", "category": "salary"},
        {"money": money("980", "JPY")},
        {"money": money("20", "JPY")},
        {"money": money("3.00", "USD"), "base": Converted(money("2.70"), Decimal("0.9"), TODAY)},
    )
    ledger_id = stored[0].ledger_id
    found = await database.units.read(lambda b: b.entries.totals(ledger_id, NOVEMBER))
    assert sorted(found, key=repr) == sorted(
        [
            Total("eating_out", "expense", 450 + 10 + 270, 3),
            Total("groceries", "expense", 1200, 1),
            Total("salary", "income", 120000, 1),
            Total("eating_out", "expense", 1000, 2, "JPY"),
        ],
        key=repr,
    )
    days = await database.units.read(lambda b: b.entries.days(ledger_id, NOVEMBER))
    assert days == [(date(2026, 11, 1), 10), (TODAY, 450 + 1200 + 270)]
    for period in (NOVEMBER, Period(date(2026, 1, 1), date(2027, 1, 1), "year")):
        alone = await database.units.read(
            lambda b, p=period: (b.entries.totals(ledger_id, p), b.entries.days(ledger_id, p))  # type: ignore[misc]
        )
        both = await database.units.read(
            lambda b, p=period: b.entries.sums(ledger_id, p)  # type: ignore[misc]
        )
        assert sorted(both[0], key=repr) == sorted(alone[0], key=repr)
        assert both[1] == alone[1]
    spent = await database.units.read(
        lambda b: (
            b.budgets.spent(ledger_id, Coverage(), NOVEMBER),
            b.budgets.spent(ledger_id, Coverage(("groceries", "housing")), NOVEMBER),
            b.budgets.spent(ledger_id, Coverage(("housing",)), NOVEMBER),
            b.budgets.spent_by_category(ledger_id, NOVEMBER),
        )
    )
    by_category = {"eating_out": (450 + 10 + 270, True), "groceries": (1200, False)}
    assert spent == ((450 + 10 + 1200 + 270, True), (1200, False), (0, False), by_category)


async def test_sums_are_exact_over_many_amounts_and_currencies(database: Database) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    currencies = ["EUR", "JPY", "KWD", "USD", "CLP", "BHD", "INR"]
    amounts = []
    for _ in range(400):
        currency = chance.choice(currencies)
        amounts.append(Money(from_minor(chance.randrange(1, 10**14), currency), currency))
    stored = await store(database, *[{"money": each} for each in amounts])
    found = await database.units.read(lambda b: b.entries.totals(stored[0].ledger_id, NOVEMBER))
    for currency in currencies:
        expected = sum(each.amount for each in amounts if each.currency == currency)
        [total] = [each for each in found if (each.currency or "EUR") == currency]
        digits = MINOR_DIGITS[currency]
        assert Decimal(total.minor).scaleb(-digits) == expected
        assert total.count == sum(each.currency == currency for each in amounts)


SEARCHES = [
    ("COFFEE", {"coffee"}),  # any case
    ("äRZTE", {"Ärzte"}),  # any case beyond ASCII, where SQLite's own LIKE fails
    ("straße", {"STRASSE"}),  # folded, not lowered
    ("кофе", {"Кофе с молоком"}),
    ("молоком КОФЕ", {"Кофе с молоком"}),  # every word, in any order
    ("ｌidl", {"lidl"}),  # full-width letters
    ("50%", {"50% off"}),  # a plain character, not a wildcard
    ("%", {"50% off"}),
    ("_", {"snake_case"}),
    ("\\", {"back\\slash"}),
    ("o'clock", {"o'clock"}),
    ("nothing", set()),
    ("cafe creme", {"café crème"}),
    ("CAFÉ", {"café crème"}),
    ("o\u2019clock", {"o'clock"}),  # a curly apostrophe
    ("елка", {"Ёлка"}),
    ("istanbul", {"İstanbul"}),
    ("ıstanbul", {"İstanbul"}),
    ("司", {"寿司ランチ"}),  # one letter of a script without spaces
    ("ff", {"coffee", "50% off"}),
]


@pytest.mark.parametrize(("words", "expected"), SEARCHES)
async def test_words_are_found_as_plain_text_in_any_case(
    database: Database, words: str, expected: set[str]
) -> None:
    notes = ["coffee", "Ärzte", "STRASSE", "Кофе с молоком", "lidl", "50% off", "snake_case"]
    notes += ["back\\slash", "o'clock", "café crème", "Ёлка", "İstanbul", "寿司ランチ"]
    stored = await store(database, *[{"note": note} for note in notes])
    ledger_id = stored[0].ledger_id
    which = EntryFilter(words=words)
    found = await database.units.read(lambda b: b.entries.page(ledger_id, which, limit=50))
    assert {each.note for each in found} == expected
    assert await database.units.read(lambda b: b.entries.count(ledger_id, which)) == len(expected)


async def test_merchant_and_tags_are_searched_too(database: Database) -> None:
    stored = await store(database, {"merchant": "Café Nero"}, {"tags": ("Urlaub", "x")}, {})
    for words, index in (("café", 0), ("URLAUB", 1)):
        found = await database.units.read(
            lambda b, w=words: b.entries.page(  # type: ignore[misc]
                stored[0].ledger_id, EntryFilter(words=w), limit=5
            )
        )
        assert found == [stored[index]]


async def test_a_tag_finds_its_entries_and_words_find_it_too(database: Database) -> None:
    tagged, longer, noted = await store(
        database, {"tags": ("Büro", "x")}, {"tags": ("büromöbel",)}, {"note": "buro"}
    )
    for which, wanted in (
        (EntryFilter(tags=("buro",)), [tagged]),
        (EntryFilter(tags=("BÜRO", "x")), [tagged]),
        (EntryFilter(words="buro"), [noted, longer, tagged]),
        (EntryFilter(words="#buro"), [longer, tagged]),
    ):
        found = await database.units.read(
            lambda b, w=which: b.entries.page(tagged.ledger_id, w, limit=5)  # type: ignore[misc]
        )
        assert found == wanted


async def test_a_note_too_long_for_the_index_is_booked_and_found(database: Database) -> None:
    # Letters of four bytes that no database can compress.
    note = "".join(chr(0x20000 + number * 37) for number in range(1200))
    [stored] = await store(database, {"note": note, "merchant": "Lidl", "tags": ("long",)})
    for words in (note[:5], "lidl", "#long"):
        found = await database.units.read(
            lambda b, w=words: b.entries.page(  # type: ignore[misc]
                stored.ledger_id, EntryFilter(words=w), limit=5
            )
        )
        assert found == [stored]


def payloads() -> list[str]:
    """Two hundred ways out of a string, a pattern, a format or a statement."""
    stems = [
        "' OR '1'='1", '" OR ""="', "'; DROP TABLE entries; --", "') UNION SELECT * FROM ledgers --",
        "%' ESCAPE '", "_%_%_", "\\%\\_", "\\", "\\\\'", "{0}", "%s", "%(x)s", ":ledger", "?", "$1",
        "${jndi}", "{{7*7}}", "*", "[a-z]*", "/*", "*/", "--", "#", ";", "\x00", "\n", "\t'", "’",
        "＇ OR 1=1", "%25", "%%", "a%", "char(39)", "x' AND 1=(SELECT count(*) FROM acts)--",
        "1; ATTACH DATABASE '/tmp/x' AS y", "pg_sleep(5)", "'||pg_sleep(5)--", "COPY x TO PROGRAM",
        "\u202e' OR 1", "🍕' OR 1",
    ]  # fmt: skip
    return [f"{prefix}{stem}" for stem in stems for prefix in ("", "coffee", "' ", "\\", "%")]


async def test_no_search_or_text_breaks_out_of_its_statement(database: Database) -> None:
    [mine] = await store(database, {"note": "coffee"})

    def foreign(repositories: Repositories) -> None:
        chat = open_chat(repositories, CHAT + 1)
        repositories.entries.add(
            [entry(chat.ledger.id, note="secret", source_key=f"tg:{CHAT + 1}:{1}:{0}")]
        )

    async with database.units.open(now=NOW) as unit:
        await unit.run(foreign)
    assert len(payloads()) == 200
    for payload in payloads():
        which = EntryFilter(words=payload)
        merchant = EntryFilter(merchant=payload)
        found = await database.units.read(
            lambda b, w=which, m=merchant: (  # type: ignore[misc]
                b.entries.page(mine.ledger_id, w, limit=50)
                + b.entries.page(mine.ledger_id, m, limit=50)
            )
        )
        assert all(each.ledger_id == mine.ledger_id for each in found)
    stored = await store(
        database, *[{"note": each, "merchant": each, "tags": (each,)} for each in payloads()]
    )
    for each, payload in zip(stored, payloads(), strict=True):
        found_again = await database.units.read(
            lambda b, e=each: b.entries.find(e.ledger_id, e.id)  # type: ignore[misc]
        )
        assert found_again is not None
        assert found_again.note == payload.replace("\0", "")
    total = await database.units.read(lambda b: b.entries.count(mine.ledger_id, EntryFilter()))
    assert total == 201


FILTERS = [
    (EntryFilter(), 7),
    (EntryFilter(type="income"), 1),
    (EntryFilter(categories=("groceries", "salary")), 2),
    (EntryFilter(merchant="Lidl"), 1),
    (EntryFilter(paid_by=2), 1),
    (EntryFilter(period=Period(TODAY, TODAY + timedelta(1))), 6),
    (EntryFilter(type="expense", words="coffee", paid_by=1), 4),  # all conditions together
    (EntryFilter(amounts=AmountRange(451, None, "EUR")), 1),  # 20 dollars are 18 euros here
    (EntryFilter(amounts=AmountRange(2000, 2000, "USD")), 1),
    (EntryFilter(amounts=AmountRange(None, 450, "EUR")), 6),
]


@pytest.mark.parametrize(("which", "count"), FILTERS)
async def test_filters_hold_together(database: Database, which: EntryFilter, count: int) -> None:
    stored = await store(
        database,
        {},
        {"category": "groceries", "merchant": "Lidl"},
        {"type": "income", "category": "salary", "note": "wage"},
        {"paid_by": 2},
        {"spent_on": TODAY - timedelta(1)},
        {"note": "tea"},
        {"money": money("20", "USD"), "base": same(money("18"))},
        {"deleted_at": NOW},
    )
    ledger_id = stored[0].ledger_id
    assert await database.units.read(lambda b: b.entries.count(ledger_id, which)) == count
    period = Period(TODAY - timedelta(9), TODAY + timedelta(1))
    totals = await database.units.read(lambda b: b.entries.totals(ledger_id, period, which))
    # A filter with a period of its own is asked over that of the sums.
    assert sum(total.count for total in totals) == (7 if which.period else count)
    found = await database.units.read(lambda b: b.entries.page(ledger_id, which, limit=50))
    assert len(found) == count


async def test_pages_go_on_after_the_last_entry_without_gap_or_repeat(database: Database) -> None:
    days = [TODAY - timedelta(number // 5) for number in range(23)]
    stored = await store(database, *[{"spent_on": day} for day in days])
    expected = sorted(stored, key=lambda each: (each.spent_on, each.id), reverse=True)
    seen: list[Entry] = []
    cursor = None
    for _ in range(10):
        page = await database.units.read(
            lambda b, after=cursor: b.entries.page(  # type: ignore[misc]
                stored[0].ledger_id, EntryFilter(), limit=4, after=after
            )
        )
        if not page:
            break
        seen += page
        cursor = Cursor(page[-1].spent_on, page[-1].id)
    assert seen == expected


async def test_a_stream_yields_everything_live_oldest_first(database: Database) -> None:
    count = module.STREAM_ROWS + 3
    stored = await store(
        database, *[{"spent_on": TODAY - timedelta(number % 3)} for number in range(count)]
    )
    await store(database, {"deleted_at": NOW})
    ledger_id = stored[0].ledger_id
    found = await database.units.read(lambda b: list(b.entries.stream(ledger_id, EntryFilter())))
    assert found == sorted(stored, key=lambda each: (each.spent_on, each.id))
    one_day = Period(TODAY, TODAY + timedelta(1))
    found = await database.units.read(
        lambda b: list(b.entries.stream(ledger_id, EntryFilter(period=one_day)))
    )
    assert {each.spent_on for each in found} == {TODAY}


async def test_recent_entries_are_the_newest_live_ones(database: Database) -> None:
    stored = await store(
        database,
        {"spent_on": TODAY - timedelta(2)},
        {},
        {"deleted_at": NOW},
        {"base": same(money("1"))},
    )
    found = await database.units.read(lambda b: b.entries.recent(stored[0].ledger_id, 2))
    assert found == [stored[3], stored[1]]


async def test_a_former_currency_s_base_amounts_count_for_nothing(database: Database) -> None:
    """A change of the ledger's currency has to restate these."""
    in_dollars = Converted(money("4.00", "USD"), Decimal("0.9"), TODAY)
    stored = await store(
        database,
        {},  # stated in euros
        {"deleted_at": NOW},
        {"money": money("980", "JPY"), "base": None},
        {"base": in_dollars},
    )
    ledger_id = stored[0].ledger_id
    waiting = sorted(stored[:3], key=lambda each: each.source_key)

    def found(repositories: Repositories, after: str = "") -> list[str]:
        return [each.id for each in repositories.entries.without_base(ledger_id, after, 2)[0]]

    def change_currency(repositories: Repositories) -> None:
        chat = repositories.chats.of_ledger(ledger_id)
        repositories.chats.save_settings(ledger_id, replace(chat.settings, currency="USD"))

    async with database.units.open(now=NOW) as unit:
        await unit.run(change_currency)
        assert await unit.run(found) == [each.id for each in waiting[:2]]
        rest = await unit.run(lambda b: found(b, waiting[1].source_key))
        assert rest == [waiting[2].id]
        live = await unit.run(lambda b: b.entries.recent(ledger_id, 9))
        assert {one.id: one.base for one in live} == {
            stored[0].id: None,
            stored[2].id: None,
            stored[3].id: in_dollars,
        }
        totals = await unit.run(lambda b: b.entries.totals(ledger_id, month_of(TODAY, 1)))
        assert {(total.currency, total.minor) for total in totals} == {
            (None, 400),
            ("EUR", 450),
            ("JPY", 980),
        }


async def test_entries_without_base_are_looked_for_in_bounded_steps(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.repositories.entries.walks.WALK_ROWS", 2)
    stored = await store(database, *({} for _ in range(5)), {"money": money("9", "JPY")})
    ledger_id = stored[0].ledger_id

    async def steps() -> list[tuple[int, bool]]:
        found, after, is_last = list[tuple[int, bool]](), "", False
        while not is_last:
            async with database.units.open(now=NOW) as unit:
                batch, last = await unit.run(
                    lambda b, after=after: b.entries.without_base(ledger_id, after, 10)  # type: ignore[misc]
                )
            is_last, after = last is None, last or ""
            found.append((len(batch), is_last))
        return found

    assert await steps() == [(0, False), (0, False), (1, False), (0, True)]
