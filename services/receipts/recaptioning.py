"""Follow the edit of a receipt's caption, before the receipt is read and after it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ledger.entries.changes import Fields, entry_fields, with_fields
from ledger.entries.entry import Entry
from ledger.entries.source_keys import position_of
from ledger.stored_receipts import Receipt
from ledger.text.rewriting import text_fields
from services.entries.booking import Draft
from services.entries.rewriting import NewText, Rewriting
from services.receipts.capturing import Receipts
from services.scope import Scope
from services.texts.edit_questions import withdraw
from services.texts.edits import Followed
from services.texts.incoming_text import IncomingText


@dataclass(frozen=True, slots=True)
class Recaptioning:
    """Carries the new caption of a receipt over to its entries or its question."""

    receipts: Receipts
    rewriting: Rewriting

    def follow(self, scope: Scope, caption: IncomingText) -> Followed | None:
        """Carry a caption over; None where the message has no receipt that was kept."""
        receipt = scope.repositories.receipts.of_source(scope.ledger.id, caption.source)
        if receipt is None:
            return None
        version = scope.repositories.conversations.version(scope.ledger.id, caption.source)
        is_older = version is not None and caption.written_at < version.edited_at
        if is_older or caption.text == receipt.caption:
            return Followed()
        captioned = replace(receipt, caption=caption.text)
        scope.repositories.receipts.save(captioned)
        stored = scope.repositories.entries.of_source(scope.ledger.id, caption.source)
        if stored:
            return self._rewrite(scope, caption, receipt, stored)
        self.rewriting.stamp(scope, NewText(caption.source, caption.written_at))
        # One that is not read yet is booked by its new caption when it is.
        if receipt.state == "stored":
            return Followed()
        withdrawn = withdraw(scope, caption.source)
        return Followed(self.receipts.take_again(scope, caption, captioned), withdrawn)

    def _rewrite(
        self, scope: Scope, caption: IncomingText, receipt: Receipt, stored: list[Entry]
    ) -> Followed:
        older = replace(caption, text=receipt.caption)
        drafts = []
        for said in self.rewriting.list_said(scope, caption.source, stored):
            entry = next(one for one in stored if one.id == said.entry_id)
            place = position_of(entry.source_key)
            was, becomes = (
                text_fields(entry_fields(self.receipts.draft_at(scope, one, receipt, place)))
                for one in (older, caption)
            )
            changed = _differing(was, becomes)
            drafts.append(Draft(with_fields(entry, said.fields | changed, now=scope.now)))
        text = NewText(caption.source, caption.written_at, tuple(drafts), is_whole=False)
        return Followed(self.rewriting.rewrite(scope, text))


def _differing(was: Fields, becomes: Fields) -> Fields:
    """Return the fields that another caption makes of the same reading."""
    # A caption never marks a field as doubtful; it may take the doubt from one.
    return {name: becomes[name] for name in becomes if becomes[name] != was[name]}
