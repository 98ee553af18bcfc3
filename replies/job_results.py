"""Tell a chat the results of its jobs, by a function for each event of `ports.jobs`.

`bot.setup.jobs` names each of them in the row of its job.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ledger.entries.source_keys import via_of
from ledger.errors import InputError
from ledger.inquiries.wire import load_query
from ports.answers import Asked, Captured, Confirmed, Exported, Nothing, ReceiptRefused
from ports.answers.access import WebhookChanged
from ports.jobs import (
    AdminsFound,
    CardNotPinned,
    ChatMigrated,
    EntriesChanged,
    ExportFailed,
    ExportWritten,
    ImportListed,
    MemberGone,
    QuestionRead,
    Recategorised,
    ReceiptFailed,
    ReceiptRead,
    TextReread,
    UnreadFile,
    VoiceFailed,
    VoiceTranscribed,
    WebhookGivenUp,
)
from ports.repositories import Repositories
from presentation import views
from replies.alerts import respond_alerts
from replies.answers.questions import respond_asked
from replies.entries import subject_of
from replies.message_keys import receipt_key
from replies.names import list_category_names, list_group_names
from replies.refreshing import refresh_confirmations
from replies.responder import ChatResponder
from replies.responding import respond
from replies.results import ResultScope
from services.categories import recategorising
from services.categories.recategorising import RecategorisedEntries
from services.entries.confirmations import find_confirmations
from services.forget import delete_files
from services.inquiries.answering import InquiryResult
from services.members import find_chat, keep_admins, leave
from services.scope import Scope
from services.texts import text_rereading
from services.texts.incoming_text import IncomingText
from services.webhooks.keeping import give_up_webhook


async def receipt_read(scope: ResultScope, event: ReceiptRead) -> None:
    """Book or ask about a receipt, in the place of its "reading…" message."""

    def work(
        repositories: Repositories,
    ) -> tuple[ChatResponder, Captured | ReceiptRefused | Nothing] | None:
        found = scope.services.receipts.find(repositories, event.ledger_id, event.receipt_id)
        if found is None:
            return None
        receipt, chat = found
        caption = IncomingText(
            text=receipt.caption,
            source=receipt.source,
            chat_kind=chat.kind,
            sent_at=receipt.received_at,
            addressed=event.addressed,
            category_names=list_category_names(chat.settings),
        )
        via = via_of(receipt.source)
        ledger_scope = Scope(repositories, chat.ledger, receipt.user_id, scope.now, via)
        answer = scope.services.receipts.take_reading(ledger_scope, caption, event)
        responder = scope.build_responder(
            repositories, chat, user_id=receipt.user_id, source=receipt.source
        )
        return responder, answer

    done = await scope.unit.run(work)
    if done is None or isinstance(done[1], Nothing):
        return
    responder, answer = done
    # In a group "reading…" was not said, because most pictures there are not receipts.
    private = responder.chat.kind == "private"
    respond(responder, answer, edits=receipt_key(event.receipt_id) if private else None)


async def receipt_failed(scope: ResultScope, event: ReceiptFailed) -> None:
    """Say that a receipt could not be read."""
    refusal = UnreadFile("reading_failed")
    read = ReceiptRead(event.ledger_id, event.receipt_id, event.addressed, refusal=refusal)
    await receipt_read(scope, read)


async def export_written(scope: ResultScope, event: ExportWritten) -> None:
    """Send the files of an export, or say why there are none."""
    responder = await _find_responder(scope)
    if _is_forgotten(responder, event.ledger_id):
        _delete_files(scope, [file.blob_key for file in event.files])
        return
    assert responder is not None
    if event.refusal:
        problem = InputError(event.refusal.reason, **event.refusal.values)
        responder.reply(views.error(problem, responder.t))
    for file in event.files:
        exported = Exported(file.blob_key, file.file_name, file.rows, file.period, file.about)
        respond(responder, exported)


async def import_listed(scope: ResultScope, event: ImportListed) -> None:
    """Send the rows of a preview."""
    responder, file = await _find_responder(scope), event.file
    if _is_forgotten(responder, event.ledger_id):
        _delete_files(scope, [file.blob_key])
        return
    assert responder is not None
    respond(responder, Exported(file.blob_key, file.file_name, file.rows, None, file.about))


async def export_failed(scope: ResultScope, event: ExportFailed) -> None:
    """Say that an export failed, with the error's id."""
    responder = await _find_responder(scope)
    if responder:
        responder.reply(views.apology(event.reference, responder.t))


