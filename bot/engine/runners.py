"""Who does which kind of job: a runner for each, with its limits.

`receipt` reads a photo, `export` writes a file, `draw` makes a message's picture, `admins` asks who
runs a group; `refile`, `words` and `voice` ask readers outside. Each takes a `Job` and returns the event for its partition, or None.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from ai.categories.brands import known_merchants
from ai.ocr.local import LocalReceiptReader
from bot.engine.drawing import open_drawing
from bot.engine.jobs import Runner
from bot.engine.partitions import Clock, Telegram
from bot.ops.clock import utc_now
from bot.setup.external_ai import build_locator, open_external_ai
from bot.setup.settings import Settings
from bot.telegram.api import BotApi, TelegramRefusedError, TelegramUnreachableError
from bot.telegram.files import TelegramFiles
from ledger.errors import UnavailableError
from ledger.period import Period
from ports.blobs import Blobs
from ports.messages import Attachment, Json
from ports.outbox import Outbox
from ports.queue import Job
from services import forget
from services.categories import recategorising
from services.receipts.reading import ReceiptJob
from services.reporting.export import Exporter, parse_format
from services.texts import text_rereading as wording
from services.texts import voice_notes as hearing
from storage import Database

RECEIPTS_PARALLEL = 2
"""One is read while the next is fetched; the reader itself takes one file at a time."""
RECEIPTS_ASKED_PARALLEL = 6
"""Where other readers are asked, receipts wait for a network most of their time."""
RECEIPT_SECONDS = 180
WORDS_SECONDS = 40
VOICE_SECONDS = 60
VOICE_TRIES = 2
EXPORT_SECONDS = 600
DRAW_SECONDS = 20
DRAW_TRIES = 2
"""A picture that fails twice is left out: its message waits for it."""

Draw = Callable[[str, Mapping[str, Json]], Awaitable[bytes]]
"""Draws the named picture with its values; returns a PNG."""


@dataclass(frozen=True, slots=True)
class DrawJob:
    """Draws the picture of a message that waits for it, and lets the message go."""

    draw: Draw
    blobs: Blobs
    outbox: Outbox
    clock: Clock

    async def run(self, job: Job) -> None:
        """Draw, keep, release."""
        values = job.values["values"]
        assert isinstance(values, dict)
        name = str(job.values["drawing"])
        picture = await self.draw(name, values)
        key = await self.blobs.put(picture, media_type="image/png")
        attachment = Attachment(key, f"{name}.png", as_photo=True)
        await self.outbox.release(str(job.values["message_key"]), attachment, now=self.clock())

    async def give_up(self, job: Job) -> None:
        """Let the message go without its picture."""
        await self.outbox.release(str(job.values["message_key"]), None, now=self.clock())


@dataclass(frozen=True, slots=True)
class ExportJob:
    """Writes a ledger's file and tells its chat where it is."""

    exporter: Exporter
    clock: Clock

    async def run(self, job: Job) -> str:
        """Write the file."""
        start, end = job.values.get("start"), job.values.get("end")
        period = None
        if start and end:
            period = Period(date.fromisoformat(str(start)), date.fromisoformat(str(end)))
        ledger_id = job.values["ledger_id"]
        assert isinstance(ledger_id, int)
        form = parse_format(str(job.values["format"]))
        files = await self.exporter.run(ledger_id, form, period, now=self.clock())
        written = [
            {"blob_key": f.blob_key, "file_name": f.file_name, "rows": f.rows} for f in files
        ]
        return orjson.dumps({"event": "exported", "files": written}).decode()


@dataclass(frozen=True, slots=True)
class AdminsJob:
    """Asks Telegram who the admins of a group are."""

    telegram: Telegram

    async def run(self, job: Job) -> str | None:
        """Ask; a group that we may not ask about keeps what is known."""
        try:
            found: list[dict[str, Any]] = await self.telegram.call(
                "getChatAdministrators", {"chat_id": job.values["chat_id"]}
            )
        except TelegramRefusedError as error:
            if error.retry_after:
                raise UnavailableError("telegram") from error
            return None
        except TelegramUnreachableError as error:
            raise UnavailableError("telegram") from error
        event = {"event": "admins", "user_ids": [member["user"]["id"] for member in found]}
        return orjson.dumps(event).decode()


@asynccontextmanager
async def open_runners(
    settings: Settings, database: Database, blobs: Blobs, api: BotApi
) -> AsyncIterator[dict[str, Runner]]:
    """Build the runner of every kind of job; what they opened is closed at the end."""
    reader = LocalReceiptReader()
    files = TelegramFiles(api)
    export = ExportJob(Exporter(database.units, blobs), utc_now)
    admins = AdminsJob(api)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(reader.close)
        draw = await stack.enter_async_context(open_drawing())
        drawing = DrawJob(draw, blobs, database.outbox, utc_now)
        ai_policy = await stack.enter_async_context(open_external_ai(settings, database, reader))
        receipt = ReceiptJob(
            database.units,
            blobs,
            files,
            reader,
            reader,
            utc_now,
            ai_policy.opinions,
            build_locator(settings),
            known_merchants,
        )
        parallel = RECEIPTS_ASKED_PARALLEL if ai_policy.opinions.readers else RECEIPTS_PARALLEL
        yield {
            "receipt": Runner(
                receipt.run, parallel=parallel, timeout_seconds=RECEIPT_SECONDS, tells=True
            ),
            "export": Runner(export.run, parallel=1, timeout_seconds=EXPORT_SECONDS, tells=True),
            "draw": Runner(
                drawing.run,
                timeout_seconds=DRAW_SECONDS,
                tries_max=DRAW_TRIES,
                give_up=drawing.give_up,
            ),
            "admins": Runner(admins.run),
            forget.KIND: Runner(forget.DeleteBlobsJob(blobs).run),
            recategorising.KIND: Runner(
                recategorising.RefilingJob(database.units, ai_policy.filer).run,
                timeout_seconds=WORDS_SECONDS,
            ),
            wording.KIND: Runner(
                wording.WordsJob(database.units, ai_policy.words).run, timeout_seconds=WORDS_SECONDS
            ),
            hearing.KIND: Runner(
                hearing.VoiceJob(files, ai_policy.ears).run,
                timeout_seconds=VOICE_SECONDS,
                tries_max=VOICE_TRIES,
                tells=True,
            ),
        }
