"""Carry the edit of a message over to the entries that were made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ledger.budgets.thresholds import Alert
from ledger.entries.changes import Fields, entry_fields, with_fields
from ledger.entries.entry import Entry
from ledger.entries.source_keys import position_of, source_key
from ledger.text.rewriting import MessageVersion, Said, match_lines, merge, text_fields, words_of
from ports.answers import Booked, Confirmed, Kept, Rewritten
from services.entries.booking import Booking, Draft
from services.entries.confirmations import find_confirmations
from services.entries.recording import Recorder, begin
from services.reporting.watching import update_budgets
from services.scope import Scope

_NO_WORDS: Fields = {"note": "\0", "merchant": None}
"""Fields of an entry that no text ever said."""
_FILED_BY = ("note", "merchant", "type")
"""Fields that decide the category of an entry whose text names none."""


@dataclass(frozen=True, slots=True)
class NewText:
    """A version of a message, read."""

    source: str
    edited_at: datetime
    drafts: tuple[Draft, ...] = ()
    is_whole: bool = True
    """False when a part of the text could not be read; then no entry is deleted for its sake."""


@dataclass(slots=True)
class _Work:
    """One edit while it is carried over."""

    scope: Scope
    recorder: Recorder
    entries: dict[str, Entry]
    """Every entry of the message, as it is now."""
    lines: list[Said | Draft] = field(default_factory=list)
    """The entries of the new text, in its order; a draft is not booked yet."""
    dropped: dict[str, Fields] = field(default_factory=dict)
    """The fields of entries that only an older text said, by their ids."""
    touched: list[tuple[Entry, Entry]] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    remarks: dict[str, Draft] = field(default_factory=dict)

    def save(self, before: Entry, after: Entry) -> None:
        """Store and record a change of an entry."""
        self.scope.repositories.entries.save(after)
        self.recorder.entry(before, after)
        self.entries[after.id] = after
        self.touched.append((before, after))


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Changes, books and deletes entries so that they follow the text of their message."""

    booking: Booking

    def rewrite(self, scope: Scope, text: NewText) -> Rewritten:
        """Carry an edit over as one operation; without drafts every entry goes.

        The writer of the message may do so whoever paid, as it is their own text.
        """
        stored = scope.repositories.entries.of_source(scope.ledger.id, text.source)
        before = self.list_said(scope, text.source, stored)
        work = _Work(scope, begin(scope, "edit"), {entry.id: entry for entry in stored})
        work.dropped = _list_dropped(scope, text.source)
        left = self._follow(work, before, text.drafts)
        if text.is_whole:
            work.dropped |= {said.entry_id: said.fields for said in left}
        if text.is_whole and not text.drafts:
            # Also those that no text says, which an undo has brought back.
            left = tuple(Said(entry.id, {}) for entry in stored)
        if text.is_whole:
            for said in left:
                _remove(work, said)
        else:
            work.lines.extend(left)
        outcome = update_budgets(scope, work.touched) if work.touched else None
        alerts = self._book(work) + (outcome.alerts if outcome else ())
        work.recorder.write()
        _keep(scope, text, [one for one in work.lines if isinstance(one, Said)], work.dropped)
        shown = self._show(work, left if text.is_whole else (), is_told=not text.is_whole)
        return replace(shown, alerts=alerts)

    def stamp(self, scope: Scope, text: NewText) -> None:
        """Remember when a version was written that changes no entry."""
        stored = scope.repositories.entries.of_source(scope.ledger.id, text.source)
        said = self.list_said(scope, text.source, stored)
        # What is booked of it later, as the answer to a question, is read from the history.
        _keep(scope, text, said if stored else None, _list_dropped(scope, text.source))

    def list_said(self, scope: Scope, source: str, stored: Sequence[Entry]) -> list[Said]:
        """Return the entries that the last followed version of a message says."""
        version = scope.repositories.conversations.version(scope.ledger.id, source)
        if version is not None and "entries" in version.said:
            return [Said(entry_id, fields) for entry_id, fields in version.said["entries"]]
        return [Said(entry.id, _booked_fields(scope, entry)) for entry in stored]

    def _follow(
        self, work: _Work, before: Sequence[Said], drafts: Sequence[Draft]
    ) -> tuple[Said, ...]:
        """Follow each entry of the new text; return those that it no longer says."""
        typed = [text_fields(entry_fields(draft.entry)) for draft in drafts]
        matches = match_lines([said.fields for said in before], typed)
        unsaid = [
            e for e in work.entries.values() if e.id not in {said.entry_id for said in before}
        ]
        for draft, match in zip(drafts, matches, strict=True):
            if match is not None:
                self._change(work, before[match], draft)
            elif (known := _pop_alike(unsaid, work.dropped, draft)) is not None:
                self._take_up(work, known, draft)
            else:
                work.lines.append(draft)
        return tuple(said for place, said in enumerate(before) if place not in matches)

    def _change(self, work: _Work, said: Said, draft: Draft) -> None:
        entry = work.entries[said.entry_id]
        after = self._fields(work.scope, entry, said.fields, draft)
        merged = merge(text_fields(entry_fields(entry)), said.fields, after)
        if merged.fields:
            changed = with_fields(entry, merged.fields, now=work.scope.now)
            work.save(entry, self._settle(work.scope, changed))
        kept = merged.kept
        if entry.deleted_at is not None:
            kept = ("deleted",) if merged.fields else ()
        if kept:
            work.kept.append(Kept(work.entries[entry.id], kept))
        work.lines.append(Said(entry.id, after))
        work.remarks[entry.id] = draft

    def _take_up(self, work: _Work, entry: Entry, draft: Draft) -> None:
        """Let an entry that an earlier edit had left out be what the new text says."""
        filed = self.booking.categorisation.categorise(work.scope, [(draft.entry, draft.lines)])[
            0
        ].entry
        fields = text_fields(entry_fields(filed))
        back = with_fields(entry, fields | {"deleted": False}, now=work.scope.now)
        work.save(entry, self._settle(work.scope, back))
        work.lines.append(Said(entry.id, fields))

    def _fields(self, scope: Scope, entry: Entry, before: Fields, draft: Draft) -> Fields:
        """Return the fields that the new text says, its category settled."""
        after = text_fields(entry_fields(draft.entry))
        same = all(after[name] == before[name] for name in _FILED_BY)
        chosen = (entry.category, entry.category_guessed) != (
            before["category"],
            before["category_guessed"],
        )
        # A category that a person chose or confirmed outlives other words, but not another type.
        if not draft.entry.category and (same or (chosen and after["type"] == entry.type)):
            names = ("category", "category_guessed")
            return after | {name: before[name] for name in names}
        filed = self.booking.categorisation.categorise(scope, [(draft.entry, draft.lines)])[0].entry
        return after | {
            "category": filed.category,
            "category_guessed": filed.category_guessed,
        }

    def _settle(self, scope: Scope, entry: Entry) -> Entry:
        """Return an entry whose category fits its type, with its amount in the ledger's currency."""
        if entry.type == "expense" and entry.category == "income":
            entry = replace(entry, category="")
        elif entry.type == "income":
            entry = replace(entry, category="income", category_guessed=False)
        return self.booking.conversion.convert(
            scope, self.booking.categorisation.complete(scope, entry)
        )

    def _book(self, work: _Work) -> tuple[Alert, ...]:
        """Book the drafts among the lines and put what they became in their places."""
        drafts = [one for one in work.lines if isinstance(one, Draft)]
        if not drafts:
            return ()
        sources = [entry.source_key for entry in work.entries.values()]
        first = max(map(position_of, sources), default=-1) + 1
        placed = [
            replace(one, entry=replace(one.entry, source_key=_key_at(one.entry, first + place)))
            for place, one in enumerate(drafts)
        ]
        booked, alerts = self.booking.book(work.scope, placed, work.recorder)
        made = iter(booked)
        for place, line in enumerate(work.lines):
            if isinstance(line, Draft):
                entry = next(made).entry
                work.entries[entry.id] = entry
                work.lines[place] = Said(entry.id, text_fields(entry_fields(entry)))
                work.remarks[entry.id] = line
        return alerts

    def _show(self, work: _Work, removed: Sequence[Said], *, is_told: bool) -> Rewritten:
        """Return the entries with the messages to follow; `is_told` where something is refused."""
        said = [one for one in work.lines if isinstance(one, Said)]
        ids = [one.entry_id for one in said or removed]
        booked = tuple(self._shown(work, work.entries[one]) for one in ids)
        if not (work.recorder.changes or work.kept or is_told):
            return Rewritten(booked)
        every = list(work.entries.values())
        found = find_confirmations(work.scope, self.booking, every)
        main = _find_main(found, set(work.entries))
        others = tuple(one for one in found if one is not main)
        key = main.message_key if main else None
        changed = bool(work.recorder.changes)
        return Rewritten(booked, changed, tuple(work.kept), key, others)

    def _shown(self, work: _Work, entry: Entry) -> Booked:
        shown = self.booking.show(work.scope, entry)
        draft = work.remarks.get(entry.id)
        return replace(shown, remarks=(*draft.remarks, *shown.remarks)) if draft else shown


