"""A ledger with everything that breaks files, and its export to a folder."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.engine.documents import DocumentProcess
from ledger.chats import Member
from ledger.entries.entry import Converted, Entry
from ledger.entries.queries import EntryFilter
from ledger.formats.known import FormatName
from ledger.money import Money
from ledger.settings import OwnCategory, Settings
from ledger.stored_receipts import Receipt
from ports.repositories import Repositories
from services.exporting.assembling import ExportFile
from services.exporting.exporter import Exporter
from services.exporting.request import ExportRequest
from storage import Database, open_database
from storage.blobs.disk import DiskBlobs

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
OWN = (
    OwnCategory("Vet", "Doctor: für \N{CAT}s"),
    OwnCategory("医生", "医生"),
    OwnCategory("доктор", "доктор"),
    OwnCategory("डॉक्टर", "डॉक्टर"),
    OwnCategory("طبيب", "طبيب"),
)
SETTINGS = Settings("EUR", "Europe/Berlin", "de", categories=OWN)


def entry(number: int, amount: str, currency: str = "EUR", **fields: Any) -> Entry:  # noqa: ANN401
    money = Money(Decimal(amount), currency)
    on = fields.pop("spent_on", date(2026, 11, 20))
    base = Converted(money, Decimal(1), on) if currency == "EUR" else None
    plain = Entry(
        id=f"e{number:06}",
        ledger_id=1,
        type="expense",
        money=money,
        spent_on=on,
        note="coffee",
        category="eating_out",
        paid_by=7,
        source="text",
        source_key=f"tg:1:{number}:0",
        created_at=NOW,
        updated_at=NOW,
        base=base,
    )
    return replace(plain, **fields)


def _rate(amount: str, rate: str) -> Converted:
    return Converted(Money(Decimal(amount), "EUR"), Decimal(rate), date(2026, 11, 19))


EDGE: tuple[Entry, ...] = (
    entry(1, "4.50"),
    entry(
        2, "21.44", merchant="EDEKA Müller & Söhne", note="", category="groceries", receipt_id="r1"
    ),
    entry(3, "980", "JPY", note="ラーメン", base=None),
    entry(4, "1.250", "BHD", note="قهوة عربية", base=_rate("3.02", "2.416")),
    entry(5, "10.00", "USD", note='a "quote", a \\ and <tags> & more', base=_rate("9.20", "0.92")),
    entry(6, "1200.00", type="income", category="income", note="Gehalt"),
    entry(7, "5.00", type="income", category="groceries", note="refund \N{SLICE OF PIZZA}"),
    entry(8, "7.00", note="first line\nsecond line\r\nthird", tags=("trip", "café", "旅行")),
    entry(9, "8.00", note="=1+1", merchant="@SUM(A1)", category="Vet"),
    entry(10, "3.00", note="\uff1d1+1", category="医生", spent_on=date(2025, 12, 31)),
    entry(11, "3.00", note="-2+3", category="доктор", paid_by=8),
    entry(12, "3.00", note="+49 30 123", category="डॉक्टर", paid_by=8),
    entry(13, "3.00", note="\tcmd", category="طبيب"),
    entry(14, "3.00", note="", category=""),
    entry(17, "3.00", note="leap day", spent_on=date(2024, 2, 29)),
    entry(15, "99.00", note="deleted", deleted_at=NOW),
    entry(16, "2.00", note="long " * 120, merchant="M" * 80),
)
LIVE = {one.id: one for one in EDGE if one.deleted_at is None}


def photo(colour: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(data, "JPEG")
    return data.getvalue()


@dataclass
class Desktop:
    """A ledger, and the folder into which its exports are written."""

    database: Database
    folder: Path
    blobs: DiskBlobs

    async def export(
        self,
        form: FormatName,
        which: EntryFilter | None = None,
        **limits: int,
    ) -> tuple[ExportFile, ...]:
        """Export the ledger."""
        exporter = Exporter(self.database.units, self.blobs, DocumentProcess(), **limits)
        request = ExportRequest(form, which or EntryFilter())
        return await exporter.write(1, request, self.folder, now=NOW)

    async def run(self, work: Callable[[Repositories], Any]) -> None:
        """Change the ledger."""
        async with self.database.units.open(now=NOW) as unit:
            await unit.run(work)


@pytest.fixture
async def desktop(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Desktop]:
    """An empty ledger of Ann and Bo."""
    folder = tmp_path / "exported"
    folder.mkdir()
    async with open_database(sqlite_url) as database:
        made = Desktop(database, folder, DiskBlobs(tmp_path / "receipts"))

        def begin(repositories: Repositories) -> None:
            chat = repositories.chats.add(
                -5, "group", "Müller/Family \N{HOUSE BUILDING}", SETTINGS, NOW
            )
            repositories.chats.see(chat, Member(7, "Ann Müller"), NOW)
            repositories.chats.see(chat, Member(8, "Борис"), NOW)

        await made.run(begin)
        yield made


@pytest.fixture
async def edge(desktop: Desktop) -> Desktop:
    """The ledger with every edge in it, and one receipt with its picture."""
    key = await desktop.blobs.put(photo("red"), media_type="image/jpeg")
    receipt = Receipt("r1", 1, "tg:1:2", 7, "f", "a.jpg", "", "booked", NOW, clean_key=key)

    def book(repositories: Repositories) -> None:
        repositories.receipts.add(receipt)
        repositories.receipts.save(receipt)
        repositories.entries.add(EDGE)

    await desktop.run(book)
    return desktop


Build = Callable[[], Awaitable[Desktop]]
