"""Store the secret links of calendar feeds, by their hashes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select

from ledger.recurring.feeds import Feed
from storage.database.connections.prepared import change, fetch_one
from storage.database.tables import calendar_feeds
from storage.database.upsert import insert

_f = calendar_feeds.c
_FIND = select(calendar_feeds).where(_f.ledger_id == bindparam("ledger"))
_OF_SECRET = select(calendar_feeds).where(_f.secret_hash == bindparam("secret"))
_NEW = insert(calendar_feeds)
_PUT = _NEW.on_conflict_do_update(
    index_elements=["ledger_id"],
    set_={name: _NEW.excluded[name] for name in ("secret_hash", "made_by", "made_at")},
)
_REMOVE = delete(calendar_feeds).where(_f.ledger_id == bindparam("ledger"))


@dataclass(frozen=True, slots=True)
class SqlCalendarFeeds:
    """`ports.repositories.CalendarFeeds` on a connection."""

    connection: Connection

    def find(self, ledger_id: int) -> Feed | None:
        """Return the feed of a ledger."""
        row = fetch_one(self.connection, _FIND, {"ledger": ledger_id})
        return None if row is None else Feed(**row._asdict())

    def of_secret(self, secret_hash: str) -> Feed | None:
        """Return the feed that a link opens."""
        row = fetch_one(self.connection, _OF_SECRET, {"secret": secret_hash})
        return None if row is None else Feed(**row._asdict())

    def put(self, feed: Feed) -> None:
        """Insert the feed of a ledger, or replace it, which ends its former link."""
        row = {name: getattr(feed, name) for name in Feed.__dataclass_fields__}
        change(self.connection, _PUT, row)

    def remove(self, ledger_id: int) -> None:
        """Delete the feed of a ledger."""
        change(self.connection, _REMOVE, {"ledger": ledger_id})
