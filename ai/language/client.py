"""One language model, asked within bounds.

Every question has an answer of a fixed form, a limit of tokens, of seconds and of tries; every try
is metered. OpenAI is asked through `responses`, other servers through `chat.completions`, and so is
a server that turns out not to know `responses`. Whatever goes wrong is one `UnavailableError`.

The library is imported by the first question: it takes most of a second and tens of megabytes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ai.language import failures, ways
from ai.language.failures import Charge
from ai.language.question import Access, Question, T
from ai.metering import Bill, Meter
from ai.prices import price_of
from ai.resting import Rest
from ledger.errors import UnavailableError
from ports.spending import AiService, PlannedCall

if TYPE_CHECKING:
    from openai import AsyncOpenAI

SECONDS_MAX: Final = 30.0
TRIES_MAX: Final = 2
_SOME_TOKENS: Final = 500

_log = logging.getLogger("ai.language")


class _AgainError(Exception):
    """The question may be put once more, after a pause."""

    def __init__(self, seconds: float, cause: Exception) -> None:
        super().__init__()
        self.seconds, self.cause = seconds, cause


@dataclass(slots=True)
class LanguageModel:
    """Asks one server. Raises nothing but `UnavailableError`."""

    access: Access
    meter: Meter
    new_rest: Callable[[], Rest] = Rest
    by_responses: bool | None = None
    """Whether the server knows `responses`; None: OpenAI does, others do not."""
    _rests: dict[AiService, Rest] = field(default_factory=dict)
    _client: AsyncOpenAI | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    def rest_of(self, service: AiService) -> Rest:
        """Return the rest of one service: a model may read well and not see at all."""
        return self._rests.setdefault(service, self.new_rest())

    async def ask(self, question: Question[T], *, seconds: float = SECONDS_MAX) -> T:
        """Ask and return the answer in its form.

        Raises:
            UnavailableError: no usable answer came in time, or a cap forbids to ask.
        """
        service = question.service
        async with self._bounded(service, seconds):
            for _ in range(TRIES_MAX - 1):
                try:
                    return await self._try(question)
                except _AgainError as again:
                    await asyncio.sleep(again.seconds)
            try:
                return await self._try(question)
            except _AgainError as again:
                raise self._failed(service, again.cause) from again.cause

    async def hear(
        self, voice: bytes, *, name: str, voice_seconds: float, chat_id: int, seconds: float
    ) -> str:
        """Return the words of a recording; the ending of `name` tells its format.

        Raises:
            UnavailableError: no words came in time, or a cap forbids to ask.
        """
        model = self.access.ears
        if not model:
            raise UnavailableError("ai_no_ears")
        cost = price_of(model, self.access.base_url).heard(max(1.0, voice_seconds))
        planned = PlannedCall(chat_id, "speech", model, cost)
        async with self._bounded("speech", seconds):
            try:
                async with self._metered(planned, cost) as bill:
                    heard = await (await self._open()).audio.transcriptions.create(
                        file=(name, voice), model=model, response_format="json"
                    )
                    bill.paid(cost)
                    return str(heard.text)
            except (UnavailableError, TimeoutError):
                raise
            except Exception as error:
                raise self._failed("speech", error) from error

    async def check(self) -> str:
        """Try the key and look for the model, which costs nothing; return the model's name.

        Raises:
            UnavailableError: with a `remedy`.
        """
        from openai import APIStatusError  # noqa: PLC0415 -- loads with the first question

        try:
            page = await (await self._open()).models.list()
            names = {str(model.id).removeprefix("models/") for model in page.data}
        except APIStatusError as error:
            remedy = f"the server answers {error.status_code}; is OPENAI_API_KEY right?"
            raise UnavailableError("openai_refuses", remedy=remedy) from error
        except Exception as error:
            remedy = "no sensible answer; is OPENAI_BASE_URL right?"
            raise UnavailableError("openai_not_reached", remedy=remedy) from error
        model = self.access.model_name
        if not names & {model, f"{model}:latest"}:
            remedy = "the server does not offer this model; set OPENAI_MODEL to one that it does"
            raise UnavailableError("openai_model_unknown", remedy=remedy)
        return model

    async def close(self) -> None:
        """Close connections."""
        if self._client is not None:
            await self._client.close()

    @asynccontextmanager
    async def _bounded(self, service: AiService, seconds: float) -> AsyncIterator[None]:
        """Let nothing take longer, and leave a server that fails alone for a while."""
        rest = self.rest_of(service)
        rest.require_awake()
        try:
            async with asyncio.timeout(min(seconds, SECONDS_MAX)):
                yield
        except TimeoutError as error:
            rest.failed()
            _log.warning("language model failed: timeout")
            raise UnavailableError("ai_too_slow") from error
        rest.succeeded()

    async def _try(self, question: Question[T]) -> T:
        """Put a question once. Raises `_AgainError` where a second time may go better."""
        read, most = question.count_tokens(), question.output_tokens_max
        price = self.access.price
        planned = PlannedCall(
            question.chat_id, question.service, self.access.model_name, price.tokens(read, most)
        )
        by_responses = self.by_responses
        if by_responses is None:
            by_responses = self.access.is_openai
        way = ways.ask_by_responses if by_responses else ways.ask_by_chat
        try:
            async with self._metered(planned, price.tokens(read, min(most, _SOME_TOKENS))) as bill:
                found = await way(await self._open(), self.access, question)
                bill.paid(
                    price.tokens(found.read, found.written), read=found.read, written=found.written
                )
        except (UnavailableError, TimeoutError):
            raise
        except Exception as error:
            if by_responses and failures.is_unknown_path(error):
                self.by_responses = False
                raise _AgainError(0.0, error) from error
            pause = failures.pause_after(error)
            if pause is None:
                raise self._failed(question.service, error) from error
            raise _AgainError(pause, error) from error
        if not isinstance(found.answer, question.answer):
            # The model declined: the server is well.
            self.rest_of(question.service).succeeded()
            raise UnavailableError("ai_declined")
        return found.answer

    @asynccontextmanager
    async def _metered(self, planned: PlannedCall, some_micros: int) -> AsyncIterator[Bill]:
        """Meter a call; one that fails is billed by what it may have cost."""
        async with self.meter.call(planned) as bill:
            try:
                yield bill
            except BaseException as error:
                charge = failures.charge_for(error)
                if charge is Charge.NOTHING:
                    bill.cost_micros = 0
                elif charge is Charge.SOME:
                    bill.cost_micros = some_micros
                raise

    async def _open(self) -> AsyncOpenAI:
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(_build_client, self.access)
        return self._client

    def _failed(self, service: AiService, error: Exception) -> UnavailableError:
        """Count a failure and return what is raised for it.

        The log says its class alone: messages may quote what was sent.
        """
        self.rest_of(service).failed(hopeless=failures.is_hopeless(error))
        _log.warning("language model failed: %s", type(error).__name__)
        return UnavailableError("ai_quota" if failures.is_out_of_quota(error) else "ai_failed")


def _build_client(access: Access) -> AsyncOpenAI:
    """Import the library and build its client; tries and redirects are our affair."""
    from openai import AsyncOpenAI  # noqa: PLC0415 -- see the module's docstring

    from ai.language.transport import build_http  # noqa: PLC0415 -- as above

    return AsyncOpenAI(
        api_key=access.key or "none",
        base_url=access.address,
        max_retries=0,
        timeout=SECONDS_MAX,
        http_client=build_http(),
    )
