"""Settings: read once, wrong ones named with their remedy and never with their value."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path

import pytest

from bot.ops.errors import explain_error
from bot.setup.secret_files import FILE_NAMES
from bot.setup.setting_values import Pacing
from bot.setup.settings import DECLARED, read_settings, require_telegram
from ledger.errors import SettingsError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `.env` and none of our variables."""
    monkeypatch.chdir(tmp_path)
    for name in [*DECLARED, *FILE_NAMES]:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = read_settings()
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.telegram_pacing == Pacing(30, 1, 20)
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8080)
    assert settings.database_url.get_secret_value() == "sqlite:///data/kvitto.db"
    assert settings.receipt_store == "data/receipts"
    assert settings.queue_url == "database"
    assert settings.receipt_reader == ("local",)
    assert settings.categoriser == ("local",)
    assert settings.allowed_users == ()
    defaults = (settings.default_currency, settings.default_timezone, settings.default_language)
    assert defaults == ("EUR", "UTC", "en")


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("TELEGRAM_PACING", "off", None),
        ("TELEGRAM_PACING", "25/0.5/10", Pacing(25, 0.5, 10)),
        ("ALLOWED_USERS", "1, 22,", (1, 22)),
        ("RECEIPT_READER", "textract,local", ("textract", "local")),
        # A trailing slash must not make every address wrong.
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
        ("DEFAULT_CURRENCY", "sek", "SEK"),
        ("LOG_LEVEL", "debug", "DEBUG"),
    ],
)
def test_values_are_read(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: object
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(read_settings(), name.lower()) == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "no-token-at-all"),
        ("TELEGRAM_API_URL", "ftp://telegram"),
        ("TELEGRAM_WEBHOOK_SECRET", "has blanks"),
        ("TELEGRAM_PACING", "77/7"),
        ("TELEGRAM_PACING", "0/9/99"),
        ("HTTP_PORT", "70000"),
        ("HTTP_PORT", "eighty"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "sqlite:relative"),
        ("RECEIPT_STORE", "ftp://bucket"),
        ("QUEUE_URL", "https://sqs/no-fifo"),
        ("RECEIPT_KEY", "dG9vIHNob3J0"),
        ("RECEIPT_KEY", ",".join(["A" * 43 + "="] * 2)),
        ("S3_ENCRYPTION", "rot13"),
        ("RECEIPT_READER", "magic"),
        ("RECEIPT_READER", ""),
        ("CATEGORISER", "gtp"),
        ("AI_MONTHLY_BUDGET_USD", "-17"),
        ("AI_MONTHLY_BUDGET_USD", "NaN"),
        ("ALLOWED_USERS", "ann"),
        ("ALLOWED_USERS", ",,"),
        ("OPS_PORT", "70000"),
        ("DEFAULT_CURRENCY", "EURO"),
        ("DEFAULT_TIMEZONE", "../../etc/passwd"),
        ("DEFAULT_TIMEZONE", "Mars/Olympus"),
        ("DEFAULT_LANGUAGE", "english please"),
        ("MCP_LEDGER_URL", "http://example.org/api/v1/ledgers/" + "a" * 24),
        ("MCP_LEDGER_URL", "https://example.org/app"),
        ("SMTP_URL", "smtp://mx.example.org?tls=off"),
        ("IMAP_URL", "imaps://mx.example.org"),
        ("MAIL_FROM", "the-bot"),
        ("IMAP_ADDRESS", "a@example.org\nBcc: b@example.org"),
        ("IMAP_SERVER_NAME", "mx.example.org; dmarc"),
        ("LOG_FORMAT", "yaml"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy_and_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    line = explain_error(caught.value)
    assert line.startswith(f"{name} is wrong: set it to ")
    assert not value or value not in line
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("ALLOWED_USER", "ALLOWED_USERS"),
        ("allowed_usres", "ALLOWED_USERS"),
        ("TELEGRAM_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("DEFAULT_LANG", "DEFAULT_LANGUAGE"),
    ],
)
def test_a_misspelt_name_stops_the_start(tmp_path: Path, name: str, near: str) -> None:
    (tmp_path / ".env").write_text(f"{name}=5\n")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert explain_error(caught.value) == f"{name.upper()} is no setting: did you mean {near}?"


def test_settings_of_mail_name_what_else_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAP_URL", "imaps://me:word@mx.example.org/INBOX")
    needed = {
        "SMTP_URL": "smtps://me:word@mx.example.org",
        "MAIL_FROM": "Kvitto <kvitto@example.org>",
        "PUBLIC_URL": "https://kvitto.example.org",
        "IMAP_ADDRESS": "receipts@example.org",
        "IMAP_SERVER_NAME": "mx.example.org",
    }
    for _ in list(needed):
        with pytest.raises(SettingsError) as caught:
            read_settings()
        assert caught.value.message_id == "setting_missing"
        name = str(caught.value.values["name"])
        monkeypatch.setenv(name, needed.pop(name))
    settings = read_settings()
    assert settings.imap_server is not None
    assert "word" in settings.secrets()


