"""A receipt read by several readers, from its bytes to what is booked: the local one always first.

Other readers are real plugs against strict servers; the local one reads print that is text, so that
each case says what stands on its paper.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ai.metering import Meter
from ai.ocr.textract import TextractReader
from ai.ocr.vision import VisionReader
from ports.answers import Captured
from ports.reading import FileRefusal, ReadHint, Reading
from ports.repositories import Repositories
from services.receipts import reader_chain as module
from services.receipts.capturing import SentFile
from services.receipts.reader_chain import ReaderChain
from services.receipts.reading import ReceiptPipeline
from storage import Database
from storage.blobs.disk import DiskBlobs
from tests.cloud import openai_stub as stubs
from tests.cloud import textract_fake as fakes
from tests.cloud.openai_stub import Answer, Stub, open_stub
from tests.cloud.print import PaperReader
from tests.cloud.purse import Purse, open_model
from tests.cloud.textract_fake import FakeTextract, open_textract
from tests.services.setup import NOW, Table, read_receipt

NASTY = Path(__file__).parents[4] / "shared" / "data" / "nasty" / "receipt_injection.jsonl"
SURE = (
    "CAFE AURORA\n2026-11-19 10:15\nLatte 8.00\nCake 4.34\nTOTAL EUR 12.34\nCASH 20.00\nCHANGE 7.66"
)
UNSURE = "CAFE AURORA\n2026-11-19 10:15\nCASH 53.90"
NO_RECEIPT = "a sunny day at the sea with friends and a dog"
GERMAN = "EDEKA Meyer\n19.11.2026\nMilch 1,19\nSumme EUR\nGegeben Rückgeld MwSt 45,90 53,90"

Run = Callable[..., Awaitable[Any]]


@dataclass(slots=True)
class Post:
    """Telegram's files: what was sent is what comes back."""

    data: bytes = b""

    async def fetch(self, file_id: str) -> bytes:
        _ = file_id
        return self.data


@dataclass(slots=True)
class Case:
    """One chat whose photos are read by these readers."""

    run: Run
    database: Database
    job: ReceiptPipeline
    post: Post
    table: Table

    async def send(self, text: str, caption: str = "", **settings: Any) -> Any:  # noqa: ANN401 -- a test knows what it gets
        """Send a photo, read it, return what it became."""

        def arrive(repositories: Repositories) -> str:
            incoming = self.table.incoming(repositories, caption)
            if settings:
                changed = replace(self.table.scope(repositories).settings, **settings)
                repositories.chats.save_settings(self.table.scope(repositories).ledger.id, changed)
            sent = SentFile("file", "", None)
            receipt = self.table.services.receipts.take_file(
                self.table.scope(repositories), incoming, sent
            )
            assert receipt is not None
            return receipt.id

        receipt_id = await self.run(arrive)
        # No picture twice: that would be asked about for itself.
        self.post.data = (text + "\n" * self.table.message_id).encode()
        event = await read_receipt(self.database, self.job, receipt_id)

        def read(repositories: Repositories) -> Any:  # noqa: ANN401 -- a test knows what it gets
            incoming = replace(
                self.table.incoming(repositories, caption), addressed=True, command=True
            )
            return self.table.services.receipts.take_reading(
                self.table.scope(repositories), incoming, event
            )

        return await self.run(read)


Open = Callable[..., Case]


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    async with open_stub() as server:
        yield server
        assert not server.faults


@pytest.fixture
async def fake() -> AsyncIterator[FakeTextract]:
    async with open_textract() as server:
        yield server
        assert not server.faults


@pytest.fixture
def purse() -> Purse:
    return Purse()


@pytest.fixture
async def readers(stub: Stub, fake: FakeTextract, purse: Purse) -> AsyncIterator[dict[str, Any]]:
    """The readers outside, by their names in the settings."""
    async with open_model(stub, purse) as model:
        textract = TextractReader(fake.access, Meter(purse, lambda: NOW), PaperReader())
        yield {"textract": textract, "vision": VisionReader(model, PaperReader())}
        await textract.close()