async def admins_found(scope: ResultScope, event: AdminsFound) -> None:
    """Keep who the admins of a group are."""
    await scope.unit.run(
        lambda repositories: keep_admins(repositories, scope.chat_id, event.user_ids)
    )


async def member_gone(scope: ResultScope, event: MemberGone) -> None:
    """Mark that a person is no longer in a group."""
    await scope.unit.run(
        lambda repositories: leave(repositories, scope.chat_id, event.user_id, scope.now)
    )


async def card_not_pinned(scope: ResultScope, event: CardNotPinned) -> None:
    """Say once for each card that the bot may not pin messages here."""
    if responder := await _find_responder(scope):
        reply = views.card_not_pinned(responder.t)
        responder.reply(reply, message_key=f"{event.message_key}:unpinned")


async def webhook_given_up(scope: ResultScope, event: WebhookGivenUp) -> None:
    """Tell a webhook nothing more, and say so once."""

    def work(repositories: Repositories) -> tuple[ChatResponder, WebhookChanged] | None:
        found = give_up_webhook(repositories, event.webhook_id, scope.now)
        if found is None:
            return None
        chat, webhook = found
        return scope.build_responder(repositories, chat), WebhookChanged(webhook, given_up=True)

    if done := await scope.unit.run(work):
        responder, answer = done
        responder.reply(views.webhook_changed(answer, responder.t))


async def entries_changed(scope: ResultScope, event: EntriesChanged) -> None:
    """Edit the newest messages that confirm entries which a schedule changed."""

    def work(repositories: Repositories) -> tuple[ChatResponder, tuple[Confirmed, ...]] | None:
        place = find_chat(repositories, scope.chat_id)
        if place is None:
            return None
        ledger_scope = Scope(repositories, place.chat.ledger, 0, scope.now)
        found = [repositories.entries.find(ledger_scope.ledger.id, i) for i in event.entry_ids]
        live = [one for one in found if one is not None and one.deleted_at is None]
        confirmed = find_confirmations(ledger_scope, scope.services.capture.booking, live)
        return scope.build_responder(repositories, place.chat), confirmed

    if done := await scope.unit.run(work):
        refresh_confirmations(*done)


async def chat_migrated(scope: ResultScope, event: ChatMigrated) -> None:
    """Continue the ledger of a group in its supergroup."""
    await scope.unit.run(
        lambda repositories: scope.services.merging.migrate(
            repositories, event.old_id, event.new_id, scope.now
        )
    )


async def recategorised(scope: ResultScope, event: Recategorised) -> None:
    """Edit a confirmation whose entries got better categories."""

    def work(
        repositories: Repositories,
    ) -> tuple[ChatResponder, RecategorisedEntries] | None:
        place = find_chat(repositories, scope.chat_id)
        if place is None or place.chat.ledger.id != event.ledger_id:
            return None
        ledger_scope = Scope(repositories, place.chat.ledger, 0, scope.now)
        better = recategorising.apply(ledger_scope, event)
        return scope.build_responder(repositories, place.chat), better

    done = await scope.unit.run(work)
    if done is None:
        return
    responder, better = done
    if better.booked and better.message_key:
        reply = views.captured(
            Captured(better.booked), responder.t, today=responder.today, payers=responder.payers
        )
        responder.reply(reply, edits=better.message_key, subject=subject_of(better.booked))
    respond_alerts(responder, better.alerts)


