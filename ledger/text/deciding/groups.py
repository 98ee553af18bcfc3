"""Decide whether a group's message is taken up: booked, asked about, or told why it cannot be booked."""

from __future__ import annotations

from ledger.text.deciding.booking import MessageState
from ledger.text.deciding.records import ReadMessage, find_objection
from ledger.text.deciding.speech import gather_speech
from ledger.text.model import ReasonId

_TOLD: frozenset[ReasonId] = frozenset(
    {"malformed", "limit", "leading_zero", "negative", "future_date", "bad_date", "ambiguous"}
)
"""Reasons that are told to a group, where its words are about money that was paid."""


def find_group_objection(state: MessageState) -> ReasonId | None:
    """Return why a group's words are chatter, None where they are about money that was paid."""
    refused = next((part.reason for part in state.refusals if part.reason not in _TOLD), None)
    if refused:
        return refused
    if not (state.entries or state.doubted):
        return state.refusals[0].reason
    chat = state.context.chat
    if state.entries and (objection := find_objection(gather_evidence(state), chat)):
        return objection
    # A sentence that might be recorded all the same is chatter here.
    if any(ask.kind == "record_anyway" for ask in state.asks):
        return "ambiguous"
    speech = gather_speech(state.lines)
    # Each meaning must be a record by itself: of several numbers one may be no money at all.
    for reading in state.doubted:
        interpreted, entries = zip(*reading, strict=True)
        if find_objection(ReadMessage(state.lines, speech, interpreted, entries), chat):
            return "ambiguous"
    return None


def gather_evidence(state: MessageState) -> ReadMessage:
    """Gather all that the decision about a whole message looks at."""
    return ReadMessage(state.lines, gather_speech(state.lines), state.interpreted, state.entries)
