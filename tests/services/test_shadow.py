"""A challenger behind the services: judged by a person's choice, before anybody has learned it."""

from __future__ import annotations

from ai.categories.shadow import ShadowCategoriser
from ports.answers import Captured
from ports.books import Books
from ports.judging import Tally
from services.desk import build_desk
from tests.services.desk import ANN, NOW, Act, Table, categoriser


async def test_a_correction_is_judged_once_and_by_what_was_known_before_it(act: Act) -> None:
    shadow = ShadowCategoriser(categoriser(), categoriser())

    def desk() -> Table:
        return Table(build_desk(shadow, currency="EUR", timezone="Europe/Berlin", language="en"))

    table = desk()

    def capture(books: Books) -> str:
        written = table.written(books, "coffee 4.50")
        captured = table.desk.capture.from_text(books, written, now=NOW)
        assert isinstance(captured, Captured)
        return captured.booked[0].entry.id

    entry_id = await act(capture)
    assert shadow.take() == Tally(filed=1, filed_alike=1)
    # The process was started anew meanwhile: the chat's memory is built from rows.
    table = desk()

    def correct(books: Books) -> None:
        chat = table.chat(books)
        table.desk.corrections.category(books, chat, ANN.user_id, entry_id, "health", now=NOW)

    await act(correct)
    assert shadow.take() == Tally(corrected=1, corrected_alike=1)
    await act(capture)
    assert shadow.take() == Tally(), "what the chat taught is no guess of a model"
