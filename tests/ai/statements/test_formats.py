"""Files of banks and programs are opened in a child process, whatever their format."""

from __future__ import annotations

import asyncio
from datetime import date

import orjson
import pytest

from ai.statements.process import ChildStatementReader
from ledger.imports.rows import ImportRow, from_values
from ledger.receipt.reading import FileRefusal
from ports.statements import FileKnowledge, ReadFile

KNOWLEDGE = FileKnowledge(date(2026, 11, 30), "EUR")

OFX_SGML = """OFXHEADER:100
DATA:OFXSGML
VERSION:160
ENCODING:UTF-8

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>CHF<BANKTRANLIST><DTSTART>20261101
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261120120000[0:GMT]<TRNAMT>-12,50<FITID>A1<NAME>Caf\u00e9 &amp; Co<MEMO>lunch</STMTTRN>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261121<TRNAMT>100.00<FITID><NAME>Employer</STMTTRN>
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"""
OFX_XML = (
    '<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="220"?>'
    "<OFX><CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>EUR</CURDEF><BANKTRANLIST>"
    "<STMTTRN><DTPOSTED>20261120</DTPOSTED><TRNAMT>-7.00</TRNAMT><FITID>x</FITID>"
    "<NAME>B\u00e4cker</NAME></STMTTRN></BANKTRANLIST></CCSTMTRS></CCSTMTTRNRS>"
    "</CREDITCARDMSGSRSV1></OFX>"
)
MT940 = """:20:STARTUMS
:25:10020030/1234567
:28C:0
:60F:C261119EUR1000,00
:61:2611201120DR12,50N005NONREF
:86:005?00LASTSCHRIFT?20Einkauf?21Nr 12?32MARKT SAGT DANKE
:61:2611211121CR100,00N051NONREF
:86:051?00GUTSCHRIFT?20Gehalt?32ARBEITGEBER
:62F:C261121EUR1087,50
-
"""
CAMT = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><Stmt>'
    '<Ntry><Amt Ccy="EUR">12.50</Amt><CdtDbtInd>DBIT</CdtDbtInd>{status}'
    "<BookgDt><Dt>2026-11-20</Dt></BookgDt><NtryDtls><TxDtls><RltdPties><Cdtr>{name}</Cdtr>"
    "</RltdPties><RmtInf><Ustrd>Einkauf</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    "</Stmt></BkToCstmrStmt></Document>"
)
QIF = "!Type:Bank\nD11/23'26\nT-1,012.50\nPRent\nMNovember\n^\nD11/25'26\nT20.00\nPRefund\n^\n"
SPLITWISE = (
    "Datum,Beschreibung,Kategorie,Kosten,W\u00e4hrung,Mia,Jonas\n\n"
    "2026-11-20,Abendessen,Essen,30.00,EUR,15.00,-15.00\n"
    "2026-11-21,Jonas zahlt Mia,Zahlung,15.00,EUR,-15.00,15.00\n"
    "2026-11-22,Taxi,Transport,9.00,EUR,-3.00,3.00\n\n"
    "2026-11-30,Gesamtsaldo, , ,EUR,-3.00,3.00\n"
)


def read(data: str | bytes) -> ReadFile | FileRefusal:
    body = data if isinstance(data, bytes) else data.encode()
    return asyncio.run(ChildStatementReader().read(body, KNOWLEDGE))


def rows(file: ReadFile | FileRefusal) -> list[ImportRow]:
    assert isinstance(file, ReadFile)
    return [from_values(orjson.loads(line)) for line in file.rows.splitlines()]


def brief(file: ReadFile | FileRefusal) -> list[tuple[str, str, str, str, str]]:
    return [
        (row.on.isoformat(), row.type, str(row.money.amount), row.money.currency, row.merchant)
        for row in rows(file)
    ]


def test_ofx_with_open_tags_an_empty_id_and_a_decimal_comma() -> None:
    assert brief(read(OFX_SGML)) == [
        ("2026-11-20", "expense", "12.50", "CHF", "Caf\u00e9 & Co"),
        ("2026-11-21", "income", "100.00", "CHF", "Employer"),
    ]


def test_ofx_as_xml_of_a_card() -> None:
    assert brief(read(OFX_XML)) == [("2026-11-20", "expense", "7.00", "EUR", "B\u00e4cker")]


