"""Show one entry, with its receipt and a form for its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from ledger.entries.source_keys import is_of_page
from ledger.money import Money
from ledger.receipt import ReceiptDraft
from presentation.charts import category_icon
from presentation.views.parts import counted
from services.dashboard.entries import EntryDetails
from web.page.entry_form import EntryForm, entry_form, version_of
from web.page.views.parts import Context, capital, category_name, entry_title, plain


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a receipt."""

    name: str
    price: str


@dataclass(frozen=True, slots=True)
class ReceiptPart:
    """A receipt's picture and the lines that were read from it."""

    picture_url: str
    lines: tuple[Line, ...]
    total: str
    text: str
    """Every row that was read, for whoever cannot see the picture."""


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry."""

    id: str
    title: str
    icon: Markup
    amount: str
    counted: str
    facts: tuple[str, ...]
    note: str
    is_income: bool
    is_deleted: bool
    may_change: bool
    form: EntryForm
    receipt: ReceiptPart | None
    version: str
    """Changes with the entry, so that a form never writes over a newer change."""


def entry_page(
    details: EntryDetails, context: Context, typed: Mapping[str, str] | None = None
) -> EntryPage:
    """Return the view of an entry, with what was typed into its form where that was refused."""
    entry, t = details.entry, context.t
    source = "page" if is_of_page(entry.source_key) else entry.source
    facts = (
        category_name(entry.category, t),
        capital(t.dated(entry.spent_on, context.today)),
        context.payer(entry.paid_by),
        " ".join(f"#{tag}" for tag in entry.tags),
        t.plain(f"app.source.{source}"),
    )
    return EntryPage(
        entry.id,
        entry_title(entry, context),
        context.drawn(category_icon(entry.category)),
        t.amount(entry),
        plain(counted(entry, t, today=context.today)),
        tuple(fact for fact in facts if fact),
        entry.note,
        entry.type == "income",
        entry.deleted_at is not None,
        details.may_change and entry.deleted_at is None,
        entry_form(entry, details.members, context.t, typed or {}),
        _receipt(details, context),
        version_of(entry),
    )


def _receipt(details: EntryDetails, context: Context) -> ReceiptPart | None:
    entry, draft = details.entry, details.draft
    if entry.receipt_id is None:
        return None
    url = context.links.picture(entry.receipt_id) if details.has_picture else ""
    currency = draft.currency or entry.money.currency if draft else entry.money.currency
    total = ""
    if draft and draft.total is not None:
        total = context.t.money(Money(draft.total, currency))
    lines = _lines(draft, currency, context) if draft else ()
    return ReceiptPart(url, lines, total, draft.text if draft else "")


def _lines(draft: ReceiptDraft, currency: str, context: Context) -> tuple[Line, ...]:
    return tuple(
        Line(item.name, context.t.money(Money(item.price, currency))) for item in draft.items
    )