@pytest.fixture
def chain(database: Database, run: Run, readers: dict[str, Any], tmp_path: Path) -> Open:
    """Build a case whose settings say `local,textract,vision` or the like."""
    table = Table()

    def build(names: str, kind: str = "private") -> Case:
        listed = names.split(",")
        others = tuple(readers[name] for name in listed if name != "local")
        opinions = ReaderChain(others, always=listed[0] != "local")
        post, paper = Post(), PaperReader()
        job = ReceiptPipeline(
            database.units, DiskBlobs(tmp_path), post, paper, paper, lambda: NOW, opinions
        )
        table.kind = kind  # type: ignore[assignment]
        return Case(run, database, job, post, table)

    return build


def seen(total: str | None, merchant: str = "CAFE AURORA", date: str = "2026-11-19") -> Answer:
    """What a vision model says of one receipt."""
    names = ("currency", "subtotal", "discount", "tip", "service", "rounding", "paid", "change")
    blank: dict[str, Any] = dict.fromkeys(names)
    one: dict[str, Any] = {
        "kind": "receipt",
        "merchant": merchant,
        "date": date,
        "total": total,
        "taxes": [],
    }
    return stubs.well({"receipts": [{**blank, **one, "items": []}]})


def expense(total: str, *, confidence: float = 99.0) -> fakes.Answer:
    """What Textract says of one receipt."""
    texts = {"TOTAL": total, "VENDOR_NAME": "CAFE AURORA", "INVOICE_RECEIPT_DATE": "2026-11-19"}
    fields = [
        {
            "Type": {"Text": kind, "Confidence": confidence},
            "ValueDetection": {"Text": text, "Confidence": confidence},
            "PageNumber": 1,
        }
        for kind, text in texts.items()
    ]
    return fakes.gives({"ExpenseDocuments": [{"ExpenseIndex": 1, "SummaryFields": fields}]})


def totals(answer: Captured) -> list[Decimal]:
    """The totals that were booked."""
    return [one.entry.money.amount for one in answer.booked]


def offered(answer: Captured) -> list[Decimal]:
    """The totals that the question offers."""
    return [o.entries[0].money.amount for asked in answer.asked for o in asked.options if o.entries]


async def test_a_sure_receipt_is_shown_to_nobody(
    chain: Open, stub: Stub, fake: FakeTextract
) -> None:
    answer = await chain("local,textract,vision").send(SURE)
    assert totals(answer) == [Decimal("12.34")]
    assert not stub.calls
    assert not fake.calls


async def test_where_another_reader_is_named_first_it_sees_every_receipt(
    chain: Open, stub: Stub
) -> None:
    stub.says(seen("12.34"))
    answer = await chain("vision").send(SURE)
    assert totals(answer) == [Decimal("12.34")]
    stub.says(seen("99.99"))
    answer = await chain("vision").send(SURE.replace("10:15", "11:45"))
    assert not answer.booked
    assert offered(answer)[:2] == [Decimal("12.34"), Decimal("99.99")]


async def test_agreement_with_the_next_reader_books(
    chain: Open, stub: Stub, fake: FakeTextract
) -> None:
    case = chain("local,textract,vision")
    alone = await chain("local").send(UNSURE)
    [first, *_] = offered(alone)
    fake.says(expense(str(first)))
    answer = await case.send(UNSURE)
    assert totals(answer) == [first]
    assert len(fake.calls) == 1
    assert not stub.calls, "nothing is left in doubt"


async def test_disagreement_asks_with_both_values(
    chain: Open, stub: Stub, fake: FakeTextract
) -> None:
    fake.says(expense("45.90"))
    stub.says(seen("53.90"))
    answer = await chain("local,textract,vision").send(UNSURE)
    assert not answer.booked
    assert {Decimal("45.90"), Decimal("53.90")} <= set(offered(answer))
    assert len(stub.calls) == len(fake.calls) == 1


async def test_textract_is_not_asked_about_german_and_vision_is(
    chain: Open, stub: Stub, fake: FakeTextract
) -> None:
    stub.says(seen("53,90", "EDEKA", "19.11.2026"))
    await chain("local,textract,vision").send(GERMAN)
    assert not fake.calls
    assert len(stub.calls) == 1


async def test_a_chat_that_forbids_it_shows_nothing_to_anybody(
    chain: Open, stub: Stub, fake: FakeTextract
) -> None:
    for names in ("local,textract,vision", "vision,textract"):
        answer = await chain(names).send(UNSURE, local_only=True)
        assert answer.asked
    assert not stub.calls
    assert not fake.calls


