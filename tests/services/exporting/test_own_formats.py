"""Exports over a real database: the contract's CSV, and files that stay small (L08, I11, M01)."""

from __future__ import annotations

import csv
import gzip
import json
import random
import tracemalloc
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.engine.documents import DocumentProcess
from ledger.chats import Chat, Member
from ledger.entries.entry import Converted, Entry
from ledger.entries.queries import EntryFilter
from ledger.errors import InputError, NotFoundError
from ledger.formats.known import FormatName
from ledger.formats.table import COLUMNS, TEXT_COLUMNS, unguard
from ledger.imports.kvitto_json import read_kvitto_json
from ledger.imports.rows import ImportRow
from ledger.money import Money, minor_digits
from ledger.periods.period import Period
from ledger.rates.values import CurrencyPair, OwnRate
from ledger.settings import OwnCategory, Settings
from ledger.text.model import BudgetWords
from ports.repositories import Repositories
from services.exporting.assembling import ExportFile, assemble
from services.exporting.exporter import Exporter
from services.exporting.request import ExportRequest, parse_format
from services.exporting.spooling import spool
from services.reporting.budgets import set_budget
from services.scope import Scope
from storage import Database
from storage.blobs.disk import DiskBlobs

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
BERLIN = Settings(
    currency="EUR",
    timezone="Europe/Berlin",
    language="en",
    categories=(OwnCategory("Vet", "Doctor, for \N{CAT}s"),),
)
DAY = timedelta(days=1)

Run = Callable[[Callable[[Repositories], Any]], Awaitable[Any]]


def begin(repositories: Repositories) -> Chat:
    chat = repositories.chats.add(1, "private", "Ann", BERLIN, NOW)
    repositories.chats.see(chat, Member(7, "Ann"), NOW)
    return chat


def entry(number: int, on: date = date(2026, 11, 20), **fields: Any) -> Entry:  # noqa: ANN401  # any field
    money = Money(Decimal("4.50"), "EUR")
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
        source_key=f"tg:{1}:{number}:{0}",
        created_at=NOW,
        updated_at=NOW,
        base=Converted(money, Decimal(1), on),
    )
    return replace(plain, **fields)


def export(
    repositories: Repositories,
    folder: Path,
    form: FormatName = "csv",
    period: Period | None = None,
    **more: int,
) -> tuple[ExportFile, ...]:
    chat = repositories.chats.of_ledger(1)
    request = ExportRequest(form, EntryFilter(period=period))
    spooled = spool(Scope(repositories, chat.ledger, 0, NOW), chat.title, request, folder)
    return assemble(spooled, folder, **more)


def cells(file: ExportFile) -> list[dict[str, str]]:
    with file.path.open(encoding="utf-8", newline="") as lines:
        return [
            {n: unguard(cell) if n in TEXT_COLUMNS else cell for n, cell in row.items()}
            for row in csv.DictReader(lines)
        ]


async def test_an_empty_ledger_is_the_header_alone(run: Run, tmp_path: Path) -> None:
    def work(repositories: Repositories) -> None:
        begin(repositories)
        (file,) = export(repositories, tmp_path)
        # In Berlin it is the 21st already.
        assert file.file_name == "kvitto-Ann-2026-11-21-2026-11-21.csv"
        assert (file.rows, file.period) == (0, None)
        assert file.path.read_bytes() == ",".join(COLUMNS).encode() + b"\r\n"

    await run(work)


