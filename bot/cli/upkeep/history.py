"""Print the history of a chat's ledger as its audit trail (`kvitto history CHAT_ID`)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from bot.setup.settings import read_settings
from ledger.entries.changes import Change, Fields, RecordedOperation
from ledger.errors import NotFoundError
from ledger.money import Money, plain
from ports.repositories import Repositories
from storage import Database, open_database

PAGE_OPERATIONS = 500
"""Operations of one read, so that a long history needs little memory and no long snapshot."""

_AMOUNTS = ("amount_minor", "limit_minor")
_EMPTY = ("", "null", "[]", "false")


def history(chat_id: int, entry: str | None, *, as_json: bool) -> int:
    """Print every operation of the ledger, oldest first.

    Raises:
        NotFoundError: no such chat has a ledger.
    """
    asyncio.run(_print(chat_id, entry, as_json=as_json))
    return 0


async def _print(chat_id: int, entry: str | None, *, as_json: bool) -> None:
    async with open_database(read_settings().database_url.get_secret_value()) as database:
        ledger_id, names = await database.units.read(lambda found: _find(found, chat_id))
        trail = _Trail(names)
        async for recorded in _read_all(database, ledger_id):
            shown = trail.follow(recorded)
            if entry and not any(change.subject_id == entry for change in recorded.changes):
                continue
            if as_json:
                print(json.dumps(trail.as_fields(recorded), ensure_ascii=False))
            else:
                print("\n".join(shown))


def _find(repositories: Repositories, chat_id: int) -> tuple[int, dict[int, str]]:
    """Return the id of a chat's ledger and the names of its members."""
    place = repositories.chats.find(chat_id)
    if place is None:
        raise NotFoundError("no_such_chat", remedy="no ledger has this chat id")
    ledger_id = place.chat.ledger.id
    return ledger_id, {m.user_id: m.name for m in repositories.chats.members(ledger_id)}


async def _read_all(database: Database, ledger_id: int) -> AsyncIterator[RecordedOperation]:
    number = 0
    while page := await database.units.read(
        lambda found, after=number: found.operations.list_after(ledger_id, after, PAGE_OPERATIONS)  # type: ignore[misc]
    ):
        for recorded in page:
            yield recorded
        number = page[-1].number


@dataclass(slots=True)
class _Trail:
    """Follows a history from its beginning, so that an amount is shown in its currency of then."""

    names: dict[int, str]
    _currencies: dict[str, str] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def follow(self, recorded: RecordedOperation) -> list[str]:
        """Return the lines of an operation: when, who, by which way, what; then its changes."""
        operation = recorded.operation
        self._numbers[operation.id] = recorded.number
        words = [
            f"#{recorded.number}",
            operation.at.strftime("%Y-%m-%d %H:%M:%SZ"),
            self._name(operation.user_id),
            f"by {operation.via or '?'}",
            operation.verb,
        ]
        if operation.undoes:
            words.append(f"of #{self._numbers.get(operation.undoes, '?')}")
        if recorded.undone:
            words.append("(undone)")
        return ["  ".join(words), *(self._line(change) for change in recorded.changes)]

    def as_fields(self, recorded: RecordedOperation) -> Fields:
        """Return an operation as JSON, its amounts in minor units as the history holds them."""
        operation = recorded.operation
        return {
            "number": recorded.number,
            "at": operation.at.isoformat(),
            "user_id": operation.user_id,
            "user": self.names.get(operation.user_id),
            "via": operation.via,
            "verb": operation.verb,
            "undoes": self._numbers.get(operation.undoes or ""),
            "undone": recorded.undone,
            "changes": [
                {
                    "subject": change.subject,
                    "id": change.subject_id,
                    "before": change.before,
                    "after": change.after,
                }
                for change in recorded.changes
            ],
        }

    def _name(self, user_id: int) -> str:
        if not user_id:
            return "Kvitto itself"
        return f"{_printable(self.names.get(user_id, 'somebody'))} ({user_id})"

    def _line(self, change: Change) -> str:
        subject = f"{change.subject} {change.subject_id}"
        known = self._currencies.get(subject, "")
        before, after = (dict(self._list(f, known)) for f in (change.before, change.after))
        self._currencies[subject] = (change.after or {}).get("currency", known)
        if change.before is None:
            shown = [f"{name} {value}" for name, value in after.items() if value not in _EMPTY]
            return f"    {subject} made: " + ", ".join(shown)
        if change.after is None:
            return f"    {subject} removed"
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        told = (f"{name} {before.get(name, '-')} -> {after.get(name, '-')}" for name in names)
        return f"    {subject}: " + ", ".join(told)

    def _list(self, fields: Fields | None, currency: str) -> Iterator[tuple[str, str]]:
        """Yield fields as texts, minor units as an amount with its currency."""
        fields = fields or {}
        currency = fields.get("currency", currency)
        for name, value in fields.items():
            if name in _AMOUNTS and currency:
                amount = Money.of_minor(value, currency).amount
                yield name.removesuffix("_minor"), f"{plain(amount, currency)} {currency}"
            else:
                yield name, _printable(value) if isinstance(value, str) else json.dumps(value)


def _printable(text: str) -> str:
    """Return a text as it is, unless it holds characters that could steer the terminal."""
    return text if text.isprintable() else json.dumps(text)
