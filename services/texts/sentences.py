"""Book a sentence that a program hands on: all of it, or nothing where a part is unclear."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.entries.entry import Entry
from ledger.text import Ask, Parsed
from ports.answers import Booked, Captured, Refused
from services.entries.booking import describe
from services.scope import Scope
from services.texts.capture import Capture, list_refused
from services.texts.incoming_text import IncomingText


@dataclass(frozen=True, slots=True)
class Unclear:
    """A sentence of which nothing is booked: the question that it leaves, and its refused parts."""

    ask: Ask | None
    refused: tuple[Refused, ...]


def capture_whole(capture: Capture, scope: Scope, incoming: IncomingText) -> Captured | Unclear:
    """Book every entry of a sentence, or nothing where a program would have to guess.

    The entries of a source that was booked before are returned as they are now.
    """
    known = scope.repositories.entries.of_source(scope.ledger.id, incoming.source)
    if known:
        return Captured(_describe(scope, known))
    parsed = capture.parse(scope, incoming)
    if not _is_whole(parsed):
        return Unclear(parsed.ask, list_refused(parsed))
    return capture.book(scope, incoming, parsed)


def _is_whole(parsed: Parsed) -> bool:
    return bool(parsed.entries) and parsed.ask is None and not parsed.refusals


def _describe(scope: Scope, entries: list[Entry]) -> tuple[Booked, ...]:
    return tuple(describe(scope, one, ()) for one in entries if not one.deleted_at)