def test_mt940() -> None:
    file = read(MT940)
    assert brief(file) == [
        ("2026-11-20", "expense", "12.50", "EUR", "MARKT SAGT DANKE"),
        ("2026-11-21", "income", "100.00", "EUR", "ARBEITGEBER"),
    ]
    assert rows(file)[0].note == "Einkauf Nr 12"


@pytest.mark.parametrize(
    ("version", "status", "name"),
    [
        ("02", "<Sts>BOOK</Sts>", "<Nm>Markt</Nm>"),
        ("08", "<Sts><Cd>BOOK</Cd></Sts>", "<Pty><Nm>Markt</Nm></Pty>"),
    ],
)
def test_camt_of_several_versions(version: str, status: str, name: str) -> None:
    file = read(CAMT.format(version=version, status=status, name=name))
    assert brief(file) == [("2026-11-20", "expense", "12.50", "EUR", "Markt")]


def test_a_pending_entry_is_named_and_not_booked() -> None:
    file = read(CAMT.format(version="08", status="<Sts><Cd>PDNG</Cd></Sts>", name=""))
    assert isinstance(file, ReadFile)
    assert [row.why for row in file.unreadable] == ["not_completed"]
    assert file.row_count == 0


def test_qif_decides_its_order_by_all_records() -> None:
    assert brief(read(QIF)) == [
        ("2026-11-23", "expense", "1012.50", "EUR", "Rent"),
        ("2026-11-25", "income", "20.00", "EUR", "Refund"),
    ]


def test_splitwise_in_another_language_keeps_payer_and_shares() -> None:
    file = read(SPLITWISE)
    found = rows(file)
    assert [(row.note, row.paid_by, row.shares) for row in found] == [
        ("Abendessen", "Mia", (("Mia", "15.00"), ("Jonas", "15.00"))),
        ("Taxi", "Jonas", (("Mia", "3.00"), ("Jonas", "6.00"))),
    ]
    assert isinstance(file, ReadFile)
    assert [row.why for row in file.unreadable] == ["payment", "summary"]


@pytest.mark.parametrize(
    ("encoding", "head", "payee"),
    [
        ("koi8-r", "Дата;Описание;Сумма", "Пекарня"),
        ("cp1251", "Дата;Описание;Сумма", "Пекарня"),
        ("gb18030", "日期;摘要;金额", "面包店"),
        ("shift-jis", "日付;内容;金額", "パン屋"),
    ],
)
def test_encodings_of_other_scripts(encoding: str, head: str, payee: str) -> None:
    text = f"{head}\n02.11.2026;{payee};-3,10\n13.11.2026;{payee};-4,50\n"
    assert [row.merchant for row in rows(read(text.encode(encoding)))] == [payee, payee]


def test_a_file_of_two_encodings_keeps_the_letters_of_both() -> None:
    text = "Buchungstag;Empfänger;Betrag\n02.11.2026;Bäcker Müller;-3,10\n13.11.2026;Café;-4,50\n"
    data = text.encode() + "16.11.2026;Käse;-2,00\n".encode("cp1252")
    found = [row.merchant for row in rows(read(data))]
    assert found == ["Bäcker Müller", "Café", "Käse"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-8"])
def test_encodings_of_banks(encoding: str) -> None:
    text = (
        "Buchungstag;Empf\u00e4nger;Betrag\n20.11.2026;B\u00e4ckerei M\u00fcller & S\u00f6hne;-3,50\n"
        "21.11.2026;Caf\u00e9 Stra\u00dfe;-4,00\n"
    )
    assert [row.merchant for row in rows(read(text.encode(encoding)))] == [
        "B\u00e4ckerei M\u00fcller & S\u00f6hne",
        "Caf\u00e9 Stra\u00dfe",
    ]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>&b;'
    "</BkToCstmrStmt></Document>"
)


@pytest.mark.parametrize("text", [BOMB, "<?xml <BkToCstmrStmt"])
def test_a_malformed_file_is_refused(text: str) -> None:
    file = read(text)
    assert isinstance(file, FileRefusal), file
    assert file.message_id == "file_malformed"


def test_a_picture_is_refused() -> None:
    file = read(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50)
    assert file == FileRefusal("not_text")


@pytest.mark.parametrize("text", ["", "\ufeff\r\n\r\n", "Datum;Betrag;Text\n", "hello"])
def test_a_file_without_rows_is_told_so_and_not_that_its_columns_are_missing(text: str) -> None:
    assert read(text) == FileRefusal("no_rows")
