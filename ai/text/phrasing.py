"""Phrase facts about a ledger by a language model, by the instruction of the chat.

Its text is not trusted: the caller compares each number with the facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from pydantic import BaseModel, ConfigDict

from ai.language.client import LanguageModel
from ai.language.masking import mask_cards
from ai.language.question import Question

SECONDS_MAX: Final = 20.0
OUTPUT_TOKENS_MAX: Final = 1500


class ModelText(BaseModel):
    """A text about the facts."""

    model_config = ConfigDict(extra="forbid")

    text: str


@dataclass(frozen=True, slots=True)
class GptPhraser:
    """Phrases facts through a language model; a plug of `ports.external_ai.InsightPhraser`."""

    model: LanguageModel

    async def phrase(self, facts: str, instruction: str, *, language: str, chat_id: int) -> str:
        """Return the facts in other words."""
        question = Question(
            service="text",
            chat_id=chat_id,
            instructions=_load_prompt(),
            words=f"Language: {language}\nStyle: {instruction}\n\nFacts:\n{mask_cards(facts)}",
            answer=ModelText,
            output_tokens_max=OUTPUT_TOKENS_MAX,
        )
        answer = await self.model.ask(question, seconds=SECONDS_MAX)
        return answer.text.strip()


@cache
def _load_prompt() -> str:
    return resources.files(__package__).joinpath("phrasing_prompt.md").read_text("utf-8")
