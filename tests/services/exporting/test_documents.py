"""Workbooks, reports and archives: drawn in a process of their own, read back by other libraries."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from ledger.entries.queries import EntryFilter
from ledger.errors import InputError, UnavailableError
from ledger.formats import known
from ledger.formats.kvitto_json import RowsWriter
from ledger.periods.period import Period
from ports.repositories import Repositories
from services.exporting.exporter import Exporter
from services.exporting.request import ExportRequest
from tests.services.exporting.conftest import LIVE, NOW, Desktop, entry, photo

pytestmark = pytest.mark.slow

SPENT = sum(one.base.money.amount for one in LIVE.values() if one.base and one.type == "expense")


# --- xlsx -----------------------------------------------------------------------------------------


async def test_a_workbook_has_real_dates_and_amounts(edge: Desktop) -> None:
    (file,) = await edge.export("xlsx")
    book = openpyxl.load_workbook(file.path)
    assert book.sheetnames == ["Einträge", "Summen"]
    head, *rows = book["Einträge"].iter_rows()
    names = [cell.value for cell in head]
    assert names[:3] == ["Datum", "Art", "Betrag"]
    found = {row[-1].value: dict(zip(names, row, strict=True)) for row in rows}
    assert set(found) == set(LIVE)
    for identity, cells in found.items():
        one = LIVE[identity]
        assert cells["Datum"].value == datetime(*one.spent_on.timetuple()[:3])  # noqa: DTZ001
        assert cells["Datum"].is_date
        assert Decimal(str(cells["Betrag"].value)) == one.money.amount
        assert cells["Betrag"].data_type == "n"
        assert (cells["Notiz"].value or "") == one.note.replace("\r\n", "\n")
    assert found["e000003"]["Betrag"].number_format == "#,##0 [$JPY]"
    assert found["e000004"]["Betrag"].number_format == "#,##0.000 [$BHD]"
    assert found["e000003"]["In EUR"].value is None
    assert found["e000004"]["In EUR"].value == 3.02


async def test_no_cell_of_a_workbook_is_a_formula(edge: Desktop) -> None:
    (file,) = await edge.export("xlsx")
    book = openpyxl.load_workbook(file.path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert {"=1+1", "@SUM(A1)", "\uff1d1+1", "-2+3"} <= {cell.value for cell in cells}


async def test_the_totals_of_a_workbook_are_exact(edge: Desktop) -> None:
    (file,) = await edge.export("xlsx")
    rows = list(openpyxl.load_workbook(file.path)["Summen"].iter_rows(values_only=True))
    by_label = {row[0]: row for row in rows if row[0]}
    assert Decimal(str(by_label["Ausgegeben"][2])) == SPENT
    assert by_label["Einnahmen"][1:3] == (2, 1205)
    assert by_label["Ausgabe"][1:3] == (1, 980)


# --- pdf ------------------------------------------------------------------------------------------


def _texts(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        # How far apart letters are seen as words is the reader's guess, so spaces do not count.
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


async def test_a_report_has_sums_entries_and_page_numbers(edge: Desktop) -> None:
    await edge.run(
        lambda found: found.entries.add(
            [entry(n, "1.00", note=f"bun {n}") for n in range(100, 180)]
        )
    )
    (file,) = await edge.export("pdf")
    pages = _texts(file.path)
    assert len(pages) >= 3
    assert all(f"Seite{n}von{len(pages)}" in page for n, page in enumerate(pages, start=1))
    assert "Müller/Family" in pages[0]
    assert "Müller/Family" in pages[1]
    whole = "\n".join(pages)
    for words in ("EDEKA Müller & Söhne", "1.200,00", "10,00\xa0$", "980\xa0¥", "bun 179", "#café"):
        assert "".join(words.split()) in whole, words
    assert "deleted" not in whole


async def test_a_report_names_its_filter(edge: Desktop) -> None:
    (file,) = await edge.export("pdf", EntryFilter(categories=("groceries",), words="edeka"))
    (page, *_) = _texts(file.path)
    assert "Lebensmittel·mit„edeka“" in page
    assert "Auswärts" not in page


async def test_an_empty_report_is_a_page(desktop: Desktop) -> None:
    (file,) = await desktop.export("pdf")
    (page,) = _texts(file.path)
    assert "0,00" in page


async def test_a_report_of_too_many_entries_is_refused(
    edge: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = known.Format("pdf", ".pdf", "", RowsWriter, made="document", rows_max=len(LIVE) - 1)
    monkeypatch.setitem(known.FORMATS, "pdf", few)
    with pytest.raises(InputError) as caught:
        await edge.export("pdf")
    assert (caught.value.message_id, caught.value.values["limit"]) == (
        "export_too_many",
        len(LIVE) - 1,
    )


async def test_a_process_that_cannot_draw_is_an_outage(desktop: Desktop, tmp_path: Path) -> None:
    from bot.engine.documents import DocumentProcess

    rows = tmp_path / "rows"
    rows.write_text("no rows\n")
    with pytest.raises(UnavailableError):
        await DocumentProcess().write("xlsx", rows, tmp_path / "book.xlsx")


# --- zip ------------------------------------------------------------------------------------------


def _table(packed: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(packed.read(name).decode())))


async def test_an_archive_holds_entries_pictures_and_an_index(edge: Desktop) -> None:
    (file,) = await edge.export("zip")
    assert file.file_name == "kvitto-Müller-Family-2024-02-29-2026-11-20.zip"
    with zipfile.ZipFile(file.path) as packed:
        assert packed.testzip() is None
        name = "receipts/2026-11-20 EDEKA Müller & Söhne 21.44 EUR.jpg"
        assert set(packed.namelist()) == {"entries.csv", "index.csv", name}
        assert packed.read(name) == photo("red")
        index = {row["id"]: row for row in _table(packed, "index.csv")}
        assert index["e000002"]["file"] == name
        assert index["e000001"]["file"] == ""
        assert {row["id"] for row in _table(packed, "entries.csv")} == set(LIVE)
        plain = packed.read("entries.csv")
    (table,) = await edge.export("csv")
    assert plain == table.path.read_bytes()


async def _add_receipts(desktop: Desktop, count: int) -> None:
    from ledger.stored_receipts import Receipt

    keys = [
        await desktop.blobs.put(photo("blue") + bytes(3000), media_type="image/jpeg")
        for _ in range(count)
    ]

    def book(repositories: Repositories) -> None:
        for number, key in enumerate(keys):
            receipt = Receipt(f"x{number}", 1, f"tg:2:{number}", 7, "f", "a", "", "booked", NOW)
            repositories.receipts.add(receipt)
            from dataclasses import replace

            repositories.receipts.save(replace(receipt, clean_key=key))
        repositories.entries.add(
            [
                entry(n, "2.00", merchant="A/B: C", receipt_id=f"x{n}", source_key=f"r{n}")
                for n in range(count)
            ]
        )

    await desktop.run(book)


async def test_a_large_archive_is_continued_in_another(desktop: Desktop) -> None:
    await _add_receipts(desktop, 5)
    files = await desktop.export("zip", file_bytes_max=9000)
    assert [file.file_name[-6:] for file in files] == ["-1.zip", "-2.zip", "-3.zip"]
    seen, pictures = [], []
    for file in files:
        assert file.path.stat().st_size < 12_000
        with zipfile.ZipFile(file.path) as packed:
            seen += [row["id"] for row in _table(packed, "entries.csv")]
            pictures += [name for name in packed.namelist() if name.startswith("receipts/")]
            assert set(packed.namelist()) == {
                *("entries.csv", "index.csv"),
                *(row["file"] for row in _table(packed, "index.csv")),
            }
    assert seen == [f"e{n:06}" for n in range(5)]
    assert sum(file.rows for file in files) == 5
    # Equal names are told apart, and no name leaves the folder.
    assert sorted(set(pictures)) == [
        "receipts/2026-11-20 A B C 2.00 EUR (2).jpg",
        "receipts/2026-11-20 A B C 2.00 EUR.jpg",
    ]


async def test_a_picture_that_is_lost_leaves_its_entry(edge: Desktop) -> None:
    async for key in edge.blobs.keys():
        await edge.blobs.delete(key)
    (file,) = await edge.export("zip")
    with zipfile.ZipFile(file.path) as packed:
        assert set(packed.namelist()) == {"entries.csv", "index.csv"}
        assert len(_table(packed, "entries.csv")) == len(LIVE)


# --- what is asked for ----------------------------------------------------------------------------


async def test_a_file_that_telegram_does_not_take_is_refused(edge: Desktop) -> None:
    from bot.engine.documents import DocumentProcess

    exporter = Exporter(edge.database.units, edge.blobs, DocumentProcess(), file_bytes_max=100)
    with pytest.raises(InputError) as caught:
        await exporter.run(1, ExportRequest("ofx"), now=NOW)
    assert caught.value.message_id == "export_too_large"


async def test_a_filter_keeps_other_entries_out(edge: Desktop) -> None:
    groceries = EntryFilter(categories=("groceries",))
    (file,) = await edge.export("csv", groceries)
    assert file.rows == 2
    year = EntryFilter(
        period=Period(
            NOW.date().replace(year=2025, month=1, day=1),
            NOW.date().replace(year=2026, month=1, day=1),
        )
    )
    (file,) = await edge.export("json", year)
    assert (file.rows, file.file_name) == (1, "kvitto-Müller-Family-2025-01-01-2025-12-31.json")
