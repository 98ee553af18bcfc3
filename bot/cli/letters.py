"""List, retry or drop updates and jobs that were given up (`kvitto dead-letters`)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Literal

from bot.ops.clock import utc_now
from bot.setup.settings import read_settings
from storage import open_database

LISTED_MAX = 10_000


def letters(action: Literal["list", "retry", "drop"], ids: Sequence[str]) -> int:
    """List dead letters, or retry or drop those named; without a name, or by `all`, every one."""
    return asyncio.run(_letters(action, ids))


async def _letters(action: Literal["list", "retry", "drop"], ids: Sequence[str]) -> int:
    url = read_settings().database_url.get_secret_value()
    async with open_database(url) as database:
        found = await database.dead_letters.list_all(LISTED_MAX)
        if action == "list":
            for letter in found:
                at = letter.at.strftime("%Y-%m-%d %H:%M:%SZ")
                chat = letter.partition if letter.partition is not None else "-"
                print(f"{letter.id:<14} {at}  chat {chat}  {letter.kind}  {letter.error}")
            if not found:
                print("there are none", file=sys.stderr)
            return 0
        named = ids if ids and list(ids) != ["all"] else [letter.id for letter in found]
        for letter_id in named:
            if action == "retry":
                await database.dead_letters.retry(letter_id, now=utc_now())
            else:
                await database.dead_letters.drop(letter_id)
            print(f"{letter_id}: {'will be tried again' if action == 'retry' else 'dropped'}")
    return 0
