"""Receipts by mail, over a real IMAP server: whose they are, once each, and nothing for strangers."""

from __future__ import annotations

import asyncio
import imaplib
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
import pytest_asyncio

from ai.mail.process import ChildMailOpener
from bot.mail.checking import list_attempts
from bot.mail.imap import open_mailbox
from bot.mail.polling import REFUSED, TAKEN, MailPoller
from bot.mail.servers import parse_server
from bot.setup.setting_fields import SecretText
from bot.setup.settings import Settings
from ledger.errors import UnavailableError
from ports.mail import MailAddress
from ports.reading import FileRefusal
from ports.repositories import Repositories
from services.mail.receiving import SenderRule
from storage import open_database
from tests.mail import Certificate, make_certificate, open_imap
from tests.services.setup import ANN, BO
from tests.web.api.stage import GROUP, HOME, ApiStage, open_stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

SERVER = "mx.example.net"
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 30
DOCUMENT = b"%PDF-1.7\n" + b"receipt " * 10


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Certificate]:
    """Trusted by this process while the module runs."""
    made = make_certificate(tmp_path_factory.mktemp("certificate"))
    before = os.environ.get("SSL_CERT_FILE")
    os.environ["SSL_CERT_FILE"] = str(made.certificate)
    yield made
    os.environ.pop("SSL_CERT_FILE")
    if before is not None:
        os.environ["SSL_CERT_FILE"] = before


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def imap_url(certificate: Certificate) -> AsyncIterator[str]:
    async with open_imap(certificate) as url:
        yield url


@pytest_asyncio.fixture(loop_scope="module")
async def api(sqlite_url: str, tmp_path: Path) -> AsyncIterator[ApiStage]:
    """Ann has a ledger of her own and one with Bo; the API is not used."""
    async with (
        open_database(sqlite_url) as database,
        open_stage(database, tmp_path / "receipts") as stage,
    ):
        yield stage


class Box:
    """A folder of the mailbox, which a test fills, and what takes its mails."""

    def __init__(self, api: ApiStage, url: str) -> None:
        self.server = parse_server(url, "imap")
        self.poller = MailPoller(
            server=self.server,
            rule=SenderRule(SERVER),
            opener=ChildMailOpener(),
            units=api.database.units,
            blobs=api.blobs,
            services=api.services,
            clock=api.clock,
            wake=api.woken.set,
        )

    async def put(self, *mails: bytes) -> None:
        """Let mails come in."""
        async with open_mailbox(self.server) as mailbox:
            for mail in mails:
                await asyncio.to_thread(mailbox.imap.append, self.server.folder, None, None, mail)

    async def count(self, folder: str) -> int:
        """Return how many mails a folder has."""
        async with open_mailbox(replace(self.server, folder=folder)) as mailbox:
            return len(await mailbox.list_new(99))


@pytest_asyncio.fixture(loop_scope="module")
async def box(api: ApiStage, imap_url: str) -> AsyncIterator[Box]:
    """An empty folder, and empty folders for what was dealt with."""
    found = Box(api, f"{imap_url}/INBOX")

    def empty(imap: imaplib.IMAP4) -> None:
        for folder in ("INBOX", TAKEN, REFUSED):
            if imap.select(f'"{folder}"')[0] == "OK":
                imap.store("1:*", "+FLAGS", r"(\Deleted)")
                imap.expunge()
        imap.select("INBOX")

    async with open_mailbox(found.server) as mailbox:
        await asyncio.to_thread(empty, mailbox.imap)
    yield found


async def _confirm(api: ApiStage, address: str, chat: int = HOME, user: int = ANN.user_id) -> None:
    def confirm(rows: Repositories) -> None:
        presence = rows.chats.find(chat)
        assert presence
        ledger = presence.chat.ledger.id
        made = MailAddress(f"a-{address}", ledger, user, address, f"k-{address}", api.now)
        rows.mail_addresses.put(replace(made, confirmed_at=api.now))

    async with api.database.units.open(now=api.now) as unit:
        await unit.run(confirm)


def _mail(sender: str, *files: bytes, verdict: str = "pass", text: str = "here it is") -> bytes:
    mail = EmailMessage()
    domain = sender.rpartition("@")[2].removesuffix(">")
    mail["Authentication-Results"] = f"{SERVER}; dmarc={verdict} header.from={domain}"
    mail["From"], mail["To"], mail["Subject"] = sender, "receipts@example.org", "Lunch 99.00"
    mail["Message-ID"] = "<same@example.org>"
    mail.set_content(text)
    for number, data in enumerate(files):
        mail.add_attachment(data, "application", "octet-stream", filename=f"../{number}.exe")
    return mail.as_bytes()


async def _read_jobs(api: ApiStage) -> list[str]:
    """Return the ids of receipts that wait to be read."""
    jobs = await api.database.jobs.claim(now=api.now, room=lambda _: 99, lease_seconds=600)
    return [str(job.values["receipt_id"]) for job in jobs if job.kind == "receipt"]


