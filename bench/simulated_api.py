"""A Bot API server that costs next to nothing, so that a bench measures the bot.

    python -m bench.simulated_api PORT LATENCY_MS

Raw HTTP over an asyncio protocol: polls with the offset rules, answers every other method with a
plausible result after the latency, and notes when each update was handed out and answered. Driven
over the same port: `POST /load {"texts": n, "chats": n, "rate": n, "notes": […]}` (rate 0: all at once; `{}` in a
note is an amount; `first` is the number of the first chat), `POST /webhooks {"ports": […]}` (updates are
posted there), `POST /limit {"per_second": n}` (more messages get 429, as Telegram does) and `GET /result`.
With `busy` in a load, so many texts a second of one more chat go along and are not counted. Fidelity is the
demo server's business; here only what a bot needs to run.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import orjson
import uvloop

from bench.growth.posting import Poster, open_posters
from bench.raw_http import RawHttp

_CHAT = re.compile(rb'name="chat_id"\r\n(?:[^\r\n]+\r\n)*\r\n(-?\d+)\r\n')
BUSY_CHAT = 1
"""The number of the chat that writes all the time."""
RETRY_SECONDS = 1
NOTES = ("coffee {}", "lunch {}", "taxi {}", "groceries {}", "tea and cake {}", "bus ticket {}")


@dataclass(frozen=True, slots=True)
class Load:
    """The texts of a load, and who writes them."""

    texts: int
    chats: int
    rate: float
    notes: Sequence[str] = NOTES
    first: int = 0
    busy: float = 0

    def note(self, number: int) -> str:
        """Return the words of a text, so that every chat gets each of them."""
        return self.notes[number // self.chats % len(self.notes)]


class Telegram:
    """Updates that wait, and how long each chat's texts took to be answered."""

    def __init__(self, latency_seconds: float) -> None:
        self.latency = latency_seconds
        self.updates: deque[dict[str, object]] = deque()
        self.next_id = 1000
        self.next_message = 1
        self.asked: dict[int, deque[float]] = {}
        self.took: list[float] = []
        self.expected = 0
        self.began = self.ended = 0.0
        self.first_poll = 0.0
        self.sent = self.refused = self.busy_id = 0
        self.per_second = 0
        self.window: deque[float] = deque()
        self.posters: list[Poster] = []
        self.poller: tuple[Connection, dict[str, object], asyncio.TimerHandle] | None = None

    def load(self, load: Load) -> None:
        texts, rate, busy = load.texts, load.rate, load.busy
        self.took.clear()
        self.asked.clear()
        self.busy_id = 10_000 + BUSY_CHAT if busy else 0
        self.expected = texts
        self.began = time.perf_counter()
        rng = random.Random(7)
        plan = [(load.first + i % load.chats, load.note(i).format(f"{rng.randint(100, 9999) / 100:.2f}"))
                for i in range(texts)]  # fmt: skip
        if rate <= 0:
            for chat, text in plan:
                self.add(chat, text)
            self.serve_poller()
            return
        loop = asyncio.get_running_loop()
        for position, (chat, text) in enumerate(plan):
            loop.call_later(position / rate, self.add_and_serve, chat, text)
        for position in range(int(texts / rate * busy)):
            loop.call_later(position / busy, self.add_and_serve, BUSY_CHAT, "coffee 1.23")

    def add_and_serve(self, chat: int, text: str) -> None:
        self.add(chat, text)
        self.serve_poller()

    def add(self, number: int, text: str) -> None:
        chat_id = 10_000 + number
        self.asked.setdefault(chat_id, deque()).append(time.perf_counter())
        person = {"id": chat_id, "is_bot": False, "first_name": f"P{number}", "language_code": "en"}
        message = {
            "message_id": self.next_message,
            "date": int(time.time()),
            "chat": {"id": chat_id, "type": "private", "first_name": f"P{number}"},
            "from": person,
            "text": text,
        }
        self.next_message += 1
        update = {"update_id": self.next_id, "message": message}
        self.next_id += 1
        if self.posters:
            self._poster_of(number).add(update)
        else:
            self.updates.append(update)

    def _poster_of(self, number: int) -> Poster:
        """Return the connection of a chat. The busy one has its own, as Telegram's chats never wait for each other."""
        if not self.busy_id:
            return self.posters[number % len(self.posters)]
        others = len(self.posters) - 1
        return self.posters[others if number == BUSY_CHAT else number % others]

    def poll(self, connection: Connection, values: dict[str, object]) -> None:
        self.first_poll = self.first_poll or time.time()
        offset = int(str(values.get("offset") or 0))
        while offset and self.updates and int(str(self.updates[0]["update_id"])) < offset:
            self.updates.popleft()
        seconds = float(str(values.get("timeout") or 0))
        if self.updates or seconds <= 0:
            connection.reply_later(self.latency, self.page(values))
            return
        timer = asyncio.get_running_loop().call_later(seconds, self.time_out)
        self.poller = (connection, values, timer)

    def page(self, values: dict[str, object]) -> list[dict[str, object]]:
        limit = int(str(values.get("limit") or 100))
        return [self.updates[i] for i in range(min(limit, len(self.updates)))]

    def serve_poller(self) -> None:
        if self.poller and self.updates:
            connection, values, timer = self.poller
            timer.cancel()
            self.poller = None
            connection.reply_later(self.latency, self.page(values))

    def time_out(self) -> None:
        if self.poller:
            self.poller[0].reply_later(0, [])
            self.poller = None

    def answered(self, values: dict[str, object]) -> dict[str, object]:
        chat_id = int(str(values.get("chat_id") or 0))
        now = time.perf_counter()
        delivery = self.asked.get(chat_id)
        if delivery:
            took = now - delivery.popleft()
            if chat_id != self.busy_id:
                self.took.append(took)
                self.ended = now
        self.sent += 1
        self.next_message += 1
        chat = {"id": chat_id, "type": "private", "first_name": "P"}
        return {"message_id": self.next_message, "date": int(now), "chat": chat, "text": "ok"}

    def is_too_many(self) -> bool:
        """Count a message of this moment; True when the last second has had enough."""
        if not self.per_second:
            return False
        now = time.monotonic()
        while self.window and self.window[0] <= now - 1:
            self.window.popleft()
        if len(self.window) >= self.per_second:
            self.refused += 1
            return True
        self.window.append(now)
        return False

    def result(self) -> dict[str, object]:
        took = sorted(self.took)

        def at(share: float) -> float | None:
            return took[min(int(len(took) * share), len(took) - 1)] if took else None

        return {
            "expected": self.expected,
            "answered": len(took),
            "sent": self.sent,
            "refused": self.refused,
            "seconds": self.ended - self.began,
            "p50": at(0.5),
            "p95": at(0.95),
            "p99": at(0.99),
            "first_poll": self.first_poll,
        }


