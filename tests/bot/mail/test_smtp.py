"""Mails reach a real server by TLS, and nothing is said to one without it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.mail.servers import MailServer, parse_server
from bot.mail.smtp import SmtpSender
from ledger.errors import UnavailableError
from ports.mail import MailRefusedError, OutgoingMail
from tests.mail import PASSWORD, USER, make_certificate, open_smtp

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)
MAIL = OutgoingMail("ann@example.net", "Ünicode €", "text €", "<p>text €</p>", "key-1")


def _sender(url: str) -> SmtpSender:
    return SmtpSender(parse_server(url, "smtp"), "Kvitto <kvitto@example.org>", lambda: NOW)


@pytest.mark.parametrize("tls", ["upgraded", "direct"])
async def test_a_mail_is_sent_by_tls_with_a_login(
    tls: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    async with open_smtp(certificate, direct=tls == "direct") as postbox:
        with pytest.raises(UnavailableError):
            await _sender(postbox.url).send(MAIL)
        assert postbox.came == [], "a certificate of nobody is not trusted"

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.certificate))
        await _sender(postbox.url).send(MAIL)
        await _sender(postbox.url).send(MAIL)
        first, second = postbox.came
        assert first["Subject"] == "Ünicode €"
        assert first["Message-ID"] == second["Message-ID"], "by which a repeat is told"
        assert first["Message-ID"].endswith("@example.org>")
        assert first["Date"].datetime == NOW
        assert "List-Unsubscribe" not in first
        assert await _sender(postbox.url).check() == f"localhost port {postbox.url.split(':')[-1]}"

        with pytest.raises(UnavailableError) as refused:
            await _sender(postbox.url.replace("kvitto%40", "nobody%40")).check()
        assert "user and password" in str(refused.value.values["remedy"])


async def test_nothing_is_said_to_a_server_without_tls() -> None:
    async with open_smtp(None) as postbox:
        await _sender(postbox.url).send(MAIL)
        assert len(postbox.came) == 1, "it is on this machine, and that is allowed by name"
        with pytest.raises(UnavailableError):
            await _sender(postbox.url.removesuffix("?tls=off")).send(MAIL)
        assert len(postbox.came) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [("550 no such user", MailRefusedError), ("450 later", UnavailableError)],
)
async def test_a_refusal_is_for_good_or_for_now(answer: str, error: type[Exception]) -> None:
    async with open_smtp(None) as postbox:
        postbox.refusals.append(answer)
        with pytest.raises(error) as raised:
            await _sender(postbox.url).send(MAIL)
        assert "ann@" not in repr(raised.value), "errors are logged"
        assert raised.value.__cause__ is None


async def test_a_server_that_is_away_is_tried_again() -> None:
    with pytest.raises(UnavailableError):
        await _sender("smtp://127.0.0.1:9?tls=off").send(MAIL)


def test_addresses_of_servers_are_read() -> None:
    found = parse_server(
        "imaps://kvitto%40example.org:p%40ss%2Fw%C3%B6rd@mx.example/In/Box", "imap"
    )
    assert found == MailServer("mx.example", 993, "direct", USER, PASSWORD, "In/Box")
    assert PASSWORD not in repr(found)
    assert parse_server("smtp://mx.example", "smtp") == MailServer("mx.example", 587, "upgraded")
    assert parse_server("smtp://[::1]:25?tls=off", "smtp").tls == "none"


@pytest.mark.parametrize(
    ("url", "protocol"),
    [
        ("http://mx.example", "smtp"),
        ("imaps://a:b@mx.example", "smtp"),
        ("smtp://", "smtp"),
        ("smtp://mx.example/folder", "smtp"),
        ("smtp://mx.example?tls=off", "smtp"),
        ("smtps://localhost?tls=off", "smtp"),
        ("smtp://localhost?tls=none", "smtp"),
        ("smtp://localhost:99999", "smtp"),
        ("imaps://mx.example/INBOX", "imap"),
        ("imaps://a:b@mx.example", "imap"),
        ("imaps://a@mx.example/INBOX", "imap"),
        ("imaps://a:b@mx.example/K%C3%B6rb", "imap"),
        ("imaps://a:b@mx.example/a%0Ab", "imap"),
    ],
)
def test_what_names_no_safe_server_is_refused(url: str, protocol: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # settings name the remedy
        parse_server(url, "smtp" if protocol == "smtp" else "imap")
