"""A merchant that a person corrected, and the next receipt of the same shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ledger.entries.entry import Entry
from ports.answers import Captured
from ports.repositories import Repositories
from services.receipts.capturing import SentFile
from services.receipts.reading import ReceiptPipeline
from services.scope import Scope
from storage import Database
from storage.blobs.disk import DiskBlobs
from tests.cloud.print import PaperReader
from tests.services.setup import NOW, Run, Table, read_receipt

PAPER = "{name}\nLinden Road 5\nTel {phone}\n2026-11-19 10:15\nLatte {total}\nTOTAL EUR {total}\n"
LATER = NOW + timedelta(minutes=1)


class Till:
    """One chat that sends receipts; files are what `fetch` returns."""

    def __init__(self, run: Run, database: Database, folder: Path) -> None:
        self.run, self.database, self.table, self.data = run, database, Table(), b""
        paper = PaperReader()
        self.job = ReceiptPipeline(
            database.units, DiskBlobs(folder), self, paper, paper, lambda: NOW
        )

    async def fetch(self, file_id: str) -> bytes:
        _ = file_id
        return self.data

    async def send(self, name: str, phone: str, total: str) -> Entry:
        """Send a receipt; return what was booked."""
        self.data = PAPER.format(name=name, phone=phone, total=total).encode()

        def arrive(repositories: Repositories) -> str:
            incoming = self.table.incoming(repositories, "")
            sent = SentFile("file", "", None)
            receipt = self.table.services.receipts.take_file(
                self.table.scope(repositories), incoming, sent
            )
            assert receipt is not None
            return receipt.id

        receipt_id = await self.run(arrive)
        event = await read_receipt(self.database, self.job, receipt_id)

        def read(repositories: Repositories) -> object:
            incoming = replace(self.table.incoming(repositories, ""), addressed=True, command=True)
            return self.table.services.receipts.take_reading(
                self.table.scope(repositories),
                incoming,
                event,
            )

        answer = await self.run(read)
        assert isinstance(answer, Captured)
        (booked,) = answer.booked
        return booked.entry

    async def say(self, entry: Entry, words: str) -> None:
        """Correct an entry by a reply."""

        def correct(repositories: Repositories) -> object:
            incoming = self.table.incoming(repositories, words, now=LATER)
            return self.table.services.corrections.by_reply(
                self.table.scope(repositories, now=LATER), incoming, entry.id
            )

        assert await self.run(correct) is not None

    async def delete(self, entry: Entry) -> None:
        """Delete an entry."""

        def delete(repositories: Repositories) -> object:
            chat = self.table.chat(repositories)
            return self.table.services.corrections.delete(
                Scope(repositories, chat.ledger, 7, LATER), entry.id
            )

        await self.run(delete)


@pytest.fixture
def till(run: Run, database: Database, tmp_path: Path) -> Till:
    return Till(run, database, tmp_path)


async def test_the_next_receipt_of_a_shop_has_the_corrected_name(till: Till) -> None:
    first = await till.send("CAFE AURORA", "030 1234567", "8.00")
    assert first.merchant == "CAFE AURORA"
    await till.say(first, "merchant Chez Aurora")
    same_name = await till.send("CAFE AURORA", "030 1234567", "9.00")
    assert same_name.merchant == "Chez Aurora"
    misread = await till.send("GAFF AUHORA", "030 1234567", "10.00")
    assert misread.merchant == "Chez Aurora"
    other_shop = await till.send("BAR SPORT", "030 7654321", "11.00")
    assert other_shop.merchant == "BAR SPORT"


async def test_a_heading_taken_for_a_name_does_not_name_other_shops(till: Till) -> None:
    first = await till.send("WELCOME", "030 1234567", "8.00")
    await till.say(first, "merchant Chez Aurora")
    other = await till.send("WELCOME", "030 7654321", "9.00")
    assert other.merchant != "Chez Aurora"


async def test_the_latest_correction_counts_and_a_deleted_one_does_not(till: Till) -> None:
    first = await till.send("CAFE AURORA", "030 1234567", "8.00")
    await till.say(first, "merchant Chez Aurora")
    await till.delete(first)
    second = await till.send("CAFE AURORA", "030 1234567", "9.00")
    assert second.merchant == "CAFE AURORA"


async def test_a_correction_of_another_field_names_no_shop(till: Till) -> None:
    first = await till.send("CAFE AURORA", "030 1234567", "8.00")
    await till.say(first, "8.50")
    second = await till.send("CAFE AURORA", "030 1234567", "9.00")
    assert second.merchant == "CAFE AURORA"
