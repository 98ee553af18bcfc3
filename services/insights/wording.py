"""Let a model phrase insights by the chat's own instruction, with the numbers guarded.

The facts are said at once in the bot's own words. Where the chat has an instruction, a job asks a model,
and its event puts the model's text in their place, if each of its numbers occurs in the facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.chats import Chat
from ledger.errors import InputError, UnavailableError
from ledger.insights.insight import Insight
from ledger.number_guard import holds
from ledger.settings import Settings
from ports.answers import InsightsShown, Phrasing, WordingShown
from ports.external_ai import InsightPhraser
from ports.jobs import InsightsPhrased, PhraseInsights, new_job
from ports.queue import Job, NewJob
from services.ai_policy import AiPolicy
from services.insights.finding import list_insights
from services.preferences import PROMPT_MAX, Preferences
from services.scope import Scope

TEXT_MAX = 2500
FACTS_MAX = 4000


@dataclass(frozen=True, slots=True)
class Insights:
    """Shows insights, and keeps the instruction by which a model phrases them."""

    preferences: Preferences
    ai_policy: AiPolicy

    def show(self, scope: Scope) -> InsightsShown:
        """Return what there is to say about the ledger."""
        return show(scope.settings, list_insights(scope), self.ai_policy)

    def show_wording(self, scope: Scope) -> WordingShown:
        """Return the instruction of the chat."""
        return WordingShown(
            scope.settings.insights_prompt, _find_phrasing(scope.settings, self.ai_policy)
        )

    def set_wording(self, scope: Scope, words: str) -> tuple[WordingShown, Settings]:
        """Set the instruction, or delete it where there are no words; undo takes it back.

        Raises:
            InputError: It is too long (`wording_too_long`).
        """
        words = " ".join(words.split())
        phrasing = _find_phrasing(scope.settings, self.ai_policy)
        if phrasing != "possible":
            return WordingShown("", phrasing), scope.settings
        if len(words) > PROMPT_MAX:
            raise InputError("wording_too_long", n=PROMPT_MAX)
        settings = self.preferences.change(scope, {"insights_prompt": words})
        return WordingShown(words, phrasing, changed=True), settings

    def rebuild(self, scope: Scope, event: InsightsPhrased) -> InsightsShown | None:
        """Return the insights that a model phrased; None where they or the text do not hold."""
        if not (0 < len(event.text) <= TEXT_MAX and holds(event.text, event.facts)):
            return None
        found = {one.key: one for one in list_insights(scope)}
        named = [tuple(pair) for pair in event.shown]
        # An entry was changed meanwhile, so the text would tell what no longer holds.
        if any(key not in found for key in named):
            return None
        told = [found[key] for key in named]  # type: ignore[index]
        return show(scope.settings, told, self.ai_policy, pushed=event.pushed)


def show(
    settings: Settings, found: Sequence[Insight], ai_policy: AiPolicy, *, pushed: bool = False
) -> InsightsShown:
    """Return insights as they are shown in a chat."""
    is_possible = _find_phrasing(settings, ai_policy) == "possible"
    return InsightsShown(
        tuple(found),
        pushed=pushed,
        offers_wording=is_possible,
        instruction=settings.insights_prompt if is_possible else "",
    )


def _find_phrasing(settings: Settings, ai_policy: AiPolicy) -> Phrasing:
    if not ai_policy.phrases:
        return "none"
    return "forbidden" if settings.local_only else "possible"


def phrase(chat: Chat, shown: InsightsShown, facts: str, message_key: str) -> NewJob | None:
    """Return the job that asks a model to phrase what is shown; None without an instruction."""
    if not (shown.instruction and shown.found) or len(facts) > FACTS_MAX:
        return None
    keys = tuple(one.key for one in shown.found)
    job = PhraseInsights(
        message_key,
        facts,
        shown.instruction[:PROMPT_MAX],
        chat.settings.language,
        keys,
        shown.pushed,
    )
    return new_job(job, message_key, chat.chat_id)


@dataclass(frozen=True, slots=True)
class InsightPhrasing:
    """Asks a language model to phrase facts."""

    phraser: InsightPhraser

    async def run(self, job: PhraseInsights, claim: Job) -> InsightsPhrased | None:
        """Return the event with the model's text; None where there is none."""
        chat_id = claim.partition
        assert chat_id is not None, "its message stands in a chat"
        try:
            text = await self.phraser.phrase(
                job.facts, job.instruction, language=job.language, chat_id=chat_id
            )
        except UnavailableError:
            return None
        return InsightsPhrased(job.message_key, job.facts, text, job.shown, job.pushed)
