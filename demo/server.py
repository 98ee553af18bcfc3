"""Serve the Bot API and the chat page on one port of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from aiohttp import web

from demo.botapi.delivery.webhook import WebhookSender
from demo.botapi.requests.routes import BotApiRoutes
from demo.control import ControlRoutes
from demo.page_routes import PageRoutes
from demo.simulation import Simulation

HOST = "127.0.0.1"
_BODY_MAX_BYTES = 60 << 20
_STOP_SECONDS = 0.1
"""Longest delay of a stop by open polls and pages."""


@dataclass(frozen=True, slots=True)
class DemoServer:
    """A running server; `url` is the bot's `TELEGRAM_API_URL` and the page's address."""

    url: str
    token: str
    simulation: Simulation


def build_demo_app(simulation: Simulation) -> web.Application:
    """Build the application that serves both."""
    app = web.Application(client_max_size=_BODY_MAX_BYTES)
    BotApiRoutes(simulation.telegram, simulation.faults, simulation.log).add_to(app)
    ControlRoutes(simulation).add_to(app)
    PageRoutes(simulation.telegram.files).add_to(app)
    return app


@asynccontextmanager
async def open_demo(
    port: int = 0,
    *,
    simulation: Simulation | None = None,
    webhook_backoff_seconds: float = 1.0,
) -> AsyncIterator[DemoServer]:
    """Run the server on 127.0.0.1 while the block runs; port 0 takes a free port."""
    simulation = simulation or Simulation()
    runner = web.AppRunner(
        build_demo_app(simulation), access_log=None, shutdown_timeout=_STOP_SECONDS
    )
    await runner.setup()
    # Only this machine reaches the server: its token opens nothing that needs protection.
    site = web.TCPSite(runner, HOST, port)
    await site.start()
    sender = WebhookSender(simulation.telegram, backoff_seconds=webhook_backoff_seconds)
    delivery = asyncio.create_task(sender.run())
    try:
        host, bound_port = runner.addresses[0][:2]
        yield DemoServer(f"http://{host}:{bound_port}", simulation.token, simulation)
    finally:
        delivery.cancel()
        with suppress(asyncio.CancelledError):
            await delivery
        await runner.cleanup()
