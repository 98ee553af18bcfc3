"""What a killed process noted as sent is not sent again."""

from __future__ import annotations

from pathlib import Path

import orjson

from ports.messages import Reply
from storage import Database, open_database
from storage.database.queues import sent_journal
from storage.database.queues.sent_journal import Note, SentJournal
from tests.storage.queues.test_outbox import pending, post, texts
from tests.storage.samples import outgoing


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder}/kvitto.db"


def journal_of(folder: Path) -> SentJournal:
    return SentJournal(folder / "kvitto.db.sent")


async def begin(folder: Path, *keys: str) -> None:
    """Send messages and end before any of them is marked."""
    async with open_database(url_of(folder)) as database:
        await post(database, *(outgoing(key) for key in keys))
        for number, message in enumerate(await pending(database)):
            database.outbox.note_sent([message], 100 + number)


async def test_noted_messages_are_marked_by_the_next_process(tmp_path: Path) -> None:
    await begin(tmp_path, "a", "b")
    async with open_database(url_of(tmp_path)) as database:
        await post(database, outgoing("c"))
        assert await database.outbox.recover() == 2
        assert [each.message_key for each in await pending(database)] == ["c"]
        # The ids are known too: an edit changes the message that stands in the chat.
        await post(database, outgoing("d", edits="b"))
        edits = [each for each in await pending(database) if each.method == "edit"]
        assert [each.target_id for each in edits] == [101]
        assert await database.outbox.recover() == 0


async def test_content_that_was_exchanged_meanwhile_becomes_an_edit(tmp_path: Path) -> None:
    await begin(tmp_path, "a")
    async with open_database(url_of(tmp_path)) as database:
        await post(database, outgoing("b", reply=Reply("newer"), edits="a"))
        await database.outbox.recover()
        (left,) = await pending(database)
        assert (left.method, left.target_id) == ("edit", 100)
        assert await texts(database) == ["newer"]


async def test_messages_noted_as_one_are_about_all_of_them(tmp_path: Path) -> None:
    async with open_database(url_of(tmp_path)) as database:
        await post(database, outgoing("a"), outgoing("b"))
        database.outbox.note_sent(await pending(database), 100)
    assert [note.is_joined for note in journal_of(tmp_path).read()] == [True, True]
    async with open_database(url_of(tmp_path)) as database:
        assert await database.outbox.recover() == 2
        assert await pending(database) == []


async def test_older_notes_move_nothing_that_is_another_message_by_now(tmp_path: Path) -> None:
    async with open_database(url_of(tmp_path)) as database:
        await post(database, outgoing("a"), outgoing("b"))
        both = await pending(database)
        database.outbox.note_sent(both, 100)
        # Exchanged on its way: the newer content leaves as a message of its own.
        await post(database, outgoing("c", reply=Reply("newer"), edits="a"))
        await database.outbox.joined(both, 100)
        (newer,) = await pending(database)
        database.outbox.note_sent([newer], 101)
        await database.outbox.sent([(newer, 101)])
    async with open_database(url_of(tmp_path)) as database:
        await database.outbox.recover()
        await post(database, outgoing("d", edits="a"), outgoing("e", edits="b"))
        assert [each.target_id for each in await pending(database)] == [101, 100]


async def test_torn_lines_and_reused_ids_mark_nothing(tmp_path: Path) -> None:
    async with open_database(url_of(tmp_path)) as database:
        await post(database, outgoing("a"), outgoing("b"))
        first, second = await pending(database)
        lines = [
            orjson.dumps([first.id, 0, "of another message", 7, False]),
            b"[1, 0, null]",
            b"\0\0\0",
            # As the release before wrote it.
            orjson.dumps([second.id, 0, second.message_key, 8, False]),
            orjson.dumps([first.id, 0, first.message_key, 7, False])[:9],
        ]
        (tmp_path / "kvitto.db.sent").write_bytes(b"\n".join(lines))
        await database.outbox.recover()
        assert [each.message_key for each in await pending(database)] == ["a"]


async def test_the_file_is_emptied_only_when_every_note_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "kvitto.db.sent"
    async with open_database(url_of(tmp_path)) as database:
        await post(database, outgoing("a"), outgoing("b"))
        first, second = await pending(database)
        for _ in range(sent_journal.KEPT_BYTES_MAX // 16):
            database.outbox.note_sent([first], 7)
            await _mark_without_database(database)
        database.outbox.note_sent([second], 8)
        assert path.stat().st_size < sent_journal.KEPT_BYTES_MAX
        assert journal_of(tmp_path).read()[-1] == Note(second.id, 0, "b", 8, is_joined=False)


async def _mark_without_database(database: Database) -> None:
    assert database.outbox.journal is not None
    database.outbox.journal.settle(1)
