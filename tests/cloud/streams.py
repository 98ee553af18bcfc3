"""Answers that have no end, for the servers of this folder."""

from __future__ import annotations

import asyncio

from aiohttp import web

_PIECE = b" " * 65_536


async def pour(
    request: web.Request, media_type: str, *, pause_seconds: float
) -> web.StreamResponse:
    """Send blanks until the other side has enough: fast ones, or one after each pause."""
    response = web.StreamResponse(headers={"content-type": media_type})
    await response.prepare(request)
    try:
        while True:
            await response.write(b" " if pause_seconds else _PIECE)
            await asyncio.sleep(pause_seconds)
    except (ConnectionError, asyncio.CancelledError):
        return response
