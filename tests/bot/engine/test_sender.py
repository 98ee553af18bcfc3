"""The sender against a server that refuses, floods, migrates and loses what it may."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.engine.sender import LEADER_SECONDS, Sender
from bot.ops.clock import utc_now
from bot.setup.setting_values import Pacing
from bot.telegram.api import BotApi
from bot.telegram.pacing import Pacer
from demo.botapi.errors import ApiError, bad_request, forbidden, migrated
from demo.botapi.requests.limits import Limits
from demo.server import DemoServer
from ledger.settings import Settings
from ports.messages import Action, Attachment, Button, Line, Outgoing, Reply
from ports.outbox import OutboxMessage, Queued
from storage import Database, open_database
from storage.blobs.disk import DiskBlobs
from storage.database.queues.outbox import SqlOutbox
from tests.bot.parts import drained, leads, open_parts, queue, until

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


def said(chat_id: int, handle: str, text: str | None = None, **more: object) -> Outgoing:
    return Outgoing(chat_id, handle, Reply(text or handle), **more)  # type: ignore[arg-type]


def confirmation(chat_id: int, handle: str) -> Outgoing:
    button = Button("✎", Action("open", (handle,)))
    return Outgoing(
        chat_id, handle, Reply(f"long {handle}", ((button,),), line=Line(f"• {handle}", button))
    )


async def test_an_edit_takes_the_place_of_its_message(demo: DemoServer, database: Database) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    async with open_parts(demo, database, is_polling=False) as parts:
        await queue(database, said(chat.id, "a", "reading…"))
        parts.sender.wake.set()
        await sim.until(lambda: len(sim.sent(chat)) == 1)
        await queue(database, said(chat.id, "b", "the result", edits="a"))
        parts.sender.wake.set()
        await drained(database)
    assert [m.text for m in sim.sent(chat)] == ["the result"]
    assert sim.sent(chat)[0].edit_count == 1


@pytest.mark.parametrize(
    ("refusal", "texts"),
    [
        # What is so already is done.
        (bad_request("message is not modified: specified new content is the same"), ["old"]),
        # The message is gone: it is said anew.
        (bad_request("message to edit not found"), ["old", "new"]),
        (bad_request("message can't be edited"), ["old", "new"]),
        # Refused for a reason nobody knows: given up, and the chat goes on.
        (bad_request("something new"), ["old"]),
    ],
)
async def test_refused_edits_are_harmless(
    demo: DemoServer, database: Database, refusal: ApiError, texts: list[str]
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    async with open_parts(demo, database, is_polling=False) as parts:
        await queue(database, said(chat.id, "a", "old"))
        parts.sender.wake.set()
        await sim.until(lambda: len(sim.sent(chat)) == 1)
        sim.faults.refuse(refusal, method="editMessageText")
        await queue(database, said(chat.id, "b", "new", edits="a"), said(chat.id, "c", "next"))
        parts.sender.wake.set()
        await sim.until(lambda: sim.sent(chat)[-1].text == "next")
        await drained(database)
    assert [m.text for m in sim.sent(chat)] == [*texts, "next"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # Markup of ours that is broken must not keep a person without an answer.
        ("<b>coffee", "coffee"),
        ("a < b", "a < b"),
        ("<i>tea</b> &amp; cake", "tea & cake"),
        ("x" * 5000, "x" * 4096),
    ],
)
async def test_what_cannot_be_parsed_goes_out_plain(
    demo: DemoServer, database: Database, text: str, shown: str
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    await queue(database, said(chat.id, "a", text))
    async with open_parts(demo, database, is_polling=False):
        await drained(database)
    assert [m.text for m in sim.sent(chat)] == [shown]


async def test_buttons_that_are_refused_are_left_out(demo: DemoServer, database: Database) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    reply = Reply("with a link", ((Button("x", url="no link at all"),),))
    await queue(database, Outgoing(chat.id, "a", reply))
    async with open_parts(demo, database, is_polling=False):
        await drained(database)
    assert [(m.text, m.labels) for m in sim.sent(chat)] == [("with a link", [])]


async def test_an_answer_to_a_deleted_message_still_goes_out(
    demo: DemoServer, database: Database
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    await queue(database, said(chat.id, "a", "answer", reply_to=4711))
    async with open_parts(demo, database, is_polling=False):
        await drained(database)
    assert [m.text for m in sim.sent(chat)] == ["answer"]


async def test_deleting_what_is_gone_is_done(demo: DemoServer, database: Database) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    async with open_parts(demo, database, is_polling=False) as parts:
        await queue(database, said(chat.id, "a"))
        parts.sender.wake.set()
        await sim.until(lambda: len(sim.sent(chat)) == 1)
        sim.delete(sim.sent(chat)[0])
        await queue(database, said(chat.id, "b", edits="a", deletes=True), said(chat.id, "c"))
        parts.sender.wake.set()
        await drained(database)
    assert [m.text for m in sim.sent(chat)] == ["c"]


async def test_a_flooded_chat_waits_alone_and_is_left_alone(
    demo: DemoServer, database: Database
) -> None:
    sim = demo.simulation
    flooded = sim.private_chat(sim.add_user("Ann"))
    others = [sim.private_chat(sim.add_user(f"P{n}")) for n in range(20)]
    sim.faults.flood(flooded.id, 3)
    for number in range(5):
        await queue(database, said(flooded.id, f"f{number}"))
    for other in others:
        await queue(database, said(other.id, f"o{other.id}"))
    async with open_parts(demo, database, is_polling=False):
        await drained(database)
    asked = [r.at for r in sim.requests("sendMessage") if r.chat_id == flooded.id]
    assert asked[1] - asked[0] >= 3.0
    assert asked[1] > max(r.at for r in sim.requests("sendMessage") if r.chat_id != flooded.id)
    assert [m.text for m in sim.sent(flooded)] == [f"f{n}" for n in range(5)]


async def test_a_wait_that_telegram_asked_for_outlasts_a_restart(
    demo: DemoServer, database: Database
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    sim.faults.flood(chat.id, 2)
    await queue(database, said(chat.id, "a"))
    async with open_parts(demo, database, is_polling=False) as parts:
        await until(lambda: chat.id in parts.sender._resting)
    async with open_parts(demo, database, is_polling=False):
        await drained(database)
    first, second = (r.at for r in sim.requests("sendMessage"))
    assert second - first >= 2.0


async def test_a_chat_that_blocked_us_is_tried_once_and_hurts_nobody(
    demo: DemoServer, database: Database
) -> None:
    """F03: pushes are dropped, answers are kept for the return."""
    sim = demo.simulation
    people = [sim.add_user(f"P{n}") for n in range(10)]
    now = utc_now()
    for person in people:
        chat = sim.private_chat(person)

        def add(repositories: object, chat_id: int = chat.id) -> None:
            repositories.chats.add(chat_id, "private", "", Settings("EUR", "UTC", "en"), now)  # type: ignore[attr-defined]

        async with database.units.open(now=now) as unit:
            await unit.run(add)
    for person in people[:3]:
        sim.block(person)
    for person in people:
        for number in range(3):
            await queue(database, said(person.id, f"{person.id}:{number}", kind="push"))
    async with open_parts(demo, database, is_polling=False):
        await sim.until(lambda: all(len(sim.sent(sim.private_chat(p))) == 3 for p in people[3:]))
        await drained(database)
    for person in people[:3]:
        assert len([r for r in sim.requests("sendMessage") if r.chat_id == person.id]) == 1


async def test_a_group_that_became_a_supergroup_gets_its_messages_there(
    demo: DemoServer, database: Database
) -> None:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    group = sim.add_group("Flat", [ann])
    now = utc_now()
    async with database.units.open(now=now) as unit:
        await unit.run(
            lambda repositories: repositories.chats.add(
                group.id, "group", "Flat", Settings("EUR", "UTC", "en"), now
            )
        )
    supergroup = sim.migrate(group, notices="none")
    await queue(database, said(group.id, "a"), said(group.id, "b"))
    async with open_parts(demo, database, is_polling=False):
        await sim.until(lambda: len(sim.sent(supergroup)) == 2)
        await drained(database)
    assert [m.text for m in sim.sent(supergroup)] == ["a", "b"]


async def test_confirmations_that_queue_up_are_joined(demo: DemoServer, database: Database) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    sim.limit(Limits())
    await queue(database, *(confirmation(chat.id, f"entry {n}") for n in range(12)))
    async with open_parts(demo, database, is_polling=False, pacing=Pacing(30, 1, 20)):
        await drained(database)
    (joined,) = sim.sent(chat)
    assert joined.text.splitlines() == [f"• entry {n}" for n in range(12)]
    assert len(joined.buttons) == 12
    assert sim.refusals() == {}


async def test_a_few_confirmations_pass_one_by_one(demo: DemoServer, database: Database) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    await queue(database, confirmation(chat.id, "a"), confirmation(chat.id, "b"))
    async with open_parts(demo, database, is_polling=False, pacing=Pacing(30, 1, 20)):
        await drained(database)
    assert [m.text for m in sim.sent(chat)] == ["long a", "long b"]


async def test_without_pacing_nothing_is_joined(demo: DemoServer, database: Database) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    await queue(database, *(confirmation(chat.id, f"{n}") for n in range(15)))
    async with open_parts(demo, database, is_polling=False):
        await drained(database)
    assert [m.text for m in sim.sent(chat)] == [f"long {n}" for n in range(15)]


async def test_a_push_that_is_too_old_is_not_sent(demo: DemoServer, database: Database) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    late = utc_now() - timedelta(seconds=1)
    await queue(database, said(chat.id, "late", kind="push", expires_at=late), said(chat.id, "now"))
    async with open_parts(demo, database, is_polling=False):
        await drained(database)
    assert [m.text for m in sim.sent(chat)] == ["now"]


async def test_a_picture_is_uploaded_once_and_used_again(
    demo: DemoServer, database: Database, tmp_path: Path
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    async with open_parts(demo, database, is_polling=False, blobs=tmp_path) as parts:
        key = await parts.blobs.put(PNG, media_type="image/png")
        reply = Reply("a caption", attachment=Attachment(key, "week.png", as_photo=True))
        for handle in ("a", "b"):
            await queue(database, Outgoing(chat.id, handle, reply))
            parts.sender.wake.set()
            await drained(database)
    first, second = sim.sent(chat)
    assert (first.text, first.media) == ("a caption", "photo")
    assert first.data["photo"][0]["file_id"] == second.data["photo"][0]["file_id"]


async def test_a_file_that_is_gone_leaves_its_words(
    demo: DemoServer, database: Database, tmp_path: Path
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    reply = Reply("the words", attachment=Attachment("0" * 32, "x.csv"))
    await queue(database, Outgoing(chat.id, "a", reply))
    async with open_parts(demo, database, is_polling=False, blobs=tmp_path):
        await drained(database)
    assert [m.text for m in sim.sent(chat)] == ["the words"]


async def test_a_text_becomes_a_picture_and_a_picture_takes_new_words(
    demo: DemoServer, database: Database, tmp_path: Path
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    async with open_parts(demo, database, is_polling=False, blobs=tmp_path) as parts:
        key = await parts.blobs.put(PNG, media_type="image/png")
        picture = Reply("drawn", attachment=Attachment(key, "week.png", as_photo=True))
        for outgoing in (
            said(chat.id, "a", "drawing…"),
            Outgoing(chat.id, "b", picture, edits="a"),
            said(chat.id, "c", "other words", edits="b"),
        ):
            await queue(database, outgoing)
            parts.sender.wake.set()
            await drained(database)
    (message,) = sim.sent(chat)
    assert (message.text, message.media) == ("other words", "photo")


async def test_a_refused_token_loses_nothing(demo: DemoServer, database: Database) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    sim.faults.refuse(ApiError(401, "Unauthorized"), method="sendMessage")
    await queue(database, said(chat.id, "a"))
    async with open_parts(demo, database, is_polling=False) as parts:
        await until(lambda: chat.id in parts.sender._resting)
        assert len(sim.requests("sendMessage")) == 1
        assert await database.outbox.count() == 1
        parts.sender._resting.clear()
        parts.sender.wake.set()
        await drained(database)
    assert [m.text for m in sim.sent(chat)] == ["a"]


async def test_a_chat_that_is_gone_is_muted(demo: DemoServer, database: Database) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    sim.faults.refuse(forbidden("user is deactivated"), method="sendMessage")
    await queue(database, said(chat.id, "a", kind="push"))
    async with open_parts(demo, database, is_polling=False):
        await drained(database)
    assert sim.sent(chat) == []


@pytest.mark.parametrize(
    "refusal",
    [forbidden("bot was blocked by the user"), bad_request("chat not found"), migrated(-100123)],
)
async def test_an_answer_to_a_chat_we_do_not_know_is_not_tried_for_ever(
    demo: DemoServer, database: Database, refusal: ApiError
) -> None:
    """A stranger has no ledger and so no chat that could be muted or moved."""
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    sim.faults.refuse(refusal, method="sendMessage", times=50)
    await queue(database, said(chat.id, "a"))
    async with open_parts(demo, database, is_polling=False):
        await sim.until(lambda: sim.requests("sendMessage"))
        await sim.quiet(2.0)
    assert 1 <= len(sim.requests("sendMessage")) <= 3


async def commit(database: Database, *outgoings: Outgoing) -> list[Queued]:
    """Put messages into the outbox, in one commit; return what the sender is offered."""
    async with database.units.open(now=utc_now()) as unit:
        for outgoing in outgoings:
            unit.send(outgoing)
    return unit.queued


async def test_messages_from_memory_keep_their_order_and_leave_once(
    demo: DemoServer, database: Database
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    sim.faults.latency_seconds = 0.05
    async with open_parts(demo, database, is_polling=False) as parts:
        await queue(database, said(chat.id, "0"))
        parts.sender.wake.set()
        await sim.until(lambda: len(sim.sent(chat)) == 1)
        for number in range(1, 30):
            parts.sender.offer(await commit(database, said(chat.id, str(number))))
        await sim.until(lambda: len(sim.sent(chat)) == 30)
        await drained(database)
    assert [m.text for m in sim.sent(chat)] == [str(number) for number in range(30)]


async def test_who_waits_to_lead_leads_soon_where_a_message_waits(
    demo: DemoServer, database: Database
) -> None:
    """In an upgrade the process that sends stops, and people wait for what the others wrote."""
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    free = asyncio.Event()

    async def leads_when_free() -> bool:
        return free.is_set()

    leaders = (leads, leads_when_free)
    async with open_parts(demo, database, is_polling=False, leaders=leaders) as parts:
        parts.sender.offer(await commit(database, said(chat.id, "a")))
        await sim.quiet(0.05)
        free.set()
        await sim.until(lambda: sim.sent(chat), timeout=LEADER_SECONDS / 2)


async def test_a_message_from_memory_never_overtakes_one_that_waits(
    demo: DemoServer, database: Database
) -> None:
    """The first was stored by another process, which tells nobody."""
    sim = demo.simulation
    chat, other = (sim.private_chat(sim.add_user(name)) for name in ("Ann", "Bo"))
    async with open_parts(demo, database, is_polling=False) as parts:
        await queue(database, said(other.id, "0"))
        parts.sender.wake.set()
        await sim.until(lambda: len(sim.sent(other)) == 1)
        await queue(database, said(chat.id, "a"))
        parts.sender.offer(await commit(database, said(chat.id, "b")))
        await sim.until(lambda: len(sim.sent(chat)) == 2)
        await drained(database)
    assert [m.text for m in sim.sent(chat)] == ["a", "b"]


async def test_a_late_offer_sends_nothing_that_was_read_already(
    demo: DemoServer, database: Database
) -> None:
    """A commit is visible before its worker comes to offer it."""
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    sim.faults.latency_seconds = 0.3
    async with open_parts(demo, database, is_polling=False) as parts:
        for number in range(2):
            queued = await commit(database, said(chat.id, str(number)))
            parts.sender.wake.set()
            await sim.until(lambda: sim.requests("sendMessage"))
            parts.sender.offer(queued)
            await sim.until(lambda number=number: len(sim.sent(chat)) == number + 1)  # type: ignore[misc]
            await drained(database)
            parts.sender.offer(queued)
        await sim.quiet(1.0)
    assert [m.text for m in sim.sent(chat)] == ["0", "1"]


async def test_a_late_read_sends_nothing_that_left_from_memory(
    demo: DemoServer, database: Database
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    read, go_on = asyncio.Event(), asyncio.Event()

    class LateOutbox(SqlOutbox):
        async def pending(
            self, *, now: datetime, limit: int, skip: frozenset[int], per_chat: int = 20
        ) -> list[OutboxMessage]:
            found = await SqlOutbox.pending(
                self, now=now, limit=limit, skip=skip, per_chat=per_chat
            )
            if found:
                read.set()
                await go_on.wait()
            return found

    outbox = LateOutbox(database.outbox.backend)
    async with BotApi(demo.url, demo.token) as api:
        wake = asyncio.Event()
        sender = Sender(outbox, api, DiskBlobs(Path("/nonexistent")), Pacer(None), wake, leads)
        running = asyncio.create_task(sender.run())
        queued = await commit(database, said(chat.id, "a"))
        wake.set()
        await read.wait()
        sender.offer(queued)
        await sim.until(lambda: len(sim.sent(chat)) == 1)
        await drained(database)
        go_on.set()
        await sim.quiet()
        await sender.stop(1)
        await running
    assert [m.text for m in sim.sent(chat)] == ["a"]


async def test_what_left_before_a_kill_is_not_sent_again(demo: DemoServer, sqlite_url: str) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    left = asyncio.Event()

    class DyingOutbox(SqlOutbox):
        async def sent(self, results: Sequence[tuple[OutboxMessage, int | None]]) -> None:
            _ = results
            left.set()
            await asyncio.Event().wait()

    async with BotApi(demo.url, demo.token) as api:

        def sender_of(outbox: SqlOutbox) -> Sender:
            wake = asyncio.Event()
            return Sender(outbox, api, DiskBlobs(Path("/nonexistent")), Pacer(None), wake, leads)

        async with open_database(sqlite_url) as database:
            await queue(database, said(chat.id, "a"))
            outbox = database.outbox
            running = asyncio.create_task(
                sender_of(DyingOutbox(outbox.backend, outbox.journal)).run()
            )
            await left.wait()
            running.cancel()
        async with open_database(sqlite_url) as database:
            await queue(database, said(chat.id, "b"))
            sender = sender_of(database.outbox)
            running = asyncio.create_task(sender.run())
            await drained(database)
            await sender.stop(1)
            await running
    assert [m.text for m in sim.sent(chat)] == ["a", "b"]
