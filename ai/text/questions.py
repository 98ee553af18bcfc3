"""Read questions that the grammar could not by a language model.

The model fills in a form of fixed fields. It sees no entry and no amount, writes no query language and no
answer: the figures come from code, by the same query as for every other question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from ai.language.client import LanguageModel
from ai.language.masking import mask_cards
from ai.language.question import Question
from ports.external_ai import AskableNames

SECONDS_MAX: Final = 9.0
TEXT_MAX: Final = 300
OUTPUT_TOKENS_MAX: Final = 500
_STRICT: Final = ConfigDict(extra="forbid")


class ModelPeriod(BaseModel):
    """Days from the first to the last, both included."""

    model_config = _STRICT

    first: str
    last: str


class ModelQuery(BaseModel):
    """The form that a model fills in; null where the question says nothing."""

    model_config = _STRICT

    op: Literal[
        "total", "count", "average", "median", "list", "top", "largest", "smallest", "share",
        "compare", "trend", "last_time", "budget_left", "projection", "recurring", "price", "none",
    ]  # fmt: skip
    type: Literal["expense", "income", "both"]
    period: ModelPeriod | None
    category: str | None
    merchant: str | None
    words: str | None
    tag: str | None
    min: str | None
    max: str | None
    by: Literal["category", "merchant", "member", "tag", "weekday", "day", "week", "month"] | None
    compare_to: Literal["previous", "same_last_year", "average_n"] | None
    ascending: bool
    limit: int | None


@dataclass(frozen=True, slots=True)
class GptQuestionReader:
    """Reads questions through a language model; a plug of `ports.external_ai.QuestionReader`."""

    model: LanguageModel

    async def read_question(
        self, text: str, *, today: date, language: str, names: AskableNames, chat_id: int
    ) -> Mapping[str, Any] | None:
        """Return the fields of the query that a question asks for, None where it asks for none."""
        words = mask_cards(" ".join(text.split()))[:TEXT_MAX]
        question = Question(
            service="text",
            chat_id=chat_id,
            instructions=_load_prompt(),
            words="\n".join(
                (
                    f"Today: {today}",
                    f"Language: {language}",
                    f"Categories: {', '.join(names.categories)}",
                    f"Shops: {', '.join(names.merchants)}",
                    f"Tags: {', '.join(names.tags)}",
                    "",
                    f"Question:\n{words}",
                )
            ),
            answer=ModelQuery,
            output_tokens_max=OUTPUT_TOKENS_MAX,
        )
        answer = await self.model.ask(question, seconds=SECONDS_MAX)
        return None if answer.op == "none" else fields_of(answer)


def fields_of(answer: ModelQuery) -> dict[str, Any]:
    """Return the fields of a query as `ledger.inquiries.wire` reads them."""
    period = answer.period
    which = {
        "period": {"from": period.first, "to": period.last} if period else None,
        "category": answer.category,
        "merchant": answer.merchant,
        "words": answer.words if answer.op != "price" else None,
        "item": answer.words if answer.op == "price" else None,
        "tag": answer.tag,
        "min": answer.min,
        "max": answer.max,
    }
    return {
        "op": answer.op,
        "type": answer.type,
        "filter": {name: value for name, value in which.items() if value},
        "by": answer.by,
        "compare_to": answer.compare_to,
        "order": "asc" if answer.ascending else None,
        "limit": answer.limit,
    }


@cache
def _load_prompt() -> str:
    return resources.files(__package__).joinpath("questions_prompt.md").read_text("utf-8")
