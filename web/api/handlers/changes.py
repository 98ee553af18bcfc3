"""Answer what changed in a ledger since a program looked."""

from __future__ import annotations

from datetime import UTC, datetime

from ledger.formats.program_fields import EntryNames
from services.entries.changed import LatestChange, find_number, list_changed
from services.entries.naming import list_names
from services.scope import Scope
from web.api.calls import Call, Reply
from web.api.cursors import read_text, unknown_place, write_text
from web.api.entry_models import show_expense, write_instant
from web.api.models.changes import ChangePage, ChangeQuery, ChangeShown

_NUMBER_MAX = 2**62
"""A larger number fits no column of the database, and no change has it."""


async def list_changes(call: Call[ChangeQuery, None]) -> Reply:
    """Return the entries that changed since a place or a moment, deleted ones too."""
    since = _read_since(call.query.since)

    def read(scope: Scope) -> ChangePage:
        number = find_number(scope, since) if isinstance(since, datetime) else since
        found = list_changed(scope, number, call.query.limit)
        names = list_names(scope)
        items = tuple(_show(names, one) for one in found.changes)
        return ChangePage(items=items, next=write_text(str(found.number)), more=found.more)

    return Reply(await call.read(read))


def _read_since(text: str | None) -> int | datetime:
    """Return the number or the moment that a text is. Raises `ProblemError` for any other text."""
    if text is None:
        return 0
    # A place is digits in base64, of which none becomes a hyphen.
    if "-" in text[:5] and text[:4].isdecimal():
        return _read_moment(text)
    number = read_text(text)
    # The text has at most 150 digits, far below the length from which `int` refuses or is slow.
    if not (number.isascii() and number.isdecimal() and int(number) <= _NUMBER_MAX):
        raise unknown_place()
    return int(number)


def _read_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise unknown_place() from None
    # A day or a time without a zone is in UTC, as all times of the API are.
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _show(names: EntryNames, one: LatestChange) -> ChangeShown:
    return ChangeShown(
        id=one.entry_id,
        deleted=one.entry is None,
        changed_at=write_instant(one.at),
        expense=None if one.entry is None else show_expense(names, one.entry),
    )
