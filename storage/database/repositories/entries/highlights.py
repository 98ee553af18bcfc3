"""Find shops that are new to a ledger, and whether a day has entries."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, exists, or_, select

from ledger.periods.period import Period
from storage.database.connections.prepared import fetch, fetch_one
from storage.database.tables import entries

NEAR = timedelta(days=31)
"""Days before a period whose entries may have been booked in it."""

_e = entries.c
_before = entries.alias("before")
_IN_PERIOD = (
    _e.ledger_id == bindparam("ledger"),
    _e.spent_on >= bindparam("start"),
    _e.spent_on < bindparam("end"),
    _e.deleted_at.is_(None),
)
_NEW_MERCHANTS = (
    select(_e.merchant)
    .where(
        *_IN_PERIOD,
        _e.type == "expense",
        _e.merchant.is_not(None),
        ~exists().where(
            _before.c.ledger_id == _e.ledger_id,
            _before.c.merchant == _e.merchant,
            _before.c.merchant.is_not(None),
            _before.c.spent_on < bindparam("start"),
            _before.c.deleted_at.is_(None),
        ),
    )
    .group_by(_e.merchant)
    .order_by(_e.merchant)
    .limit(bindparam("rows"))
)
_BOOKED = (
    select(_e.id)
    .where(
        _e.ledger_id == bindparam("ledger"),
        _e.spent_on >= bindparam("near"),
        _e.spent_on < bindparam("end"),
        or_(_e.spent_on >= bindparam("start"), _e.created_at >= bindparam("since")),
        _e.deleted_at.is_(None),
    )
    .limit(1)
)


def new_merchants(connection: Connection, ledger_id: int, period: Period, limit: int) -> list[str]:
    """Return merchants of a period that no earlier entry names, by name."""
    where = {"ledger": ledger_id, "start": period.start, "end": period.end, "rows": limit}
    return [row.merchant for row in fetch(connection, _NEW_MERCHANTS, where)]


def was_booked(connection: Connection, ledger_id: int, period: Period, since: datetime) -> bool:
    """Return whether a live entry is of a period, or near it and was booked since a moment."""
    where = {
        "ledger": ledger_id,
        "near": period.start - NEAR,
        "start": period.start,
        "end": period.end,
        "since": since,
    }
    return fetch_one(connection, _BOOKED, where) is not None
