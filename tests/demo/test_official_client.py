"""python-telegram-bot's client uses the demo as it uses Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, RetryAfter

from demo.botapi.requests.limits import Limits
from demo.server import DemoServer
from demo.simulation import Simulation
from tests.demo.answers import Draw


@pytest.fixture
async def bot(demo: DemoServer) -> AsyncIterator[Bot]:
    client = Bot(demo.token, base_url=f"{demo.url}/bot", base_file_url=f"{demo.url}/file/bot")
    async with client:
        yield client


async def test_a_conversation(sim: Simulation, bot: Bot) -> None:
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    asked = sim.say(ann, chat, "coffee 4.50")
    (update,) = await bot.get_updates(timeout=1)
    assert update.message is not None
    assert update.message.text == "coffee 4.50"

    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Delete", callback_data="d:1")]])
    sent = await bot.send_message(
        chat.id,
        "<b>4.50 €</b> coffee",
        parse_mode="HTML",
        reply_markup=keyboard,
        reply_parameters=ReplyParameters(asked.message_id),
    )
    assert sent.entities[0].type == "bold"
    (shown,) = await sim.answers(chat)
    press = sim.press(ann, shown, "Delete")
    (update,) = await bot.get_updates(offset=update.update_id + 1)
    assert update.callback_query is not None
    await update.callback_query.answer("Deleted")
    await update.callback_query.edit_message_text("Deleted: coffee", reply_markup=None)

    assert (await sim.answer_of(press)).text == "Deleted"
    assert (await sim.edit_of(shown)).text == "Deleted: coffee"
    assert shown.buttons == []
    await bot.delete_message(chat.id, sent.message_id)
    assert [message.text for message in sim.messages(chat)] == ["coffee 4.50"]


async def test_files_and_photos(sim: Simulation, bot: Bot, picture: Draw) -> None:
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    original = picture()
    sim.document(ann, chat, original, file_name="r.png")
    (update,) = await bot.get_updates(timeout=1)
    assert update.message is not None
    assert update.message.document is not None
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == original

    photo = await bot.send_photo(chat.id, original, caption="<i>week</i>", parse_mode="HTML")
    await bot.edit_message_caption(chat.id, photo.message_id, caption="month")
    await bot.edit_message_media(
        InputMediaPhoto(picture(300, 200), caption="year"), chat.id, photo.message_id
    )
    export = await bot.send_document(chat.id, b"id,date\r\n", filename="kvitto.csv")
    assert export.document is not None
    assert export.document.file_name == "kvitto.csv"
    again = await bot.send_document(chat.id, export.document.file_id)
    assert again.document == export.document
    album = await bot.send_media_group(chat.id, [InputMediaPhoto(original)] * 2)
    assert len(album) == 2
    assert sim.refusals() == {}


async def test_keyboards_commands_and_chat_affairs(sim: Simulation, bot: Bot) -> None:
    ann = sim.add_user("Ann")
    group = sim.add_group("Home", [ann])
    chat = sim.private_chat(ann)
    await bot.send_message(chat.id, "Which?", reply_markup=ReplyKeyboardMarkup([["EUR", "USD"]]))
    assert chat.keyboard is not None
    await bot.send_message(chat.id, "Thanks", reply_markup=ReplyKeyboardRemove())
    assert chat.keyboard is None
    commands = [BotCommand("summary", "Totals")]
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands(commands, scope=scope, language_code="de")
    assert list(await bot.get_my_commands(scope=scope, language_code="de")) == commands
    assert list(await bot.get_my_commands()) == []
    await bot.set_my_description("What I do")
    assert (await bot.get_my_description()).description == "What I do"
    await bot.set_my_short_description("Short")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    await bot.send_chat_action(chat.id, "typing")
    message = await bot.send_message(group.id, "pinned")
    sim.promote(sim.telegram.bot, group)
    await bot.pin_chat_message(group.id, message.message_id)
    await bot.set_message_reaction(group.id, message.message_id, "👍")
    info = await bot.get_chat(group.id)
    assert info.pinned_message is not None
    assert (await bot.get_chat_member(group.id, ann.id)).status == "creator"
    assert len(await bot.get_chat_administrators(group.id)) == 2
    assert await bot.get_chat_member_count(group.id) == 2
    assert (await bot.get_webhook_info()).url == ""
    await bot.leave_chat(group.id)
    assert sim.refusals() == {}
    assert not any(request.unknown for request in sim.requests())


@pytest.mark.filterwarnings("ignore:.*retry_after:telegram.warnings.PTBDeprecationWarning")
async def test_errors_arrive_as_the_classes_bots_catch(sim: Simulation, bot: Bot) -> None:
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    group = sim.add_group("Home", [ann])
    new = sim.migrate(group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "hi")
    assert moved.value.new_chat_id == new.id
    sim.limit(Limits(chat_burst=1, retry_after_seconds=37))
    await bot.send_message(chat.id, "one")
    with pytest.raises(RetryAfter):
        await bot.send_message(chat.id, "two")
    sim.limit(None)
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("one", chat.id, sim.sent(chat)[0].message_id)
    sim.block(ann)
    with pytest.raises(Forbidden):
        await bot.send_message(chat.id, "hi")
    await bot.set_webhook("http://127.0.0.1:9/telegram")
    with pytest.raises(Conflict):
        await bot.get_updates()
