"""Store webhooks, and find those that have something to be told."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, insert, or_, select, update

from ports.programs.webhooks import DueWebhook, Webhook
from storage.database.connections.prepared import change, fetch, fetch_one
from storage.database.tables import changes, chats, members, webhooks
from storage.database.types import AnyRow

_w = webhooks.c
_ADD = insert(webhooks)
_LIST = select(webhooks).where(_w.ledger_id == bindparam("ledger")).order_by(_w.made_at, _w.id)
_FIND = select(webhooks).where(_w.id == bindparam("webhook"))
_REMOVE = delete(webhooks).where(_w.id == bindparam("webhook"))
_DUE = (
    select(_w.id, chats.c.chat_id)
    .join_from(webhooks, chats, chats.c.ledger_id == _w.ledger_id)
    .where(
        _w.failed_at.is_(None),
        chats.c.migrated_to.is_(None),
        # Removed from a group, the bot no longer learns who leaves it.
        or_(chats.c.kind != "group", chats.c.muted.is_(False)),
        exists().where(
            members.c.ledger_id == _w.ledger_id,
            members.c.user_id == _w.user_id,
            members.c.left.is_(False),
        ),
        exists().where(
            changes.c.ledger_id == _w.ledger_id,
            changes.c.id > _w.position,
            changes.c.subject == "entry",
        ),
    )
    .limit(bindparam("rows"))
)
_ADVANCE = (
    update(webhooks)
    .where(_w.id == bindparam("webhook"))
    .values(position=bindparam("number"), failed_at=None)
)
_GIVE_UP = (
    update(webhooks)
    .where(_w.id == bindparam("webhook"), _w.failed_at.is_(None))
    .values(failed_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class SqlWebhooks:
    """`ports.programs.webhooks.Webhooks` on a connection."""

    connection: Connection

    def add(self, webhook: Webhook) -> None:
        """Insert."""
        change(self.connection, _ADD, asdict(webhook))

    def list_all(self, ledger_id: int) -> list[Webhook]:
        """Return the webhooks of a ledger, the oldest first."""
        return [_webhook(row) for row in fetch(self.connection, _LIST, {"ledger": ledger_id})]

    def find(self, webhook_id: str) -> Webhook | None:
        """Return a webhook of any ledger."""
        row = fetch_one(self.connection, _FIND, {"webhook": webhook_id})
        return None if row is None else _webhook(row)

    def remove(self, webhook_id: str) -> None:
        """Delete."""
        change(self.connection, _REMOVE, {"webhook": webhook_id})

    def due(self, limit: int) -> list[DueWebhook]:
        """Return webhooks that have something to be told, not given up, and whose makers are in."""
        rows = fetch(self.connection, _DUE, {"rows": limit})
        return [DueWebhook(row.id, row.chat_id) for row in rows]

    def advance(self, webhook_id: str, position: int) -> None:
        """Keep the last change that was told; a webhook that was given up goes on."""
        change(self.connection, _ADVANCE, {"webhook": webhook_id, "number": position})

    def give_up(self, webhook_id: str, now: datetime) -> bool:
        """Tell it nothing from now on; False when it was given up before or is removed."""
        return change(self.connection, _GIVE_UP, {"webhook": webhook_id, "now": now}) == 1


def _webhook(row: AnyRow) -> Webhook:
    return Webhook(**row._asdict())
