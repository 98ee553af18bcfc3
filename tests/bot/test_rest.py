"""What a quiet process has not loaded, because each of these takes megabytes that it does not need."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from demo.server import open_demo

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 180.0
"""A bound for machines that do much else; it takes three seconds."""
SCRIPT = """
import atexit, sys
from pathlib import Path
atexit.register(lambda: Path(sys.argv[1]).write_text(chr(10).join(sys.modules)))
from bot.__main__ import main
sys.exit(main(["run"]))
"""
NEEDLESS = {
    "numpy": "categories are guessed without it",
    "PIL": "pictures are drawn and read by other processes",
    "sqlalchemy.orm": "the engines need none of it",
    "sqlalchemy.dialects.postgresql": "the database is SQLite",
    "asyncpg": "the same",
    "alembic": "the database was made by a process of its own",
    "mako": "the same",
    "web.app": "nothing listens",
    "jinja2": "the same",
    "pydantic": "settings and jobs are read without it; the API needs it",
    "cryptography": "Telegram Passport is not used",
    "rich": "logs are plain",
    "pygments": "the same",
    "http.server": "nobody asks for metrics",
    "ledger.receipt.build": "no receipt came",
    "openai": "no key is set",
    "boto3": "the same",
    "icalendar": "no calendar was asked for",
    "storage.check": "nobody looks for damage",
    "ledger.statements.reading": "files are read by another process",
}
"""Modules with the reason why a bot that took a text and a press holds none of them."""


async def test_a_text_and_a_press_load_nothing_needless(tmp_path: Path) -> None:
    listed = tmp_path / "modules"
    async with open_demo() as demo:
        environment = {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": demo.token,
            "TELEGRAM_API_URL": demo.url,
            "DATABASE_URL": f"sqlite:///{tmp_path}/kvitto.db",
            "RECEIPT_STORE": str(tmp_path / "receipts"),
            "HTTP_PORT": "0",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SCRIPT, str(listed), cwd=ROOT, env=environment
        )
        try:
            sim = demo.simulation
            ann = sim.add_user("Ann", language_code="en")
            chat = sim.private_chat(ann)
            sim.say(ann, chat, "coffee 4.50")
            (card,) = await sim.answers(chat, timeout=SECONDS)
            # A press is looked up by the engine for reports.
            sim.press(ann, card, card.labels[0])
            await sim.edit_of(card, timeout=SECONDS)
        finally:
            process.terminate()
            assert await process.wait() == 0
    loaded = set(listed.read_text(encoding="utf-8").splitlines())
    assert "bot.setup.wiring" in loaded
    assert {name: why for name, why in NEEDLESS.items() if name in loaded} == {}


EVERY_ROLE = """
import bot.cli.run, bot.setup.wiring, bot.setup.handlers, bot.setup.jobs
import bot.setup.services, scheduler.pushes, scheduler.ticks, web.app
from bot.setup.settings import Settings
from bot.telemetry.opening import open_telemetry
open_telemetry(Settings(), "all").__enter__()
"""


@pytest.mark.parametrize(
    ("code", "needless"),
    [
        # A wrong setting is told before anything slow is imported.
        ("import bot.cli.run", {"sqlalchemy", "aiohttp", "telegram", "pydantic", "dotenv"}),
        # Nothing is reported anywhere unless it is set.
        (EVERY_ROLE, {"opentelemetry", "sentry_sdk", "requests", "google"}),
    ],
    ids=["settings", "every_role"],
)
def test_imports_bring_nothing_needless(code: str, needless: set[str]) -> None:
    told = "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code + told], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert needless.isdisjoint(done.stdout.split()), needless & set(done.stdout.split())
