"""Refiling: entries that were filed in doubt get a second, better guess after they were booked.

The entry is booked and confirmed with the local guess at once. A job then asks a language model, and
its event comes back here: the category improves where nobody touched the entry since, and no learned
choice is made of it. It is an act of the bot's own, so that a person's /undo is about what they did.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ledger.budget import Alert
from ledger.categories import IDS, SYSTEM
from ledger.chats import Chat
from ledger.entry import Entry
from ledger.errors import UnavailableError
from ledger.settings import Settings
from ports.answers import Booked
from ports.external_ai import LINES_MAX, Line, LineCategoriser
from ports.messages import Json
from ports.queue import Job, NewJob
from ports.repositories import Repositories
from ports.units import UnitOfWorkFactory
from services.entries.booking import shown
from services.entries.recording import begin
from services.reporting.budgets import states_for, update_budgets
from services.scope import Scope

KIND = "refile"
BOT_USER = 0
"""Acts of the bot have no person; nobody's /undo finds them."""


@dataclass(frozen=True, slots=True)
class Refiled:
    """Entries of one message as they stand after refiling; none changed: nothing to show."""

    booked: tuple[Booked, ...] = ()
    alerts: tuple[Alert, ...] = ()


def recategorising(chat: Chat, booked: Sequence[Booked], key: str, *, whole: bool) -> NewJob | None:
    """Return the job that asks about a message's doubtful categories; None when there are none.

    `whole`: the message shows these entries and nothing else, so that it may be shown anew.
    """
    doubtful = [one for one in booked if not one.sure_category][:LINES_MAX]
    if not doubtful:
        return None
    values: dict[str, Json] = {
        "ledger_id": chat.ledger.id,
        "entries": [
            {
                "id": one.entry.id,
                "category": one.entry.category,
                "alternatives": list(one.alternatives),
            }
            for one in doubtful
        ],
        "shown": [one.entry.id for one in booked] if whole else [],
    }
    return NewJob(f"{KIND}:{key}", KIND, values, partition=chat.chat_id)


@dataclass(frozen=True, slots=True)
class RefilingJob:
    """Asks; a model that is away, slow or wrong changes nothing."""

    units: UnitOfWorkFactory
    filer: LineCategoriser

    async def run(self, job: Job) -> str | None:
        """Return the event with the better categories, None when there are none."""
        ledger_id, asked = job.values["ledger_id"], job.values["entries"]
        assert isinstance(ledger_id, int)
        assert isinstance(asked, list)
        known = [one for one in asked if isinstance(one, dict)]
        chat, entries = await self.units.read(
            lambda repositories: _look(repositories, ledger_id, known)
        )
        if chat is None or chat.settings.local_only:
            return None
        lines = [Line(entry.note, entry.merchant or "") for entry in entries]
        if not any(line.note or line.merchant for line in lines):
            return None
        try:
            found = await self.filer.file(
                lines,
                categories_of(chat.settings),
                language=chat.settings.language.partition("-")[0],
                chat_id=chat.chat_id,
            )
        except UnavailableError:
            return None
        better = {e.id: category for e, category in zip(entries, found, strict=True) if category}
        event = {"event": "refiled", **job.values, "categories": better}
        return json.dumps(event, ensure_ascii=False) if better else None


def apply(scope: Scope, event: Mapping[str, Any]) -> Refiled:
    """Take over the better categories of entries that nobody touched since."""
    recorder = begin(scope.with_actor(BOT_USER), "category")
    pairs: list[tuple[Entry, Entry]] = []
    others: dict[str, tuple[str, ...]] = {}
    for one in event["entries"]:
        before = scope.repositories.entries.find(scope.ledger.id, str(one["id"]))
        category = event["categories"].get(one["id"])
        if before is None or category is None or not _untouched(before, one["category"]):
            continue
        if category in {before.category, *SYSTEM}:
            continue
        others[before.id] = tuple(dict.fromkeys([before.category, *one["alternatives"]]))
        after = replace(before, category=category, updated_at=scope.now)
        scope.repositories.entries.save(after)
        recorder.entry(before, after)
        pairs.append((before, after))
    recorder.write()
    if not pairs:
        return Refiled()
    outcome = update_budgets(scope, pairs)
    changed = {after.id: after for _, after in pairs}
    booked = []
    for entry_id in event["shown"]:
        entry = changed.get(entry_id) or scope.repositories.entries.find(scope.ledger.id, entry_id)
        if entry and not entry.deleted_at:
            one = shown(scope, entry, states_for(scope, entry))
            alternatives = others.get(entry_id, ())
            booked.append(replace(one, sure_category=not alternatives, alternatives=alternatives))
    return Refiled(tuple(booked), outcome.alerts)


def categories_of(settings: Settings) -> dict[str, str]:
    """Return the categories of a chat, id -> name; hidden ones are left out."""
    own = {category.id: category for category in settings.categories}
    names = {i: i.replace("_", " ") for i in IDS if i not in SYSTEM and i != "income"}
    names |= {i: category.name or i for i, category in own.items()}
    return {i: name for i, name in names.items() if i not in own or not own[i].hidden}


def _untouched(entry: Entry, category: str) -> bool:
    return (
        entry.deleted_at is None
        and entry.category == category
        and entry.updated_at == entry.created_at
    )


def _look(
    repositories: Repositories, ledger_id: int, asked: Sequence[Mapping[str, Json]]
) -> tuple[Chat | None, list[Entry]]:
    found = [repositories.entries.find(ledger_id, str(one["id"])) for one in asked]
    entries = [entry for entry in found if entry and entry.deleted_at is None]
    return (repositories.chats.of_ledger(ledger_id) if entries else None), entries
