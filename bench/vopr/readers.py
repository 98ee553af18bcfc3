# ruff: noqa: ANN401 - arguments that nobody looks at
"""Simulate the reader of receipts and the language model: slow, failing, or talking nonsense."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bench.vopr.faults import Faults
from ledger.errors import UnavailableError
from ports.external_ai import ExtractedEntry, Line
from ports.reading import FileRefusal, ReadHint, Reading
from tests.ledger.receipt.paper import reading_of

READ_SECONDS = (0.3, 3.0)
SLOW_SECONDS = 60.0
MODEL_SECONDS = (0.2, 2.0)
MARK = b"\xff\xd8\xff receipt "


def picture_of(number: int, total: Decimal) -> bytes:
    """Return the bytes of a picture that the simulated reader can read."""
    return MARK + f"{number} {total:.2f}".encode()


@dataclass
class SimulatedReader:
    """`ReceiptReader` and `PictureCopier` for such pictures."""

    faults: Faults

    async def read(self, data: bytes, hint: ReadHint) -> Reading | FileRefusal:
        """Read a picture."""
        _ = hint
        await asyncio.sleep(self.faults.dice.uniform(*READ_SECONDS))
        if self.faults.hits("reader_slow"):
            await asyncio.sleep(SLOW_SECONDS)
        if self.faults.hits("reader_failed"):
            return FileRefusal("reader_failed", temporary=True)
        _, total = data.removeprefix(MARK).decode().split()
        if self.faults.hits("reader_garbage"):
            return reading_of("#~ lorem\nxx  ;;\n")
        return reading_of(
            f"BÄCKEREI KAMPS\nBrot  {total} A\nSUMME EUR  {total}\nBAR  {total}\n28.11.2026 12:00\n"
        )

    async def clean_copy(
        self, data: bytes, *, side_max: int = 1600, page: int = 0
    ) -> bytes | FileRefusal:
        """Copy a picture."""
        _ = side_max, page
        await asyncio.sleep(0.05)
        return data

    async def close(self) -> None:
        """Close nothing."""


@dataclass
class SimulatedModel:
    """All sockets of `ports.external_ai`; what it says is right, nothing, or nonsense."""

    faults: Faults

    async def categorise(
        self, lines: Sequence[Line], categories: Mapping[str, str], *, language: str, chat_id: int
    ) -> list[str | None]:
        """Choose categories."""
        _ = language, chat_id
        await self._think()
        known = [*categories, None]
        if self.faults.hits("model_garbage"):
            known = ["no such category", ""]
        return [self.faults.dice.choice(known) for _ in lines]

    async def read(self, text: str, **_: Any) -> tuple[ExtractedEntry, ...]:
        """Read a text; nobody presses the button that would book it."""
        await self._think()
        # Larger than what people write, so that it is never taken for that.
        amount = Decimal(self.faults.dice.randrange(10**6, 10**8)) / 100
        if self.faults.hits("model_garbage"):
            amount *= -(10**12)
        return (ExtractedEntry("expense", amount, text[:20]),)

    async def read_question(self, *_: Any, **__: Any) -> Mapping[str, Any] | None:
        """Read no question."""
        await self._think()
        return {"operation": "nonsense"} if self.faults.hits("model_garbage") else None

    async def transcribe(self, *_: Any, **__: Any) -> str:
        """Hear nothing."""
        await self._think()
        return ""

    async def phrase(self, facts: str, *_: Any, **__: Any) -> str:
        """Say the facts as they are."""
        await self._think()
        return facts

    async def _think(self) -> None:
        await asyncio.sleep(self.faults.dice.uniform(*MODEL_SECONDS))
        if self.faults.hits("model_slow"):
            await asyncio.sleep(SLOW_SECONDS)
        if self.faults.hits("model_failed"):
            raise UnavailableError("model_unavailable")
