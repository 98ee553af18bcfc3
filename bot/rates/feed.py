"""Fetch daily rates over HTTP, bounded in size, time and redirects."""

from __future__ import annotations

from datetime import date

import aiohttp

from bot.rates.formats import parse_rates
from ledger.errors import UnavailableError
from ledger.rates.values import DayRates

ANSWER_BYTES_MAX = 4 << 20
"""The ECB's last ninety days are 300 kB."""
SECONDS_MAX = 20
REDIRECTS_MAX = 3


async def fetch_rates(url: str, today: date) -> list[DayRates]:
    """Return the days that an address publishes.

    Raises:
        UnavailableError: `rates_unavailable` or `rates_unreadable`, with a `remedy`.
    """
    try:
        body = await _fetch(url)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        # The text of the error may quote the address, which may hold a key.
        remedy = f"no answer ({type(error).__name__}); is RATES_URL right?"
        raise UnavailableError("rates_unavailable", remedy=remedy) from error
    return parse_rates(body, today)


async def _fetch(url: str) -> bytes:
    # A compressed megabyte may be a gigabyte of answer.
    headers = {"User-Agent": "kvitto", "Accept-Encoding": "identity"}
    timeout = aiohttp.ClientTimeout(total=SECONDS_MAX)
    async with (
        aiohttp.ClientSession(timeout=timeout, headers=headers, auto_decompress=False) as session,
        session.get(url, max_redirects=REDIRECTS_MAX) as answer,
    ):
        if answer.status != 200:  # noqa: PLR2004
            remedy = f"it answers {answer.status}; is RATES_URL right?"
            raise UnavailableError("rates_unavailable", remedy=remedy)
        body = bytearray()
        async for part in answer.content.iter_any():
            body += part
            if len(body) > ANSWER_BYTES_MAX:
                remedy = f"its answer is longer than {ANSWER_BYTES_MAX >> 20} MB"
                raise UnavailableError("rates_unavailable", remedy=remedy)
        return bytes(body)
