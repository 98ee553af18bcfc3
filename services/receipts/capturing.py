"""Take receipts in the chat's partition, from the photo to the booked entry.

A sure draft is booked at once; an unsure one asks one question whose buttons each hold a complete
entry, so that answering is booking. A caption overrides the reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from ledger.chats import Chat
from ledger.entries.entry import Entry, Mark
from ledger.entries.source_keys import source_key
from ledger.errors import NotFoundError
from ledger.money import Money
from ledger.receipt import Field
from ledger.receipt import ReceiptDraft as Read
from ledger.receipt.draft_json import load_draft
from ledger.stored_receipts import Receipt
from ports.answers import Asked, Captured, Nothing, ReceiptRefused
from ports.jobs import ReceiptRead, UnreadFile
from ports.repositories import Repositories
from services.entries.booking import Booking, Draft
from services.entries.changing import live_entry
from services.entries.doubtful_fields import list_lines, list_sum_remarks
from services.entries.recording import begin
from services.ids import new_id
from services.rates.asking import ask_for_rates
from services.receipts.captions import is_in_passing, with_caption
from services.receipts.duplicates import find_same
from services.scope import Scope
from services.texts.incoming_text import IncomingText
from services.texts.questions import FollowUp, Questions, SameReceipt

OPTIONS_MAX = 4
ASKED: frozenset[Field] = frozenset({"total", "currency", "date"})
"""Fields worth a question; a doubtful merchant or line is shown and can be corrected."""
USABLE = frozenset({"receipt", "refund"})
NO_RECEIPT = "not_a_receipt"
"""Kind of a picture that shows something else; its files are deleted."""
_MARKS: tuple[Mark, ...] = ("date", "merchant", "currency")


@dataclass(frozen=True, slots=True)
class SentFile:
    """A photo or file as Telegram announces it."""

    file_id: str
    name: str
    size_bytes: int | None


@dataclass(frozen=True, slots=True)
class Receipts:
    """Keeps, books and asks about receipts."""

    booking: Booking
    questions: Questions

    def take_file(self, scope: Scope, incoming: IncomingText, sent: SentFile) -> Receipt | None:
        """Make the receipt's row; None when this message has one already."""
        receipt = Receipt(
            id=new_id(scope.now),
            ledger_id=scope.ledger.id,
            source=incoming.source,
            user_id=scope.actor,
            file_ref=sent.file_id,
            file_name=sent.name,
            caption=incoming.text,
            state="stored",
            received_at=incoming.sent_at,
        )
        return receipt if scope.repositories.receipts.add(receipt) else None

    def find(
        self, repositories: Repositories, ledger_id: int, receipt_id: str
    ) -> tuple[Receipt, Chat] | None:
        """Return a receipt with its chat; None when it was forgotten."""
        receipt = repositories.receipts.find(ledger_id, receipt_id)
        return (receipt, repositories.chats.of_ledger(ledger_id)) if receipt else None

    def find_picture(self, scope: Scope, entry_id: str) -> str:
        """Return the blob key of the picture of an entry's receipt. Raises `NotFoundError`."""
        entry = live_entry(scope, entry_id)
        receipts, ledger_id = scope.repositories.receipts, scope.ledger.id
        receipt = receipts.find(ledger_id, entry.receipt_id) if entry.receipt_id else None
        if receipt is None or receipt.clean_key is None:
            raise NotFoundError("no_picture")
        return receipt.clean_key

    def take_reading(
        self, scope: Scope, incoming: IncomingText, event: ReceiptRead
    ) -> Captured | ReceiptRefused | Nothing:
        """Book the job's reading or ask about it; a repeated event changes nothing."""
        receipt = scope.repositories.receipts.get(scope.ledger.id, event.receipt_id)
        # Events come at least once; any other state shows that one was taken.
        if receipt.state != "stored":
            return Nothing("receipt_done")
        if event.refusal:
            return self._refuse(scope, incoming, receipt, event.refusal)
        found = [load_draft(fields) for fields in event.drafts]
        receipt = replace(
            receipt,
            clean_key=event.clean_key,
            text="\n".join(read.text for read in found),
            reading={"drafts": list(event.drafts)},
            picture_print=event.picture_print or None,
        )
        return self._take(scope, incoming, receipt, found)

    def take_again(
        self, scope: Scope, incoming: IncomingText, receipt: Receipt
    ) -> Captured | ReceiptRefused | Nothing:
        """Book a receipt that was read before, or ask about it, by its new caption."""
        if receipt.reading is None:
            return self._refuse(scope, incoming, receipt, UnreadFile("unreadable"))
        found = [load_draft(fields) for fields in receipt.reading["drafts"]]
        return self._take(scope, incoming, receipt, found)

    def draft_at(
        self, scope: Scope, incoming: IncomingText, receipt: Receipt, position: int
    ) -> Entry:
        """Return the entry that a caption makes of one of the readings of a receipt."""
        found = (receipt.reading or {}).get("drafts") or []
        read = load_draft(found[position]) if position < len(found) else Read("unreadable")
        incoming = replace(incoming, command=bool(found))
        return self._draft(scope, incoming, receipt, read, position)[0].entry

    def _take(
        self, scope: Scope, incoming: IncomingText, receipt: Receipt, found: Sequence[Read]
    ) -> Captured | ReceiptRefused | Nothing:
        usable = [(place, read) for place, read in enumerate(found) if read.kind in USABLE]
        if not usable:
            reason = UnreadFile(found[0].kind if found else NO_RECEIPT)
            return self._refuse(scope, incoming, receipt, reason)
        incoming = replace(incoming, command=True)
        booked = find_same(scope, receipt, [read for _, read in usable])
        if booked is not None:
            return self._ask_whether_same(scope, incoming, receipt, usable, booked)
        return self._book_or_ask(scope, incoming, receipt, usable)

    def _book_or_ask(
        self,
        scope: Scope,
        incoming: IncomingText,
        receipt: Receipt,
        found: Sequence[tuple[int, Read]],
    ) -> Captured:
        sure: list[Draft] = []
        asked: list[Asked] = []
        for position, read in found:
            draft, open_fields = self._draft(scope, incoming, receipt, read, position)
            if open_fields:
                # Only the first open field is asked about, because a person gets one question at a
                # time.
                asked.append(self._ask(scope, receipt, read, draft, open_fields[0]))
            else:
                sure.append(draft)
        # Before the entries, whose doubtful fields are offered from the reading.
        scope.repositories.receipts.save(replace(receipt, state="asked" if asked else "booked"))
        recorder = begin(scope.with_actor(receipt.user_id), "receipt")
        booked, alerts = self.booking.book(scope, sure, recorder)
        recorder.write()
        asked += ask_for_rates(scope, [one.entry for one in booked])
        return Captured(booked=booked, asked=tuple(asked), alerts=alerts)

    def _draft(
        self, scope: Scope, incoming: IncomingText, receipt: Receipt, read: Read, position: int
    ) -> tuple[Draft, list[Field]]:
        """Return the entry that a reading and its caption make, and what is still open."""
        today = scope.ledger.today(receipt.received_at)
        currency = read.currency or scope.settings.currency
        money = Money(read.total if read.total is not None else Decimal(0), currency)
        entry = Entry(
            id=new_id(scope.now),
            ledger_id=receipt.ledger_id,
            type="income" if read.kind == "refund" else "expense",
            money=money,
            spent_on=read.on or today,
            note="",
            category="",
            paid_by=receipt.user_id,
            source="receipt",
            source_key=source_key(receipt.source, position),
            created_at=scope.now,
            updated_at=scope.now,
            merchant=read.merchant,
            marks=_marks(read),
            receipt_id=receipt.id,
        )
        entry, answered = with_caption(scope, entry, incoming)
        if "total" in answered and is_in_passing(scope, entry, answered, incoming, read.total):
            # The number may be a count, so the whole caption is kept as the note.
            entry = replace(entry, note=incoming.text.strip())
            return Draft(entry, list_sum_remarks(read, entry), list_lines(read)), ["total"]
        open_fields = [] if read.sure else [f for f in read.asks if f in ASKED - answered]
        # An entry without an amount is never booked, however sure the reader is of the rest.
        if not entry.money.amount and "total" not in open_fields:
            open_fields.insert(0, "total")
        return Draft(entry, list_sum_remarks(read, entry), list_lines(read)), open_fields

    def _ask(
        self,
        scope: Scope,
        receipt: Receipt,
        read: Read,
        draft: Draft,
        open_field: Field,
    ) -> Asked:
        today = scope.ledger.today(receipt.received_at)
        choices = _choices(draft.entry, read, open_field, today)
        return self.questions.ask(
            scope.with_actor(receipt.user_id),
            f"receipt_{open_field}",
            choices,
            draft=draft.entry,
        )

    def _ask_whether_same(
        self,
        scope: Scope,
        incoming: IncomingText,
        receipt: Receipt,
        found: Sequence[tuple[int, Read]],
        booked: Entry,
    ) -> Captured:
        made: list[Entry] = []
        then: list[FollowUp] = []
        today = scope.ledger.today(receipt.received_at)
        for position, read in found:
            draft, open_fields = self._draft(scope, incoming, receipt, read, position)
            made.append(draft.entry)
            if open_fields:
                choices = _choices(draft.entry, read, open_fields[0], today)
                then.append(FollowUp(f"receipt_{open_fields[0]}", choices, draft.entry))
        asked = self.questions.ask(
            scope.with_actor(receipt.user_id),
            "receipt_same",
            [tuple(made), ()],
            draft=made[0],
            same=SameReceipt(booked, then),
        )
        scope.repositories.receipts.save(replace(receipt, state="asked"))
        return Captured(asked=(asked,))

    def _refuse(
        self, scope: Scope, incoming: IncomingText, receipt: Receipt, refusal: UnreadFile
    ) -> Captured | ReceiptRefused | Nothing:
        """Let a caption with an amount, or a typed one, make the entry.

        A picture of something else is not kept. In a group most pictures are not receipts. One that
        is not, and was not sent to the bot, is chatter, which gets no answer.
        """
        blank = Read("unreadable")
        draft, open_fields = self._draft(scope, incoming, receipt, blank, 0)
        is_said = bool(draft.entry.money.amount) and not open_fields
        for_us = incoming.addressed or incoming.chat_kind == "private"
        if not (is_said or for_us):
            if refusal.reason == "reading_failed":
                scope.repositories.receipts.save(replace(receipt, state="failed"))
            else:
                # Chatter is not kept. A failed reading is, because it may have been a receipt.
                scope.repositories.receipts.drop(receipt.ledger_id, receipt.id)
            return Nothing("receipt_done")
        scope.repositories.receipts.save(replace(receipt, state="refused"))
        if is_said:
            recorder = begin(scope.with_actor(receipt.user_id), "receipt")
            booked, alerts = self.booking.book(scope, [draft], recorder)
            recorder.write()
            scope.repositories.receipts.save(replace(receipt, state="booked"))
            rates = ask_for_rates(scope, [one.entry for one in booked])
            return Captured(booked=booked, asked=rates, alerts=alerts)
        if refusal.reason == NO_RECEIPT:
            scope.repositories.receipts.drop(receipt.ledger_id, receipt.id)
            files = tuple(key for key in (receipt.blob_key, receipt.clean_key) if key)
            return ReceiptRefused(refusal.reason, dict(refusal.values), discarded=files)
        asked = self.questions.ask(
            scope.with_actor(receipt.user_id),
            "receipt_amount",
            [],
            draft=draft.entry,
        )
        return ReceiptRefused(refusal.reason, dict(refusal.values), asked.question_id)


