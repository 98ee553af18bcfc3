"""From Telegram to the ledger's unit and back, over a real database and a real Bot API server."""

from __future__ import annotations

import asyncio
import time

import orjson

from bot.engine.inbox_messages import inbox_message_of
from bot.ops.clock import utc_now
from demo.server import DemoServer
from ports.messages import Outgoing, Reply
from ports.queue import Delivery, PermanentError
from ports.units import UnitOfWork
from storage import Database
from tests.bot.parts import drained, echo, open_parts, until


async def test_a_text_is_answered(demo: DemoServer, database: Database) -> None:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    async with open_parts(demo, database):
        sim.say(ann, chat, "hello")
        (answer,) = await sim.answers(chat)
        assert answer.text == "echo hello"
        assert answer.labels == ["open"]
    assert await database.inbox.count() == 0
    assert await database.outbox.count() == 0


async def test_a_chat_is_answered_in_order_while_chats_run_side_by_side(
    demo: DemoServer, database: Database
) -> None:
    sim = demo.simulation
    people = [sim.add_user(f"P{number}") for number in range(10)]
    for number in range(10):
        for person in people:
            sim.say(person, sim.private_chat(person), str(number))
    async with open_parts(demo, database):
        for person in people:
            answers = await sim.answers(sim.private_chat(person), count=10)
            assert [answer.text for answer in answers] == [f"echo {n}" for n in range(10)]


async def test_a_failure_rolls_back_is_tried_again_and_keeps_the_order(
    demo: DemoServer, database: Database
) -> None:
    seen: list[str] = []

    async def door(delivery: Delivery, unit: UnitOfWork) -> None:
        await echo(delivery, unit)
        text = orjson.loads(delivery.inbox_message.body)["message"]["text"]
        seen.append(text)
        if seen.count("first") == 1:
            raise KeyError(text)

    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    sim.say(ann, chat, "first")
    sim.say(ann, chat, "second")
    async with open_parts(demo, database, door):
        answers = await sim.answers(chat, count=2)
    assert [answer.text for answer in answers] == ["echo first", "echo second"]
    assert seen == ["first", "first", "second"]


async def test_a_hopeless_update_is_parked_its_person_told_and_the_chat_goes_on(
    demo: DemoServer, database: Database
) -> None:
    async def door(delivery: Delivery, unit: UnitOfWork) -> None:
        if "poison" in delivery.inbox_message.body:
            raise PermanentError
        await echo(delivery, unit)

    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    sim.say(ann, chat, "poison")
    sim.say(ann, chat, "coffee")
    async with open_parts(demo, database, door):
        sorry, answer = await sim.answers(chat, count=2)
    (letter,) = await database.dead_letters.list_all(10)
    assert letter.tries == 1
    assert sorry.text.startswith("sorry ")
    assert sorry.text.removeprefix("sorry ") in letter.error
    assert "poison" not in letter.error
    assert answer.text == "echo coffee"


async def test_the_fifth_failure_parks(demo: DemoServer, database: Database) -> None:
    async def door(delivery: Delivery, unit: UnitOfWork) -> None:
        await echo(delivery, unit)
        raise ValueError

    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    sim.say(ann, chat, "hello")
    async with open_parts(demo, database, door, backoff=lambda _: 0.01):
        (sorry,) = await sim.answers(chat)
    (letter,) = await database.dead_letters.list_all(10)
    assert letter.tries == 5
    assert sorry.text.startswith("sorry")


async def test_every_press_is_answered_once_even_when_handling_fails_first(
    demo: DemoServer, database: Database
) -> None:
    failed: list[bool] = []

    async def door(delivery: Delivery, unit: UnitOfWork) -> None:
        await echo(delivery, unit)
        if "callback_query" in delivery.inbox_message.body and not failed:
            failed.append(True)
            raise RuntimeError

    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    async with open_parts(demo, database, door):
        sim.say(ann, chat, "hello")
        (answer,) = await sim.answers(chat)
        presses = [sim.press(ann, answer, "open") for _ in range(20)]
        for press in presses:
            await sim.answer_of(press)
        await sim.quiet()
    assert len(sim.requests("answerCallbackQuery")) == 20
    assert failed


