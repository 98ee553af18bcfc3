"""Send codes and weekly summaries, in jobs that are tried again for hours.

A mail that was handed over is noted, so that another process does not repeat it. A kill in between
sends it twice under one Message-ID, which mailboxes show once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ledger.chats import Chat
from ledger.errors import NotFoundError
from ports.jobs import MailCode, MailSummary
from ports.mail import Letter, LetterWriter, MailAddress, MailSender, OutgoingMail
from ports.queue import Job
from ports.repositories import Repositories
from ports.units import UnitOfWorkFactory

Draw = Callable[[str, Mapping[str, Any]], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class MailAddressee:
    """A confirmed or waiting address, with the chat of its ledger."""

    address: MailAddress
    chat: Chat


@dataclass(frozen=True, slots=True)
class MailDelivery:
    """Sends the mails of jobs."""

    units: UnitOfWorkFactory
    sender: MailSender | None
    """None where the installation no longer sends mail; what waits is then left out."""
    writer: LetterWriter
    draw: Draw
    clock: Callable[[], datetime]
    stop_url: str = ""
    """The address below which keys end the weekly mail."""

    async def send_code(self, job: MailCode) -> None:
        """Send a code, unless the address was removed or confirmed since."""
        found = await self._find(job.address_id)
        if self.sender is None or found is None or found.address.confirmed_at is not None:
            return
        letter = self.writer.code(found.chat.settings, job.code)
        key = f"code-{job.address_id}"
        await self.sender.send(_mail(found, letter, key))

    async def send_summary(self, job: MailSummary, claim: Job) -> None:
        """Send a weekly summary, unless it was sent or switched off since."""
        found = await self._find(job.address_id)
        if self.sender is None or found is None or not found.address.weekly_on:
            return
        if found.address.mailed_period == job.period_key:
            return
        stop_url = f"{self.stop_url}/{found.address.stop_key}"
        letter = self.writer.summary(found.chat.settings, job, stop_url)
        picture = await self.draw(job.drawing, job.values or {}) if job.drawing else b""
        key = f"week-{job.address_id}-{job.period_key}"
        mail = replace(_mail(found, letter, key), picture=picture, stop_url=stop_url)
        await self.sender.send(mail)

        def note(repositories: Repositories) -> None:
            if current := repositories.mail_addresses.find(job.address_id):
                repositories.mail_addresses.put(replace(current, mailed_period=job.period_key))

        # The unit is refused when another process has the job by now.
        async with self.units.open(now=self.clock(), claim=claim) as unit:
            await unit.run(note)

    async def _find(self, address_id: str) -> MailAddressee | None:
        return await self.units.read(lambda repositories: find_addressee(repositories, address_id))


def find_addressee(repositories: Repositories, address_id: str) -> MailAddressee | None:
    """Return an address with its chat; None when it is gone, or its person has left the chat."""
    address = repositories.mail_addresses.find(address_id)
    if address is None:
        return None
    try:
        chat = repositories.chats.of_ledger(address.ledger_id)
    except NotFoundError:
        return None
    presence = repositories.chats.of_key(chat.ledger.key, address.user_id)
    if presence is None or presence.member is None or presence.member.left or chat.muted:
        return None
    return MailAddressee(address, chat)


def _mail(to: MailAddressee, letter: Letter, key: str) -> OutgoingMail:
    return OutgoingMail(to.address.address, letter.subject, letter.text, letter.html, key)