def test_names_of_other_programs_are_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = ("HTTP_PROXY", "AWS_ENDPOINT_URL_S3", "PATH", "POSTGRES_PASSWORD", "TZ", "PUBLIC_IP")
    (tmp_path / ".env").write_text("".join(f"{name}=5\n" for name in names))
    monkeypatch.setenv("DATABASE_URI", "of another program")
    read_settings()
    monkeypatch.setenv("ALLOWED_USER", "5")
    with pytest.raises(SettingsError, match="setting_unknown"):
        read_settings()


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("DEFAULT_CURRENCY=EUR # für uns\n".encode("latin-1"))
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert explain_error(caught.value).startswith(".env is wrong: save it as text in UTF-8")


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({}, None),
        ({"HTTP_HOST": "0.0.0.0"}, ("127.0.0.1", 8081)),  # noqa: S104  # a setting's value
        # A proxy's requests are told apart where they come in.
        ({"PUBLIC_URL": "https://kvitto.example.org"}, None),
        (
            {
                "TELEGRAM_WEBHOOK_URL": "https://kvitto.example.org/telegram",
                "TELEGRAM_WEBHOOK_SECRET": "s",
            },
            None,
        ),
        ({"OPS_PORT": "9000"}, ("127.0.0.1", 9000)),
        ({"OPS_HOST": "10.0.0.5"}, ("10.0.0.5", 8081)),
        ({"OPS_PORT": "8080"}, None),
        ({"OPS_PORT": "0"}, ("127.0.0.1", 0)),
    ],
)
def test_operators_endpoints_leave_the_public_address(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], address: tuple[str, int] | None
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert read_settings().ops_address == address


def test_a_missing_token_is_named_with_its_remedy() -> None:
    with pytest.raises(SettingsError) as caught:
        require_telegram(read_settings())
    assert "TELEGRAM_BOT_TOKEN is missing" in explain_error(caught.value)
    assert "@BotFather" in explain_error(caught.value)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        # A webhook without a secret would let anybody in.
        ({"TELEGRAM_WEBHOOK_URL": "https://x.org/telegram"}, "TELEGRAM_WEBHOOK_SECRET"),
        (
            {"TELEGRAM_WEBHOOK_URL": "https://x.org/telegram", "TELEGRAM_WEBHOOK_SECRET": ""},
            "TELEGRAM_WEBHOOK_SECRET",
        ),
        # Telegram itself posts to https only.
        (
            {"TELEGRAM_WEBHOOK_URL": "http://x.org/telegram", "TELEGRAM_WEBHOOK_SECRET": "s"},
            "TELEGRAM_WEBHOOK_URL",
        ),
        (
            {
                "TELEGRAM_WEBHOOK_URL": "https://x.org/telegram",
                "TELEGRAM_WEBHOOK_SECRET": "s",
                "HTTP_PORT": "0",
            },
            "HTTP_PORT",
        ),
        ({"CATEGORISER": "local,gpt"}, "OPENAI_API_KEY"),
    ],
)
def test_settings_must_fit_each_other(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], named: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert caught.value.values["name"] == named


def test_the_example_file_lists_every_setting_and_no_other() -> None:
    text = (ROOT / ".env.example").read_text()
    listed = set(re.findall(r"^#?([A-Z0-9_]+)=", text, re.MULTILINE))
    known = [*DECLARED, *FILE_NAMES]
    assert listed == {name.upper() for name in known}


def test_the_example_file_shows_the_defaults() -> None:
    text = (ROOT / ".env.example").read_text()
    for name, value in re.findall(r"^#([A-Z_]+)=(.+)$", text, re.MULTILINE):
        default = DECLARED[name.lower()].default
        shown = getattr(default, "get_secret_value", lambda d=default: d)()
        if isinstance(shown, Pacing):
            shown = f"{shown.overall_per_second}/{shown.chat_per_second}/{shown.group_per_minute}"
        if isinstance(shown, tuple):
            shown = ",".join(shown)
        assert value == str(shown), name


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("HTTP_PORT=1\nDEFAULT_CURRENCY=USD\n")
    monkeypatch.setenv("HTTP_PORT", "2")
    settings = read_settings()
    assert (settings.http_port, settings.default_currency) == (2, "USD")


def test_no_secret_shows_in_a_printed_settings_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:canary-token")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:canary-word@host/name")
    settings = read_settings()
    assert "canary" not in repr(settings)
    assert set(settings.secrets()) == {"123:canary-token", "canary-word"}


def test_each_key_of_an_exchange_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    newer, older = (b64encode(bytes([number]) * 32).decode() for number in (1, 2))
    monkeypatch.setenv("RECEIPT_KEY", f"{newer}, {older}")
    assert set(read_settings().secrets()) == {newer, older}