async def test_a_csv_is_the_contracts(run: Run, tmp_path: Path) -> None:
    def work(repositories: Repositories) -> None:
        begin(repositories)
        yen: dict[str, Any] = {"money": Money(Decimal(980), "JPY"), "base": None, "note": "ramen"}
        printed: dict[str, Any] = {
            "merchant": "EDEKA",
            "note": "",
            "source": "receipt",
            "category": "groceries",
        }
        repositories.entries.add(
            [
                entry(3, **yen),
                entry(2),
                entry(1, date(2026, 11, 19), **printed),
                entry(4, deleted_at=NOW),
                entry(5, category="Vet", note="=1+1", tags=("cat", "trip")),
            ]
        )
        (file,) = export(repositories, tmp_path)
        assert file.file_name == "kvitto-Ann-2026-11-19-2026-11-20.csv"
        assert file.rows == 4
        stamps = "2026-11-20T23:30:00Z,2026-11-20T23:30:00Z"
        same = "4.50,EUR,1,2026-11-20"
        receipt = "expense,4.50,EUR,groceries,EDEKA,,,Ann,receipt,4.50,EUR,1,2026-11-19"
        vet = 'expense,4.50,EUR,"Doctor, for \N{CAT}s",'
        assert file.path.read_bytes().decode().split("\r\n")[1:] == [
            f"e000001,2026-11-19,{receipt},{stamps}",
            f"e000002,2026-11-20,expense,4.50,EUR,eating_out,,coffee,,Ann,text,{same},{stamps}",
            f"e000003,2026-11-20,expense,980,JPY,eating_out,,ramen,,Ann,text,,EUR,,,{stamps}",
            f"e000005,2026-11-20,{vet},'=1+1,cat trip,Ann,text,{same},{stamps}",
            "",
        ]

    await run(work)


async def test_a_period_keeps_to_its_days(run: Run, tmp_path: Path) -> None:
    def work(repositories: Repositories) -> None:
        begin(repositories)
        repositories.entries.add([entry(n, date(2026, 10, 29) + n * DAY) for n in range(40)])
        november = Period(date(2026, 11, 1), date(2026, 12, 1), "month")
        (file,) = export(repositories, tmp_path, period=november)
        assert file.rows == 30
        assert file.file_name == "kvitto-Ann-2026-11-01-2026-11-30.csv"

    await run(work)


async def test_random_entries_come_back_exactly(run: Run, tmp_path: Path) -> None:
    dice = random.Random(5)
    letters = "'=+-@\t\r\n\",; aä漢🍕"

    def words() -> str:
        return "".join(dice.choices(letters, k=dice.randrange(6)))

    def some(number: int) -> Entry:
        money = Money.of_minor(dice.randint(1, 10**14), dice.choice(["EUR", "JPY", "KWD", "USD"]))
        rate = Decimal(dice.randint(1, 10**9)).scaleb(-6)
        base = Money.of_minor(dice.randint(1, 10**14), "EUR")
        on = date(2020, 1, 1) + dice.randrange(2000) * DAY
        return entry(
            number,
            on,
            money=money,
            base=dice.choice([None, Converted(base, rate, on)]),
            note=words(),
            merchant=words() or None,
        )

    entries = {one.id: one for one in map(some, range(500))}

    def work(repositories: Repositories) -> None:
        begin(repositories)
        repositories.entries.add(list(entries.values()))
        (file,) = export(repositories, tmp_path)
        rows = cells(file)
        assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
        assert {row["id"] for row in rows} == set(entries)
        for row in rows:
            one = entries[row["id"]]
            assert (row["note"], row["merchant"] or None) == (one.note, one.merchant)
            assert Decimal(row["amount"]) == one.money.amount
            assert len(row["amount"].partition(".")[2]) == minor_digits(one.money.currency)
            if one.base:
                assert Decimal(row["base_amount"]) == one.base.money.amount
                assert Decimal(row["rate"]) == one.base.rate

    await run(work)


async def test_an_export_lands_in_the_store(run: Run, database: Database, tmp_path: Path) -> None:
    def work(repositories: Repositories) -> int:
        chat = begin(repositories)
        repositories.entries.add([entry(1), entry(2)])
        return chat.ledger.id

    ledger_id = await run(work)
    blobs = DiskBlobs(tmp_path / "blobs")
    exporter = Exporter(database.units, blobs, DocumentProcess())
    (exported,) = await exporter.run(ledger_id, ExportRequest(), now=NOW)
    assert exported.rows == 2
    assert exported.file_name.endswith("-2026-11-20-2026-11-20.csv")
    assert (await blobs.get(exported.blob_key)).count(b"\r\n") == 3
    with pytest.raises(NotFoundError):
        await exporter.run(ledger_id + 1, ExportRequest(), now=NOW)


