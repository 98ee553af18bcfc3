"""Try what wears a process down: connections that age, many large photos, and secrets that are exchanged."""

from __future__ import annotations

import asyncio
import contextlib
import io
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import aiohttp
import psutil
from PIL import Image
from sqlalchemy import text

from bench.faults.program import Program
from bench.faults.rows.roles import wait_until_ready
from bench.faults.rows.stage import CHATS, Line, Stage, as_seconds, webhook_settings
from storage import open_database
from tests.bot.outages import Proxy, open_proxy

AGE_SECONDS = 3.0
"""After which each connection is cut; real proxies do it after 39 s and more."""
WARM_SECONDS = 15.0
SOCKETS_DIFFERENCE = 5
PHOTOS_A_ROUND = 0.5
PHOTO_BYTES = 10_000_000
RESIDENT_BYTES_MAX = 512 << 20
"""Of the main process and its children together; pages that they share count once."""
STORM_SECONDS_A_PHOTO = 30.0
"""How long is waited; a photo takes a second or two on a quiet machine."""
_SEGMENT_BYTES = 65_000
_STATES = text("SELECT state, count(*) FROM receipts GROUP BY state")
_OPEN = Counter({"stored": 1, "read": 1})
PAUSE_SECONDS_MAX = 60.0


@dataclass(slots=True)
class _Look:
    """Sockets and memory of a program with its children, as time passes."""

    program: Program
    sockets: list[int] = field(default_factory=list)
    resident: list[int] = field(default_factory=list)
    own: list[int] = field(default_factory=list)
    """Of the main process alone."""

    async def run(self) -> None:
        """Look twice a second until cancelled."""
        while True:
            await asyncio.to_thread(self._look)
            await asyncio.sleep(0.5)

    def _look(self) -> None:
        assert self.program.process is not None
        process = psutil.Process(self.program.process.pid)
        with contextlib.suppress(psutil.NoSuchProcess):
            self.sockets.append(len(process.net_connections("tcp")))
            family = [process, *process.children(recursive=True)]
            # Pages that two of them share count once.
            sizes = [one.memory_full_info().pss for one in family]
            self.own.append(sizes[0])
            self.resident.append(sum(sizes))


@contextlib.contextmanager
def _watched(program: Program) -> Iterator[_Look]:
    look = _Look(program)
    task = asyncio.create_task(look.run())
    try:
        yield look
        if task.done():
            # Figures of a watch that ended early would show less than there was.
            task.result()
    finally:
        task.cancel()


