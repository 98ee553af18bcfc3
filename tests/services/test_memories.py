"""What a chat's own entries do to the next guess once its memory is built from rows again."""

from __future__ import annotations

from datetime import timedelta

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
        messages = [table.written(repositories, text) for text in texts]
        answers = [
            table.services.capture.from_text(table.scope(repositories), message)
            for message in messages
        ]
        return [booked.sure_category for answer in answers for booked in answer.booked]

    def wait(repositories: Repositories) -> list[bool]:
        texts = ("taxi 9", "rent 700", "netflix 13", "bread 3", "coffee 4.50")
        messages = [table.written(repositories, text, now=LATER) for text in texts]
        answers = [
            table.services.capture.from_text(table.scope(repositories, now=LATER), message)
            for message in messages
        ]
        return [booked.sure_category for answer in answers for booked in answer.booked]

    assert await run(begin) == [True, False]
    assert await run(wait) == [True] * 5
