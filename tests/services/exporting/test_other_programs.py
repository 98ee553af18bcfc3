"""Files for other programs, each read back by a reader that is not ours."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from beancount import loader
from beancount.core import data as beans
from ofxtools.Parser import OFXTree
from quiffen import Qif

from ledger.formats.beancount import account_part
from ledger.formats.firefly import ROLES
from ledger.formats.table import unguard
from services.exporting.assembling import name_ledger
from tests.services.exporting.conftest import EDGE, LIVE, Desktop, entry

EXPENSES_IN_EUR = {one.id for one in LIVE.values() if one.base}


def _signed(identity: str) -> Decimal:
    one = LIVE[identity]
    money = one.base.money if one.base else one.money
    return money.amount if one.type == "income" else -money.amount


def test_the_edges_are_there() -> None:
    assert len(EDGE) - len(LIVE) == 1
    assert any(one.base is None for one in LIVE.values())


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Household", "Household"),
        ("Müller/Family \N{HOUSE BUILDING}", "Müller-Family"),
        ("Семья и дом", "Семья-и-дом"),
        ("\N{SLICE OF PIZZA}", "ledger"),
        ("../../etc/passwd", "etc-passwd"),
        ("a" * 99, "a" * 40),
        ("\u202egnp.exe", "gnp-exe"),
    ],
)
def test_a_file_is_named_after_its_chat(title: str, name: str) -> None:
    assert name_ledger(title) == name


# --- Beancount ------------------------------------------------------------------------------------


async def test_beancount_loads_and_balances(edge: Desktop) -> None:
    (file,) = await edge.export("beancount")
    assert file.file_name == "kvitto-Müller-Family-2024-02-29-2026-11-20.beancount"
    entries, errors, options = loader.load_file(str(file.path))
    assert errors == []
    assert options["operating_currency"] == ["EUR"]
    found = {e.meta["id"]: e for e in entries if isinstance(e, beans.Transaction)}
    assert set(found) == set(LIVE)
    for identity, one in found.items():
        booked = LIVE[identity]
        assert one.date == booked.spent_on
        assert f"kvitto-{identity}" in one.links
        (purse,) = [p for p in one.postings if p.account.startswith("Assets:")]
        assert purse.units is not None
        assert purse.units.number == _signed(identity)
    assert found["e000008"].narration == "first line\nsecond line\nthird"
    assert found["e000005"].narration == 'a "quote", a \\ and <tags> & more'
    assert found["e000008"].tags == frozenset({"trip"})
    assert found["e000008"].meta["tags"] == "#trip #café #旅行"
    assert "receipt-r1" in found["e000002"].links
    assert found["e000003"].meta["rate"] == "unknown"


async def test_beancount_has_valid_accounts_commodities_and_prices(edge: Desktop) -> None:
    (file,) = await edge.export("beancount")
    entries, errors, _ = loader.load_file(str(file.path))
    assert errors == []
    opened = {e.account: e.meta["name"] for e in entries if isinstance(e, beans.Open)}
    assert opened["Expenses:Food:Groceries"] == "Groceries"
    assert opened["Assets:Cash:AnnMüller"] == "Ann Müller"
    assert {"医生", "доктор", "डॉक्टर", "طبيب"} <= set(opened.values())
    commodities = {e.currency for e in entries if isinstance(e, beans.Commodity)}
    assert commodities == {"EUR", "JPY", "BHD", "USD"}
    prices = {(e.currency, e.amount.number) for e in entries if isinstance(e, beans.Price)}
    assert prices == {("BHD", Decimal("2.416")), ("USD", Decimal("0.92"))}


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Eating out", "EatingOut"),
        ("vet", "Vet"),
        ("医生", "X医生"),
        ("Über-uns", "ÜberUns"),
        ("2nd hand", "2ndHand"),
        ("\N{CAT}", "X"),
        ("", "X"),
    ],
)
def test_a_name_becomes_a_part_of_an_account(name: str, part: str) -> None:
    assert account_part(name) == part


# --- OFX ------------------------------------------------------------------------------------------


def _parse_ofx(path: Path) -> object:
    tree = OFXTree()
    tree.parse(path)
    return tree.convert()


async def test_ofx_is_a_statement_a_currency(edge: Desktop) -> None:
    (file,) = await edge.export("ofx")
    read = _parse_ofx(file.path)
    statements = {one.curdef: one for one in read.statements}  # type: ignore[attr-defined]
    assert set(statements) == {"EUR", "JPY"}
    found = {one.fitid: one for s in statements.values() for one in s.transactions}
    assert set(found) == set(LIVE)
    assert {key: one.trnamt for key, one in found.items()} == {key: _signed(key) for key in LIVE}
    assert found["e000002"].name == "EDEKA Müller & Söhne"
    assert found["e000003"].name == "ラーメン"
    assert (found["e000005"].origcurrency.cursym, found["e000005"].origcurrency.currate) == (
        "USD",
        Decimal("0.92"),
    )
    balances = {code: one.balance.balamt for code, one in statements.items()}
    assert balances["JPY"] == -980
    assert balances["EUR"] == sum(map(_signed, EXPENSES_IN_EUR))


# --- QIF ------------------------------------------------------------------------------------------


async def test_qif_is_an_account_a_currency(edge: Desktop) -> None:
    (file,) = await edge.export("qif")
    accounts = Qif.parse(file.path, day_first=False).accounts
    assert set(accounts) == {"Kvitto EUR", "Kvitto JPY"}
    (euro,) = accounts["Kvitto EUR"].transactions.values()
    (yen,) = accounts["Kvitto JPY"].transactions.values()
    assert [(one.amount, one.payee) for one in yen] == [(Decimal(-980), "ラーメン")]
    expected = sorted((LIVE[key].spent_on, _signed(key)) for key in EXPENSES_IN_EUR)
    assert sorted((one.date.date(), one.amount) for one in euro) == expected
    shop = next(one for one in euro if one.payee == "EDEKA Müller & Söhne")
    assert (shop.category.name, shop.category.parent.name) == ("Groceries", "Food")
    foreign = next(one for one in euro if one.memo and one.memo.endswith("(10.00 USD)"))
    assert foreign.amount == Decimal("-9.20")


# --- YNAB -----------------------------------------------------------------------------------------


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


async def test_ynab_is_a_file_a_currency(edge: Desktop) -> None:
    euro, yen = await edge.export("ynab")
    assert euro.file_name == "kvitto-Müller-Family-2024-02-29-2026-11-20-ynab.csv"
    assert yen.file_name.endswith("-ynab-JPY.csv")
    rows = _rows(euro.path)
    assert list(rows[0]) == ["Date", "Payee", "Memo", "Outflow", "Inflow"]
    flows = [Decimal(row["Inflow"] or 0) - Decimal(row["Outflow"] or 0) for row in rows]
    assert sorted(flows) == sorted(map(_signed, EXPENSES_IN_EUR))
    assert all(bool(row["Inflow"]) != bool(row["Outflow"]) for row in rows)
    assert all(row["Payee"] for row in rows)
    assert all(len(row["Memo"]) <= 200 for row in rows)
    (only,) = _rows(yen.path)
    assert (only["Payee"], only["Outflow"]) == ("ラーメン", "980")
    assert "'@SUM(A1)" in {row["Payee"] for row in rows}


# --- Firefly III ----------------------------------------------------------------------------------

IMPORTER = {
    # What version 3 of the importer demands of a configuration, in our words.
    "type": "object",
    "required": [
        *("version", "default_account", "delimiter", "headers", "rules", "skip_form"),
        *("add_import_tag", "roles", "do_mapping", "mapping", "duplicate_detection_method"),
        *("ignore_duplicate_lines", "ignore_duplicate_transactions", "unique_column_index"),
        *("unique_column_type", "flow", "conversion"),
    ],
    "properties": {
        "version": {"const": 3},
        "default_account": {"type": "integer", "minimum": 1},
        "delimiter": {"enum": ["comma", "semicolon", "tab"]},
        "roles": {"type": "array", "items": {"type": "string"}},
        "do_mapping": {"type": "array", "items": {"type": "boolean"}},
        "mapping": {"type": "array"},
        "duplicate_detection_method": {"enum": ["none", "classic", "cell"]},
        "unique_column_index": {"type": "integer", "minimum": 0},
        "flow": {"const": "file"},
    },
}


async def test_firefly_gets_its_configuration(edge: Desktop) -> None:
    table, configuration = await edge.export("firefly")
    assert configuration.file_name == "kvitto-firefly.json"
    assert configuration.about
    told = json.loads(configuration.path.read_bytes())
    jsonschema.validate(told, IMPORTER)
    rows = _rows(table.path)
    assert len(told["roles"]) == len(told["do_mapping"]) == len(rows[0])
    unique = list(rows[0])[told["unique_column_index"]]
    assert told["roles"][told["unique_column_index"]] == told["unique_column_type"] == "external-id"
    assert sorted(row[unique] for row in rows) == sorted(LIVE)


async def test_firefly_rows_are_withdrawals_and_deposits(edge: Desktop) -> None:
    table, _ = await edge.export("firefly")
    rows = {row["external_id"]: row for row in _rows(table.path)}
    assert list(ROLES) == list(rows["e000001"])
    for identity, row in rows.items():
        assert Decimal(row["amount"]) == _signed(identity)
        assert row["description"]
        assert unguard(row["note"]) == LIVE[identity].note
    assert rows["e000003"]["account"] == "Kvitto JPY"
    assert (rows["e000005"]["foreign_amount"], rows["e000005"]["foreign_currency"]) == (
        "-10.00",
        "USD",
    )
    assert rows["e000008"]["tags"] == "trip,café,旅行"
    assert rows["e000009"]["note"] == "'=1+1"


async def test_a_later_export_for_firefly_repeats_the_ids_of_an_earlier_one(edge: Desktop) -> None:
    earlier, _ = await edge.export("firefly")
    first = {row["external_id"]: row for row in _rows(earlier.path)}
    await edge.run(lambda found: found.entries.add([entry(99, "1.00")]))
    later, _ = await edge.export("firefly")
    second = {row["external_id"]: row for row in _rows(later.path)}
    assert {key: second[key] for key in first} == first
    assert set(second) - set(first) == {"e000099"}


# --- all of them ----------------------------------------------------------------------------------


async def test_an_empty_ledger_is_a_file_in_every_program(desktop: Desktop) -> None:
    (beancount,) = await desktop.export("beancount")
    assert loader.load_file(str(beancount.path))[1] == []
    (ofx,) = await desktop.export("ofx")
    (statement,) = _parse_ofx(ofx.path).statements  # type: ignore[attr-defined]
    assert (statement.curdef, list(statement.transactions)) == ("EUR", [])
    (qif,) = await desktop.export("qif")
    assert Qif.parse(qif.path).accounts["Kvitto EUR"].transactions in ({}, None)
    (ynab,) = await desktop.export("ynab")
    assert _rows(ynab.path) == []
    table, _ = await desktop.export("firefly")
    assert _rows(table.path) == []
    assert {file.rows for file in (beancount, ofx, qif, ynab, table)} == {0}
