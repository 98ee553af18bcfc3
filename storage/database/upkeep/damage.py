"""Find wrong rows by statements, each with the name of its kind, returning ids.

Foreign keys and unique keys forbid some kinds. They are checked too, because files are copied by
hand, restored in parts, and written by programs that switch the keys off.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, get_args

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Select,
    Table,
    Text,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from ledger.budgets.budget import Carry
from ledger.money import AMOUNT_MAX, MINOR_DIGITS, to_minor
from ledger.settings import Per
from storage.database.tables import (
    alerts,
    budgets,
    changes,
    chats,
    corrections,
    entries,
    inbox,
    jobs,
    keyboards,
    ledgers,
    members,
    message_entries,
    message_versions,
    metadata,
    operations,
    outbox,
    pushes,
    questions,
    receipts,
    schedules,
)
from storage.database.types import Utc

_e, _o, _r, _a, _b = entries.c, outbox.c, receipts.c, operations.c, budgets.c
_fresh = operations.alias("fresh")
_twin = entries.alias("twin")
_twin_budget = budgets.alias("twin_budget")
_home = chats.alias("home")
_target = outbox.alias("target")

_UNCONVERTED = and_(
    _e.base_minor.is_(None), _e.base_currency.is_(None), _e.rate.is_(None), _e.rate_on.is_(None)
)
_CONVERTED = and_(
    _e.base_minor.is_not(None),
    _e.base_currency.is_not(None),
    _e.rate.is_not(None),
    _e.rate_on.is_not(None),
)
# While a new currency is taken over, entries wait for their amount in it.
_RESTATED = ~exists().where(schedules.c.ledger_id == ledgers.c.id, schedules.c.kind == "restate")
_LARGEST = max(to_minor(AMOUNT_MAX, code) for code in MINOR_DIGITS)


def _missing(child: Column[Any], parent: Column[Any]) -> ColumnElement[bool]:
    """Select children whose parent does not exist."""
    return and_(child.is_not(None), ~exists().where(parent == child))


def _in(source: FromClause, key: Column[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(key).select_from(source).where(*conditions).order_by(key)


def _ledger_of(table: Table, key: Column[Any]) -> Select[Any]:
    return _in(table, key, _missing(table.c.ledger_id, ledgers.c.id))


CHECKS: dict[str, Select[Any]] = {
    # --- entries ---
    "entry_without_ledger": _ledger_of(entries, _e.id),
    "entry_amount_not_positive": _in(entries, _e.id, _e.amount_minor <= 0),
    "entry_amount_too_large": _in(entries, _e.id, _e.amount_minor > _LARGEST),
    "entry_currency_unknown": _in(entries, _e.id, _e.currency.not_in(sorted(MINOR_DIGITS))),
    "entry_type_unknown": _in(entries, _e.id, _e.type.not_in(("expense", "income", "transfer"))),
    "entry_source_unknown": _in(
        entries, _e.id, _e.source.not_in(("text", "receipt", "recurring", "import", "api"))
    ),
    "entry_base_incomplete": _in(entries, _e.id, ~_UNCONVERTED, ~_CONVERTED),
    "entry_base_in_wrong_currency": _in(
        entries.join(ledgers, ledgers.c.id == _e.ledger_id),
        _e.id,
        _e.base_currency != ledgers.c.currency,
        _RESTATED,
    ),
    "entry_base_differs_from_amount": _in(
        entries,
        _e.id,
        _e.base_currency == _e.currency,
        or_(_e.base_minor != _e.amount_minor, _e.rate != "1"),
    ),
    "entry_unconverted_in_ledger_currency": _in(
        entries.join(ledgers, ledgers.c.id == _e.ledger_id),
        _e.id,
        _e.base_minor.is_(None),
        _e.currency == ledgers.c.currency,
        _RESTATED,
    ),
    "entry_receipt_missing": _in(entries, _e.id, _missing(_e.receipt_id, _r.id)),
    "entry_receipt_of_other_ledger": _in(
        entries.join(receipts, _r.id == _e.receipt_id),
        _e.id,
        _r.ledger_id != _e.ledger_id,
    ),
    "entry_source_doubled": _in(
        entries,
        _e.id,
        exists().where(
            _twin.c.ledger_id == _e.ledger_id,
            _twin.c.source_key == _e.source_key,
            _twin.c.id != _e.id,
        ),
    ),
    "entry_payer_unknown": _in(
        entries,
        _e.id,
        ~exists().where(members.c.ledger_id == _e.ledger_id, members.c.user_id == _e.paid_by),
    ),
    "entry_changed_before_it_was_made": _in(entries, _e.id, _e.updated_at < _e.created_at),
    "entry_without_history": _in(
        entries,
        _e.id,
        ~exists().where(
            changes.c.ledger_id == _e.ledger_id,
            changes.c.subject == "entry",
            changes.c.subject_id == _e.id,
        ),
    ),
    # --- history ---
    "operation_without_ledger": _ledger_of(operations, _a.id),
    "operation_undoes_unknown_operation": _in(
        operations, _a.id, _a.undoes.is_not(None), ~exists().where(_fresh.c.id == _a.undoes)
    ),
    "operation_without_changes": _in(
        operations, _a.id, _a.undoes.is_(None), ~exists().where(changes.c.operation_id == _a.id)
    ),
    "operation_undone_without_undo": _in(
        operations,
        _a.id,
        _a.undone.is_(True),
        ~exists().where(_fresh.c.undoes == _a.id, _fresh.c.verb == "undo"),
    ),
    "change_without_operation": _in(changes, changes.c.id, _missing(changes.c.operation_id, _a.id)),
    "change_of_other_ledger": _in(
        changes.join(operations, _a.id == changes.c.operation_id),
        changes.c.id,
        changes.c.ledger_id != _a.ledger_id,
    ),
    "change_of_unknown_entry": _in(
        changes,
        changes.c.id,
        changes.c.subject == "entry",
        ~exists().where(_e.id == changes.c.subject_id),
    ),
    # --- budgets ---
    "budget_without_ledger": _ledger_of(budgets, _b.id),
    "budget_limit_not_positive": _in(
        budgets, _b.id, or_(_b.limit_minor < 0, and_(_b.limit_minor == 0, _b.carry == "none"))
    ),
    "budget_doubled": _in(
        budgets,
        _b.id,
        _b.removed_at.is_(None),
        exists().where(
            _twin_budget.c.ledger_id == _b.ledger_id,
            _twin_budget.c.scope == _b.scope,
            _twin_budget.c.per == _b.per,
            # Two trips may have a budget each, unless their days overlap.
            or_(
                _b.per != "trip",
                and_(
                    _twin_budget.c.starts_on <= _b.ends_on, _twin_budget.c.ends_on >= _b.starts_on
                ),
            ),
            _twin_budget.c.removed_at.is_(None),
            _twin_budget.c.id != _b.id,
        ),
    ),
    "budget_period_unknown": _in(budgets, _b.id, _b.per.not_in(get_args(Per))),
    "budget_trip_without_dates": _in(
        budgets,
        _b.id,
        or_(
            and_(_b.per == "trip", or_(_b.starts_on.is_(None), _b.ends_on.is_(None))),
            _b.ends_on < _b.starts_on,
        ),
    ),
    "budget_carry_unknown": _in(
        budgets,
        _b.id,
        or_(
            _b.carry.not_in(get_args(Carry)),
            (_b.carry == "none") != _b.carry_from.is_(None),
        ),
    ),
    "alert_without_budget": _in(
        alerts, alerts.c.budget_id, _missing(alerts.c.budget_id, _b.id)
    ).distinct(),
    # --- chats and members ---
    "chat_without_ledger": _in(chats, chats.c.chat_id, _missing(chats.c.ledger_id, ledgers.c.id)),
    "chat_moved_to_unknown_chat": _in(
        chats,
        chats.c.chat_id,
        chats.c.migrated_to.is_not(None),
        ~exists().where(
            _home.c.chat_id == chats.c.migrated_to, _home.c.ledger_id == chats.c.ledger_id
        ),
    ),
    "ledger_without_chat": _in(
        ledgers,
        ledgers.c.id,
        ~exists().where(chats.c.ledger_id == ledgers.c.id, chats.c.migrated_to.is_(None)),
    ),
    "ledger_in_two_chats": select(chats.c.ledger_id)
    .where(chats.c.ledger_id.is_not(None), chats.c.migrated_to.is_(None))
    .group_by(chats.c.ledger_id)
    .having(func.count() > 1),
    "member_without_ledger": _ledger_of(members, members.c.user_id),
    "correction_without_ledger": _ledger_of(corrections, corrections.c.key),
    "schedule_without_ledger": _ledger_of(schedules, schedules.c.ledger_id),
    "push_without_ledger": _ledger_of(pushes, pushes.c.ledger_id),
    "question_without_ledger": _ledger_of(questions, questions.c.id),
    "version_without_ledger": _ledger_of(message_versions, message_versions.c.source),
    # --- receipts ---
    "receipt_without_ledger": _ledger_of(receipts, _r.id),
    "receipt_state_unknown": _in(
        receipts,
        _r.id,
        _r.state.not_in(("stored", "read", "asked", "booked", "refused", "failed")),
    ),
    "receipt_booked_without_entry": _in(
        receipts, _r.id, _r.state == "booked", ~exists().where(_e.receipt_id == _r.id)
    ),
    "receipt_without_picture": _in(
        receipts, _r.id, _r.state.in_(("read", "asked", "booked")), _r.blob_key.is_(None)
    ),
    # --- delivery ---
    "inbox_body_kept": _in(inbox, inbox.c.id, inbox.c.state == "done", inbox.c.body.is_not(None)),
    "inbox_body_missing": _in(inbox, inbox.c.id, inbox.c.state != "done", inbox.c.body.is_(None)),
    "message_body_kept": _in(
        outbox, _o.id, _o.state.not_in(("waiting", "drawing")), _o.payload.is_not(None)
    ),
    "message_body_missing": _in(
        outbox,
        _o.id,
        _o.state.in_(("waiting", "drawing")),
        _o.method != "delete",
        _o.payload.is_(None),
    ),
    "message_superseded_by_nothing": _in(
        outbox, _o.id, _o.state == "superseded", ~exists().where(_target.c.id == _o.superseded_by)
    ),
    "message_picture_without_job": _in(
        outbox,
        _o.id,
        _o.drawing.is_not(None),
        ~exists().where(jobs.c.key == literal("draw:").concat(_o.drawing)),
    ),
    "message_of_unknown_entry": _in(
        message_entries, message_entries.c.entry_id, _missing(message_entries.c.entry_id, _e.id)
    ).distinct(),
    "entry_in_unknown_message": _in(
        message_entries, message_entries.c.outbox_id, _missing(message_entries.c.outbox_id, _o.id)
    ).distinct(),
    "keyboard_without_actions": _in(keyboards, keyboards.c.id, keyboards.c.actions.is_(None)),
}


# Days before this or further ahead come from a slip on the year.
OLDEST = date(1970, 1, 1)
AHEAD = timedelta(days=2 * 366)
_MADE_AHEAD = timedelta(days=2)

_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*"


def find_unreadable(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield each table of SQLite with a value not of its type: broken JSON, no date, no time.

    PostgreSQL stores nothing else in such a column.
    """
    if connection.dialect.name != "sqlite":
        return
    for table in metadata.sorted_tables:
        found = map(_is_wrong, table.columns)
        wrong = [condition for condition in found if condition is not None]
        if wrong and connection.execute(select(literal(1)).where(or_(*wrong)).limit(1)).first():
            yield "rows_unreadable", str(table.name)


def _is_wrong(column: Column[Any]) -> ColumnElement[bool] | None:
    """Build the condition under which SQLite holds something that is not of the column's type."""
    plain = type_coerce(column, Text)
    if isinstance(column.type, JSON):
        return and_(column.is_not(None), func.json_valid(plain) == 0)
    if isinstance(column.type, Date):
        return func.date(plain).is_distinct_from(plain)
    if isinstance(column.type, Utc):
        # SQLite knows words for moments, too, such as `now`.
        return or_(
            func.glob(_DAY, plain) == 0, func.datetime(plain).is_(None) & column.is_not(None)
        )
    return None


def find_wrong_rows(connection: Connection, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield kind and id of every row that is wrong."""
    days = or_(_e.spent_on < OLDEST, _e.spent_on > now.date() + AHEAD)
    ahead = _e.created_at > now + _MADE_AHEAD
    for query, kind in (
        (_in(entries, _e.id, days), "entry_day_impossible"),
        (_in(entries, _e.id, ahead), "entry_made_in_the_future"),
    ):
        for row in connection.execute(query):
            yield kind, str(row[0])
    for kind, query in CHECKS.items():
        for row in connection.execute(query):
            yield kind, str(row[0])
