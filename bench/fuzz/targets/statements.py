"""A file to import: CSV, OFX, QIF, MT940, CAMT, Splitwise, and Kvitto's own CSV and JSON."""

from __future__ import annotations

import csv
import io
from datetime import date

import orjson

from ai.statements.child_main import read_statement
from ledger.imports.rows import ImportRow, from_values
from ledger.money import AMOUNT_MAX
from ports.statements import FileKnowledge

KNOWLEDGE = FileKnowledge(date(2026, 11, 20), "EUR")
_CAMT = (
    b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
    b'<BkToCstmrStmt><Stmt><Ntry><Amt Ccy="EUR">4.50</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
    b"<BookgDt><Dt>2026-11-01</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>"
)
SEEDS = (
    b"date;amount;text\r\n2026-11-01;-12,50;EDEKA\r\n2026-11-02;1.000,00;Salary\r\n",
    b"Date,Description,Debit,Credit,Balance\n11/01/2026,COFFEE,4.50,,100.00\n",
    b"OFXHEADER:100\n<OFX><STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261101<TRNAMT>-4.50<NAME>X</OFX>",
    b"!Type:Bank\nD11/01/2026\nT-4.50\nPCoffee\n^\n",
    b":20:X\r\n:25:1/2\r\n:28C:1/1\r\n:60F:C261101EUR0,\r\n:61:2611011101D4,50NTRFNONREF\r\n:86:X\r\n",
    _CAMT,
    b'{"kvitto":1,"settings":{},"budgets":[],"corrections":[],"rates":[],"entries":[{"id":"1"}]}',
    b"Date,Description,Category,Cost,Currency,Ann,Bo\n2026-11-01,Lunch,Food,20.00,EUR,10.00,-10.00\n",
)


def enter(data: bytes) -> None:
    """Read the bytes as the child process does; every row that comes out can be written."""
    csv.field_size_limit(100_000)
    answers = io.BytesIO()
    answer = read_statement(data, KNOWLEDGE, answers)
    orjson.dumps(answer)
    for line in answers.getvalue().splitlines():
        row = from_values(orjson.loads(line))
        check_row(row)


def check_row(row: ImportRow) -> None:
    """Check what must hold for every row of every file."""
    amount = row.money.amount
    assert amount.is_finite(), amount
    assert 0 < amount <= AMOUNT_MAX, amount
    assert row.money.minor > 0
    assert row.type in {"expense", "income"}
