"""Every format of `/export`, from typed entries to the file in the chat, over HTTP."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from beancount import loader
from beancount.core.data import Transaction
from ofxtools.Parser import OFXTree
from quiffen import Qif

from demo.botapi.world import Message
from demo.simulation import Simulation
from tests.conversations.conftest import Talk, rates_known

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]


def _file(talk: Talk, message: Message) -> tuple[str, bytes]:
    """Return name and bytes of the document that was sent."""
    document = message.data["document"]
    stored = talk.sim.telegram.files.get(document["file_id"])
    return document["file_name"], stored.content


def _rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


async def _shop(talk: Talk) -> None:
    """Book an expense, an income and one without a rate."""
    await rates_known(talk)
    for text in ("coffee 4.50", "+1200 salary"):
        await talk.say(text)
    # Nobody publishes its rate, so the chat is asked for one.
    talk.sim.say(talk.person, talk.chat, "pho 980 VND")
    await talk.sim.answers(talk.chat, count=2)


async def test_each_format_arrives_and_is_read_by_another_program(
    ann: Talk, tmp_path: Path
) -> None:
    await _shop(ann)
    readers = {
        "csv": lambda path: {row["amount"] for row in _rows(path.read_bytes())},
        "json": lambda path: {e["amount"] for e in json.loads(path.read_bytes())["entries"]},
        "xlsx": _amounts_of_workbook,
        "beancount": _amounts_of_beancount,
        "ofx": _amounts_of_ofx,
        "qif": _amounts_of_qif,
        "pdf": lambda path: _amounts_of_text(pypdfium2.PdfDocument(path)),
        "zip": _amounts_of_archive,
    }
    for form, read in readers.items():
        answer = await ann.say(f"/export {form}")
        assert "3 entries" in answer.text
        name, data = _file(ann, answer)
        assert name.startswith("kvitto-Ann-")
        assert name.endswith(f".{form}")
        path = tmp_path / name
        path.write_bytes(data)
        assert read(path) == {"4.50", "1200.00", "980"}, form
    await ann.silence()


def _amounts_of_workbook(path: Path) -> set[str]:
    head, *rows = openpyxl.load_workbook(path)["Entries"].iter_rows(values_only=True)
    digits = {"EUR": 2, "VND": 0}
    amounts = [(row[head.index("Amount")], row[head.index("Currency")]) for row in rows]
    return {f"{amount:.{digits[code]}f}" for amount, code in amounts}


def _amounts_of_beancount(path: Path) -> set[str]:
    entries, errors, _ = loader.load_file(str(path))
    assert errors == []
    booked = [e for e in entries if isinstance(e, Transaction)]
    units = [one.postings[0].units for one in booked]
    return {str(abs(unit.number)) for unit in units if unit and isinstance(unit.number, Decimal)}


def _amounts_of_ofx(path: Path) -> set[str]:
    tree = OFXTree()
    tree.parse(path)
    statements = tree.convert().statements
    return {str(abs(one.trnamt)) for s in statements for one in s.transactions}


def _amounts_of_qif(path: Path) -> set[str]:
    accounts = Qif.parse(path).accounts.values()
    lists = [entries for account in accounts for entries in account.transactions.values()]
    return {str(abs(one.amount)) for entries in lists for one in entries}


def _amounts_of_text(document: pypdfium2.PdfDocument) -> set[str]:
    with document:
        text = "".join("".join(p.get_textpage().get_text_range().split()) for p in document)
    found = {"4.50": "€4.50", "1200.00": "€1,200.00", "980": "₫980"}
    return {amount for amount, shown in found.items() if shown in text}


def _amounts_of_archive(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as packed:
        return {row["amount"] for row in _rows(packed.read("entries.csv"))}


async def test_firefly_arrives_with_its_configuration(ann: Talk) -> None:
    await _shop(ann)
    table = await ann.say("/export firefly")
    configuration = await ann.hear()
    name, data = _file(ann, table)
    assert name.endswith("-firefly.csv")
    assert {Decimal(row["amount"]) for row in _rows(data)} == {Decimal("-4.50"), 1200, -980}
    name, data = _file(ann, configuration)
    assert name == "kvitto-firefly.json"
    assert json.loads(data)["duplicate_detection_method"] == "cell"
    assert "Firefly" in configuration.text


async def test_ynab_gets_a_file_a_currency(ann: Talk) -> None:
    await _shop(ann)
    (_, euro), (name, dong) = (
        _file(ann, await ann.say("/export ynab")),
        _file(ann, await ann.hear()),
    )
    assert {(row["Outflow"], row["Inflow"]) for row in _rows(euro)} == {
        ("4.50", ""),
        ("", "1200.00"),
    }
    assert name.endswith("-ynab-VND.csv")
    assert [row["Outflow"] for row in _rows(dong)] == ["980"]


async def test_a_chat_of_another_script_gets_its_own_words(simulation: Simulation) -> None:
    person = simulation.add_user("Зоя Müller", language_code="de")
    talk = Talk(simulation, person, simulation.private_chat(person))
    await talk.say("kaffee 4,50")
    name, data = _file(talk, await talk.say("/export excel"))
    assert name.startswith("kvitto-Зоя-Müller-")
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["Einträge", "Summen"]
    offered = await talk.say("/export docx")
    assert "„docx“" in offered.text
    assert any("PDF-Bericht" in label for label in offered.labels)


def _stored(folder: Path) -> bytes:
    """Return everything that the blob store holds."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_no_file_of_an_export_is_kept(ann: Talk, installation: Path) -> None:
    await ann.say("secret 7.77")
    _, data = _file(ann, await ann.say("/export csv"))
    assert b"7.77" in data

    async with asyncio.timeout(60):
        # A job deletes it, of which the chat hears nothing.
        while b"7.77" in _stored(installation / "receipts"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
