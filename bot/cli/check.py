"""Try every configured dependency; with `--ledger`, look for damage in the data.

One line for each: ok, or the trouble and its remedy. Nothing is changed. Everything is tried at
once, in a thread of its own, so the command ends in time even where a driver never returns.
"""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ai.ocr.languages import list_unreadable_scripts
from bot.cli.check_external import list_attempts
from bot.cli.check_rates import try_rates
from bot.mail import checking
from bot.ops.clock import utc_now
from bot.ops.errors import describe_error, explain_error
from bot.setup.plugs import build_blobs
from bot.setup.queues import describe_queue
from bot.setup.settings import ENV_FILE, Settings, read_settings, require_telegram
from bot.telegram.api import BotApi, TelegramRefusedError, TelegramUnreachableError
from ledger.errors import LedgerError, SettingsError, UnavailableError
from storage import open_database
from storage.migrations import HEAD, find_schema

SECONDS_MAX = 10
"""Seconds that one attempt may take."""
ALL_SECONDS_MAX = 15.0
"""Seconds that the command may take, with attempts that cannot be stopped."""

SQLITE = "sqlite:///"

Attempt = tuple[str, Callable[[], Awaitable[str]]]


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of trying one thing: ok, or the trouble and its remedy."""

    what: str
    trouble: str | None = None
    note: str = ""


def check(*, ledger: bool, as_json: bool) -> int:
    """Check dependencies, or the data; return 1 when anything is wrong."""
    settings = read_settings()
    if ledger:
        findings = asyncio.run(_check_data(settings))
        return _print(findings, as_json=as_json)
    attempts = _list_attempts(settings)
    found: dict[str, Finding] = {}
    # A thread of its own: the event loop ends only after its threads, and a driver may hang.
    trying = threading.Thread(target=lambda: asyncio.run(_try_all(attempts, found)), daemon=True)
    trying.start()
    trying.join(ALL_SECONDS_MAX)
    late = f"no answer within {ALL_SECONDS_MAX:.0f} seconds"
    code = _print([found.get(name) or Finding(name, late) for name, _ in attempts], as_json=as_json)
    if trying.is_alive():
        # A thread that hangs in a driver would keep the interpreter from ending.
        sys.stdout.flush()
        os._exit(code)
    return code


def _print(findings: Sequence[Finding], *, as_json: bool) -> int:
    if as_json:
        rows = [
            {"what": f.what, "ok": f.trouble is None, "trouble": f.trouble, "note": f.note}
            for f in findings
        ]
        print(json.dumps(rows, indent=2))
    else:
        for finding in findings:
            note = f" ({finding.note})" if finding.note else ""
            print(f"{finding.what}: {finding.trouble or 'ok'}{note}")
    return int(any(finding.trouble for finding in findings))


def _list_attempts(settings: Settings) -> list[Attempt]:
    async def blobs() -> str:
        await build_blobs(settings).check()
        return settings.receipt_store

    async def plugs() -> str:
        readers, guessers = ",".join(settings.receipt_reader), ",".join(settings.categoriser)
        return f"reader {readers}, categoriser {guessers}"

    async def scripts() -> str:
        unreadable = list_unreadable_scripts()
        if not unreadable:
            return "all"
        return f"receipts in {', '.join(unreadable)} are not read: `pip install tesserocr`"

    return [
        ("settings", plugs),
        ("scripts", scripts),
        ("settings file", _describe_env_file),
        ("access", lambda: _describe_access(settings)),
        ("database", lambda: _try_database(settings)),
        ("queue", lambda: describe_queue(settings)),
        ("receipt store", blobs),
        ("telegram", lambda: _try_telegram(settings)),
        ("rates", lambda: try_rates(settings)),
        *list_attempts(settings),
        *checking.list_attempts(settings),
    ]


async def _try_all(attempts: Sequence[Attempt], found: dict[str, Finding]) -> None:
    async def one(name: str, attempt: Callable[[], Awaitable[str]]) -> None:
        found[name] = await _try(name, attempt)

    await asyncio.gather(*(one(name, attempt) for name, attempt in attempts))


async def _describe_env_file() -> str:
    return _warn_of_env_file(Path(ENV_FILE))


def _warn_of_env_file(file: Path) -> str:
    """Warn where others on this machine can read the token."""
    if os.name == "posix" and file.is_file() and file.stat().st_mode & stat.S_IROTH:
        return f"warning: everyone on this machine can read {ENV_FILE}; `chmod 600 {ENV_FILE}`"
    return ""


async def _describe_access(settings: Settings) -> str:
    if settings.allowed_users:
        return f"{len(settings.allowed_users)} users"
    return "warning: everyone on Telegram may use this bot; ALLOWED_USERS limits it"


async def _try_database(settings: Settings) -> str:
    url = settings.database_url.get_secret_value()
    if url.startswith(SQLITE):
        _refuse_unwritable(Path(url.removeprefix(SQLITE)))
    schema = await find_schema(url)
    if schema is None:
        return "new: `kvitto run` sets it up"
    if schema < HEAD:
        return "of an earlier version: `kvitto migrate` brings it up to date"
    _refuse_other_schema(schema)
    async with open_database(url, up_to_date=False) as database:
        await database.check_pages()
        delivery = await database.inbox.count()
        letters = await database.dead_letters.list_all(100)
    return f"{delivery} waiting, {len(letters)} dead letters"


def _refuse_other_schema(schema: str) -> None:
    """Raise where this version does not know the tables."""
    if schema > HEAD:
        raise SettingsError("schema_newer", name="DATABASE_URL")
    if schema < HEAD:
        remedy = "it is of an earlier version; run `kvitto migrate` first"
        raise SettingsError("schema_older", name="DATABASE_URL", remedy=remedy)


def _refuse_unwritable(file: Path) -> None:
    """Raise where `kvitto run` could not write the file, or could not make it."""
    # The folder is made at a start, so the nearest one that exists must be writable.
    nearest = file.absolute()
    while not nearest.exists():
        nearest = nearest.parent
    is_right = nearest.is_file() if nearest == file.absolute() else nearest.is_dir()
    if not is_right or not os.access(nearest, os.W_OK):
        remedy = f"{nearest} cannot be written; is DATABASE_URL right?"
        raise UnavailableError("database_unavailable", remedy=remedy)


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
    schema = await find_schema(url)
    if schema is None:
        return [Finding("ledger", note="there is no database yet")]
    _refuse_other_schema(schema)
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
    return Finding(what, note=note)