async def test_receipts_of_a_confirmed_address_are_taken_once(api: ApiStage, box: Box) -> None:
    await _confirm(api, "ann@example.org")
    await box.put(_mail("Ann <ann@example.org>", PHOTO, DOCUMENT), _mail("ann@example.org", PHOTO))
    # A kill after the commit leaves the mail where it is.
    async with open_mailbox(box.server) as mailbox:
        first, _ = await mailbox.list_new(9)
        assert await box.poller._take(mailbox, first) == TAKEN
    await box.poller.look()
    assert (await box.count("INBOX"), await box.count(TAKEN)) == (0, 2)
    ids = await _read_jobs(api)
    assert len(ids) == 3
    assert api.woken.is_set()

    def receipts(rows: Repositories) -> list[tuple[str, str, int]]:
        presence = rows.chats.find(HOME)
        assert presence
        found = [rows.receipts.get(presence.chat.ledger.id, one) for one in ids]
        return sorted((one.file_name, one.caption, one.user_id) for one in found)

    async with api.database.units.open(now=api.now) as unit:
        # A subject is not a caption, since its number would override the receipt's.
        assert await unit.run(receipts) == [
            ("0.jpg", "", ANN.user_id),
            ("0.jpg", "", ANN.user_id),
            ("1.pdf", "", ANN.user_id),
        ]
    told = await api.told()
    assert {one.chat_id for one in told} == {HOME}
    assert all("Reading" in str(one.payload["text"]) for one in told)
    await box.poller.look()
    assert await _read_jobs(api) == []


async def test_strangers_and_forged_senders_get_no_answer(api: ApiStage, box: Box) -> None:
    await _confirm(api, "ann@example.org")
    await _confirm(api, "bo@example.org", GROUP, BO.user_id)
    await _confirm(api, "gone@example.org", GROUP, 99)
    forged = _mail("ann@example.org", PHOTO, verdict="fail")
    claimed = (
        b"Authentication-Results: evil.example; dmarc=pass header.from=example.org\r\n" + forged
    )
    await box.put(
        forged,
        claimed,
        _mail("eve@example.org", PHOTO),
        _mail("gone@example.org", PHOTO),
        _mail("ann@example.org, eve@example.org", PHOTO),
        b"From: ann@example.org\r\n\r\n",
        b"\x00\xff" * 100,
    )
    await box.poller.look()
    assert (await box.count("INBOX"), await box.count(REFUSED)) == (0, 7)
    assert await api.told() == []
    assert await _read_jobs(api) == []
    # Bo's goes to the group, as long as he is there.
    await box.put(_mail("bo@example.org", PHOTO))
    await box.poller.look()
    assert len(await _read_jobs(api)) == 1
    async with api.database.units.open(now=api.now) as unit:
        await unit.run(lambda rows: rows.chats.leave(GROUP, BO.user_id, api.now))
    await box.put(_mail("bo@example.org", PHOTO))
    await box.poller.look()
    assert await _read_jobs(api) == []


async def test_a_mail_of_which_nothing_can_be_booked_is_explained(api: ApiStage, box: Box) -> None:
    await _confirm(api, "ann@example.org")
    box.poller.bytes_max = 200_000
    await box.put(
        _mail("ann@example.org"),
        _mail("ann@example.org", b"MZ" + bytes(9000)),
        _mail("ann@example.org", *[PHOTO] * 11),
        _mail("ann@example.org", text="x" * 210_000),
    )
    await box.poller.look()
    texts = [str(one.payload["text"]) for one in await api.told()]
    words = ["no receipt", "no receipt", "more than ten", "too large"]
    assert [word for text, word in zip(texts, words, strict=True) if word not in text] == []
    assert await _read_jobs(api) == []
    assert await box.count(REFUSED) == 4


async def test_a_bomb_costs_one_answer() -> None:
    opener = ChildMailOpener()
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
        for n in range(5000)
    )
    assert isinstance(await opener.open(nested), FileRefusal)
    assert await opener.open(b"\x00\xff" * 1000) == []


async def test_a_mailbox_that_refuses_is_named_with_the_remedy(
    imap_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings(imap_url=SecretText(f"{imap_url}/INBOX"))
    (name, attempt) = list_attempts(settings)[-1]
    assert name == "mailbox"
    assert "mails wait in INBOX" in await attempt()
    wrong = [
        (imap_url.replace("kvitto%40", "nobody%40") + "/INBOX", "user and password"),
        (f"{imap_url}/Nowhere", "IMAP_URL"),
        ("imap://a:b@127.0.0.1:9/INBOX?tls=off", "IMAP_URL"),
    ]
    for url, remedy in wrong:
        with pytest.raises(UnavailableError) as refused:
            async with open_mailbox(parse_server(url, "imap")):
                raise AssertionError(url)
        assert remedy in str(refused.value.values["remedy"])


async def test_logos_are_left_out_where_files_are_attached() -> None:
    mail = EmailMessage()
    mail.set_content("text")
    mail.add_alternative('<img src="cid:logo">', subtype="html")
    page = mail.get_payload(1)
    assert isinstance(page, EmailMessage)
    page.add_related(
        PHOTO, "image", "jpeg", cid="<logo>", disposition="inline", filename="logo.jpg"
    )
    opener = ChildMailOpener()
    shown = await opener.open(mail.as_bytes())
    assert not isinstance(shown, FileRefusal)
    assert [one.name for one in shown] == ["logo.jpg"], "some programs send photos within the text"
    mail.add_attachment(DOCUMENT, "application", "pdf", filename="Beleg März.pdf")
    mail.add_attachment(b"\x89PNG" + bytes(100), "image", "png", filename="line.png")
    outer = EmailMessage()
    outer.set_content("forwarded")
    outer.add_attachment(mail)
    attached = await opener.open(outer.as_bytes())
    assert not isinstance(attached, FileRefusal)
    assert [(one.name, one.data) for one in attached] == [("Beleg März.pdf", DOCUMENT)]
