"""Open the models outside this machine that the settings name; without a key there are none.

Nothing here is imported before it is configured, and boto3 and openai not before their first call.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from bot.ops.clock import utc_now
from bot.setup.plugs import S3, build_aws_access
from bot.setup.settings import Reader, Settings
from ledger.errors import UnavailableError
from ports.external_ai import (
    ExtractedEntry,
    InsightPhraser,
    LineCategoriser,
    QuestionReader,
    SpeechToText,
    TextExtractor,
)
from ports.reading import PictureCopier, ReceiptReader
from ports.spending import MICROS, Caps
from services.ai_policy import AiPolicy
from services.receipts.reader_chain import ReaderChain
from storage import Database

WITHOUT_MODEL: frozenset[Reader] = frozenset({"textract"})
"""Readers with an access of their own, which need no language model."""

if TYPE_CHECKING:
    from ai.language.client import LanguageModel
    from ai.metering import Meter
    from ai.ocr.textract import TextractReader


class NoModel:
    """The plug without a model, for jobs of an earlier configuration."""

    async def categorise(self, *_: object, **__: object) -> list[str | None]:
        """Categorise nothing."""
        raise UnavailableError("not_configured")

    async def read(self, *_: object, **__: object) -> tuple[ExtractedEntry, ...]:
        """Read nothing."""
        raise UnavailableError("not_configured")

    async def phrase(self, *_: object, **__: object) -> str:
        """Phrase nothing."""
        raise UnavailableError("not_configured")

    async def read_question(self, *_: object, **__: object) -> None:
        """Read no question."""
        raise UnavailableError("not_configured")

    async def transcribe(self, *_: object, **__: object) -> str:
        """Transcribe nothing."""
        raise UnavailableError("not_configured")


@dataclass(frozen=True, slots=True)
class ExternalAi:
    """The models outside this machine that jobs ask."""

    opinions: ReaderChain
    categoriser: LineCategoriser
    texts: TextExtractor
    questions: QuestionReader
    speech: SpeechToText
    phraser: InsightPhraser


@asynccontextmanager
async def open_external_ai(
    settings: Settings, database: Database, copier: PictureCopier
) -> AsyncIterator[ExternalAi]:
    """Build the readers that are configured; what they opened is closed at the end."""
    no_model = NoModel()
    has_reader = not WITHOUT_MODEL.isdisjoint(settings.receipt_reader)
    if not (has_model(settings) or has_reader):
        yield ExternalAi(ReaderChain(), no_model, no_model, no_model, no_model, no_model)
        return
    from ai.metering import Meter  # noqa: PLC0415 -- only where something is configured

    meter = Meter(database.spending(caps_of(settings)), utc_now)
    async with AsyncExitStack() as stack:
        model = None
        if has_model(settings):
            model = build_model(settings, meter)
            stack.push_async_callback(model.close)
        readers = _build_readers(settings, model, meter, copier)
        for reader in readers:
            stack.push_async_callback(reader.close)
        opinions = ReaderChain(readers, always=settings.receipt_reader[0] != "local")
        if model is None:
            yield ExternalAi(opinions, no_model, no_model, no_model, no_model, no_model)
            return
        from ai.categories.gpt import GptLineCategoriser  # noqa: PLC0415 -- as above
        from ai.speech import OpenAiSpeechToText  # noqa: PLC0415 -- as above
        from ai.text.gpt import GptTextExtractor  # noqa: PLC0415 -- as above
        from ai.text.phrasing import GptPhraser  # noqa: PLC0415 -- as above
        from ai.text.questions import GptQuestionReader  # noqa: PLC0415 -- as above

        yield ExternalAi(
            opinions,
            GptLineCategoriser(model),
            GptTextExtractor(model),
            GptQuestionReader(model),
            OpenAiSpeechToText(model),
            GptPhraser(model),
        )


def ai_policy_of(settings: Settings) -> AiPolicy:
    """Return which models may be sent a chat's texts and voice notes, where the chat allows it."""
    has_speech = bool(settings.openai_speech_model) or not settings.openai_base_url
    has_any = has_model(settings)
    return AiPolicy(
        texts="gpt" in settings.categoriser, voices=has_any and has_speech, phrases=has_any
    )


def has_model(settings: Settings) -> bool:
    """Return whether a language model is configured."""
    return settings.openai_api_key is not None or bool(settings.openai_base_url)


def caps_of(settings: Settings) -> Caps:
    """Return the caps on paid calls."""
    monthly = settings.ai_monthly_budget_usd * Decimal(MICROS)
    return Caps(settings.ai_chat_daily_calls, int(monthly))


def build_model(settings: Settings, meter: Meter) -> LanguageModel:
    """Build the language model's plug."""
    from ai.language.client import LanguageModel  # noqa: PLC0415 -- only where configured
    from ai.language.question import Access  # noqa: PLC0415 -- as above

    key = settings.openai_api_key
    return LanguageModel(
        Access(
            key.get_secret_value() if key else "",
            settings.openai_base_url,
            settings.openai_model,
            settings.openai_speech_model,
        ),
        meter,
    )


def build_textract(settings: Settings, meter: Meter, copier: PictureCopier) -> TextractReader:
    """Build Textract's plug."""
    from ai.ocr.textract import TextractReader  # noqa: PLC0415 -- only where configured

    return TextractReader(build_aws_access(settings), meter, copier)


def _build_readers(
    settings: Settings, model: LanguageModel | None, meter: Meter, copier: PictureCopier
) -> tuple[ReceiptReader, ...]:
    readers: list[ReceiptReader] = []
    for name in dict.fromkeys(settings.receipt_reader):
        match name:
            case "local":  # always reads first, outside this chain
                pass
            case "textract":
                readers.append(build_textract(settings, meter, copier))
            case "vision":
                readers += _build_vision(model, copier)
            case _:  # mypy points here when a reader of the settings has no branch
                assert_never(name)
    return tuple(readers)


def _build_vision(model: LanguageModel | None, copier: PictureCopier) -> tuple[ReceiptReader, ...]:
    """Return the vision reader; nothing without a language model."""
    if model is None:
        return ()
    from ai.ocr.vision import VisionReader  # noqa: PLC0415 -- only where configured

    return (VisionReader(model, copier),)


def build_locator(settings: Settings) -> Callable[[str], str]:
    """Return what tells where a blob is, for readers that fetch it themselves."""
    store = settings.receipt_store
    if not store.startswith(S3):
        return str
    return lambda key: f"{store.rstrip('/')}/{key}"
