"""Textract's plug against a server of our own that botocore's service model judges."""

from __future__ import annotations

import io
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from ai.circuit_breaker import FAILURES_MAX
from ai.files.copies import clean_copy
from ai.metering import Meter
from ai.ocr import textract
from ai.ocr.textract import TextractReader
from ledger.errors import UnavailableError
from ports.aws import AwsAccess
from ports.reading import FileRefusal, ReadHint, Reading
from tests.cloud import textract_fake as fakes
from tests.cloud.purse import NOW, Purse
from tests.cloud.textract_fake import Answer, FakeTextract, open_textract

HINT = ReadHint("receipt.jpg", "en", chat_id=77)


class Copier:
    """The same copies as the child's, made here."""

    async def clean_copy(
        self, data: bytes, *, side_max: int = 1600, page: int = 0
    ) -> bytes | FileRefusal:
        return clean_copy(data, side_max, page)


def picture(kind: str = "JPEG", side: int = 900) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "CANARY-EXIF"
    Image.new("RGB", (side, side), "white").save(out, kind, exif=exif)
    return out.getvalue()


def document(pages: int) -> bytes:
    pdf = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        pdf.new_page(300, 500)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def field(kind: str, text: str, *, page: int = 1, label: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {
        "Type": {"Text": kind, "Confidence": 99.0},
        "ValueDetection": {"Text": text, "Confidence": 98.0},
        "PageNumber": page,
    }
    return found | ({"LabelDetection": {"Text": label, "Confidence": 97.0}} if label else {})


def answered(*fields: dict[str, Any]) -> dict[str, Any]:
    summary = list(fields or (field("TOTAL", "$12.34"), field("VENDOR_NAME", "CAFE AURORA")))
    expense = {"ExpenseIndex": 1, "SummaryFields": summary, "LineItemGroups": []}
    return {"DocumentMetadata": {"Pages": 1}, "ExpenseDocuments": [expense]}


@pytest.fixture
async def fake() -> AsyncIterator[FakeTextract]:
    async with open_textract() as server:
        yield server
        assert not server.faults


@pytest.fixture
async def purse() -> Purse:
    return Purse()


@pytest.fixture
async def reader(fake: FakeTextract, purse: Purse) -> AsyncIterator[TextractReader]:
    plug = TextractReader(fake.access, Meter(purse, lambda: NOW), Copier())
    yield plug
    await plug.close()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_is_sent_signed_clean_and_as_jpeg(
    fake: FakeTextract, reader: TextractReader, purse: Purse, kind: str
) -> None:
    fake.says(fakes.gives(answered()))
    found = await reader.read(picture(kind, 3000), HINT)
    assert isinstance(found, Reading)
    [receipt] = found.receipts
    assert {f.name: f.text for f in receipt.fields} == {
        "total": "$12.34",
        "merchant": "CAFE AURORA",
    }
    [call] = fake.calls
    assert call.operation == "AnalyzeExpense"
    sent = call.arguments["Document"]["Bytes"]
    assert sent.startswith(b"\xff\xd8")
    assert b"CANARY" not in sent
    assert (purse.planned[0].chat_id, purse.settled[0].cost_micros) == (77, 10_000)


async def test_a_language_that_textract_lacks_costs_no_call(
    fake: FakeTextract, reader: TextractReader
) -> None:
    with pytest.raises(UnavailableError):
        await reader.read(picture(), replace(HINT, language="de"))
    assert not fake.calls


async def test_pages_are_read_one_by_one_where_there_is_no_s3(
    fake: FakeTextract, reader: TextractReader, purse: Purse
) -> None:
    fake.says(
        fakes.gives(answered(field("INVOICE_RECEIPT_ID", "135"), field("VENDOR_NAME", "META"))),
        fakes.gives(answered(field("INVOICE_RECEIPT_ID", "135"), field("TOTAL", "$57.15"))),
    )
    found = await reader.read(document(2), replace(HINT, pages=2))
    assert isinstance(found, Reading)
    assert len(fake.calls) == 2
    [receipt] = found.receipts
    assert [f.text for f in receipt.fields] == ["135", "META", "135", "$57.15"]
    assert sum(spent.cost_micros for spent in purse.settled.values()) == 20_000


async def test_a_stored_document_is_read_by_a_job(
    fake: FakeTextract, reader: TextractReader, purse: Purse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(textract, "_POLL_SECONDS", 0.01)
    part = {"JobStatus": "SUCCEEDED", **answered(field("TOTAL", "$1.00"))}
    fake.says(
        fakes.gives({"JobId": "j" * 32}),
        fakes.gives({"JobStatus": "IN_PROGRESS"}),
        fakes.fails("ThrottlingException"),
        fakes.gives({**part, "NextToken": "t" * 8}),
        fakes.gives({**part, "JobStatus": "PARTIAL_SUCCESS"}),
    )
    found = await reader.read(document(3), replace(HINT, pages=3, stored_at="s3://bucket/a/b c"))
    assert isinstance(found, Reading)
    assert len(found.receipts) == 2
    start, *gets = fake.calls
    place = start.arguments["DocumentLocation"]["S3Object"]
    assert (start.operation, place) == (
        "StartExpenseAnalysis",
        {"Bucket": "bucket", "Name": "a/b c"},
    )
    assert {call.operation for call in gets} == {"GetExpenseAnalysis"}
    assert gets[-1].arguments["NextToken"] == "t" * 8
    assert [call.cost_micros for call in purse.planned] == [30_000], "asking for it is free"


async def test_a_job_that_fails_or_never_ends_is_left(
    fake: FakeTextract, reader: TextractReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(textract, "_POLL_SECONDS", 0.01)
    monkeypatch.setattr(textract, "JOB_SECONDS", 0.1)
    for status in ("FAILED", "IN_PROGRESS"):
        fake.says(fakes.gives({"JobId": "j" * 32}), fakes.gives({"JobStatus": status}))
        with pytest.raises(UnavailableError):
            await reader.read(document(2), replace(HINT, pages=2, stored_at="s3://bucket/key"))


BAD: list[tuple[str, Answer, int]] = [
    ("throttled", fakes.fails("ThrottlingException"), 2),
    ("over its share", fakes.fails("ProvisionedThroughputExceededException"), 2),
    ("broken", fakes.fails("InternalServerError", 500), 2),
    ("away", fakes.malformed("<html>503</html>", 503), 2),
    ("not allowed", fakes.fails("AccessDeniedException"), 1),
    ("bad document", fakes.fails("BadDocumentException"), 1),
    ("unsupported", fakes.fails("UnsupportedDocumentException"), 1),
    ("too large", fakes.fails("DocumentTooLargeException"), 1),
    ("no JSON", fakes.malformed("<html>welcome</html>"), 1),
    ("nothing", fakes.malformed("{}"), 1),
    ("cut JSON", fakes.malformed('{"ExpenseDocuments": [{"Summ'), 1),
    ("endless", fakes.endless(), 1),
    ("a trickle", fakes.endless(pause_seconds=0.05), 1),
    ("silence", fakes.hangs(30), 1),
]


@pytest.mark.parametrize(("answer", "calls"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
async def test_every_failure_is_one_error_in_time(
    fake: FakeTextract,
    reader: TextractReader,
    purse: Purse,
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    calls: int,
) -> None:
    monkeypatch.setattr(textract, "CALL_SECONDS", 1.0)
    monkeypatch.setattr(textract, "_PAUSE_SECONDS", 0.01)
    fake.says(answer)
    started = time.monotonic()
    with pytest.raises(UnavailableError):
        await reader.read(picture(), HINT)
    assert time.monotonic() - started < 30
    assert len(fake.calls) == calls
    assert len(purse.planned) == len(purse.settled) == calls
    refused = not any(name in answer.__qualname__ for name in ("malformed", "endless", "hangs"))
    assert not refused or not any(spent.cost_micros for spent in purse.settled.values())


@pytest.mark.parametrize(
    "body", ['{"ExpenseDocuments": []}', '{"ExpenseDocuments": [{"SummaryFields": []}]}']
)
async def test_an_answer_without_receipts_is_an_answer(
    fake: FakeTextract, reader: TextractReader, body: str
) -> None:
    fake.says(fakes.malformed(body))
    found = await reader.read(picture(), HINT)
    assert isinstance(found, Reading)
    assert found.receipts == ()


async def test_a_service_that_is_down_is_left_alone(
    fake: FakeTextract, reader: TextractReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(textract, "_PAUSE_SECONDS", 0.01)
    fake.says(fakes.fails("InternalServerError", 500))
    for _ in range(20):
        with pytest.raises(UnavailableError):
            await reader.read(picture(), HINT)
    assert len(fake.calls) == FAILURES_MAX * 2


async def test_the_caps_stop_calls(fake: FakeTextract) -> None:
    fake.says(fakes.gives(answered()))
    plug = TextractReader(fake.access, Meter(Purse(calls_max=2), lambda: NOW), Copier())
    for _ in range(2):
        await plug.read(picture(), HINT)
    for _ in range(10):
        with pytest.raises(UnavailableError):
            await plug.read(picture(), HINT)
    assert len(fake.calls) == 2
    await plug.close()


async def test_the_check_is_free_and_says_what_to_do(fake: FakeTextract, purse: Purse) -> None:
    plug = TextractReader(fake.access, Meter(purse, lambda: NOW), Copier())
    assert await plug.check() == fakes.REGION
    wrong = replace(fake.access, secret_key="wrong")
    for access, word in ((wrong, "AnalyzeExpense"), (AwsAccess(), "AWS_REGION")):
        other = TextractReader(access, Meter(purse, lambda: NOW), Copier())
        with pytest.raises(UnavailableError) as raised:
            await other.check()
        assert word in str(raised.value.values["remedy"])
        await other.close()
    assert not purse.planned
    await plug.close()


async def test_a_secret_is_in_no_words_of_it(reader: TextractReader) -> None:
    assert fakes.SECRET not in repr(reader)
