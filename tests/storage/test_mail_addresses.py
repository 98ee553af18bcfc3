"""Addresses for mail, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ledger.chats import Chat
from ports.mail import MailAddress
from ports.repositories import Repositories
from services.entering import SeenChat
from storage import Database
from tests.services.setup import ANN, BO, new_desk

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def _enter(rows: Repositories, chat_id: int) -> Chat:
    desk, seen = new_desk(), SeenChat(chat_id, "group", "Home")
    return desk.entering.enter(rows, seen, ANN, now=NOW).chat


async def test_addresses_are_kept_by_person_and_ledger(database: Database) -> None:
    def work(rows: Repositories) -> None:
        mails = rows.mail_addresses
        one, two = _enter(rows, -1).ledger.id, _enter(rows, -2).ledger.id
        ann = MailAddress("a", one, ANN.user_id, "ann@example.org", "key-a", NOW, "digest", NOW, 5)
        mails.put(ann)
        assert mails.of_person(one, ANN.user_id) == ann
        assert mails.of_person(two, ANN.user_id) is None
        assert mails.find_confirmed(ann.address) is None
        assert mails.find_by_stop_key("key-a") is None
        assert mails.list_weekly(one) == []

        confirmed = replace(ann, confirmed_at=NOW, weekly_on=True, mailed_period="2026-11-16")
        mails.put(confirmed)
        assert mails.find("a") == confirmed
        assert mails.find_by_stop_key("key-a") == confirmed
        assert mails.list_weekly(one) == [confirmed]
        bo = replace(confirmed, id="b", user_id=BO.user_id, stop_key="key-b", weekly_on=False)
        later = replace(bo, ledger_id=two, confirmed_at=NOW + timedelta(days=1))
        mails.put(later)
        assert mails.find_confirmed(ann.address) == later
        assert mails.list_weekly(two) == []

        # The same person registers another address.
        other = replace(ann, id="c", address="ann@example.net", stop_key="key-c")
        mails.put(other)
        assert mails.find("a") is None
        mails.drop_others(replace(other, address=later.address))
        assert mails.find("b") is None
        mails.drop("c")
        assert mails.of_person(one, ANN.user_id) is None

        mails.put(ann)
        rows.chats.forget(one)
        assert mails.find("a") is None

    async with database.units.open(now=NOW) as unit:
        await unit.run(work)


async def test_a_ledger_that_is_merged_away_leaves_no_address(database: Database) -> None:
    def work(rows: Repositories) -> None:
        one, two = _enter(rows, -1).ledger.id, _enter(rows, -2).ledger.id
        for name, ledger in (("a", one), ("b", two)):
            rows.mail_addresses.put(
                MailAddress(name, ledger, ANN.user_id, "ann@example.org", f"key-{name}", NOW)
            )
        rows.chats.merge(one, two)
        assert rows.mail_addresses.find("a") is not None
        assert rows.mail_addresses.find("b") is None

    async with database.units.open(now=NOW) as unit:
        await unit.run(work)
