"""Check rights to change an entry, and apply the words of a correction to it."""

from __future__ import annotations

from dataclasses import replace

from ledger.chats import Chat
from ledger.entries.entry import Entry, EntryType, Mark
from ledger.errors import InputError, NotAllowedError, NotFoundError
from ledger.money import Money
from ledger.text import Correction
from services.scope import Scope
from services.texts.incoming_text import IncomingText


def live_entry(scope: Scope, entry_id: str) -> Entry:
    """Return an entry that is in the ledger now. Raises `NotFoundError`."""
    entry = scope.repositories.entries.get(scope.ledger.id, entry_id)
    if entry.deleted_at:
        raise NotFoundError("entry_gone")
    return entry


def seen_entry(scope: Scope, entry_id: str) -> Entry:
    """Return an entry that is in the ledger now, without a lock. Raises `NotFoundError`."""
    entry = scope.repositories.entries.find(scope.ledger.id, entry_id)
    if entry is None or entry.deleted_at:
        raise NotFoundError("entry_gone")
    return entry


def may_change(chat: Chat, owner_id: int | None, user_id: int, *, is_admin: bool | None) -> bool:
    """Return whether a person may press a button, which its author and a group's admins may."""
    return chat.kind == "private" or owner_id is None or owner_id == user_id or is_admin is True


def require_owner(scope: Scope, entry: Entry) -> None:
    """Raise `NotAllowedError` unless this person wrote or paid this entry, or is an admin."""
    if entry.paid_by == scope.actor:
        return
    chat = scope.repositories.chats.of_ledger(scope.ledger.id)
    member = scope.repositories.chats.member(scope.ledger.id, scope.actor)
    is_admin = member.is_admin if member else None
    if may_change(chat, entry.paid_by, scope.actor, is_admin=is_admin):
        return
    # Looked up last, because most entries are paid by their author.
    if scope.repositories.operations.author_of(scope.ledger.id, entry.id) != scope.actor:
        raise NotAllowedError("not_your_entry")


def corrected(scope: Scope, entry: Entry, words: Correction, incoming: IncomingText) -> Entry:
    """Return an entry with the corrected fields; other fields keep their values."""
    money = _corrected_money(entry, words)
    spent_on = words.on or entry.spent_on
    category = entry.category if words.category is None else incoming.category_id(words.category)
    kind = _corrected_type(entry, words, category)
    return replace(
        entry,
        money=money,
        spent_on=spent_on,
        merchant=entry.merchant if words.merchant is None else words.merchant,
        note=entry.note if words.note is None else words.note,
        category=_category_for(kind, category),
        category_guessed=entry.category_guessed and words.category is None and kind == entry.type,
        marks=_remaining_marks(entry, words),
        tags=tuple(dict.fromkeys((*entry.tags, *words.tags))),
        paid_by=entry.paid_by if words.payer is None else find_payer(scope, words.payer),
        type=kind,
        updated_at=scope.now,
    )


def _corrected_money(entry: Entry, words: Correction) -> Money:
    currency = words.currency or entry.money.currency
    amount = entry.money.amount if words.amount is None else words.amount
    return Money(amount + (words.tip or 0), currency)


def _corrected_type(entry: Entry, words: Correction, category: str) -> EntryType:
    if words.type is not None:
        return words.type
    return entry.type if words.category is None else type_of(category)


def _category_for(kind: EntryType, category: str) -> str:
    """Return the category that fits a type; empty where an expense needs a new one."""
    if kind == "income":
        return "income"
    # An expense has no category "income"; empty lets the categoriser choose a new one.
    return "" if category == "income" else category


def _remaining_marks(entry: Entry, words: Correction) -> tuple[Mark, ...]:
    said: dict[Mark, object] = {
        "date": words.on,
        "merchant": words.merchant,
        "currency": words.currency,
        "amount": words.amount,
    }
    return tuple(mark for mark in entry.marks if said[mark] is None)


def require_admin(scope: Scope, error: str) -> None:
    """Raise `NotAllowedError` with this id where a group's member is not its admin."""
    chat = scope.repositories.chats.of_ledger(scope.ledger.id)
    member = scope.repositories.chats.member(scope.ledger.id, scope.actor)
    if chat.kind == "group" and not (member and member.is_admin):
        raise NotAllowedError(error)


def find_payer(scope: Scope, name: str) -> int:
    """Return the member whom a name means.

    Raises:
        InputError: `payer_unknown` (`name`, `names`) where it means nobody, or several members.
    """
    found = find_member(scope, name)
    if found is None:
        members = scope.repositories.chats.members(scope.ledger.id)
        names = ", ".join(member.name for member in members if not member.left)
        raise InputError("payer_unknown", name=name, names=names)
    return found


def find_member(scope: Scope, name: str) -> int | None:
    """Return the one present member whom a whole name, a username or a first name means."""
    wanted = name.strip().lstrip("@").casefold()
    present = [m for m in scope.repositories.chats.members(scope.ledger.id) if not m.left]
    by_name = [m for m in present if m.name.casefold() == wanted]
    by_username = [m for m in present if (m.username or "").casefold() == wanted]
    by_first_name = [m for m in present if m.name.casefold().split()[:1] == [wanted]]
    # The narrower match wins: a whole name decides over another member's first name.
    found = by_name or by_username or by_first_name
    return found[0].user_id if len(found) == 1 else None


def type_of(category: str) -> EntryType:
    """Return the type that a category implies."""
    return "income" if category == "income" else "expense"
