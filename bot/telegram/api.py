"""Call the Bot API over one aiohttp session, for intake, sender and PTB's requests.

The token is part of every URL, so no error of this page carries a URL or the text of an aiohttp
error: only the method's name and the class of what went wrong. An answer of Telegram that says no
is a `TelegramRefusedError`; anything that leaves open whether the request was carried out is a
`TelegramUnreachableError`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

from bot.telegram.jsontext import parse_json

ANSWER_BYTES_MAX = 32 << 20
"""A page of getUpdates is a few megabytes at most."""
CONNECT_SECONDS = 10
TIMEOUT_SECONDS = 30
UPLOAD_SECONDS = 120
CONNECTIONS_MAX = 256
KEEPALIVE_SECONDS = 20
"""Below what servers and their proxies allow an idle connection, so that none is used dead."""
_SERVER_ERROR = 500
_REFUSALS = range(400, _SERVER_ERROR)
_JSON = {"Content-Type": "application/json"}


class TelegramRefusedError(Exception):
    """Telegram answered that it will not do it.

    Attributes:
        code: its `error_code`, else the HTTP status.
        reason: Telegram's description in lower case, without its leading class ("Bad Request: ").
        retry_after: seconds to wait, for 429.
        migrate_to: the supergroup that the group has become.
    """

    def __init__(self, method: str, code: int, answer: Mapping[str, Any]) -> None:
        parameters = answer.get("parameters") or {}
        description = str(answer.get("description") or "").lower()
        self.method = method
        self.code = code
        self.reason = description.partition(": ")[2] or description
        self.retry_after: int | None = parameters.get("retry_after")
        self.migrate_to: int | None = parameters.get("migrate_to_chat_id")
        super().__init__(f"{method}: {code}")


class TelegramUnreachableError(Exception):
    """No answer, a broken one, or a server's error: the request may have been carried out."""

    def __init__(self, method: str, cause: str) -> None:
        self.cause = cause
        super().__init__(f"{method}: {cause}")


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes that go with a request as a file."""

    field: str
    data: bytes
    name: str


class BotApi:
    """A keep-alive client of one Bot API server for one bot; open it with `async with`."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self._token = token
        self._methods = f"{url}/bot{token}/"
        self._files = f"{url}/file/bot{token}/"
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the session; connections are made when they are needed."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=CONNECTIONS_MAX, keepalive_timeout=KEEPALIVE_SECONDS, ttl_dns_cache=300
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "kvitto"},
            # Every call bounds itself; a total here would cut long polls short.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """Return the open session."""
        assert self._session is not None, "the client is not open"
        return self._session

    async def call(
        self,
        method: str,
        payload: Mapping[str, Any] | None = None,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> Any:  # noqa: ANN401  # the Bot API's results have every JSON shape
        """Call a method with a JSON body and return its result.

        Raises:
            TelegramRefusedError: Telegram said no.
            TelegramUnreachableError: nothing is known about the outcome.
        """
        body = orjson.dumps(payload or {})
        return await self._post(method, body, _JSON, timeout_seconds)

    async def upload(self, method: str, payload: Mapping[str, Any], upload: Upload) -> Any:  # noqa: ANN401  # as `call`
        """Call a method with a file; otherwise as `call`."""
        # Quoted, a name of other letters than ASCII would be shown as percents.
        form = aiohttp.FormData(quote_fields=False)
        for name, value in payload.items():
            form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
        form.add_field(
            upload.field,
            upload.data,
            filename=upload.name,
            content_type="application/octet-stream",
        )
        return await self._post(method, form, {}, UPLOAD_SECONDS)

    async def request(
        self,
        verb: str,
        url: str,
        data: aiohttp.FormData | Mapping[str, str] | None,
        timeout_seconds: float,
    ) -> tuple[int, bytes]:
        """Make one plain request and return status and body; for PTB's transport.

        Raises:
            TelegramUnreachableError: there was no whole answer.
        """
        name = url.rsplit("/", 1)[-1] if url.startswith(self._methods) else "file"
        timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=CONNECT_SECONDS)
        try:
            async with self.session.request(verb, url, data=data, timeout=timeout) as response:
                return response.status, await _read(response, ANSWER_BYTES_MAX)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TelegramUnreachableError(name, type(error).__name__) from None

    async def download(self, path: str, *, bytes_max: int, timeout_seconds: float) -> bytes | None:
        """Fetch a file by the path that getFile gave; None when it has more than `bytes_max`.

        Raises:
            TelegramRefusedError: the path is not (or no longer) valid.
            TelegramUnreachableError: it did not arrive whole and in time.
        """
        timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=CONNECT_SECONDS)
        try:
            async with self.session.get(self._files + path, timeout=timeout) as response:
                if response.status >= _SERVER_ERROR:
                    raise TelegramUnreachableError("file", str(response.status))
                if response.status != 200:  # noqa: PLR2004
                    raise TelegramRefusedError("file", response.status, {})
                if (response.content_length or 0) > bytes_max:
                    return None
                data = await _read(response, bytes_max + 1)
                return data if len(data) <= bytes_max else None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TelegramUnreachableError("file", type(error).__name__) from None

    async def _post(
        self,
        method: str,
        data: bytes | aiohttp.FormData,
        headers: Mapping[str, str],
        timeout_seconds: float,
    ) -> Any:  # noqa: ANN401  # as `call`
        url = self._methods + method
        try:
            async with asyncio.timeout(timeout_seconds):
                async with self.session.post(url, data=data, headers=headers) as response:
                    body = await _read(response, ANSWER_BYTES_MAX)
                    code = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TelegramUnreachableError(method, type(error).__name__) from None
        answer: Any = None
        with suppress(ValueError):
            answer = parse_json(body)
        if not isinstance(answer, dict) or "ok" not in answer:
            raise TelegramUnreachableError(method, f"status {code}")
        if answer["ok"] is True:
            return answer.get("result")
        # A server of one's own, or a proxy before it, may answer every call with status 200.
        told = answer.get("error_code")
        code = told if type(told) is int else code
        if code not in _REFUSALS:
            raise TelegramUnreachableError(method, f"status {code}")
        raise TelegramRefusedError(method, code, answer)


async def _read(response: aiohttp.ClientResponse, bytes_max: int) -> bytes:
    """Read a body, at most `bytes_max` of it, whatever its Content-Length is.

    That header counts the bytes on the wire; a compressed answer has many times as many.
    """
    length = response.content_length
    if length is not None and length <= bytes_max and "Content-Encoding" not in response.headers:
        return await response.read()
    chunks, total = [], 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk[: bytes_max - total])
        total += len(chunk)
        if total >= bytes_max:
            break
    return b"".join(chunks)
