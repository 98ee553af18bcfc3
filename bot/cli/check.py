"""`kvitto check`: tries every configured dependency; with `--ledger`, looks for damage in the data.

One line for each: ok, or what is wrong and what to do. Nothing is changed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ai.ocr.languages import list_unreadable_scripts
from bot.cli.check_external import list_attempts
from bot.ops.clock import utc_now
from bot.ops.errors import describe_error, explain_error
from bot.setup.plugs import build_blobs, refuse_unbuilt
from bot.setup.settings import Settings, read_settings, require_telegram
from bot.telegram.api import BotApi, TelegramRefusedError, TelegramUnreachableError
from ledger.errors import LedgerError, UnavailableError
from storage import open_database
from storage.migrations import find_schema

SECONDS_MAX = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """What trying one thing brought: ok, or the trouble and its remedy."""

    what: str
    trouble: str | None = None
    note: str = ""


def check(*, ledger: bool, as_json: bool) -> int:
    """Check dependencies, or the data; return 1 when anything is wrong."""
    settings = read_settings()
    findings = asyncio.run(_check_data(settings) if ledger else _check_dependencies(settings))
    if as_json:
        rows = [{"what": f.what, "ok": f.trouble is None, "trouble": f.trouble} for f in findings]
        print(json.dumps(rows, indent=2))
    else:
        for finding in findings:
            print(f"{finding.what}: {finding.trouble or 'ok'}{finding.note}")
    return int(any(finding.trouble for finding in findings))


async def _check_dependencies(settings: Settings) -> list[Finding]:
    async def blobs() -> str:
        await build_blobs(settings).check()
        return settings.receipt_store

    async def plugs() -> str:
        refuse_unbuilt(settings)
        readers, guessers = ",".join(settings.receipt_reader), ",".join(settings.categoriser)
        return f"reader {readers}, categoriser {guessers}"

    async def scripts() -> str:
        unreadable = list_unreadable_scripts()
        if not unreadable:
            return "all"
        return f"receipts in {', '.join(unreadable)} are not read: `pip install tesserocr`"

    return [
        await _try("settings", plugs),
        await _try("scripts", scripts),
        await _try("database", lambda: _try_database(settings)),
        await _try("receipt store", blobs),
        await _try("telegram", lambda: _try_telegram(settings)),
        *[await _try(name, attempt) for name, attempt in list_attempts(settings)],
    ]


async def _try_database(settings: Settings) -> str:
    url = settings.database_url.get_secret_value()
    if await find_schema(url) is None:
        return "new: `kvitto run` sets it up"
    async with open_database(url, up_to_date=False) as database:
        delivery = await database.inbox.count()
        letters = await database.dead_letters.list_all(100)
    return f"{delivery} waiting, {len(letters)} dead letters"


async def _try_telegram(settings: Settings) -> str:
    require_telegram(settings)
    async with BotApi(settings.telegram_api_url, settings.token) as api:
        try:
            me = await api.call("getMe")
        except TelegramRefusedError as error:
            remedy = "is TELEGRAM_BOT_TOKEN the one that @BotFather gave?"
            raise UnavailableError("telegram_refuses", remedy=remedy) from error
        except TelegramUnreachableError as error:
            remedy = f"no answer ({error.cause}); is TELEGRAM_API_URL right?"
            raise UnavailableError("telegram_not_reached", remedy=remedy) from error
    return f"@{me.get('username', '?')}"


async def _check_data(settings: Settings) -> list[Finding]:
    url = settings.database_url.get_secret_value()
    if await find_schema(url) is None:
        return [Finding("ledger", note=" (there is no database yet)")]
    async with open_database(url, up_to_date=False) as database:
        damages = await database.find_damage(utc_now(), build_blobs(settings))
    return [Finding(damage.where, damage.what) for damage in damages] or [Finding("ledger")]


async def _try(what: str, attempt: Callable[[], Awaitable[str]]) -> Finding:
    try:
        async with asyncio.timeout(SECONDS_MAX):
            note = await attempt()
    except LedgerError as error:
        return Finding(what, explain_error(error))
    except TimeoutError:
        return Finding(what, f"no answer within {SECONDS_MAX} seconds")
    except Exception as error:  # noqa: BLE001  # its words may hold a secret
        return Finding(what, describe_error(error))
    return Finding(what, note=f" ({note})" if note else "")
