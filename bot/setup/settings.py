"""Read every setting once, check it at the start, and explain a wrong one.

`.env.example` lists the same names, defaults and meanings. A wrong setting is reported by its name
and its remedy, never by its value.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from bot.setup.extra_settings import ExtraSettings, check_extras
from bot.setup.secret_files import FILE_NAMES, read_secret_files
from bot.setup.setting_fields import SecretText, list_declared, setting
from bot.setup.setting_values import (
    Pacing,
    check_token,
    check_webhook_secret,
    decode_keys,
    list_of,
    one_of,
    or_empty,
    read_address,
    read_count,
    read_currency,
    read_database,
    read_dollars,
    read_filled,
    read_language,
    read_networks,
    read_pacing,
    read_port,
    read_queue,
    read_store,
    read_users,
    read_zone,
    secret,
)
from ledger.errors import SettingsError
from ports.programs.webhooks import Network

LOOPBACK = "127.0.0.1"
TELEGRAM = "https://api.telegram.org"
PLACEHOLDER = ":put-your-own-token-here"
"""The end of the token of `.env.example`, which has the shape of a token."""

ENV_FILE = ".env"

OPS_PORT = 8081
"""The operators' port where they have a listener of their own."""

RESEMBLANCE = 0.8
"""From this similarity on (0 to 1) an unknown name in `.env` is taken for a misspelt setting."""

