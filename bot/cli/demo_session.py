"""Run the bot on a Bot API server of its own, with a chat page (`kvitto demo`).

Server and bot share a process and a clock, yet they talk over HTTP, as with Telegram. The ledger
lives in a folder that is deleted at the end, because the chats of the page are gone then too.
"""

from __future__ import annotations

import errno
import shutil
import socket
import sys
import tempfile
from pathlib import Path

import uvloop

from bot.cli.scripts import describe_missing_scripts
from bot.ops.clock import move_clock
from bot.ops.logs import open_logs
from bot.setup.roles import ROLES
from bot.setup.setting_fields import SecretText
from bot.setup.settings import LOOPBACK, Settings
from demo.household import add_household
from demo.server import DemoServer, open_demo
from demo.simulation import Simulation
from ledger.errors import SettingsError

READY = """
Kvitto's demo is ready: {url}

Open it, type "coffee 4.50", click a sample receipt, ask "/summary month". Nothing leaves this
machine, and everything is deleted when you stop with Ctrl+C.
"""
_UNUSABLE_PORT = frozenset({errno.EADDRINUSE, errno.EACCES})


def run_session(port: int) -> int:
    """Serve chat page and bot until a signal; return the bot's exit code.

    Raises:
        SettingsError: the port is taken, or needs rights that this user does not have.
    """
    open_logs("WARNING", "text", ())
    with tempfile.TemporaryDirectory(prefix="kvitto-demo-") as folder:
        try:
            return uvloop.run(_serve(port, Path(folder)))
        except OSError as error:
            if error.errno not in _UNUSABLE_PORT:
                raise
            remedy = (
                f"port {port} cannot be used; choose another: {find_program()} demo --port 8091"
            )
            raise SettingsError("setting_wrong", name="--port", remedy=remedy) from error


async def _serve(port: int, folder: Path) -> int:
    simulation = Simulation()
    add_household(simulation)
    simulation.clock.on_change(lambda _: move_clock(simulation.clock.shift))
    async with open_demo(port, simulation=simulation) as server:
        # A pipe would keep the address back until the program ends.
        print(READY.format(url=server.url), flush=True)
        if missing := describe_missing_scripts():
            print(f"Note: {missing}\n", flush=True)
        # The slowest imports come last: the page opens while they are loaded, and what a person
        # sends meanwhile waits in the server's queue.
        from bot.setup import wiring  # noqa: PLC0415

        return await wiring.run(_settings(server, folder), frozenset(ROLES))


def _settings(server: DemoServer, folder: Path) -> Settings:
    """Return settings that owe nothing to the environment or to `.env`."""
    port = _find_port()
    return Settings(
        telegram_bot_token=SecretText(server.token),
        telegram_api_url=server.url,
        telegram_pacing=None,
        http_port=port,
        public_url=f"http://{LOOPBACK}:{port}",
        database_url=SecretText(f"sqlite:///{folder}/kvitto.db"),
        receipt_store=str(folder / "receipts"),
    )


def _find_port() -> int:
    """Return a free port for the dashboard, which the chat page opens in a panel."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def find_program() -> str:
    """Return how `kvitto` is typed in the caller's shell and folder.

    `make` installs it into `.venv`, which is not on the path until somebody activates it.
    """
    program = Path(sys.executable).with_name("kvitto")
    if not program.exists():
        return f"{sys.executable} -m bot"
    found = shutil.which("kvitto")
    if found is not None and program.samefile(found):
        return "kvitto"
    folder = Path.cwd()
    return str(program.relative_to(folder) if program.is_relative_to(folder) else program)
