"""Look up the names by which programs know members and categories of a ledger."""

from __future__ import annotations

from ledger.formats.program_fields import EntryNames
from services.scope import Scope


def list_names(scope: Scope) -> EntryNames:
    """Return the names of a ledger, looked up once an answer."""
    members = scope.repositories.chats.members(scope.ledger.id)
    return EntryNames(
        scope.ledger.currency,
        {member.user_id: member.name for member in members},
        {own.id: own.name for own in scope.settings.categories if own.name},
    )
