"""Write pages of a sentence and a button, which need no file of styles and no script."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from html import escape

from aiohttp import web

from presentation.localizer import Localizer, localizer_for
from services.entering import Entering

_STYLE = (
    "body{font:1.125rem/1.5 system-ui,sans-serif;max-width:28rem;margin:20vh auto;padding:0 1rem;"
    "text-align:center}button{font:inherit;padding:.75rem 2rem}"
)
_STYLE_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    # With `no-referrer` browsers would send the form without its origin.
    "Referrer-Policy": "same-origin",
}


def small_page(status: int, title: str, content: str, t: Localizer) -> web.Response:
    """Return a page; `content` is HTML already."""
    text = (
        f'<!doctype html><html lang="{escape(t.language)}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>{content}"
    )
    return web.Response(status=status, text=text, content_type="text/html", headers=HEADERS)


def localizer_of(request: web.Request, entering: Entering) -> Localizer:
    """Return the words of the language that a browser wants, where no chat is known."""
    wanted = request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0].strip()
    known = wanted if wanted.isascii() and wanted.replace("-", "").isalnum() else None
    return localizer_for(entering.guess(known))
