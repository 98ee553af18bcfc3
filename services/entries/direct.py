"""Book and change entries whose fields a program gives, by the same services as the chat's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Literal, TypeVar

from ledger.entries.entry import Entry, EntryType, Mark
from ledger.entries.source_keys import source_key
from ledger.errors import InputError, WrongFieldsError
from ledger.money import Money, minor_digits
from ports.answers import Captured, Corrected
from services.categories.categorising import INCOME
from services.entries.booking import Booking, Draft
from services.entries.changing import find_member, live_entry, require_owner, seen_entry, type_of
from services.entries.corrections import Corrections
from services.entries.recording import begin
from services.ids import new_id
from services.members import list_present
from services.rates.asking import ask_for_rates
from services.scope import Scope

T = TypeVar("T")

AHEAD = timedelta(days=1)
"""The latest day of an entry, as in the chat: tomorrow, which somewhere is today."""


@dataclass(frozen=True, slots=True)
class GivenFields:
    """The fields that a program gives; None where it gives none."""

    amount: Decimal | None = None
    currency: str | None = None
    type: Literal["expense", "income"] | None = None
    spent_on: date | None = None
    note: str | None = None
    merchant: str | None = None
    """Empty: none."""
    category: str | None = None
    """An id or a name of the chat's; empty: choose one again."""
    tags: tuple[str, ...] | None = None
    paid_by: str | None = None
    """A member's id or name."""


@dataclass(frozen=True, slots=True)
class DirectEntries:
    """Books and changes entries by their fields."""

    booking: Booking
    corrections: Corrections

    def add(
        self, scope: Scope, given: GivenFields, names: Mapping[str, str], *, source: str
    ) -> Captured:
        """Book an entry; `names` are the chat's names of categories, `source` makes it unique.

        Raises:
            WrongFieldsError: `category_unknown`, `category_type`, `payer_unknown`,
                `amount_digits`, `date_ahead`.
        """
        recorder = begin(scope, "capture")
        entry = with_given(scope, _blank(scope, source), given, names)
        booked, alerts = self.booking.book(scope, [Draft(entry)], recorder)
        recorder.write()
        return Captured(booked, asked=ask_for_rates(scope, [booked[0].entry]), alerts=alerts)

    def build(self, scope: Scope, given: GivenFields, names: Mapping[str, str]) -> Entry:
        """Return an entry with its category that is not booked, as the pattern of a series."""
        entry = with_given(scope, _blank(scope, new_id(scope.now)), given, names)
        return self.booking.categorisation.complete(scope, entry)

    def change(
        self, scope: Scope, entry_id: str, given: GivenFields, names: Mapping[str, str]
    ) -> Corrected:
        """Change fields of an entry in one operation; a category is remembered as in the chat.

        Raises:
            WrongFieldsError: As `add`.
            NotAllowedError: Somebody else's entry, and the actor is not an admin.
            NotFoundError: There is no such entry (`entry_gone`).
        """
        before = live_entry(scope, entry_id)
        require_owner(scope, before)
        after = with_given(scope, before, given, names)
        if after == before:
            return Corrected(self.booking.show(scope, before))
        after = self.booking.categorisation.complete(scope, replace(after, updated_at=scope.now))
        return self.corrections.keep_fields(scope, before, after, learns=bool(given.category))

    def find_wrong(
        self, scope: Scope, entry_id: str | None, given: GivenFields, names: Mapping[str, str]
    ) -> Mapping[str, InputError]:
        """Return the fields that could not be taken, of an entry or (without an id) of a new one.

        It only reads.

        Raises:
            NotFoundError: There is no such entry (`entry_gone`).
        """
        before = seen_entry(scope, entry_id) if entry_id else _blank(scope, new_id(scope.now))
        try:
            with_given(scope, before, given, names)
        except WrongFieldsError as error:
            return error.wrong
        return {}


def _blank(scope: Scope, source: str) -> Entry:
    """Return an entry of today without an amount."""
    return Entry(
        id=new_id(scope.now),
        ledger_id=scope.ledger.id,
        type="expense",
        money=Money(Decimal(0), scope.ledger.currency),
        spent_on=scope.today,
        note="",
        category="",
        paid_by=scope.actor,
        source="api",
        source_key=source_key(source),
        created_at=scope.now,
        updated_at=scope.now,
    )