async def test_a_large_csv_is_packed_one_file_a_year(run: Run, tmp_path: Path) -> None:
    def work(repositories: Repositories) -> None:
        begin(repositories)
        repositories.entries.add([entry(n, date(2024, 12, 1) + n * 8 * DAY) for n in range(50)])
        (plain,) = export(repositories, tmp_path)
        whole = plain.path.read_bytes().splitlines()
        files = export(repositories, tmp_path, file_bytes_max=2000)
        assert [file.file_name for file in files] == [
            "kvitto-Ann-2024-12-01-2024-12-25.csv.gz",
            "kvitto-Ann-2025-01-02-2025-12-28.csv.gz",
        ]
        parts = [gzip.decompress(file.path.read_bytes()).splitlines() for file in files]
        assert [part[0] for part in parts] == [whole[0]] * 2
        assert [line for part in parts for line in part[1:]] == whole[1:]
        assert [file.rows for file in files] == [len(part) - 1 for part in parts]
        assert not plain.path.exists()

    await run(work)


async def test_json_is_one_document_of_everything(run: Run, tmp_path: Path) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        said = BudgetWords(scope="food", amount=Decimal(400), per="month")
        set_budget(Scope(repositories, chat.ledger, 7, NOW), said, operation_id="a")
        pair = CurrencyPair("USD", "EUR")
        repositories.rates.put_own(OwnRate(1, pair, Decimal("0.90"), date(2026, 11, 1)))
        repositories.entries.add([entry(1, tags=("cat",)), entry(2, base=None, category="Vet")])
        (file,) = export(repositories, tmp_path, "json")
        assert file.file_name.endswith(".json")
        document = json.loads(file.path.read_bytes(), parse_float=_no_float)
        assert document["settings"]["currency"] == "EUR"
        assert document["budgets"][0]["limit_minor"] == 40000
        rate = {"source": "USD", "target": "EUR", "value": "0.90", "starts_on": "2026-11-01"}
        assert document["rates"] == [rate]
        assert document["members"] == [{"id": "7", "name": "Ann"}]
        first, second = document["entries"]
        assert (first["amount"], first["tags"], first["merchant"]) == ("4.50", ["cat"], None)
        assert (second["base_amount"], second["category"]) == (None, "Vet")
        # One entry a line, for tools that read lines.
        assert len(file.path.read_bytes().splitlines()) == 4
        (packed,) = export(repositories, tmp_path, "json", file_bytes_max=1000)
        assert packed.file_name.endswith(".json.gz")
        assert json.loads(gzip.decompress(packed.path.read_bytes())) == document

    await run(work)


async def test_json_brings_back_the_shares_that_a_file_named(run: Run, tmp_path: Path) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        repositories.entries.add([entry(1), entry(2)])
        shares = (("Ann", "3.00"), ("Bo", "1.50"))
        repositories.imports.keep_shares(chat.ledger.id, [(entry(1).id, shares)])
        (file,) = export(repositories, tmp_path, "json")
        text = file.path.read_text(encoding="utf-8")
        assert "shares" not in json.loads(text)["entries"][1]
        _, rows = read_kvitto_json(text)
        assert [row.shares for row in rows if isinstance(row, ImportRow)] == [shares, ()]

    await run(work)


async def test_an_empty_json_is_a_document_too(run: Run, tmp_path: Path) -> None:
    def work(repositories: Repositories) -> None:
        begin(repositories)
        (file,) = export(repositories, tmp_path, "json")
        assert json.loads(file.path.read_bytes())["entries"] == []

    await run(work)


def _no_float(number: str) -> None:
    pytest.fail(f"{number} is a float")


@pytest.mark.parametrize(
    ("word", "form"),
    [("", "csv"), ("csv", "csv"), (" JSON ", "json"), ("Excel", "xlsx"), (".ofx", "ofx")],
)
def test_a_word_names_a_format(word: str, form: str) -> None:
    assert parse_format(word) == form


def test_other_formats_are_explained() -> None:
    with pytest.raises(InputError) as caught:
        parse_format("docx")
    assert caught.value.message_id == "export_format"


async def test_many_entries_need_no_memory(run: Run, tmp_path: Path) -> None:
    """L08 in small: rows are held some thousand at a time, whatever their number."""

    def work(repositories: Repositories) -> None:
        begin(repositories)
        repositories.entries.add([entry(n, date(2020, 1, 1) + n // 6 * DAY) for n in range(6_000)])
        tracemalloc.start()
        (file,) = export(repositories, tmp_path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert file.rows == 6_000
        assert peak < 8 * 1024 * 1024

    await run(work)
