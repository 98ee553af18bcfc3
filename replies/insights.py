"""Send insights, and put a model's words in their place where they hold."""

from __future__ import annotations

from ports.answers import InsightsShown
from ports.jobs import InsightsPhrased
from ports.repositories import Repositories
from presentation import views
from replies.responder import ChatResponder
from replies.results import ResultScope
from services.insights.wording import phrase
from services.members import find_chat
from services.scope import Scope


def respond_insights(
    responder: ChatResponder, answer: InsightsShown, edits: str | None = None
) -> None:
    """Say insights, and have a model phrase them where the chat has an instruction."""
    responder.reply(views.insights(answer, responder.t, today=responder.today), edits=edits)
    facts = views.insight_facts(answer.found, responder.t, today=responder.today)
    if job := phrase(responder.chat, answer, facts, responder.last_key):
        responder.unit.start(job)


async def insights_phrased(scope: ResultScope, event: InsightsPhrased) -> None:
    """Edit insights into a model's words, unless a number of them is not among the facts."""

    def work(repositories: Repositories) -> tuple[ChatResponder, InsightsShown | None] | None:
        place = find_chat(repositories, scope.chat_id)
        if place is None:
            return None
        ledger_scope = Scope(repositories, place.chat.ledger, 0, scope.now)
        shown = scope.services.insights.rebuild(ledger_scope, event)
        return scope.build_responder(repositories, place.chat), shown

    done = await scope.unit.run(work)
    responder, shown = done or (None, None)
    if responder and shown:
        reply = views.insights_phrased(shown, event.text, responder.t)
        responder.reply(reply, edits=event.message_key)
