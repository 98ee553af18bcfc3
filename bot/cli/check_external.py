"""Check the configured readers outside this machine, and sum up their costs.

Trying them is free: a model server is asked for its list of models, Textract for a job that cannot
be.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from ai.ocr.local import LocalReceiptReader
from bot.ops.clock import utc_now
from bot.setup.external_ai import build_model, build_textract, caps_of, has_model
from bot.setup.settings import Settings
from ports.spending import MICROS
from storage import open_database
from storage.migrations import HEAD, find_schema

if TYPE_CHECKING:
    from ai.metering import Meter

Attempt = Callable[[], Awaitable[str]]
_CENTS = Decimal("0.01")


def list_attempts(settings: Settings) -> list[tuple[str, Attempt]]:
    """Return the attempts by name; none where no reader is configured."""
    attempts: list[tuple[str, Attempt]] = []
    if "textract" in settings.receipt_reader:
        attempts.append(("textract", lambda: _try_textract(settings)))
    if has_model(settings):
        attempts.append(("language model", lambda: _try_model(settings)))
    if attempts:
        attempts.append(("paid calls", lambda: _sum_up(settings)))
    return attempts


async def _try_textract(settings: Settings) -> str:
    async with _metered(settings) as meter:
        reader = build_textract(settings, meter, LocalReceiptReader())
        try:
            return await reader.check()
        finally:
            await reader.close()


async def _try_model(settings: Settings) -> str:
    async with _metered(settings) as meter:
        model = build_model(settings, meter)
        try:
            return await model.check()
        finally:
            await model.close()


async def _sum_up(settings: Settings) -> str:
    """Sum up this month's calls and their costs."""
    if await find_schema(settings.database_url.get_secret_value()) != HEAD:
        return "none before the first start"
    now = utc_now()
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    async with open_database(settings.database_url.get_secret_value(), up_to_date=False) as opened:
        rows = await opened.spending(caps_of(settings)).by_month(since=month)
    calls = sum(row.calls for row in rows)
    dollars = Decimal(sum(row.cost_micros for row in rows)) / MICROS
    most = settings.ai_monthly_budget_usd
    return f"{calls} this month, ${dollars.quantize(_CENTS)} of ${most.quantize(_CENTS)}"


@asynccontextmanager
async def _metered(settings: Settings) -> AsyncIterator[Meter]:
    from ai.metering import Meter  # noqa: PLC0415 -- only where something is configured

    async with open_database(settings.database_url.get_secret_value(), up_to_date=False) as opened:
        yield Meter(opened.spending(caps_of(settings)), utc_now)
