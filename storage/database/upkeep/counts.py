"""Compare rows with the counts and digests that were kept of them.

They find rows that are gone or that were copied or altered together with their whole history.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    or_,
    select,
    type_coerce,
)

from storage.database.repositories.entries.evidence import (
    digest_settings,
    digest_stored,
    head_of,
    write_moment,
)
from storage.database.tables import (
    alerts,
    budgets,
    changes,
    evidence,
    inbox,
    ledgers,
    operations,
    outbox,
    receipts,
    schedules,
)
from storage.database.types import Utc
from storage.database.upkeep.pruning import MESSAGE_DAYS
from storage.database.upkeep.row_checks import Finding

OPERATIONS = 5000
"""Numbers of operations that are read at a time."""

_a = operations.c
_SEQ = itemgetter(0)
_ANSWER_KEY = "u%:%"


def _differing(
    parent: Table, key: Column[Any], kept: ColumnElement[Any], rows: Select[Any]
) -> Select[Any]:
    """Select the parents that count other rows than there are; `rows` has a key and a count."""
    found = rows.subquery()
    return (
        select(key)
        .select_from(parent)
        .outerjoin(found, found.c[0] == key)
        .where(func.coalesce(found.c[1], 0) != kept)
        .order_by(key)
    )


def _counted(column: Column[Any], *more: ColumnElement[Any]) -> Select[Any]:
    return select(column, *(more or (func.count(),))).group_by(column)


_COUNTS: dict[str, Select[Any]] = {
    # Numbers without gaps: the newest one is the number of rows.
    "history_incomplete": _differing(
        evidence, evidence.c.ledger_id, evidence.c.operations, _counted(_a.ledger_id)
    ),
    "history_number_wrong": _differing(
        evidence,
        evidence.c.ledger_id,
        evidence.c.operations,
        _counted(_a.ledger_id, func.max(_a.number)),
    ),
    "receipts_incomplete": _differing(
        evidence, evidence.c.ledger_id, evidence.c.receipts, _counted(receipts.c.ledger_id)
    ),
    "alerts_incomplete": _differing(
        budgets, budgets.c.id, budgets.c.alerts, _counted(alerts.c.budget_id)
    ),
    "ledger_without_evidence": (
        select(ledgers.c.id)
        .outerjoin(evidence, evidence.c.ledger_id == ledgers.c.id)
        .where(or_(evidence.c.ledger_id.is_(None), evidence.c.settings_digest.is_(None)))
        .order_by(ledgers.c.id)
    ),
}
_PAGE = (
    select(
        _a.seq,
        _a.id,
        _a.user_id,
        _a.verb,
        # As stored, which is the text that the digest has: parsing a million of them takes seconds.
        type_coerce(_a.at, Text().with_variant(Utc(), "postgresql")).label("at"),
        _a.undoes,
        _a.via,
        _a.digest,
        changes.c.subject,
        changes.c.subject_id,
        # As stored: reading and writing the JSON of a million rows takes half a minute.
        func.coalesce(cast(changes.c.before, Text), "null").label("before"),
        func.coalesce(cast(changes.c.after, Text), "null").label("after"),
    )
    .outerjoin(changes, changes.c.operation_id == _a.id)
    # Operations of before digests were kept have none.
    .where(_a.seq > bindparam("after"), _a.seq <= bindparam("last"), _a.digest.is_not(None))
    .order_by(_a.seq)
)
_LAST = select(func.coalesce(func.max(_a.seq), 0))
_SETTINGS = (
    select(ledgers.c.id, ledgers.c.settings, evidence.c.settings_digest)
    .join(evidence, evidence.c.ledger_id == ledgers.c.id)
    .where(evidence.c.settings_digest.is_not(None))
    .order_by(ledgers.c.id)
)
_PLANNED = select(schedules.c.ledger_id, schedules.c.kind).where(
    schedules.c.kind.in_(("weekly", "monthly"))
)


def find_missing_rows(connection: Connection, now: datetime) -> Iterator[Finding]:
    """Yield kind and id of everything that its counts and digests contradict."""
    for kind, query in _COUNTS.items():
        for row in connection.execute(query):
            yield kind, str(row[0])
    yield from _altered_operations(connection)
    yield from _wrong_settings(connection)
    yield from _lost_messages(connection, now)


def _altered_operations(connection: Connection) -> Iterator[Finding]:
    last: int = connection.execute(_LAST).scalar_one()
    for after in range(0, last, OPERATIONS):
        rows = connection.execute(_PAGE, {"after": after, "last": after + OPERATIONS})
        for _, group in groupby(rows, key=_SEQ):
            found = list(group)
            _, name, user, verb, at, undoes, via, digest = found[0][:8]
            moment = at if isinstance(at, str) else write_moment(at)
            head = head_of((name, str(user), verb, moment), undoes, via)
            # The row of an operation without changes has an empty one.
            made = [row[8:] for row in found if row[8] is not None]
            if digest != digest_stored(head, made):
                yield "operation_altered", name


def _wrong_settings(connection: Connection) -> Iterator[Finding]:
    planned = {tuple(row) for row in connection.execute(_PLANNED)}
    for row in connection.execute(_SETTINGS):
        if digest_settings(row.settings) != row.settings_digest:
            yield "settings_altered", str(row.id)
        for kind in ("weekly", "monthly"):
            if row.settings.get(f"{kind}_on") and (row.id, kind) not in planned:
                yield "schedule_missing", f"{row.id}:{kind}"


def _lost_messages(connection: Connection, now: datetime) -> Iterator[Finding]:
    """Yield answers to updates that are not in the inbox, where each stays as long as it may.

    Without its row, an update that Telegram repeats would be handled again.
    """
    key = outbox.c.message_key
    place = func.instr(key, ":") if connection.dialect.name == "sqlite" else func.strpos(key, ":")
    update_key = func.substr(key, 1, place - 1)
    query = (
        select(key)
        .outerjoin(inbox, inbox.c.key == update_key)
        .where(
            key.like(_ANSWER_KEY),
            outbox.c.created_at > now - timedelta(days=MESSAGE_DAYS),
            inbox.c.id.is_(None),
        )
        .order_by(key)
    )
    for row in connection.execute(query):
        yield "update_lost", row.message_key
