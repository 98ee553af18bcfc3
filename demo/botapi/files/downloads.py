"""Serve downloads of files, with the faults that they can suffer."""

from __future__ import annotations

import asyncio

from aiohttp import web

from demo.botapi.files.store import StoredFile
from demo.faults import FileFault

_HTML = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"
_SLOW_PIECE_BYTES = 1
_SLOW_PIECE_SECONDS = 1.0
_EXCESS_BYTES = 64 << 20
"""Bytes that `longer` sends past the declared size, beyond the 20 MiB that a bot may download."""

_CHUNK_BYTES = 1 << 16


async def send_file(
    request: web.Request, stored: StoredFile, fault: FileFault | None
) -> web.StreamResponse:
    """Send a file as the Bot API does, or with a fault."""
    match fault:
        case "missing":
            body = b'{"ok":false,"error_code":404,"description":"Not Found"}'
            return web.Response(status=404, body=body, content_type="application/json")
        case "html":
            return web.Response(body=_HTML, content_type="text/html")
        case "slow":
            return await _send_slowly(request, stored.content)
        case "longer":
            return await _send_longer(request, stored.content)
        case "reset":
            return await _send_half(request, stored.content)
    return web.Response(body=stored.content, content_type="application/octet-stream")


async def _open(request: web.Request, length: int | None = None) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
    if length is not None:
        response.content_length = length
    await response.prepare(request)
    return response


async def _send_slowly(request: web.Request, content: bytes) -> web.StreamResponse:
    response = await _open(request, len(content))
    for start in range(0, len(content), _SLOW_PIECE_BYTES):
        await response.write(content[start : start + _SLOW_PIECE_BYTES])
        await asyncio.sleep(_SLOW_PIECE_SECONDS)
    return response


async def _send_longer(request: web.Request, content: bytes) -> web.StreamResponse:
    response = await _open(request)
    await response.write(content)
    for _ in range(_EXCESS_BYTES // _CHUNK_BYTES):
        await response.write(bytes(_CHUNK_BYTES))
    return response


async def _send_half(request: web.Request, content: bytes) -> web.StreamResponse:
    response = await _open(request, len(content))
    await response.write(content[: len(content) // 2])
    # The client has half of the declared bytes when the connection breaks.
    if request.transport is not None:
        request.transport.abort()
    return response
