"""Categorise lines under a chat's own categories by a language model.

The schema of the answer lists the allowed ids, so the model cannot return any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, create_model

from ai.language.client import LanguageModel
from ai.language.masking import mask_cards
from ai.language.question import Question
from ports.external_ai import LINES_MAX, Line

SECONDS_MAX: Final = 20.0
_WORDS_MAX: Final = 80
_TOKENS_PER_LINE: Final = 20
_TOKENS: Final = 600
"""Tokens for models that reason before they answer."""


@dataclass(frozen=True, slots=True)
class GptLineCategoriser:
    """Categorises lines through a language model; implements `ports.external_ai.LineCategoriser`."""

    model: LanguageModel

    async def categorise(
        self, lines: Sequence[Line], categories: Mapping[str, str], *, language: str, chat_id: int
    ) -> list[str | None]:
        """Return a category id per line, None where the model is unsure."""
        assert len(lines) <= LINES_MAX, "the caller cuts batches"
        named = "\n".join(f"{key}: {_short(name)}" for key, name in categories.items())
        asked = "\n".join(f"{number}. {_describe(line)}" for number, line in enumerate(lines, 1))
        question: Question[Any] = Question(
            service="category",
            chat_id=chat_id,
            instructions=_load_prompt(),
            words=f"Language: {language}\n\nCategories:\n{named}\n\nLines:\n{asked}",
            answer=_schema(tuple(categories)),
            output_tokens_max=_TOKENS + _TOKENS_PER_LINE * len(lines),
        )
        answer = await self.model.ask(question, seconds=SECONDS_MAX)
        found = {choice.line: choice.category for choice in answer.choices}
        return [found.get(number) for number in range(1, len(lines) + 1)]


@lru_cache(maxsize=256)
def _schema(ids: tuple[str, ...]) -> type[BaseModel]:
    """Build the schema of an answer that allows these categories only."""
    strict = ConfigDict(extra="forbid")
    one_of: Any = Literal[ids]
    choice = create_model(
        "Choice", __config__=strict, line=(int, ...), category=(one_of | None, ...)
    )
    choices: Any = list[choice]  # type: ignore[valid-type]  # built a line above
    return create_model("Choices", __config__=strict, choices=(choices, ...))


def _describe(line: Line) -> str:
    merchant = f" (shop: {_short(line.merchant)})" if line.merchant else ""
    return f"{_short(line.note) or '-'}{merchant}"


def _short(text: str) -> str:
    return mask_cards(" ".join(text.split()))[:_WORDS_MAX]


@lru_cache(maxsize=1)
def _load_prompt() -> str:
    return resources.files(__package__).joinpath("gpt_prompt.md").read_text("utf-8")
