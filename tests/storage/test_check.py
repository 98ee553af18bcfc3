"""Row M04: seeded damage is found, all of it, and nothing where nothing is wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.budgets.budget import Budget
from ledger.entries.changes import Change, entry_change
from ledger.entries.entry import Converted
from ledger.errors import UnavailableError
from ledger.settings import settings_fields
from ledger.stored_receipts import Receipt
from ports.categorising import Correction
from ports.messages import Outgoing, Picture, Reply, Subject
from ports.repositories import Repositories
from services.merging import Merging
from services.restating import Restating
from storage import Database, open_database
from storage.blobs.disk import DiskBlobs
from storage.check import Damage
from storage.database.upkeep.row_checks import CHECKS, build_entry_checks
from tests.storage.samples import ANN, CHAT, NOW, TODAY, entry, money, open_chat, operation, press
from tests.storage.test_chats import GROUP, SUPER, fill


def lived_in(repositories: Repositories) -> None:
    """A ledger with a past: everything recorded, as the services do it."""
    chat = open_chat(repositories)
    ledger = chat.ledger.id
    receipt = Receipt(
        "r1",
        ledger,
        f"tg:{CHAT}:5",
        ANN,
        "f",
        "a.jpg",
        "",
        "booked",
        NOW,
        blob_key="b",
        clean_key="c",
    )
    repositories.receipts.add(receipt)
    rate = Converted(money("5.42"), Decimal("0.00553"), TODAY)
    yen = entry(ledger, id="yen", money=money("980", "JPY"), base=rate)
    first = entry(ledger, id="e1", note="Äpfel", tags=("x",), receipt_id="r1")
    for number, each in enumerate((yen, first)):
        repositories.entries.add([each])
        made = entry_change(None, each)
        assert made is not None
        repositories.operations.record(operation(chat, f"capture{number}"), [made])
    changed = replace(first, category="groceries", note="Birnen")
    correction = entry_change(first, changed)
    assert correction is not None
    repositories.entries.save(changed)
    learned = Correction("note", "birnen", "groceries")
    repositories.corrections.put(ledger, learned, NOW)
    lesson = Change("correction", "note:birnen", None, {"category": "groceries"})
    repositories.operations.record(operation(chat, "correct"), [correction, lesson])
    budget = Budget("b1", ledger, "", money("400"), "month")
    repositories.budgets.put(budget, NOW)
    fields = {"scope": "", "limit_minor": 40000, "currency": "EUR", "per": "month"}
    repositories.operations.record(
        operation(chat, "budget"), [Change("budget", "b1", None, fields)]
    )
    repositories.budgets.alert("b1", TODAY, "80%", NOW)
    old, new = chat.settings, replace(chat.settings, week_start=6, alert_percents=(50,))
    repositories.chats.save_settings(ledger, new)
    before, after = settings_fields(old), settings_fields(new)
    names = [name for name in after if after[name] != before[name]]
    change = Change(
        "settings", str(ledger), {n: before[n] for n in names}, {n: after[n] for n in names}
    )
    repositories.operations.record(operation(chat, "settings"), [change])
    undone = entry_change(changed, replace(changed, deleted_at=NOW))
    assert undone is not None
    repositories.entries.save(replace(changed, deleted_at=NOW))
    repositories.operations.record(operation(chat, "undo", "undo", undoes="capture1"), [undone])
    repositories.operations.mark("capture1", undone=True)
    repositories.schedules.plan(ledger, "weekly", NOW)
    repositories.schedules.plan(ledger, "monthly", NOW)


async def live(database: Database) -> None:
    async with database.units.open(now=NOW) as unit:
        await unit.run(lived_in)
        reply = Reply("x", ((press("y", "z"),),), picture=Picture("p", {}))
        unit.send(Outgoing(CHAT, "drawn", reply, subject=Subject(("e1",))))
        unit.send(Outgoing(CHAT, "h1", Reply("x", ((press("y", "z"),),))))
        unit.send(Outgoing(CHAT, "h2", Reply("x"), edits="h1"))


async def test_a_ledger_with_a_past_has_no_findings(database: Database) -> None:
    await live(database)
    assert await database.find_damage(NOW) == []


async def test_two_ledgers_that_became_one_have_no_findings(database: Database) -> None:
    def meet(repositories: Repositories) -> None:
        for chat_id, name in ((GROUP, "old"), (SUPER, "new")):
            chat = fill(repositories, chat_id, name)
            fields = {"scope": "", "limit_minor": 40000, "currency": "EUR", "per": "month"}
            lesson = Change("correction", f"note:coffee{name}", None, {"category": "groceries"})
            both = Correction("note", "tea", "groceries" if name == "old" else "shopping")
            repositories.corrections.put(chat.ledger.id, both, NOW)
            tea = Change("correction", "note:tea", None, {"category": both.category})
            made = [Change("budget", f"b{name}", None, fields), lesson, tea]
            repositories.operations.record(operation(chat, f"more{name}"), made)
        Merging(Restating()).migrate(repositories, GROUP, SUPER, NOW)

    async with database.units.open(now=NOW) as unit:
        await unit.run(meet)
    assert await database.find_damage(NOW) == []


async def test_a_missing_picture_is_found(database: Database, tmp_path: Path) -> None:
    await live(database)
    blobs = DiskBlobs(tmp_path / "receipts")
    assert await database.find_damage(NOW, blobs) == [
        Damage("file_missing", "b"),
        Damage("file_missing", "c"),
    ]


# What is done to the file, and the kinds that must be among the findings.
DAMAGE: list[tuple[str, str]] = [
    ("UPDATE entries SET ledger_id = 99 WHERE id = 'yen'", "entry_without_ledger"),
    ("UPDATE entries SET amount_minor = 0 WHERE id = 'yen'", "entry_amount_not_positive"),
    ("UPDATE entries SET amount_minor = 1000000000000000000", "entry_amount_too_large"),
    ("UPDATE entries SET currency = 'XXX'", "entry_currency_unknown"),
    ("UPDATE entries SET type = 'gift'", "entry_type_unknown"),
    ("UPDATE entries SET source = 'dream'", "entry_source_unknown"),
    ("UPDATE entries SET rate = NULL WHERE id = 'yen'", "entry_base_incomplete"),
    ("UPDATE entries SET base_currency = 'USD' WHERE id = 'yen'", "entry_base_in_wrong_currency"),
    ("UPDATE entries SET base_minor = 451 WHERE id = 'e1'", "entry_base_differs_from_amount"),
    (
        ("UPDATE entries SET base_minor = NULL, base_currency = NULL, rate = NULL, rate_on = NULL "
        "WHERE id = 'e1'"),
        "entry_unconverted_in_ledger_currency",
    ),
    ("UPDATE entries SET base_minor = 5420 WHERE id = 'yen'", "entry_rate_does_not_make_sum"),
    ("UPDATE entries SET rate = 'many' WHERE id = 'yen'", "entry_unreadable"),
    ("UPDATE entries SET search = 'x' WHERE id = 'yen'", "entry_search_stale"),
    ("UPDATE entries SET spent_on = '0202-11-20'", "entry_day_impossible"),
    ("UPDATE entries SET spent_on = '2062-11-20'", "entry_day_impossible"),
    (
        "UPDATE entries SET created_at = '2027-01-01T00:00:00.000000+00:00'",
        "entry_made_in_the_future",
    ),
    ("DELETE FROM receipts", "entry_receipt_missing"),
    ("UPDATE receipts SET ledger_id = 99", "entry_receipt_of_other_ledger"),
    ("UPDATE receipts SET ledger_id = 99", "receipt_without_ledger"),
    ("UPDATE receipts SET state = 'lost'", "receipt_state_unknown"),
    ("UPDATE receipts SET blob_key = NULL", "receipt_without_picture"),
    ("UPDATE entries SET receipt_id = NULL", "receipt_booked_without_entry"),
    ("UPDATE entries SET paid_by = 12345", "entry_payer_unknown"),
    (
        "UPDATE entries SET updated_at = '2020-01-01T00:00:00.000000+00:00'",
        "entry_changed_before_it_was_made",
    ),
    ("DELETE FROM changes WHERE subject_id = 'yen'", "entry_without_history"),
    ("DELETE FROM entries WHERE id = 'yen'", "change_of_unknown_entry"),
    ("UPDATE entries SET amount_minor = 98100, base_minor = 54249 WHERE id = 'yen'",
     "entry_differs_from_history"),
    ("UPDATE entries SET spent_on = '2026-10-20' WHERE id = 'yen'", "entry_differs_from_history"),
    ("UPDATE entries SET deleted_at = NULL WHERE id = 'e1'", "entry_differs_from_history"),
    (
        "UPDATE changes SET before = '{\"category\":\"health\"}' WHERE operation_id = 'correct'",
        "entry_history_does_not_follow",
    ),
    ("UPDATE operations SET ledger_id = 99 WHERE id = 'capture0'", "operation_without_ledger"),
    ("UPDATE operations SET ledger_id = 99 WHERE id = 'capture0'", "change_of_other_ledger"),
    ("DELETE FROM operations WHERE id = 'capture0'", "change_without_operation"),
    ("UPDATE operations SET undoes = 'nothing' WHERE id = 'undo'", "operation_undoes_unknown_operation"),
    ("DELETE FROM changes WHERE operation_id = 'capture0'", "operation_without_changes"),
    ("UPDATE operations SET undone = 1 WHERE id = 'capture0'", "operation_undone_without_undo"),
    ("UPDATE budgets SET ledger_id = 99", "budget_without_ledger"),
    ("UPDATE budgets SET limit_minor = -1", "budget_limit_not_positive"),
    ("UPDATE budgets SET per = 'decade'", "budget_period_unknown"),
    ("UPDATE budgets SET limit_minor = 40001", "budget_differs_from_history"),
    ("DELETE FROM changes WHERE subject = 'budget'", "budget_without_history"),
    (
        ("INSERT INTO budgets (id, ledger_id, scope, per, limit_minor, currency, updated_at) "
        "SELECT 'b2', ledger_id, scope, per, limit_minor, currency, updated_at FROM budgets"),
        "budget_doubled",
    ),
    ("UPDATE budgets SET per = 'trip'", "budget_trip_without_dates"),
    ("UPDATE budgets SET starts_on = '2026-12-14', ends_on = '2026-12-03'", "budget_trip_without_dates"),
    ("UPDATE budgets SET carry = 'all'", "budget_carry_unknown"),
    ("UPDATE budgets SET carry = 'both'", "budget_carry_unknown"),
    ("DELETE FROM budgets", "alert_without_budget"),
    ("UPDATE corrections SET category = 'health'", "correction_differs_from_history"),
    ("DELETE FROM corrections", "correction_differs_from_history"),
    ("UPDATE corrections SET ledger_id = 99", "correction_without_ledger"),
    ("UPDATE ledgers SET settings = json_set(settings, '$.week_start', 3)",
     "settings_differs_from_history"),
    ("UPDATE ledgers SET settings = json_set(settings, '$.currency', 'USD')",
     "ledger_in_two_currencies"),
    ("UPDATE ledgers SET currency = 'USD'", "ledger_in_two_currencies"),
    ("UPDATE ledgers SET settings = json_set(settings, '$.timezone', 'Mars/Olympus')",
     "ledger_settings_impossible"),
    ("UPDATE ledgers SET settings = '{\"currency\"'", "rows_unreadable"),
    ("UPDATE entries SET tags = 'food'", "rows_unreadable"),
    ("UPDATE entries SET spent_on = 'yesterday'", "rows_unreadable"),
    ("UPDATE operations SET at = 'noon'", "rows_unreadable"),
    ("UPDATE chats SET ledger_id = 99", "chat_without_ledger"),
    ("UPDATE chats SET migrated_to = 77", "chat_moved_to_unknown_chat"),
    ("DELETE FROM chats", "ledger_without_chat"),
    (
        "INSERT INTO chats SELECT chat_id + 1, ledger_id, kind, title, muted, NULL FROM chats",
        "ledger_in_two_chats",
    ),
    ("UPDATE members SET ledger_id = 99", "member_without_ledger"),
    ("UPDATE schedules SET ledger_id = 99", "schedule_without_ledger"),
    ("INSERT INTO pushes VALUES (99, 'weekly', 'x', '2026-01-01', NULL)", "push_without_ledger"),
    (
        "INSERT INTO questions VALUES ('q', 99, 1, 'x', '{}', '2026-01-01', 0)",
        "question_without_ledger",
    ),
    (
        "INSERT INTO message_versions VALUES (99, 'tg:1:1', '2026-01-01', '{}')",
        "version_without_ledger",
    ),
    (
        ("INSERT INTO inbox (key, partition, kind, body, state, received_at) "
        "VALUES ('u1', 1, 'update', '{}', 'done', '2026-01-01')"),
        "inbox_body_kept",
    ),
    (
        ("INSERT INTO inbox (key, partition, kind, state, received_at) "
        "VALUES ('u1', 1, 'update', 'pending', '2026-01-01')"),
        "inbox_body_missing",
    ),
    ("UPDATE outbox SET state = 'sent' WHERE message_key = 'h1'", "message_body_kept"),
    ("UPDATE outbox SET payload = NULL WHERE message_key = 'h1'", "message_body_missing"),
    ("DELETE FROM outbox WHERE message_key = 'h1'", "message_superseded_by_nothing"),
    ("DELETE FROM jobs", "message_picture_without_job"),
    ("DELETE FROM outbox WHERE message_key = 'drawn'", "entry_in_unknown_message"),
    ("UPDATE message_entries SET entry_id = 'e9'", "message_of_unknown_entry"),
    ("DELETE FROM entries WHERE id = 'e1'", "message_of_unknown_entry"),
    ("DELETE FROM ledgers", "reference_broken"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "kind"), DAMAGE)
async def test_damage_is_found(sqlite_url: str, statement: str, kind: str) -> None:
    async with open_database(sqlite_url) as database:
        await live(database)
    spoil(sqlite_url, lambda connection: connection.execute(statement))
    async with open_database(sqlite_url) as database:
        findings = await database.find_damage(NOW)
    assert kind in {finding.what for finding in findings}


async def test_an_entry_that_was_doubled_behind_the_unique_key_is_found(sqlite_url: str) -> None:
    """An index that lost a row lets a copied file hold the same message twice."""
    async with open_database(sqlite_url) as database:
        await live(database)

    def double(connection: sqlite3.Connection) -> None:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(entries)")]
        connection.execute("CREATE TABLE copy AS SELECT * FROM entries WHERE id = 'yen'")
        connection.execute("UPDATE copy SET id = 'yen2'")
        sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'entries'").fetchone()
        unique = "CONSTRAINT uq_entries_ledger_id_source_key UNIQUE"
        start = sql[0].index(unique)
        without = sql[0][:start].rstrip().rstrip(",") + ")"
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("ALTER TABLE entries RENAME TO old_entries")
        connection.execute(without)
        names = ", ".join(columns)
        connection.execute(f"INSERT INTO entries SELECT {names} FROM old_entries")  # noqa: S608
        connection.execute(f"INSERT INTO entries SELECT {names} FROM copy")  # noqa: S608
        connection.execute("DROP TABLE old_entries")

    spoil(sqlite_url, double)
    async with open_database(sqlite_url) as database:
        found = {each for each in await database.find_damage(NOW) if each.what.endswith("doubled")}
    assert found == {
        Damage("entry_source_doubled", "yen"),
        Damage("entry_source_doubled", "yen2"),
    }


async def test_a_damaged_page_is_found(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        await live(database)

    def unlink(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master "
            "WHERE name = 'ix_members_user_id') WHERE name = 'ix_operations_ledger_id_user_id_seq'"
        )

    spoil(sqlite_url, unlink)
    with pytest.raises(UnavailableError, match="database_damaged"):
        async with open_database(sqlite_url):
            pass
    async with open_database(sqlite_url, up_to_date=False) as database:
        kinds = {finding.what for finding in await database.find_damage(NOW)}
    assert "file_damaged" in kinds


async def test_a_damaged_table_is_named_while_the_program_runs(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        await live(database)
        assert await database.find_damaged_tables() == []
    overwrite_table(Path(sqlite_url.removeprefix("sqlite:///")))
    async with open_database(sqlite_url, up_to_date=False) as database:
        assert "entries" in await database.find_damaged_tables()


def test_nearly_every_kind_of_damage_is_tried() -> None:
    kinds = {kind for checks in (build_entry_checks(NOW, {}), *CHECKS) for kind in checks.wrong}
    assert kinds - {kind for _, kind in DAMAGE} == {
        "entry_source_doubled",  # above, by a table of its own
        "keyboard_without_actions",  # the column forbids it
        # By `test_counts`, which loses rows whole.
        "operation_without_number",
        "operation_of_unknown_member",
    }


def spoil(url: str, work: Callable[[sqlite3.Connection], object]) -> None:
    """Do what no program of ours does: write with the keys switched off."""
    path = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA legacy_alter_table = ON")
        work(connection)


def overwrite_table(path: Path) -> None:
    """Overwrite the first page of a table, as a failing disk does."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root, size = connection.execute(
            "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_master "
            "WHERE name = 'entries'"
        ).fetchone()
    pages = bytearray(path.read_bytes())
    pages[(root - 1) * size : root * size] = b"\xff" * size
    path.write_bytes(pages)
