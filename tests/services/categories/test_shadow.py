"""A challenger behind the services: judged by a person's choice, before anybody has learned it."""

from __future__ import annotations

from ai.categories.shadow import ShadowCategoriser
from ports.answers import Captured
from ports.repositories import Repositories
from ports.shadow import Tally
from services.bundle import build_services
from services.scope import Scope
from tests.services.setup import ANN, DEFAULTS, NOW, Run, Table, categoriser


async def test_a_correction_is_judged_once_and_by_what_was_known_before_it(
    run: Run,
) -> None:
    shadow = ShadowCategoriser(categoriser(), categoriser())

    def services() -> Table:
        return Table(build_services(shadow, DEFAULTS))

    table = services()

    def capture(repositories: Repositories) -> str:
        incoming = table.incoming(repositories, "coffee 4.50")
        captured = table.services.capture.from_text(table.scope(repositories), incoming)
        assert isinstance(captured, Captured)
        return captured.booked[0].entry.id

    entry_id = await run(capture)
    assert shadow.take() == Tally(filed=1, filed_alike=1)
    # The process was started anew meanwhile: the chat's memory is built from rows.
    table = services()

    def correct(repositories: Repositories) -> None:
        chat = table.chat(repositories)
        table.services.corrections.category(
            Scope(repositories, chat.ledger, ANN.user_id, NOW), entry_id, "health"
        )

    await run(correct)
    assert shadow.take() == Tally(corrected=1, corrected_alike=1)
    await run(capture)
    assert shadow.take() == Tally(), "what the chat taught is no guess of a model"
