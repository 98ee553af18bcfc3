"""A plain aiogram bot that books expenses, the yardstick of `bench.burst`.

It reads "coffee 4.50", commits each entry to SQLite before it answers, as durably as Kvitto does
(`synchronous=FULL`), and does nothing else. It runs in an environment of its own:

    python bench/aiogram_bot URL TOKEN DATABASE
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

ENTRY = re.compile(r"(?P<note>.+?)\s+(?P<units>\d+)(?:[.,](?P<cents>\d\d))?")


def open_database(path: str) -> sqlite3.Connection:
    """Open the database and make its table."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute(
        "CREATE TABLE IF NOT EXISTS entries"
        " (id INTEGER PRIMARY KEY, chat_id INTEGER, note TEXT, cents INTEGER)"
    )
    return database


async def main(url: str, token: str, path: str) -> None:
    """Poll until the process is ended."""
    database = open_database(path)
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def book(message: Message) -> None:
        found = ENTRY.fullmatch(message.text or "")
        if found is None:
            await message.answer("I read no amount.")
            return
        cents = int(found["units"]) * 100 + int(found["cents"] or 0)
        with database:
            database.execute(
                "INSERT INTO entries (chat_id, note, cents) VALUES (?, ?, ?)",
                (message.chat.id, found["note"], cents),
            )
        await message.answer(f"<b>{cents / 100:.2f}</b> · {found['note']}", parse_mode="HTML")

    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    await dispatcher.start_polling(Bot(token, session=session))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
