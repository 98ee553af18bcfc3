"""Runs walks one after the other over one database; each has its chat for itself."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

from ledger.rates.values import DayRates
from ports.repositories import Repositories
from storage import Database
from storage.blobs.disk import DiskBlobs
from tests.handlers.stage import ANN, BO, GROUP, Stage, open_stage
from tests.walks import messages, money
from tests.walks.import_jobs import RESULTS, ImportJobs
from tests.walks.money_model import PUBLISHED
from tests.walks.walk import BEGINNINGS, Action, Walk

STEPS = 14
ACTIONS: dict[str, tuple[int, Action]] = {
    "write": (4, messages.write),
    "note": (1, messages.note),
    "edit": (4, messages.edit),
    "chat": (1, messages.chat),
    "reply": (1, messages.reply),
    "press": (3, messages.press),
    "press_old": (1, messages.press_old),
    "press_foreign": (1, messages.press_foreign),
    "repeat": (1, messages.repeat),
    "undo": (4, money.undo),
    "redo": (2, money.redo),
    "budget": (4, money.budget),
    "budget_off": (1, money.budget_off),
    "rate": (2, money.rate),
    "rate_off": (1, money.rate_off),
    "currency": (1, money.currency),
    "later": (2, money.later),
    "bank_file": (1, money.bank_file),
}
"""How often each is chosen, and what it does."""


@dataclass
class Walks:
    """A database over which walks are done one after the other."""

    stage: Stage
    jobs: ImportJobs
    blobs: DiskBlobs

    async def walk(self, seed: int, steps: int = STEPS) -> None:
        """Do one walk in a chat of its own; a seed walks the same way each time."""
        dice = random.Random(seed)
        chat = dice.choice((ANN, GROUP))
        self.stage.now = dice.choice(BEGINNINGS)
        walk = Walk(self.stage, self.jobs, dice, chat)
        # A budget can be set for people whom the bot knows.
        for person in (ANN, BO) if chat == GROUP else (ANN,):
            await self.stage.say("/budgets", user=person, chat=chat)
        await self.stage.run(lambda r: r.chats.set_admins(chat, [ANN]))
        try:
            for _ in range(steps):
                await walk.step(ACTIONS)
        finally:
            await self.stage.run(partial(_forget, chat=chat))
            self.stage.messages.clear()

    async def check(self) -> None:
        """See that `kvitto check --ledger` finds nothing."""
        damages = await self.stage.database.find_damage(self.stage.now, self.blobs)
        assert not damages, damages


@asynccontextmanager
async def open_walks(database: Database, folder: Path) -> AsyncIterator[Walks]:
    """Build everything behind the worker, and publish the rates."""
    async with open_stage(database, results=RESULTS) as stage:
        await stage.run(_publish)
        blobs = DiskBlobs(folder)
        yield Walks(stage, ImportJobs(stage, blobs), blobs)


def _publish(repositories: Repositories) -> None:
    days = PUBLISHED.items()
    repositories.rates.publish(
        [DayRates(on, {code: Decimal(rate) for code, rate in rates.items()}) for on, rates in days]
    )


def _forget(repositories: Repositories, *, chat: int) -> None:
    place = repositories.chats.find(chat)
    if place is not None:
        repositories.chats.forget(place.chat.ledger.id)
