"""Actions of people, and the updates that the bot gets of them."""

from __future__ import annotations

from typing import Any

import pytest

from demo.membership import MigrationNotices
from demo.simulation import Simulation
from tests.demo.answers import Call

BUTTONS = {
    "inline_keyboard": [
        [{"text": "🛒 Groceries", "callback_data": "c:1"}],
        [{"text": "Delete", "callback_data": "d:1"}, {"text": "Site", "url": "https://x.org"}],
    ]
}


async def latest(call: Call) -> dict[str, Any]:
    (update,) = (await call("getUpdates", offset=-1)).result
    found: dict[str, Any] = update
    return found


async def test_a_press_is_answered_once(sim: Simulation, call: Call) -> None:
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    await call("sendMessage", chat_id=chat.id, text="4.50", reply_markup=BUTTONS)
    (message,) = await sim.answers(chat)

    press = sim.press(ann, message, "delete")

    query = (await latest(call))["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("d:1", ann.id)
    assert query["message"]["message_id"] == message.message_id
    answer = {"callback_query_id": query["id"], "text": "Gone", "show_alert": True}
    assert (await call("answerCallbackQuery", **answer)).result is True
    assert (await call("answerCallbackQuery", **answer)).status == 400
    assert (await sim.answer_of(press)).text == "Gone"


async def test_only_buttons_that_are_there_can_be_pressed_but_data_can_be_forged(
    sim: Simulation, call: Call
) -> None:
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    await call("sendMessage", chat_id=chat.id, text="4.50", reply_markup=BUTTONS)
    (message,) = await sim.answers(chat)

    for label in ("Confirm", "Site"):
        with pytest.raises(LookupError):
            sim.press(ann, message, label)
    sim.press_data(ann, message, "forged")

    assert (await latest(call))["callback_query"]["data"] == "forged"


async def test_a_press_on_a_deleted_message_has_no_content(sim: Simulation, call: Call) -> None:
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    await call("sendMessage", chat_id=chat.id, text="4.50", reply_markup=BUTTONS)
    (message,) = await sim.answers(chat)
    await call("deleteMessage", chat_id=chat.id, message_id=message.message_id)

    sim.press(ann, message, "Delete")

    shown = (await latest(call))["callback_query"]["message"]
    assert shown == {
        "chat": message.data["chat"],
        "message_id": message.message_id,
        "date": 0,
    }


async def test_an_edit_carries_its_date(sim: Simulation, call: Call) -> None:
    ann = sim.add_user("Ann")
    message = sim.say(ann, sim.private_chat(ann), "coffee 4.50")
    sim.edit(message, "coffee 5.40")

    edited = (await latest(call))["edited_message"]

    assert edited["text"] == "coffee 5.40"
    assert edited["message_id"] == message.message_id
    assert edited["edit_date"] >= edited["date"]


async def test_a_reply_carries_what_it_answers_but_not_deeper(sim: Simulation, call: Call) -> None:
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    first = sim.say(ann, chat, "one")
    second = sim.say(ann, chat, "two", reply_to=first)
    sim.say(ann, chat, "three", reply_to=second)

    reply = (await latest(call))["message"]["reply_to_message"]

    assert reply["text"] == "two"
    assert "reply_to_message" not in reply


@pytest.mark.parametrize(
    ("notices", "expected"),
    [
        ("both", [{"migrate_to_chat_id"}, {"migrate_from_chat_id"}]),
        ("to", [{"migrate_to_chat_id"}]),
        ("from", [{"migrate_from_chat_id"}]),
        ("none", []),
    ],
)
async def test_a_migration_sends_the_chosen_notices(
    sim: Simulation, call: Call, notices: MigrationNotices, expected: list[set[str]]
) -> None:
    ann = sim.add_user("Ann")
    group = sim.add_group("Home", [ann, sim.add_user("Bob")])
    sim.say(ann, group, "rent 850")
    await call("getUpdates", offset=2**40)
    before = sim.pending_update_count

    new = sim.migrate(group, notices=notices)

    updates = (await call("getUpdates", offset=1, limit=100)).result[before:]
    ordinary = {"message_id", "from", "chat", "date"}
    assert [set(update["message"]) - ordinary for update in updates] == expected
    assert new.members == group.members
    # ids start at 1 in a supergroup, where the notice "from" is the first message
    expected_id = 2 if notices in ("both", "from") else 1
    assert sim.say(ann, new, "milk 2").message_id == expected_id


async def test_privacy_mode_lets_only_what_is_meant_for_the_bot_through(
    sim: Simulation, call: Call
) -> None:
    ann, bob = sim.add_user("Ann"), sim.add_user("Bob")
    group = sim.add_group("Home", [ann, bob])
    await call("sendMessage", chat_id=group.id, text="hello")
    (hello,) = await sim.answers(group)
    sim.set_privacy_mode(is_on=True)
    sim.telegram.updates.clear()

    sim.say(ann, group, "just talking")
    sim.say(ann, group, "/summary")
    sim.say(ann, group, "12 taxi @kvitto_demo_bot")
    sim.say(bob, group, "thanks", reply_to=hello)

    texts = [update["message"]["text"] for update in (await call("getUpdates")).result]
    assert texts == ["/summary", "12 taxi @kvitto_demo_bot", "thanks"]


async def test_who_is_in_a_group_can_be_asked(sim: Simulation, call: Call) -> None:
    ann, bob, eve = sim.add_user("Ann"), sim.add_user("Bob"), sim.add_user("Eve")
    group = sim.add_group("Home", [ann, bob])
    sim.promote(bob, group)

    async def status(user_id: int) -> str:
        member = await call("getChatMember", chat_id=group.id, user_id=user_id)
        found: str = member.result["status"]
        return found

    assert await status(ann.id) == "creator"
    assert await status(bob.id) == "administrator"
    assert await status(eve.id) == "left"
    assert await status(sim.bot.id) == "member"
    admins = (await call("getChatAdministrators", chat_id=group.id)).result
    assert {admin["user"]["id"] for admin in admins} == {ann.id, bob.id}
    assert (await call("getChatMemberCount", chat_id=group.id)).result == 3
    sim.leave(bob, group)
    assert await status(bob.id) == "left"


async def test_blocking_and_unblocking_is_an_update(sim: Simulation, call: Call) -> None:
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    sim.block(ann)
    assert (await latest(call))["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert (await call("sendMessage", chat_id=chat.id, text="hi")).status == 403

    sim.unblock(ann)

    assert (await latest(call))["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert (await call("sendMessage", chat_id=chat.id, text="hi")).status == 200


async def test_a_forward_names_its_origin(sim: Simulation, call: Call) -> None:
    ann, bob = sim.add_user("Ann"), sim.add_user("Bob")
    message = sim.say(bob, sim.private_chat(bob), "taxi 12")
    sim.forward(ann, message, sim.private_chat(ann))

    forwarded = (await latest(call))["message"]

    assert forwarded["text"] == "taxi 12"
    assert forwarded["forward_origin"]["sender_user"]["id"] == bob.id


async def test_the_history_of_a_chat_is_bounded(call: Call) -> None:
    small = Simulation(history_max=10)
    ann = small.add_user("Ann")
    chat = small.private_chat(ann)
    for number in range(25):
        small.say(ann, chat, str(number))

    assert [message.text for message in small.messages(chat)] == [str(n) for n in range(15, 25)]


async def test_a_wait_that_fails_says_for_what(sim: Simulation) -> None:
    chat = sim.private_chat(sim.add_user("Ann"))
    with pytest.raises(TimeoutError, match=f"1 messages in chat {chat.id}"):
        await sim.answers(chat, timeout=0.05)


async def test_edits_are_waited_for_one_by_one(sim: Simulation, call: Call) -> None:
    chat = sim.private_chat(sim.add_user("Ann"))
    sent = (await call("sendMessage", chat_id=chat.id, text="reading…")).result
    (message,) = await sim.answers(chat)

    await call("editMessageText", chat_id=chat.id, message_id=sent["message_id"], text="18.08")

    assert (await sim.edit_of(message)).text == "18.08"
    with pytest.raises(TimeoutError):
        await sim.edit_of(message, timeout=0.05)


def test_half_a_character_is_replaced_before_anybody_must_send_it() -> None:
    sim = Simulation()
    ann = sim.add_user("Ann \ude00")
    message = sim.say(ann, sim.private_chat(ann), "coffee \ud83d 12")
    assert message.text == "coffee \ufffd 12"
    assert ann.first_name == "Ann \ufffd"
