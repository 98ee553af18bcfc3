"""Send HTTP requests to model servers with a bound on the bytes of every answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import httpx2

ANSWER_BYTES_MAX: Final = 1 << 20
"""An answer of a few thousand tokens takes some ten thousand bytes."""
CONNECT_SECONDS: Final = 4.0


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for part in self._stream:
            taken += len(part)
            if taken > ANSWER_BYTES_MAX:
                message = "the answer has no end"
                raise httpx2.ReadError(message)
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


class BoundedTransport(httpx2.AsyncHTTPTransport):
    """Fails answers that are longer than `ANSWER_BYTES_MAX`."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request without accepting compression, which would defeat the bound on bytes."""
        # A compressed megabyte may be a gigabyte of answer.
        request.headers["accept-encoding"] = "identity"
        response = await super().handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            message = "a compressed answer was not asked for"
            raise httpx2.ReadError(message)
        stream = response.stream
        assert isinstance(stream, httpx2.AsyncByteStream)
        response.stream = _Bounded(stream)
        return response


def build_http() -> httpx2.AsyncClient:
    """Build the HTTP client; without redirects, keys and receipts reach one address only."""
    return httpx2.AsyncClient(
        transport=BoundedTransport(retries=0),
        follow_redirects=False,
        timeout=httpx2.Timeout(30.0, connect=CONNECT_SECONDS),
    )
