"""Stream updates of the page by server-sent events."""

from __future__ import annotations

import asyncio

import orjson
from aiohttp import web

from demo.events import Event
from demo.simulation import Simulation
from demo.snapshot import event_json

QUEUE_MAX = 1000
"""Events queued for a slow page; when more wait, the page is told to reload."""

KEEP_ALIVE_SECONDS = 15.0


async def send_events(request: web.Request, simulation: Simulation) -> web.StreamResponse:
    """Send events until the page closes the connection."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    await response.prepare(request)
    await response.write(b"retry: 1000\n\n")
    queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE_MAX)
    with simulation.events.subscribed(lambda event: _put(queue, simulation, event)):
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                    line = await queue.get()
            except TimeoutError:
                line = b": still here\n\n"
            try:
                await response.write(line)
            except ConnectionError:
                return response


def _put(queue: asyncio.Queue[bytes], simulation: Simulation, event: Event) -> None:
    line = event_json(simulation, event)
    if line is None:
        return
    # A page that is this far behind is faster with one reload than with a thousand events.
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        line = {"kind": "reload"}
    queue.put_nowait(b"data: " + orjson.dumps(line) + b"\n\n")
