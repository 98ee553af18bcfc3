"""Write a ledger for Beancount (and Fava), with accounts that are valid in every language.

`Expenses:<Group>:<Category>` and `Assets:Cash:<Member>` are made of ids and names. Beancount takes
letters, digits and hyphens, beginning with a capital or a digit; the real name is in the metadata
of the account's `open`. Directives may stand in any order, so those of accounts come last.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from ledger.categories import find_category
from ledger.entries.entry import Entry
from ledger.formats.writer import FormatWriter, LedgerFacts, category_words, hashtags, signed
from ledger.money import Money, plain

_PLAIN_TAG = re.compile(r"[A-Za-z0-9\-_/.]+")
_OPENED_ON = "1900-01-01"
"""Before every entry, whatever a later export holds."""


class BeancountWriter(FormatWriter):
    """One part; the accounts, commodities and prices that were met follow the entries."""

    def __init__(self, facts: LedgerFacts) -> None:
        super().__init__(facts)
        self._accounts: dict[tuple[str, str], str] = {}
        """Account by its parent and the name that it stands for."""
        self._currencies: set[str] = {facts.currency}
        self._prices: dict[tuple[date, str, str], Decimal] = {}

    def head(self) -> str:
        """Return the options."""
        title, currency = _quote(f"Kvitto {self.facts.key}"), self.facts.currency
        return f'option "title" {title}\noption "operating_currency" "{currency}"\n\n'

    def entry(self, entry: Entry) -> str:
        """Return a transaction with its metadata, link and two postings that balance."""
        category = category_words(entry.category, self.facts.categories) or "Uncategorised"
        narration = entry.note or ("" if entry.merchant else category)
        payee = f"{_quote(entry.merchant)} " if entry.merchant else ""
        tags = "".join(f" #{tag}" for tag in entry.tags if _PLAIN_TAG.fullmatch(tag))
        link = f" ^receipt-{entry.receipt_id}" if entry.receipt_id else ""
        return (
            f"{entry.spent_on} * {payee}{_quote(narration)}{tags} ^kvitto-{entry.id}{link}\n"
            f"{self._metadata(entry)}{self._postings(entry, category)}\n"
        )

    def foot(self) -> str:
        """Open the accounts, declare the commodities, and give the rates as prices."""
        opened = [
            f"{_OPENED_ON} open {account}\n  name: {_quote(name)}\n"
            for (_, name), account in sorted(self._accounts.items(), key=lambda item: item[1])
        ]
        declared = [f"{_OPENED_ON} commodity {code}\n" for code in sorted(self._currencies)]
        prices = [
            f"{on} price {code} {rate:f} {base}\n"
            for (on, code, base), rate in sorted(self._prices.items())
        ]
        return "".join([*opened, *declared, *prices])

    def _metadata(self, entry: Entry) -> str:
        """Return what the transaction's line cannot hold."""
        lines = {"id": entry.id, "source": entry.source}
        lines |= {"paid_by": self.facts.members.get(entry.paid_by, "")}
        if not all(_PLAIN_TAG.fullmatch(tag) for tag in entry.tags):
            lines |= {"tags": hashtags(entry)}
        if entry.base is None:
            lines |= {"rate": "unknown"}
        return "".join(f"  {key}: {_quote(value)}\n" for key, value in lines.items() if value)

    def _postings(self, entry: Entry, category: str) -> str:
        amount, base = signed(entry, entry.money), entry.base
        spent = Money(-amount.amount, amount.currency)
        self._currencies.add(spent.currency)
        purse = signed(entry, base.money) if base else amount
        total = ""
        if base and base.money.currency != spent.currency:
            # The total is given exactly, as a rate times an amount would have to be rounded.
            total = f" @@ {_money(base.money)}"
            self._currencies.add(base.money.currency)
            self._prices[base.rate_on, spent.currency, base.money.currency] = base.rate
        return (
            f"  {self._category_account(entry, category)}  {_money(spent)}{total}\n"
            f"  {self._purse_account(entry)}  {_money(purse)}\n"
        )

    def _category_account(self, entry: Entry, category: str) -> str:
        """Return the account of a category; a refund lowers the account of its expenses."""
        if entry.type == "transfer":
            return self._account("Equity", "Transfers")
        found = find_category(entry.category)
        if entry.category == "income" or (found is None and entry.type == "income"):
            return self._account("Income", category)
        group = f":{found.group}" if found and found.group else ""
        return self._account(f"Expenses{group}", category)

    def _purse_account(self, entry: Entry) -> str:
        return self._account("Assets:Cash", self.facts.members.get(entry.paid_by, "") or "Unknown")

    def _account(self, parent: str, name: str) -> str:
        """Return the account for a name below a parent, one for each name."""
        known = self._accounts.get((parent, name))
        if known is None:
            taken, base = set(self._accounts.values()), f"{parent}:{account_part(name)}"
            known, number = base, 2
            while known in taken:
                known, number = f"{base}-{number}", number + 1
            self._accounts[parent, name] = known
        return known


def account_part(name: str) -> str:
    """Return a name as a part of an account, `Eating out` as `EatingOut`.

    Letters of every script stay. Vowel signs and other marks are dropped, and a
    script without capitals gets an `X` before it.
    """
    words = re.split(r"[^\w]+|_", unicodedata.normalize("NFC", name))
    letters = "".join(word[:1].upper() + word[1:] for word in words)
    plain_letters = "".join(char for char in letters if _may_stand(char))
    if not plain_letters:
        return "X"
    first = plain_letters[0]
    starts = unicodedata.category(first) in ("Lu", "Nd")
    return plain_letters if starts else f"X{plain_letters}"


def _may_stand(char: str) -> bool:
    return unicodedata.category(char)[0] == "L" or unicodedata.category(char) == "Nd"


def _money(money: Money) -> str:
    return f"{plain(money.amount, money.currency)} {money.currency}"


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\r", "").replace("\n", "\\n").replace("\0", "") + '"'