def _choices(entry: Entry, read: Read, open_field: Field, today: date) -> list[tuple[Entry, ...]]:
    """Return complete entries, one per candidate answer."""
    found = read.candidates.get(open_field, ())
    days, moneys = [entry.spent_on], [entry.money]
    if open_field == "date":
        named = [day for day in found if isinstance(day, date)]
        # Today and yesterday follow the read days, as receipts are mostly sent soon.
        days = list(dict.fromkeys([*named, today, today - timedelta(days=1)]))[:OPTIONS_MAX]
    elif open_field == "currency":
        moneys = [Money(entry.money.amount, code) for code in found if isinstance(code, str)]
    else:
        said = entry.money.amount
        # A caption's number that may be a count comes second, behind the receipt's total.
        first = (read.total, said) if said and said != read.total else ()
        amounts = [amount for amount in (*first, *found) if isinstance(amount, Decimal)]
        moneys = [Money(amount, entry.money.currency) for amount in dict.fromkeys(amounts)]
    return [
        (replace(entry, money=money, spent_on=day),)
        for money in moneys[:OPTIONS_MAX]
        for day in days
    ]


def _marks(read: Read) -> tuple[Mark, ...]:
    """Return the doubtful fields that a card can show; a question about one is mark enough."""
    found = [mark for mark in _MARKS if mark in read.marks and mark not in read.asks]
    if read.merchant is None and not read.alternatives.get("merchant"):
        found = [mark for mark in found if mark != "merchant"]
    return tuple(found)
