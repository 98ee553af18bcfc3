"""Secrets from files: `NAME_FILE` in the environment or in `.env`."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import fields
from pathlib import Path

import pytest

from bot.ops.errors import explain_error
from bot.setup.secret_files import FILE_NAMES, SECRET_BYTES_MAX, SECRETS
from bot.setup.settings import DECLARED, Settings, read_settings
from ledger.errors import SettingsError

VALUES = {
    "telegram_bot_token": "123:from-a-file",
    "telegram_webhook_secret": "from-a-file",
    "database_url": "postgresql://me:word@host/name",
    "aws_access_key_id": "from a file",
    "aws_secret_access_key": "from a file",
    "openai_api_key": "from a file",
    "mcp_token": "kvitto_from-a-file",
    "smtp_url": "smtps://me:word@host",
    "imap_url": "imaps://me:word@host/INBOX",
    "receipt_key": b64encode(bytes(32)).decode(),
    "otel_exporter_otlp_headers": "authorization=from-a-file",
    "sentry_dsn": "https://from-a-file@sentry.example.org/1",
}


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [*DECLARED, *FILE_NAMES]:
        monkeypatch.delenv(name.upper(), raising=False)


def test_every_secret_setting_can_be_in_a_file() -> None:
    secret = {one.name for one in fields(Settings) if "SecretText" in str(one.type)}
    assert secret == set(SECRETS)


WITH_MAIL = {
    "PUBLIC_URL": "https://kvitto.example",
    "MAIL_FROM": "kvitto@example.org",
    "IMAP_ADDRESS": "receipts@example.org",
    "IMAP_SERVER_NAME": "mx.example.org",
}
"""The settings without which a mail server is refused."""


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_its_files_content(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "secret").write_text(f"{VALUES[name]}\r\n")
    for other, value in WITH_MAIL.items():
        monkeypatch.setenv(other, value)
    if name == "imap_url":
        monkeypatch.setenv("SMTP_URL", VALUES["smtp_url"])
    monkeypatch.setenv(f"{name.upper()}_FILE", str(tmp_path / "secret"))
    settings = read_settings()
    assert getattr(settings, name).get_secret_value() == VALUES[name]
    # Addresses are masked by their passwords, which drivers quote alone.
    masked = "word" if name.endswith("_url") else VALUES[name]
    assert masked in settings.secrets()


def test_the_env_file_may_name_a_file_and_leave_the_setting_empty(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("123:from-a-file")
    (tmp_path / ".env").write_text("TELEGRAM_BOT_TOKEN=\nTELEGRAM_BOT_TOKEN_FILE=secret\n")
    assert read_settings().token == "123:from-a-file"


def test_an_empty_name_of_a_file_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", "")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:canary")
    assert read_settings().token == "123:canary"


def test_a_secret_that_is_given_twice_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("123:canary")
    (tmp_path / ".env").write_text("TELEGRAM_BOT_TOKEN=123:canary\n")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "secret"))
    line = _refusal()
    assert line.startswith("TELEGRAM_BOT_TOKEN_FILE is wrong: TELEGRAM_BOT_TOKEN is set too")
    assert "canary" not in line


@pytest.mark.parametrize(
    "content",
    [None, b"", b" \n", b"\xff\xfe", b"\xc3\xa9" * SECRET_BYTES_MAX + b"x"],
    ids=["missing", "empty", "blank", "no text", "half a letter at the bound"],
)
def test_a_file_without_a_secret_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "canary"
    if content is not None:
        path.write_bytes(b"x" * (len(content) > SECRET_BYTES_MAX) + content)
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(path))
    line = _refusal()
    assert line.startswith("OPENAI_API_KEY_FILE is wrong: name a file that this user may read")
    assert "canary" not in line


def test_a_wrong_value_in_a_file_is_named_without_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("canary")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "secret"))
    line = _refusal()
    assert line.startswith("TELEGRAM_BOT_TOKEN is wrong")
    assert "canary" not in line


def _refusal() -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert caught.value.__cause__ is None
    return explain_error(caught.value)