async def aged(stage: Stage) -> list[Line]:
    """F14: whatever stands between us and Telegram cuts each connection when it has become old."""
    town, program = stage.town, stage.program
    town.settle(CHATS)
    seconds = WARM_SECONDS + stage.rounds
    async with open_proxy(stage.demo.url) as (proxy, url):
        program.environment["TELEGRAM_API_URL"] = url
        program.start()
        await town.write_until_answered(5)
        cutting = asyncio.create_task(_cut_forever(proxy))
        with _watched(program) as look:
            await town.live(WARM_SECONDS, 5)
            first = len(look.sockets)
            await town.live(seconds - WARM_SECONDS, 5)
        cutting.cancel()
        verdict, took = await stage.verdict()
    later = look.sockets[first:]
    most, usual = max(later), sorted(later)[len(later) // 2]
    figures = (
        f"{verdict.texts} texts in {seconds:.0f} s, connections cut every {AGE_SECONDS:.0f} s: "
        f"{verdict.lost} lost, {verdict.unanswered} unanswered, sockets {usual} (at most {most}), "
        f"drained in {as_seconds(took)}"
    )
    kept = verdict.is_clean and took is not None and most - usual <= SOCKETS_DIFFERENCE
    return [Line("F14", "connections are cut when they are old", figures, kept)]


async def _cut_forever(proxy: Proxy) -> None:
    while True:
        await asyncio.sleep(AGE_SECONDS)
        proxy.cut()


async def storm(stage: Stage) -> list[Line]:
    """L05: many photos of ten megabytes at once; memory stays bounded and each gets its answer."""
    sim, town, program = stage.demo.simulation, stage.town, stage.program
    count = max(int(stage.rounds * PHOTOS_A_ROUND), 4)
    town.settle(count)
    program.start()
    await town.write_until_answered(5)
    chats = [sim.private_chat(person) for person in town.people]
    before = {chat.id: len(sim.sent(chat)) for chat in chats}
    with _watched(program) as look:
        for number, (person, chat) in enumerate(zip(town.people, chats, strict=True)):
            content = _pad(town.samples[number % len(town.samples)], number)
            sim.document(person, chat, content, file_name=f"{number}.jpg")
        began = time.monotonic()
        states = await _wait_for_results(stage, count)
        took = time.monotonic() - began
    told = sum(len(sim.sent(chat)) > before[chat.id] for chat in chats)
    read = states["asked"] + states["booked"]
    refused = states["refused"] + states["failed"]
    peak = max(look.resident)
    figures = (
        f"{count} photos of {PHOTO_BYTES / 1e6:.0f} MB: {told} answered, {read} read, {refused} refused, "
        f"{count - read - refused} still unread after {took:.0f} s, at most {max(look.own) / (1 << 20):.0f} MB, "
        f"{peak / (1 << 20):.0f} MB with the reader's process"
    )
    # A refused photo, as on a machine too busy to read it in 40 s, would need no memory.
    kept = told == read == count and peak <= RESIDENT_BYTES_MAX
    return [Line("L05", "large photos at once", figures, kept)]


async def _count_receipts(stage: Stage) -> Counter[str]:
    """Count the receipts of each state."""
    async with open_database(stage.database_url, up_to_date=False) as database:
        rows = await database.backend.read(lambda c: c.execute(_STATES).all())
    return Counter({str(row[0]): int(row[1]) for row in rows})


async def _wait_for_results(stage: Stage, count: int) -> Counter[str]:
    """Wait until so many receipts are read or refused; return the states of all."""
    end = time.monotonic() + 60 + count * STORM_SECONDS_A_PHOTO
    while True:
        drained = await stage.town.drained(stage.database_url, 5)
        states = await _count_receipts(stage)
        # A slow program may not have begun: then nothing is open, and there are no receipts either.
        is_over = drained is not None and states.total() == count and not states & _OPEN
        if is_over or time.monotonic() > end:
            return states
        await asyncio.sleep(1)


def _pad(picture: bytes, number: int) -> bytes:
    """Return a JPEG of ten megabytes with the same pixels: comments are put behind its first marker."""
    content = io.BytesIO()
    Image.open(io.BytesIO(picture), formats=["JPEG"]).convert("RGB").save(content, "JPEG")
    plain = content.getvalue()
    filler = number.to_bytes(4, "big") * (_SEGMENT_BYTES // 4)
    segment = b"\xff\xfe" + (len(filler) + 2).to_bytes(2, "big") + filler
    return plain[:2] + segment * (PHOTO_BYTES // len(segment)) + plain[2:]


async def rotated(stage: Stage) -> list[Line]:
    """P08: the webhook's secret is exchanged while people write; the old one opens nothing."""
    town, program = stage.town, stage.program
    town.settle(CHATS)
    refused, pauses, rounds = 0, list[float](), max(stage.rounds // 10, 2)
    program.start(**_with_secret(stage, 0))
    await wait_until_ready(program)
    for number in range(1, rounds + 1):
        await town.live(3, 10)
        began = time.monotonic()
        await asyncio.to_thread(program.stop)
        stage.extra = _with_secret(stage, number)
        program.start(**stage.extra)
        await town.write_until_answered(5)
        pauses.append(time.monotonic() - began)
        refused += await _is_refused(program, f"secret-{number - 1}")
    verdict, took = await stage.verdict()
    figures = (
        f"{rounds} exchanges, {verdict.texts} texts: {verdict.lost} lost, {verdict.doubled} doubled, "
        f"{verdict.unanswered} unanswered, longest pause {max(pauses):.1f} s, "
        f"{refused} of {rounds} old secrets refused, drained in {as_seconds(took)}"
    )
    kept = verdict.is_clean and refused == rounds and max(pauses) <= PAUSE_SECONDS_MAX
    return [Line("P08", "the webhook's secret is exchanged", figures, kept)]


def _with_secret(stage: Stage, number: int) -> dict[str, str]:
    return webhook_settings(stage) | {"TELEGRAM_WEBHOOK_SECRET": f"secret-{number}"}


async def _is_refused(program: Program, secret: str) -> bool:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    url = f"http://127.0.0.1:{program.http_port}/telegram"
    async with (
        aiohttp.ClientSession(headers=headers) as client,
        client.post(url, json={"update_id": 1}) as answer,
    ):
        return answer.status in {401, 403}
