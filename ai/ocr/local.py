"""Read receipts by OCR on this machine, in a child process."""

from __future__ import annotations

from ai.child import ReaderProcess
from ports.reading import FileRefusal, ReadHint, Reading


class LocalReceiptReader:
    """Reads receipts without a key or a network."""

    def __init__(self, process: ReaderProcess | None = None) -> None:
        self.process = process or ReaderProcess()

    async def read(self, data: bytes, hint: ReadHint) -> Reading | FileRefusal:
        """Read the file in the child process."""
        return await self.process.read(data, language=hint.language)

    async def clean_copy(
        self, data: bytes, *, side_max: int = 1600, page: int = 0
    ) -> bytes | FileRefusal:
        """Return a JPEG without metadata, for storing, showing and sending."""
        return await self.process.clean_copy(data, side_max=side_max, page=page)

    async def close(self) -> None:
        """End the child."""
        await self.process.close()
