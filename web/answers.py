"""Write answers in JSON."""

from __future__ import annotations

import orjson
from aiohttp import web


def respond_json(value: object, status: int = 200) -> web.Response:
    """Return a value as JSON."""
    return web.Response(status=status, body=orjson.dumps(value), content_type="application/json")
