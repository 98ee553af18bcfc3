"""I07: every kind of update, with and without what is optional, known or unknown, is handled."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from bot.engine.inbox_messages import inbox_message_of
from bot.ops.clock import utc_now
from bot.ops.errors import describe_error, trace_error
from bot.setup.handlers import open_handlers
from bot.setup.lazy import LazyCategoriser
from bot.setup.services import ServicePlugs, build_services
from bot.setup.setting_fields import SecretText
from bot.setup.settings import Settings
from bot.telegram.api import BotApi
from demo.server import DemoServer
from ports.queue import PermanentError
from services.bundle import Services
from storage import Database, open_database
from tests.bot.shapes import SPECIFICATION, Shapes

pytestmark = [
    pytest.mark.shared,
    # PTB warns of shapes that are to change; they are Telegram's.
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(not SPECIFICATION.exists(), reason="../shared is not here"),
]

ROUNDS = 40


async def test_every_shape_of_update_is_handled(demo: DemoServer, sqlite_url: str) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    shapes = Shapes(random.Random(seed))
    settings = Settings(telegram_bot_token=SecretText(demo.token))
    failures: Counter[str] = Counter()
    async with BotApi(demo.url, demo.token) as api, open_database(sqlite_url) as database:
        handlers = await open_handlers(settings, api, database.units, new_services(settings), {})
        for _ in range(ROUNDS):
            for kind in shapes.update_types():
                update = shapes.update(kind)
                error = await _handle(handlers.handle, database, update)
                if error is not None:
                    cause = error.__cause__ if isinstance(error, PermanentError) else error
                    assert cause is not None
                    failures[f"{kind}: {describe_error(cause)} {trace_error(cause)[-3:]}"] += 1
    assert not failures, "\n".join(f"{n}x {what}" for what, n in failures.most_common(12))


async def test_a_kind_that_was_not_asked_for_is_passed_over_whatever_its_shape(
    demo: DemoServer, sqlite_url: str
) -> None:
    settings = Settings(telegram_bot_token=SecretText(demo.token))
    async with BotApi(demo.url, demo.token) as api, open_database(sqlite_url) as database:
        handlers = await open_handlers(settings, api, database.units, new_services(settings), {})
        unasked: dict[str, object] = {"poll": {"id": "1"}, "inline_query": 7, "new": []}
        for number, (kind, value) in enumerate(unasked.items()):
            update = {"update_id": number, kind: value}
            assert await _handle(handlers.handle, database, update) is None


def new_services(settings: Settings) -> Services:
    return build_services(settings, ServicePlugs(LazyCategoriser()))


async def _handle(
    handle: object, database: Database, update: dict[str, object]
) -> Exception | None:
    """Handle one update as the worker does; return what went wrong."""
    now = utc_now()
    inbox_message = inbox_message_of(update)
    await database.inbox.add([inbox_message], now=now)
    (delivery,) = await database.inbox.claim(now=now, partitions=1, lease_seconds=60)
    try:
        async with database.units.open(now=now, claim=delivery) as unit:
            await handle(delivery, unit)  # type: ignore[operator]
    except Exception as error:  # noqa: BLE001  # what is counted here
        await database.inbox.failed(delivery, error="", retry_at=None, now=now)
        return error
    return None
