"""Read receipts by a vision model.

The model copies and does not judge: amounts and dates come back as printed, missing ones as null, and
`ledger.receipt` parses, checks and compares them. The model receives a clean, small copy of the
picture and the local reader's text with card numbers masked, but nothing about the chat.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from ai.language.client import LanguageModel
from ai.language.masking import mask_cards
from ai.language.question import Question
from ledger.errors import UnavailableError
from ports.reading import (
    FieldName,
    FileRefusal,
    PictureCopier,
    ReadHint,
    Reading,
    TypedField,
    TypedItem,
    TypedReceipt,
)

SIDE_MAX: Final = 1536
"""Models scale larger pictures down themselves, and charge for them."""
HINT_CHARACTERS_MAX: Final = 4000
OUTPUT_TOKENS_MAX: Final = 2000
CONFIDENCE: Final = 0.85
"""Models return no confidences; this value alone books nothing (`ledger.receipt.deciding.joining`)."""
_RECEIPTS_MAX: Final = 10
_ITEMS_MAX: Final = 200
_TEXT_MAX: Final = 120
_FIELDS: Final[tuple[FieldName, ...]] = (
    "merchant",
    "date",
    "total",
    "currency",
    "subtotal",
    "discount",
    "tip",
    "service",
    "rounding",
    "paid",
    "change",
)


class SeenItem(BaseModel):
    """One line of a receipt, as printed."""

    model_config = ConfigDict(extra="forbid")

    name: str
    quantity: str | None
    unit_price: str | None
    price: str | None


class SeenReceipt(BaseModel):
    """One receipt, as printed; null where nothing is printed."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["receipt", "card_slip", "invoice", "refund"]
    merchant: str | None
    date: str | None
    total: str | None
    currency: str | None
    subtotal: str | None
    taxes: list[str]
    discount: str | None
    tip: str | None
    service: str | None
    rounding: str | None
    paid: str | None
    change: str | None
    items: list[SeenItem]


class SeenReceipts(BaseModel):
    """All receipts in a picture."""

    model_config = ConfigDict(extra="forbid")

    receipts: list[SeenReceipt]


@dataclass(frozen=True, slots=True)
class VisionReader:
    """Reads receipts in any language. Raises only `UnavailableError`."""

    model: LanguageModel
    copier: PictureCopier

    async def read(self, data: bytes, hint: ReadHint) -> Reading | FileRefusal:
        """Read a picture, or the first page of a document."""
        if self.model.breaker_for("vision").is_open:
            raise UnavailableError("ai_resting")
        picture = await self.copier.clean_copy(data, side_max=SIDE_MAX)
        if isinstance(picture, FileRefusal):
            raise UnavailableError("vision_no_picture")
        question = Question(
            service="vision",
            chat_id=hint.chat_id,
            instructions=load_prompt(),
            words=hint_words(hint.text),
            answer=SeenReceipts,
            output_tokens_max=OUTPUT_TOKENS_MAX,
            picture=picture,
        )
        seen = await self.model.ask(question, seconds=hint.seconds)
        return reading_of(seen)

    async def close(self) -> None:
        """Do nothing; whoever built the model closes it."""


def hint_words(text: str) -> str:
    """Return the local reader's text, masked and bounded, to send with the picture."""
    return f"OCR text:\n{mask_cards(text)[:HINT_CHARACTERS_MAX]}"


def reading_of(seen: SeenReceipts) -> Reading:
    """Return the fields of an answer as they are printed, bounded."""
    return Reading("vision", receipts=tuple(map(_receipt, seen.receipts[:_RECEIPTS_MAX])))


def _receipt(seen: SeenReceipt) -> TypedReceipt:
    texts = [(name, getattr(seen, name)) for name in _FIELDS]
    texts += [("tax", tax) for tax in seen.taxes]
    fields = (
        TypedField(name, _short(text), CONFIDENCE) for name, text in texts if text and text.strip()
    )
    items = (
        TypedItem(
            _short(item.name),
            _short(item.price or ""),
            _short(item.quantity or ""),
            _short(item.unit_price or ""),
            confidence=CONFIDENCE,
        )
        for item in seen.items[:_ITEMS_MAX]
        if item.price
    )
    return TypedReceipt(tuple(fields), tuple(items))


def _short(text: str) -> str:
    return " ".join(text.split())[:_TEXT_MAX]


@cache
def load_prompt() -> str:
    """Read the instructions."""
    return resources.files(__package__).joinpath("vision_prompt.md").read_text("utf-8")
