"""getUpdates: confirmation, waiting and expiry."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from demo.simulation import Simulation
from tests.demo.answers import Answer, Call


def ids(answer: Answer) -> list[int]:
    return [update["update_id"] for update in answer.result]


async def test_an_update_comes_again_until_a_higher_offset_is_asked_for(
    sim: Simulation, call: Call
) -> None:
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    for text in ("one", "two", "three"):
        sim.say(ann, chat, text)

    first, second, third = ids(await call("getUpdates"))
    assert (second, third) == (first + 1, first + 2)
    assert ids(await call("getUpdates", offset=first)) == [first, second, third]
    assert ids(await call("getUpdates", offset=second + 1)) == [third]
    # the call itself confirmed the first two
    assert sim.pending_update_count == 1
    assert ids(await call("getUpdates", offset=third + 1)) == []
    assert sim.pending_update_count == 0


async def test_a_lower_offset_brings_nothing_back(sim: Simulation, call: Call) -> None:
    ann = sim.add_user("Ann")
    sim.say(ann, sim.private_chat(ann), "one")
    (first,) = ids(await call("getUpdates"))
    await call("getUpdates", offset=first + 1)
    sim.say(ann, sim.private_chat(ann), "two")

    assert ids(await call("getUpdates", offset=first)) == [first + 1]


async def test_limit_and_its_bounds(sim: Simulation, call: Call) -> None:
    for number in range(150):
        sim.feed({"message": {"text": str(number)}})

    assert len(ids(await call("getUpdates", limit=7, offset=1))) == 7
    assert len(ids(await call("getUpdates", limit=1000, offset=2))) == 100
    assert len(ids(await call("getUpdates", limit=0, offset=3))) == 100


async def test_the_same_offset_at_once_again_gets_one_update(sim: Simulation, call: Call) -> None:
    for number in range(3):
        sim.feed({"message": {"text": str(number)}})

    assert len(ids(await call("getUpdates", offset=1))) == 3
    assert len(ids(await call("getUpdates", offset=1))) == 1


async def test_a_negative_offset_keeps_only_the_last(sim: Simulation, call: Call) -> None:
    numbers = [sim.feed({"message": {"text": str(number)}}) for number in range(5)]

    assert ids(await call("getUpdates", offset=-2)) == numbers[-2:]
    assert sim.pending_update_count == 2


async def test_a_waiting_poll_answers_as_soon_as_there_is_something(
    sim: Simulation, call: Call
) -> None:
    ann = sim.add_user("Ann")
    poll = asyncio.ensure_future(call("getUpdates", timeout=50))
    await asyncio.sleep(0.1)
    sim.say(ann, sim.private_chat(ann), "now")

    answer = await asyncio.wait_for(poll, 40)

    assert answer.result[0]["message"]["text"] == "now"


async def test_a_second_poll_ends_the_first(sim: Simulation, call: Call) -> None:
    first = asyncio.ensure_future(call("getUpdates", timeout=50))
    await asyncio.sleep(0.1)
    second = asyncio.ensure_future(call("getUpdates", timeout=50, offset=1))

    status, description = (await asyncio.wait_for(first, 40)).refusal

    assert status == 409
    assert description.startswith("Conflict: terminated by other getUpdates request")
    sim.feed({"message": {}})
    assert len(ids(await asyncio.wait_for(second, 40))) == 1


async def test_polling_is_refused_while_a_webhook_is_set(call: Call) -> None:
    await call("setWebhook", url="http://127.0.0.1:9/hook")

    assert (await call("getUpdates")).refusal[0] == 409

    await call("deleteWebhook")
    assert (await call("getUpdates")).status == 200


async def test_only_the_kinds_asked_for_are_queued(sim: Simulation, call: Call) -> None:
    ann, bob = sim.add_user("Ann"), sim.add_user("Bob")
    group = sim.add_group("Home", [ann, bob])
    # added to a group: membership and service message; others' membership only on request
    kinds = [set(update) - {"update_id"} for update in (await call("getUpdates")).result]
    assert kinds == [{"my_chat_member"}, {"message"}]
    sim.promote(bob, group)
    assert sim.pending_update_count == 2

    await call("getUpdates", offset=-1, allowed_updates=["chat_member"])
    await call("getUpdates", offset=2**40)
    sim.say(ann, group, "not asked for")
    sim.demote(bob, group)

    updates = (await call("getUpdates", offset=1)).result
    assert "chat_member" in updates[-1]
    assert not any(update.get("message", {}).get("text") for update in updates)


async def test_updates_grow_old(sim: Simulation, call: Call) -> None:
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    button = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await call("sendMessage", chat_id=chat.id, text="hi", reply_markup=button)
    (message,) = await sim.answers(chat)
    sim.say(ann, chat, "one")
    press = sim.press(ann, message, "Go")
    assert sim.pending_update_count == 2

    sim.advance(timedelta(seconds=151))
    assert sim.pending_update_count == 1
    late = await call("answerCallbackQuery", callback_query_id=press.query_id)
    assert late.refusal[0] == 400

    sim.advance(timedelta(hours=24))
    assert sim.pending_update_count == 0


async def test_ids_may_go_on_anywhere_after_a_quiet_week(sim: Simulation, call: Call) -> None:
    offset = 1
    seen: list[str] = []
    for number in range(100):
        sim.jump_update_ids(5_000_000 if number % 2 else 1_000 + number)
        sim.feed({"message": {"text": f"{number}a"}})
        sim.feed({"message": {"text": f"{number}b"}})
        for update in (await call("getUpdates", offset=offset)).result:
            seen.append(update["message"]["text"])
            offset = update["update_id"] + 1

    assert seen == [f"{number}{half}" for number in range(100) for half in "ab"]


async def test_what_was_queued_before_a_jump_is_delivered_first(
    sim: Simulation, call: Call
) -> None:
    old = sim.feed({"message": {"text": "old"}})
    sim.jump_update_ids(100)
    new = sim.feed({"message": {"text": "new"}})

    assert ids(await call("getUpdates")) == [old]
    assert ids(await call("getUpdates", offset=old + 1)) == [new]
    assert ids(await call("getUpdates", offset=new + 1)) == []
