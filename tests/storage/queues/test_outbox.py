"""The outbox: in order, exchanged while unsent, edited afterwards, joined, drawn, given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from ledger.stored_receipts import Receipt
from ports.messages import (
    Action,
    Attachment,
    Button,
    Line,
    Outgoing,
    Picture,
    Reply,
    Subject,
)
from ports.outbox import OutboxMessage
from ports.repositories import Confirmation, Repositories
from storage import Database
from tests.storage.samples import ANN, CHAT, NOW, open_chat, outgoing, press

NOBODY: frozenset[int] = frozenset()


async def post(database: Database, *messages: Outgoing) -> None:
    async with database.units.open(now=NOW) as unit:
        for message in messages:
            unit.send(message)


async def pending(database: Database, **fields: object) -> list[OutboxMessage]:
    values = {"now": NOW, "limit": 50, "skip": NOBODY, **fields}
    return await database.outbox.pending(**values)  # type: ignore[arg-type]


async def texts(database: Database) -> list[object]:
    return [each.payload.get("text") for each in await pending(database)]


async def send_all(database: Database, first_id: int = 100) -> None:
    parcels = await pending(database)
    results = [(outbox_message, first_id + place) for place, outbox_message in enumerate(parcels)]
    await database.outbox.sent(results)


async def test_a_message_is_stored_as_telegram_will_get_it(database: Database) -> None:
    pick, delete = press("🏷", "pick", "e1"), press("🗑", "delete", "e1", 3, None)
    reply = Reply(
        "<b>4.50 €</b>",
        buttons=((pick, delete), (Button("Help", url="https://example.org"),)),
        attachment=Attachment("key", "kvitto.csv"),
        line=Line("coffee 4.50", press("…", "open", "e1")),
    )
    message = outgoing(
        "h1", reply=reply, reply_to=7, owner_id=ANN, kind="push",
        expires_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    await post(database, message)
    [outbox_message] = await pending(database)
    assert (outbox_message.chat_id, outbox_message.message_key, outbox_message.method) == (
        CHAT,
        "h1",
        "send",
    )
    assert (outbox_message.reply_to, outbox_message.target_id, outbox_message.kind) == (
        7,
        None,
        "push",
    )
    assert (outbox_message.created_at, outbox_message.expires_at) == (NOW, NOW + timedelta(hours=1))
    rows = outbox_message.payload["buttons"]
    keyboard_id = rows[0][0]["data"].split(":")[0]  # type: ignore[index,union-attr,call-overload]
    assert outbox_message.payload == {
        "text": "<b>4.50 €</b>",
        "owner": ANN,
        "buttons": [
            [
                {"label": "🏷", "data": f"{keyboard_id}:0"},
                {"label": "🗑", "data": f"{keyboard_id}:1"},
            ],
            [{"label": "Help", "url": "https://example.org"}],
        ],
        "attachment": {"blob_key": "key", "file_name": "kvitto.csv", "as_photo": False},
        "line": {"text": "coffee 4.50", "label": "…", "data": f"{keyboard_id}:2"},
    }
    keyboard = await database.units.read(lambda b: b.conversations.keyboard(keyboard_id))
    assert keyboard is not None
    assert (keyboard.chat_id, keyboard.owner_id) == (CHAT, ANN)
    assert keyboard.actions == (
        Action("pick", ("e1",)),
        Action("delete", ("e1", 3, None)),
        Action("open", ("e1",)),
    )
    assert keyboard.expires_at == NOW + timedelta(days=90)
    assert len(f"{keyboard_id}:999".encode()) <= 64


async def test_the_buttons_of_a_question_live_a_month(database: Database) -> None:
    reply = Reply("Which?", ((press("a", "answer"),),))
    await post(database, outgoing("h1", reply=reply, subject=Subject(question_id="q1")))
    [outbox_message] = await pending(database)
    keyboard_id = outbox_message.payload["buttons"][0][0]["data"].split(":")[0]  # type: ignore[index,union-attr,call-overload]
    keyboard = await database.units.read(lambda b: b.conversations.keyboard(keyboard_id))
    assert keyboard is not None
    assert keyboard.expires_at == NOW + timedelta(days=30)
    assert await database.units.read(lambda b: b.conversations.keyboard("forged")) is None


async def test_messages_of_a_chat_go_in_order_and_chats_in_work_are_left_out(
    database: Database,
) -> None:
    await post(
        database,
        outgoing("a", "1"),
        outgoing("b", "2", chat_id=2),
        outgoing("c", "3"),
        outgoing("d", "4"),
    )
    assert await texts(database) == ["1", "2", "3", "4"]
    assert [each.message_key for each in await pending(database, skip=frozenset({CHAT}))] == ["b"]
    assert [each.message_key for each in await pending(database, per_chat=2)] == ["a", "b", "c"]
    assert [each.message_key for each in await pending(database, limit=2)] == ["a", "b"]


async def test_a_sent_message_is_blanked_and_its_subject_stays(database: Database) -> None:
    subject = Subject(("e1", "e2"), receipt_id="r1")
    await post(database, outgoing("h1", subject=subject))
    await send_all(database)
    assert await pending(database) == []
    assert await database.outbox.count() == 0
    found = await database.units.read(
        lambda b: (
            b.conversations.subject(CHAT, 100),
            b.conversations.subject(CHAT, 101),
            b.conversations.confirmation("e2"),
            b.conversations.confirmation("e3"),
        )
    )
    assert found == (("h1", subject), None, Confirmation(CHAT, "h1", ("e1", "e2")), None)
    from sqlalchemy import select

    from storage.database.tables import outbox

    rows = await database.backend.read(lambda c: c.execute(select(outbox.c.payload)).all())
    assert rows == [(None,)]


async def test_an_unsent_message_is_exchanged_in_its_place(database: Database) -> None:
    await post(database, outgoing("h1", "reading…"), outgoing("h2", "other"))
    await post(database, outgoing("h3", "21.44 €", edits="h1", subject=Subject(("e1",))))
    assert await texts(database) == ["21.44 €", "other"]
    # The new handle names the same message: an edit of it replaces it again.
    await post(database, outgoing("h4", "21.45 €", edits="h3", subject=Subject(("e1",))))
    [first, _] = await pending(database)
    assert (first.message_key, first.method, first.payload["text"]) == ("h1", "send", "21.45 €")
    await send_all(database)
    found = await database.units.read(lambda b: b.conversations.subject(CHAT, 100))
    assert found == ("h1", Subject(("e1",)))
    # Every handle leads to it.
    for handle in ("h1", "h3", "h4"):
        await post(database, outgoing(f"{handle}x", "again", edits=handle))
        [edit] = await pending(database)
        assert (edit.method, edit.target_id) == ("edit", 100)
        await database.outbox.sent([(edit, 100)])


async def test_a_sent_message_is_edited_and_unsent_edits_replace_each_other(
    database: Database,
) -> None:
    await post(database, outgoing("h1", "reading…"))
    await send_all(database)
    await post(database, outgoing("h2", "4.50", edits="h1", subject=Subject(("e1",))))
    await post(database, outgoing("h3", "4.60", edits="h1", subject=Subject(("e1",))))
    await post(database, outgoing("h4", "4.70", edits="h3"))
    [edit] = await pending(database)
    assert (edit.method, edit.target_id, edit.payload["text"]) == ("edit", 100, "4.70")
    await database.outbox.sent([(edit, None)])
    found = await database.units.read(lambda b: b.conversations.subject(CHAT, 100))
    assert found is not None
    await post(database, outgoing("h5", "gone", edits="h4"))
    [edit] = await pending(database)
    assert (edit.method, edit.target_id) == ("edit", 100)


async def test_content_that_was_exchanged_on_the_way_becomes_an_edit(database: Database) -> None:
    """The sender has the older content in its hands while an update replaces it."""
    await post(database, outgoing("h1", "reading…"))
    [old] = await pending(database)
    await post(database, outgoing("h2", "4.50", edits="h1"))
    await database.outbox.sent([(old, 100)])
    [edit] = await pending(database)
    assert (edit.method, edit.target_id, edit.payload["text"]) == ("edit", 100, "4.50")
    # The same once more, while the edit is on its way.
    await post(database, outgoing("h3", "4.60", edits="h2"))
    await database.outbox.sent([(edit, 100)])
    [edit] = await pending(database)
    assert (edit.method, edit.target_id, edit.payload["text"]) == ("edit", 100, "4.60")
    await database.outbox.sent([(edit, 100)])
    assert await pending(database) == []


async def test_giving_up_the_older_content_does_not_give_up_the_newer(database: Database) -> None:
    await post(database, outgoing("h1", "<b>broken"))
    [old] = await pending(database)
    await post(database, outgoing("h2", "fine", edits="h1"))
    await database.outbox.drop(old, error="BadRequest entities")
    assert await texts(database) == ["fine"]


async def test_deleting(database: Database) -> None:
    # Never sent: it just does not go.
    await post(database, outgoing("a"), outgoing("a2", edits="a", deletes=True))
    assert await pending(database) == []
    # Sent: it is deleted.
    await post(database, outgoing("b"))
    await send_all(database, 200)
    await post(database, outgoing("b2", edits="b", deletes=True))
    [outbox_message] = await pending(database)
    assert (outbox_message.method, outbox_message.target_id, outbox_message.payload) == (
        "delete",
        200,
        {},
    )
    await database.outbox.sent([(outbox_message, None)])
    # On its way just now: deleted as soon as its id is known.
    await post(database, outgoing("c"))
    [old] = await pending(database)
    await post(database, outgoing("c2", edits="c", deletes=True))
    assert await pending(database) == []
    await database.outbox.sent([(old, 300)])
    [outbox_message] = await pending(database)
    assert (outbox_message.method, outbox_message.target_id) == ("delete", 300)
    await database.outbox.sent([(outbox_message, None)])
    # Unknown: nothing to do.
    await post(database, outgoing("d2", edits="never", deletes=True))
    assert await pending(database) == []


async def test_an_edit_of_what_cannot_be_edited_is_sent_anew(database: Database) -> None:
    await post(database, outgoing("a", "unknown", edits="never"))
    await post(database, outgoing("b"))
    [_, dropped] = await pending(database)
    await database.outbox.drop(dropped, error="Forbidden")
    await post(database, outgoing("c", "again", edits="b"))
    assert [(each.method, each.payload["text"]) for each in await pending(database)] == [
        ("send", "unknown"),
        ("send", "again"),
    ]


async def test_joined_confirmations_are_one_message_about_all_of_them(database: Database) -> None:
    messages = [outgoing(f"h{n}", subject=Subject((f"e{n}",))) for n in range(3)]
    await post(database, *messages)
    await database.outbox.joined(await pending(database), 500)
    assert await pending(database) == []
    found = await database.units.read(
        lambda b: (b.conversations.subject(CHAT, 500), b.conversations.confirmation("e1"))
    )
    every = ("e0", "e1", "e2")
    assert found == (("h2", Subject(every)), Confirmation(CHAT, "h1", every))
    # One of them cannot be edited without the others: its news is a message of its own.
    await post(database, outgoing("x", "deleted", edits="h1", subject=Subject(("e1",))))
    [outbox_message] = await pending(database)
    assert (outbox_message.method, outbox_message.target_id) == ("send", None)
    await database.outbox.sent([(outbox_message, 501)])
    # What is about all of them may take their place, and may be edited further.
    await post(database, outgoing("y", "all", edits="h1", subject=Subject(every)))
    await post(database, outgoing("z", "all anew", edits="h2", subject=Subject(every)))
    [outbox_message] = await pending(database)
    assert (outbox_message.method, outbox_message.target_id) == ("edit", 500)
    assert outbox_message.payload["text"] == "all anew"
    named = await database.units.read(lambda b: b.conversations.subject(CHAT, 500))
    assert named is not None
    assert named[1] == Subject(every)


async def test_joined_confirmations_stay_joined_after_an_edit_of_all(database: Database) -> None:
    every = Subject(("e0", "e1"))
    await post(database, *(outgoing(f"h{n}", subject=Subject((f"e{n}",))) for n in range(2)))
    await database.outbox.joined(await pending(database), 500)
    await post(database, outgoing("all", "all", edits="h1", subject=every))
    await database.outbox.sent([((await pending(database))[0], None)])
    # A job's result knows the newest message of its entry, and shows that entry alone.
    await post(database, outgoing("one", "one", edits="all", subject=Subject(("e1",))))
    [message] = await pending(database)
    assert (message.method, message.target_id) == ("send", None)


async def test_joined_confirmations_stay_joined_while_an_edit_of_all_is_unsent(
    database: Database,
) -> None:
    every = Subject(("e0", "e1"))
    await post(database, *(outgoing(f"h{n}", subject=Subject((f"e{n}",))) for n in range(2)))
    await database.outbox.joined(await pending(database), 500)
    await post(database, outgoing("all", "all", edits="h1", subject=every))
    await post(database, outgoing("one", "one", edits="all", subject=Subject(("e1",))))
    assert [(m.method, m.target_id, m.payload["text"]) for m in await pending(database)] == [
        ("edit", 500, "all"),
        ("send", None, "one"),
    ]


async def test_what_was_sent_anew_takes_the_place_of_the_message_that_a_person_deleted(
    database: Database,
) -> None:
    every = ("e0", "e1")
    await post(database, *(outgoing(f"h{n}", subject=Subject((f"e{n}",))) for n in range(2)))
    await database.outbox.joined(await pending(database), 500)
    await post(database, outgoing("all", "all", edits="h1", subject=Subject(every)))
    await database.outbox.sent([((await pending(database))[0], 501)])
    found = await database.units.read(lambda r: r.conversations.confirmations("e1", 9))
    assert found == [Confirmation(CHAT, "all", every)]
    await post(database, outgoing("one", "one", edits="all", subject=Subject(("e1",))))
    await post(database, outgoing("anew", "anew", edits="h0", subject=Subject(every)))
    assert [(m.method, m.target_id, m.payload["text"]) for m in await pending(database)] == [
        ("send", None, "one"),
        ("edit", 501, "anew"),
    ]


async def test_content_that_changed_while_it_was_joined_is_a_message_of_its_own(
    database: Database,
) -> None:
    await post(database, *(outgoing(f"h{n}", subject=Subject((f"e{n}",))) for n in range(2)))
    on_their_way = await pending(database)
    await post(database, outgoing("newer", "newer", edits="h1", subject=Subject(("e1",))))
    await database.outbox.joined(on_their_way, 500)
    [message] = await pending(database)
    assert (message.method, message.target_id, message.payload["text"]) == ("send", None, "newer")


async def test_joining_one_is_sending_it(database: Database) -> None:
    await post(database, outgoing("h1", subject=Subject(("e1",))))
    await database.outbox.joined(await pending(database), 500)
    await post(database, outgoing("h2", edits="h1"))
    [outbox_message] = await pending(database)
    assert (outbox_message.method, outbox_message.target_id) == ("edit", 500)


async def test_a_chat_waits_no_longer_when_the_clock_was_set_back(database: Database) -> None:
    await post(database, outgoing("a"))
    [message] = await pending(database)
    in_an_hour = NOW + timedelta(hours=1)
    await database.outbox.later(message, until=in_an_hour + timedelta(minutes=1), count_try=False)
    assert not await pending(database, now=in_an_hour)
    assert await pending(database), "the clock was an hour ahead"


async def test_a_message_waits_for_its_picture_and_nobody_waits_for_it(
    database: Database,
) -> None:
    picture = Picture("summary", {"total": "12.50"})
    await post(database, outgoing("h1", reply=Reply("📊", picture=picture)), outgoing("h2", "next"))
    assert await texts(database) == ["next"]
    [job] = await database.jobs.claim(now=NOW, room=lambda _: 5, lease_seconds=60)
    assert (job.key, job.kind, job.partition) == ("draw:h1", "draw", None)
    assert job.values == {"message_key": "h1", "drawing": "summary", "values": {"total": "12.50"}}
    await database.outbox.release("h1", Attachment("blob", "summary.png", as_photo=True))
    [outbox_message, _] = await pending(database)
    attachment = {"blob_key": "blob", "file_name": "summary.png", "as_photo": True}
    assert outbox_message.payload == {"text": "📊", "owner": None, "attachment": attachment}
    await database.outbox.release("h1", None)  # a job is done at least once
    assert (await pending(database))[0].payload["attachment"] == attachment


async def test_a_message_goes_as_text_when_its_picture_fails(database: Database) -> None:
    await post(database, outgoing("h1", reply=Reply("📊", picture=Picture("x", {}))))
    await database.outbox.release("h1", None)
    assert await texts(database) == ["📊"]


async def test_a_picture_of_exchanged_content_is_left_alone(database: Database) -> None:
    await post(database, outgoing("h1", reply=Reply("old", picture=Picture("x", {}))))
    newer = Reply("new", picture=Picture("y", {}))
    await post(database, outgoing("h2", reply=newer, edits="h1"))
    await database.outbox.release("h1", Attachment("old", "old.png"))
    assert await pending(database) == [], "it waits for the newer picture"
    await database.outbox.release("h2", Attachment("new", "new.png"))
    [outbox_message] = await pending(database)
    assert outbox_message.payload["text"] == "new"
    assert outbox_message.payload["attachment"]["blob_key"] == "new"  # type: ignore[index,call-overload]
    # A paged picture message: sent, then edited to another page with another picture.
    await database.outbox.sent([(outbox_message, 100)])
    page = Reply("page 2", picture=Picture("y", {}))
    await post(database, outgoing("h3", reply=page, edits="h1"))
    assert await pending(database) == []
    await database.outbox.release("h3", Attachment("two", "two.png"))
    [outbox_message] = await pending(database)
    assert (outbox_message.method, outbox_message.target_id) == ("edit", 100)


async def test_a_chat_waits_with_a_parcel_that_was_put_off(database: Database) -> None:
    await post(database, outgoing("a"), outgoing("b"), outgoing("c", chat_id=2))
    [first, *_] = await pending(database)
    until = NOW + timedelta(seconds=37)
    await database.outbox.later(first, until=until, count_try=True)
    assert [each.message_key for each in await pending(database)] == ["c"]
    found = await pending(database, now=until)
    assert [(each.message_key, each.tries) for each in found] == [("a", 1), ("b", 0), ("c", 0)]
    await database.outbox.later(first, until=NOW, count_try=False)
    assert (await pending(database))[0].tries == 1


async def test_a_push_that_is_too_old_is_never_sent(database: Database) -> None:
    await post(database, outgoing("a", expires_at=NOW + timedelta(hours=1)), outgoing("b"))
    later = NOW + timedelta(hours=1)
    assert [each.message_key for each in await pending(database)] == ["a", "b"]
    assert [each.message_key for each in await pending(database, now=later)] == ["b"]
    assert await database.outbox.count() == 1
    assert [each.message_key for each in await pending(database)] == ["b"], "it is marked"


async def test_a_muted_chat_keeps_its_answers_and_loses_its_pushes(database: Database) -> None:
    async with database.units.open(now=NOW) as unit:
        await unit.run(open_chat)
    await post(database, outgoing("a"), outgoing("p", kind="push"), outgoing("b", chat_id=2))
    await database.outbox.mute(CHAT)
    assert [each.message_key for each in await pending(database)] == ["b"]
    place = await database.units.read(lambda b: b.chats.find(CHAT))
    assert place is not None
    assert place.chat.muted
    async with database.units.open(now=NOW) as unit:
        await unit.run(lambda b: b.chats.mute(CHAT, muted=False))
    assert [each.message_key for each in await pending(database)] == ["a", "b"]


async def test_a_chat_without_a_ledger_can_be_muted(database: Database) -> None:
    await post(database, outgoing("a", chat_id=-5))
    await database.outbox.mute(-5)
    assert await pending(database) == []
    assert await database.units.read(lambda b: b.chats.find(-5)) is None
    async with database.units.open(now=NOW) as unit:
        await unit.run(lambda b: b.chats.mute(-5, muted=False))
    assert [each.message_key for each in await pending(database)] == ["a"]


async def test_subjects_are_forgotten_after_three_months(database: Database) -> None:
    await post(database, outgoing("a", subject=Subject(("e1",))), outgoing("b"))
    [sent, _] = await pending(database)
    await database.outbox.sent([(sent, 100)])
    await database.prune(NOW + timedelta(days=89))
    assert await database.units.read(lambda b: b.conversations.subject(CHAT, 100)) is not None
    await database.prune(NOW + timedelta(days=91))
    found = await database.units.read(
        lambda b: (b.conversations.subject(CHAT, 100), b.conversations.confirmation("e1"))
    )
    assert found == (None, None)
    assert await texts(database) == ["hi"], "what was not sent stays"


async def test_what_is_handed_back_twice_changes_nothing(database: Database) -> None:
    await post(database, outgoing("a"))
    [outbox_message] = await pending(database)
    await database.outbox.sent([(outbox_message, 100)])
    await database.outbox.sent([(outbox_message, 101)])
    await database.outbox.drop(outbox_message, error="x")
    await database.outbox.later(replace(outbox_message, tries=3), until=NOW, count_try=True)
    found = await database.units.read(
        lambda b: (b.conversations.subject(CHAT, 100), b.conversations.subject(CHAT, 101))
    )
    assert found == (("a", Subject()), None)


async def test_a_file_is_deleted_once_it_is_sent_and_a_receipts_picture_stays(
    database: Database,
) -> None:
    picture = "c" * 32

    def keep(repositories: Repositories) -> None:
        chat = open_chat(repositories)
        receipt = Receipt(
            "r1", chat.ledger.id, "tg:1:1", 7, "file", "a.jpg", "", "read", NOW, clean_key=picture
        )
        repositories.receipts.add(receipt)

    async with database.units.open(now=NOW) as unit:
        await unit.run(keep)
        for key in ("a" * 32, picture):
            reply = Reply("x", attachment=Attachment(key, "a.csv"))
            unit.send(outgoing(f"h{key}", reply=reply))
    for _ in range(2):
        [message] = await database.outbox.pending(now=NOW, limit=9, skip=NOBODY, per_chat=1)
        await database.outbox.sent([(message, 5)])
    [job] = await database.jobs.claim(now=NOW, room=lambda _: 9, lease_seconds=9)
    assert (job.kind, job.values) == ("delete_blobs", {"keys": ["a" * 32]})


async def test_a_keyboard_ends_with_the_content_that_it_belongs_to(database: Database) -> None:
    def card(key: str, edits: str | None = None) -> Outgoing:
        reply = Reply(key, buttons=((press("x", "open", "e1"),),))
        return outgoing(key, reply=reply, edits=edits)

    async def keyboard() -> str:
        (message,) = await pending(database)
        rows: Any = message.payload["buttons"]
        return str(rows[0][0]["data"]).partition(":")[0]

    async def alive(*keyboard_ids: str) -> list[bool]:
        async with database.units.open(now=NOW) as unit:
            kept = [
                await unit.run(lambda r, one=one: r.conversations.keyboard(one))  # type: ignore[misc]
                for one in keyboard_ids
            ]
        # Also where the machine's clock is set back after the edit.
        before = NOW - timedelta(hours=1)
        return [one is not None and one.expires_at > before for one in kept]

    await post(database, card("h1"))
    first = await keyboard()
    await post(database, card("h2", edits="h1"))  # exchanged while unsent
    second = await keyboard()
    await send_all(database)
    assert await alive(first, second) == [False, True]
    await post(database, card("h3", edits="h1"))  # edited after it was sent
    third = await keyboard()
    await post(database, card("h4", edits="h1"))  # exchanged while unsent, once more
    fourth = await keyboard()
    await send_all(database)
    assert await alive(second, third, fourth) == [False, False, True]
    await post(database, card("h4", edits="h1"))  # a key that is known changes nothing
    assert await alive(fourth) == [True]
    await post(database, outgoing("h5", reply=Reply("gone"), edits="h1"))
    assert await alive(fourth) == [False]