def _remove(work: _Work, said: Said) -> None:
    before = work.entries[said.entry_id]
    if before.deleted_at is None:
        work.save(before, replace(before, deleted_at=work.scope.now, updated_at=work.scope.now))


def _list_dropped(scope: Scope, source: str) -> dict[str, Fields]:
    """Return what older versions said of the entries that the last one no longer says."""
    version = scope.repositories.conversations.version(scope.ledger.id, source)
    return dict(version.said.get("dropped", ())) if version else {}


def _keep(
    scope: Scope, text: NewText, lines: Sequence[Said] | None, dropped: Mapping[str, Fields]
) -> None:
    """Keep a version; None for a message that has made no entry so far."""
    said: Fields = {}
    if lines is not None:
        now = {one.entry_id: one.fields for one in lines}
        older = {entry_id: fields for entry_id, fields in dropped.items() if entry_id not in now}
        said = {"entries": [*now.items()], "dropped": [*older.items()]}
    version = MessageVersion(scope.ledger.id, text.source, text.edited_at, said)
    scope.repositories.conversations.keep_version(version)


def _booked_fields(scope: Scope, entry: Entry) -> Fields:
    """Return the fields with which an entry was booked, which its message said then."""
    history = scope.repositories.operations.of_subject(scope.ledger.id, "entry", entry.id)
    booked = [change.after for change in history if change.before is None and change.after]
    # Changes of earlier versions of the program lack the fields that came later.
    return text_fields(entry_fields(entry) | (booked[-1] if booked else {}))


def _pop_alike(unsaid: list[Entry], dropped: Mapping[str, Fields], draft: Draft) -> Entry | None:
    """Take the entry that a draft says again from those that no text says; a live one first.

    It has the words of the draft, or an older text said it by them.
    """
    wanted = words_of(entry_fields(draft.entry))
    alike = [
        entry
        for entry in unsaid
        if wanted in (words_of(entry_fields(entry)), words_of(dropped.get(entry.id, _NO_WORDS)))
    ]
    found = min(alike, key=lambda entry: entry.deleted_at is not None, default=None)
    if found is not None:
        unsaid.remove(found)
    return found


def _key_at(entry: Entry, position: int) -> str:
    return source_key(entry.source_key.rsplit(":", 1)[0], position)


def _find_main(found: Sequence[Confirmed], ids: set[str]) -> Confirmed | None:
    """Return the card that shows the whole message (most of its entries and nothing else)."""
    own = [one for one in found if {booked.entry.id for booked in one.booked} <= ids]
    # The oldest of equals stands right below the message; the newest come first here.
    return max(reversed(own), key=lambda one: len(one.booked), default=None)
