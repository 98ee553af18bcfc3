"""The weekly summary by mail, from the typed address to the mail that a real server takes."""

from __future__ import annotations

import re
from asyncio import Event
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from bot.mail.servers import parse_server
from bot.mail.smtp import SmtpSender
from ports.jobs import Event as JobEvent
from ports.jobs import MailCode, MailSummary, MailUndelivered, load_job
from ports.mail import MailAddress, MailOffer
from ports.queue import Job
from ports.repositories import Repositories
from presentation.letters import Letters
from presentation.pictures import draw
from replies.mail import mail_undelivered
from replies.results import ResultHandler
from scheduler.pushes import PushTick
from services.mail.sending import MailDelivery
from storage import open_database
from tests.handlers.stage import ANN, BO, GROUP, Stage, open_stage
from tests.mail import Postbox, open_smtp

SUNDAY = datetime(2026, 11, 22, 17, 1, tzinfo=UTC)
"""One minute after six in Berlin."""
OFFER = MailOffer(sends=True, receipts_to="receipts@kvitto.example")
SITE = "https://kvitto.example"


@pytest.fixture
async def postbox() -> AsyncIterator[Postbox]:
    async with open_smtp(None) as opened:
        yield opened


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Stage]:
    results: dict[type[JobEvent], ResultHandler] = {MailUndelivered: mail_undelivered}
    async with (
        open_database(sqlite_url) as database,
        open_stage(database, results=results, mail=OFFER) as opened,
    ):
        yield opened


async def _draw(name: str, values: Mapping[str, Any]) -> bytes:
    return draw(name, dict(values))


def _delivery(stage: Stage, postbox: Postbox) -> MailDelivery:
    sender = SmtpSender(
        parse_server(postbox.url, "smtp"), "Kvitto <kvitto@example.org>", lambda: stage.now
    )
    letters = Letters(f"{SITE}/app")
    return MailDelivery(
        stage.database.units, sender, letters, _draw, lambda: stage.now, f"{SITE}/mail/stop"
    )


async def _mails(stage: Stage) -> list[Job]:
    found = await stage.database.jobs.claim(
        now=stage.now, room=lambda kind: 9 if kind.startswith("mail") else 0, lease_seconds=60
    )
    return list(found)


async def _get_code(stage: Stage, postbox: Postbox) -> str:
    """Send the code that waits, and read it in the mail."""
    (job,) = await _mails(stage)
    await _delivery(stage, postbox).send_code(load_job(MailCode, job.values, job.partition))
    await stage.database.jobs.done(job, event=None, now=stage.now)
    found = re.search(r"\b\d{6}\b", _text(postbox.came[-1]))
    assert found
    return found[0]


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def _address(repositories: Repositories, chat: int = ANN, user: int = ANN) -> MailAddress | None:
    presence = repositories.chats.find(chat)
    assert presence
    return repositories.mail_addresses.of_person(presence.chat.ledger.id, user)


async def _confirm(stage: Stage, postbox: Postbox, *, chat: int = 0) -> None:
    await stage.say("/settings email ann@example.net", chat=chat)
    (shown,) = await stage.say(f"/settings email {await _get_code(stage, postbox)}", chat=chat)
    assert "confirmed" in shown.text


async def test_nothing_is_sent_before_the_code_is_typed(stage: Stage, postbox: Postbox) -> None:
    (about,) = await stage.say("/settings email")
    assert "I send a code there first" in about.text
    (wrong,) = await stage.say("/settings email ann(at)example")
    assert "is not an e-mail address" in wrong.text
    (none,) = await stage.say("/settings email 123456")
    assert "No code is on its way" in none.text

    (asked,) = await stage.say("/settings email Ann@Example.net")
    assert "ann@example.net" in asked.text
    code = await _get_code(stage, postbox)
    assert code not in asked.text
    (mail,) = postbox.came
    assert mail["To"] == "ann@example.net"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Ann" not in _text(mail), "nobody's words are sent to strangers"
    assert (await stage.run(_address)).confirmed_at is None  # type: ignore[union-attr]

    wrong_code = f"{(int(code) + 1) % 10**6:06}"
    (wrong,) = await stage.say(f"/settings email {wrong_code}")
    assert "Tries left: 4" in wrong.text
    (confirmed,) = await stage.say(f"/settings mail {code}")
    assert "confirmed" in confirmed.text
    assert "receipts@kvitto.example" in confirmed.text
    (again,) = await stage.say(f"/settings email {code}")
    assert "No code is on its way" in again.text, "a code works once"

    (off,) = await stage.press(confirmed, "No weekly summary")
    assert "No summary is sent there" in off.text
    (on,) = await stage.press(off, "Send the weekly summary")
    assert on.is_edit
    (removed,) = await stage.say("/settings email off")
    assert "Nothing is sent" in removed.text
    assert await stage.run(_address) is None


