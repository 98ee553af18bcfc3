"""What readers outside find out after a person was answered: better categories, offers, words."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from ledger.errors import InputError, UnavailableError
from ledger.settings import OwnCategory
from ports.answers import Captured
from ports.external_ai import ExtractedEntry, Line
from ports.jobs import JobSpec, Recategorise, RereadText, TranscribeVoice, dump_event, load_job
from ports.queue import Job, NewJob
from ports.repositories import Repositories
from services.ai_policy import AiPolicy
from services.categories.recategorising import (
    RecategorisedEntries,
    Recategoriser,
    apply,
    ask_for_categories,
    categories_of,
)
from services.scope import Scope
from services.texts import text_rereading
from services.texts.text_rereading import TextRereader, reread_text
from services.texts.voice_notes import VoiceNote, VoiceTranscriber, transcribe_voice
from storage import Database
from tests.services.setup import ANN, BERLIN, NOW, Table

Run = Callable[..., Awaitable[Any]]
CHAT = 1


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: what texts come to in either database is tried by `test_capture`."""
    return sqlite_url


@dataclass(slots=True)
class Teacher:
    """Files every line as it is told; None: it is away."""

    category: str | None = "entertainment"
    asked: list[tuple[Line, ...]] = field(default_factory=list)

    async def categorise(
        self, lines: Sequence[Line], categories: Mapping[str, str], *, language: str, chat_id: int
    ) -> list[str | None]:
        assert chat_id == CHAT
        assert language == "en"
        self.asked.append(tuple(lines))
        if self.category is None:
            raise UnavailableError("ai_failed")
        assert self.category in categories or self.category == "transfer"
        return [self.category] * len(lines)


@dataclass(slots=True)
class Reader:
    """Reads words as it is told."""

    found: tuple[ExtractedEntry, ...] = ()
    asked: list[str] = field(default_factory=list)

    async def read(
        self, text: str, *, today: date, currency: str, language: str, chat_id: int
    ) -> tuple[ExtractedEntry, ...]:
        assert (currency, language, chat_id) == ("EUR", "en", CHAT)
        self.asked.append(f"{today} {text}")
        return self.found


J = TypeVar("J", bound=JobSpec)


def values_of(job: NewJob, values: type[J]) -> J:
    """Read a job's values as they come back from the database."""
    return load_job(values, json.loads(json.dumps(job.values)), job.partition)


def taken(job: NewJob) -> Job:
    return Job(1, job.key, job.kind, json.loads(json.dumps(job.values)), job.partition, 0, NOW)


async def write(run: Run, table: Table, text: str) -> tuple[Captured, NewJob | None]:
    """Write a text; return its answer and the job that asks about its doubtful categories."""

    def work(repositories: Repositories) -> tuple[Captured, NewJob | None]:
        incoming = table.incoming(repositories, text)
        answer = table.services.capture.from_text(table.scope(repositories), incoming)
        job = ask_for_categories(
            table.chat(repositories), answer.booked, f"u{table.message_id}:1", whole=True
        )
        return answer, job

    found: tuple[Captured, NewJob | None] = await run(work)
    return found


async def refile(run: Run, table: Table, job: NewJob, database: Database, teacher: Teacher) -> Any:  # noqa: ANN401
    """Run the job and take its event in; None when it left none."""
    event = await Recategoriser(database.units, teacher).run(values_of(job, Recategorise))
    if event is None:
        return None
    later = NOW + timedelta(seconds=2)
    return await run(
        lambda repositories: apply(
            Scope(repositories, table.chat(repositories).ledger, 0, later), event
        )
    )


async def find(run: Run, table: Table, entry_id: str) -> Any:  # noqa: ANN401 -- an entry
    return await run(
        lambda repositories: repositories.entries.find(table.chat(repositories).ledger.id, entry_id)
    )


async def test_doubtful_categories_get_better_and_sure_ones_are_not_asked(
    run: Run, database: Database
) -> None:
    table, teacher = Table(), Teacher()
    answer, job = await write(run, table, "zorblax 12; zibble 3")
    assert job is not None
    better = await refile(run, table, job, database, teacher)
    assert isinstance(better, RecategorisedEntries)
    assert [one.entry.category for one in better.booked] == ["entertainment"] * 2
    assert all(one.entry.category_guessed for one in better.booked), "a tap still corrects it"
    assert better.booked[0].alternatives[0] == answer.booked[0].entry.category
    assert teacher.asked == [(Line("zorblax"), Line("zibble"))], "one call, and no amounts"
    for one in answer.booked:
        assert (await find(run, table, one.entry.id)).category == "entertainment"
    sure, none = await write(run, table, "groceries at lidl 20")
    if not sure.booked[0].entry.category_guessed:
        assert none is None


