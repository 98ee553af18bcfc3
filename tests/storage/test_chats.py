"""Chats, members, settings; moving to a supergroup; forgetting."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TypeVar

import orjson
import pytest
from sqlalchemy import func, select

from ledger.budgets.budget import Budget
from ledger.chats import Chat, Member
from ledger.entries.changes import Change, entry_change
from ledger.entries.queries import EntryFilter
from ledger.errors import ClaimLostError, NotFoundError
from ledger.insights.insight import InsightMark
from ledger.questions import Question
from ledger.rates.values import CurrencyPair, OwnRate, rate_fields
from ledger.recurring.feeds import Feed
from ledger.recurring.fields import series_fields
from ledger.recurring.rules import Plan, Rule
from ledger.recurring.series import Series
from ledger.settings import OwnCategory, Settings
from ledger.stored_receipts import Receipt
from ledger.text.rewriting import MessageVersion
from ports.access import ALL_SCOPES, ApiToken, LoginLink, LoginSession
from ports.categorising import Correction
from ports.jobs import (
    Event,
    ExportedFile,
    ExportWritten,
    ImportListed,
    ImportRead,
    ImportReversed,
    ImportWritten,
    ReadReceipt,
    Recategorised,
    ReceiptFailed,
    dump_event,
    new_job,
)
from ports.mail import MailAddress
from ports.messages import Attachment, Reply, Subject
from ports.programs.replays import RepeatableCall
from ports.programs.webhooks import Webhook
from ports.queue import InboxMessage, NewJob
from ports.repositories import PinnedCard, Repositories
from services.merging import Merging
from services.restating import Restating
from storage import Database
from storage.database.tables import metadata
from tests.storage.samples import (
    ANN,
    BOB,
    CHAT,
    NOW,
    SETTINGS,
    entry,
    money,
    open_chat,
    operation,
    outgoing,
    press,
    update,
)

GROUP, SUPER = -500, -1002000000500
MERGING = Merging(Restating())
NOBODY: frozenset[int] = frozenset()


T = TypeVar("T")


async def run(database: Database, work: Callable[[Repositories], T]) -> T:
    async with database.units.open(now=NOW) as unit:
        return await unit.run(work)


async def test_a_chat_gets_one_ledger_and_keeps_it(database: Database) -> None:
    assert await database.units.read(lambda b: b.chats.find(CHAT)) is None
    settings = Settings(
        currency="UAH",
        timezone="Europe/Kyiv",
        language="uk",
        month_start=31,
        alert_percents=(50, 80, 100),
        local_only=True,
        categories=(OwnCategory("own1", "Кава", "☕"), OwnCategory("housing", "Хата", hidden=True)),
    )
    chat = await run(database, lambda b: b.chats.add(CHAT, "private", "Ann", settings, NOW))
    again = await run(database, lambda b: b.chats.add(CHAT, "private", "Ann", SETTINGS, NOW))
    assert again == chat
    assert chat.settings == settings
    place = await database.units.read(lambda b: b.chats.find(CHAT, ANN))
    assert place is not None
    assert (place.chat, place.member) == (chat, None)
    other = await run(database, lambda b: b.chats.add(CHAT + 1, "group", "We", SETTINGS, NOW))
    assert other.ledger.id != chat.ledger.id
    assert other.ledger.key != chat.ledger.key


async def test_settings_are_replaced_as_a_whole(database: Database) -> None:
    chat = await run(database, open_chat)
    settings = replace(SETTINGS, currency="CHF", weekly_on=False, alert_percents=(), set_up=True)
    await run(database, lambda b: b.chats.save_settings(chat.ledger.id, settings))
    found = await database.units.read(lambda b: b.chats.of_ledger(chat.ledger.id))
    assert found.settings == settings


async def test_members_are_seen_leave_and_come_back(database: Database) -> None:
    chat = await run(database, open_chat)

    def see(**fields: object) -> Member:
        return Member(user_id=BOB, name="Bob", **fields)  # type: ignore[arg-type]

    await run(database, lambda b: b.chats.see(chat, see(is_admin=True), NOW))
    await run(database, lambda b: b.chats.see(chat, see(username="bob", language="pl"), NOW))
    place = await database.units.read(lambda b: b.chats.find(CHAT, BOB))
    assert place is not None
    assert place.member == Member(BOB, "Bob", "bob", "pl", is_admin=True), "unknown keeps admin"
    await run(database, lambda b: b.chats.leave(CHAT, BOB, NOW))
    members = await database.units.read(lambda b: b.chats.members(chat.ledger.id))
    assert [(each.name, each.left) for each in members] == [("Ann", False), ("Bob", True)]
    assert members[1].is_admin is False
    assert await database.units.read(lambda b: b.chats.of_user(BOB)) == []
    await run(database, lambda b: b.chats.see(chat, see(), NOW))
    assert await database.units.read(lambda b: b.chats.of_user(BOB)) == [chat]


async def test_admins_are_who_is_listed_and_nobody_else(database: Database) -> None:
    chat = await run(database, open_chat)
    await run(database, lambda b: b.chats.see(chat, Member(BOB, "Bob", is_admin=True), NOW))
    await run(database, lambda b: b.chats.set_admins(CHAT, [ANN, 777]))
    members = await database.units.read(lambda b: b.chats.members(chat.ledger.id))
    assert [each.is_admin for each in members] == [True, False]
    await run(database, lambda b: b.chats.set_admins(CHAT, []))
    members = await database.units.read(lambda b: b.chats.members(chat.ledger.id))
    assert [each.is_admin for each in members] == [False, False]


async def test_a_title_is_kept_current(database: Database) -> None:
    await run(database, open_chat)
    await run(database, lambda b: b.chats.rename(CHAT, "Flat\0 4"))
    place = await database.units.read(lambda b: b.chats.find(CHAT))
    assert place is not None
    assert place.chat.title == "Flat 4"


# --- group becomes supergroup ---------------------------------------------------------------------


def fill(repositories: Repositories, chat_id: int, name: str) -> Chat:
    """A group in which everything happened once."""
    chat = repositories.chats.add(chat_id, "group", name, SETTINGS, NOW)
    ledger = chat.ledger.id
    repositories.chats.see(chat, Member(ANN, "Ann"), NOW)
    receipt = Receipt(
        f"r{name}", ledger, f"tg:{chat_id}:5", ANN, "file", "a.jpg", "", "booked", NOW,
        blob_key=f"blob{name}", clean_key=f"clean{name}", sha256="5a", reading={"total": "4.50"},
    )  # fmt: skip
    repositories.receipts.add(receipt)
    one = entry(ledger, id=f"e{name}", source_key=f"tg:{chat_id}:{5}:{0}", receipt_id=receipt.id)
    repositories.entries.add([one])
    change = entry_change(None, one)
    assert change is not None
    repositories.operations.record(operation(chat, f"a{name}"), [change])
    repositories.operations.record(operation(chat, f"u{name}", "undo", undoes=f"a{name}"), [change])
    budget = Budget(f"b{name}", ledger, "", money("400"), "month")
    repositories.budgets.put(budget, NOW)
    repositories.budgets.alert(budget.id, NOW.date(), "80%", NOW)
    repositories.corrections.put(ledger, Correction("note", f"coffee{name}", "groceries"), NOW)
    repositories.conversations.ask(Question(f"q{name}", ledger, ANN, "million", {"a": 1}, NOW))
    francs = OwnRate(ledger, CurrencyPair("CHF", "EUR"), Decimal("0.9"), NOW.date())
    repositories.rates.put_own(francs)
    rate = Change("rate", francs.id, None, rate_fields(francs))
    repositories.operations.record(operation(chat, f"rate{name}"), [rate])
    tea = Series(
        f"s{name}", ledger, "expense", money("2"), "tea", "groceries", Plan(Rule("day")), ANN, ANN, NOW
    )  # fmt: skip
    repositories.series.put(tea, NOW)
    repositories.series.refuse(ledger, f"expense:EUR:tea{name}:week")
    repositories.calendar_feeds.put(Feed(ledger, f"hash of {name}", ANN, NOW))
    made = Change("series", tea.id, None, series_fields(tea))
    repositories.operations.record(operation(chat, f"series{name}"), [made])
    version = MessageVersion(ledger, f"tg:1:{name}", NOW, {"entries": []})
    repositories.conversations.keep_version(version)
    repositories.schedules.plan(ledger, "weekly", NOW)
    repositories.schedules.plan(ledger, "monthly", NOW)
    repositories.pinned_cards.put(PinnedCard(ledger, f"card{name}", 0, "", NOW))
    repositories.pushes.claim(ledger, "weekly", f"2026-W47{name}", NOW)
    repositories.insight_marks.add(ledger, [InsightMark("usual", name, "2026-11", "3")])
    repositories.replays.claim(RepeatableCall(f"c{name}", ledger, "call"), NOW, since=NOW)
    hook = Webhook(f"w{name}", ledger, ANN, "https://example.org", "key", 0, NOW)
    repositories.webhooks.add(hook)
    mail = MailAddress(f"m{name}", ledger, ANN, "ann@example.org", f"k{name}", NOW)
    repositories.mail_addresses.put(mail)
    token = ApiToken(f"t{name}", ledger, ANN, f"dt{name}", "abcd", ALL_SCOPES, NOW)
    repositories.access.add_token(token)
    # As in a private chat, which has the id of its person.
    session = LoginSession(f"ds{name}", chat_id, "proof", NOW, NOW, NOW + timedelta(days=9))
    repositories.access.add_session(session)
    repositories.access.put_link(LoginLink(f"dl{name}", chat_id, NOW + timedelta(days=9)))
    return chat


async def post(database: Database, chat_id: int, name: str) -> None:
    async with database.units.open(now=NOW) as unit:
        reply = Reply("hi", ((press("x", "y"),),), attachment=Attachment(f"file{name}", "a.csv"))
        subject = Subject((f"e{name}",))
        unit.send(outgoing(f"h{name}", reply=reply, chat_id=chat_id, subject=subject, reply_to=9))
        unit.start(NewJob(f"job{name}", "read", {}, partition=chat_id))


async def test_a_supergroup_goes_on_with_the_ledger_of_its_group(database: Database) -> None:
    old = await run(database, lambda b: fill(b, GROUP, "old"))
    await post(database, GROUP, "old")
    for _ in range(2):  # both service messages arrive
        await run(database, lambda b: b.chats.migrate(GROUP, SUPER))
    place = await database.units.read(lambda b: b.chats.find(SUPER, ANN))
    assert place is not None
    assert (place.chat.ledger.id, place.chat.ledger.key) == (old.ledger.id, old.ledger.key)
    assert place.chat.title == "old"
    assert place.member is not None
    late = await database.units.read(lambda b: b.chats.find(GROUP, ANN))
    assert late is not None, "a late message of the group still finds the ledger"
    assert late.chat.ledger.id == old.ledger.id
    home = await database.units.read(lambda b: b.chats.of_ledger(old.ledger.id))
    assert home.chat_id == SUPER
    assert len(await database.units.read(lambda b: b.chats.of_user(ANN))) == 1
    [outbox_message] = await database.outbox.pending(now=NOW, limit=9, skip=NOBODY)
    assert (outbox_message.chat_id, outbox_message.reply_to) == (SUPER, None), (
        "message ids start again"
    )
    question = await database.units.read(lambda b: b.conversations.question(old.ledger.id, "qold"))
    assert question is not None
    assert question.ledger_id == old.ledger.id
    stored = await database.units.read(lambda b: b.entries.find(old.ledger.id, "eold"))
    assert stored is not None
    assert stored.source_key == f"tg:{GROUP}:5:0", "the key stays where it was written"


async def test_an_edit_on_its_way_becomes_a_new_message_in_the_supergroup(
    database: Database,
) -> None:
    await run(database, lambda b: fill(b, GROUP, "old"))
    async with database.units.open(now=NOW) as unit:
        unit.send(outgoing("h1", chat_id=GROUP))
    [outbox_message] = await database.outbox.pending(now=NOW, limit=9, skip=NOBODY)
    await database.outbox.sent([(outbox_message, 77)])
    async with database.units.open(now=NOW) as unit:
        unit.send(outgoing("h2", "new", chat_id=GROUP, edits="h1"))
    await database.outbox.migrate(GROUP, SUPER, now=NOW)
    [outbox_message] = await database.outbox.pending(now=NOW, limit=9, skip=NOBODY)
    assert (outbox_message.chat_id, outbox_message.method, outbox_message.target_id) == (
        SUPER,
        "send",
        None,
    )


async def test_a_message_of_the_group_is_said_again_where_it_changes_in_the_supergroup(
    database: Database,
) -> None:
    """Its id belongs to another message there, which an edit would overwrite."""
    await run(database, lambda b: fill(b, GROUP, "old"))
    async with database.units.open(now=NOW) as unit:
        unit.send(outgoing("h1", chat_id=GROUP))
    [outbox_message] = await database.outbox.pending(now=NOW, limit=9, skip=NOBODY)
    await database.outbox.sent([(outbox_message, 5)])
    await database.outbox.migrate(GROUP, SUPER, now=NOW)
    async with database.units.open(now=NOW) as unit:
        unit.send(outgoing("h2", "new", chat_id=SUPER, edits="h1"))
    [outbox_message] = await database.outbox.pending(now=NOW, limit=9, skip=NOBODY)
    assert (outbox_message.method, outbox_message.target_id) == ("send", None)
    await database.outbox.sent([(outbox_message, 6)])
    async with database.units.open(now=NOW) as unit:
        unit.send(outgoing("h3", "newer", chat_id=SUPER, edits="h2"))
    [outbox_message] = await database.outbox.pending(now=NOW, limit=9, skip=NOBODY)
    assert (outbox_message.method, outbox_message.target_id) == ("edit", 6)


def weekly(ledger_id: int) -> Budget:
    """A budget that the other ledger does not have."""
    return Budget("bweekly", ledger_id, "food", money("50"), "week")


async def test_a_refusal_leaves_an_event_that_moves_the_ledger(database: Database) -> None:
    await run(database, lambda b: fill(b, GROUP, "old"))
    for _ in range(2):
        await database.outbox.migrate(GROUP, SUPER, now=NOW)
    [delivery] = await database.inbox.claim(now=NOW, partitions=9, lease_seconds=60)
    message = delivery.inbox_message
    assert (message.kind, message.partition) == ("event", SUPER)
    assert json.loads(message.body or "") == {
        "event": "chat_migrated",
        "old_id": GROUP,
        "new_id": SUPER,
    }
    assert await database.units.read(lambda b: b.chats.find(SUPER)) is None, "a service moves it"


async def test_two_ledgers_become_one_when_the_supergroup_began_its_own(
    database: Database,
) -> None:
    old = await run(database, lambda b: fill(b, GROUP, "old"))
    new = await run(database, lambda b: fill(b, SUPER, "new"))
    dollars = replace(SETTINGS, currency="USD")
    typed_in_euros = entry(new.ledger.id, "7.00", id="euros", base=None)
    typed_in_dollars = entry(
        new.ledger.id,
        id="dollars",
        money=money("8.00", "USD"),
        base=replace(entry(1).base, money=money("8.00", "USD")),  # type: ignore[type-var]
    )

    def change_currency(repositories: Repositories) -> None:
        repositories.chats.save_settings(new.ledger.id, dollars)
        for each in (typed_in_euros, typed_in_dollars):
            repositories.entries.add([each])
            change = entry_change(None, each)
            assert change is not None
            repositories.operations.record(operation(new, f"act{each.id}"), [change])

    await run(database, change_currency)
    await run(database, lambda b: b.budgets.put(weekly(new.ledger.id), NOW))
    for user_id, confirmed_at in ((BOB, NOW), (BOB + 1, None)):
        mail = MailAddress(
            f"m{user_id}", new.ledger.id, user_id, "b@example.org", f"k{user_id}", NOW
        )
        mail = replace(mail, confirmed_at=confirmed_at)
        await run(database, partial(lambda b, one: b.mail_addresses.put(one), one=mail))
    for _ in range(2):
        await run(database, lambda b: MERGING.migrate(b, GROUP, SUPER, NOW + timedelta(hours=1)))
    ledger = old.ledger.id
    stored = await database.units.read(lambda b: list(b.entries.stream(ledger, EntryFilter())))
    found = {each.id: each for each in stored}
    assert found.keys() == {"eold", "enew", "euros", "dollars"}
    assert found["euros"].base is not None, "it is in the ledger's currency now"
    assert found["euros"].base.money == money("7.00")
    assert found["dollars"].base is None, "no rate is known: listed apart, not guessed"
    place = await database.units.read(lambda b: b.chats.find(SUPER))
    assert place is not None
    assert place.chat.settings.currency == "EUR", "the older ledger's settings hold"
    budgets = await database.units.read(lambda b: b.budgets.list_all(ledger))
    assert [each.id for each in budgets] == ["bold", "bweekly"]
    corrections = await database.units.read(lambda b: b.corrections.list_all(ledger))
    assert {each.key for each in corrections} == {"coffeeold", "coffeenew"}
    assert not await run(
        database, lambda b: b.pushes.claim(ledger, "weekly", "2026-W47new", NOW)
    ), "what was sent in either stays sent"
    mails = [
        await run(
            database, partial(lambda b, user: b.mail_addresses.of_person(ledger, user), user=user)
        )
        for user in (ANN, BOB, BOB + 1)
    ]
    assert [mail and mail.id for mail in mails] == ["mold", f"m{BOB}", None]
    question = await database.units.read(lambda b: b.conversations.question(ledger, "qnew"))
    assert question is not None
    assert question.ledger_id == ledger
    with pytest.raises(NotFoundError):
        await database.units.read(lambda b: b.chats.of_ledger(new.ledger.id))


async def test_work_of_a_ledger_that_is_given_up_goes_on_in_the_other(database: Database) -> None:
    """A receipt that was sent to the supergroup before the bot heard that it is one."""
    old = await run(database, lambda b: fill(b, GROUP, "old"))
    new = await run(database, lambda b: fill(b, SUPER, "new"))
    async with database.units.open(now=NOW) as unit:
        for number, ledger in enumerate((old.ledger.id, new.ledger.id)):
            unit.start(new_job(ReadReceipt(ledger, f"r{number}"), f"r{number}", SUPER))
    event = dump_event(ReceiptFailed(new.ledger.id, "r2"))
    await database.inbox.add([InboxMessage("j1", SUPER, event, "event")], now=NOW)
    (_, under_way) = await database.jobs.claim(now=NOW, room=lambda _: 9, lease_seconds=60)
    await run(database, lambda b: MERGING.migrate(b, GROUP, SUPER, NOW))
    with pytest.raises(ClaimLostError):
        await database.jobs.done(under_way, event=event, now=NOW)
    (again,) = await database.jobs.claim(now=NOW, room=lambda _: 9, lease_seconds=60)
    assert (again.id, again.values["ledger_id"]) == (under_way.id, old.ledger.id)
    (waiting,) = await database.inbox.claim(now=NOW, partitions=9, lease_seconds=60)
    assert orjson.loads(waiting.inbox_message.body)["ledger_id"] == old.ledger.id


EVENTS = (
    ReceiptFailed(0, "r2"),
    ImportRead(0, "i2"),
    ImportWritten(0, "i2"),
    ImportReversed(0, "i2"),
    ExportWritten((ExportedFile("key", "file.csv", 1),)),
    ImportListed(ExportedFile("key", "file.csv", 1)),
    Recategorised(0, (), {}, ()),
)
"""One of every kind that names its ledger."""


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
async def test_an_event_that_was_taken_before_its_ledger_was_given_up_is_taken_again(
    database: Database, event: Event
) -> None:
    """It names the former ledger, where nothing is found: a file would be sent to nobody."""
    old = await run(database, lambda b: fill(b, GROUP, "old"))
    new = await run(database, lambda b: fill(b, SUPER, "new"))
    values = {**orjson.loads(dump_event(event)), "ledger_id": new.ledger.id}
    messages = [
        update(1, partition=SUPER),
        InboxMessage("j1", SUPER, orjson.dumps(values).decode(), "event", flow="f"),
        update(2, partition=SUPER),
    ]
    await database.inbox.add(messages, now=NOW)
    taken = await database.inbox.claim(now=NOW, partitions=9, lease_seconds=60)
    await run(database, lambda b: MERGING.migrate(b, GROUP, SUPER, NOW))
    for delivery in taken:
        is_event = delivery.inbox_message.kind == "event"
        with pytest.raises(ClaimLostError) if is_event else nullcontext():
            async with database.units.open(now=NOW, claim=delivery):
                pass
    later = NOW + timedelta(seconds=61)
    (again,) = await database.inbox.claim(now=later, partitions=9, lease_seconds=60)
    message = again.inbox_message
    assert (message.key, message.partition, message.flow) == ("j1", SUPER, "f")
    assert orjson.loads(message.body) == {**values, "ledger_id": old.ledger.id}
    async with database.units.open(now=later, claim=again):
        pass
    assert await database.inbox.count() == 0


async def test_migrating_an_unknown_group_does_nothing(database: Database) -> None:
    await run(database, lambda b: b.chats.migrate(-1, -2))
    assert await database.units.read(lambda b: b.chats.find(-2)) is None
    kept = await run(database, lambda b: fill(b, SUPER, "new"))
    await run(database, lambda b: b.chats.migrate(-1, SUPER))
    place = await database.units.read(lambda b: b.chats.find(SUPER))
    assert place is not None
    assert place.chat == kept


# --- forgetting -----------------------------------------------------------------------------------


async def counts(database: Database) -> dict[str, int]:
    """Rows by table."""
    tables = metadata.sorted_tables
    return await database.backend.read(
        lambda c: {
            each.name: c.execute(select(func.count()).select_from(each)).scalar_one()
            for each in tables
        }
    )


async def test_forgetting_deletes_every_row_of_a_ledger_and_no_other(database: Database) -> None:
    other = await run(database, lambda b: fill(b, CHAT, "other"))
    await post(database, CHAT, "other")
    before = await counts(database)
    elsewhere = {"daily_rates", "inbox", "offsets", "ai_calls", "shadow_evaluations", "partitions"}
    # Imports have tests of their own (tests/storage/test_imports.py).
    elsewhere |= {"entry_shares", "imports", "import_layouts", "import_links"}
    assert {name for name in before if not before[name]} <= elsewhere
    mine = await run(database, lambda b: fill(b, GROUP, "mine"))
    await post(database, GROUP, "mine")
    await database.inbox.add([update(1, GROUP), update(2, GROUP)], now=NOW)
    [asking, dead] = await database.inbox.claim(now=NOW, partitions=9, lease_seconds=60)
    await database.inbox.failed(dead, error="ValueError", retry_at=None, now=NOW)
    async with database.units.open(now=NOW, claim=asking) as unit:
        keys = await unit.run(lambda b: b.chats.forget(mine.ledger.id))
    assert keys == ["blobmine", "cleanmine", "filemine"]
    await database.prune(NOW)
    after = await counts(database)
    assert after.pop("inbox") == 2, "keys stay, so that nothing is handled twice"
    before.pop("inbox")
    # Which chat a claim was of, as long as the chat's number may come again.
    assert after.pop("partitions") - before.pop("partitions") in {0, 1}
    assert after == before
    assert await database.dead_letters.list_all(9) == []
    assert await database.units.read(lambda b: b.chats.find(GROUP)) is None
    assert await database.referenced_blobs() == {"blobother", "cleanother", "fileother"}
    fresh = await run(database, lambda b: b.chats.add(GROUP, "group", "mine", SETTINGS, NOW))
    assert fresh.ledger.id not in {mine.ledger.id, other.ledger.id}


async def test_nothing_names_a_forgotten_chat_once_its_answer_is_sent(database: Database) -> None:
    mine = await run(database, lambda b: fill(b, GROUP, "mine"))
    await post(database, GROUP, "mine")
    await database.inbox.add([update(1, GROUP)], now=NOW)
    [asking] = await database.inbox.claim(now=NOW, partitions=9, lease_seconds=60)
    async with database.units.open(now=NOW, claim=asking) as unit:
        await unit.run(lambda b: b.chats.forget(mine.ledger.id))
        unit.send(outgoing("gone", chat_id=GROUP))
    await database.prune(NOW)
    [answer] = await database.outbox.pending(now=NOW, limit=9, skip=NOBODY)
    await database.outbox.sent([(answer, 77)])
    await database.prune(NOW)
    assert await naming(database, GROUP) == []
    await database.inbox.add([update(1, GROUP)], now=NOW)
    assert await database.inbox.count() == 0, "a repeated update is known"


async def test_a_chat_that_begins_anew_keeps_what_it_says(database: Database) -> None:
    mine = await run(database, lambda b: fill(b, GROUP, "mine"))
    await run(database, lambda b: b.chats.forget(mine.ledger.id))
    await run(database, lambda b: b.chats.add(GROUP, "group", "We", SETTINGS, NOW))
    async with database.units.open(now=NOW) as unit:
        unit.send(outgoing("new", chat_id=GROUP))
    await database.prune(NOW)
    assert len(await database.outbox.pending(now=NOW, limit=9, skip=NOBODY)) == 1


async def naming(database: Database, chat_id: int) -> list[str]:
    """Return the tables in which a value names a chat."""
    return await database.backend.read(
        lambda connection: [
            table.name
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
            if any(str(chat_id) in str(value) for value in row)
        ]
    )


async def test_forgetting_a_migrated_group_forgets_both_chats(database: Database) -> None:
    mine = await run(database, lambda b: fill(b, GROUP, "mine"))
    await run(database, lambda b: b.chats.migrate(GROUP, SUPER))
    await run(database, lambda b: b.chats.forget(mine.ledger.id))
    await database.prune(NOW)
    assert not any((await counts(database)).values())
