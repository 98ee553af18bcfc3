"""A file that is half written, or half undone, is gone on with after an outage of hours."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai.ocr.local import LocalReceiptReader
from ai.statements.process import ChildStatementReader
from bot.engine.documents import DocumentProcess
from bot.engine.drawing import PictureProcess
from bot.setup.external_ai import ExternalAi, NoModel
from bot.setup.jobs import JobPlugs, build_job_types
from bot.setup.setting_fields import SecretText
from bot.setup.settings import Settings
from bot.telegram.api import BotApi
from ports.jobs import JobSpec, ReverseImport, WriteImport
from services.receipts.reader_chain import ReaderChain
from storage import Database
from storage.blobs.disk import DiskBlobs
from tests.services.setup import new_desk

TOKEN = "1:token"
HALF_A_DAY = 12 * 3600


@pytest.mark.parametrize("job", [WriteImport, ReverseImport])
async def test_it_is_tried_for_half_a_day_and_at_first_each_minute(
    database: Database, tmp_path: Path, job: type[JobSpec]
) -> None:
    reader, model = LocalReceiptReader(), NoModel()
    plugs = JobPlugs(
        database=database,
        blobs=DiskBlobs(tmp_path),
        api=BotApi("http://127.0.0.1:1", TOKEN),
        reader=reader,
        copier=reader,
        draw=PictureProcess().draw,
        documents=DocumentProcess(),
        statements=ChildStatementReader(),
        ai=ExternalAi(ReaderChain(), model, model, model, model, model),
        services=new_desk(),
    )
    types = build_job_types(Settings(telegram_bot_token=SecretText(TOKEN)), plugs)
    (runner,) = [one.build_runner() for one in types if one.job is job]
    assert runner.backoff is not None
    pauses = [runner.backoff(tries) for tries in range(1, runner.tries_max)]
    assert sum(pauses) >= HALF_A_DAY
    assert max(pauses[:15]) <= 60, "most outages are short"
