"""Turn typed words into entries, a question, or a refusal with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from ledger.budgets.thresholds import Alert
from ledger.entries.entry import Entry
from ledger.entries.source_keys import is_of_program, source_key
from ledger.money import Money
from ledger.recurring.words import names_step
from ledger.text import Ask, Parsed, ParsedEntry, TextContext, fold, parse_message
from ports.answers import Asked, Booked, Captured, Refused, Remark
from services.entries.booking import Booking, Draft
from services.entries.changing import find_member
from services.entries.recording import begin
from services.ids import new_id
from services.rates.asking import ask_for_rates
from services.recurring.twins import note_series_twins
from services.scope import Scope
from services.texts.incoming_text import IncomingText
from services.texts.questions import Questions

NOTES_MAX = 500
"""The latest entries whose notes show which words are about money in a group."""


@dataclass(frozen=True, slots=True)
class Capture:
    """Books what people type."""

    booking: Booking
    questions: Questions

    def from_text(self, scope: Scope, incoming: IncomingText) -> Captured:
        """Read a message, book its plain entries and ask about what it leaves open."""
        return self.book(scope, incoming, self.parse(scope, incoming))

    def parse(self, scope: Scope, incoming: IncomingText, *, edited: bool = False) -> Parsed:
        """Read a message as this chat means it."""
        context = self._context(scope, incoming)
        if edited:
            # The deleted words may be those of this very message, whose writer waits for an answer.
            context = replace(context, rejected_words=frozenset())
        return parse_message(incoming.text, context)

    def book(self, scope: Scope, incoming: IncomingText, parsed: Parsed) -> Captured:
        """Book the plain entries of a message; ask about what it leaves open."""
        if parsed.outcome == "ignored":
            return Captured(silent=True)
        booked: tuple[Booked, ...] = ()
        alerts: tuple[Alert, ...] = ()
        if parsed.entries:
            recorder = begin(scope, "capture")
            found = [
                draft_of(scope, incoming, entry, position)
                for position, entry in enumerate(parsed.entries)
            ]
            found = _with_hint(found, incoming, scope.settings.language)
            booked, alerts = self.booking.book(scope, found, recorder)
            booked = note_series_twins(scope, booked)
            recorder.write()
            # An edit of this message came first, or a form was sent twice: that has been answered.
            if all(one.entry.updated_at != scope.now for one in booked):
                return Captured(booked=booked, silent=True)
        asked = ask_for_rates(scope, [one.entry for one in booked])
        if parsed.ask:
            asked = (self._ask(scope, incoming, parsed.ask), *asked)
        return Captured(booked=booked, refused=list_refused(parsed), asked=asked, alerts=alerts)

    def _context(self, scope: Scope, incoming: IncomingText) -> TextContext:
        knows = partial(self.booking.categorisation.knows, language=scope.settings.language)
        context = replace(incoming.context(scope.settings), is_known_note=knows)
        # Only a group's texts are judged by past notes.
        if incoming.chat_kind == "private":
            return context
        # Only texts with a digit hold an amount.
        if not any(char.isdigit() for char in incoming.text):
            return context
        kept, deleted = list_notes(scope)
        return replace(context, known_words=kept, rejected_words=deleted)

    def _ask(self, scope: Scope, incoming: IncomingText, ask: Ask) -> Asked:
        options = []
        for choice in ask.options:
            found = [
                draft_of(scope, incoming, entry, position)
                for position, entry in enumerate(choice.entries)
            ]
            options.append(tuple(draft.entry for draft in found))
        asked = self.questions.ask(scope, ask.kind, options)
        return replace(asked, words=ask.words)


def _with_hint(found: list[Draft], incoming: IncomingText, language: str) -> list[Draft]:
    """Say how an entry comes again where its words ask for that: `rent 850 monthly`."""
    if len(found) != 1 or not names_step(found[0].entry.note, language):
        return found
    hint = Remark("comes_again", {"words": incoming.text})
    return [replace(found[0], remarks=(*found[0].remarks, hint))]


def list_notes(scope: Scope) -> tuple[frozenset[str], frozenset[str]]:
    """Return the folded notes that this ledger keeps, and those that were deleted at once.

    A note that is kept as well as deleted counts as kept.
    """
    notes = scope.repositories.entries.notes(scope.ledger.id, NOTES_MAX)
    kept = frozenset(fold(note) for note, is_kept in notes if is_kept)
    return kept, frozenset(fold(note) for note, is_kept in notes if not is_kept) - kept


def draft_of(scope: Scope, incoming: IncomingText, parsed: ParsedEntry, position: int) -> Draft:
    """Turn an understood entry into one that can be booked."""
    money = Money(parsed.amount, parsed.currency)
    payer = find_member(scope, parsed.person) if parsed.person else None
    unknown = f"@{parsed.person}" if parsed.person and payer is None else ""
    entry = Entry(
        id=new_id(scope.now),
        ledger_id=scope.ledger.id,
        type="income" if incoming.income else parsed.type,
        money=money,
        spent_on=parsed.on,
        # A name that is not a member's stays in the note, so that nothing is lost.
        note=f"{parsed.note} {unknown}".strip(),
        category="" if incoming.income else incoming.category_id(parsed.category),
        paid_by=scope.actor if payer is None else payer,
        source="api" if is_of_program(incoming.source) else "text",
        source_key=source_key(incoming.source, position),
        created_at=scope.now,
        updated_at=scope.now,
        tags=parsed.tags,
    )
    return Draft(entry, tuple(Remark(r.id, dict(r.values)) for r in parsed.remarks))


def list_refused(parsed: Parsed) -> tuple[Refused, ...]:
    """Return the parts of a message that are not booked, or the reason why nothing is."""
    refused = tuple(
        Refused(r.words, r.reason, {k: str(v) for k, v in r.values.items()})
        for r in parsed.refusals
    )
    if not refused and parsed.outcome == "refused":
        return (Refused("", parsed.why.id if parsed.why else "not_understood", {}),)
    return refused