def with_given(scope: Scope, entry: Entry, given: GivenFields, names: Mapping[str, str]) -> Entry:
    """Return an entry with the given fields written over it.

    Raises:
        WrongFieldsError: Some fields cannot be taken; it names all of them.
    """
    fields = _Fields()
    category = fields.take("category", partial(_find_category, scope, given, entry, names), "")
    kind = fields.take("category", partial(_type_of, entry, given, category), entry.type)
    if category == INCOME and kind == "expense":
        # Without an income's type the categoriser chooses a category of spending.
        category = ""
    paid_by = entry.paid_by
    if given.paid_by is not None:
        paid_by = fields.take("paid_by", partial(find_paying, scope, given.paid_by), paid_by)
    written = replace(
        entry,
        type=kind,
        money=fields.take("amount", partial(money_of, given, entry.money), entry.money),
        spent_on=fields.take("date", partial(_day, scope, entry, given), entry.spent_on),
        note=entry.note if given.note is None else given.note.strip(),
        merchant=entry.merchant if given.merchant is None else given.merchant.strip() or None,
        category=category,
        category_guessed=entry.category_guessed and given.category is None and kind == entry.type,
        tags=entry.tags if given.tags is None else _tags(given.tags),
        paid_by=paid_by,
        marks=tuple(mark for mark in entry.marks if not _is_given(given, mark)),
    )
    if fields.wrong:
        raise WrongFieldsError(fields.wrong)
    return written


@dataclass(slots=True)
class _Fields:
    """The fields that cannot be taken, each with its error, so that all can be named at once."""

    wrong: dict[str, InputError] = field(default_factory=dict)

    def take(self, name: str, read: Callable[[], T], otherwise: T) -> T:
        """Return a field's value; for one that is wrong note it and return the other value."""
        try:
            return read()
        except InputError as error:
            self.wrong.setdefault(name, error)
            return otherwise


def find_category_named(scope: Scope, words: str, names: Mapping[str, str]) -> str:
    """Return the category of an id or name. Raises `InputError` (`category_unknown`)."""
    wanted = words.strip().casefold()
    known = {one.id.casefold(): one.id for one in scope.settings.categories}
    known |= {name.casefold(): one for name, one in names.items()}
    if wanted not in known:
        raise InputError("category_unknown", words=words)
    return known[wanted]


def find_member_named(scope: Scope, words: str) -> int:
    """Return the member of an id or name, also one who left. Raises `InputError` (`payer_unknown`)."""
    members = scope.repositories.chats.members(scope.ledger.id)
    wanted = words.strip()
    by_id = next((one.user_id for one in members if str(one.user_id) == wanted), None)
    by_name = [one.user_id for one in members if one.name.casefold() == wanted.casefold()]
    found = by_id if by_id is not None else by_name[0] if len(by_name) == 1 else None
    return find_paying(scope, words) if found is None else found


def find_paying(scope: Scope, words: str) -> int:
    """Return the present member of an id or name. Raises `InputError` (`payer_unknown`)."""
    present = list_present(scope)
    by_id = next((one for one in present if str(one) == words.strip()), None)
    found = find_member(scope, words) if by_id is None else by_id
    if found is None:
        raise InputError("payer_unknown", name=words, names=", ".join(present.values()))
    return found


def _find_category(scope: Scope, given: GivenFields, entry: Entry, names: Mapping[str, str]) -> str:
    if given.category == "":
        return ""
    if given.category is not None:
        return find_category_named(scope, given.category, names)
    # An entry that becomes an income has no use for its category of spending, unless it is a refund
    # that somebody asks for by name.
    if given.type == "income" and entry.type != "income":
        return INCOME
    return entry.category


def _type_of(entry: Entry, given: GivenFields, category: str) -> EntryType:
    if given.type == "expense" and given.category is not None and category == INCOME:
        raise InputError("category_type", words=given.category)
    if given.type is not None:
        return given.type
    return type_of(category) if given.category else entry.type


def money_of(given: GivenFields, before: Money) -> Money:
    """Return the given amount in its currency, or what was there before.

    Raises:
        InputError: `amount_digits` (`currency`, `digits`), for more decimals than the currency has.
    """
    currency = given.currency or before.currency
    amount = before.amount if given.amount is None else given.amount
    exponent = amount.normalize().as_tuple().exponent
    digits = minor_digits(currency)
    if isinstance(exponent, int) and -exponent > digits:
        raise InputError("amount_digits", currency=currency, digits=digits)
    return Money.of_minor(Money(amount, currency).minor, currency)


def _day(scope: Scope, entry: Entry, given: GivenFields) -> date:
    if given.spent_on is None:
        return entry.spent_on
    latest = scope.today + AHEAD
    if given.spent_on > latest:
        raise InputError("date_ahead", latest=latest)
    return given.spent_on


def _tags(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag.removeprefix("#") for tag in given))


def _is_given(given: GivenFields, mark: Mark) -> bool:
    named = {
        "date": given.spent_on,
        "merchant": given.merchant,
        "currency": given.currency,
        "amount": given.amount,
    }
    return named[mark] is not None
