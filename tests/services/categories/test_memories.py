"""What a chat's own entries do to the next guess once its memory is built from rows again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.errors import UnavailableError
from ports.answers import Booked
from ports.repositories import Repositories
from services.categories.memories import FRESH_SECONDS
from tests.services.setup import NOW, Run, Table

LATER = NOW + timedelta(seconds=FRESH_SECONDS + 1)


async def test_entries_that_nobody_touched_bring_no_other_word_in_doubt(
    run: Run,
) -> None:
    table = Table()

    def begin(repositories: Repositories) -> list[bool]:
        texts = ("coffee 4.50", "water 2")  # the second is booked in doubt and left unanswered
        messages = [table.incoming(repositories, text) for text in texts]
        answers = [
            table.services.capture.from_text(table.scope(repositories), message)
            for message in messages
        ]
        return [not booked.entry.category_guessed for answer in answers for booked in answer.booked]

    def wait(repositories: Repositories) -> list[bool]:
        texts = ("taxi 9", "rent 700", "netflix 13", "bread 3", "coffee 4.50")
        messages = [table.incoming(repositories, text, now=LATER) for text in texts]
        answers = [
            table.services.capture.from_text(table.scope(repositories, now=LATER), message)
            for message in messages
        ]
        return [not booked.entry.category_guessed for answer in answers for booked in answer.booked]

    assert await run(begin) == [True, False]
    assert await run(wait) == [True] * 5


async def test_a_lesson_that_is_rolled_back_is_not_remembered(run: Run) -> None:
    table = Table()

    def guess(repositories: Repositories, text: str, seconds: int) -> Booked:
        now = NOW + timedelta(seconds=seconds)
        scope = table.scope(repositories, now=now)
        incoming = table.incoming(repositories, text, now=now)
        return table.services.capture.from_text(scope, incoming).booked[0]

    def teach(repositories: Repositories) -> None:
        booked = guess(repositories, "frobnicate 5", 1)
        scope = table.scope(repositories, now=NOW + timedelta(seconds=1))
        table.services.corrections.category(scope, booked.entry.id, "education")
        # Built inside the unit, it must not outlive it either.
        assert guess(repositories, "frobnicate 6", 1).entry.category == "education"
        raise UnavailableError("lost")

    before = await run(lambda repositories: guess(repositories, "frobnicate big 4", 0))
    with pytest.raises(UnavailableError):
        await run(teach)
    after = await run(lambda repositories: guess(repositories, "frobnicate big 4", 2))
    assert after.entry.category == before.entry.category != "education"
    assert after.alternatives == before.alternatives


async def test_forgetting_leaves_no_words_in_memory(run: Run) -> None:
    table = Table()
    memories = table.services.forgetting.memories

    def work(repositories: Repositories) -> None:
        incoming = table.incoming(repositories, "frobnicate 5")
        table.services.capture.from_text(table.scope(repositories), incoming)
        assert memories.ledgers() == [table.chat(repositories).ledger.id]
        table.services.forgetting.forget(table.scope(repositories))
        assert memories.ledgers() == []

    await run(work)
