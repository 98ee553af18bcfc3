"""Makes the database of the first release that the upgrade tests begin from.

Run it with the code of that release, never with today's:

    git worktree add /tmp/first 361f2d6 && make -C /tmp/first install
    cd /tmp/first && .venv/bin/python <this file> <the folder of this file>

The real program runs on the demo's Bot API server, in November 2026 by a moved clock. Invented people
write to it, and it is killed at chosen points, so that work of every kind is left over. Written are
`before.json`, each chat's ledger as `kvitto export` gave it before the upgrade, and `first.tar.xz`:

- `manifest.json` `tables/*.jsonl` `files/*`  the backup that the first release's program wrote
- `world.json`  what Telegram knows: people, chats, messages with their buttons, files
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import sqlite3
import sys
import tarfile
import tempfile
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path.cwd()))

from demo.botapi.errors import ApiError
from demo.botapi.world import Chat, Message, User
from demo.server import DemoServer, open_demo
from demo.simulation import Simulation

START = """
import sys
from datetime import timedelta
from bot.__main__ import main
from bot.clock import move_clock
move_clock(timedelta(seconds=float(sys.argv[1])))
sys.exit(main(sys.argv[2:]))
"""
BY_FAILPOINT = 86
WAIT_SECONDS = 90.0
BOOKED = ("HOFLADEN", "20.11.2026", "Brot 4,20", "Milch 1,80", "SUMME EUR 6,00")
ASKED = ("BAR CENTRALE", "20.11.2026", "Vino 12,00", "Pane 7,50", "TOTALE EUR 24,00")
BLANK: tuple[str, ...] = ()
PENDING = ("PAPETERIE", "28.11.2026", "Heft 3,40", "Stift 2,10", "SUMME EUR 5,50")


class Stage:
    """The program, its people, and what they do."""

    def __init__(self, demo: DemoServer, folder: Path) -> None:
        """Set the stage: nobody is there yet."""
        self.demo, self.folder = demo, folder
        self.sim: Simulation = demo.simulation
        self.database = folder / "kvitto.db"

    def environment(self, **more: str) -> dict[str, str]:
        """Return the settings of the program."""
        return {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": self.demo.token,
            "TELEGRAM_API_URL": self.demo.url,
            "TELEGRAM_PACING": "off",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "RECEIPT_STORE": str(self.folder / "receipts"),
            "DEFAULT_TIMEZONE": "Europe/Berlin",
            "HTTP_PORT": "0",
            **more,
        }

    @asynccontextmanager
    async def program(
        self, at: datetime, *arguments: str, ends: int = 0, **more: str
    ) -> AsyncIterator[None]:
        """Run the program at a time; leave by SIGTERM, or wait for its own end by a fail point."""
        self.sim.clock.set(at)
        shift = str(self.sim.clock.shift.total_seconds())
        with (self.folder / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                START,
                shift,
                "run",
                *arguments,
                env=self.environment(**more),
                stderr=log,
            )
        polls = len(self.sim.requests("getMe"))
        if "intake" not in arguments:
            await self.sim.until(
                lambda: len(self.sim.requests("getMe")) > polls, what="start", timeout=WAIT_SECONDS
            )
        try:
            yield
            if not ends:
                await self.sim.quiet(1.0, timeout=WAIT_SECONDS)
                process.terminate()
            async with asyncio.timeout(WAIT_SECONDS):
                code = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
        assert code == ends, (code, arguments, (self.folder / "log").read_text()[-3000:])

    async def say(
        self, person: User, chat: Chat, text: str, reply_to: Message | None = None
    ) -> Message:
        """Say something and return the answer."""
        chat.unread.clear()
        self.sim.say(person, chat, text, reply_to=reply_to)
        (answer,) = await self.sim.answers(chat, timeout=WAIT_SECONDS)
        await self.sim.quiet(0.3, timeout=WAIT_SECONDS)
        return answer

    async def press(self, person: User, message: Message, label: str) -> Message:
        """Press a button and return the message as edited."""
        message.edits_seen = message.edit_count
        fitting = [found for found in message.labels if label in found]
        assert fitting, (label, message.labels, message.text)
        self.sim.press(person, message, fitting[0])
        edited = await self.sim.edit_of(message, timeout=WAIT_SECONDS)
        await self.sim.quiet(0.3, timeout=WAIT_SECONDS)
        return edited

    async def receipt(self, person: User, chat: Chat, lines: tuple[str, ...], name: str) -> Message:
        """Send a receipt and return what came of it."""
        chat.unread.clear()
        self.sim.document(person, chat, draw(lines), file_name=f"{name}.png")
        (answer,) = await self.sim.answers(chat, timeout=WAIT_SECONDS)
        await self.sim.until(lambda: answer.edit_count, what=name, timeout=WAIT_SECONDS)
        await self.sim.quiet(1.0, timeout=WAIT_SECONDS)
        return answer

    def count(self, query: str) -> int:
        """Return a figure of the database."""
        if not self.database.exists():
            return 0
        connection = sqlite3.connect(self.database, timeout=10)
        try:
            return int(connection.execute(query).fetchone()[0])
        finally:
            connection.close()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not condition():  # noqa: ASYNC110  # another process
                await asyncio.sleep(0.05)


def draw(lines: tuple[str, ...]) -> bytes:
    """Draw a small receipt."""
    picture = Image.new("L", (520, 90 + 70 * max(len(lines), 2)), 255)
    brush = ImageDraw.Draw(picture)
    font = ImageFont.load_default(36)
    for number, line in enumerate(lines):
        words, _, amount = line.rpartition(" ")
        brush.text((30, 40 + 70 * number), words or amount, font=font, fill=0)
        if words:
            brush.text((490, 40 + 70 * number), amount, font=font, fill=0, anchor="ra")
    file = io.BytesIO()
    picture.quantize(8).save(file, "PNG", optimize=True)
    return file.getvalue()


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of 2026 in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def first_days(stage: Stage, mia: User, jonas: User, ana: User) -> tuple[Chat, Chat, Chat]:
    """Everyday use: entries, corrections, budgets, groups, a chat that is muted."""
    sim = stage.sim
    home, annas = sim.private_chat(mia), sim.private_chat(ana)
    async with stage.program(at(11, 3, 10)):
        await stage.say(mia, home, "/start")
        for text in (
            "coffee 4.50",
            "groceries 31.20 #home #weekly",
            "ramen 980 JPY",
            "hotel 120 USD yesterday",
            "+2500 salary",
            "rent 850 15.10.2026",
            "tea 3; cake 4; bread 2.50",
            "Bücher 18,90 CHF #gift",
        ):
            await stage.say(mia, home, text)
        taxi = await stage.say(mia, home, "taxi 12 GBP")
        await stage.say(mia, home, "total 13.50", taxi)
        odd = await stage.say(mia, home, "frobnicate 9")
        await stage.press(mia, await stage.press(mia, odd, "More"), "Education")
        lamp = await stage.say(mia, home, "lamp 15")
        await stage.press(mia, lamp, "Delete")
        vase = await stage.say(mia, home, "vase 22")
        await stage.press(mia, await stage.press(mia, vase, "Delete"), "Undo")
        await stage.say(mia, home, "/budget groceries 100")
        await stage.say(mia, home, "/budget food 60 week")
        await stage.say(mia, home, "/budget transport 40")
        await stage.say(mia, home, "/budget transport off")
        await stage.say(mia, home, "vegetables 55")
        group = sim.add_group("Household", [mia, jonas])
        sim.promote(jonas, group)
        await stage.say(mia, group, "rent 850 EUR")
        dinner = await stage.say(jonas, group, "wibbleware 20 EUR")
        await stage.press(jonas, await stage.press(jonas, dinner, "More"), "Housing")
        trip = sim.add_group("Trip", [jonas, mia])
        await stage.say(jonas, trip, "train 4200 JPY")
        page = await stage.press(jonas, await stage.say(jonas, trip, "/settings"), "Currency")
        await stage.press(jonas, page, "USD")
        await stage.say(jonas, trip, "museum 15 USD")
        await stage.say(ana, annas, "Kaffee 3,20")
        await stage.say(ana, annas, "Miete 640")
        sim.block(ana)
        supergroup = sim.migrate(group)
        await sim.quiet(1.0, timeout=WAIT_SECONDS)
        await stage.say(jonas, supergroup, "soap 2.30")
    return home, supergroup, trip


async def later_weeks(stage: Stage, mia: User, jonas: User, chats: tuple[Chat, Chat, Chat]) -> None:
    """Receipts of every fate, a weekly summary that was sent, open questions, undo and redo."""
    home, group, _ = chats
    async with stage.program(at(11, 15, 18, 30)):
        await asyncio.sleep(3)
    async with stage.program(at(11, 20, 12)):
        await stage.say(mia, home, "coffee 3.80")
        await stage.say(jonas, group, "detergent 6.70")
        await stage.receipt(mia, home, BOOKED, "booked")
        await stage.receipt(mia, home, ASKED, "asked")
        await stage.receipt(mia, home, BLANK, "refused")
    async with stage.program(at(11, 22, 18, 30)):
        await asyncio.sleep(3)
    async with stage.program(at(11, 28, 12)):
        for text in ("flowers 9.90", "wine 11.40", "juice 2.80"):
            await stage.say(mia, home, text)
        await stage.say(mia, home, "/undo")
        await stage.say(mia, home, "gloves 15 scarf 8")
        await stage.say(mia, home, "coat 80 boots 95")
        await stage.say(mia, home, "/summary month")
        # An update without the shape of one is parked at once.
        stage.sim.feed({"message": {"message_id": 9_000_001, "text": []}})
        await stage.until(lambda: stage.count("SELECT count(*) FROM inbox WHERE state='dead'") == 1)


async def last_hour(stage: Stage, mia: User, jonas: User, chats: tuple[Chat, Chat, Chat]) -> None:
    """Work that is left over: unsent messages, taken jobs, unread updates."""
    home, group, _ = chats
    sim, when = stage.sim, at(11, 28, 13)
    for method in ("sendmessage", "sendphoto", "editmessagetext"):
        sim.faults.refuse(ApiError(502, "Bad Gateway"), method=method, times=1_000_000)
    waiting = "SELECT count(*) FROM outbox WHERE state = 'waiting'"
    async with stage.program(when, ends=BY_FAILPOINT, KVITTO_FAILPOINT="job.after_take"):
        sim.say(mia, home, "honey 5.60")
        sim.say(jonas, group, "candles 4.40")
        await stage.until(lambda: stage.count(waiting) == 2)
        sim.say(mia, home, "/summary last month")
    async with stage.program(when, ends=BY_FAILPOINT, KVITTO_FAILPOINT="job.after_take"):
        sim.document(mia, home, draw(PENDING), file_name="pending.png")
    pending = "SELECT count(*) FROM inbox WHERE state = 'pending'"
    before = stage.count(pending)
    async with stage.program(when, "--role", "intake"):
        sim.say(mia, home, "plums 3.10")
        sim.say(jonas, group, "sponge 1.20")
        await stage.until(lambda: stage.count(pending) == before + 2)


AI_CALLS = """
INSERT INTO ai_calls (chat_id, service, model, month, called_at, cost_micros, input_tokens,
    output_tokens, milliseconds, outcome) VALUES
    (?, 'vision', 'invented-model', '2026-11', '2026-11-20T12:00:05.000000+00:00', 2100, 1500, 200,
    900, 'ok'),
    (?, 'words', 'invented-model', '2026-11', '2026-11-28T12:00:05.000000+00:00', 300, 200, 40,
    400, 'failed'),
    (0, 'words', 'invented-model', '2026-10', '2026-10-28T12:00:05.000000+00:00', 250, 180, 30,
    410, 'ok')
