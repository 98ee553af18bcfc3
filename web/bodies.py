"""Read the body of a request within bounds of size and time."""

from __future__ import annotations

import asyncio

from aiohttp import web

from web.problems import ProblemError

BODY_SECONDS = 20


async def read_body(request: web.Request, most: int) -> bytes:
    """Return the body, of at most so many bytes.

    Raises:
        ProblemError: 413 for a longer body, 408 for one that comes too slowly.
    """
    if (request.content_length or 0) > most:
        raise ProblemError(413)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > most:
                    raise ProblemError(413)
    except TimeoutError:
        raise ProblemError(408) from None
    return bytes(body)
