"""How long a webhook's post waits for its 200 in a burst.

    python -m bench.growth acknowledging [--scale 1] [--no-fsync]

Posts 10,000 updates of 1,000 chats at once over forty connections, as many as Telegram opens, to one intake.
A post is acknowledged when its update is committed. The baseline is an aiohttp server in a process of its
own that answers 200 at once.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop
from aiohttp import web

from bench.free_ports import free_port
from bench.growth.musts import Must, report
from bench.growth.posting import open_posters
from bench.growth.texts import ALL_ROLES, Installation, create_now, running, wait_until_ready
from bench.load import ROOT, simulated
from tests.postgres import running_postgres

POSTS, CHATS = 10_000, 1_000
BURST = Must(1.0)
LINKS_PER_INTAKE = 2
"""Times `CONNECTIONS` of `posting`."""


async def post_all(port: int, posts: int) -> tuple[list[float], float]:
    """Post a burst; return the seconds of each post, and of all."""
    posters = await open_posters([port] * LINKS_PER_INTAKE)
    began = time.perf_counter()
    for number in range(posts):
        chat = number % CHATS
        posters[chat % len(posters)].add(_update(number, 10_000 + chat))
    while sum(len(poster.took) for poster in posters) < posts:  # noqa: ASYNC110  # a bench
        await asyncio.sleep(0.01)
    seconds = time.perf_counter() - began
    return sorted(took for poster in posters for took in poster.took), seconds


def _update(number: int, chat_id: int) -> dict[str, object]:
    person = {"id": chat_id, "is_bot": False, "first_name": "P", "language_code": "en"}
    chat = {"id": chat_id, "type": "private", "first_name": "P"}
    message = {
        "message_id": number + 1,
        "date": int(time.time()),
        "chat": chat,
        "from": person,
        "text": f"coffee {number % 900 / 100 + 1:.2f}",
    }
    return {"update_id": number + 1, "message": message}


@contextlib.contextmanager
def bare_server() -> Iterator[int]:
    """Run the baseline; yield its port."""
    port = free_port()
    command = [sys.executable, "-m", "bench.growth.acknowledging", "--serve", str(port)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        wait_until_ready(port)
        yield port
    finally:
        process.kill()
        process.wait()


def serve(port: int) -> None:
    """Answer everything with 200."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


def describe(took: list[float], seconds: float) -> str:
    half, most = took[len(took) // 2], took[int(len(took) * 0.99)]
    rate = len(took) / seconds
    return f"p50 {half * 1000:.0f} ms, p99 {most * 1000:.0f} ms, {rate:.0f}/s"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="part of the posts")
    parser.add_argument("--no-fsync", action="store_true")
    parser.add_argument("--serve", type=int)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return 0
    posts, met = int(POSTS * options.scale), True
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(
            running_postgres(folder / "postgres", durable=not options.no_fsync)
        )
        with bare_server() as port:
            baseline = describe(*uvloop.run(post_all(port, posts)))
        both = [
            Installation("intake on PostgreSQL", ("intake",), create_now(server, "posts")),
            Installation("one process on SQLite", (ALL_ROLES,)),
        ]
        for each in both:
            with (
                tempfile.TemporaryDirectory() as own,
                simulated(0) as url,
                running(each, url, own) as (_, ports),
            ):
                took, seconds = uvloop.run(post_all(ports[0], posts))
            print(f"{each.name}: {describe(took, seconds)}; bare server: {baseline}")
            p99 = took[int(len(took) * 0.99)]
            met &= report(f"{posts} posts, p99, {each.name}", p99, "s", BURST, "")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
