"""The page's server side: access, files and actions."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from demo.botapi.world import Message, User
from demo.household import add_household
from demo.server import DemoServer
from demo.simulation import Simulation
from tests.demo.answers import Call, Draw

PAGE = {"X-Kvitto-Page": "1"}


async def act(
    demo: DemoServer, http: aiohttp.ClientSession, path: str, **fields: object
) -> tuple[int, dict[str, Any]]:
    async with http.post(f"{demo.url}/demo/{path}", json=fields, headers=PAGE) as response:
        return response.status, await response.json()


async def test_the_page_brings_a_strict_policy(
    demo: DemoServer, http: aiohttp.ClientSession
) -> None:
    for path in ("/", "/page/scripts/app.js", "/page/styles/base.css", "/demo/state"):
        async with http.get(demo.url + path) as response:
            assert response.status == 200, path
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_names_no_other_host_and_no_inline_code(
    demo: DemoServer, http: aiohttp.ClientSession
) -> None:
    async with http.get(demo.url) as response:
        html = await response.text()
    assert "http://" not in html
    assert "https://" not in html
    assert "<style" not in html
    assert " onclick" not in html
    assert html.count("<script") == html.count('<script type="module" src="/page/') == 1


@pytest.mark.parametrize(
    "path",
    [
        "/page/../server.py",
        "/page/%2e%2e/server.py",
        "/page/scripts/none.js",
        "/demo/samples/draw.py",
        "/demo/samples/..%2fclock.py",
        "/demo/files/none",
    ],
)
async def test_nothing_else_is_given_out(
    demo: DemoServer, http: aiohttp.ClientSession, path: str
) -> None:
    async with http.get(f"{demo.url}{path}") as response:
        assert response.status == 404


async def test_other_pages_are_kept_out(demo: DemoServer, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{demo.url}/demo/clock", json={"seconds": 1}) as response:
        assert response.status == 403
    for path in ("/", "/demo/state", "/demo/events"):
        async with http.get(demo.url + path, headers={"Host": "evil.example"}) as response:
            assert response.status == 403


async def test_people_write_through_the_page(
    demo: DemoServer, http: aiohttp.ClientSession, call: Call, picture: Draw
) -> None:
    sim = demo.simulation
    add_household(sim)
    mia, chat = sim.chats[0].user, sim.chats[0]
    assert mia is not None
    place = {"chat_id": chat.id, "user_id": mia.id}

    _, said = await act(demo, http, "say", **place, text=" coffee 4.50 ")
    await act(demo, http, "edit", **place, message_id=said["message_id"], text="tea 3")
    form = aiohttp.FormData({**{k: str(v) for k, v in place.items()}, "as": "photo"})
    form.add_field("file0", BytesIO(picture()), filename="r.png", content_type="image/png")
    async with http.post(f"{demo.url}/demo/upload", data=form, headers=PAGE) as response:
        assert response.status == 200

    first, photo = sim.messages(chat)
    assert first.text == "tea 3"
    assert photo.media == "photo"
    button = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await call("sendMessage", chat_id=chat.id, text="hi", reply_markup=button)
    (answer,) = await sim.answers(chat)
    where = {"message_id": answer.message_id, "row": 0, "column": 0}
    status, pressed = await act(demo, http, "press", **place, **where)
    assert status == 200
    assert pressed["query_id"].isdigit()


async def test_impossible_actions_are_explained(
    demo: DemoServer, http: aiohttp.ClientSession
) -> None:
    sim = demo.simulation
    add_household(sim)
    chat = sim.chats[0]
    assert chat.user is not None
    place = {"chat_id": chat.id, "user_id": chat.user.id}
    tries: list[tuple[str, dict[str, object], str]] = [
        ("say", {**place, "text": " "}, "there is nothing to send"),
        ("say", {**place, "text": "x" * 4097}, "a message holds at most 4096 characters"),
        ("say", {"chat_id": 5, "user_id": 5, "text": "x"}, "there is no such chat"),
        ("say", {**place, "user_id": sim.bot.id, "text": "x"}, "this person is not in this chat"),
        ("say", {"chat_id": "x"}, "there is no such chat"),
        (
            "press",
            {**place, "message_id": 9, "row": 0, "column": 0},
            "this message no longer exists",
        ),
        ("edit", {**place, "message_id": 9, "text": "x"}, "this message no longer exists"),
        ("delete", {**place, "message_id": 9}, "this message no longer exists"),
        ("location", {**place, "latitude": 91, "longitude": 0}, "this place does not exist"),
        ("location", {**place, "latitude": 1}, "this place does not exist"),
        ("clock", {"seconds": 10**9}, "the clock moves by at most 400 days at a time"),
        ("groups", {"title": "x", "user_ids": []}, "a group needs at least one person"),
        ("people", {"name": ""}, "a name is needed"),
    ]
    for path, fields, reason in tries:
        status, body = await act(demo, http, path, **fields)
        assert status == 400, path
        assert body["error"].startswith(reason)


async def test_only_an_authors_own_young_message_is_edited(
    demo: DemoServer, http: aiohttp.ClientSession, picture: Draw
) -> None:
    sim = demo.simulation
    mia, jonas = sim.add_user("Mia"), sim.add_user("Jonas")
    group = sim.add_group("Home", [mia, jonas])
    text, place = sim.say(mia, group, "rent 850"), sim.location(mia, group, 1, 2)
    photo = sim.photo(mia, group, picture(), caption="lunch")

    async def edit(user: User, message: Message, new: str) -> str:
        fields = {"chat_id": group.id, "user_id": user.id, "message_id": message.message_id}
        _, body = await act(demo, http, "edit", **fields, text=new)
        return str(body.get("error", ""))

    assert await edit(jonas, text, "rent 5") == "only your own messages can be changed"
    assert await edit(mia, place, "x") == "this message has no text that could be changed"
    assert await edit(mia, text, " ") == "there is nothing to send"
    assert await edit(mia, photo, "x" * 1025) == "a caption holds at most 1024 characters"
    assert await edit(mia, photo, "") == ""
    assert photo.text == ""
    assert await edit(mia, text, "rent 850") == ""
    assert text.edit_count == 0, "apps send nothing when nothing was changed"
    sim.advance(timedelta(hours=49))
    assert await edit(mia, text, "rent 900") == "a message can be changed for 48 hours"


async def test_members_delete_their_own_messages_and_administrators_any(
    demo: DemoServer, http: aiohttp.ClientSession
) -> None:
    sim = demo.simulation
    mia, jonas = sim.add_user("Mia"), sim.add_user("Jonas")
    group = sim.add_group("Home", [mia, jonas])
    texts = [sim.say(user, group, "rent 850") for user in (mia, jonas, jonas)]

    async def delete(user: User, message: Message) -> int:
        fields = {"chat_id": group.id, "user_id": user.id, "message_id": message.message_id}
        return (await act(demo, http, "delete", **fields))[0]

    assert await delete(jonas, texts[0]) == 400
    assert await delete(jonas, texts[1]) == 200
    # The first member owns the group.
    assert await delete(mia, texts[2]) == 200
    assert [m for m in sim.messages(group) if m.text] == [texts[0]]


async def test_voice_notes_albums_and_places_answer_a_message(
    demo: DemoServer, http: aiohttp.ClientSession, picture: Draw
) -> None:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    asked = sim.say(ann, chat, "coffee 4.50")
    place = {"chat_id": chat.id, "user_id": ann.id, "reply_to": asked.message_id}
    await act(demo, http, "location", **place, latitude=52.5, longitude=13.4)
    for kind, count in (("voice", 1), ("photo", 2), ("file", 2)):
        fields = {"as": kind, "duration": "3"} | {key: str(value) for key, value in place.items()}
        form = aiohttp.FormData(fields)
        for number in range(count):
            form.add_field(f"file{number}", BytesIO(picture()), filename=f"{number}.png")
        async with http.post(f"{demo.url}/demo/upload", data=form, headers=PAGE) as response:
            assert (await response.json())["sent"] == count

    _, where, voice, *album = sim.messages(chat)
    assert where.data["location"] == {"latitude": 52.5, "longitude": 13.4}
    assert voice.data["voice"]["duration"] == 3
    assert len(album) == 4
    assert len({message.data["media_group_id"] for message in album}) == 2
    for message in (where, voice, *album):
        assert message.data["reply_to_message"]["message_id"] == asked.message_id


async def test_what_is_no_picture_is_refused_and_leaves_the_others_alone(
    demo: DemoServer, http: aiohttp.ClientSession, picture: Draw
) -> None:
    add_household(demo.simulation)
    chat = demo.simulation.chats[0]
    fields = {"chat_id": str(chat.id), "user_id": str(chat.id), "as": "photo", "caption": "tea"}
    tries = [
        # (contents, positions of the refused ones)
        ([b"MZ"], [0]),
        ([b"MZ", picture()], [0]),
        ([picture(), picture()[:400], picture(width=300)], [1]),
    ]
    for contents, refused in tries:
        before = len(demo.simulation.messages(chat))
        form = aiohttp.FormData(fields)
        for position, content in enumerate(contents):
            form.add_field(f"file{position}", BytesIO(content), filename=f"{position}.png")
        async with http.post(f"{demo.url}/demo/upload", data=form, headers=PAGE) as response:
            assert response.status == 200
            body = await response.json()

        sent = demo.simulation.messages(chat)[before:]
        assert body["sent"] == len(sent) == len(contents) - len(refused)
        assert body["refused"] == [
            {"position": place, "reason": f"{place}.png cannot be opened as a picture"}
            for place in refused
        ]
        assert [message.data.get("caption") for message in sent][:1] == ["tea"][: len(sent)]


async def test_a_file_is_saved_and_never_run(demo: DemoServer, http: aiohttp.ClientSession) -> None:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    page = b"<script>alert(1)</script>"
    message = sim.document(ann, sim.private_chat(ann), page, file_name='a".html')

    url = f"{demo.url}/demo/files/{message.data['document']['file_id']}"
    async with http.get(url) as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"] == 'attachment; filename="a.html"'
        assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_events_arrive_live(demo: DemoServer, http: aiohttp.ClientSession) -> None:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    async with http.get(f"{demo.url}/demo/events") as response:
        await response.content.readline()
        sim.say(ann, chat, "hello")
        line = ""
        while not line.startswith("data:"):
            line = (await response.content.readline()).decode()
    event = json.loads(line.removeprefix("data: "))
    assert event["kind"] == "message"
    assert event["message"]["text"] == "hello"


async def test_the_clock_moves_for_everybody(
    demo: DemoServer, http: aiohttp.ClientSession, sim: Simulation
) -> None:
    moments: list[object] = []
    sim.clock.on_change(moments.append)
    before = sim.clock.now()

    _, clock = await act(demo, http, "clock", seconds=86400)

    assert clock["ahead_seconds"] == 86400
    assert 86400 <= (sim.clock.now() - before).total_seconds() < 86410
    assert len(moments) == 1
    ann = sim.add_user("Ann")
    message = sim.say(ann, sim.private_chat(ann), "tomorrow")
    assert message.data["date"] == int(sim.clock.seconds())
