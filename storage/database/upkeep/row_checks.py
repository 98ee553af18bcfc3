"""Say what may be wrong with a row, table by table, so that a check reads each table once.

Parents that nearly every row has are joined, the others looked up. Foreign keys and unique keys forbid
some kinds. They are checked too, because files are copied by hand, restored in parts, and written by
programs that switch the keys off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, get_args

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Table,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
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
    operations,
    outbox,
    pushes,
    questions,
    receipts,
    schedules,
)

Finding = tuple[str, str]

OLDEST = date(1970, 1, 1)
"""Days before this, or further ahead than `AHEAD`, come from a slip on the year."""
AHEAD = timedelta(days=2 * 366)
MADE_AHEAD = timedelta(days=2)
ROWS = 1000
"""Wrong rows that are fetched at a time."""

_e, _o, _r, _a, _b, _c = entries.c, outbox.c, receipts.c, operations.c, budgets.c, changes.c
_twin = entries.alias("twin")
_twin_budget = budgets.alias("twin_budget")
_undoing = operations.alias("undoing")
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


@dataclass(frozen=True, slots=True)
class RowChecks:
    """Hold the conditions under which rows of a table are wrong, by kind; `key` names the row."""

    source: FromClause
    """The table, joined to nothing that would repeat a row of it."""
    key: Column[Any]
    wrong: Mapping[str, ColumnElement[bool]]

    def find(self, connection: Connection) -> Iterator[Finding]:
        """Yield kind and id of everything that is wrong, in one pass over the table."""
        kinds = [condition.label(kind) for kind, condition in self.wrong.items()]
        query = select(self.key, *kinds).select_from(self.source).where(or_(*self.wrong.values()))
        for row in connection.execute(query.execution_options(yield_per=ROWS)):
            for kind, is_wrong in zip(self.wrong, row[1:], strict=True):
                if is_wrong:
                    yield kind, str(row[0])


def _missing(child: Column[Any], parent: Column[Any]) -> ColumnElement[bool]:
    """Select children whose parent does not exist."""
    return and_(child.is_not(None), ~exists().where(parent == child))


def _no_ledger(table: Table) -> ColumnElement[bool]:
    return _missing(table.c.ledger_id, ledgers.c.id)


def build_entry_checks(now: datetime, more: Mapping[str, ColumnElement[bool]]) -> RowChecks:
    """Return what may be wrong with an entry at this moment, and `more` that is asked along."""
    source = (
        entries.outerjoin(ledgers, ledgers.c.id == _e.ledger_id)
        .outerjoin(
            members, and_(members.c.ledger_id == _e.ledger_id, members.c.user_id == _e.paid_by)
        )
        .outerjoin(receipts, _r.id == _e.receipt_id)
    )
    times = {
        "entry_day_impossible": or_(_e.spent_on < OLDEST, _e.spent_on > now.date() + AHEAD),
        "entry_made_in_the_future": _e.created_at > now + MADE_AHEAD,
    }
    return RowChecks(source, _e.id, {**times, **_OF_ENTRIES, **more})


_OF_ENTRIES: dict[str, ColumnElement[bool]] = {
    "entry_without_ledger": ledgers.c.id.is_(None),
    "entry_amount_not_positive": _e.amount_minor <= 0,
    "entry_amount_too_large": _e.amount_minor > _LARGEST,
    "entry_currency_unknown": _e.currency.not_in(sorted(MINOR_DIGITS)),
    "entry_type_unknown": _e.type.not_in(("expense", "income", "transfer")),
    "entry_source_unknown": _e.source.not_in(("text", "receipt", "recurring", "import", "api")),
    "entry_base_incomplete": and_(~_UNCONVERTED, ~_CONVERTED),
    "entry_base_in_wrong_currency": and_(_e.base_currency != ledgers.c.currency, _RESTATED),
    "entry_base_differs_from_amount": and_(
        _e.base_currency == _e.currency, or_(_e.base_minor != _e.amount_minor, _e.rate != "1")
    ),
    "entry_unconverted_in_ledger_currency": and_(
        _e.base_minor.is_(None), _e.currency == ledgers.c.currency, _RESTATED
    ),
    "entry_receipt_missing": and_(_e.receipt_id.is_not(None), _r.id.is_(None)),
    "entry_receipt_of_other_ledger": _r.ledger_id != _e.ledger_id,
    "entry_payer_unknown": members.c.user_id.is_(None),
    "entry_changed_before_it_was_made": _e.updated_at < _e.created_at,
    "entry_source_doubled": exists().where(
        _twin.c.ledger_id == _e.ledger_id,
        _twin.c.source_key == _e.source_key,
        _twin.c.id != _e.id,
    ),
    "entry_without_history": ~exists().where(
        _c.ledger_id == _e.ledger_id, _c.subject == "entry", _c.subject_id == _e.id
    ),
}

CHECKS: tuple[RowChecks, ...] = (
    # --- history ---
    RowChecks(
        operations.outerjoin(ledgers, ledgers.c.id == _a.ledger_id).outerjoin(
            members, and_(members.c.ledger_id == _a.ledger_id, members.c.user_id == _a.user_id)
        ),
        _a.id,
        {
            "operation_without_ledger": ledgers.c.id.is_(None),
            "operation_undoes_unknown_operation": _missing(_a.undoes, _undoing.c.id),
            "operation_without_changes": and_(
                _a.undoes.is_(None), ~exists().where(_c.operation_id == _a.id)
            ),
            "operation_undone_without_undo": and_(
                _a.undone.is_(True),
                ~exists().where(_undoing.c.undoes == _a.id, _undoing.c.verb == "undo"),
            ),
            "operation_without_number": _a.number.is_(None),
            # 0 is the program itself.
            "operation_of_unknown_member": and_(_a.user_id != 0, members.c.user_id.is_(None)),
        },
    ),
    RowChecks(
        changes.outerjoin(operations, _a.id == _c.operation_id).outerjoin(
            entries, and_(_c.subject == "entry", _e.id == _c.subject_id)
        ),
        _c.id,
        {
            "change_without_operation": _a.id.is_(None),
            "change_of_other_ledger": _c.ledger_id != _a.ledger_id,
            "change_of_unknown_entry": and_(_c.subject == "entry", _e.id.is_(None)),
        },
    ),
    # --- budgets ---
    RowChecks(
        budgets,
        _b.id,
        {
            "budget_without_ledger": _no_ledger(budgets),
            "budget_limit_not_positive": or_(
                _b.limit_minor < 0, and_(_b.limit_minor == 0, _b.carry == "none")
            ),
            "budget_doubled": and_(
                _b.removed_at.is_(None),
                exists().where(
                    _twin_budget.c.ledger_id == _b.ledger_id,
                    _twin_budget.c.scope == _b.scope,
                    _twin_budget.c.per == _b.per,
                    # Two trips may have a budget each, unless their days overlap.
                    or_(
                        _b.per != "trip",
                        and_(
                            _twin_budget.c.starts_on <= _b.ends_on,
                            _twin_budget.c.ends_on >= _b.starts_on,
                        ),
                    ),
                    _twin_budget.c.removed_at.is_(None),
                    _twin_budget.c.id != _b.id,
                ),
            ),
            "budget_period_unknown": _b.per.not_in(get_args(Per)),
            "budget_trip_without_dates": or_(
                and_(_b.per == "trip", or_(_b.starts_on.is_(None), _b.ends_on.is_(None))),
                _b.ends_on < _b.starts_on,
            ),
            "budget_carry_unknown": or_(
                _b.carry.not_in(get_args(Carry)),
                (_b.carry == "none") != _b.carry_from.is_(None),
            ),
        },
    ),
    RowChecks(
        alerts, alerts.c.budget_id, {"alert_without_budget": _missing(alerts.c.budget_id, _b.id)}
    ),
    # --- chats and members ---
    RowChecks(
        chats,
        chats.c.chat_id,
        {
            "chat_without_ledger": _no_ledger(chats),
            "chat_moved_to_unknown_chat": and_(
                chats.c.migrated_to.is_not(None),
                ~exists().where(
                    _home.c.chat_id == chats.c.migrated_to, _home.c.ledger_id == chats.c.ledger_id
                ),
            ),
        },
    ),
    RowChecks(
        ledgers,
        ledgers.c.id,
        {
            "ledger_without_chat": ~exists().where(
                chats.c.ledger_id == ledgers.c.id, chats.c.migrated_to.is_(None)
            ),
            "ledger_in_two_chats": select(func.count() > 1)
            .where(chats.c.ledger_id == ledgers.c.id, chats.c.migrated_to.is_(None))
            .scalar_subquery(),
        },
    ),
    RowChecks(members, members.c.user_id, {"member_without_ledger": _no_ledger(members)}),
    RowChecks(
        corrections, corrections.c.key, {"correction_without_ledger": _no_ledger(corrections)}
    ),
    RowChecks(schedules, schedules.c.ledger_id, {"schedule_without_ledger": _no_ledger(schedules)}),
    RowChecks(pushes, pushes.c.ledger_id, {"push_without_ledger": _no_ledger(pushes)}),
    RowChecks(questions, questions.c.id, {"question_without_ledger": _no_ledger(questions)}),
    RowChecks(
        message_versions,
        message_versions.c.source,
        {"version_without_ledger": _no_ledger(message_versions)},
    ),
    # --- receipts ---
    RowChecks(
        receipts,
        _r.id,
        {
            "receipt_without_ledger": _no_ledger(receipts),
            "receipt_state_unknown": _r.state.not_in(
                ("stored", "read", "asked", "booked", "refused", "failed")
            ),
            "receipt_booked_without_entry": and_(
                _r.state == "booked", ~exists().where(_e.receipt_id == _r.id)
            ),
            "receipt_without_picture": and_(
                _r.state.in_(("read", "asked", "booked")), _r.blob_key.is_(None)
            ),
        },
    ),
    # --- delivery ---
    RowChecks(
        inbox,
        inbox.c.id,
        {
            "inbox_body_kept": and_(inbox.c.state == "done", inbox.c.body.is_not(None)),
            "inbox_body_missing": and_(inbox.c.state != "done", inbox.c.body.is_(None)),
        },
    ),
    RowChecks(
        outbox,
        _o.id,
        {
            "message_body_kept": and_(
                _o.state.not_in(("waiting", "drawing")), _o.payload.is_not(None)
            ),
            "message_body_missing": and_(
                _o.state.in_(("waiting", "drawing")), _o.method != "delete", _o.payload.is_(None)
            ),
            "message_superseded_by_nothing": and_(
                _o.state == "superseded", ~exists().where(_target.c.id == _o.superseded_by)
            ),
            "message_picture_without_job": and_(
                _o.drawing.is_not(None),
                ~exists().where(jobs.c.key == literal("draw:").concat(_o.drawing)),
            ),
        },
    ),
    RowChecks(
        message_entries,
        message_entries.c.entry_id,
        {"message_of_unknown_entry": _missing(message_entries.c.entry_id, _e.id)},
    ),
    RowChecks(
        message_entries,
        message_entries.c.outbox_id,
        {"entry_in_unknown_message": _missing(message_entries.c.outbox_id, _o.id)},
    ),
    RowChecks(
        keyboards, keyboards.c.id, {"keyboard_without_actions": keyboards.c.actions.is_(None)}
    ),
)
