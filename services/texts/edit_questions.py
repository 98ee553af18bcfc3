"""Ask what a new version of a message means, and whether its entries are deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.entries.entry import Entry
from ledger.questions import Question
from ports.answers import Nothing, Rewritten
from ports.messages import Json
from services.entries.booking import Booking, Draft
from services.entries.rewriting import NewText, Rewriting
from services.scope import Scope
from services.texts import drafts
from services.texts.question_values import list_sources, load_all

EDITED_AWAY = "edited_away"
"""Kind of the question whether entries go, since their message no longer says them."""
WITHDRAWN_MAX = 200
"""The newest open questions among which those about an edited message are found."""


@dataclass(frozen=True, slots=True)
class EditedText:
    """The version of a message that a question is about, with the entries that are sure."""

    source: str
    edited_at: datetime
    sure: Sequence[Entry] = ()

    def to_json(self) -> dict[str, Json]:
        """Write the version down, with the entries that are sure."""
        return {
            "source": self.source,
            "at": self.edited_at.isoformat(),
            "sure": [drafts.to_json(entry) for entry in self.sure],
        }


def withdraw(scope: Scope, source: str) -> tuple[str, ...]:
    """Close the questions about a message that was edited; return the keys of theirs."""
    conversations = scope.repositories.conversations
    keys: list[str] = []
    for question in conversations.list_open(scope.ledger.id, WITHDRAWN_MAX):
        if source in list_sources(question) and conversations.settle(question.id):
            keys.extend(conversations.messages_of(question.id))
    return tuple(keys)


def carry_over(
    scope: Scope, booking: Booking, question: Question, entries: Sequence[Entry], *, is_gone: bool
) -> Nothing | Rewritten:
    """Let the entries of an edited message follow the answer, or stay as they are."""
    if not (entries or is_gone):
        return Nothing("edit_kept")
    edit = question.values["edit"]
    assert isinstance(edit, dict)
    found = (*load_all(scope, edit["sure"]), *entries)
    text = NewText(
        str(edit["source"]),
        datetime.fromisoformat(str(edit["at"])),
        tuple(Draft(entry) for entry in found),
    )
    return Rewriting(booking).rewrite(scope.with_actor(question.user_id), text)


def list_entries_about(scope: Scope, question: Question) -> tuple[Entry, ...]:
    """Return the live entries whose message no longer says them."""
    edit = question.values.get("edit")
    if question.kind != EDITED_AWAY or not isinstance(edit, dict):
        return ()
    stored = scope.repositories.entries.of_source(scope.ledger.id, str(edit["source"]))
    return tuple(entry for entry in stored if entry.deleted_at is None)