async def test_what_a_person_touched_stays(run: Run, database: Database) -> None:
    table = Table()
    answer, job = await write(run, table, "zorblax 12")
    assert job is not None
    entry = answer.booked[0].entry

    def tap(repositories: Repositories) -> None:
        chat = table.chat(repositories)
        table.services.corrections.category(
            Scope(repositories, chat.ledger, ANN.user_id, NOW + timedelta(seconds=1)),
            entry.id,
            "health",
        )

    await run(tap)
    assert await refile(run, table, job, database, Teacher()) == RecategorisedEntries()
    assert (await find(run, table, entry.id)).category == "health"


async def test_undo_takes_the_entry_back_and_not_the_bots_second_thought(
    run: Run, database: Database
) -> None:
    table = Table()
    answer, job = await write(run, table, "zorblax 12")
    assert job is not None
    await refile(run, table, job, database, Teacher())
    undone = await run(
        lambda repositories: table.services.history.undo(
            Scope(repositories, table.chat(repositories).ledger, ANN.user_id, NOW)
        )
    )
    assert undone.verb == "capture"
    assert (await find(run, table, answer.booked[0].entry.id)).deleted_at is not None


async def test_a_repeated_event_changes_nothing_more(run: Run, database: Database) -> None:
    table = Table()
    _, job = await write(run, table, "zorblax 12")
    assert job is not None
    assert (await refile(run, table, job, database, Teacher())).booked
    assert not (await refile(run, table, job, database, Teacher("health"))).booked


@pytest.mark.parametrize("category", [None, "transfer"])
async def test_a_model_that_is_away_or_talks_nonsense_changes_nothing(
    run: Run, database: Database, category: str | None
) -> None:
    table = Table()
    answer, job = await write(run, table, "zorblax 12")
    assert job is not None
    done = await refile(run, table, job, database, Teacher(category))
    assert done in (None, RecategorisedEntries())
    entry = answer.booked[0].entry
    assert (await find(run, table, entry.id)).category == entry.category


async def test_a_chat_that_forbids_it_meanwhile_is_not_asked_about(
    run: Run, database: Database
) -> None:
    table, teacher = Table(), Teacher()
    _, job = await write(run, table, "zorblax 12")
    assert job is not None

    def forbid(repositories: Repositories) -> None:
        chat = table.chat(repositories)
        repositories.chats.save_settings(chat.ledger.id, replace(chat.settings, local_only=True))

    await run(forbid)
    assert await refile(run, table, job, database, teacher) is None
    assert not teacher.asked


def test_categories_are_the_chats_own() -> None:
    own = (OwnCategory("Band", "The band"), OwnCategory("health", "Health", hidden=True))
    found = categories_of(replace(BERLIN, categories=own))
    assert found["Band"] == "The band"
    assert "groceries" in found
    assert not {"health", "income", "transfer"} & set(found)


def test_nothing_is_outside_by_default_and_a_chat_may_forbid_it() -> None:
    assert not AiPolicy().may_ask_about_texts(BERLIN)
    assert not AiPolicy().may_transcribe(BERLIN)
    everything, private = AiPolicy(texts=True, voices=True), replace(BERLIN, local_only=True)
    assert everything.may_ask_about_texts(BERLIN)
    assert everything.may_transcribe(BERLIN)
    assert not everything.may_ask_about_texts(private)
    assert not everything.may_transcribe(private)


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        # what was refused, and whether a second reader may have something to add
        ("room 20 lunch at 12:30", True),
        ("hello there", False),  # no number, no amount
        ("what did 20 cost?", False),  # a question was understood
        ("0", False),
        ("coffee 4.50", False),  # was booked
        ("call 0171 2345678", False),  # a phone number
    ],
)
async def test_only_words_that_may_hold_an_amount_are_read_again(
    run: Run, text: str, *, asked: bool
) -> None:
    table = Table()

    def work(repositories: Repositories) -> NewJob | None:
        incoming = table.incoming(repositories, text)
        answer = table.services.capture.from_text(table.scope(repositories), incoming)
        return reread_text(table.chat(repositories), ANN.user_id, incoming, answer, "u1:1")

    assert (await run(work) is not None) is asked


async def offer(run: Run, database: Database, *found: ExtractedEntry) -> tuple[Table, Any, Reader]:
    """Have refused words read and offered."""
    table, reader = Table(), Reader(found)

    def refuse(repositories: Repositories) -> NewJob | None:
        incoming = table.incoming(repositories, "room 20 lunch at 12:30")
        answer = table.services.capture.from_text(table.scope(repositories), incoming)
        return reread_text(table.chat(repositories), ANN.user_id, incoming, answer, "u1:1")

    job = await run(refuse)
    event = await TextRereader(database.units, reader).run(values_of(job, RereadText), taken(job))
    if event is None:
        return table, None, reader
    assert "12:30" not in dump_event(event), "the text stays where it was"
    return (
        table,
        await run(
            lambda repositories: text_rereading.offer(
                Scope(repositories, table.chat(repositories).ledger, 0, NOW),
                table.services.questions,
                event,
            )
        ),
        reader,
    )


