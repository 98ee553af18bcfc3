"""`kvitto demo`: the same bot on a Bot API server of its own, with a chat page. Needs nothing.

Server and bot share a process and a clock; the bot still talks to the server over HTTP, as it talks
to Telegram. The ledger lives in a folder that is deleted at the end, because the chats of the page
are gone then too.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import uvloop
from pydantic import SecretStr

from bot.clock import move_clock
from bot.logs import open_logs
from bot.roles import ROLES
from bot.settings import Settings
from demo.household import add_household
from demo.server import DemoServer, open_demo
from demo.simulation import Simulation
from ledger.errors import SettingsError

HELLO = """
Kvitto's demo is ready: {url}

Type "coffee 4.50", drop a receipt into the chat, ask "/summary month". Everything stays on this
machine and is forgotten when you stop with Ctrl+C.
"""


def demo(port: int) -> int:
    """Serve until a signal.

    Raises:
        SettingsError: the port is taken.
    """
    open_logs("WARNING", "text", ())
    with tempfile.TemporaryDirectory(prefix="kvitto-demo-") as folder:
        return uvloop.run(_serve(port, Path(folder)))


async def _serve(port: int, folder: Path) -> int:
    from bot import wiring  # noqa: PLC0415  # the page's address is told before the slow imports

    simulation = Simulation()
    add_household(simulation)
    simulation.clock.on_change(lambda _: move_clock(simulation.clock.shift))
    try:
        async with open_demo(port, simulation=simulation) as server:
            sys.stdout.write(HELLO.format(url=server.url))
            sys.stdout.flush()
            return await wiring.run(_settings(server, folder), frozenset(ROLES))
    except OSError as error:
        remedy = f"port {port} is taken; choose another: kvitto demo --port 8091"
        raise SettingsError("setting_wrong", name="--port", remedy=remedy) from error


def _settings(server: DemoServer, folder: Path) -> Settings:
    """Return settings that owe nothing to the environment or to `.env`."""
    return Settings.model_construct(
        telegram_bot_token=SecretStr(server.token),
        telegram_api_url=server.url,
        telegram_pacing=None,
        http_port=0,
        database_url=SecretStr(f"sqlite:///{folder}/kvitto.db"),
        receipt_store=str(folder / "receipts"),
    )
