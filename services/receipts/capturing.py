"""Take receipts in the chat's partition, from the photo to the booked entry.

A sure draft is booked at once; an unsure one asks one question whose buttons each hold a complete
entry, so that answering is booking. A caption overrides the reading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from ledger.chats import Chat
from ledger.entry import Entry
from ledger.errors import NotFoundError
from ledger.money import Money
from ledger.receipt import Field
from ledger.receipt import ReceiptDraft as Read
from ledger.receipt.draft_json import load_draft
from ledger.source_keys import source_key
from ledger.stored_receipts import Receipt
from ledger.text import parse_correction, parse_message
from ports.answers import Asked, Captured, Nothing, ReceiptRefused, Remark
from ports.jobs import ReceiptRead, UnreadFile
from ports.repositories import Repositories
from services.entries.booking import Booking, Draft
from services.entries.changing import corrected, live_entry
from services.entries.recording import begin
from services.ids import new_id
from services.scope import Scope
from services.texts.incoming_text import IncomingText
from services.texts.questions import Questions

OPTIONS_MAX = 4
ASKED: frozenset[Field] = frozenset({"total", "currency", "date"})
"""Fields worth a question; a doubtful merchant or line is shown and can be corrected."""
SUMS = frozenset({"items", "subtotal_and_tax", "tax_included", "code"})
"""Equations that show a total to be the sum of its parts; one that holds is enough."""
USABLE = frozenset({"receipt", "refund"})
_DECIMALS = re.compile(r"\d[.,٫]\d")


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

    def take_file(self, scope: Scope, written: IncomingText, sent: SentFile) -> Receipt | None:
        """Make the receipt's row; None when this message has one already."""
        receipt = Receipt(
            id=new_id(scope.now),
            ledger_id=scope.ledger.id,
            source=written.source,
            user_id=scope.actor,
            file_ref=sent.file_id,
            file_name=sent.name,
            caption=written.text,
            state="stored",
            received_at=written.sent_at,
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
        self, scope: Scope, written: IncomingText, event: ReceiptRead
    ) -> Captured | ReceiptRefused | Nothing:
        """Book the job's reading or ask about it; a repeated event changes nothing."""
        receipt = scope.repositories.receipts.get(scope.ledger.id, event.receipt_id)
        # Events come at least once; any other state shows that one was taken.
        if receipt.state != "stored":
            return Nothing("receipt_done")
        if event.refusal:
            return self._refuse(scope, written, receipt, event.refusal)
        found = [load_draft(fields) for fields in event.drafts]
        receipt = replace(
            receipt,
            clean_key=event.clean_key,
            text="\n".join(read.text for read in found),
            reading={"drafts": list(event.drafts)},
        )
        usable = [read for read in found if read.kind in USABLE]
        if not usable:
            reason = UnreadFile(found[0].kind if found else "not_a_receipt")
            return self._refuse(scope, written, receipt, reason)
        if receipt.sha256 and scope.repositories.receipts.find_same(
            receipt.ledger_id, receipt.sha256, receipt.id
        ):
            return self._same_again(scope, written, receipt, usable)
        return self._book_or_ask(scope, written, receipt, usable)

    def _book_or_ask(
        self, scope: Scope, written: IncomingText, receipt: Receipt, found: Sequence[Read]
    ) -> Captured:
        sure: list[Draft] = []
        asked: list[Asked] = []
        written = replace(written, command=True)
        for position, read in enumerate(found):
            draft, open_fields = self._draft(scope, written, receipt, read, position)
            if open_fields:
                # Only the first open field is asked about, because a person gets one question at a
                # time.
                asked.append(self._ask(scope, receipt, read, draft, open_fields[0]))
            else:
                sure.append(draft)
        recorder = begin(scope.with_actor(receipt.user_id), "receipt")
        booked, alerts = self.booking.book(scope, sure, recorder)
        recorder.write()
        scope.repositories.receipts.save(replace(receipt, state="asked" if asked else "booked"))
        return Captured(booked=booked, asked=tuple(asked), alerts=alerts)

    def _draft(
        self, scope: Scope, written: IncomingText, receipt: Receipt, read: Read, position: int
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
            receipt_id=receipt.id,
        )
        entry, answered = with_caption(scope, entry, written)
        if "total" in answered and is_in_passing(scope, entry, answered, written, read.total):
            # The number may be a count, so the whole caption is kept as the note.
            entry = replace(entry, note=written.text.strip())
            return Draft(entry, _remarks(read, entry, answered), _names(read)), ["total"]
        open_fields = [] if read.sure else [f for f in read.asks if f in ASKED - answered]
        # An entry without an amount is never booked, however sure the reader is of the rest.
        if not entry.money.amount and "total" not in open_fields:
            open_fields.insert(0, "total")
        return Draft(entry, _remarks(read, entry, answered), _names(read)), open_fields

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

    def _same_again(
        self, scope: Scope, written: IncomingText, receipt: Receipt, found: Sequence[Read]
    ) -> Captured:
        written = replace(written, command=True)
        made = [
            self._draft(scope, written, receipt, read, position)[0].entry
            for position, read in enumerate(found)
        ]
        asked = self.questions.ask(
            scope.with_actor(receipt.user_id),
            "receipt_same",
            [tuple(made), ()],
            draft=made[0],
        )
        scope.repositories.receipts.save(replace(receipt, state="asked"))
        return Captured(asked=(asked,))

    def _refuse(
        self, scope: Scope, written: IncomingText, receipt: Receipt, refusal: UnreadFile
    ) -> Captured | ReceiptRefused | Nothing:
        """Keep the picture, and let a caption with an amount, or a typed one, make the entry.

        In a group most pictures are not receipts. One that is not, and was not sent to the bot, is
        chatter, which gets no answer and is not kept.
        """
        blank = Read("unreadable")
        draft, open_fields = self._draft(scope, written, receipt, blank, 0)
        is_said = bool(draft.entry.money.amount) and not open_fields
        for_us = written.addressed or written.chat_kind == "private"
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
            return Captured(booked=booked, alerts=alerts)
        asked = self.questions.ask(
            scope.with_actor(receipt.user_id),
            "receipt_amount",
            [],
            draft=draft.entry,
        )
        return ReceiptRefused(refusal.reason, dict(refusal.values), asked.question_id)


