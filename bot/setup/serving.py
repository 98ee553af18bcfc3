"""Serve HTTP: probes, Telegram's posts, the page and the API.

Page and API take memory, so a process that listens nowhere does not import this module.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.ops.logs import get_logger
from bot.setup.installation import Readiness
from bot.setup.roles import Role
from bot.setup.settings import Settings
from bot.setup.site import build_page
from ledger.errors import SettingsError
from web.app import add_ops_paths, build_ops_app, build_public_app, open_server
from web.calendar import CalendarFeed
from web.health import Health
from web.site import Site
from web.webhook import Webhook

_log = get_logger("bot.setup.serving")


@asynccontextmanager
async def serving(
    readiness: Readiness, settings: Settings, roles: frozenset[Role]
) -> AsyncIterator[None]:
    """Listen for probes, and for Telegram's posts where a webhook is set."""
    posted = bool(settings.telegram_webhook_url) and bool(roles & {"intake", "web"})
    secret = settings.telegram_webhook_secret
    webhook = Webhook(secret.get_secret_value(), readiness.store) if posted and secret else None
    health = Health(readiness.find_troubles, readiness.render)
    calendar = CalendarFeed(readiness.read_calendar) if settings.public_url else None
    readiness.site = Site(settings.public_url, build_page(settings)) if "web" in roles else None
    public = build_public_app(health, webhook, calendar, readiness.site)
    ops = settings.ops_address
    if ops is None:
        add_ops_paths(public, health, has_proxy=settings.has_proxy)
    async with AsyncExitStack() as stack:
        try:
            if settings.http_port:
                await stack.enter_async_context(
                    open_server(public, settings.http_host, settings.http_port)
                )
        except OSError:
            if posted or "web" in roles:
                remedy = "this address is taken or not ours; choose another"
                raise SettingsError("setting_wrong", name="HTTP_PORT", remedy=remedy) from None
            # A second process of another role on this machine goes without probes.
            _log.warning("probes_not_served", port=settings.http_port)
        if ops is not None and ops[1]:
            await stack.enter_async_context(_serving_operators(health, *ops))
        yield


@asynccontextmanager
async def _serving_operators(health: Health, host: str, port: int) -> AsyncIterator[None]:
    """Listen for operators; a second process on this machine goes without."""
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(open_server(build_ops_app(health), host, port))
        except OSError:
            _log.warning("probes_not_served", port=port)
        yield
