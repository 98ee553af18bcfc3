"""A mail of anybody: its header in the program, its parts as the child process finds them."""

from __future__ import annotations

from ai.mail.opening import NAME_MAX, open_mail
from ports.mail.letters import MailHead
from services.mail.receiving import SenderRule

SERVER = "mx.example.org"
_PNG = b"iVBORw0KGgoAAAANSUhEUg" + b"A" * 7000
SEEDS = (
    (
        b"Authentication-Results: mx.example.org; dmarc=pass header.from=example.net\r\n"
        b"From: Ann <ann@example.net>\r\nMessage-ID: <1@example.net>\r\n\r\n"
    ),
    (
        b"Authentication-Results: mx.example.org; spf=pass (a (b) c) smtp.mailfrom=ann@example.net;\r\n"
        b' dkim=fail reason="x; dkim=pass header.d=example.net"\r\nFrom: "A, \\"B\\"" <ann@example.net>\r\n\r\n'
    ),
    b"From: a@example.net\r\nAuthentication-Results: other.example; dkim=pass header.d=example.net\r\n\r\n",
    b"From: =?utf-8?q?=C3=A4?= <a@example.net>\r\nFrom: b@example.net\r\n\r\n",
    b'From: a@b.c\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
    b"--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-Disposition: attachment; filename*=utf-8''bon%2e.png\r\n\r\n"
    + _PNG
    + b"\r\n--x--\r\n",
)


def enter(data: bytes) -> None:
    """Look for the sender whom the server has proven, then for files."""
    header = data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    mail = SenderRule(SERVER).read(MailHead("1", len(data), header))
    if mail is not None:
        assert mail.sender.isascii()
        assert mail.sender.count("@") == 1
        assert SERVER.encode() in header.lower(), "nobody else proves a sender"
        assert b"pass" in header.lower()
    try:
        files = open_mail(data)
    # The child answers so for whatever Python's parser makes of a malformed mail.
    except Exception:  # noqa: BLE001
        return
    for name, content in files:
        assert len(name) <= NAME_MAX + len(".heic")
        assert name.isprintable()
        assert "/" not in name
        assert len(content) <= len(data)
