"""Insert messages into the inbox, each key once, and the partitions that they are the first of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ports.queue import InboxMessage
from storage.database.connections.prepared import change_many, has_riders
from storage.database.connections.riders import Rider, ride, run
from storage.database.tables import inbox, partitions
from storage.database.types import write_text
from storage.database.upsert import insert

_ADD = insert(inbox).on_conflict_do_nothing(index_elements=["key"]).inline()
# Claims lock the row of a partition, so it is there before its first message.
_KNOW = insert(partitions).on_conflict_do_nothing()
_KNOW_ALL = "INSERT INTO partitions (id) SELECT unnest($1::bigint[]) ON CONFLICT DO NOTHING"
_ADD_ALL = """
    INSERT INTO inbox (key, partition, kind, body, flow, received_at)
    SELECT key, partition, kind, body, flow, $6
    FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[])
        WITH ORDINALITY AS came (key, partition, kind, body, flow, place)
    ORDER BY place
    ON CONFLICT (key) DO NOTHING
    RETURNING key
"""


def add_messages(
    connection: Connection, inbox_messages: Sequence[InboxMessage], now: datetime
) -> int:
    """Insert messages, skip known keys, return how many were new."""
    unique = {message.key: message for message in inbox_messages}
    if not unique:
        return 0
    if has_riders(connection):
        return len(_add_at_once(connection, list(unique.values()), now, alone=False))
    rows = [_row(each, now) for each in unique.values()]
    if connection.dialect.name == "sqlite":
        return change_many(connection, _ADD, rows)
    known = {message.partition for message in unique.values()}
    change_many(connection, _KNOW, [{"id": partition} for partition in sorted(known)])
    return len(connection.execute(_ADD.returning(inbox.c.id), rows).all())


def add_groups(
    connection: Connection, groups: Sequence[Sequence[InboxMessage]], now: datetime
) -> list[int]:
    """Insert groups of messages as a whole transaction; return how many of each were new."""
    if not has_riders(connection):
        return [add_messages(connection, group, now) for group in groups]
    unique: dict[str, InboxMessage] = {}
    owners: dict[str, int] = {}
    for number, group in enumerate(groups):
        unique |= {message.key: message for message in group if message.key not in unique}
        for message in group:
            owners.setdefault(message.key, number)
    counts = [0] * len(groups)
    if unique:
        for key in _add_at_once(connection, list(unique.values()), now, alone=True):
            counts[owners[key]] += 1
    return counts


def _add_at_once(
    connection: Connection, messages: Sequence[InboxMessage], now: datetime, *, alone: bool
) -> list[str]:
    """Insert messages with their partitions in one statement; return the keys that are new."""
    found = [each.partition for each in messages]
    # In one order, so that two processes never wait for each other.
    ride(connection, Rider("partitions", _KNOW_ALL, [sorted(set(found))]))
    values = [
        [each.key for each in messages],
        found,
        [each.kind for each in messages],
        [write_text(each.body) for each in messages],
        [each.flow or None for each in messages],
        now,
    ]
    rows, _ = run(connection, _ADD_ALL, values, ("inbox",), alone=alone)
    return [row[0] for row in rows]


def _row(inbox_message: InboxMessage, now: datetime) -> dict[str, Any]:
    return {
        "key": inbox_message.key,
        "partition": inbox_message.partition,
        "kind": inbox_message.kind,
        "body": inbox_message.body,
        "received_at": now,
        "flow": inbox_message.flow or None,
    }
