# ruff: noqa: ANN401 - JSON
"""Call the demo's Bot API server within the process, over a network that fails.

A call has three parts that may fail alone: the way there, the work of the server, and the way back. A
call whose work was done and whose answer nobody heard is the one that repeats a message.
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

import orjson

from bench.vopr.faults import Faults
from bench.vopr.loop import PROGRAM, Program
from bot.telegram.api import BotApi, TelegramRefusedError, TelegramUnreachableError, Upload
from demo.botapi.errors import ApiError
from demo.botapi.requests.params import Params
from demo.botapi.requests.params import Upload as SentFile
from demo.botapi.requests.registry import METHODS
from demo.simulation import TOKEN, Simulation

URL = "http://127.0.0.1:1"
"""Nothing listens there; the settings need an address."""
LATENCY_SECONDS = (0.002, 0.08)
SLOW_SECONDS = 12.0
FOREVER_SECONDS = 1e6
"""Longer than anybody waits."""
RETRY_AFTER_SECONDS = (1, 20)
HEARD_KEPT = 60
"""New messages that a program may not have marked as sent when it dies."""
OLD_KEPT = 60
"""Updates that may come again."""
SENDS = frozenset({"sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup"})
LIMITED = SENDS | {"editMessageText", "editMessageCaption", "editMessageReplyMarkup"}


@dataclass(frozen=True, slots=True)
class _Heard:
    """A new message whose answer a program heard."""

    program: Program
    number: int
    place: tuple[int, str]


@dataclass
class Network:
    """The way to Telegram, and what the server knows of it."""

    sim: Simulation
    faults: Faults
    unheard: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Chats and texts of new messages of which the bot heard no answer (yet); each may come again."""
    sent: Counter[tuple[int, str]] = field(default_factory=Counter)
    """How often each text was sent to a chat as a new message."""
    refusals: dict[str, int] = field(default_factory=dict)
    """Requests that were refused as invalid, as `method: description`."""
    old: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=OLD_KEPT))
    _sends: int = 0
    _heard: deque[_Heard] = field(default_factory=lambda: deque(maxlen=HEARD_KEPT))

    def note_heard(self, number: int) -> None:
        """Note that the bot knows of a new message."""
        if place := self.unheard.pop(number, None):
            self._heard.append(_Heard(PROGRAM.get(), number, place))

    def lose_marks(self, program: Program) -> None:
        """Let the latest messages of a program that died come again, as nobody else knows of them."""
        for one in self._heard:
            if one.program is program:
                self.unheard[one.number] = one.place

    def note_send(self, params: Params) -> int:
        """Note a new message of the bot until its answer is heard."""
        self._sends += 1
        text = params.text("text") or params.text("caption")
        self.unheard[self._sends] = place = params.integer("chat_id"), text
        self.sent[place] += 1
        return self._sends


