"""Fill the page's templates, and answer them with the headers of a page.

Jinja escapes every value and refuses a name that a view did not give. Sentences come from the same
catalogues as the chat's: a template asks `say` for them by their ids.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web

from presentation.format import is_right_to_left
from presentation.localizer import Localizer
from presentation.page_links import Links
from web.page.assets import BRIDGE, STYLE, load_assets

_FOLDER = Path(__file__).parent / "templates"
_COMPRESSED_FROM = 1000
"""Bytes below which compression is not worth its time."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts around the content of every page."""

    t: Localizer
    title: str
    links: Links | None = None
    """None before a ledger is chosen."""
    active: str = ""
    """The view that the navigation marks."""
    parent: str = ""
    """The address that Telegram's back button leads to; empty on a first view."""
    flash: str = ""
    """The outcome of the request before, in words."""
    undo: str = ""
    """The address that takes it back, empty where that is not possible."""
    is_alert: bool = False

    @property
    def direction(self) -> str:
        """Return `rtl` where the page's language is written from right to left, else `ltr`."""
        return "rtl" if is_right_to_left(self.t.language) else "ltr"


def render(template: str, frame: Frame, **values: Any) -> str:  # noqa: ANN401  # a view's dataclass
    """Return a page as HTML."""
    say: Callable[..., str] = frame.t.plain
    found = _environment().get_template(f"{template}.html")
    given = {"csrf": "", **values}
    assets = load_assets()
    return found.render(frame=frame, say=say, asset=assets.address, inside=assets.inside, **given)


def page_response(html: str, *, frames: tuple[str, ...], status: int = 200) -> web.Response:
    """Return an answer with a page; it is never kept by a cache, as it shows a person's money."""
    response = web.Response(
        text=html,
        status=status,
        content_type="text/html",
        headers={
            "Content-Security-Policy": build_policy(frames),
            # A form names its origin only where a referrer may be sent to this site.
            "Referrer-Policy": "same-origin",
            "Vary": "Accept-Encoding, Cookie",
        },
    )
    if len(html) >= _COMPRESSED_FROM:
        response.enable_compression()
    return response


def lead_to(address: str) -> web.Response:
    """Answer that the browser shall get another address."""
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})


@cache
def build_policy(frame_ancestors: tuple[str, ...]) -> str:
    """Return the content policy of a page: our own files alone, shown by Telegram's clients alone."""
    assets = load_assets()
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {assets.digest(BRIDGE)}",
            f"style-src {assets.digest(STYLE)}",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {' '.join(frame_ancestors)}",
        )
    )


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Templates change with a release only.
        auto_reload=False,
    )
