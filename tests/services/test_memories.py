"""What a chat's own entries do to the next guess once its memory is built from rows again."""

from __future__ import annotations

from datetime import timedelta

from ports.books import Books
from services.memories import FRESH_SECONDS
from tests.services.desk import NOW, Act, Table

LATER = NOW + timedelta(seconds=FRESH_SECONDS + 1)


async def test_entries_that_nobody_touched_bring_no_other_word_in_doubt(act: Act) -> None:
    table = Table()

    def begin(books: Books) -> list[bool]:
        texts = ("coffee 4.50", "water 2")  # the second is booked in doubt and left unanswered
        messages = [table.written(books, text) for text in texts]
        answers = [table.desk.capture.from_text(books, message, now=NOW) for message in messages]
        return [booked.sure_category for answer in answers for booked in answer.booked]

    def wait(books: Books) -> list[bool]:
        texts = ("taxi 9", "rent 700", "netflix 13", "bread 3", "coffee 4.50")
        messages = [table.written(books, text, now=LATER) for text in texts]
        answers = [table.desk.capture.from_text(books, message, now=LATER) for message in messages]
        return [booked.sure_category for answer in answers for booked in answer.booked]

    assert await act(begin) == [True, False]
    assert await act(wait) == [True] * 5