def _read_values(body: bytes, lower_head: bytes) -> dict[str, Any]:
    """Return the fields of a body: JSON, a form, or the chat alone of a form with a file."""
    if not body:
        return {}
    if b"application/json" in lower_head:
        values: dict[str, Any] = orjson.loads(body)
        return values
    if b"multipart/form-data" in lower_head:
        found = _CHAT.search(body)
        return {"chat_id": found.group(1).decode()} if found else {}
    return {name: found[0] for name, found in parse_qs(body.decode()).items()}


class Connection(RawHttp):
    """One keep-alive connection; requests are answered in order."""

    def __init__(self, telegram: Telegram) -> None:
        super().__init__()
        self.telegram = telegram

    def handle(self, head: bytes, body: bytes) -> None:
        path, values = head.split(b" ", 2)[1].decode(), _read_values(body, head.lower())
        if path == "/webhooks":
            self.open_posters(values["ports"])
            return
        if path in {"/limit", "/load", "/result"}:
            self.reply(self.drive(path, values))
            return
        method = path.rsplit("/", 1)[1].lower()
        if method == "getupdates":
            self.telegram.poll(self, values)
        elif method == "getme":
            me = {"id": 1, "is_bot": True, "first_name": "Kvitto", "username": "kvitto_bot"}
            self.reply_later(self.telegram.latency, me)
        elif method.startswith(("send", "edit")) and self.telegram.is_too_many():
            self.refuse()
        elif method.startswith(("send", "edit")):
            latency = self.telegram.latency
            if latency:
                asyncio.get_running_loop().call_later(latency, self.answer, values)
            else:
                self.answer(values)
        else:
            self.reply_later(self.telegram.latency, True)  # noqa: FBT003

    def drive(self, path: str, values: dict[str, Any]) -> object:
        """Do what the bench asks."""
        if path == "/result":
            return self.telegram.result()
        if path == "/limit":
            self.telegram.per_second = values["per_second"]
        else:
            self.telegram.load(Load(**values))
        return {}

    def open_posters(self, ports: list[int]) -> None:
        """Post updates to these ports from now on, in place of being asked for them."""

        async def connect() -> None:
            self.telegram.posters = await open_posters(ports)
            self.reply({})

        self.connecting = asyncio.create_task(connect())

    def answer(self, values: dict[str, object]) -> None:
        self.reply(self.telegram.answered(values))

    def reply_later(self, seconds: float, result: object) -> None:
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self.reply, result)
        else:
            self.reply(result)

    def reply(self, result: object) -> None:
        self.write(b"200 OK", orjson.dumps({"ok": True, "result": result}))

    def refuse(self) -> None:
        """Answer that there were too many messages."""
        words = "Too Many Requests: retry after 1"
        parameters = {"retry_after": RETRY_SECONDS}
        refusal = {"ok": False, "error_code": 429, "description": words, "parameters": parameters}
        self.write(b"429 Too Many Requests", orjson.dumps(refusal))


async def main() -> None:
    port, latency_ms = int(sys.argv[1]), float(sys.argv[2])
    telegram = Telegram(latency_ms / 1000)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(telegram), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
