"""Carry the edit of a message over to the entries that were made of it.

An edit is merged three ways: the entry as the text said it before, as the text says it now, and as
it is in the ledger. A field that the edit changed is taken from the text; any other field stays as
it is, so a correction by button or reply outlives an edit of other words.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.entries.changes import Fields
from ledger.money import Money, round_to_minor

_SHOWN = (
    *("type", "amount_minor", "currency", "spent_on", "note"),
    *("merchant", "category", "tags", "paid_by"),
)
_FIELDS = (*_SHOWN, "category_guessed", "marks")
"""The fields that a text can say; whether an entry is deleted is never one."""


@dataclass(frozen=True, slots=True)
class MessageVersion:
    """The newest version of a person's message that the ledger follows.

    There is none for a message that was never edited: its entries began as it says.
    """

    ledger_id: int
    source: str
    """The source of the message (see `ledger.entries.source_keys`)."""
    edited_at: datetime
    """When this version was written; an older one that comes late is passed over."""
    said: Fields
    """JSON: `entries` ([id, fields] in the order of the text) and `dropped` (the same of entries that
    it said before); or `entry`, `before` and `after` of the one entry that it corrected."""


@dataclass(frozen=True, slots=True)
class Said:
    """One entry as a version of its message says it."""

    entry_id: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome of an edit for one entry."""

    fields: Fields
    """The fields to write over the entry."""
    kept: tuple[str, ...]
    """Names of the fields that differ from the text, since somebody corrected them."""


def text_fields(fields: Fields) -> Fields:
    """Return the fields of an entry that a text can say."""
    return {name: fields[name] for name in _FIELDS}


def match_lines(before: Sequence[Fields], after: Sequence[Fields]) -> list[int | None]:
    """Return for each entry of the new text the place of the one that it was before, if any.

    The likest come first: equal entries, then the same words, then the same amount; what is left
    is matched in order, since a line whose words and amount both changed keeps its place.
    """
    found: list[int | None] = [None] * len(after)
    left = list(range(len(before)))
    for likeness in _LIKENESSES:
        for place, fields in enumerate(after):
            if found[place] is not None:
                continue
            same = (i for i in left if likeness(before[i]) == likeness(fields))
            # An entry in the same place wins over an equal one, so that twins never cross.
            best = min(same, key=lambda i: (abs(i - place), i), default=None)
            if best is not None:
                found[place] = best
                left.remove(best)
    open_places = [place for place, match in enumerate(found) if match is None]
    # What is alike in nothing is matched by order; the rest is new or deleted.
    for place, match in zip(open_places, left, strict=False):
        found[place] = match
    return found


def words_of(fields: Fields) -> str:
    """Return the words of an entry, folded for comparing."""
    return f"{fields['note']} {fields['merchant'] or ''}".strip().casefold()


def _money_of(fields: Fields) -> Hashable:
    return fields["amount_minor"], fields["currency"], fields["type"]


_LIKENESSES: tuple[Callable[[Fields], Hashable], ...] = (
    lambda fields: (words_of(fields), _money_of(fields), fields["spent_on"]),
    lambda fields: (words_of(fields), _money_of(fields)),
    words_of,
    _money_of,
)


def merge(current: Fields, before: Fields, after: Fields) -> Merged:
    """Merge an edit into an entry; all three are fields of that entry."""
    changed = {name: after[name] for name in _FIELDS if after[name] != before[name]}
    kept = tuple(name for name in _SHOWN if name not in changed and current[name] != before[name])
    # Minor units mean another amount in another currency, so both are merged together.
    if "amount_minor" in changed and "currency" in kept:
        changed, kept = _merge_money(changed, kept, current, after)
    fields = {name: value for name, value in changed.items() if value != current[name]}
    return Merged(fields, kept)


def _merge_money(
    changed: Fields, kept: tuple[str, ...], current: Fields, after: Fields
) -> tuple[Fields, tuple[str, ...]]:
    """Count a typed amount in a corrected currency, unless that has no such digits."""
    amount = Money.of_minor(after["amount_minor"], after["currency"]).amount
    code = current["currency"]
    if round_to_minor(amount, code) != amount:
        typed = {"currency": after["currency"]}
        return changed | typed, tuple(name for name in kept if name != "currency")
    return changed | {"amount_minor": Money(amount, code).minor}, kept
