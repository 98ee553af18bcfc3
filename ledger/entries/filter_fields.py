"""Write a filter as JSON for buttons, jobs and the API, and read it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ledger.entries.queries import AmountRange, EntryFilter
from ledger.periods.period import Period

_PLAIN = ("type", "words", "merchant", "paid_by", "whole_words")
_LISTS = ("categories", "scopes", "tags")


def filter_fields(which: EntryFilter) -> dict[str, Any]:
    """Return the conditions that are given; an empty filter has no fields."""
    found = {name: getattr(which, name) for name in _PLAIN}
    found |= {name: list(getattr(which, name)) for name in _LISTS}
    if which.period:
        period = which.period
        found["period"] = [period.start.isoformat(), period.end.isoformat(), period.kind]
    if which.amounts:
        amounts = which.amounts
        found["amounts"] = [amounts.least_minor, amounts.most_minor, amounts.currency]
    found["without"] = [filter_fields(one) for one in which.without]
    return {name: value for name, value in found.items() if value not in (None, "", [], False)}


def load_filter(fields: Mapping[str, Any]) -> EntryFilter:
    """Return the filter that `filter_fields` wrote."""
    given: dict[str, Any] = {name: fields[name] for name in _PLAIN if name in fields}
    given |= {name: tuple(fields[name]) for name in _LISTS if name in fields}
    amounts = AmountRange(*fields["amounts"]) if "amounts" in fields else None
    without = tuple(load_filter(one) for one in fields.get("without", ()))
    return EntryFilter(period=_load_period(fields), amounts=amounts, without=without, **given)


def _load_period(fields: Mapping[str, Any]) -> Period | None:
    if "period" not in fields:
        return None
    start, end, kind = fields["period"]
    return Period(date.fromisoformat(start), date.fromisoformat(end), kind)
