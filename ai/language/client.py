"""Ask one language model, with bounds on every question.

Every question has an answer of a fixed form and limits on tokens, seconds and tries; every try is
metered. OpenAI is asked through `responses`. Other servers, and those that turn out not to know
`responses`, are asked through `chat.completions`. Every failure becomes an `UnavailableError`.

The first question imports the library, which takes most of a second and tens of megabytes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ai.circuit_breaker import CircuitBreaker
from ai.language import endpoints, failures
from ai.language.failures import Charge
from ai.language.question import Access, Question, T
from ai.metering import Bill, Meter
from ai.prices import price_of
from ledger.errors import UnavailableError
from ports.spending import AiService, PlannedCall

if TYPE_CHECKING:
    from openai import AsyncOpenAI

SECONDS_MAX: Final = 30.0
TRIES_MAX: Final = 2
_SOME_TOKENS: Final = 500

_log = logging.getLogger("ai.language")


class _RetryError(Exception):
    """The question may be repeated once, after a pause of `seconds`."""

    def __init__(self, seconds: float, cause: Exception) -> None:
        super().__init__()
        self.seconds, self.cause = seconds, cause


@dataclass(slots=True)
class LanguageModel:
    """Asks one server. Raises only `UnavailableError`."""

    access: Access
    meter: Meter
    new_breaker: Callable[[], CircuitBreaker] = CircuitBreaker
    by_responses: bool | None = None
    """True when the server knows `responses`; None means that only OpenAI does."""
    _breakers: dict[AiService, CircuitBreaker] = field(default_factory=dict)
    _client: AsyncOpenAI | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    def breaker_for(self, service: AiService) -> CircuitBreaker:
        """Return the breaker of a service; a model that reads text may lack vision."""
        return self._breakers.setdefault(service, self.new_breaker())

    async def ask(self, question: Question[T], *, seconds: float = SECONDS_MAX) -> T:
        """Ask a question and return its parsed answer.

        Raises:
            UnavailableError: no usable answer came in time, or a cap is reached.
        """
        service = question.service
        async with self._bounded(service, seconds):
            for _ in range(TRIES_MAX - 1):
                try:
                    return await self._try(question)
                except _RetryError as retry:
                    await asyncio.sleep(retry.seconds)
            try:
                return await self._try(question)
            except _RetryError as retry:
                raise self._failed(service, retry.cause) from retry.cause

    async def transcribe(
        self, voice: bytes, *, name: str, voice_seconds: float, chat_id: int, seconds: float
    ) -> str:
        """Transcribe a recording; the suffix of `name` gives its format.

        Raises:
            UnavailableError: no answer came in time, or a cap is reached.
        """
        model = self.access.speech_model_name
        if not model:
            raise UnavailableError("ai_no_speech_model")
        cost = price_of(model, self.access.base_url).speech(max(1.0, voice_seconds))
        planned = PlannedCall(chat_id, "speech", model, cost)
        async with self._bounded("speech", seconds):
            try:
                async with self._metered(planned, cost) as bill:
                    answer = await (await self._open()).audio.transcriptions.create(
                        file=(name, voice), model=model, response_format="json"
                    )
                    bill.paid(cost)
                    return str(answer.text)
            # The timeout belongs to `_bounded`, which counts it once.
            except (UnavailableError, TimeoutError):
                raise
            except Exception as error:
                raise self._failed("speech", error) from error

    async def check(self) -> str:
        """Try the key and look up the model, free of charge; return the model's name.

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
        # Some servers list a model with its tag, though they answer to the bare name.
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
        """Bound the seconds of a call and guard it by the service's breaker."""
        breaker = self.breaker_for(service)
        breaker.require_closed()
        try:
            async with asyncio.timeout(min(seconds, SECONDS_MAX)):
                yield
        except TimeoutError as error:
            breaker.record_failure()
            _log.warning("language model failed: timeout")
            raise UnavailableError("ai_too_slow") from error
        breaker.record_success()

    async def _try(self, question: Question[T]) -> T:
        """Ask once. Raises `_RetryError` if a second try may succeed."""
        read, most = question.count_tokens(), question.output_tokens_max
        price = self.access.price
        planned = PlannedCall(
            question.chat_id, question.service, self.access.model_name, price.tokens(read, most)
        )
        by_responses = self.by_responses
        if by_responses is None:
            by_responses = self.access.is_openai
        way = endpoints.ask_by_responses if by_responses else endpoints.ask_by_chat
        try:
            async with self._metered(planned, price.tokens(read, min(most, _SOME_TOKENS))) as bill:
                found = await way(await self._open(), self.access, question)
                bill.paid(
                    price.tokens(found.read, found.written), read=found.read, written=found.written
                )
        except (UnavailableError, TimeoutError):
            raise
        except Exception as error:
            # Other servers imitate one endpoint or both; the answer is remembered.
            if by_responses and failures.is_unknown_path(error):
                self.by_responses = False
                raise _RetryError(0.0, error) from error
            pause = failures.pause_after(error)
            if pause is None:
                raise self._failed(question.service, error) from error
            raise _RetryError(pause, error) from error
        if not isinstance(found.answer, question.answer):
            # The model declined to answer, which is not a failure of the server.
            self.breaker_for(question.service).record_success()
            raise UnavailableError("ai_declined")
        return found.answer

    @asynccontextmanager
    async def _metered(self, planned: PlannedCall, some_micros: int) -> AsyncIterator[Bill]:
        """Meter a call; a failed one is billed at its possible cost."""
        async with self.meter.call(planned) as bill:
            try:
                yield bill
            # A cancelled call may have been answered, and billed, all the same.
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
        """Count a failure and return the error to raise.

        Logs only the class, because messages may quote the request.
        """
        self.breaker_for(service).record_failure(permanent=failures.is_permanent(error))
        _log.warning("language model failed: %s", type(error).__name__)
        return UnavailableError("ai_quota" if failures.is_out_of_quota(error) else "ai_failed")


def _build_client(access: Access) -> AsyncOpenAI:
    """Import the library and build its client; retries and redirects are handled here."""
    from openai import AsyncOpenAI  # noqa: PLC0415 -- see the module's docstring

    from ai.language.transport import build_http  # noqa: PLC0415 -- as above

    return AsyncOpenAI(
        api_key=access.key or "none",
        base_url=access.address,
        max_retries=0,
        timeout=SECONDS_MAX,
        http_client=build_http(),
    )
