"""Write the form of an entry, and read what was typed into it.

Only fields that differ from what the form showed are given to the service, so that saving a form does not
confirm what was merely guessed. An amount is read by the chat's own grammar: `4,50` and `12+3` are fine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.chats import Member
from ledger.entries.entry import Entry
from ledger.errors import InputError
from ledger.money import is_currency, minor_digits
from ledger.text import TextContext, parse_correction
from presentation.localizer import Localizer, localizer_for
from services.entries.direct import GivenFields
from services.scope import Scope

_ONE_AND_A_HALF = Decimal("1.5")
_MINUS = ("-", "\u2212", "\u2013", "\u2014", "(-")
"""Signs by which people type a minus, a dash too."""
NOTE_MAX = 1000
MERCHANT_MAX = 200
TAGS_MAX = 20
_FIRST_DAY = date(1970, 1, 1)
_TAG_MAX = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a list."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class EntryForm:
    """The values of the form."""

    amount: str
    currency: str
    date: str
    note: str
    merchant: str
    tags: str
    categories: tuple[Choice, ...]
    payers: tuple[Choice, ...]
    """Empty where there is nobody else who may have paid."""


def version_of(entry: Entry) -> str:
    """Return a text that changes whenever the entry does."""
    return entry.updated_at.isoformat()


def entry_form(
    entry: Entry, members: Sequence[Member], t: Localizer, typed: Mapping[str, str]
) -> EntryForm:
    """Return the form with an entry's values, or with what was typed over them."""
    values = {**shown_values(entry, t), **typed}
    categories = [*t.choosable(entry.type)]
    # A category that is hidden, or no longer there, stays where the entry has it.
    if entry.category not in categories:
        categories.insert(0, entry.category)
    # Whoever has left pays nothing new, but may have paid this entry.
    people = [one for one in members if not one.left or one.user_id == entry.paid_by]
    return EntryForm(
        values["amount"],
        values["currency"],
        values["date"],
        values["note"],
        values["merchant"],
        values["tags"],
        tuple(Choice(one, _category(one, t), one == values["category"]) for one in categories),
        tuple(
            Choice(str(one.user_id), one.name, str(one.user_id) == values["paid_by"])
            for one in people
            if len(people) > 1
        ),
    )


def shown_values(entry: Entry, t: Localizer) -> dict[str, str]:
    """Return the values that the form of an entry shows, by the names of its fields."""
    amount = f"{entry.money.amount:.{minor_digits(entry.money.currency)}f}"
    return {
        "amount": amount.replace(".", _decimal_point(t)),
        "currency": entry.money.currency,
        "date": entry.spent_on.isoformat(),
        "category": entry.category,
        "note": entry.note,
        "merchant": entry.merchant or "",
        "tags": " ".join(entry.tags),
        "paid_by": str(entry.paid_by),
    }


def read_fields(scope: Scope, entry: Entry, typed: Mapping[str, str]) -> GivenFields:
    """Return the fields that were changed in the form.

    Raises:
        InputError: `amount_below_zero`, `amount_unread`, `currency_unread`, `date_unread`, `tag_too_long`,
            `tags_too_many`.
    """
    shown = shown_values(entry, localizer_for(scope.settings))
    given = {
        name: text
        for name, value in shown.items()
        if (text := typed.get(name, value).strip()) != value
    }
    currency = given["currency"].upper() if "currency" in given else None
    if currency is not None and not is_currency(currency):
        raise InputError("currency_unread", words=given["currency"])
    amount = None
    if "amount" in given:
        amount = _read_amount(scope, given["amount"], currency or entry.money.currency)
    return GivenFields(
        amount=amount,
        currency=currency,
        spent_on=_read_day(given["date"]) if "date" in given else None,
        note=given["note"][:NOTE_MAX] if "note" in given else None,
        merchant=given["merchant"][:MERCHANT_MAX] if "merchant" in given else None,
        category=given.get("category"),
        tags=_read_tags(given["tags"]) if "tags" in given else None,
        paid_by=given.get("paid_by"),
    )


def _read_amount(scope: Scope, words: str, currency: str) -> Decimal:
    # Read as an amount of any sign, -5 would become 5 without a word.
    if words.startswith(_MINUS):
        raise InputError("amount_below_zero", words=words)
    settings = scope.settings
    context = TextContext("private", currency, scope.now, settings.language)
    # With the chosen currency behind it, `5 USD` contradicts itself and is refused.
    found = parse_correction(f"{words} {currency}", context)
    if found is None or found.amount is None or found.currency not in (None, currency):
        raise InputError("amount_unread", words=words)
    return found.amount


def _read_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError("date_unread", words=text) from None
    # The calendar has to have a period before the first one.
    if day < _FIRST_DAY:
        raise InputError("date_unread", words=text)
    return day


def _read_tags(text: str) -> tuple[str, ...]:
    words = text.replace(",", " ").replace("#", " ").split()
    too_long = next((word for word in words if len(word) > _TAG_MAX), None)
    if too_long is not None:
        raise InputError("tag_too_long", words=too_long, most=_TAG_MAX)
    if len(words) > TAGS_MAX:
        raise InputError("tags_too_many", most=TAGS_MAX)
    return tuple(dict.fromkeys(words))


def _decimal_point(t: Localizer) -> str:
    """Return the sign between whole and part; a point where other digits than ours are written."""
    sample = t.number(_ONE_AND_A_HALF)
    return sample[1:-1] if sample.startswith("1") and sample.endswith("5") else "."


def _category(category: str, t: Localizer) -> str:
    return t.category_name(category) if category else t.plain("category.none")