class SimulatedApi(BotApi):
    """`BotApi` over a simulated network."""

    def __init__(self, network: Network) -> None:
        super().__init__(URL, TOKEN)
        self._network = network

    async def __aenter__(self) -> Self:
        """Open nothing."""
        return self

    async def call(
        self,
        method: str,
        payload: Mapping[str, Any] | None = None,
        *,
        timeout_seconds: float = 30,
    ) -> Any:
        """Call a method; see `BotApi.call`."""
        values = orjson.loads(orjson.dumps(payload or {}))
        return await self._exchange(method, Params(values), timeout_seconds)

    async def upload(self, method: str, payload: Mapping[str, Any], upload: Upload) -> Any:
        """Call a method with a file; see `BotApi.upload`."""
        values = orjson.loads(orjson.dumps(dict(payload)))
        sent = SentFile(upload.name, "application/octet-stream", upload.data)
        return await self._exchange(method, Params(values, {upload.field: sent}), 120)

    async def request(
        self, verb: str, url: str, data: Any, timeout_seconds: float
    ) -> tuple[int, bytes]:
        """Make a plain request; see `BotApi.request`."""
        _ = verb
        name = urlsplit(url).path.rpartition("/")[2]
        try:
            result = await self._exchange(name, Params(dict(data or {})), timeout_seconds)
        except TelegramRefusedError as error:
            body = {"ok": False, "error_code": error.code, "description": error.reason}
            return error.code, orjson.dumps(body)
        return 200, orjson.dumps({"ok": True, "result": result})

    async def download(self, path: str, *, bytes_max: int, timeout_seconds: float) -> bytes | None:
        """Fetch a file; see `BotApi.download`."""
        network = self._network
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._travel("file")
        except TimeoutError:
            raise TelegramUnreachableError("file", "TimeoutError") from None
        stored = network.sim.telegram.files.find_link(path)
        if stored is None:
            raise TelegramRefusedError("file", 404, {})
        data = stored.content
        if network.faults.hits("telegram_answer_lost"):
            raise TelegramUnreachableError("file", "ClientPayloadError")
        return data if len(data) <= bytes_max else None

    async def _exchange(self, method: str, params: Params, timeout_seconds: float) -> Any:
        try:
            async with asyncio.timeout(timeout_seconds):
                return await self._travel_there_and_back(method, params)
        except TimeoutError:
            raise TelegramUnreachableError(method, "TimeoutError") from None

    async def _travel_there_and_back(self, method: str, params: Params) -> Any:
        network = self._network
        await self._travel(method)
        number = 0
        try:
            result = await self._perform(method, params)
            number = network.note_send(params) if method in SENDS else 0
        except ApiError as error:
            self._refuse(method, params, error)
        await self._travel_back(method)
        # From here to the note of the sent message the bot waits for nothing.
        network.note_heard(number)
        return result

    async def _travel(self, method: str) -> None:
        """Go to the server, or fail on the way."""
        faults = self._network.faults
        await asyncio.sleep(faults.dice.uniform(*LATENCY_SECONDS))
        if faults.hits("telegram_slow"):
            await asyncio.sleep(SLOW_SECONDS)
        if faults.hits("telegram_unreached"):
            raise TelegramUnreachableError(method, "ClientConnectorError")
        if faults.hits("telegram_5xx"):
            raise TelegramUnreachableError(method, "status 502")
        if method in LIMITED and faults.hits("telegram_429"):
            seconds = faults.dice.randint(*RETRY_AFTER_SECONDS)
            raise TelegramRefusedError(method, 429, {"parameters": {"retry_after": seconds}})

    async def _travel_back(self, method: str) -> None:
        faults = self._network.faults
        await asyncio.sleep(faults.dice.uniform(*LATENCY_SECONDS))
        if faults.hits("telegram_answer_lost"):
            # The connection is cut at once, or nothing ever comes back.
            await asyncio.sleep(faults.dice.choice((0.0, FOREVER_SECONDS)))
            raise TelegramUnreachableError(method, "ServerDisconnectedError")

    async def _perform(self, method: str, params: Params) -> Any:
        network = self._network
        found = METHODS[method.lower()]
        result = found.handler(network.sim.telegram, params)
        if inspect.isawaitable(result):
            result = await result
        if found.name == "getUpdates":
            return self._page(result)
        chat_id = params.integer("chat_id")
        digest = hashlib.sha256(orjson.dumps(params.values)).hexdigest()[:8]
        network.faults.trace.note("request", found.name, chat_id, digest)
        return orjson.loads(orjson.dumps(result))

    def _page(self, page: Any) -> list[dict[str, Any]]:
        """Return a page of updates; some come again, or in another order."""
        faults, old = self._network.faults, self._network.old
        updates: list[dict[str, Any]] = orjson.loads(orjson.dumps(page))
        fresh = list(updates)
        if updates and old and faults.hits("update_doubled"):
            updates = [*faults.dice.sample(list(old), min(3, len(old))), *updates]
        if len(updates) > 1 and faults.hits("update_shuffled"):
            faults.dice.shuffle(updates)
        old.extend(fresh)
        if updates:
            faults.trace.note("updates", *(update["update_id"] for update in updates))
        return updates

    def _refuse(self, method: str, params: Params, error: ApiError) -> None:
        refusals = self._network.refusals
        name = f"{method}: {error.description}"
        refusals[name] = refusals.get(name, 0) + 1
        self._network.faults.trace.note("refused", name, params.integer("chat_id"))
        raise TelegramRefusedError(method, error.status, error.to_json()) from None
