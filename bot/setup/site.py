"""Hand the installation to the page and the API once everything is open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.engine.documents import DocumentProcess
from bot.ops.clock import utc_now
from bot.setup.settings import Settings
from ledger.settings import Settings as LedgerSettings
from ports.programs.webhooks import AddressRule
from services.access.init_data import build_keys
from web.page.parts import TELEGRAM_FRAMES, PageParts
from web.site import Backend, Site

if TYPE_CHECKING:
    from bot.setup.installation import Installation
    from services.bundle import Services

TELEGRAM_KEY = bytes.fromhex("e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d")
"""The public Ed25519 key with which Telegram signs the data of Mini Apps."""


def build_page(settings: Settings) -> PageParts:
    """Return the page's own part of the installation."""
    defaults = LedgerSettings(
        settings.default_currency, settings.default_timezone, settings.default_language
    )
    return PageParts(defaults, frames=_list_frames(settings))


def _list_frames(settings: Settings) -> tuple[str, ...]:
    """Return the origins that may show the page in a frame.

    A Bot API server on this machine (the demo) shows the chats itself.
    """
    if not settings.is_demo:
        return TELEGRAM_FRAMES
    server = urlsplit(settings.telegram_api_url)
    return (*TELEGRAM_FRAMES, f"{server.scheme}://{server.netloc}")


@contextmanager
def opening_site(site: Site, i: Installation, services: Services) -> Iterator[None]:
    """Let the site answer until the block ends."""
    site.backend = Backend(
        units=i.database.units,
        services=services,
        keys=build_keys(i.settings.token, is_signed_by_telegram),
        clock=utc_now,
        blobs=i.blobs,
        documents=DocumentProcess(),
        wake=i.wakes.all,
        webhook_rule=AddressRule(i.settings.webhook_networks),
        allowed_users=frozenset(i.settings.allowed_users),
    )
    try:
        yield
    finally:
        site.backend = None


def is_signed_by_telegram(signature: bytes, message: bytes) -> bool:
    """Return whether Telegram made this signature of this message."""
    # Imported where it is needed, which is only while the bot's token is being replaced.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PublicKey,
    )

    try:
        Ed25519PublicKey.from_public_bytes(TELEGRAM_KEY).verify(signature, message)
    except InvalidSignature:
        return False
    return True