async def text_reread(scope: ResultScope, event: TextReread) -> None:
    """Turn a refusal into the question whether these entries are meant."""

    def work(repositories: Repositories) -> tuple[ChatResponder, Asked | None] | None:
        place = find_chat(repositories, scope.chat_id)
        if place is None:
            return None
        ledger_scope = Scope(repositories, place.chat.ledger, 0, scope.now)
        asked = text_rereading.offer(ledger_scope, scope.services.questions, event)
        responder = scope.build_responder(
            repositories, place.chat, user_id=event.user_id, source=event.source
        )
        return responder, asked

    done = await scope.unit.run(work)
    if done and done[1]:
        respond_asked(done[0], done[1], edits=event.message_key)


async def question_read(scope: ResultScope, event: QuestionRead) -> None:
    """Answer a question that a model could read, in the place of the first answer."""

    def work(repositories: Repositories) -> tuple[ChatResponder, InquiryResult] | None:
        place = find_chat(repositories, scope.chat_id)
        if place is None:
            return None
        ledger_scope = Scope(repositories, place.chat.ledger, event.user_id, scope.now)
        answer = scope.services.inquiries.run(ledger_scope, load_query(event.query))
        responder = scope.build_responder(
            repositories, place.chat, user_id=event.user_id, source=event.source
        )
        return responder, answer

    done = await scope.unit.run(work)
    if done:
        respond(*done, edits=event.message_key)


async def voice_transcribed(scope: ResultScope, event: VoiceTranscribed) -> None:
    """Take a transcript like a typed text and show it, or say why there is none."""

    def work(repositories: Repositories) -> tuple[ChatResponder, Captured | None] | None:
        place = find_chat(repositories, scope.chat_id)
        if place is None:
            return None
        responder = scope.build_responder(
            repositories, place.chat, user_id=event.user_id, source=event.source
        )
        if not event.text:
            return responder, None
        incoming = IncomingText(
            text=event.text,
            source=event.source,
            chat_kind=place.chat.kind,
            sent_at=event.sent_at,
            addressed=True,
            category_names=list_category_names(place.chat.settings),
            group_names=list_group_names(place.chat.settings),
        )
        ledger_scope = Scope(repositories, place.chat.ledger, event.user_id, scope.now)
        answer = scope.services.capture.from_text(ledger_scope, incoming)
        return responder, replace(answer, transcript=event.text)

    done = await scope.unit.run(work)
    if done is None:
        return
    responder, answer = done
    if answer is None:
        responder.reply(views.not_transcribed(event.reason, responder.t), edits=event.message_key)
    else:
        respond(responder, answer, edits=event.message_key)


async def voice_failed(scope: ResultScope, event: VoiceFailed) -> None:
    """Say that a voice note could not be fetched or transcribed."""
    failed = VoiceTranscribed(
        event.user_id, event.source, event.sent_at, event.message_key, reason="failed"
    )
    await voice_transcribed(scope, failed)


def _is_forgotten(responder: ChatResponder | None, ledger_id: int) -> bool:
    """Return whether the ledger of a file was forgotten; its chat may have begun another."""
    return responder is None or bool(ledger_id and responder.chat.ledger.id != ledger_id)


def _delete_files(scope: ResultScope, keys: Sequence[str]) -> None:
    if keys:
        scope.unit.start(delete_files(keys, f"{scope.key}:files"))


async def _find_responder(scope: ResultScope) -> ChatResponder | None:
    """Return the responder of the event's chat; None when the chat was forgotten meanwhile."""

    def work(repositories: Repositories) -> ChatResponder | None:
        place = find_chat(repositories, scope.chat_id)
        return scope.build_responder(repositories, place.chat) if place else None

    return await scope.unit.run(work)
