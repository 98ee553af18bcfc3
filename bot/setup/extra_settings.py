"""Read the settings of the extras, which are off until they are set.

They are fields of `bot.setup.settings.Settings` like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from functools import partial
from urllib.parse import unquote, urlsplit

from bot.mail.servers import MailServer, is_this_machine, parse_server
from bot.setup.setting_fields import SecretText, list_declared, setting
from bot.setup.setting_values import or_empty, read_address, secret, split_list
from ledger.errors import InputError, SettingsError
from ledger.mail_address import parse_address

_SERVER_NAME = re.compile(r"[!-:<-~]*")
_LEDGER_URL = re.compile(r"https?://[^?#]+/api/v1/ledgers/[0-9a-f]{24}")


def _read_ledger_url(value: str) -> str:
    parts = urlsplit(value)
    # Over plain http anybody on the way could read the token.
    safe = parts.scheme == "https" or is_this_machine(parts.hostname or "")
    if not (safe and _LEDGER_URL.fullmatch(value)):
        raise ValueError
    return value


def _read_mailbox_name(value: str) -> str:
    """Read an address, perhaps behind a name (`Kvitto <kvitto@example.org>`)."""
    try:
        parse_address(parseaddr(value)[1])
    except InputError:
        raise ValueError from None
    if not value.isprintable():
        raise ValueError
    return value


def _read_server_name(value: str) -> str:
    if not _SERVER_NAME.fullmatch(value):
        raise ValueError
    return value


def _decode_headers(value: str) -> Mapping[str, str]:
    """Return headers as OpenTelemetry writes them (`name=value,name=value`).

    Raises:
        ValueError: they are written in another way.
    """
    found: dict[str, str] = {}
    for pair in split_list(value):
        name, equals, content = pair.partition("=")
        if not equals or not re.fullmatch(r"[!#$%&'*+.^_`|~A-Za-z0-9-]+", name.strip()):
            raise ValueError
        found[name.strip().lower()] = unquote(content.strip())
        if not found[name.strip().lower()].isprintable():
            raise ValueError
    return found


def _check_dsn(value: str) -> None:
    """See to it that a text is the address of a project of Sentry: `https://key@host/number`."""
    parts = urlsplit(value)
    project = parts.path.rpartition("/")[2]
    whole = parts.hostname and parts.username and project.isdecimal()
    if parts.scheme not in {"http", "https"} or not whole:
        raise ValueError


@dataclass(frozen=True, kw_only=True)
class ExtraSettings:
    """The settings of the extras."""

    mcp_ledger_url: str = setting(
        "", or_empty(_read_ledger_url), "the address of a ledger that /settings api shows, by https"
    )
    mcp_token: SecretText | None = setting(None, secret(), "a token that /settings api shows once")
    smtp_url: SecretText | None = setting(
        None,
        secret(partial(parse_server, protocol="smtp")),
        "smtps://user:password@host, or smtp:// for STARTTLS",
    )
    mail_from: str = setting(
        "",
        or_empty(_read_mailbox_name),
        "an address that the server sends for, like Kvitto <kvitto@example.org>",
    )
    imap_url: SecretText | None = setting(
        None,
        secret(partial(parse_server, protocol="imap")),
        "imaps://user:password@host/FOLDER, or imap:// for STARTTLS",
    )
    imap_address: str = setting(
        "",
        or_empty(_read_mailbox_name),
        "the address whose mail comes into the folder of IMAP_URL",
    )
    imap_server_name: str = setting(
        "",
        _read_server_name,
        "the name at the start of the Authentication-Results of your mail server",
    )
    otel_exporter_otlp_endpoint: str = setting(
        "", read_address, "an http(s) address of OTLP over HTTP, or empty"
    )
    otel_exporter_otlp_headers: SecretText | None = setting(
        None, secret(_decode_headers), "headers like authorization=Basic%20abc, or empty"
    )
    sentry_dsn: SecretText | None = setting(
        None, secret(_check_dsn), "an address like https://key@host/1, or empty"
    )

    @property
    def smtp_server(self) -> MailServer | None:
        """Return the server that sends mail, None where none does."""
        return parse_server(self.smtp_url.get_secret_value(), "smtp") if self.smtp_url else None

    @property
    def imap_server(self) -> MailServer | None:
        """Return the server with the folder of receipts, None where there is none."""
        return parse_server(self.imap_url.get_secret_value(), "imap") if self.imap_url else None

    @property
    def otel_headers(self) -> Mapping[str, str]:
        """Return the headers of traces by their names."""
        given = self.otel_exporter_otlp_headers
        return _decode_headers(given.get_secret_value()) if given else {}

    def extra_secrets(self) -> list[str]:
        """Return every secret of the extras, for the logs to leave out."""
        headers = self.otel_exporter_otlp_headers
        given = (self.mcp_token, self.smtp_url, self.imap_url, self.sentry_dsn, headers)
        # A header is masked as it is sent too, which differs from the setting.
        held = [one.get_secret_value() for one in given if one] + [*self.otel_headers.values()]
        # An error may quote a password without the rest of the address.
        servers = [one for one in (self.smtp_server, self.imap_server) if one]
        return held + [one.password for one in servers if one.password]


def check_extras(settings: ExtraSettings, public_url: str) -> None:
    """See to it that settings which need each other are all there. Raises `SettingsError`."""
    needed: list[tuple[str, object]] = []
    if settings.smtp_url:
        needed.append(("mail_from", settings.mail_from))
        # Mail that cannot be stopped by a click is not sent.
        needed.append(("public_url", public_url))
    if settings.imap_url:
        needed.append(("smtp_url", settings.smtp_url))
        needed.append(("imap_address", settings.imap_address))
        needed.append(("imap_server_name", settings.imap_server_name))
    for name, value in needed:
        if not value:
            declared = list_declared(settings)[name]
            remedy = f"set it to {declared.description}; mail needs it"
            raise SettingsError("setting_missing", name=name.upper(), remedy=remedy)
