"""Hold what the page needs next to the site's backend."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from ledger.settings import Settings

TELEGRAM_FRAMES = ("https://web.telegram.org", "https://*.telegram.org")
"""The origins of Telegram's web clients, which show the page in a frame."""


@dataclass(frozen=True, slots=True)
class PageParts:
    """The page's own part of the installation."""

    defaults: Settings
    """Words and formats for people whose ledger is not known yet."""
    frames: tuple[str, ...] = TELEGRAM_FRAMES
    """The origins that may show the page in a frame."""


PAGE: web.AppKey[PageParts] = web.AppKey("page", PageParts)
