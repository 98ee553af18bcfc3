"""Write OFX 2.1.1, the statement that banks send and accounting programs read.

A statement has one currency; amounts without a rate are a statement of their own. Entry ids are
the FITIDs, so a program that imports a later export skips what it has.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

from ledger.entries.entry import Entry
from ledger.formats.writer import (
    FormatWriter,
    LedgerFacts,
    Part,
    category_words,
    counted_money,
    hashtags,
    is_converted,
    one_line,
    signed,
    words_of,
)
from ledger.money import plain
from ledger.periods.days import utc

_NAME_MAX = 32
_MEMO_MAX = 255
_ACCOUNT_MAX = 22
_PROLOGUE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
)
_FINE = "<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>"


class OfxWriter(FormatWriter):
    """A part and a statement a currency."""

    def __init__(self, facts: LedgerFacts) -> None:
        super().__init__(facts)
        self._balances: dict[str, Decimal] = defaultdict(Decimal)

    def part_of(self, entry: Entry) -> str:
        """Return the currency in which an entry counts."""
        return counted_money(entry).currency

    def head(self) -> str:
        """Return the prologue and the sign-on that every file has."""
        return (
            f"{_PROLOGUE}<OFX><SIGNONMSGSRSV1><SONRS>{_FINE}"
            f"<DTSERVER>{_moment(self.facts.now)}</DTSERVER><LANGUAGE>ENG</LANGUAGE>"
            "</SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1>\n"
        )

    def begin(self, part: Part) -> str:
        """Name the account and the days of a statement."""
        currency = part.key or self.facts.currency
        account = f"{self.facts.key[: _ACCOUNT_MAX - 4]}-{currency}"
        return (
            f"<STMTTRNRS><TRNUID>0</TRNUID>{_FINE}<STMTRS><CURDEF>{currency}</CURDEF>"
            f"<BANKACCTFROM><BANKID>KVITTO</BANKID><ACCTID>{account}</ACCTID>"
            "<ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM><BANKTRANLIST>"
            f"<DTSTART>{_day(part.first)}</DTSTART><DTEND>{_day(part.last)}</DTEND>\n"
        )

    def entry(self, entry: Entry) -> str:
        """Return a transaction."""
        money = signed(entry, counted_money(entry))
        self._balances[money.currency] += money.amount
        payee = one_line(entry.merchant or "") or words_of(entry, self.facts.categories)
        memo = self._memo(entry)
        return (
            f"<STMTTRN><TRNTYPE>{'CREDIT' if entry.type == 'income' else 'DEBIT'}</TRNTYPE>"
            f"<DTPOSTED>{_day(entry.spent_on)}</DTPOSTED>"
            f"<TRNAMT>{plain(money.amount, money.currency)}</TRNAMT><FITID>{entry.id}</FITID>"
            f"<NAME>{escape(payee[:_NAME_MAX].strip())}</NAME>"
            f"{f'<MEMO>{escape(memo)}</MEMO>' if memo else ''}{_original(entry)}</STMTTRN>\n"
        )

    def end(self, part: Part) -> str:
        """Close a statement with the sum of its transactions, as the balance that OFX demands."""
        currency = part.key or self.facts.currency
        balance = plain(self._balances[currency], currency)
        return (
            f"</BANKTRANLIST><LEDGERBAL><BALAMT>{balance}</BALAMT>"
            f"<DTASOF>{_day(part.last)}</DTASOF></LEDGERBAL></STMTRS></STMTTRNRS>\n"
        )

    def foot(self) -> str:
        """Close the file."""
        return "</BANKMSGSRSV1></OFX>\n"

    def _memo(self, entry: Entry) -> str:
        parts = (
            one_line(entry.note),
            hashtags(entry),
            category_words(entry.category, self.facts.categories),
        )
        return " · ".join(filter(None, map(one_line, parts)))[:_MEMO_MAX].strip()


def _original(entry: Entry) -> str:
    """Return the currency that was typed, with the worth of one unit of it."""
    if entry.base is None or not is_converted(entry):
        return ""
    return (
        f"<ORIGCURRENCY><CURRATE>{entry.base.rate:f}</CURRATE>"
        f"<CURSYM>{entry.money.currency}</CURSYM></ORIGCURRENCY>"
    )


def _day(on: date) -> str:
    # Noon, since programs shift midnight by their zone into the day before.
    return f"{on:%Y%m%d}120000[0:GMT]"


def _moment(at: datetime) -> str:
    return f"{utc(at):%Y%m%d%H%M%S}[0:GMT]"
