"""An update's partition and identity, whatever shape it has."""

from __future__ import annotations

import pytest

from bot.engine.inbox_messages import NoUpdateError, inbox_message_of, partition_of

CHAT = {"id": -100123, "type": "supergroup"}
ANN = {"id": 7, "is_bot": False, "first_name": "Ann"}


@pytest.mark.parametrize(
    ("update", "partition"),
    [
        ({"message": {"chat": CHAT, "from": ANN}}, -100123),
        ({"edited_message": {"chat": CHAT}}, -100123),
        ({"callback_query": {"id": "1", "from": ANN, "message": {"chat": CHAT}}}, -100123),
        # A press on an inline message has no chat.
        ({"callback_query": {"id": "1", "from": ANN, "inline_message_id": "x"}}, 7),
        ({"my_chat_member": {"chat": CHAT, "from": ANN}}, -100123),
        ({"chat_member": {"chat": CHAT, "from": ANN}}, -100123),
        ({"message_reaction": {"chat": CHAT, "user": ANN}}, -100123),
        ({"inline_query": {"id": "1", "from": ANN}}, 7),
        ({"poll_answer": {"poll_id": "1", "user": ANN}}, 7),
        # Nobody is named.
        ({"poll": {"id": "1"}}, 0),
        ({}, 0),
        # Shapes that no specification knows.
        ({"message": None}, 0),
        ({"message": []}, 0),
        ({"message": {"chat": None, "from": ANN}}, 7),
        ({"message": {"chat": {"id": "text"}}}, 0),
        ({"message": {"chat": {"id": True}}}, 0),
        ({"message": {"chat": {"id": 1 << 70}}}, 0),
        ({"from_the_future": {"chat": CHAT}}, -100123),
    ],
)
def test_the_partition_is_the_chat_else_the_person_else_zero(
    update: dict[str, object], partition: int
) -> None:
    assert partition_of({"update_id": 5, **update}) == partition


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        5,
        {},
        {"update_id": None},
        {"update_id": "5"},
        {"update_id": 5.0},
        {"update_id": True},
        {"update_id": -1},
        {"update_id": 1 << 60},
    ],
)
def test_what_has_no_identity_is_no_update(body: object) -> None:
    with pytest.raises(NoUpdateError):
        inbox_message_of(body)


def test_the_key_is_the_update_id() -> None:
    assert inbox_message_of({"update_id": 42}).key == "u42"


def test_what_nests_too_deep_to_be_written_is_kept_by_its_identity() -> None:
    nested: object = 1
    for _ in range(500):
        nested = [nested]
    inbox_message = inbox_message_of({"update_id": 5, "odd": {"chat": CHAT, "deep": nested}})
    assert (inbox_message.key, inbox_message.partition, inbox_message.body) == (
        "u5",
        CHAT["id"],
        '{"update_id":5}',
    )
