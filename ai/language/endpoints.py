"""Ask by one of two endpoints, OpenAI's `responses` and the common `chat.completions`.

Both send the answer's form as a strict JSON schema and a limit of tokens; neither lets the server
store anything.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic

from ai.language.question import Access, Question, T

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_THINKING = ("gpt-5", "gpt-6", "o1", "o3", "o4")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A parsed answer, None if the model declined, with the tokens read and written."""

    answer: T | None
    read: int
    written: int


async def ask_by_responses(client: AsyncOpenAI, access: Access, question: Question[T]) -> Answer[T]:
    """Ask through `POST /responses`."""
    content: list[Any] = [{"type": "input_text", "text": question.words}]
    if question.picture:
        url = _data_url(question.picture)
        content.append({"type": "input_image", "image_url": url, "detail": "high"})
    # Reasoning models get little time to reason; other models reject the parameter.
    thinks = access.is_openai and access.model_name.startswith(_THINKING)
    effort: dict[str, Any] = {"reasoning": {"effort": "low"}} if thinks else {}
    answer = await client.responses.parse(
        model=access.model_name,
        instructions=question.instructions,
        input=[{"role": "user", "content": content}],
        text_format=question.answer,
        max_output_tokens=question.output_tokens_max,
        store=False,
        **effort,
    )
    usage = answer.usage
    return Answer(
        answer.output_parsed,
        usage.input_tokens if usage else 0,
        usage.output_tokens if usage else 0,
    )


async def ask_by_chat(client: AsyncOpenAI, access: Access, question: Question[T]) -> Answer[T]:
    """Ask through `POST /chat/completions`."""
    content: list[Any] = [{"type": "text", "text": question.words}]
    if question.picture:
        image = {"url": _data_url(question.picture), "detail": "high"}
        content.append({"type": "image_url", "image_url": image})
    # Other servers know only the older name of the limit, and no `store`.
    most = question.output_tokens_max
    limits: dict[str, Any] = (
        {"max_completion_tokens": most, "store": False}
        if access.is_openai
        else {"max_tokens": most}
    )
    answer = await client.chat.completions.parse(
        model=access.model_name,
        messages=[
            {"role": "system", "content": question.instructions},
            {"role": "user", "content": content},
        ],
        response_format=question.answer,
        **limits,
    )
    usage = answer.usage
    return Answer(
        answer.choices[0].message.parsed,
        usage.prompt_tokens if usage else 0,
        usage.completion_tokens if usage else 0,
    )


def _data_url(picture: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"
