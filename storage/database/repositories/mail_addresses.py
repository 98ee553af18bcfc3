"""Store the addresses of people for mail."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, bindparam, delete, select

from ports.mail import MailAddress
from storage.database.connections.prepared import change, fetch, fetch_one
from storage.database.tables import mail_addresses
from storage.database.types import AnyRow
from storage.database.upsert import insert

_a = mail_addresses.c
_NEW = insert(mail_addresses)
_PUT = _NEW.on_conflict_do_update(
    index_elements=["ledger_id", "user_id"],
    set_={
        one.name: _NEW.excluded[one.name] for one in _a if one.name not in ("ledger_id", "user_id")
    },
).inline()
_OF_PERSON = select(mail_addresses).where(
    _a.ledger_id == bindparam("ledger"), _a.user_id == bindparam("user")
)
_FIND = select(mail_addresses).where(_a.id == bindparam("address_id"))
_BY_KEY = select(mail_addresses).where(
    _a.stop_key == bindparam("key"), _a.confirmed_at.is_not(None)
)
_CONFIRMED = (
    select(mail_addresses)
    .where(_a.address == bindparam("named"), _a.confirmed_at.is_not(None))
    .order_by(_a.confirmed_at.desc())
    .limit(1)
)
_WEEKLY = (
    select(mail_addresses)
    .where(
        _a.ledger_id == bindparam("ledger"), _a.confirmed_at.is_not(None), _a.weekly_on.is_(True)
    )
    .order_by(_a.made_at, _a.id)
)
_DROP_OTHERS = delete(mail_addresses).where(
    _a.address == bindparam("named"), _a.id != bindparam("address_id")
)
_DROP = delete(mail_addresses).where(_a.id == bindparam("address_id"))


@dataclass(frozen=True, slots=True)
class SqlMailAddresses:
    """`ports.mail.MailAddresses` on a connection."""

    connection: Connection

    def put(self, address: MailAddress) -> None:
        """Insert, or replace the person's address in this ledger."""
        change(self.connection, _PUT, asdict(address))

    def of_person(self, ledger_id: int, user_id: int) -> MailAddress | None:
        """Return the address of a person in a ledger."""
        where = {"ledger": ledger_id, "user": user_id}
        return _address(fetch_one(self.connection, _OF_PERSON, where))

    def find(self, address_id: str) -> MailAddress | None:
        """Return an address of any ledger."""
        return _address(fetch_one(self.connection, _FIND, {"address_id": address_id}))

    def find_by_stop_key(self, stop_key: str) -> MailAddress | None:
        """Return the confirmed address whose mails carry this key."""
        return _address(fetch_one(self.connection, _BY_KEY, {"key": stop_key}))

    def find_confirmed(self, address: str) -> MailAddress | None:
        """Return the address as it was confirmed last, of any ledger."""
        return _address(fetch_one(self.connection, _CONFIRMED, {"named": address}))

    def list_weekly(self, ledger_id: int) -> list[MailAddress]:
        """Return the confirmed addresses of a ledger that get its weekly summary."""
        rows = fetch(self.connection, _WEEKLY, {"ledger": ledger_id})
        return [MailAddress(**row._asdict()) for row in rows]

    def drop_others(self, address: MailAddress) -> None:
        """Delete the same address of other people and ledgers."""
        where = {"named": address.address, "address_id": address.id}
        change(self.connection, _DROP_OTHERS, where)

    def drop(self, address_id: str) -> None:
        """Delete."""
        change(self.connection, _DROP, {"address_id": address_id})


def _address(row: AnyRow | None) -> MailAddress | None:
    return None if row is None else MailAddress(**row._asdict())
