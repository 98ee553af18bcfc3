"""What is said in a group without being a member's own words, and what is said to the bot."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversations.conftest import Talk

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]

HIDDEN = {"type": "hidden_user", "sender_user_name": "Zoe", "date": 1_790_000_000}
CHANNEL = {"id": -1_000_000_000_555, "type": "channel", "title": "News"}
ROBOT = {"id": 999, "is_bot": True, "first_name": "Other", "username": "other_bot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
GROUP_BOT = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


def tell(talk: Talk, **fields: Any) -> None:  # noqa: ANN401  # JSON
    """Let the bot hear a message of any making in this group."""
    message = {
        "message_id": 100_000 + len(fields),
        "date": int(talk.sim.clock.seconds()),
        "chat": talk.chat.to_json(),
        "from": talk.person.to_json(),
        "text": "coffee 4.50 EUR",
        **fields,
    }
    talk.sim.feed({"message": message}, partition=talk.chat.id)


@pytest.mark.parametrize(
    "fields",
    [
        {"forward_origin": HIDDEN},
        # A forwarded command is nobody's wish.
        {"forward_origin": HIDDEN, "text": "/add 4.50 coffee"},
        {"via_bot": ROBOT},
        {"from": ROBOT},
        # A person who writes as a channel of theirs has no name to book under.
        {"from": CHANNEL_BOT, "sender_chat": CHANNEL},
        # The post of the channel that a group belongs to.
        {"from": TELEGRAM, "sender_chat": CHANNEL, "is_automatic_forward": True},
    ],
)
async def test_words_that_nobody_here_has_written_are_passed_over(
    household: tuple[Talk, Talk], fields: dict[str, Any]
) -> None:
    mia, _ = household
    tell(mia, **fields)
    await mia.silence()
    listed = await mia.say("/list")
    assert "There are none" in listed.text


async def test_an_anonymous_admin_is_a_person(household: tuple[Talk, Talk]) -> None:
    mia, _ = household
    tell(mia, **{"from": GROUP_BOT, "sender_chat": mia.chat.to_json()})
    answer = await mia.hear()
    assert "4.50" in answer.text


async def test_a_forward_in_a_private_chat_was_meant_for_the_bot(ann: Talk) -> None:
    tell(ann, forward_origin=HIDDEN)
    answer = await ann.hear()
    assert "4.50" in answer.text


@pytest.mark.parametrize(
    "text",
    ["@kvitto_demo_bot tea 5 EUR", "tea 5 EUR @Kvitto_Demo_Bot", "/add@kvitto_demo_bot 5 EUR tea"],
)
async def test_the_bot_s_own_name_is_no_part_of_a_note(
    household: tuple[Talk, Talk], text: str
) -> None:
    mia, _ = household
    answer = await mia.say(text)
    assert "tea" in answer.text
    assert "kvitto" not in answer.text.casefold()


@pytest.mark.parametrize("text", ["/add@other_bot 5 tea", "/summary@other_bot", "@other_bot tea"])
async def test_what_is_meant_for_another_bot_is_not_ours(
    household: tuple[Talk, Talk], text: str
) -> None:
    mia, _ = household
    mia.sim.say(mia.person, mia.chat, text)
    await mia.silence()


async def test_another_member_cannot_answer_a_question_that_was_not_theirs(
    household: tuple[Talk, Talk],
) -> None:
    mia, jonas = household
    mia.sim.document(
        mia.person, mia.chat, b"no picture", file_name="bill.pdf", caption="@kvitto_demo_bot"
    )
    asked = await mia.hear(90)
    notice = await jonas.say("12.34", reply_to=asked)
    assert "12.34" not in notice.text
    booked = await mia.say("12.34", reply_to=asked)
    assert "12.34" in booked.text
