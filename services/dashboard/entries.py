"""Read the entries that a filter lets through, and one entry with its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ledger.chats import Member
from ledger.entries.entry import Entry
from ledger.entries.queries import Cursor, EntryFilter
from ledger.errors import NotAllowedError, NotFoundError
from ledger.receipt import ReceiptDraft
from ledger.stored_receipts import Receipt
from ports.answers import Page, Summarised
from services.entries.changing import require_owner
from services.entries.doubtful_fields import find_draft
from services.reporting.reports import list_page, summarise
from services.reporting.searching import read_filter
from services.scope import Scope

PAGE_LIMIT = 40


@dataclass(frozen=True, slots=True)
class ListedEntries:
    """A page of entries, with their sums where they are of one period."""

    page: Page
    summarised: Summarised | None


@dataclass(frozen=True, slots=True)
class EntryDetails:
    """One entry, with the reading of its receipt."""

    entry: Entry
    members: tuple[Member, ...]
    draft: ReceiptDraft | None
    """None for an entry without a receipt."""
    has_picture: bool
    may_change: bool


def list_entries(
    scope: Scope, which: EntryFilter, words: str, names: Mapping[str, str], after: Cursor | None
) -> ListedEntries:
    """Return a page of entries; `words` narrow the filter as they do in `/list`.

    Raises:
        InputError: as `services.reporting.searching.read_filter`.
    """
    if words:
        which = _join(which, read_filter(scope, words, names))
    page = list_page(scope, which, after, limit=PAGE_LIMIT)
    # Sums of all years of a large ledger take a second, so only those of a period are shown.
    period = which.period
    return ListedEntries(page, summarise(scope, period, which=which) if period else None)


def _join(which: EntryFilter, typed: EntryFilter) -> EntryFilter:
    """Let what was typed win over what the address says."""
    given = {
        name: value
        for name in ("period", "type", "paid_by", "amounts", "merchant", "words")
        if (value := getattr(typed, name)) not in (None, "")
    }
    if typed.scopes:
        given |= {"scopes": typed.scopes, "categories": typed.categories}
    return replace(which, **given, tags=(*which.tags, *typed.tags))


def read_entry(scope: Scope, entry_id: str) -> EntryDetails:
    """Return an entry, deleted or not. Raises `NotFoundError`."""
    entry = scope.repositories.entries.find(scope.ledger.id, entry_id)
    if entry is None:
        raise NotFoundError("entry_gone")
    receipt = find_receipt(scope, entry.receipt_id)
    return EntryDetails(
        entry,
        tuple(scope.repositories.chats.members(scope.ledger.id)),
        find_draft(scope, entry),
        has_picture=receipt is not None and receipt.clean_key is not None,
        may_change=_may_change(scope, entry),
    )


def find_receipt(scope: Scope, receipt_id: str | None) -> Receipt | None:
    """Return a receipt of the ledger, None where it has none of this id."""
    if receipt_id is None:
        return None
    return scope.repositories.receipts.find(scope.ledger.id, receipt_id)


def _may_change(scope: Scope, entry: Entry) -> bool:
    try:
        require_owner(scope, entry)
    except NotAllowedError:
        return False
    return True