Reader = Literal["local", "textract", "vision"]
Guesser = Literal["local", "gpt"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


_PACING: Pacing | None = Pacing(30, 1, 20)


def _read_level(text: str) -> LogLevel:
    read: Callable[[str], LogLevel] = one_of("DEBUG", "INFO", "WARNING", "ERROR")
    return read(text.upper())


@dataclass(frozen=True, kw_only=True)
class Settings(ExtraSettings):
    """The settings as read. Descriptions are the remedies that a person is shown."""

    telegram_bot_token: SecretText | None = setting(
        None, secret(check_token), "the token that @BotFather gives, like 123456:ABC-def"
    )
    telegram_api_url: str = setting(TELEGRAM, read_address, "an http(s) address")
    telegram_webhook_url: str = setting(
        "", read_address, "the public https address of /telegram; empty for long polling"
    )
    telegram_webhook_secret: SecretText | None = setting(
        None,
        secret(check_webhook_secret),
        "1 to 256 of A-Z a-z 0-9 _ -; needed with TELEGRAM_WEBHOOK_URL",
    )
    telegram_pacing: Pacing | None = setting(
        _PACING, read_pacing, "overall/chat/group like 30/1/20, or off"
    )
    http_host: str = setting("127.0.0.1", read_filled, "an address to listen on")
    http_port: int = setting(8080, read_port, "a port, 0 for none")
    ops_host: str = setting("", str, "an address to listen on, or empty")
    ops_port: int | None = setting(None, read_port, "a port, 0 for none")
    public_url: str = setting("", read_address, "an http(s) address, or empty")
    database_url: SecretText = setting(
        SecretText("sqlite:///data/kvitto.db"),
        read_database,
        "sqlite:///path or postgresql://user:password@host/name",
    )
    database_statements: Literal["direct", "sqlalchemy"] = setting(
        "direct", one_of("direct", "sqlalchemy"), "direct or sqlalchemy"
    )
    receipt_store: str = setting("data/receipts", read_store, "a folder, or s3://bucket/prefix")
    receipt_key: SecretText | None = setting(
        None,
        secret(decode_keys),
        "base64 of 32 bytes (`openssl rand -base64 32`), or a comma list",
    )
    s3_encryption: Literal["aws:kms", "AES256"] = setting(
        "aws:kms", one_of("aws:kms", "AES256"), "aws:kms or AES256"
    )
    analytics_store: str = setting(
        "", or_empty(read_store), "a folder, s3://bucket/prefix, or empty"
    )
    queue_url: str = setting(
        "database", read_queue, "`database`, or the https address of an SQS FIFO queue"
    )
    aws_endpoint_url: str = setting("", read_address, "an http(s) address, or empty")
    aws_region: str = setting("", str, "a region like eu-central-1")
    aws_access_key_id: SecretText | None = setting(None, secret(), "an access key, or empty")
    aws_secret_access_key: SecretText | None = setting(None, secret(), "a secret key, or empty")
    receipt_reader: tuple[Reader, ...] = setting(
        ("local",),
        list_of(one_of("local", "textract", "vision")),
        "a comma list of local, textract, vision",
    )
    categoriser: tuple[Guesser, ...] = setting(
        ("local",), list_of(one_of("local", "gpt")), "local, gpt or local,gpt"
    )
    openai_api_key: SecretText | None = setting(
        None, secret(), "a key of OpenAI or a compatible server"
    )
    openai_base_url: str = setting("", read_address, "an http(s) address, or empty")
    openai_model: str = setting("", str, "the name of a model")
    openai_speech_model: str = setting("", str, "the name of a model that hears, or empty")
    ai_monthly_budget_usd: Decimal = setting(Decimal(5), read_dollars, "a number of dollars like 5")
    ai_chat_daily_calls: int = setting(30, read_count, "a whole number like 30")
    allowed_users: tuple[int, ...] = setting(
        (), read_users, "Telegram user ids, separated by commas; empty for everyone"
    )
    default_currency: str = setting("EUR", read_currency, "an ISO 4217 code like EUR")
    default_timezone: str = setting("UTC", read_zone, "an IANA zone like Europe/Berlin")
    default_language: str = setting("en", read_language, "a language tag like en or pt-BR")
    rates_url: str = setting(
        "", read_address, "an address like https://rates.example.org/daily.xml, or empty"
    )
    webhook_networks: tuple[Network, ...] = setting(
        (), read_networks, "private networks like 192.168.1.0/24, or empty"
    )
    log_format: Literal["text", "json"] = setting("text", one_of("text", "json"), "text or json")
    log_level: LogLevel = setting("INFO", _read_level, "DEBUG, INFO, WARNING or ERROR")

    @property
    def token(self) -> str:
        """Return the bot's token, which `require_telegram` has checked."""
        assert self.telegram_bot_token is not None
        return self.telegram_bot_token.get_secret_value()

    @property
    def app_url(self) -> str:
        """Return the address that Telegram opens as a Mini App; empty where it would refuse it.

        Telegram takes https alone, a Bot API server of this machine (the demo) http too.
        """
        opens = self.public_url.startswith("https://") or self.is_demo
        return f"{self.public_url}/app" if self.public_url and opens else ""

    @property
    def is_demo(self) -> bool:
        """Return whether the Bot API server is on this machine."""
        return urlsplit(self.telegram_api_url).hostname == LOOPBACK

    @property
    def has_proxy(self) -> bool:
        """Return whether a proxy hands requests from outside to the listener."""
        named = (self.public_url, self.telegram_webhook_url)
        return any(urlsplit(url).hostname != LOOPBACK for url in named if url)

    @property
    def ops_address(self) -> tuple[str, int] | None:
        """Return the operators' own address; None where they share the public one.

        Without settings of their own they stay with the public ones while that is this machine's;
        where a proxy leads there, their paths answer only who asks it directly.
        """
        if not self.ops_host and self.ops_port is None:
            return None if self.http_host == LOOPBACK else (LOOPBACK, OPS_PORT)
        port = OPS_PORT if self.ops_port is None else self.ops_port
        address = (self.ops_host or LOOPBACK, port)
        return None if address == (self.http_host, self.http_port) else address

    @property
    def has_listener(self) -> bool:
        """Return whether the process listens for HTTP anywhere."""
        return bool(self.http_port or (self.ops_address and self.ops_address[1]))

    @property
    def receipt_keys(self) -> tuple[bytes, ...]:
        """Return the keys of the receipt folder, the writing one first."""
        return decode_keys(self.receipt_key.get_secret_value()) if self.receipt_key else ()

    def secrets(self) -> list[str]:
        """Return every secret value, for the logs to leave out."""
        held = (
            self.telegram_bot_token,
            self.telegram_webhook_secret,
            self.aws_access_key_id,
            self.aws_secret_access_key,
            self.openai_api_key,
        )
        # While they are exchanged, the setting is a list, of which an error may quote one.
        keys = self.receipt_key.get_secret_value().split(",") if self.receipt_key else []
        # A driver's error may quote the password without the rest of the address.
        password = urlsplit(self.database_url.get_secret_value()).password
        found = [secret.get_secret_value() for secret in held if secret]
        found += [key.strip() for key in keys if key.strip()]
        return [*found, *self.extra_secrets(), *([password] if password else [])]


DECLARED = list_declared(Settings)
"""Every setting by its field, whose name in capitals is the variable's."""


def read_settings() -> Settings:
    """Read environment, the working directory's `.env`, and files of secrets; the environment wins.

    Raises:
        SettingsError: a setting is wrong or misspelt; `values` hold its `name` and the `remedy`.
    """
    written = _read_env_file()
    _refuse_misspelt(written)
    given = {**written, **{name.lower(): value for name, value in os.environ.items()}}
    given |= read_secret_files(given)
    values: dict[str, Any] = {}
    for name, declared in DECLARED.items():
        # A name alone on its line in `.env` is not a value.
        if (text := given.get(name)) is not None:
            try:
                values[name] = declared.read(text)
            except ValueError:
                # Python's own messages quote the text, which may be a secret.
                raise _wrong(name) from None
    settings = Settings(**values)
    _check_together(settings)
    return settings


def require_telegram(settings: Settings) -> Settings:
    """See to it that the program can talk to Telegram.

    Raises:
        SettingsError: there is no token, or it is still the one of `.env.example`.
    """
    if settings.telegram_bot_token is None or settings.token.endswith(PLACEHOLDER):
        remedy = f"set it to {DECLARED['telegram_bot_token'].description}"
        raise SettingsError("setting_missing", name="TELEGRAM_BOT_TOKEN", remedy=remedy)
    return settings


def _read_env_file() -> Mapping[str, str | None]:
    """Return what `.env` holds, by lower-case names."""
    try:
        if not Path(ENV_FILE).exists():
            return {}
        # Most installations set the environment, and need no reader of the file.
        from dotenv import dotenv_values  # noqa: PLC0415

        return {name.lower(): value for name, value in dotenv_values(ENV_FILE).items()}
    except (UnicodeDecodeError, OSError):
        remedy = "save it as text in UTF-8 that this user may read"
        raise SettingsError("setting_wrong", name=ENV_FILE, remedy=remedy) from None


def _refuse_misspelt(written: Mapping[str, str | None]) -> None:
    """Stop at names that resemble a setting: `ALLOWED_USER=5` would open the bot to everyone.

    In `.env` every name is looked at. The environment holds names of other programs, so there only
    those that resemble the one setting whose absence opens the bot.
    """
    _refuse_resembling(written, [*DECLARED, *FILE_NAMES])
    _refuse_resembling(os.environ, ["allowed_users"])


def _refuse_resembling(names: Iterable[str], known: list[str]) -> None:
    for name in names:
        # boto3 reads variables of its own with this prefix.
        known_name = name.lower() in DECLARED or name.lower() in FILE_NAMES
        if known_name or name.upper().startswith("AWS_"):
            continue
        for near in get_close_matches(name.lower(), known, n=1, cutoff=RESEMBLANCE):
            remedy = f"did you mean {near.upper()}?"
            raise SettingsError("setting_unknown", name=name.upper(), remedy=remedy)


def _check_together(settings: Settings) -> None:
    if settings.telegram_webhook_url:
        if settings.telegram_webhook_secret is None:
            raise _wrong("telegram_webhook_secret", "setting_missing")
        # Only a Bot API server of one's own can reach a plain http address.
        if settings.telegram_api_url == TELEGRAM and not settings.telegram_webhook_url.startswith(
            "https://"
        ):
            raise _wrong("telegram_webhook_url")
        if settings.http_port == 0:
            raise _wrong("http_port")
    check_extras(settings, settings.public_url)
    if settings.receipt_key and settings.receipt_store.startswith("s3://"):
        remedy = "leave it empty: S3 encrypts the receipts by S3_ENCRYPTION"
        raise SettingsError("setting_wrong", name="RECEIPT_KEY", remedy=remedy)
    paid = "vision" in settings.receipt_reader or "gpt" in settings.categoriser
    if paid and settings.openai_api_key is None and not settings.openai_base_url:
        raise _wrong("openai_api_key", "setting_missing")


def _wrong(field: str, message_id: str = "setting_wrong") -> SettingsError:
    known = DECLARED.get(field)
    expected = known.description if known else "what .env.example shows"
    return SettingsError(message_id, name=field.upper(), remedy=f"set it to {expected}")
