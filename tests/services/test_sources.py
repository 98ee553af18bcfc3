"""An entry may come from anywhere: the services need no Telegram."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

BOOK_FROM_ANYWHERE = """
import asyncio, sys
from datetime import UTC, date, datetime
from decimal import Decimal

from bot.setup.lazy import LazyCategoriser
from bot.setup.services import ServicePlugs, build_services
from bot.setup.settings import Settings as Installation
from ledger.chats import Member
from ledger.entries.entry import Entry
from ledger.money import Money
from ledger.entries.queries import EntryFilter
from ledger.entries.source_keys import api_source, import_source, recurring_source, source_key
from ports.rates import Rate
from services.entering import SeenChat
from services.entries.booking import Draft
from services.entries.recording import begin
from services.ids import new_id
from services.scope import Scope
from services.texts.incoming_text import IncomingText
from storage import open_database

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class OneRate:
    def find(self, repositories, ledger_id, pair, on):
        return Rate(Decimal("0.5"), on)


installation = Installation()
services = build_services(installation, ServicePlugs(LazyCategoriser(), OneRate()))


def book(scope, source, entry_source):
    entry = Entry(
        id=new_id(NOW), ledger_id=scope.ledger.id, type="expense",
        money=Money(Decimal("850"), "EUR"), spent_on=date(2026, 11, 1), note="rent",
        category="", paid_by=scope.actor, source=entry_source, source_key=source,
        created_at=NOW, updated_at=NOW,
    )
    recorder = begin(scope, "capture")
    services.capture.booking.book(scope, [Draft(entry)], recorder)
    recorder.write()


def work(repositories):
    presence = services.entering.enter(
        repositories, SeenChat(7, "private", "Ann"), Member(7, "Ann", None, "en"), now=NOW
    )
    scope = Scope(repositories, presence.chat.ledger, 7, NOW)
    for _ in range(2):
        text = IncomingText("coffee 4.50 USD", api_source("order-1"), NOW, command=True)
        services.capture.from_text(scope, text)
        book(scope, recurring_source("rent", date(2026, 11, 1)), "text")
        book(scope, source_key(import_source("batch", "row"), 0), "text")
    return repositories.entries.page(scope.ledger.id, EntryFilter(), limit=9)


async def main():
    async with open_database(sys.argv[1]) as database:
        async with database.units.open(now=NOW) as unit:
            entries = await unit.run(work)
    for entry in sorted(entries, key=lambda e: e.source_key):
        print(entry.source_key, entry.base.money if entry.base else None)
    print("telegram" in sys.modules)


asyncio.run(main())
"""


def test_an_api_call_a_rule_and_an_import_book_once_each_and_import_no_telegram(
    sqlite_url: str,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BOOK_FROM_ANYWHERE, sqlite_url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    *entries, telegram = done.stdout.splitlines()
    assert [line.split()[0].partition(":")[0] for line in entries] == ["api", "import", "recurring"]
    # The rate of the one plug converts, whoever books: 4.50 USD are 2.25 EUR at 0.5.
    assert "2.25" in entries[0]
    assert telegram == "False"
