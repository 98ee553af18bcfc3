"""Open ledgers for callers, who must be members at this very request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from ledger.chats import Chat, Member, Presence
from ledger.entries.changes import Via
from ledger.errors import NotAllowedError, NotYoursError
from ports.access import AccessScope, Caller
from ports.repositories import Repositories
from services.scope import Scope

_PUBLIC_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class OpenLedger:
    """A ledger with the member who opened it."""

    scope: Scope
    """The scope for services; its actor is the member."""
    chat: Chat
    member: Member


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """The moment of a request and its caller, over the rows of one unit of work."""

    repositories: Repositories
    caller: Caller
    now: datetime
    via: Via = "api"


def open_ledger(request: AccessRequest, public_id: str, needs: AccessScope) -> OpenLedger:
    """Return the ledger of a public id (`Ledger.key`).

    Raises:
        NotYoursError: There is no such ledger, or the caller is not a member of it.
        NotAllowedError: `scope_missing` (`scope`), where a token may not do this.
    """
    # Any other text is not an id, and PostgreSQL would refuse some of them.
    known = _PUBLIC_ID.fullmatch(public_id) is not None
    presence = (
        request.repositories.chats.of_key(public_id, request.caller.user_id) if known else None
    )
    opened = _open(request, presence)
    # The same error for both, so that nobody learns which ids exist.
    if opened is None:
        raise NotYoursError("not_yours")
    if needs not in request.caller.scopes:
        raise NotAllowedError("scope_missing", scope=needs.value)
    return opened


def list_ledgers(request: AccessRequest) -> list[OpenLedger]:
    """Return every ledger that the caller may open, a person's own first."""
    user_id = request.caller.user_id
    chats = request.repositories.chats
    found = [chats.of_key(chat.ledger.key, user_id) for chat in chats.of_user(user_id)]
    opened = [one for presence in found if (one := _open(request, presence))]
    return sorted(opened, key=lambda one: (one.chat.kind != "private", one.chat.title.casefold()))


def _open(request: AccessRequest, presence: Presence | None) -> OpenLedger | None:
    """Return the ledger where the caller is a member of it now."""
    if presence is None or presence.member is None or presence.member.left:
        return None
    chat = presence.chat
    if request.caller.ledger_id not in (None, chat.ledger.id):
        return None
    # Removed from a group, the bot no longer learns who leaves it.
    if chat.kind == "group" and chat.muted:
        return None
    scope = Scope(
        request.repositories, chat.ledger, presence.member.user_id, request.now, request.via
    )
    return OpenLedger(scope, chat, presence.member)
