"""Build the table of jobs, with the runner and the event handlers of each kind.

A new job is a row here, two dataclasses in `ports.jobs`, its runner (a service), and a function in
`replies.job_results`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from ai.categories.brands import known_merchants
from ai.ocr.local import LocalReceiptReader
from ai.statements.process import ChildStatementReader
from bot.engine.documents import DocumentProcess
from bot.engine.drawing import open_drawing
from bot.engine.job_types import JobType, without_claim
from bot.engine.runners import (
    AdminFinder,
    CardPinner,
    Draw,
    ExportWriter,
    MemberFinder,
    PictureDrawer,
    follow_entries,
)
from bot.ops.clock import utc_now
from bot.setup.external_ai import ExternalAi, build_locator, open_external_ai
from bot.setup.settings import Settings
from bot.telegram.api import BotApi
from bot.telegram.files import TelegramFiles
from bot.webhooks.posting import HttpPoster
from ports import jobs
from ports.blobs import Blobs
from ports.documents import DocumentWriter
from ports.mail import MailSender
from ports.programs.webhooks import AddressRule
from ports.reading import PictureCopier, ReceiptReader
from ports.statements import StatementReader
from presentation.letters import Letters
from replies import importing, insights, mail
from replies import job_results as results
from services.bundle import Services
from services.categories.recategorising import Recategoriser
from services.exporting.exporter import Exporter
from services.forget import FileDeleter
from services.importing.listing import ImportListing
from services.importing.reading import ImportReading
from services.importing.reversing import ImportReversing
from services.importing.writing import ImportWriting
from services.inquiries.rereading import InquiryRereader
from services.insights.wording import InsightPhrasing
from services.mail.addresses import STOP_PATH
from services.mail.sending import MailDelivery
from services.receipts.reading import ReceiptPipeline
from services.texts.text_rereading import TextRereader
from services.texts.voice_notes import VoiceTranscriber
from services.webhooks.delivering import WebhookDelivery
from storage import Database

RECEIPTS_PARALLEL = 2
"""One is read while the next is fetched; the reader itself takes one file at a time."""
RECEIPTS_ASKED_PARALLEL = 6
"""Where other readers are asked, receipts wait for a network most of their time."""
RECEIPT_SECONDS = 180
TEXT_SECONDS = 40
VOICE_SECONDS = 60
VOICE_TRIES = 2
EXPORT_SECONDS = 600
IMPORT_READ_SECONDS = 180
IMPORT_PAUSES = (1, 3, 10, 30, *[60] * 15, *[300] * 144)
"""Seconds between the tries to write or undo a file: half a day, since what is written of it is there."""
DRAW_SECONDS = 20
DRAW_PARALLEL = 6
"""Two processes draw; the others are being claimed, stored and released meanwhile."""
WEBHOOK_SECONDS = 120
WEBHOOK_PAUSES = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds between the tries of a message to a webhook, as Standard Webhooks proposes them."""
MAIL_PAUSES = (30, 300, 1_800, 7_200, 36_000)
"""Seconds between the tries of a mail; a server that defers strangers takes the second or third."""
MAILS_PARALLEL = 2
DRAW_TRIES = 2
"""A picture that fails twice is left out, because its message waits for it."""


@dataclass(frozen=True, slots=True)
class JobPlugs:
    """The plugs that runners work with."""

    database: Database
    blobs: Blobs
    api: BotApi
    reader: ReceiptReader
    copier: PictureCopier
    draw: Draw
    documents: DocumentWriter
    statements: StatementReader
    ai: ExternalAi
    services: Services


@asynccontextmanager
async def open_jobs(
    settings: Settings, database: Database, blobs: Blobs, api: BotApi, services: Services
) -> AsyncIterator[tuple[JobType, ...]]:
    """Yield the table of jobs; the plugs that it opened are closed at the end."""
    reader = LocalReceiptReader()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(reader.close)
        draw = await stack.enter_async_context(open_drawing())
        ai = await stack.enter_async_context(open_external_ai(settings, database, reader))
        plugs = JobPlugs(
            database=database,
            blobs=blobs,
            api=api,
            reader=reader,
            copier=reader,
            draw=draw,
            documents=DocumentProcess(),
            statements=ChildStatementReader(),
            ai=ai,
            services=services,
        )
        yield build_job_types(settings, plugs)


