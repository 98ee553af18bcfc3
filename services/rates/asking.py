"""Ask once for the rate of a currency that nobody publishes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.entries.entry import Entry
from ledger.questions import Question
from ledger.rates.values import CurrencyPair
from ledger.text import RateWords, parse_rate
from ports.answers import Asked
from services.ids import new_id
from services.scope import Scope
from services.texts.incoming_text import IncomingText

RATE = "rate"
"""Kind of the question for a rate, and of the claim that it is asked once."""
_OPEN_MAX = 20


def ask_for_rates(scope: Scope, entries: Sequence[Entry]) -> tuple[Asked, ...]:
    """Ask for the rate of each currency that has none, once in the life of a ledger."""
    missing = {one.money.currency: one for one in entries if one.base is None}
    asked = []
    for code, entry in missing.items():
        # Before the first import is through, a rate may only be late.
        if scope.repositories.rates.newest() is None:
            break
        pair = CurrencyPair(code, scope.ledger.currency)
        if scope.repositories.pushes.claim(scope.ledger.id, RATE, pair.key, scope.now):
            asked.append(_ask(scope, pair, min(entry.spent_on, scope.today)))
    return tuple(asked)


def read_asked(scope: Scope, incoming: IncomingText, question: Question) -> RateWords | None:
    """Read the reply to such a question, either a figure alone or a whole rate."""
    source, on = str(question.values["source"]), str(question.values["on"])
    context = incoming.context(scope.settings)
    whole = parse_rate(incoming.text, context)
    words = whole if whole and whole.values else parse_rate(f"{source} {incoming.text}", context)
    if words is None or not words.values:
        return None
    # The entry that was asked about must be counted by it, too.
    since = words.on or date.fromisoformat(on)
    return RateWords(words.source, words.target, words.values, since)


def settle_asked(scope: Scope, pair: CurrencyPair) -> tuple[str, ...]:
    """Close the questions for a rate that is set now; return the keys of their messages."""
    conversations = scope.repositories.conversations
    messages: list[str] = []
    for question in conversations.list_open(scope.ledger.id, _OPEN_MAX):
        named = question.values.get("source"), question.values.get("target")
        if question.kind == RATE and set(named) == set(pair):
            conversations.settle(question.id)
            messages += conversations.messages_of(question.id)
    return tuple(messages)


def _ask(scope: Scope, pair: CurrencyPair, on: date) -> Asked:
    question = Question(
        new_id(scope.now),
        scope.ledger.id,
        scope.actor,
        RATE,
        {"options": [], "source": pair.source, "target": pair.target, "on": on.isoformat()},
        scope.now,
    )
    scope.repositories.conversations.ask(question)
    return Asked(question.id, RATE, (), words=pair.source, user_id=scope.actor)
