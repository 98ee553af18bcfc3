"""Store chats, ledgers, settings and members."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import (
    Connection,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    select,
    update,
)

from ledger.chats import Chat, ChatKind, Ledger, Member, Presence
from ledger.errors import NotFoundError
from ledger.settings import Settings, settings_fields, with_settings_fields
from storage.database.connections.prepared import change, fetch, fetch_one
from storage.database.queues.claims import wait_for_partitions
from storage.database.repositories.chats.forgetting import forget_ledger
from storage.database.repositories.chats.moving import merge_ledgers, migrate_chat
from storage.database.repositories.entries.evidence import seal_settings
from storage.database.tables import chats, ledgers, members
from storage.database.types import AnyRow, load_json
from storage.database.upsert import insert

SETTINGS_KEPT = 4096
"""Settings that are kept read, by their stored text; most ledgers have those of many others."""

# Currency, zone and language are in every stored row; the rest has defaults of its own.
_DEFAULTS = Settings(currency="EUR", timezone="UTC", language="en")

# As text, by which the settings that were read are kept.
_SETTINGS = cast(ledgers.c.settings, Text).label("settings")

_CHAT = (
    chats.c.chat_id,
    chats.c.kind,
    chats.c.title,
    chats.c.muted,
    ledgers.c.id.label("ledger_id"),
    ledgers.c.key.label("ledger_key"),
    _SETTINGS,
)
_MEMBER = (
    members.c.user_id,
    members.c.name,
    members.c.username,
    members.c.language,
    members.c.is_admin,
    members.c.left,
)
_HOUSE = chats.join(ledgers, ledgers.c.id == chats.c.ledger_id)

_PRESENCE = select(*_CHAT, *_MEMBER).select_from(
    _HOUSE.outerjoin(
        members,
        and_(members.c.ledger_id == ledgers.c.id, members.c.user_id == bindparam("user")),
    )
)
_FIND = _PRESENCE.where(chats.c.chat_id == bindparam("chat"))
_OF_KEY = _PRESENCE.where(ledgers.c.key == bindparam("key_"), chats.c.migrated_to.is_(None))
_LEDGER = select(ledgers.c.id, ledgers.c.key, _SETTINGS).where(ledgers.c.id == bindparam("ledger"))
_OF_LEDGER = (
    select(*_CHAT)
    .select_from(_HOUSE)
    .where(ledgers.c.id == bindparam("ledger"), chats.c.migrated_to.is_(None))
)
_OF_USER = (
    select(*_CHAT)
    .select_from(_HOUSE.join(members, members.c.ledger_id == ledgers.c.id))
    .where(
        members.c.user_id == bindparam("user"),
        members.c.left.is_(False),
        chats.c.migrated_to.is_(None),
    )
    .order_by(chats.c.chat_id)
)
_LOCK_CHAT = select(chats.c.ledger_id).where(chats.c.chat_id == bindparam("chat")).with_for_update()
_NEW_CHAT = insert(chats).on_conflict_do_nothing(index_elements=["chat_id"])
_GIVE_LEDGER = (
    update(chats)
    .where(chats.c.chat_id == bindparam("chat"))
    .values(ledger_id=bindparam("ledger"), kind=bindparam("kind_"), title=bindparam("title_"))
)
_NEW_LEDGER = insert(ledgers).returning(ledgers.c.id)

_SEEN = insert(members)
_NEWER = _SEEN.excluded
_SEE = _SEEN.on_conflict_do_update(
    index_elements=["ledger_id", "user_id"],
    set_={
        "name": _NEWER.name,
        "username": _NEWER.username,
        "language": _NEWER.language,
        "is_admin": func.coalesce(_NEWER.is_admin, members.c.is_admin),
        "left": False,
        "seen_at": _NEWER.seen_at,
    },
)
_MEMBERS = (
    select(*_MEMBER)
    .where(members.c.ledger_id == bindparam("ledger"))
    .order_by(members.c.name, members.c.user_id)
)
_ONE_MEMBER = select(*_MEMBER).where(
    members.c.ledger_id == bindparam("ledger"), members.c.user_id == bindparam("user")
)
_LEDGER_OF = select(chats.c.ledger_id).where(chats.c.chat_id == bindparam("chat"))
_LEAVE = (
    update(members)
    .where(
        members.c.ledger_id == _LEDGER_OF.scalar_subquery(),
        members.c.user_id == bindparam("user"),
    )
    .values(left=True, is_admin=False, seen_at=bindparam("now"))
)
_SET_ADMINS = (
    update(members)
    .where(members.c.ledger_id == _LEDGER_OF.scalar_subquery())
    .values(is_admin=members.c.user_id.in_(bindparam("users", expanding=True)))
)
_SAVE_SETTINGS = (
    update(ledgers)
    .where(ledgers.c.id == bindparam("ledger"))
    .values(settings=bindparam("new"), currency=bindparam("code"))
)
_RENAME = (
    update(chats)
    .where(chats.c.chat_id == bindparam("chat"), chats.c.title != bindparam("new"))
    .values(title=bindparam("new"))
)
_MUTED = insert(chats)
_MUTE = _MUTED.on_conflict_do_update(
    index_elements=["chat_id"],
    set_={"muted": _MUTED.excluded.muted},
    where=chats.c.muted != _MUTED.excluded.muted,
)
_DROP_EMPTY = delete(chats).where(chats.c.chat_id == bindparam("chat"), chats.c.ledger_id.is_(None))


@dataclass(frozen=True, slots=True)
class SqlChats:
    """`ports.repositories.Chats` on a connection."""

    connection: Connection

    def find(self, chat_id: int, user_id: int | None = None) -> Presence | None:
        """Return the chat with its ledger, and the member."""
        return _presence(fetch_one(self.connection, _FIND, {"chat": chat_id, "user": user_id}))

    def of_key(self, key: str, user_id: int) -> Presence | None:
        """Return where a ledger lives now by its public id, and the member."""
        return _presence(fetch_one(self.connection, _OF_KEY, {"key_": key, "user": user_id}))

    def add(
        self, chat_id: int, kind: ChatKind, title: str, settings: Settings, now: datetime
    ) -> Chat:
        """Give a chat a ledger of its own; a chat that has one keeps it."""
        run = self.connection.execute
        run(_NEW_CHAT, {"chat_id": chat_id, "kind": kind, "title": title})
        if run(_LOCK_CHAT, {"chat": chat_id}).scalar_one() is None:
            ledger = {
                "key": secrets.token_hex(12),
                "currency": settings.currency,
                "settings": settings_fields(settings),
                "created_at": now,
            }
            ledger_id = run(_NEW_LEDGER, ledger).scalar_one()
            seal_settings(self.connection, ledger_id, settings)
            names = {"chat": chat_id, "ledger": ledger_id, "kind_": kind, "title_": title}
            run(_GIVE_LEDGER, names)
        place = self.find(chat_id)
        assert place is not None, "it has a ledger now"
        return place.chat

    def see(self, chat: Chat, member: Member, now: datetime) -> None:
        """Keep a member's name and language current."""
        values = {
            "ledger_id": chat.ledger.id,
            "user_id": member.user_id,
            "name": member.name,
            "username": member.username,
            "language": member.language,
            "is_admin": member.is_admin,
            "seen_at": now,
        }
        change(self.connection, _SEE, values)

    def members(self, ledger_id: int) -> list[Member]:
        """Return every member of a ledger, by name."""
        return [_member(row) for row in fetch(self.connection, _MEMBERS, {"ledger": ledger_id})]

    def member(self, ledger_id: int, user_id: int) -> Member | None:
        """Return one member of a ledger."""
        where = {"ledger": ledger_id, "user": user_id}
        row = fetch_one(self.connection, _ONE_MEMBER, where)
        return None if row is None else _member(row)

    def leave(self, chat_id: int, user_id: int, now: datetime) -> None:
        """Mark that a person is no longer in the chat."""
        change(self.connection, _LEAVE, {"chat": chat_id, "user": user_id, "now": now})

    def set_admins(self, chat_id: int, user_ids: Sequence[int]) -> None:
        """Store the admins of a group; every other member is not an admin."""
        change(self.connection, _SET_ADMINS, {"chat": chat_id, "users": list(user_ids)})

    def save_settings(self, ledger_id: int, settings: Settings) -> None:
        """Replace a ledger's settings."""
        values = {
            "ledger": ledger_id,
            "new": settings_fields(settings),
            "code": settings.currency,
        }
        change(self.connection, _SAVE_SETTINGS, values)
        seal_settings(self.connection, ledger_id, settings)

    def rename(self, chat_id: int, title: str) -> None:
        """Keep a chat's title current."""
        change(self.connection, _RENAME, {"chat": chat_id, "new": title})

    def mute(self, chat_id: int, *, muted: bool) -> None:
        """Stop or resume sending to a chat, known with a ledger or not."""
        kind = "group" if chat_id < 0 else "private"
        values = {"chat_id": chat_id, "kind": kind, "title": "", "muted": muted}
        change(self.connection, _MUTE, values)
        if not muted:
            change(self.connection, _DROP_EMPTY, {"chat": chat_id})

    def migrate(self, old_id: int, new_id: int) -> Ledger | None:
        """Let a supergroup go on with the ledger of the group it was."""
        wait_for_partitions(self.connection, old_id, new_id)
        given_up = migrate_chat(self.connection, old_id, new_id)
        if given_up is None:
            return None
        row = fetch_one(self.connection, _LEDGER, {"ledger": given_up})
        assert row is not None, "a chat had it"
        return Ledger(row.id, row.key, load_settings(row.settings))

    def merge(self, kept_id: int, given_up_id: int) -> None:
        """Move every row of one ledger into another, and delete it."""
        merge_ledgers(self.connection, kept_id, given_up_id)

    def of_ledger(self, ledger_id: int) -> Chat:
        """Return the chat where a ledger lives now."""
        row = fetch_one(self.connection, _OF_LEDGER, {"ledger": ledger_id})
        if row is None:
            raise NotFoundError("no_chat")
        return _chat(row)

    def of_user(self, user_id: int) -> list[Chat]:
        """Return the chats of which a person is a present member."""
        return [_chat(row) for row in fetch(self.connection, _OF_USER, {"user": user_id})]

    def forget(self, ledger_id: int) -> list[str]:
        """Delete a ledger for good; return its blob keys."""
        return forget_ledger(self.connection, ledger_id)


@lru_cache(maxsize=SETTINGS_KEPT)
def load_settings(stored: str) -> Settings:
    """Read settings from JSON; a field that an older version did not store has its default."""
    return with_settings_fields(_DEFAULTS, load_json(stored))


def _presence(row: AnyRow | None) -> Presence | None:
    if row is None:
        return None
    return Presence(_chat(row), None if row.user_id is None else _member(row))


def _chat(row: AnyRow) -> Chat:
    return Chat(
        chat_id=row.chat_id,
        kind=row.kind,
        title=row.title,
        ledger=Ledger(row.ledger_id, row.ledger_key, load_settings(row.settings)),
        muted=row.muted,
    )


def _member(row: AnyRow) -> Member:
    return Member(
        user_id=row.user_id,
        name=row.name,
        username=row.username,
        language=row.language,
        is_admin=row.is_admin,
        left=row.left,
    )