@pytest.mark.parametrize(
    ("kind", "caption", "calls"),
    [
        # in a group a picture that is no receipt is nobody's business
        ("private", "", 1),
        ("group", "", 0),
        ("group", "lunch", 1),
    ],
)
async def test_pictures_of_a_group_are_shown_only_when_they_are_receipts(
    chain: Open, stub: Stub, kind: str, caption: str, calls: int
) -> None:
    stub.says(stubs.well({"receipts": []}))
    await chain("local,vision", kind).send(NO_RECEIPT, caption)
    assert len(stub.calls) == calls


FAILURES: list[tuple[str, Answer, fakes.Answer]] = [
    # what happens, at the model's server and at Textract
    ("busy", stubs.refused(429, retry_after="0"), fakes.fails("ThrottlingException")),
    ("no quota", stubs.refused(429, "insufficient_quota"), fakes.fails("AccessDeniedException")),
    ("broken", stubs.refused(500), fakes.fails("InternalServerError", 500)),
    ("a web page", stubs.page(), fakes.malformed("<html>")),
    ("cut", stubs.cut({"receipts": [{"kind": "receipt"}]}), fakes.malformed('{"Expense')),
    ("nothing", stubs.empty(), fakes.malformed("")),
    ("another form", stubs.raw('{"total": "1.00"}'), fakes.malformed('{"Total": 1}')),
    ("silence", stubs.late(60, seen("1.00")), fakes.hangs(60)),
    ("without end", stubs.endless(pause_seconds=0.01), fakes.endless(pause_seconds=0.01)),
]


@pytest.mark.parametrize(
    ("model", "textract"), [f[1:] for f in FAILURES], ids=[f[0] for f in FAILURES]
)
async def test_every_failure_falls_back_to_the_local_reading_in_time(
    chain: Open,
    stub: Stub,
    fake: FakeTextract,
    monkeypatch: pytest.MonkeyPatch,
    model: Answer,
    textract: fakes.Answer,
) -> None:
    # The promise is ten seconds; a test need not wait that long.
    monkeypatch.setattr(module, "PHOTO_SECONDS", 2.0)
    monkeypatch.setattr(module, "LEAST_SECONDS", 0.5)
    stub.says(model)
    fake.says(textract)
    alone = await chain("local").send(UNSURE)
    started = time.monotonic()
    answer = await chain("local,textract,vision").send(UNSURE)
    assert time.monotonic() - started < 30
    assert offered(answer) == offered(alone)
    assert len(stub.calls) <= 2
    assert len(fake.calls) <= 2


def test_the_promise_is_kept_with_room_for_the_answer() -> None:
    assert module.PHOTO_SECONDS + module.LEAST_SECONDS < 9
    assert module.PHOTO_SECONDS <= 7


@pytest.mark.parametrize("names", ["local,vision", "vision"])
@pytest.mark.shared
@pytest.mark.skipif(not NASTY.exists(), reason="needs ../shared, the development data")
async def test_hijacked_models_do_no_harm(
    chain: Open, stub: Stub, names: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = chain(names)
    for line in NASTY.read_text(encoding="utf-8").splitlines():
        nasty = json.loads(line)
        truth = Decimal(nasty["truth"]["total"])
        for answer in (stubs.raw(nasty["evil_llm"]), _in_our_form(nasty["evil_llm"])):
            stub.says(answer)
            found = await case.send(nasty["receipt_text"])
            assert all(total == truth for total in totals(found)), nasty["name"]
            assert all(one.entry.type == "expense" for one in found.booked), nasty["name"]
            shown = json.dumps(str(found))
            for canary in ("CANARY", "text_link", "![x]"):
                assert canary not in shown, nasty["name"]
            if not found.booked:
                assert truth in offered(found), nasty["name"]


def _in_our_form(answer: str) -> Answer:
    """The same answer by a model that keeps to the form."""
    try:
        said = json.loads(answer)
    except ValueError:
        return stubs.raw(answer)
    return seen(said.get("total"), said.get("merchant") or "", said.get("date") or "")


async def test_the_local_readers_trouble_is_no_reason_to_ask_others(
    chain: Open, stub: Stub
) -> None:
    class Refusing(PaperReader):
        async def read(self, data: bytes, hint: ReadHint) -> Reading | FileRefusal:
            _ = data, hint
            return FileRefusal("not_an_image")

    case = chain("local,vision")
    case.job = replace(case.job, reader=Refusing())
    assert not isinstance(await case.send("whatever"), Captured)
    assert not stub.calls
