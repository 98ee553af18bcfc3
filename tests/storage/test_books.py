"""History, budgets, corrections, questions, receipts and schedules over both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

import pytest

from ledger.budgets.budget import Budget
from ledger.chats import Chat
from ledger.entries.changes import Change
from ledger.errors import NotFoundError
from ledger.questions import Question
from ledger.stored_receipts import Receipt, ReceiptPicture
from ports.categorising import Correction
from ports.repositories import Repositories
from storage import Database
from tests.storage.samples import ANN, BOB, CHAT, NOW, entry, money, open_chat, operation

T = TypeVar("T")
START = date(2026, 11, 1)


async def run(database: Database, work: Callable[[Repositories], T]) -> T:
    async with database.units.open(now=NOW) as unit:
        return await unit.run(work)


@pytest.fixture
async def chat(database: Database) -> Chat:
    return await run(database, open_chat)


# --- acts and changes -----------------------------------------------------------------------------


def change(subject_id: str = "e1") -> Change:
    return Change("entry", subject_id, {"note": "a", "amount_minor": 450}, {"note": "ü 🍜"})


async def test_an_act_keeps_its_changes_in_order(database: Database, chat: Chat) -> None:
    changes = [change("e2"), Change("budget", "b1", None, {"limit": 1}), change("e1")]
    done = operation(chat, "a1")
    await run(database, lambda b: b.operations.record(done, changes))
    found = await database.units.read(
        lambda b: (
            b.operations.changes("a1"),
            b.operations.last(chat.ledger.id, ANN, undone=False),
            b.operations.of_subject(chat.ledger.id, "entry", "e1"),
            b.operations.of_subject(chat.ledger.id + 1, "entry", "e1"),
        )
    )
    assert found == (changes, done, [change("e1")], [])


async def test_an_act_without_changes_is_not_kept(database: Database, chat: Chat) -> None:
    await run(database, lambda b: b.operations.record(operation(chat, "a1"), []))
    found = await database.units.read(
        lambda b: b.operations.last(chat.ledger.id, ANN, undone=False)
    )
    assert found is None


async def test_undo_and_redo_walk_one_users_acts_back_and_forth(
    database: Database, chat: Chat
) -> None:
    ledger = chat.ledger.id
    names = iter(range(100))

    def do(repositories: Repositories, name: str, user: int = ANN) -> None:
        repositories.operations.record(operation(chat, name, user_id=user), [change()])

    def back(repositories: Repositories, name: str) -> None:
        undoing = operation(chat, f"x{next(names)}", "undo", undoes=name)
        repositories.operations.record(undoing, [change()])
        repositories.operations.mark(name, undone=True)

    def again(repositories: Repositories, name: str) -> None:
        redoing = operation(chat, f"x{next(names)}", "redo", undoes=name)
        repositories.operations.record(redoing, [change()])
        repositories.operations.mark(name, undone=False)

    async def stands() -> tuple[str | None, str | None]:
        """Ids of what undo would take back and of what redo would make again."""
        found = await database.units.read(
            lambda b: (
                b.operations.last(ledger, ANN, undone=False),
                b.operations.last(ledger, ANN, undone=True),
            )
        )
        return tuple(each.id if each else None for each in found)  # type: ignore[return-value]

    assert await stands() == (None, None)
    for name in ("a1", "a2", "a3"):
        await run(database, lambda b, n=name: do(b, n))  # type: ignore[misc]
    await run(database, lambda b: do(b, "bob", BOB))
    steps = [
        (back, "a3", ("a2", "a3")),
        (back, "a2", ("a1", "a2")),  # the one undone last is made again first
        (again, "a2", ("a2", "a3")),
        (again, "a3", ("a3", None)),
        (back, "a3", ("a2", "a3")),
        (do, "a4", ("a4", None)),  # something new was done: no way forward
        (back, "a4", ("a2", "a4")),
        (back, "a2", ("a1", "a2")),
        (back, "a1", (None, "a1")),
        (again, "a1", ("a1", "a2")),
    ]
    for step, name, expected in steps:
        await run(database, lambda b, s=step, n=name: s(b, n))  # type: ignore[misc]
        assert await stands() == expected
    found = await database.units.read(lambda b: b.operations.last(ledger, BOB, undone=False))
    assert found is not None
    assert found.id == "bob"


# --- budgets and alerts ---------------------------------------------------------------------------


async def test_budgets_are_put_replaced_removed_and_revived(database: Database, chat: Chat) -> None:
    ledger = chat.ledger.id
    food = Budget("b1", ledger, "food", money("400"), "month")
    total = Budget("b2", ledger, "", money("1500"), "month")
    weekly = replace(food, limit=money("100.01"), per="week")

    async def live() -> list[Budget]:
        return await database.units.read(lambda b: b.budgets.list_all(ledger))

    for each in (food, total, weekly):
        await run(database, lambda b, e=each: b.budgets.put(e, NOW))  # type: ignore[misc]
    assert await live() == [total, weekly]
    await run(database, lambda b: b.budgets.remove(ledger, "b1", NOW))
    assert await live() == [total]
    assert await database.units.read(lambda b: b.budgets.find(ledger, "b1")) == weekly
    assert await database.units.read(lambda b: b.budgets.find(ledger + 1, "b1")) is None
    await run(database, lambda b: b.budgets.put(food, NOW))
    assert await live() == [total, food]
    foreign = replace(food, ledger_id=ledger + 1, limit=money("1"))
    with suppress(Exception):
        await run(database, lambda b: b.budgets.put(foreign, NOW))
    assert await live() == [total, food], "an id of another ledger changes nothing"


async def test_an_alert_is_claimed_once_per_generation(database: Database, chat: Chat) -> None:
    await run(
        database,
        lambda b: b.budgets.put(Budget("b1", chat.ledger.id, "", money("400"), "month"), NOW),
    )

    async def claim(percent: int, start: date = START) -> bool:
        return await run(database, lambda b: b.budgets.alert("b1", start, f"{percent}%", NOW))

    async def alerted() -> set[str]:
        return await database.units.read(lambda b: b.budgets.alerted("b1", START))

    assert [await claim(80), await claim(80), await claim(100)] == [True, False, True]
    assert await alerted() == {"80%", "100%"}
    assert await claim(80, date(2026, 12, 1)), "another period"
    for _ in range(2):
        await run(database, lambda b: b.budgets.reset("b1", START, ["100%"]))
    assert await alerted() == {"80%"}
    assert [await claim(100), await claim(100), await claim(80)] == [True, False, False]
    await run(database, lambda b: b.budgets.reset("b1", START, ["80%", "100%"]))
    assert await alerted() == set()
    assert [await claim(80), await claim(80)] == [True, False]


async def test_fifty_who_cross_a_line_together_alert_once(database: Database, chat: Chat) -> None:
    budget = Budget("b1", chat.ledger.id, "", money("400"), "month")
    await run(database, lambda b: b.budgets.put(budget, NOW))

    async def claim() -> bool:
        return await run(database, lambda b: b.budgets.alert("b1", START, "80%", NOW))

    for _ in range(3):
        assert sum(await asyncio.gather(*(claim() for _ in range(50)))) == 1
        await run(database, lambda b: b.budgets.reset("b1", START, ["80%"]))


# --- corrections ----------------------------------------------------------------------------------


async def test_what_was_taught_is_found_replaced_and_unlearned(
    database: Database, chat: Chat
) -> None:
    ledger = chat.ledger.id
    coffee = Correction("note", "кофе", "eating_out")
    lidl = Correction("merchant", "lidl", "groceries")
    same_word = Correction("merchant", "кофе", "shopping")

    async def put(each: Correction, days: int) -> Correction | None:
        at = NOW + timedelta(days)
        return await run(database, lambda b: b.corrections.put(ledger, each, at))

    assert [await put(coffee, 1), await put(lidl, 0), await put(same_word, 2)] == [None] * 3
    pairs = [("note", "кофе"), ("merchant", "nobody")]
    found = await database.units.read(
        lambda b: (
            b.corrections.find(ledger, pairs),
            b.corrections.find(ledger, [("merchant", "кофе")]),
            b.corrections.find(ledger, [*pairs, ("merchant", "lidl")]),
            b.corrections.find(ledger, []),
            b.corrections.find(ledger + 1, pairs),
            b.corrections.list_all(ledger),
        )
    )
    assert found[:2] == ([coffee], [same_word])
    assert sorted(found[2], key=repr) == sorted([coffee, lidl], key=repr)
    assert found[3:] == ([], [], [lidl, coffee, same_word])
    other = replace(coffee, category="groceries")
    assert await put(other, 3) == coffee
    assert await put(other, 4) == other
    await run(database, lambda b: b.corrections.remove(ledger, "note", "кофе"))
    listed = await database.units.read(lambda b: b.corrections.list_all(ledger))
    assert listed == [lidl, same_word]


# --- questions ------------------------------------------------------------------------------------


async def test_a_question_is_settled_by_whoever_is_first(database: Database, chat: Chat) -> None:
    ledger = chat.ledger.id
    values = {"options": [1, None, {"a": "b"}], "words": "5m"}
    question = Question("q1", chat.ledger.id, ANN, "million", values, NOW)
    await run(database, lambda b: b.conversations.ask(question))
    assert await database.units.read(lambda b: b.conversations.question(ledger, "q1")) == question
    assert await database.units.read(lambda b: b.conversations.question(ledger, "q2")) is None

    async def settle() -> bool:
        return await run(database, lambda b: b.conversations.settle("q1"))

    assert sum(await asyncio.gather(*(settle() for _ in range(20)))) == 1
    found = await database.units.read(lambda b: b.conversations.question(ledger, "q1"))
    assert found == replace(question, settled=True)
    assert not await run(database, lambda b: b.conversations.settle("unknown"))


# --- receipts -------------------------------------------------------------------------------------


def receipt(chat: Chat, number: int, **fields: object) -> Receipt:
    made = Receipt(
        id=f"r{number}",
        ledger_id=chat.ledger.id,
        source=f"tg:{CHAT}:{number}",
        user_id=ANN,
        file_ref="AgAC",
        file_name="bon.jpg",
        caption="dinner",
        state="stored",
        received_at=NOW,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


async def test_a_receipt_is_kept_once_and_written_back(database: Database, chat: Chat) -> None:
    ledger = chat.ledger.id
    first = receipt(chat, 7)
    assert await run(database, lambda b: b.receipts.add(first))
    assert not await run(database, lambda b: b.receipts.add(replace(first, id="other")))
    read = replace(
        first,
        state="read",
        blob_key="b",
        clean_key="c",
        sha256="d",
        text="SUMME 21,44\0",
        reading={"total": "21.44", "items": [{"name": "Milch", "price": "1.09"}], "sure": True},
    )
    await run(database, lambda b: b.receipts.save(read))
    stored = replace(read, text="SUMME 21,44")
    assert await run(database, lambda b: b.receipts.get(ledger, "r7")) == stored
    assert await database.units.read(lambda b: b.receipts.find(ledger, "r7")) == stored
    assert await database.units.read(lambda b: b.receipts.find(ledger, "r8")) is None
    with pytest.raises(NotFoundError):
        await run(database, lambda b: b.receipts.get(ledger, "r8"))


async def test_the_same_picture_is_known_while_its_entry_lives(
    database: Database, chat: Chat
) -> None:
    first, second = receipt(chat, 1, sha256="5a"), receipt(chat, 2, sha256="5a")
    booked = entry(chat.ledger.id, receipt_id="r1")

    def booked_pictures(repositories: Repositories) -> list[ReceiptPicture]:
        return repositories.receipts.pictures(chat.ledger.id, 10)

    def keep(repositories: Repositories) -> None:
        for each in (first, second):
            repositories.receipts.add(each)

    await run(database, keep)
    assert await database.units.read(booked_pictures) == [], "nothing was booked from it"
    await run(database, lambda b: b.entries.add([booked]))
    assert await database.units.read(booked_pictures) == [ReceiptPicture("r1", "5a", None)]
    await run(database, lambda b: b.entries.save(replace(booked, deleted_at=NOW)))
    assert await database.units.read(booked_pictures) == []


# --- schedules ------------------------------------------------------------------------------------


async def test_what_is_due_comes_longest_waiting_first(database: Database, chat: Chat) -> None:
    ledger, hour = chat.ledger.id, timedelta(hours=1)

    def plan(repositories: Repositories) -> None:
        repositories.schedules.plan(ledger, "weekly", NOW)
        repositories.schedules.plan(ledger, "monthly", NOW - hour)
        repositories.schedules.plan(ledger, "nudge", NOW + hour)
        repositories.schedules.plan(ledger, "card", NOW)
        repositories.schedules.plan(ledger, "bill", NOW - 2 * hour, subject_id="rent")
        repositories.schedules.plan(ledger, "bill", NOW + hour, subject_id="power")

    def due(repositories: Repositories, limit: int = 10) -> list[tuple[str, str, datetime]]:
        rows = repositories.schedules.due(NOW, limit)
        assert all(row.ledger_id == ledger for row in rows)
        return [(row.kind, row.subject_id, row.due_at) for row in rows]

    await run(database, plan)
    expected = [("bill", "rent", NOW - 2 * hour), ("card", "", NOW)]
    assert await database.units.read(due) == expected
    pushes = await run(database, lambda b: b.schedules.due_pushes(NOW, 10))
    assert [(due.kind, due.due_at, due.ledger_ids) for due in pushes] == [
        ("monthly", NOW - hour, (ledger,)),
        ("weekly", NOW, (ledger,)),
    ]
    assert await database.units.read(lambda b: due(b, 1)) == expected[:1]
    await run(database, lambda b: b.schedules.plan(ledger, "bill", None, subject_id="rent"))
    await run(database, lambda b: b.schedules.plan(ledger, "monthly", NOW + hour))
    await run(database, lambda b: b.schedules.plan(ledger, "weekly", None))
    assert await database.units.read(due) == expected[1:]
    assert await run(database, lambda b: b.schedules.due_pushes(NOW, 10)) == []


async def test_a_period_is_claimed_once(database: Database, chat: Chat) -> None:
    """Row S04: many processes at the same moment."""
    ledger = chat.ledger.id

    async def claim(period: str, at: timedelta = timedelta()) -> bool:
        return await run(database, lambda b: b.pushes.claim(ledger, "weekly", period, NOW + at))

    assert await database.units.read(lambda b: b.pushes.last_period(ledger, "weekly")) is None
    assert sum(await asyncio.gather(*(claim("2026-W47") for _ in range(30)))) == 1
    assert await claim("2026-W48", timedelta(days=7))
    last = await database.units.read(lambda b: b.pushes.last_period(ledger, "weekly"))
    assert last == "2026-W48"