def with_caption(
    scope: Scope, entry: Entry, written: IncomingText
) -> tuple[Entry, frozenset[Field]]:
    """Let the caption override the reading; return the fields that it settles.

    A caption that holds an entry (`lunch 12.50 yesterday`) sets what it names; any other text is
    the note.
    """
    if not written.text.strip():
        return entry, frozenset()
    parsed = parse_message(written.text, written.context(scope.settings))
    if len(parsed.entries) != 1:
        words = parse_correction(written.text, written.context(scope.settings))
        if words is not None and words.amount is None and words.note is None:
            settled: set[Field] = {"date"} if words.on else set()
            return corrected(scope, entry, words, written), frozenset(settled)
        return replace(entry, note=written.text.strip()), frozenset()
    said = parsed.entries[0]
    money = Money(said.amount, said.currency if said.currency_given else entry.money.currency)
    spent_on = said.on if said.date_given else entry.spent_on
    named: list[tuple[Field, bool]] = [
        ("total", True),
        ("date", said.date_given),
        ("currency", said.currency_given),
    ]
    return (
        replace(
            entry,
            # A caption can make an income of it; it need not repeat that a refund is one.
            type="income" if said.type == "income" else entry.type,
            money=money,
            spent_on=spent_on,
            note=said.note,
            tags=said.tags,
            category=written.category_id(said.category),
        ),
        frozenset(field for field, is_said in named if is_said),
    )


def is_in_passing(
    scope: Scope,
    entry: Entry,
    answered: frozenset[Field],
    written: IncomingText,
    read_total: Decimal | None,
) -> bool:
    """Return whether the amount of a caption may be a count: `dinner with 3 friends`, `3 bags`.

    It is a whole number without a currency, not the receipt's total, and either not in the place of
    an amount or in front of a countable thing.
    """
    text = written.text.strip()
    if "currency" in answered or entry.money.amount == read_total or _DECIMALS.search(text):
        return False
    if text[:1].isdigit() and entry.note:
        return True
    # Only the place of the number counts here, so every note is as good as a known one.
    stranger = replace(
        written.context(scope.settings),
        chat_kind="group",
        addressed=False,
        command=False,
        is_known_note=bool,
    )
    return bool(entry.note) and not parse_message(text, stranger).entries


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


def _names(read: Read) -> tuple[str, ...]:
    return tuple(line.name for line in read.items)


def _remarks(read: Read, entry: Entry, answered: frozenset[Field]) -> tuple[Remark, ...]:
    remarks = []
    adds_up = any(check.passed and check.name in SUMS for check in read.checks)
    if adds_up and entry.money.amount == read.total:
        remarks.append(Remark("adds_up", {}))
    # Told, because an assumed day can move the sum into another month.
    if read.on is None and read.kind in USABLE and "date" not in answered:
        remarks.append(Remark("date_assumed", {}))
    return tuple(remarks)
