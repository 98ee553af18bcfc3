"""All services of one installation, built once from the plugs that wiring chose."""

from __future__ import annotations

from dataclasses import dataclass

from ports.categorising import Categoriser
from services.arrivals import Arrivals
from services.booking import Booking
from services.capture import Capture
from services.conversation import Conversation
from services.corrections import Corrections
from services.filing import Filing
from services.history import History
from services.memories import Memories
from services.outside import Outside
from services.preferences import Preferences
from services.questions import Questions
from services.receipts import Receipts


@dataclass(frozen=True, slots=True)
class Desk:
    """The services that keep a plug or a cache; the others are plain functions."""

    arrivals: Arrivals
    capture: Capture
    conversation: Conversation
    corrections: Corrections
    history: History
    preferences: Preferences
    questions: Questions
    receipts: Receipts
    outside: Outside


def build_desk(
    categoriser: Categoriser,
    *,
    currency: str,
    timezone: str,
    language: str,
    outside: Outside | None = None,
) -> Desk:
    """Wire the services to each other; without `outside` nothing leaves the machine."""
    memories = Memories(categoriser)
    booking = Booking(Filing(categoriser, memories))
    questions = Questions(booking)
    capture, corrections = Capture(booking, questions), Corrections(booking)
    return Desk(
        arrivals=Arrivals(currency, timezone, language),
        capture=capture,
        conversation=Conversation(capture, corrections, questions),
        corrections=corrections,
        history=History(memories),
        preferences=Preferences(),
        questions=questions,
        receipts=Receipts(booking, questions),
        outside=outside or Outside(),
    )
