"""Decode the parameters of a request, sent as query, form, multipart or JSON.

As on the real server, the method decides how a value is read. An object may be JSON or a string
with JSON, a number may be digits, a boolean may be `true`, `yes` or `1`.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from demo.botapi.errors import ApiError, bad_request

_INTEGER = re.compile(r"[+-]?\d{1,19}")
_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a request."""

    file_name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Params:
    """The named values and files of a request."""

    values: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a string; empty when absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        return orjson.dumps(value).decode()

    def integer(self, name: str, default: int = 0) -> int:
        """Return a 64-bit integer; any other value counts as absent, as on the real server."""
        value = self.values.get(name)
        # In Python a boolean is an integer, too.
        if isinstance(value, bool):
            return default
        if isinstance(value, int):
            return value
        if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
            return int(value)
        return default

    def boolean(self, name: str) -> bool:
        """Return a boolean; false when absent."""
        value = self.values.get(name)
        if isinstance(value, bool):
            return value
        return value is not None and str(value).strip().lower() in _TRUE

    def decoded(self, name: str, what: str) -> Any:  # noqa: ANN401 - JSON is of any type
        """Return an object or list, decoded from JSON text where needed; None when absent or empty.

        Raises:
            ApiError: The text is not JSON; `what` names it in the message.
        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise bad_request(f"can't parse {what} JSON object") from error

    def upload(self, name: str) -> Upload | None:
        """Return the file of a name, or of the other name in its value `attach://<name>`."""
        if name in self.uploads:
            return self.uploads[name]
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self.attached(value)
        return None

    def attached(self, reference: str) -> Upload | None:
        """Return the file of an `attach://` reference."""
        return self.uploads.get(reference.removeprefix("attach://"))


def parse_json_body(body: bytes) -> dict[str, Any]:
    """Return the parameters of a JSON body.

    Raises:
        ApiError: The body is not a JSON object.
    """
    if not body:
        return {}
    try:
        values = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        reason = "Bad Request: can't parse JSON object"
        raise ApiError(400, reason) from error
    if not isinstance(values, dict):
        raise bad_request("object expected as JSON body")
    return values


async def read_body(request: web.Request) -> Params:
    """Return the parameters of a request; the body takes precedence over the query.

    Raises:
        ApiError: The body does not match its content type.
    """
    values: dict[str, object] = dict(request.query) if request.query_string else {}
    kind = request.content_type
    if not request.can_read_body:
        return Params(values)
    if kind == "application/json":
        values.update(parse_json_body(await request.read()))
        return Params(values)
    uploads: dict[str, Upload] = {}
    form = await request.post()
    for name, value in form.items():
        if isinstance(value, web.FileField):
            content = await asyncio.to_thread(value.file.read)
            uploads[name] = Upload(value.filename, value.content_type, content)
        elif isinstance(value, str):
            values[name] = value
        else:
            values[name] = bytes(value).decode(errors="replace")
    return Params(values, uploads)