@pytest.mark.parametrize("amount", ["-20", "0", "1e24", "1000000000000"])
async def test_an_amount_that_cannot_be_booked_is_not_asked_about(
    run: Run, database: Database, amount: str
) -> None:
    _, asked, _ = await offer(run, database, ExtractedEntry("expense", Decimal(amount), "lunch"))
    assert asked is None


async def test_what_a_model_read_is_asked_and_the_answer_books(
    run: Run, database: Database
) -> None:
    said = ExtractedEntry("expense", Decimal(20), "lunch", None, date(2026, 11, 19))
    table, asked, reader = await offer(run, database, said)
    assert reader.asked == ["2026-11-20 room 20 lunch at 12:30"]
    assert (asked.kind, len(asked.options)) == ("did_you_mean", 1)

    def count(repositories: Repositories) -> int:
        from ledger.entries.queries import EntryFilter

        return repositories.entries.count(table.chat(repositories).ledger.id, EntryFilter())

    assert await run(count) == 0, "nothing is booked unasked"

    def answer(repositories: Repositories) -> Captured:
        question = repositories.conversations.question(
            table.chat(repositories).ledger.id, asked.question_id
        )
        assert question is not None
        done = table.services.questions.answer(
            Scope(repositories, table.chat(repositories).ledger, 0, NOW), question, 0
        )
        assert isinstance(done, Captured)
        return done

    [booked] = (await run(answer)).booked
    assert (booked.entry.money.amount, booked.entry.note) == (Decimal("20.00"), "lunch")
    assert booked.entry.spent_on == date(2026, 11, 19)


async def test_several_are_offered_together_and_each(run: Run, database: Database) -> None:
    _, asked, _ = await offer(
        run,
        database,
        ExtractedEntry("expense", Decimal(20), "lunch"),
        ExtractedEntry("income", Decimal(5), "tip"),
    )
    assert [len(option.entries) for option in asked.options] == [2, 1, 1]


@pytest.mark.parametrize(
    "found",
    [
        (),
        (ExtractedEntry("expense", Decimal("20.555"), "lunch"),),  # no amount of euros
        (ExtractedEntry("expense", Decimal("20.50"), "ramen", "JPY"),),  # nor of yen
    ],
)
async def test_what_cannot_be_booked_is_not_offered(
    run: Run, database: Database, found: tuple[ExtractedEntry, ...]
) -> None:
    _, asked, _ = await offer(run, database, *found)
    assert asked is None


# --- voices ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class Voices:
    """Telegram's files and ears in one: each gives what it is told, or raises it."""

    file: bytes | Exception = b"OggS"
    heard: str | Exception = "coffee four fifty"

    async def fetch(self, file_id: str) -> bytes:
        assert file_id == "v1"
        if isinstance(self.file, Exception):
            raise self.file
        return self.file

    async def transcribe(self, voice: bytes, *, seconds: float, chat_id: int) -> str:
        assert (voice, seconds, chat_id) == (b"OggS", 3, CHAT)
        if isinstance(self.heard, Exception):
            raise self.heard
        return self.heard


@pytest.mark.parametrize(
    ("voices", "words", "why"),
    [
        (Voices(), "coffee four fifty", ""),
        (Voices(heard=""), "", "silent"),
        (Voices(heard=UnavailableError("ai_failed")), "", "failed"),
        (Voices(file=InputError("file_gone")), "", "gone"),
        (Voices(file=b"x" * (5 << 20)), "", "too_long"),
    ],
)
async def test_a_voice_note_becomes_words_or_a_reason(
    run: Run, voices: Voices, words: str, why: str
) -> None:
    table = Table()
    incoming = await run(lambda repositories: table.incoming(repositories, ""))
    chat = await run(table.chat)
    job = transcribe_voice(chat, ANN.user_id, incoming, VoiceNote("v1", 3, 4), "voice:u1")
    event = await VoiceTranscriber(voices, voices).run(values_of(job, TranscribeVoice), taken(job))
    assert (event.text, event.reason) == (words, why)
    assert event.message_key == "voice:u1"


async def test_a_voice_that_telegram_holds_back_is_fetched_again(run: Run) -> None:
    table = Table()
    incoming = await run(lambda repositories: table.incoming(repositories, ""))
    chat = await run(table.chat)
    job = transcribe_voice(chat, ANN.user_id, incoming, VoiceNote("v1", 3, 4), "voice:u1")
    away = Voices(file=UnavailableError("telegram_file"))
    with pytest.raises(UnavailableError):
        await VoiceTranscriber(away, away).run(values_of(job, TranscribeVoice), taken(job))