def build_job_types(settings: Settings, plugs: JobPlugs) -> tuple[JobType, ...]:
    """Build the table of jobs over open plugs."""
    return (
        _build_receipts(settings, plugs),
        *_build_models(plugs),
        *_build_files(plugs),
        *_build_imports(plugs),
        *_build_chats(plugs),
        _build_webhooks(settings, plugs),
        *_build_mails(settings, plugs),
    )


def _build_receipts(settings: Settings, plugs: JobPlugs) -> JobType:
    pipeline = ReceiptPipeline(
        plugs.database.units,
        plugs.blobs,
        TelegramFiles(plugs.api),
        plugs.reader,
        plugs.copier,
        utc_now,
        plugs.ai.opinions,
        build_locator(settings),
        known_merchants,
    )
    return JobType(
        jobs.ReadReceipt,
        pipeline.run,
        {jobs.ReceiptRead: results.receipt_read, jobs.ReceiptFailed: results.receipt_failed},
        failed=jobs.ReceiptFailed.of,
        parallel=RECEIPTS_ASKED_PARALLEL if plugs.ai.opinions.readers else RECEIPTS_PARALLEL,
        timeout_seconds=RECEIPT_SECONDS,
    )


def _build_models(plugs: JobPlugs) -> tuple[JobType, ...]:
    """Build the jobs that ask a model about texts, voice notes and insights."""
    units = plugs.database.units
    return (
        JobType(
            jobs.Recategorise,
            without_claim(Recategoriser(units, plugs.ai.categoriser).run),
            {jobs.Recategorised: results.recategorised},
            timeout_seconds=TEXT_SECONDS,
        ),
        JobType(
            jobs.RereadText,
            TextRereader(units, plugs.ai.texts).run,
            {jobs.TextReread: results.text_reread},
            timeout_seconds=TEXT_SECONDS,
        ),
        JobType(
            jobs.PhraseInsights,
            InsightPhrasing(plugs.ai.phraser).run,
            {jobs.InsightsPhrased: insights.insights_phrased},
            timeout_seconds=TEXT_SECONDS,
        ),
        JobType(
            jobs.ReadQuestion,
            InquiryRereader(units, plugs.ai.questions).run,
            {jobs.QuestionRead: results.question_read},
            timeout_seconds=TEXT_SECONDS,
        ),
        JobType(
            jobs.TranscribeVoice,
            VoiceTranscriber(TelegramFiles(plugs.api), plugs.ai.speech).run,
            {
                jobs.VoiceTranscribed: results.voice_transcribed,
                jobs.VoiceFailed: results.voice_failed,
            },
            failed=jobs.VoiceFailed.of,
            timeout_seconds=VOICE_SECONDS,
            tries_max=VOICE_TRIES,
        ),
    )


def _build_files(plugs: JobPlugs) -> tuple[JobType, ...]:
    """Build the jobs that write, draw and delete files."""
    drawer = PictureDrawer(plugs.draw, plugs.blobs, plugs.database.outbox)
    writer = ExportWriter(Exporter(plugs.database.units, plugs.blobs, plugs.documents), utc_now)
    return (
        JobType(
            jobs.WriteExport,
            without_claim(writer.run),
            {jobs.ExportWritten: results.export_written, jobs.ExportFailed: results.export_failed},
            failed=jobs.ExportFailed.of,
            discard=writer.discard,
            parallel=1,
            timeout_seconds=EXPORT_SECONDS,
        ),
        JobType(
            jobs.DrawPicture,
            without_claim(drawer.run),
            give_up=drawer.give_up,
            parallel=DRAW_PARALLEL,
            timeout_seconds=DRAW_SECONDS,
            tries_max=DRAW_TRIES,
        ),
        JobType(jobs.DeleteFiles, without_claim(FileDeleter(plugs.blobs).run)),
    )


