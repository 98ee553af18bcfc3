"""Send mails by SMTP, with TLS unless the server is on this machine."""

from __future__ import annotations

import asyncio
import hashlib
import smtplib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from bot.mail.servers import SECONDS_MAX, MailServer
from ledger.errors import UnavailableError
from ports.mail import MailRefusedError, OutgoingMail

# A line may have 998 characters; folded earlier, Python would encode long links in headers.
_POLICY = SMTP.clone(max_line_length=998)
_PERMANENT = 500
_LOGGED_IN = (235, 503)
"""Accepted, or done before."""
_ID_LETTERS = 32


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """`ports.mail.MailSender` over one server."""

    server: MailServer
    sender: str
    """The address and name that mails are from."""
    clock: Callable[[], datetime]

    async def send(self, mail: OutgoingMail) -> None:
        """Hand a mail to the server; see `MailSender.send`."""
        message = build_message(mail, self.sender, self.clock())
        await asyncio.to_thread(self._send, message)

    async def check(self) -> str:
        """Log in and out; return the server's name. Raises `UnavailableError` with its remedy."""
        await asyncio.to_thread(self._send, None)
        return f"{self.server.host} port {self.server.port}"

    def _send(self, message: EmailMessage | None) -> None:
        try:
            with self._connect() as connection:
                if message is not None:
                    connection.send_message(message)
                else:
                    connection.noop()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _explain(max(codes, default=_PERMANENT)) from None
        except smtplib.SMTPDataError as error:
            raise _explain(error.smtp_code) from None
        except smtplib.SMTPAuthenticationError:
            remedy = "the server refuses the login; are user and password of SMTP_URL right?"
            raise UnavailableError("mail_server", remedy=remedy) from None
        # What a server says may quote the address, so no cause is kept.
        except (smtplib.SMTPException, OSError, ValueError) as error:
            remedy = f"the mail server does not answer ({type(error).__name__}); is SMTP_URL right?"
            raise UnavailableError("mail_server", remedy=remedy) from None

    def _connect(self) -> smtplib.SMTP:
        where = (self.server.host, self.server.port)
        if self.server.tls == "direct":
            context = self.server.build_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                *where, timeout=SECONDS_MAX, context=context
            )
        else:
            connection = smtplib.SMTP(*where, timeout=SECONDS_MAX)
        try:
            if self.server.tls == "upgraded":
                connection.starttls(context=self.server.build_context())
            if self.server.user:
                _log_in(connection, self.server)
        except BaseException:
            connection.close()
            raise
        return connection


def _log_in(connection: smtplib.SMTP, server: MailServer) -> None:
    connection.ehlo_or_helo_if_needed()
    if "PLAIN" not in connection.esmtp_features.get("auth", "").upper().split():
        connection.login(server.user, server.password)
        return
    # `login` takes ASCII alone, and a password may have any letter.
    secret = b64encode(f"\0{server.user}\0{server.password}".encode()).decode()
    code, said = connection.docmd("AUTH", f"PLAIN {secret}")
    if code not in _LOGGED_IN:
        raise smtplib.SMTPAuthenticationError(code, said)


def build_message(mail: OutgoingMail, sender: str, now: datetime) -> EmailMessage:
    """Return a mail as it is sent: text, HTML with its picture, and the headers of a machine's mail."""
    message = EmailMessage(policy=_POLICY)
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Date"] = format_datetime(now)
    domain = parseaddr(sender)[1].rpartition("@")[2]
    digest = hashlib.sha256(mail.key.encode()).hexdigest()[:_ID_LETTERS]
    message["Message-ID"] = f"<{digest}@{domain}>"
    # Answering programs stay silent, so that two of them never write to each other.
    message["Auto-Submitted"] = "auto-generated"
    if mail.stop_url:
        message["List-Unsubscribe"] = f"<{mail.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if mail.picture:
        page = message.get_payload(1)
        assert isinstance(page, MIMEPart)
        page.add_related(
            mail.picture, "image", "png", cid="<picture>", disposition="inline", filename="week.png"
        )
    return message


def _explain(code: int) -> Exception:
    return MailRefusedError("refused") if code >= _PERMANENT else UnavailableError("mail_server")
