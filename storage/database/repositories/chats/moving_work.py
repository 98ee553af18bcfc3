"""Let work that waits name the ledger that goes on, where two ledgers become one."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection, delete, select, update

from storage.database.tables import PENDING, chats, inbox, jobs
from storage.database.upsert import insert

NAME = "ledger_id"
"""The field of jobs and events that names their ledger."""

_values = jobs.c["values"]
_JOBS = select(jobs.c.id, _values.label("content")).where(jobs.c.state == PENDING)
_EVENTS = (
    select(inbox).where(inbox.c.state == PENDING, inbox.c.kind == "event").order_by(inbox.c.id)
)


def move_work(connection: Connection, kept_id: int, given_up_id: int) -> None:
    """Rewrite jobs and events of the given-up ledger's chats that wait.

    A job under way holds the former name, so its lease ends here and it is begun again. An event that a
    worker has taken does too, so its row gets another id: what is done for the former one is refused, and
    the event is taken again.
    """
    found = connection.execute(
        select(chats.c.chat_id).where(chats.c.ledger_id.in_((kept_id, given_up_id)))
    )
    places = [row.chat_id for row in found]
    waiting = connection.execute(_JOBS.where(jobs.c.partition.in_(places)).with_for_update())
    for job in waiting.all():
        if job.content.get(NAME) == given_up_id:
            content: dict[str, Any] = {**job.content, NAME: kept_id}
            renamed = {_values: content, jobs.c.fence: jobs.c.fence + 1, jobs.c.claimed_until: None}
            connection.execute(update(jobs).where(jobs.c.id == job.id).values(renamed))
    for event in connection.execute(_EVENTS.where(inbox.c.partition.in_(places))).mappings().all():
        body = orjson.loads(event["body"])
        if body.get(NAME) == given_up_id:
            renewed = {**event, "body": orjson.dumps({**body, NAME: kept_id}).decode()}
            connection.execute(delete(inbox).where(inbox.c.id == renewed.pop("id")))
            connection.execute(insert(inbox).values(renewed))
