"""Store what the options of a question would book, and read it back."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.entries.entry import Entry
from ledger.questions import Question
from ports.messages import Json
from services.ids import new_id
from services.scope import Scope
from services.texts import drafts


def build_values(options: Sequence[tuple[Entry, ...]], draft: Entry | None) -> dict[str, Json]:
    """Return the values of a question, with the entries that each option would book."""
    values: dict[str, Json] = {
        "options": [[drafts.to_json(entry) for entry in option] for option in options]
    }
    if draft:
        values["draft"] = drafts.to_json(draft)
    return values


def list_sources(question: Question) -> set[str]:
    """Return the sources of the messages that a question is about."""
    edit, draft = question.values.get("edit"), question.values.get("draft")
    options = question.values["options"]
    assert isinstance(options, list)
    keys = [one["source_key"] for option in options for one in option if "source_key" in one]
    if isinstance(draft, dict) and "source_key" in draft:
        keys.append(draft["source_key"])
    found = {str(key).rsplit(":", 1)[0] for key in keys}
    return found | ({str(edit["source"])} if isinstance(edit, dict) else set())


def load_draft(scope: Scope, draft: dict[str, Json]) -> Entry:
    """Read a stored draft as an entry of this ledger."""
    return drafts.from_json(
        draft, entry_id=new_id(scope.now), ledger_id=scope.ledger.id, now=scope.now
    )


def load_all(scope: Scope, option: Json) -> tuple[Entry, ...]:
    """Read the entries of an option."""
    assert isinstance(option, list)
    return tuple(load_draft(scope, one) for one in option if isinstance(one, dict))


def first_minor(option: Json) -> int:
    """Return the amount of the first entry of an option, 0 where it has none."""
    assert isinstance(option, list)
    first = option[0] if option else None
    fields = first["fields"] if isinstance(first, dict) else None
    return int(str(fields["amount_minor"])) if isinstance(fields, dict) else 0
