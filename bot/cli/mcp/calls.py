"""Call the REST API for tools, and explain what it refuses."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp
import orjson
from mcp.server.mcpserver.exceptions import ToolError

from ledger.errors import LoginRefusedError, UnavailableError

SECONDS_MAX = 30
ANSWER_BYTES_MAX = 4 << 20
"""A page of a thousand entries has half a megabyte."""
_HTTP_OK = range(200, 300)
_UNAUTHORIZED = 401

Method = Literal["GET", "POST", "PATCH", "DELETE"]
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ApiCalls:
    """The API of one ledger, by one token."""

    session: aiohttp.ClientSession
    ledger_url: str

    async def find_scopes(self) -> frozenset[str]:
        """Return what the token may do.

        Raises:
            LoginRefusedError: `token_invalid`, with the remedy.
            UnavailableError: `api_not_reached`, where nothing of Kvitto answers.
        """
        base, _, ledger = self.ledger_url.rpartition("/ledgers/")
        try:
            status, _, found = await self._send("GET", f"{base}/caller", {})
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise UnavailableError("api_not_reached") from None
        if status == _UNAUTHORIZED or (status in _HTTP_OK and ledger not in found["ledgers"]):
            raise LoginRefusedError("token_invalid")
        if status not in _HTTP_OK:
            raise UnavailableError("api_not_reached")
        return frozenset(found["scopes"])

    async def get(self, path: str, query: Body | None = None) -> dict[str, Any]:
        """Read something below the ledger."""
        return (await self._call("GET", path, {"params": query or {}}))[0]

    async def get_versioned(self, path: str) -> tuple[dict[str, Any], str]:
        """Read one thing with the version that a change of it names."""
        return await self._call("GET", path, {})

    async def post(self, path: str, body: Body) -> dict[str, Any]:
        """Make something, or ask something that has a body."""
        # The same key for the repeat after a lost answer, so that nothing is booked twice.
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        return (await self._call("POST", path, {"json": body, "headers": headers}))[0]

    async def change(
        self, path: str, version: str, body: Body | None
    ) -> tuple[dict[str, Any], str]:
        """Change something that still has this version; without a body it is deleted."""
        method: Method = "DELETE" if body is None else "PATCH"
        given = {"headers": {"If-Match": version}} | ({} if body is None else {"json": body})
        return await self._call(method, path, given)

    async def _call(self, method: Method, path: str, given: Body) -> tuple[dict[str, Any], str]:
        """Return body and version. Raises `ToolError` with what to do."""
        url = f"{self.ledger_url}/{path}"
        try:
            try:
                status, version, found = await self._send(method, url, given)
            except aiohttp.ServerDisconnectedError:
                # A kept connection was closed as it was used; what has a key or a version is safe.
                status, version, found = await self._send(method, url, given)
        except (aiohttp.ClientError, TimeoutError):
            message = "Kvitto does not answer. Is it running, and is MCP_LEDGER_URL right?"
            raise ToolError(message) from None
        except ValueError:
            message = "The answer is not Kvitto's. Is MCP_LEDGER_URL right?"
            raise ToolError(message) from None
        if status not in _HTTP_OK:
            raise ToolError(_explain(status, found))
        return found, version

    async def _send(self, method: Method, url: str, given: Body) -> tuple[int, str, dict[str, Any]]:
        # A redirect would take the token to another address.
        async with self.session.request(method, url, allow_redirects=False, **given) as answer:
            body = await answer.content.read(ANSWER_BYTES_MAX)
            while len(body) < ANSWER_BYTES_MAX and (more := await answer.content.readany()):
                body += more
            # A page of something else than Kvitto is not JSON, and raises a `ValueError`.
            found: dict[str, Any] = dict(orjson.loads(body)) if body else {}
            return answer.status, answer.headers.get("ETag", ""), found


@asynccontextmanager
async def open_calls(ledger_url: str, token: str) -> AsyncIterator[ApiCalls]:
    """Yield the calls of a token."""
    headers = {"Authorization": f"Bearer {token}", "User-Agent": "kvitto-mcp"}
    timeout = aiohttp.ClientTimeout(total=SECONDS_MAX)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        yield ApiCalls(session, ledger_url)


def _explain(status: int, problem: Body) -> str:
    """Return what a problem document says, with the readings that it offers to choose from."""
    parts = [str(problem.get("detail") or problem.get("title") or "Kvitto refused this.")]
    more = [name for name in ("needs", "refused") if problem.get(name)]
    parts += [f"{name}: {orjson.dumps(problem[name]).decode()}" for name in more]
    named = problem.get("code") or "status"
    return f"{' '.join(parts)} ({named}, {status})"
