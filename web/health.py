"""Answer GET /healthz (process), /readyz (database, queue, Telegram) and /metrics.

A process is ready when a message sent now will be stored and answered. One that cannot poll is not
ready, however healthy it is otherwise.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import orjson
from aiohttp import web

CACHE_SECONDS = 1.0
"""Seconds for which an answer is repeated, so that probes cannot keep the database busy."""
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Troubles = Mapping[str, str | None]
"""Each dependency of readiness with its trouble (None without one)."""


@dataclass(slots=True)
class Health:
    """Answers probes; `find_troubles` and `render_metrics` describe this process."""

    find_troubles: Callable[[], Awaitable[Troubles]]
    render_metrics: Callable[[], Awaitable[bytes]]
    _troubles: Troubles = field(default_factory=dict)
    _asked_at: float = -CACHE_SECONDS

    async def healthz(self, request: web.Request) -> web.Response:
        """Answer 200, which proves that the event loop runs."""
        _ = request
        return web.Response(text="ok")

    async def readyz(self, request: web.Request) -> web.Response:
        """Answer 200 when people are served, 503 with the trouble when they are not."""
        _ = request
        # Monotonic, because a step of the wall clock could freeze the answer.
        now = time.monotonic()
        if now - self._asked_at >= CACHE_SECONDS:
            self._troubles = await self.find_troubles()
            self._asked_at = now
        ready = not any(self._troubles.values())
        answer = {"ready": ready} | {n: t or "ok" for n, t in self._troubles.items()}
        return web.Response(
            status=200 if ready else 503,
            body=orjson.dumps(answer),
            content_type="application/json",
        )

    async def metrics(self, request: web.Request) -> web.Response:
        """Return all figures."""
        _ = request
        body = await self.render_metrics()
        return web.Response(body=body, headers={"Content-Type": METRICS_TYPE})
