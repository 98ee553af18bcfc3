"""A `.env`, read as at a start: it is taken, or refused by the setting's name and never by its value."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bot.ops.errors import explain_error
from bot.setup.secret_files import FILE_NAMES
from bot.setup.settings import DECLARED, ENV_FILE, read_settings
from ledger.errors import SettingsError

SEEDS = (
    b"TELEGRAM_BOT_TOKEN=123456:canary-of-a-token\nALLOWED_USERS=7, 8\nTELEGRAM_PACING=30/1/20\n",
    b"DATABASE_URL=postgresql://me:canary@host/name\nHTTP_PORT=0\nLOG_LEVEL=debug\n",
    b"RECEIPT_STORE=s3://bucket/prefix\nRECEIPT_KEY=canary\nQUEUE_URL=https://x/y.fifo\n",
    b"SENTRY_DSN=https://canary@host/1\nOTEL_EXPORTER_OTLP_HEADERS=authorization=Basic%20canary\n",
    b"ALLOWED_USER=5\nWEBHOOK_NETWORKS=10.0.0.0/8\nAI_MONTHLY_BUDGET_USD=NaN\n",
    b'DEFAULT_TIMEZONE="Europe/Berlin"\nDEFAULT_LANGUAGE=pt-BR\nPUBLIC_URL=http://[::1\n',
)
CANARY = "canary"
_FOLDER = tempfile.TemporaryDirectory()
_NAMES = [name.upper() for name in [*DECLARED, *FILE_NAMES]]


def enter(data: bytes) -> None:
    """Read the bytes as `.env`."""
    for name in _NAMES:
        os.environ.pop(name, None)
    # A device or a pipe named as a secret's file would be read, which an operator may wish.
    Path(_FOLDER.name, ENV_FILE).write_bytes(data.replace(b"_FILE", b"-FILE"))
    here = Path.cwd()
    os.chdir(_FOLDER.name)
    try:
        settings = read_settings()
    except SettingsError as error:
        # An unknown setting is told by its name, which may be anything.
        told = explain_error(error).replace(str(error.values["name"]), "")
    else:
        told = str(settings.secrets() and settings.ops_address)
        _ = settings.app_url, settings.receipt_keys, settings.otel_headers
    finally:
        os.chdir(here)
    assert CANARY not in told.lower(), "a value is in the refusal"
