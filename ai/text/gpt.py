"""Read typed messages that the grammar refused by a language model.

Its entries are suggestions: amounts are parsed here from digits, days must lie within the past year,
and the caller asks the person before booking anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from ai.language.client import LanguageModel
from ai.language.masking import mask_cards
from ai.language.question import Question
from ledger.money import is_currency
from ports.external_ai import ExtractedEntry

SECONDS_MAX: Final = 9.0
"""The person has an answer already, but still looks at the chat."""
TEXT_MAX: Final = 1000
OUTPUT_TOKENS_MAX: Final = 1000
ENTRIES_MAX: Final = 10
DAYS_BACK_MAX: Final = 366
_AMOUNT: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?")
_NOTE_MAX: Final = 100


class ModelEntry(BaseModel):
    """One expense or income, as written in the message."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["expense", "income"]
    amount: str
    currency: str | None
    note: str
    date: str | None


class ModelEntries(BaseModel):
    """All expenses and incomes of a message."""

    model_config = ConfigDict(extra="forbid")

    entries: list[ModelEntry]


@dataclass(frozen=True, slots=True)
class GptTextExtractor:
    """Reads words through a language model; a plug of `ports.external_ai.TextExtractor`."""

    model: LanguageModel

    async def read(
        self, text: str, *, today: date, currency: str, language: str, chat_id: int
    ) -> tuple[ExtractedEntry, ...]:
        """Return the entries that a text seems to hold."""
        words = mask_cards(" ".join(text.split()))[:TEXT_MAX]
        question = Question(
            service="text",
            chat_id=chat_id,
            instructions=_load_prompt(),
            words=f"Today: {today}\nCurrency: {currency}\nLanguage: {language}\n\nText:\n{words}",
            answer=ModelEntries,
            output_tokens_max=OUTPUT_TOKENS_MAX,
        )
        answer = await self.model.ask(question, seconds=SECONDS_MAX)
        return list_entries(answer, today)


def list_entries(answer: ModelEntries, today: date) -> tuple[ExtractedEntry, ...]:
    """Return the entries of an answer that can be true."""
    found = (_validate(entry, today) for entry in answer.entries[:ENTRIES_MAX])
    return tuple(entry for entry in found if entry)


def _validate(entry: ModelEntry, today: date) -> ExtractedEntry | None:
    """Return a validated entry, or None if its amount is not a positive number."""
    amount = entry.amount.strip()
    if not _AMOUNT.fullmatch(amount) or not Decimal(amount):
        return None
    code = (entry.currency or "").strip().upper()
    return ExtractedEntry(
        entry.type,
        Decimal(amount),
        " ".join(entry.note.split())[:_NOTE_MAX],
        code if is_currency(code) else None,
        _day(entry.date, today),
    )


def _day(text: str | None, today: date) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if today - timedelta(days=DAYS_BACK_MAX) <= day <= today else None


@cache
def _load_prompt() -> str:
    return resources.files(__package__).joinpath("gpt_prompt.md").read_text("utf-8")
