"""Read secrets from the files that `NAME_FILE` names, as containers and systemd hand them over.

A file keeps a secret out of the process's environment, which `docker inspect` and crash reports show.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ledger.errors import SettingsError

SECRETS = (
    "telegram_bot_token",
    "telegram_webhook_secret",
    "database_url",
    "aws_access_key_id",
    "aws_secret_access_key",
    "openai_api_key",
    "receipt_key",
    "mcp_token",
    "smtp_url",
    "imap_url",
    "otel_exporter_otlp_headers",
    "sentry_dsn",
)
"""The settings that may be in a file, by their field."""

FILE_SUFFIX = "_file"
FILE_NAMES = tuple(name + FILE_SUFFIX for name in SECRETS)
SECRET_BYTES_MAX = 64 * 1024


def read_secret_files(given: Mapping[str, str | None]) -> dict[str, str]:
    """Return the settings whose value is in a file; `given` maps lower-case names to values.

    Raises:
        SettingsError: a setting is given twice, or its file cannot be read or is empty.
    """
    found = {}
    for name in SECRETS:
        file = (given.get(name + FILE_SUFFIX) or "").strip()
        if not file:
            continue
        # Which of two values wins would be a guess, and a wrong guess keeps a rotated secret alive.
        if (given.get(name) or "").strip():
            raise _wrong(name, f"{name.upper()} is set too; remove one of them")
        found[name] = _read(name, Path(file))
    return found


def _read(name: str, path: Path) -> str:
    """Return a file's text without the line ends that editors add."""
    remedy = "name a file that this user may read, with the secret as text in UTF-8"
    try:
        with path.open("rb") as file:
            text = file.read(SECRET_BYTES_MAX).decode().strip()
    except (OSError, ValueError):
        raise _wrong(name, remedy) from None
    if not text:
        raise _wrong(name, remedy)
    return text


def _wrong(name: str, remedy: str) -> SettingsError:
    return SettingsError("setting_wrong", name=f"{name}{FILE_SUFFIX}".upper(), remedy=remedy)
