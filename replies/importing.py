"""Show an imported file in its one message, and start the job that goes on with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ledger.imports.batches import ImportBatch
from ports.answers import ImportShown, ImportStarted
from ports.jobs import (
    ImportRead,
    ImportReversed,
    ImportWritten,
    JobSpec,
    ListImport,
    ReadImport,
    ReverseImport,
    WriteImport,
    new_job,
)
from ports.repositories import Repositories
from presentation import views
from replies.alerts import respond_alerts
from replies.message_keys import import_key
from replies.refreshing import refresh_confirmations
from replies.responder import ChatResponder
from replies.results import ResultScope
from services.importing import imports
from services.members import find_chat
from services.scope import Scope


def announce_import(responder: ChatResponder, batch: ImportBatch) -> None:
    """Start reading a file, and say so."""
    _start(responder, ReadImport(batch.ledger_id, batch.id), batch)
    reply = views.import_started(ImportStarted(batch), responder.t)
    responder.reply(reply, message_key=import_key(batch.id))


def respond_import(
    responder: ChatResponder, answer: ImportStarted | ImportShown, edits: str | None
) -> None:
    """Show an import in its message; one that a job goes on with gets its job.

    A typed command, which edits nothing, is answered below it too, since that message may be far above.
    """
    if edits is None:
        responder.reply(views.import_told(answer.batch, responder.t))
    if isinstance(answer, ImportStarted):
        _go_on(responder, answer)
    else:
        _show_as_it_is(responder, answer)


def start_listing(responder: ChatResponder, batch: ImportBatch) -> None:
    """Let a job write the rows of a preview to a file."""
    if batch.state == "ready":
        _start(responder, ListImport(batch.ledger_id, batch.id), batch)
        responder.reply(views.preparing(responder.t))


def _go_on(responder: ChatResponder, answer: ImportStarted) -> None:
    """Start the job of an import's state, and say so in its message."""
    batch = answer.batch
    job: JobSpec
    if batch.state == "reading":
        job = ReadImport(batch.ledger_id, batch.id)
    elif batch.state == "writing":
        job = WriteImport(batch.ledger_id, batch.id)
    else:
        operation_id = f"{responder.key}:{batch.id}"
        job = ReverseImport(batch.ledger_id, batch.id, operation_id, redo=batch.state == "redoing")
    _start(responder, job, batch)
    responder.reply(views.import_started(answer, responder.t), edits=import_key(batch.id))


def _show_as_it_is(responder: ChatResponder, answer: ImportShown) -> None:
    """Show an import as it is, in its message."""
    reply = views.import_shown(answer, responder.t, today=responder.today)
    responder.reply(reply, edits=import_key(answer.batch.id), owner_id=answer.batch.user_id)
    respond_alerts(responder, answer.alerts)
    refresh_confirmations(responder, answer.confirmed)


async def import_read(scope: ResultScope, event: ImportRead) -> None:
    """Show the preview of a file, or why it cannot be read."""
    refusal = event.refusal.reason if event.refusal else ""
    ask = partial(imports.refuse, reason=refusal) if refusal else imports.show
    await _show(scope, event.ledger_id, event.import_id, ask)


async def import_written(scope: ResultScope, event: ImportWritten) -> None:
    """Show how many entries a file became."""
    await _show(scope, event.ledger_id, event.import_id, imports.conclude)


async def import_reversed(scope: ResultScope, event: ImportReversed) -> None:
    """Show that an import was undone or redone; cards and alerts follow."""
    ask = partial(imports.conclude_reversal, booking=scope.services.capture.booking)
    await _show(scope, event.ledger_id, event.import_id, ask)


async def _show(
    scope: ResultScope, ledger_id: int, import_id: str, ask: Callable[[Scope, str], ImportShown]
) -> None:
    def work(repositories: Repositories) -> tuple[ChatResponder, ImportShown] | None:
        place = find_chat(repositories, scope.chat_id)
        batch = repositories.imports.find(ledger_id, import_id)
        if place is None or batch is None or place.chat.ledger.id != ledger_id:
            return None
        shown = ask(Scope(repositories, place.chat.ledger, batch.user_id, scope.now), import_id)
        responder = scope.build_responder(
            repositories, place.chat, user_id=batch.user_id, source=batch.source
        )
        return responder, shown

    done = await scope.unit.run(work)
    if done:
        _show_as_it_is(*done)


def _start(responder: ChatResponder, job: JobSpec, batch: ImportBatch) -> None:
    # Each press has its own key, so a file may be read, written and undone again.
    key = f"{batch.id}:{responder.key}"
    responder.unit.start(new_job(job, key, responder.chat.chat_id))
