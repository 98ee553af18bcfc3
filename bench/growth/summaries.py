"""Ten thousand weekly summaries that are due in one minute, while people type.

    python -m bench.growth summaries [--scale 1] [--postgres]

The Bot API takes 30 messages a second and refuses more with 429, as Telegram does; the bot paces itself as
in production. Meanwhile a hundred others write two texts a second. The baseline is the time that the limit
alone takes: the summaries at the share of 30 a second that pushes may have.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bench.growth.musts import Must, report
from bench.growth.texts import ALL_ROLES, Installation, create_now, running
from bench.load import ask, cpu_seconds, run_load, simulated
from bench.schedule import BERLIN, entry
from bot.telegram.pacing import PUSH_SHARE
from ledger.settings import Settings
from ports.repositories import Repositories
from services.reporting.pushes import plan
from services.scope import Scope
from storage import open_database
from tests.postgres import running_postgres

CHATS, TYPISTS, FIRST_TYPIST = 10_000, 100, 50_000
PER_SECOND, TEXTS_PER_SECOND = 30, 2.0
ENTRIES, BATCH = 3, 200
FIRST_CHAT = 1_000_000
NOON = 12
TURN_SECONDS = 10.0
PACING = "30/1/20"
MINUTES, SHARE_429, TYPING = Must(10.0), Must(0.01), Must(2.0)


def settings_due(now: datetime) -> Settings:
    """Return settings whose weekly summary is due at the beginning of this hour, which is midday there."""
    hours = NOON - now.hour
    # POSIX counts zones west of Greenwich as positive.
    zone = f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"
    day = (now + timedelta(hours=hours)).weekday()
    return replace(
        BERLIN, timezone=zone, week_start=(day + 1) % 7, weekly_day=day, weekly_hour=NOON
    )


def settle(repositories: Repositories, chats: range, now: datetime) -> None:
    """Make chats with entries of today and a summary that is due."""
    begun = now.replace(minute=0, second=0, microsecond=0) - timedelta(minutes=1)
    for number in chats:
        chat_id = FIRST_CHAT + number
        chat = repositories.chats.add(chat_id, "private", "Ann", settings_due(now), begun)
        made = [entry(chat.ledger.id, chat_id, place) for place in range(ENTRIES)]
        repositories.entries.add([replace(one, spent_on=now.date()) for one in made])
        plan(Scope(repositories, chat.ledger, 0, begun))


async def fill(url: str, chats: int, now: datetime) -> None:
    async with open_database(url) as database:
        for first in range(0, chats, BATCH):
            batch = range(first, min(first + BATCH, chats))
            async with database.units.open(now=now) as unit:
                await unit.run(partial(settle, chats=batch, now=now))


def watch(url: str, chats: int, seconds_max: float) -> tuple[float, float, dict[str, float]]:
    """Let people type until every summary is out; return the seconds, their p95, and the counts."""
    began, sent, typing = time.monotonic(), 0, 0.0
    before = ask(f"{url}/result")["sent"]
    texts_sent = 0
    while sent < chats and time.monotonic() - began < seconds_max:
        texts = int(TURN_SECONDS * TEXTS_PER_SECOND)
        result = run_load(url, texts, TYPISTS, TEXTS_PER_SECOND, first=FIRST_TYPIST)
        texts_sent += texts
        typing = max(typing, float(result["p95"] or TURN_SECONDS))
        sent = result["sent"] - before - texts_sent
    return time.monotonic() - began, typing, {"sent": sent, "refused": result["refused"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="part of the chats")
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    chats = int(CHATS * options.scale)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = f"sqlite:///{folder}/kvitto.db"
        if options.postgres:
            server = stack.enter_context(running_postgres(folder / "postgres", durable=True))
            database = create_now(server, "summaries")
        asyncio.run(fill(database, chats, datetime.now(UTC)))
        url = stack.enter_context(simulated(0))
        ask(f"{url}/limit", {"per_second": PER_SECOND})
        paced = (("TELEGRAM_PACING", PACING),)
        bot = Installation("one process", (ALL_ROLES,), database, paced)
        (process,), ports = stack.enter_context(running(bot, url, str(folder)))
        ask(f"{url}/webhooks", {"ports": ports})
        began = cpu_seconds(process)
        seconds, typing, counts = watch(url, chats, MINUTES.bound * 120)
        own = (cpu_seconds(process) - began) / chats
        drawing = sum(map(cpu_seconds, process.children(recursive=True))) / chats
    alone = chats / (PER_SECOND * PUSH_SHARE)
    kind = "PostgreSQL" if options.postgres else "SQLite"
    figures = f"the limit alone {alone / 60:.2f} min; {counts['sent']:.0f} messages, on {kind}"
    cpu = f"{own * 1000:.0f} ms of the bot, {drawing * 1000:.0f} ms of the processes that draw"
    print(f"CPU for a summary, with the texts meanwhile: {cpu}")
    met = report(f"{chats} summaries", seconds / 60, "min", MINUTES, figures)
    refused = counts["refused"] / max(counts["sent"], 1)
    met &= report("answers 429 of all", refused, "", SHARE_429, f"{counts['refused']:.0f} refused")
    met &= report("typing meanwhile, worst p95 of ten seconds", typing, "s", TYPING, "")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