async def test_codes_end_after_tries_time_and_number(stage: Stage, postbox: Postbox) -> None:
    await stage.say("/settings email ann@example.net")
    code = await _get_code(stage, postbox)
    other = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(5):
        (shown,) = await stage.say(f"/settings email {other}")
    assert "Tries left: 0" in shown.text
    (over,) = await stage.say(f"/settings email {code}")
    assert "no longer works" in over.text

    await stage.say("/settings email ann@example.net")
    code = await _get_code(stage, postbox)
    stage.now += timedelta(minutes=31)
    (late,) = await stage.say(f"/settings email {code}")
    assert "no longer works" in late.text
    for _ in range(3):
        await stage.say("/settings email ann@example.net")
    (enough,) = await stage.say("/settings email ann@example.net")
    assert "Enough codes" in enough.text
    # Nor can somebody else have codes sent to that address.
    (theirs,) = await stage.say("/settings email ann@example.net", user=BO)
    assert "Enough codes" in theirs.text


async def test_an_address_goes_with_its_person_from_chat_to_chat(
    stage: Stage, postbox: Postbox
) -> None:
    await _confirm(stage, postbox)
    await stage.say("tea 2", chat=GROUP)
    await stage.say("/settings email ann@example.net", chat=GROUP)
    code = await _get_code(stage, postbox)
    (stolen,) = await stage.say(f"/settings email {code}", user=BO, chat=GROUP)
    assert "No code is on its way" in stolen.text
    (moved,) = await stage.say(f"/settings email {code}", chat=GROUP)
    assert "another chat's address" in moved.text
    (shown,) = await stage.say("/settings email", chat=GROUP)
    for seen_by_all in (stolen, moved, shown):
        assert "ann@example.net" not in seen_by_all.text
    assert "a…@example.net" in shown.text
    assert await stage.run(_address) is None
    found = await stage.run(lambda rows: rows.mail_addresses.find_confirmed("ann@example.net"))
    assert found is not None
    assert found.ledger_id == (await stage.run(lambda r: r.chats.find(GROUP))).chat.ledger.id  # type: ignore[union-attr]


async def test_the_weekly_summary_is_mailed_once_with_its_picture(
    stage: Stage, postbox: Postbox
) -> None:
    await stage.say("coffee 4.50; lunch 12")
    await _confirm(stage, postbox)
    await stage.say("/settings language de")
    stage.now = SUNDAY
    for _ in range(2):
        await PushTick(stage.database.units, Event()).run(stage.now)
    (pushed, *_) = await stage.deliver()
    (job,) = await _mails(stage)
    delivery = _delivery(stage, postbox)
    summary = load_job(MailSummary, job.values, job.partition)
    for _ in range(2):
        # As after a kill: what was sent and noted is not sent again.
        await delivery.send_summary(summary, job)
    _, mail = postbox.came
    assert [one.get_content_type() for one in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    bare = re.sub(r"<[^>]+>", "", pushed.text)
    text = _text(mail)
    assert all(line.strip() in text for line in bare.splitlines()), "the same as in the chat"
    assert "16.50" in mail["Subject"] or "16,50" in mail["Subject"]
    html = mail.get_body(("html",))
    assert html is not None
    page = html.get_content()
    assert '<img src="cid:picture"' in page
    assert "<script" not in page
    picture = list(mail.walk())[-1]
    assert picture["Content-ID"] == "<picture>"
    assert picture.get_content().startswith(b"\x89PNG")
    address = await stage.run(_address)
    assert address is not None
    assert mail["List-Unsubscribe"] == f"<{SITE}/mail/stop/{address.stop_key}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.stop_key in text

    # What was switched off or left meanwhile is not sent.
    await stage.run(lambda rows: rows.mail_addresses.drop(address.id))
    await delivery.send_summary(summary, job)
    assert len(postbox.came) == 2


async def test_a_mail_that_is_given_up_is_told_in_the_chat(stage: Stage, postbox: Postbox) -> None:
    await _confirm(stage, postbox)
    address = await stage.run(_address)
    assert address is not None
    for what, words in (("summary", "this week's summary"), ("code", "send the code")):
        (told,) = await stage.event(MailUndelivered(address.id, what), ANN)
        assert words in told.text
        assert "ann@example.net" in told.text
    assert await stage.event(MailUndelivered("gone", "code"), ANN) == []


async def test_an_installation_without_a_mail_server_says_so(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database, open_stage(database) as stage:
        (off,) = await stage.say("/settings email ann@example.net")
        assert "sends no e-mail" in off.text
