"""Serve the page and for the files that it shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from demo.botapi.files.store import FileStore
from demo.guard import guarded

PAGE = Path(__file__).parent / "page"

_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
    (b"OggS", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "audio/webm"),
)


@dataclass(frozen=True, slots=True)
class PageRoutes:
    """The handlers that serve the page."""

    files: FileStore

    def add_to(self, app: web.Application) -> None:
        """Add all routes to an application."""
        app.router.add_get("/", guarded(self.index))
        app.router.add_get("/page/{path:[a-z_/]+\\.(?:css|js|svg)}", guarded(self.asset))
        app.router.add_get("/demo/files/{file_id}", guarded(self.file))

    async def index(self, _request: web.Request) -> web.StreamResponse:
        """Return the page."""
        return _serve(PAGE / "index.html")

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """Return a style sheet, script or icon of the page."""
        # Resolved first, so that no path leads out of the folder.
        path = (PAGE / request.match_info["path"]).resolve()
        if not path.is_relative_to(PAGE) or not path.is_file():
            raise web.HTTPNotFound
        return _serve(path)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Return a chat's file: pictures and sounds to show, all others to save, none to run."""
        stored = self.files.find(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound
        # The type comes from the content: a name or declared type could make a script of a file.
        kind = next((kind for magic, kind in _MAGIC if stored.content.startswith(magic)), None)
        response = web.Response(
            body=stored.content,
            content_type=kind or "application/octet-stream",
            headers={
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "Cache-Control": "private, max-age=3600",
            },
        )
        if kind is None or "save" in request.query:
            name = stored.file_name.encode("ascii", "ignore").decode().replace('"', "")
            response.headers["Content-Disposition"] = f'attachment; filename="{name or "file"}"'
        return response


def _serve(path: Path) -> web.Response:
    return web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8")
