"""Write the style sheet and the bridge into each page, and serve its other files.

A browser paints nothing before it has the style sheet and the script of the head, so both stand in the page
itself, and its policy names them by their digests. The other files are read and compressed once. A browser
may keep them forever, because a new content has a new name; an old name is answered 404, never with other
content.
"""

from __future__ import annotations

import gzip
import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import brotli
from aiohttp import web
from markupsafe import Markup

from presentation.charts import themes

FOLDER = Path(__file__).parent / "static"
PREFIX: Final = "/app/static"
_HASH_LENGTH = 10
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
STYLE, BRIDGE = "app.css", "bridge.js"
"""The files that stand in each page; the style sheet begins with the colours of the themes."""
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    media_type: str
    bodies: Mapping[str, bytes]
    """By the name of their coding; `identity` is the file itself."""


@dataclass(frozen=True, slots=True)
class Assets:
    """All files, by the names under which they are served."""

    files: Mapping[str, Asset]
    names: Mapping[str, str]
    """From a file's name to the one with its hash."""
    inside: Mapping[str, Markup]
    """The files that stand in each page, by their names."""

    def digest(self, name: str) -> str:
        """Return how a policy names a file of a page. Raises `KeyError` for an unknown one."""
        found = hashlib.sha256(self.inside[name].encode()).digest()
        return f"'sha256-{b64encode(found).decode()}'"

    def address(self, name: str) -> str:
        """Return the address of a file. Raises `KeyError` for an unknown one."""
        return f"{PREFIX}/{self.names[name]}"

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a file in the best coding that the browser takes."""
        asset = self.files.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        accepted = request.headers.get("Accept-Encoding", "")
        # Brotli first, as it makes the smaller file.
        coding = next((one for one in ("br", "gzip") if one in accepted), "identity")
        headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
        if coding != "identity":
            headers["Content-Encoding"] = coding
        return web.Response(
            body=asset.bodies[coding],
            content_type=asset.media_type,
            charset="utf-8",
            headers=headers,
        )


@cache
def load_assets() -> Assets:
    """Read all files of the folder."""
    files: dict[str, Asset] = {}
    names: dict[str, str] = {}
    inside: dict[str, Markup] = {}
    for path in sorted(FOLDER.iterdir()):
        if path.suffix not in _TYPES:
            continue
        body = path.read_bytes()
        if path.name in (STYLE, BRIDGE):
            text = (_write_themes() if path.name == STYLE else "") + body.decode()
            assert "</" not in text, "it would end in the middle"
            inside[path.name] = Markup(text)  # noqa: S704  # our own file
            continue
        digest = hashlib.sha256(body).hexdigest()[:_HASH_LENGTH]
        names[path.name] = f"{path.stem}.{digest}{path.suffix}"
        bodies = {"identity": body, "gzip": gzip.compress(body, 9), "br": brotli.compress(body)}
        files[names[path.name]] = Asset(_TYPES[path.suffix], bodies)
    return Assets(files, names, inside)


def _write_themes() -> str:
    """Return the colours of the pictures' themes as variables.

    The dark ones hold where the reader's system is dark, unless a client chose a theme (`data-theme`).
    """
    colours = {
        theme: "".join(f"--{name}:{colour};" for name, colour in found.items())
        for theme, found in themes().items()
    }
    light, dark = colours["light"], colours["dark"]
    return (
        f":root,[data-theme=light]{{{light}}}"
        f"@media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f"[data-theme=dark]{{{dark}}}"
    )
