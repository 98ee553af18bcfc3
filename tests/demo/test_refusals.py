"""Refusals in Telegram's words, over real HTTP."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from aiohttp import ClientSession

from demo.server import DemoServer
from demo.simulation import Simulation
from tests.demo.answers import Call, Draw, Parameters

BUTTON = {"text": "Go", "callback_data": "go"}


def keyboard(*buttons: object) -> dict[str, object]:
    return {"inline_keyboard": [list(buttons)]}


# In the parameters, "CHAT" stands for a person's chat, "OWN" for a text of the bot with a
# button, "PHOTO" for a photo of the bot, "THEIRS" for a text of the person.
REFUSALS: list[tuple[str, Parameters, int, str]] = [
    # no such chat, person, method
    ("sendMessage", {"text": "hi"}, 400, "Bad Request: chat_id is empty"),
    ("sendMessage", {"chat_id": 42, "text": "hi"}, 400, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": "x", "text": "hi"}, 400, "Bad Request: chat not found"),
    ("sendMesage", {}, 404, "Not Found: method not found"),
    # text
    ("sendMessage", {"chat_id": "CHAT"}, 400, "Bad Request: message text is empty"),
    ("sendMessage", {"chat_id": "CHAT", "text": ""}, 400, "Bad Request: message text is empty"),
    ("sendMessage", {"chat_id": "CHAT", "text": " \n"}, 400, "Bad Request: text must be non-empty"),
    # markup around no text
    (
        "sendMessage",
        {"chat_id": "CHAT", "text": "<b> </b>", "parse_mode": "HTML"},
        400,
        "Bad Request: text must be non-empty",
    ),
    (
        "sendMessage",
        {"chat_id": "CHAT", "text": "a" * 4097},
        400,
        "Bad Request: message is too long",
    ),
    # an emoji counts two
    (
        "sendMessage",
        {"chat_id": "CHAT", "text": "🧾" * 2049},
        400,
        "Bad Request: message is too long",
    ),
    (
        "sendMessage",
        {"chat_id": "CHAT", "text": "hi", "parse_mode": "BBCode"},
        400,
        "Bad Request: unsupported parse_mode",
    ),
    # markup is checked before the chat
    (
        "sendMessage",
        {"chat_id": 42, "text": "<b>hi", "parse_mode": "HTML"},
        400,
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    (
        "sendMessage",
        {"chat_id": "CHAT", "text": "a", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
        400,
        "Bad Request: entity ends after the end of the text",
    ),
    # reply
    (
        "sendMessage",
        {"chat_id": "CHAT", "text": "hi", "reply_parameters": {"message_id": 999}},
        400,
        "Bad Request: message to be replied not found",
    ),
    # buttons
    (
        "sendMessage",
        {"chat_id": "CHAT", "text": "hi", "reply_markup": keyboard({"text": "Go"})},
        400,
        (
            "Bad Request: can't parse inline keyboard button: "
            "Text buttons are unallowed in the inline keyboard"
        ),
    ),
    (
        "sendMessage",
        {
            "chat_id": "CHAT",
            "text": "hi",
            "reply_markup": keyboard({"text": "Go", "callback_data": "x" * 65}),
        },
        400,
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    # 22 characters of three bytes each
    (
        "sendMessage",
        {
            "chat_id": "CHAT",
            "text": "hi",
            "reply_markup": keyboard({"text": "Go", "callback_data": "円" * 22}),
        },
        400,
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {
            "chat_id": "CHAT",
            "text": "hi",
            "reply_markup": keyboard({"text": "Go", "callback_data": ""}),
        },
        400,
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"chat_id": "CHAT", "text": "hi", "reply_markup": keyboard(*[BUTTON] * 9)},
        400,
        "Bad Request: reply markup is too long",
    ),
    (
        "sendMessage",
        {"chat_id": "CHAT", "text": "hi", "reply_markup": {"inline_keyboard": [[BUTTON]] * 101}},
        400,
        "Bad Request: reply markup is too long",
    ),
    (
        "sendMessage",
        {"chat_id": "CHAT", "text": "hi", "reply_markup": "{"},
        400,
        "Bad Request: can't parse reply keyboard markup JSON object",
    ),
    (
        "sendMessage",
        {
            "chat_id": "CHAT",
            "text": "hi",
            "reply_markup": keyboard({"text": "Go", "url": "not a link"}),
        },
        400,
        "Bad Request: inline keyboard button URL 'not a link' is invalid: Wrong HTTP URL",
    ),
    # edits
    (
        "editMessageText",
        {"chat_id": "CHAT", "message_id": "OWN", "text": "mine", "reply_markup": keyboard(BUTTON)},
        400,
        (
            "Bad Request: message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        ),
    ),
    (
        "editMessageText",
        {"chat_id": "CHAT", "message_id": 999, "text": "x"},
        400,
        "Bad Request: message to edit not found",
    ),
    (
        "editMessageText",
        {"chat_id": "CHAT", "message_id": "THEIRS", "text": "x"},
        400,
        "Bad Request: message can't be edited",
    ),
    (
        "editMessageText",
        {"chat_id": "CHAT", "message_id": "PHOTO", "text": "x"},
        400,
        "Bad Request: there is no text in the message to edit",
    ),
    (
        "editMessageCaption",
        {"chat_id": "CHAT", "message_id": "OWN", "caption": "x"},
        400,
        "Bad Request: there is no caption in the message to edit",
    ),
    (
        "editMessageCaption",
        {"chat_id": "CHAT", "message_id": "PHOTO", "caption": "x" * 1025},
        400,
        "Bad Request: message caption is too long",
    ),
    # deletion
    (
        "deleteMessage",
        {"chat_id": "CHAT", "message_id": 999},
        400,
        "Bad Request: message to delete not found",
    ),
    # a press that never happened
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    # files
    ("getFile", {}, 400, "Bad Request: file_id not specified"),
    ("getFile", {"file_id": "nope"}, 400, "Bad Request: invalid file_id"),
    ("sendPhoto", {"chat_id": "CHAT"}, 400, "Bad Request: there is no photo in the request"),
    (
        "sendDocument",
        {"chat_id": "CHAT", "document": "https://example.org/a.csv"},
        400,
        "Bad Request: wrong file identifier/HTTP URL specified",
    ),
    # commands
    (
        "setMyCommands",
        {"commands": [{"command": "Summary", "description": "x"}]},
        400,
        "Bad Request: BOT_COMMAND_INVALID",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "summary", "description": ""}]},
        400,
        "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    (
        "sendChatAction",
        {"chat_id": "CHAT", "action": "dancing"},
        400,
        "Bad Request: wrong parameter action in request",
    ),
    # webhook
    (
        "setWebhook",
        {"url": "ftp://x"},
        400,
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
    ),
    (
        "setWebhook",
        {"url": "http://127.0.0.1:9/x", "secret_token": "not allowed!"},
        400,
        "Bad Request: secret token contains unallowed characters",
    ),
]


@pytest.mark.parametrize(("method", "parameters", "status", "description"), REFUSALS)
async def test_a_bad_request_is_refused_in_telegrams_words(
    sim: Simulation,
    call: Call,
    picture: Draw,
    method: str,
    parameters: Parameters,
    status: int,
    description: str,
) -> None:
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    stand_for = {
        "CHAT": chat.id,
        "THEIRS": sim.say(ann, chat, "theirs").message_id,
        "OWN": (
            await call("sendMessage", chat_id=chat.id, text="mine", reply_markup=keyboard(BUTTON))
        ).result["message_id"],
    }
    if "PHOTO" in parameters.values():
        photo = sim.photo(ann, chat, picture()).data["photo"][-1]["file_id"]
        sent = await call("sendPhoto", chat_id=chat.id, photo=photo)
        stand_for["PHOTO"] = sent.result["message_id"]
    filled = {
        name: stand_for.get(value, value) if isinstance(value, str) else value
        for name, value in parameters.items()
    }

    answer = await call(method, **filled)

    assert answer.refusal == (status, description)


async def test_a_wrong_token_is_unauthorized(demo: DemoServer, http: ClientSession) -> None:
    async with http.get(f"{demo.url}/bot{demo.token}x/getMe") as response:
        assert response.status == 401
        assert await response.json() == {
            "ok": False,
            "error_code": 401,
            "description": "Unauthorized",
        }


async def test_a_token_of_no_shape_is_not_found(demo: DemoServer, http: ClientSession) -> None:
    async with http.get(f"{demo.url}/botsecret/getMe") as response:
        assert response.status == 404


async def test_closed_chats_answer_403(sim: Simulation, call: Call) -> None:
    ann, bob, eve = sim.add_user("Ann"), sim.add_user("Bob"), sim.add_user("Eve")
    blocked, gone = sim.private_chat(ann), sim.private_chat(bob)
    left = sim.add_group("Left", [ann, bob])
    kicked = sim.add_group("Kicked", [ann, bob], kind="supergroup")
    sim.block(ann)
    sim.deactivate(bob)
    await call("leaveChat", chat_id=left.id)
    sim.leave(sim.bot, kicked, by=ann)

    async def refusal(chat_id: int) -> tuple[int, str]:
        return (await call("sendMessage", chat_id=chat_id, text="hi")).refusal

    assert await refusal(blocked.id) == (403, "Forbidden: bot was blocked by the user")
    assert await refusal(gone.id) == (403, "Forbidden: user is deactivated")
    assert await refusal(left.id) == (403, "Forbidden: bot is not a member of the group chat")
    assert await refusal(kicked.id) == (403, "Forbidden: bot was kicked from the supergroup chat")
    assert await refusal(eve.id) == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )


async def test_a_migrated_group_names_its_new_id(sim: Simulation, call: Call) -> None:
    ann = sim.add_user("Ann")
    group = sim.add_group("Home", [ann])
    new = sim.migrate(group)

    answer = await call("sendMessage", chat_id=group.id, text="hi")

    assert answer.refusal == (
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
    )
    assert answer.body["parameters"] == {"migrate_to_chat_id": new.id}
    assert (await call("sendMessage", chat_id=new.id, text="hi")).status == 200


async def test_a_message_older_than_two_days_cannot_be_deleted(sim: Simulation, call: Call) -> None:
    chat = sim.private_chat(sim.add_user("Ann"))
    message = (await call("sendMessage", chat_id=chat.id, text="old")).result
    sim.clock.advance(timedelta(hours=49))

    answer = await call("deleteMessage", chat_id=chat.id, message_id=message["message_id"])

    assert answer.refusal == (400, "Bad Request: message can't be deleted")


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        # a photo's sides may not exceed 10000 together
        ((9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        # nor one be twenty times the other
        ((2100, 100), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_a_photo_of_an_odd_shape_is_refused(
    demo: DemoServer, http: ClientSession, picture: Draw, size: tuple[int, int], reason: str
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    form = {"chat_id": str(chat.id), "photo": BytesIO(picture(*size))}

    async with http.post(f"{demo.url}/bot{demo.token}/sendPhoto", data=form) as response:
        body = await response.json()

    assert body["description"] == f"Bad Request: {reason}"


async def test_what_is_no_picture_is_not_sent_as_a_photo(
    demo: DemoServer, http: ClientSession
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    form = {"chat_id": str(chat.id), "photo": BytesIO(b"id,date\r\n")}

    async with http.post(f"{demo.url}/bot{demo.token}/sendPhoto", data=form) as response:
        body = await response.json()

    assert body["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
