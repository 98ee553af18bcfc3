"""Improve doubtful categories after booking, by a language model.

The entry is booked and confirmed with the local guess at once. A job then asks a language model,
and its event changes the category of entries that nobody touched since. Nothing is learned from it.
It is recorded as the bot's own operation, so `/undo` still reverses the user's own operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ledger.budgets.thresholds import Alert
from ledger.categories import IDS, SYSTEM
from ledger.chats import Chat
from ledger.entries.entry import Entry
from ledger.errors import UnavailableError
from ledger.settings import Settings
from ports.answers import Booked
from ports.external_ai import LINES_MAX, Line, LineCategoriser
from ports.jobs import DoubtfulCategory, Recategorise, Recategorised, new_job
from ports.queue import NewJob
from ports.repositories import Repositories
from ports.units import UnitOfWorkFactory
from services.entries.booking import describe
from services.entries.recording import begin
from services.reporting.budget_states import states_for
from services.reporting.watching import update_budgets
from services.scope import Scope

BOT_USER = 0
"""The bot's own operations have no user, so no `/undo` finds them."""


@dataclass(frozen=True, slots=True)
class RecategorisedEntries:
    """Entries of one message with their better categories; empty when none changed."""

    booked: tuple[Booked, ...] = ()
    alerts: tuple[Alert, ...] = ()
    message_key: str | None = None
    """The message that confirms them, to be edited."""


def ask_for_categories(
    chat: Chat, booked: Sequence[Booked], key: str, *, whole: bool
) -> NewJob | None:
    """Return the job that asks about a message's doubtful categories; None when there are none.

    `whole` says that the message shows these entries and nothing else, so that it may be edited.
    """
    # Confirmed categories are not sent: less leaves the machine, and a person's choice is final.
    doubtful = [one for one in booked if one.entry.category_guessed][:LINES_MAX]
    if not doubtful:
        return None
    entries = tuple(
        DoubtfulCategory(one.entry.id, one.entry.category, one.alternatives) for one in doubtful
    )
    shown_ids = tuple(one.entry.id for one in booked) if whole else ()
    return new_job(Recategorise(chat.ledger.id, entries, shown_ids), key, chat.chat_id)


@dataclass(frozen=True, slots=True)
class Recategoriser:
    """Asks a language model; without an answer, or with a wrong one, nothing changes."""

    units: UnitOfWorkFactory
    categoriser: LineCategoriser

    async def run(self, job: Recategorise) -> Recategorised | None:
        """Return the event with the better categories, None when there are none."""
        chat, entries = await self.units.read(lambda repositories: _read_entries(repositories, job))
        if chat is None or chat.settings.local_only:
            return None
        lines = [Line(entry.note, entry.merchant or "") for entry in entries]
        if not any(line.note or line.merchant for line in lines):
            return None
        try:
            found = await self.categoriser.categorise(
                lines,
                categories_of(chat.settings),
                language=chat.settings.language.partition("-")[0],
                chat_id=chat.chat_id,
            )
        except UnavailableError:
            return None
        better = {e.id: category for e, category in zip(entries, found, strict=True) if category}
        return Recategorised(job.ledger_id, job.entries, better, job.shown) if better else None


def apply(scope: Scope, event: Recategorised) -> RecategorisedEntries:
    """Take over the better categories of entries that nobody touched since."""
    recorder = begin(scope.with_actor(BOT_USER), "category")
    pairs: list[tuple[Entry, Entry]] = []
    others: dict[str, tuple[str, ...]] = {}
    for one in event.entries:
        before = scope.repositories.entries.find(scope.ledger.id, one.id)
        category = event.categories.get(one.id)
        if before is None or category is None or not _untouched(before, one.category):
            continue
        # A model may answer any known id, but system categories would take an entry out of the
        # sums.
        if category in {before.category, *SYSTEM}:
            continue
        # The local guess becomes the first alternative, one press away.
        others[before.id] = tuple(dict.fromkeys([before.category, *one.alternatives]))
        after = replace(before, category=category, updated_at=scope.now)
        scope.repositories.entries.save(after)
        recorder.entry(before, after)
        pairs.append((before, after))
    recorder.write()
    if not pairs:
        return RecategorisedEntries()
    outcome = update_budgets(scope, pairs)
    booked = tuple(_show(scope, event.shown, pairs, others))
    newest = scope.repositories.conversations.confirmation(booked[0].entry.id) if booked else None
    return RecategorisedEntries(booked, outcome.alerts, newest.message_key if newest else None)


def _show(
    scope: Scope,
    shown_ids: Sequence[str],
    pairs: Sequence[tuple[Entry, Entry]],
    others: Mapping[str, tuple[str, ...]],
) -> Iterator[Booked]:
    """Yield the live entries of the confirmation, with the categories that they might have."""
    changed = {after.id: after for _, after in pairs}
    for entry_id in shown_ids:
        entry = changed.get(entry_id) or scope.repositories.entries.find(scope.ledger.id, entry_id)
        if entry and not entry.deleted_at:
            one = describe(scope, entry, states_for(scope, entry))
            yield replace(one, alternatives=others.get(entry_id, ()))


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
        # A restated base amount leaves `updated_at` alone, so only a person's change counts here.
        and entry.updated_at == entry.created_at
    )


def _read_entries(repositories: Repositories, job: Recategorise) -> tuple[Chat | None, list[Entry]]:
    found = [repositories.entries.find(job.ledger_id, one.id) for one in job.entries]
    entries = [entry for entry in found if entry and entry.deleted_at is None]
    return (repositories.chats.of_ledger(job.ledger_id) if entries else None), entries
