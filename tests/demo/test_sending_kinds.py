"""Messages of every kind, as the bot receives them.

The shapes were compared with the types of Bot API 10.3; here the official client must know every
field, so that a misspelt one is found.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot, Message, TelegramObject

from demo.botapi.requests.params import Upload
from demo.botapi.world import Chat, User
from demo.server import DemoServer
from demo.simulation import Simulation
from tests.demo.answers import Draw

OGG = b"OggS" + bytes(200)


@pytest.fixture
async def bot(demo: DemoServer) -> AsyncIterator[Bot]:
    client = Bot(demo.token, base_url=f"{demo.url}/bot", base_file_url=f"{demo.url}/file/bot")
    async with client:
        yield client


@pytest.fixture
def ann(sim: Simulation) -> User:
    return sim.add_user("Ann")


@pytest.fixture
def chat(sim: Simulation, ann: User) -> Chat:
    return sim.private_chat(ann)


def find_unknown_fields(value: object) -> list[str]:
    """Return field names, at any depth, that the official client's types do not have."""
    if isinstance(value, TelegramObject):
        slots = {name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())}
        inner = [getattr(value, name, None) for name in slots if not name.startswith("_")]
        return [*value.api_kwargs, *find_unknown_fields(inner)]
    if isinstance(value, list | tuple):
        return [name for item in value for name in find_unknown_fields(item)]
    return []


async def receive(bot: Bot) -> list[Message]:
    updates = await bot.get_updates(timeout=1)
    assert find_unknown_fields(list(updates)) == []
    messages = [update.message or update.edited_message for update in updates]
    return [message for message in messages if message]


async def test_a_location_is_in_degrees(sim: Simulation, bot: Bot, ann: User, chat: Chat) -> None:
    sim.location(ann, chat, -33.8688, 151.2093)

    (message,) = await receive(bot)

    assert message.location
    assert (message.location.latitude, message.location.longitude) == (-33.8688, 151.2093)


async def test_a_voice_note_is_downloaded_with_its_length(
    sim: Simulation, bot: Bot, ann: User, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The client's future form; without it every access to a duration warns.
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    asked = sim.say(ann, chat, "coffee 4.50")
    recording = Upload("voice", "audio/ogg", OGG)
    sim.voice(ann, chat, recording, duration_seconds=7, reply_to=asked)

    _, message = await receive(bot)

    assert message.voice
    assert message.voice.duration == timedelta(seconds=7)
    assert message.voice.mime_type == "audio/ogg"
    assert message.voice.file_size == len(OGG)
    assert message.reply_to_message
    file = await message.voice.get_file()
    assert bytes(await file.download_as_bytearray()) == OGG


async def test_an_album_of_photos_shares_its_id_its_reply_and_one_caption(
    sim: Simulation, bot: Bot, ann: User, chat: Chat, picture: Draw
) -> None:
    asked = sim.say(ann, chat, "coffee 4.50")
    sim.album(ann, chat, [picture(), picture(300)], caption="lunch", reply_to=asked)

    _, first, second = await receive(bot)

    assert first.media_group_id
    assert first.media_group_id == second.media_group_id
    assert (first.caption, second.caption) == ("lunch", None)
    assert first.reply_to_message
    assert first.reply_to_message.message_id == asked.message_id


async def test_files_sent_together_are_an_album_too(
    sim: Simulation, bot: Bot, ann: User, chat: Chat, picture: Draw
) -> None:
    files = [Upload("a.png", "image/png", picture()), Upload("b.pdf", "application/pdf", b"%PDF-")]
    sim.files(ann, chat, files, caption="trip")

    first, second = await receive(bot)

    assert first.media_group_id == second.media_group_id is not None
    assert first.document
    assert first.document.thumbnail
    assert second.document
    assert second.document.file_name == "b.pdf"


async def test_a_caption_is_edited_and_can_be_taken_away(
    sim: Simulation, bot: Bot, ann: User, chat: Chat, picture: Draw
) -> None:
    photo = sim.photo(ann, chat, picture(), caption="lunch 12")
    sim.edit(photo, "lunch 14 #work")
    sim.edit(photo, "")

    sent, changed, emptied = await receive(bot)

    assert (sent.caption, changed.caption, emptied.caption) == ("lunch 12", "lunch 14 #work", None)
    assert [entity.type for entity in changed.caption_entities] == ["hashtag"]
    assert changed.message_id == emptied.message_id == sent.message_id
    assert emptied.photo


async def test_a_person_deletes_without_an_update(
    sim: Simulation, bot: Bot, ann: User, chat: Chat
) -> None:
    message = sim.say(ann, chat, "coffee 4.50")
    await receive(bot)
    offset: Any = sim.telegram.updates.next_id
    await bot.pin_chat_message(chat.id, message.message_id)

    sim.delete(message)

    assert await bot.get_updates(offset=offset) == ()
    assert sim.messages(chat) == []
    assert chat.pinned_id is None
