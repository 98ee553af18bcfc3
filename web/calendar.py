"""Serve the calendar of a ledger to whoever has its secret link.

The link is the only proof, so a wrong one and an ended one answer alike, and no answer is kept by a
shared cache. Calendars ask every few hours; `ETag` spares them a feed that is as before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from ledger.errors import UnavailableError

PATH = r"/ical/{secret:[A-Za-z0-9_-]{1,64}}.ics"
MEDIA_TYPE = "text/calendar"
RETRY_SECONDS = 60
_TAG_LETTERS = 32

ReadCalendar = Callable[[str], Awaitable[bytes | None]]
"""Returns the feed of a secret, None where it opens none; raises `UnavailableError`."""


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """Answers calendar programs."""

    read: ReadCalendar

    async def get(self, request: web.Request) -> web.Response:
        """Answer 200, 304 (as the caller has it), 404 (no such link), or 503 (later)."""
        try:
            body = await self.read(request.match_info["secret"])
        except UnavailableError:
            headers = {"Retry-After": str(RETRY_SECONDS)}
            return web.Response(status=503, text="later", headers=headers)
        if body is None:
            raise web.HTTPNotFound
        tag = hashlib.sha256(body).hexdigest()[:_TAG_LETTERS]
        # Asked again each time, so an ended link stops at once.
        headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}
        known = request.if_none_match or ()
        if any(one.value in {tag, "*"} for one in known):
            return web.Response(status=304, headers=headers)
        headers["Content-Disposition"] = 'inline; filename="kvitto.ics"'
        return web.Response(body=body, content_type=MEDIA_TYPE, charset="utf-8", headers=headers)
