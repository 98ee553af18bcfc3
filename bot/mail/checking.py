"""Try the configured mail servers, for `kvitto check`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.mail.imap import open_mailbox
from bot.mail.smtp import SmtpSender
from bot.ops.clock import utc_now
from bot.setup.settings import Settings


def list_attempts(settings: Settings) -> list[tuple[str, Callable[[], Awaitable[str]]]]:
    """Return the attempts by name; none where no mail is set up."""
    attempts: list[tuple[str, Callable[[], Awaitable[str]]]] = []
    if settings.smtp_server is not None:
        sender = SmtpSender(settings.smtp_server, settings.mail_from, utc_now)
        attempts.append(("mail sending", sender.check))
    if settings.imap_server is not None:
        attempts.append(("mailbox", lambda: _try_mailbox(settings)))
    return attempts


async def _try_mailbox(settings: Settings) -> str:
    assert settings.imap_server is not None
    async with open_mailbox(settings.imap_server) as mailbox:
        waiting = len(await mailbox.list_new(100))
    return f"{waiting} mails wait in {settings.imap_server.folder}"
