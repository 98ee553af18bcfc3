"""The reader's child process: limits, restarts, order, secrets."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from ai.child import ReaderProcess, resident_bytes
from ledger.receipt import ReceiptContext, build_drafts
from ports.reading import FileRefusal, Reading
from tests.ai.files.pictures import encoded, pdf, picture

pytestmark = pytest.mark.slow

CONTEXT = ReceiptContext(datetime(2026, 11, 21, tzinfo=UTC))
NASTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "nasty" / "files"


@pytest.fixture
async def process() -> AsyncIterator[ReaderProcess]:
    reader = ReaderProcess()
    yield reader
    await reader.close()


def _total(reading: Reading | FileRefusal) -> Decimal | None:
    assert isinstance(reading, Reading)
    return build_drafts(reading, CONTEXT)[0].total


async def test_a_photo_is_read_however_it_is_turned(process: ReaderProcess) -> None:
    for turn in (0, 90, 180, 270):
        data = encoded(picture().rotate(turn, expand=True))
        assert _total(await process.read(data)) == Decimal("12.34"), turn


async def test_a_stale_exif_orientation_does_not_hurt(process: ReaderProcess) -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    assert _total(await process.read(encoded(picture(), exif=exif))) == Decimal("12.34")


async def test_small_print_and_long_strips_are_read(process: ReaderProcess) -> None:
    small = picture().resize((280, 210), Image.Resampling.LANCZOS)
    services = Image.new("RGB", (1280, 960), (90, 80, 70))
    services.paste(small, (500, 400))
    assert _total(await process.read(encoded(services))) == Decimal("12.34")
    strip = Image.new("RGB", (560, 420 * 9), "white")
    strip.paste(picture("Something long\nand winding", (560, 420)), (0, 0))
    strip.paste(picture(), (0, 420 * 8))
    assert _total(await process.read(encoded(strip))) == Decimal("12.34")


async def test_a_pdf_and_a_blank_page(process: ReaderProcess) -> None:
    lines = ["CAFE AURORA", "2025-03-14", "Latte 8.00", "Cake 4.34", "TOTAL EUR 12.34"]
    assert _total(await process.read(pdf(lines))) == Decimal("12.34")
    blank = encoded(Image.new("RGB", (600, 800), "white"))
    assert await process.read(blank) == FileRefusal("blank")
    assert await process.read(pdf([])) == FileRefusal("blank")


async def test_the_child_is_killed_beyond_its_memory_and_comes_back() -> None:
    # Imports alone take some 130 MB; a picture takes more than twice that.
    reader = ReaderProcess(resident_bytes_max=180_000_000)
    try:
        assert await reader.read(encoded(picture())) == FileRefusal("needs_too_much_memory")
        assert reader.pid is None
        assert await reader.read(b"nothing we open") == FileRefusal("not_an_image")
    finally:
        await reader.close()


async def test_the_child_is_killed_beyond_its_time() -> None:
    reader = ReaderProcess(read_seconds_max=0.05)
    try:
        assert await reader.read(encoded(picture())) == FileRefusal("takes_too_long")
        assert reader.pid is None
    finally:
        await reader.close()


async def test_a_killed_child_costs_one_answer(process: ReaderProcess) -> None:
    assert await process.read(b"nothing we open") == FileRefusal("not_an_image")
    pid = process.pid
    assert pid is not None
    reading = asyncio.create_task(process.read(encoded(picture())))
    await asyncio.sleep(0.1)
    os.kill(pid, 9)
    assert await reading == FileRefusal("reader_failed", temporary=True)
    assert _total(await process.read(encoded(picture()))) == Decimal("12.34")


async def test_an_abandoned_question_does_not_answer_the_next(process: ReaderProcess) -> None:
    first = asyncio.create_task(process.read(encoded(picture())))
    await asyncio.sleep(0.2)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await process.read(b"nothing we open") == FileRefusal("not_an_image")


async def test_files_that_wait_are_answered_each_its_own(process: ReaderProcess) -> None:
    pages = [pdf(["CAFE AURORA", f"2025-03-1{n}", f"TOTAL EUR {n}.34"]) for n in range(1, 6)]
    answers = await asyncio.gather(*(process.read(page) for page in pages))
    assert [_total(answer) for answer in answers] == [Decimal(f"{n}.34") for n in range(1, 6)]


async def test_the_child_goes_when_idle() -> None:
    reader = ReaderProcess(idle_seconds_max=0.1)
    try:
        await reader.read(b"nothing we open")
        assert reader.pid is not None
        for _ in range(600):
            await asyncio.sleep(0.1)
            if reader.pid is None:
                break
        assert reader.pid is None
    finally:
        await reader.close()


async def test_the_child_gets_no_secrets(
    process: ReaderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:CANARY")
    await process.read(b"nothing we open")
    environment = _environment_of(process.pid)
    if environment is None:
        pytest.skip("this system does not show a process's environment")
    assert b"CANARY" not in environment


def _environment_of(pid: int | None) -> bytes | None:
    path = Path(f"/proc/{pid}/environ")
    return path.read_bytes() if path.exists() else None


def test_the_main_process_stays_small() -> None:
    code = (
        "import sys, ai.ocr.local, bot.cli.read_receipts\n"
        "print(sorted({'numpy','cv2','onnxruntime','rapidocr','PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_process_that_is_gone_holds_no_memory() -> None:
    assert resident_bytes(2**22 + 1) == 0


@pytest.mark.shared
@pytest.mark.skipif(not NASTY.is_dir(), reason="../shared is absent")
async def test_nasty_files_are_refused_or_read_within_limits(process: ReaderProcess) -> None:
    before = resident_bytes(os.getpid())
    for line in (NASTY / "manifest.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        data = (NASTY / row["file"]).read_bytes()
        answer = await asyncio.wait_for(process.read(data), 60)
        if row["expect"] == "accept":
            assert _total(answer) == Decimal("12.34"), row["file"]
        elif row["expect"] in {"refuse", "no_entry"}:
            assert isinstance(answer, FileRefusal), row["file"]
    assert resident_bytes(os.getpid()) - before < 300_000_000