def _build_imports(plugs: JobPlugs) -> tuple[JobType, ...]:
    """Build the jobs that read, write and undo imported files."""
    units, booking = plugs.database.units, plugs.services.capture.booking
    history = plugs.services.history
    # A file that is half written must not stay so because the database was away for a minute.
    patient: dict[str, Any] = {
        "parallel": 1,
        "timeout_seconds": EXPORT_SECONDS,
        "tries_max": len(IMPORT_PAUSES) + 1,
        "backoff": lambda tries: IMPORT_PAUSES[min(tries, len(IMPORT_PAUSES)) - 1],
    }
    reading = ImportReading(units, plugs.blobs, TelegramFiles(plugs.api), plugs.statements, utc_now)
    listing = ImportListing(units, plugs.blobs)
    return (
        JobType(
            jobs.ReadImport,
            reading.run,
            {jobs.ImportRead: importing.import_read},
            failed=jobs.ImportRead.of,
            parallel=1,
            timeout_seconds=IMPORT_READ_SECONDS,
        ),
        JobType(
            jobs.ListImport,
            without_claim(listing.run),
            {jobs.ImportListed: results.import_listed},
            discard=listing.discard,
            parallel=1,
            timeout_seconds=EXPORT_SECONDS,
        ),
        JobType(
            jobs.WriteImport,
            ImportWriting(units, plugs.blobs, booking, history, utc_now).run,
            {jobs.ImportWritten: importing.import_written},
            **patient,
        ),
        JobType(
            jobs.ReverseImport,
            ImportReversing(units, booking.conversion, history, utc_now).run,
            {jobs.ImportReversed: importing.import_reversed},
            **patient,
        ),
    )


def _build_webhooks(settings: Settings, plugs: JobPlugs) -> JobType:
    """Build the job that tells webhooks what changed; it tries for three days."""
    rule = AddressRule(settings.webhook_networks)
    return JobType(
        jobs.DeliverWebhook,
        WebhookDelivery(plugs.database.units, HttpPoster(rule), utc_now).run,
        {jobs.WebhookGivenUp: results.webhook_given_up},
        failed=jobs.WebhookGivenUp.of,
        timeout_seconds=WEBHOOK_SECONDS,
        tries_max=len(WEBHOOK_PAUSES) + 1,
        backoff=lambda tries: WEBHOOK_PAUSES[min(tries, len(WEBHOOK_PAUSES)) - 1],
    )


def _build_sender(settings: Settings) -> MailSender | None:
    """Return what sends mails; None where no server is set, whose modules are then not loaded."""
    if (server := settings.smtp_server) is None:
        return None
    from bot.mail.smtp import SmtpSender  # noqa: PLC0415 -- only where configured

    return SmtpSender(server, settings.mail_from, utc_now)


def _build_mails(settings: Settings, plugs: JobPlugs) -> tuple[JobType, ...]:
    """Build the jobs that send mails; they try for half a day."""
    base = settings.public_url
    delivery = MailDelivery(
        plugs.database.units,
        _build_sender(settings),
        Letters(f"{base}/app" if base else ""),
        plugs.draw,
        utc_now,
        stop_url=f"{base}{STOP_PATH}",
    )
    shared: dict[str, Any] = {
        "results": {jobs.MailUndelivered: mail.mail_undelivered},
        "failed": jobs.MailUndelivered.of,
        "parallel": MAILS_PARALLEL,
        "tries_max": len(MAIL_PAUSES) + 1,
        "backoff": lambda tries: MAIL_PAUSES[min(tries, len(MAIL_PAUSES)) - 1],
    }
    return (
        JobType(jobs.MailCode, without_claim(delivery.send_code), **shared),
        JobType(jobs.MailSummary, delivery.send_summary, **shared),
    )


def _build_chats(plugs: JobPlugs) -> tuple[JobType, ...]:
    finder = AdminFinder(plugs.api)
    return (
        JobType(
            jobs.FindAdmins,
            without_claim(finder.run),
            {jobs.AdminsFound: results.admins_found},
        ),
        JobType(
            jobs.FindMember,
            without_claim(MemberFinder(plugs.api).run),
            {jobs.MemberGone: results.member_gone},
        ),
        JobType(
            jobs.FollowEntries,
            without_claim(follow_entries),
            {jobs.EntriesChanged: results.entries_changed},
        ),
        JobType(
            jobs.PinCard,
            without_claim(CardPinner(plugs.api, plugs.database.units).run),
            {jobs.CardNotPinned: results.card_not_pinned},
        ),
    )
