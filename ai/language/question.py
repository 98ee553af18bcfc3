"""Define the server and the question of a request to a language model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel

from ai.prices import Price, count_tokens, price_of
from ports.spending import AiService

T = TypeVar("T", bound=BaseModel)

OPENAI: Final = "https://api.openai.com/v1"
MODEL: Final = "gpt-5.4-mini"
"""Default model: small, reads pictures, follows strict schemas."""
SPEECH_MODEL: Final = "gpt-transcribe"
PICTURE_TOKENS: Final = 3000
"""Upper bound for a picture of 1536 pixels a side on the models of `prices.toml`."""
_FRAME_TOKENS: Final = 200
"""Tokens that a server adds around messages and schema."""


@dataclass(frozen=True, slots=True)
class Access:
    """Address, key and models of a server; empty texts mean OpenAI and its default models."""

    key: str
    base_url: str = ""
    model: str = ""
    speech_model: str = ""

    @property
    def address(self) -> str:
        """Return the base address of the server."""
        return self.base_url or OPENAI

    @property
    def is_openai(self) -> bool:
        """Return whether the server is OpenAI's."""
        return urlsplit(self.address).hostname == urlsplit(OPENAI).hostname

    @property
    def model_name(self) -> str:
        """Name of the model that answers questions."""
        return self.model or MODEL

    @property
    def speech_model_name(self) -> str:
        """Name of the model that transcribes; empty if none is known for this server."""
        return self.speech_model or (SPEECH_MODEL if self.is_openai else "")

    @property
    def price(self) -> Price:
        """Return the price of the answering model."""
        return price_of(self.model_name, self.base_url)


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """A question with the form of its answer. `picture` is a JPEG without metadata.

    `words` and `picture` are untrusted; `instructions` tell the model that they are data.
    """

    service: AiService
    chat_id: int
    instructions: str
    words: str
    answer: type[T]
    output_tokens_max: int
    picture: bytes | None = None

    def count_tokens(self) -> int:
        """Return an upper bound of the tokens that the model will read."""
        texts = (self.instructions, self.words, str(self.answer.model_json_schema()))
        picture = PICTURE_TOKENS if self.picture else 0
        return sum(count_tokens(text) for text in texts) + picture + _FRAME_TOKENS