"""
"""Nobody can make these without a key."""


def world_of(stage: Stage) -> dict[str, Any]:
    """Return what Telegram knows, so that a test can go on with it."""
    sim = stage.sim
    world = sim.telegram.world
    pending = {
        stored.file_id: {
            "file_name": stored.file_name,
            "content": b64encode(stored.content).decode(),
        }
        for stored in sim.telegram.files._by_id.values()
        if stored.file_name == "pending.png"
    }
    return {
        "next_update_id": sim.telegram.updates.next_id,
        "last_private_message_id": world._last_box_id,
        "users": [
            {"id": user.id, "first_name": user.first_name, "has_blocked_bot": user.has_blocked_bot}
            for user in world.users.values()
            if not user.is_bot
        ],
        "chats": [
            {
                "id": chat.id,
                "kind": chat.kind,
                "title": chat.title,
                "members": {str(user_id): status for user_id, status in chat.members.items()},
                "migrated_to": chat.migrated_to,
                "last_message_id": chat.last_message_id,
                "messages": [as_kept(message) for message in chat.history.values()],
            }
            for chat in world.chats.values()
        ],
        "files": pending,
    }


def as_kept(message: Message) -> dict[str, Any]:
    """Return a message without what it repeats of another."""
    data = {name: message.data[name] for name in message.data if name != "reply_to_message"}
    for name in ("chat", "from", "entities", "caption_entities"):
        data.pop(name, None)
    return {"message_id": message.message_id, "sender_id": message.sender_id, "data": data}


def pretty(value: object, depth: int = 0) -> str:
    """Write JSON with a line per chat, message and entry, so that a change can be read."""
    if depth < 4 and isinstance(value, dict) and value:
        inner = (f"{json.dumps(key)}: {pretty(item, depth + 1)}" for key, item in value.items())
        return "{" + ",\n".join(inner) + "}"
    if depth < 4 and isinstance(value, list) and value:
        return "[" + ",\n".join(pretty(item, depth + 2) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


async def run_command(stage: Stage, when: datetime, *arguments: str) -> bytes:
    """Run a command of the program."""
    shift = str((when - datetime.now(UTC)).total_seconds())
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        START,
        shift,
        *arguments,
        env=stage.environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, arguments
    return out


async def write_fixture(stage: Stage, target: Path) -> None:
    """Write rows, files, Telegram's side, and the exports."""
    when = at(11, 28, 13, 30)
    backup = stage.folder / "backup.tar.gz"
    await run_command(stage, when, "backup", str(backup))
    before: dict[str, Any] = {"made_at": when.isoformat(), "ledgers": {}}
    for chat in stage.sim.chats:
        if chat.migrated_to is None:
            exported = json.loads(
                await run_command(stage, when, "export", str(chat.id), "--format", "json")
            )
            del exported["exported_at"]
            before["ledgers"][str(chat.id)] = exported
    (target / "before.json").write_text(pretty(before))
    world = json.dumps(world_of(stage), ensure_ascii=False).encode()
    with tarfile.open(backup) as made, tarfile.open(target / "first.tar.xz", "w:xz") as tar:
        for member in made:
            tar.addfile(member, made.extractfile(member))
        info = tarfile.TarInfo("world.json")
        info.size = len(world)
        tar.addfile(info, io.BytesIO(world))


async def main(target: Path) -> None:
    """Live through November and write it down."""
    with tempfile.TemporaryDirectory(prefix="kvitto-first-") as name:
        async with open_demo() as demo:
            stage = Stage(demo, Path(name))
            people = [
                stage.sim.add_user(first, language_code=language)
                for first, language in (("Mia", "en"), ("Jonas", "en"), ("Ana", "de"))
            ]
            mia, jonas, _ = people
            try:
                chats = await first_days(stage, *people)
                await later_weeks(stage, mia, jonas, chats)
                await last_hour(stage, mia, jonas, chats)
            except BaseException:
                print((stage.folder / "log").read_text()[-6000:])
                raise
            connection = sqlite3.connect(stage.database)
            with connection:
                connection.execute(AI_CALLS, (mia.id, mia.id))
            connection.close()
            await write_fixture(stage, target)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).absolute()))
