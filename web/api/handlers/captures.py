"""Book the sentences that programs hand on, by the grammar of the chat."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ledger.entries.source_keys import api_source
from ledger.errors import InputError
from ledger.text import Ask, ParsedEntry
from ports.answers import Refused
from replies.names import list_category_names, list_group_names
from services.ids import new_id
from services.replaying import CallKey
from services.scope import Scope
from services.texts.incoming_text import IncomingText
from services.texts.sentences import Unclear, capture_whole
from web.api.calls import Call, Outcome, Reply
from web.api.entry_models import expenses_of
from web.api.models.captures import Captures, NewCapture
from web.api.parsing import digest_call
from web.api.problems import explain_refusal
from web.api.routes import PREFIX, NoQuery
from web.problems import ProblemError

# Clocks of phones are wrong by minutes or hours; a day ahead is a wrong date.
AHEAD_MAX = timedelta(days=1)


async def capture(call: Call[NoQuery, NewCapture]) -> Reply:
    """Book every entry of a sentence, or nothing where it is unclear."""
    said_at = call.body.at or call.now
    if said_at > call.now + AHEAD_MAX:
        raise InputError("date_ahead", latest=(call.now + AHEAD_MAX).date())
    key = call.key
    if key is None and call.body.source_id is not None:
        # A line feed is in no Idempotency-Key, so the two never meet.
        key = CallKey(f"source\n{call.body.source_id}", digest_call(call.request, call.body))

    def write(scope: Scope) -> Outcome:
        incoming = _incoming(scope, call.body, said_at)
        captured = capture_whole(call.backend.services.capture, scope, incoming)
        if isinstance(captured, Unclear):
            raise _unclear(captured)
        items = expenses_of(scope, [one.entry for one in captured.booked])
        location = f"{PREFIX}/ledgers/{scope.ledger.key}/expenses"
        if len(items) == 1:
            location = f"{location}/{items[0].id}"
        return Outcome(Reply(Captures(items=items), 201, {"Location": location}), captured)

    return await replace(call, key=key).write(write)


def _incoming(scope: Scope, said: NewCapture, said_at: datetime) -> IncomingText:
    name = new_id(scope.now)
    if said.source_id is not None:
        # A digest has one length and no colon, which separates the parts of a source.
        named = f"{scope.actor}:{said.source_id}"
        name = hashlib.sha256(named.encode()).hexdigest()[:32]
    return IncomingText(
        text=said.text,
        source=api_source(name),
        sent_at=said_at,
        addressed=True,
        command=True,
        category_names=list_category_names(scope.settings),
        group_names=list_group_names(scope.settings),
    )


def _unclear(found: Unclear) -> ProblemError:
    """Return the problem of a sentence that a program would have to guess about."""
    said = [_refusal(one) for one in found.refused]
    needs = [_need(found.ask)] if found.ask else []
    detail = " ".join([one["detail"] for one in said] + [_question(found.ask)] * bool(needs))
    return ProblemError(422, "unclear", detail, more={"needs": needs, "refused": said})


def _question(ask: Ask | None) -> str:
    return f"Say what “{ask.words}” means; `needs` holds the readings." if ask else ""


def _refusal(refused: Refused) -> dict[str, str]:
    return {
        "words": refused.words,
        "reason": refused.reason,
        "detail": explain_refusal(refused),
    }


def _need(ask: Ask) -> dict[str, object]:
    options = [_option(option.entries) for option in ask.options]
    return {"kind": ask.kind, "words": ask.words, "options": options}


def _option(entries: Sequence[ParsedEntry]) -> list[dict[str, str]]:
    """Return one reading, as the bodies with which its entries would be booked."""
    return [
        {
            "type": one.type,
            "amount": f"{one.amount:f}",
            "currency": one.currency,
            "date": one.on.isoformat(),
            "note": one.note,
        }
        for one in entries
    ]
