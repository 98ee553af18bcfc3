"""Build the actions of insights."""

from __future__ import annotations

from ledger.entries.filter_fields import filter_fields
from ledger.entries.queries import EntryFilter
from ledger.money import Money
from ports.messages import Action


def insight_entries(which: EntryFilter) -> Action:
    """List the entries behind an insight."""
    return Action("insight_entries", (filter_fields(which),))


def insight_budget(category: str, limit: Money) -> Action:
    """Set a budget that was proposed."""
    return Action("insight_budget", (category, limit.minor, limit.currency))


def insight_no(kind: str, about: str) -> Action:
    """Never tell this kind of insight about this object again."""
    return Action("insight_no", (kind, about))


def insight_yes(kind: str, about: str) -> Action:
    """Take that refusal back."""
    return Action("insight_yes", (kind, about))


def wording() -> Action:
    """Show the instruction by which a model phrases insights."""
    return Action("wording")


def wording_set(words: str) -> Action:
    """Set that instruction; no words delete it."""
    return Action("wording_set", (words,))