async def test_update_ids_are_no_order(demo: DemoServer, database: Database) -> None:
    """After a quiet week Telegram may go on at any number, also a lower one (D14)."""
    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    texts = []
    async with open_parts(demo, database):
        for round_, next_id in enumerate((900_000, 5_000, 700_000, 100)):
            texts.append(f"t{round_}")
            sim.jump_update_ids(next_id)
            sim.say(ann, chat, texts[-1])
            await sim.answers(chat)
            await until(lambda: not sim.pending_update_count)
    assert [m.text for m in sim.sent(chat)] == [f"echo {text}" for text in texts]


async def test_a_restart_goes_on_at_a_lower_update_id(demo: DemoServer, database: Database) -> None:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    sim.jump_update_ids(900_000)
    async with open_parts(demo, database):
        sim.say(ann, chat, "before")
        await sim.answers(chat)
    sim.jump_update_ids(50)
    sim.say(ann, chat, "after")
    async with open_parts(demo, database):
        answers = await sim.answers(chat)
    assert answers[-1].text == "echo after"


async def test_the_same_update_again_has_no_effect(demo: DemoServer, database: Database) -> None:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    async with open_parts(demo, database) as parts:
        sim.say(ann, chat, "once")
        await sim.answers(chat)
        body = {"update_id": 77, "message": {"chat": {"id": chat.id}, "text": "twice"}}
        for _ in range(5):
            await database.inbox.add([inbox_message_of(body)], now=utc_now())
        parts.worker.wake.set()
        await sim.quiet()
    assert [m.text for m in sim.sent(chat)] == ["echo once", "echo twice"]


async def test_an_unanswered_send_is_repeated_and_nothing_is_missing(
    demo: DemoServer, database: Database
) -> None:
    """The server does it and the answer is lost: at least once (D06)."""
    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    sim.faults.are_polls_spared = True
    sim.faults.lost_answer_share = 0.3
    async with open_parts(demo, database):
        for number in range(20):
            sim.say(ann, chat, str(number))
        await sim.until(
            lambda: {m.text for m in sim.sent(chat)} >= {f"echo {n}" for n in range(20)},
        )
        sim.faults.clear()
        await drained(database)
    first_seen = list(dict.fromkeys(m.text for m in sim.sent(chat)))
    assert first_seen == [f"echo {n}" for n in range(20)]


async def test_an_outage_delays_and_loses_nothing(demo: DemoServer, database: Database) -> None:
    sim = demo.simulation
    people = [sim.add_user(f"P{n}") for n in range(30)]
    async with open_parts(demo, database):
        for person in people:
            sim.say(person, sim.private_chat(person), "hello")
        sim.faults.go_down()
        await asyncio.sleep(1.5)
        sim.faults.come_back()
        for person in people:
            await sim.answers(sim.private_chat(person))
        await drained(database)


async def test_work_in_hand_ends_at_a_stop_and_the_rest_waits(
    demo: DemoServer, database: Database
) -> None:
    async def door(delivery: Delivery, unit: UnitOfWork) -> None:
        time.sleep(0.05)  # noqa: ASYNC251  # a handler may wait for nothing but its unit
        await echo(delivery, unit)

    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    for number in range(30):
        sim.say(ann, chat, str(number))
    async with open_parts(demo, database, door):
        await sim.until(lambda: len(sim.sent(chat)) >= 3)
    done = len(sim.sent(chat))
    assert done < 30
    async with open_parts(demo, database, echo):
        await sim.until(lambda: len(sim.sent(chat)) >= 30)
        await sim.quiet()
    assert [m.text for m in sim.sent(chat)] == [f"echo {n}" for n in range(30)]


async def test_a_message_to_the_person_goes_out_once_after_an_overtaking_edit(
    demo: DemoServer, database: Database
) -> None:
    """'reading…' becomes its result, whether it was sent already or not."""

    async def door(delivery: Delivery, unit: UnitOfWork) -> None:
        message = orjson.loads(delivery.inbox_message.body)["message"]
        chat_id, key = message["chat"]["id"], delivery.inbox_message.key
        if message["text"] == "start":
            unit.send(Outgoing(chat_id, "note", Reply("reading…")))
        else:
            unit.send(Outgoing(chat_id, key, Reply("the result"), edits="note"))

    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    sim.faults.latency_seconds = 0.2
    async with open_parts(demo, database, door):
        sim.say(ann, chat, "start")
        sim.say(ann, chat, "finish")
        await sim.until(lambda: [m.text for m in sim.sent(chat)] == ["the result"])
        await sim.quiet()
    assert [m.text for m in sim.sent(chat)] == ["the result"]
