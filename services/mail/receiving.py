"""Take receipts that people send by mail from the address that they confirmed.

Whoever is not such a person gets no answer at all, so that nobody learns which addresses are known and the
bot writes to nobody whose address was forged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.entries.source_keys import mail_source
from ledger.errors import NotAllowedError, NotFoundError
from ports.access import AccessScope, Caller
from ports.mail import MailFile, MailHead
from ports.repositories import Repositories
from services.access.ledgers import AccessRequest, OpenLedger, open_ledger
from services.mail.authenticity import find_sender, is_authentic, parse_header
from services.receipts.pacing import PlannedReceipt, ReceiptPacing
from services.receipts.uploads import Upload, keep_upload
from services.scope import Scope

FILES_MAX = 10
"""Files of one mail; a mail with more is told so, and none of them is taken."""
MAIL_BYTES_MAX = 28 << 20
"""20 MB of files as mail writes them, with a third more."""
_DIGEST = 32


@dataclass(frozen=True, slots=True)
class ReceiptMail:
    """A mail that is of the address which it names."""

    source: str
    sender: str


@dataclass(frozen=True, slots=True)
class SenderRule:
    """Tells whose mail may make entries."""

    server: str
    """The name under which the receiving server writes `Authentication-Results`."""
    allowed_users: frozenset[int] = frozenset()
    """Empty for everyone."""

    def read(self, head: MailHead) -> ReceiptMail | None:
        """Return the mail of a header; None where its sender is not proven."""
        header = parse_header(head.header)
        sender = find_sender(header)
        if sender is None or not is_authentic(header, sender, self.server):
            return None
        # The mailbox's number too, as anybody can repeat a Message-ID.
        named = f"{header.get('Message-ID', '')}\n{head.key}"
        digest = hashlib.sha256(named.encode(errors="replace")).hexdigest()[:_DIGEST]
        return ReceiptMail(mail_source(digest), sender)

    def open_ledger(
        self, repositories: Repositories, mail: ReceiptMail, now: datetime
    ) -> OpenLedger | None:
        """Return the ledger to which a sender confirmed the address and still belongs."""
        address = repositories.mail_addresses.find_confirmed(mail.sender)
        if address is None:
            return None
        if self.allowed_users and address.user_id not in self.allowed_users:
            return None
        scopes = frozenset({AccessScope.CAPTURE})
        caller = Caller(address.user_id, scopes, address.ledger_id)
        try:
            key = repositories.chats.of_ledger(address.ledger_id).ledger.key
            return open_ledger(AccessRequest(repositories, caller, now), key, AccessScope.CAPTURE)
        except (NotFoundError, NotAllowedError):
            return None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a mail whose bytes are in the blob store already."""

    file: MailFile
    blob_key: str
    sha256: str


def take_files(
    scope: Scope, mail: ReceiptMail, files: Sequence[KeptFile], pacing: ReceiptPacing
) -> list[PlannedReceipt]:
    """Make the rows of receipts that are still to be read; those of a mail that came before exist."""
    found = []
    for number, one in enumerate(files):
        source = f"{mail.source}:{number}"
        # No caption: the subject of a mail is often not of the person, and would override the reading.
        upload = Upload(source, one.blob_key, one.sha256, one.file.name, "")
        receipt = keep_upload(scope, upload)
        if receipt is not None:
            found.append(pacing.plan(scope, receipt))
    return found
