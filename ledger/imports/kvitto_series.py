"""Check the series of an export, and tell which of them a ledger has already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any, get_args

from ledger.entries.entry import EntryType
from ledger.money import AMOUNT_MAX, is_currency
from ledger.recurring.fields import SeriesRow, series_fields, series_of_fields
from ledger.recurring.rules import EVERY_MAX, Rule, Unit, Weekend
from ledger.recurring.series import Contract, Series

DAYS_MAX = 3660
"""Days or months of a reminder, a notice or a renewal: ten years of days."""
_COUNT_MAX = 100_000
_LIST_MAX = 1000
_TEXT_MAX = 500
_MONTH_DAYS = 31
_FIRST_DAY = date(1900, 1, 1)
_PEOPLE = ("paid_by", "created_by")


def check_series(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fields of a series as this version writes them.

    Raises:
        ValueError, TypeError, KeyError: A field is missing or not valid.
    """
    series = load_series(fields, "", 0)
    money, plan = series.money, series.plan
    _demand(
        series.type in get_args(EntryType)
        and is_currency(money.currency)
        and 0 < money.amount <= AMOUNT_MAX
    )
    texts = [fields[name] or "" for name in ("id", "note", "merchant", "category")]
    _demand(isinstance(fields["tags"], list))
    texts += fields["tags"]
    _demand(len(texts) <= _LIST_MAX)
    _demand(all(isinstance(text, str) and len(text) <= _TEXT_MAX for text in texts))
    _demand(all(_is_number(days, 0, DAYS_MAX) for days in series.reminders))
    _demand(plan.count is None or _is_number(plan.count, 0, _COUNT_MAX))
    _demand(max(len(plan.skipped), len(series.reminders)) <= _LIST_MAX)
    _check_rule(plan.rule)
    if series.contract:
        _check_contract(series.contract)
    return dump_series(series)


def dump_series(series: Series) -> dict[str, Any]:
    """Return a series as the JSON export holds it."""
    return {
        "id": series.id,
        "created_at": series.created_at.astimezone(UTC).isoformat(),
        "booked_to": series.booked_to.isoformat() if series.booked_to else None,
        **series_fields(series),
    }


def load_series(fields: Mapping[str, Any], series_id: str, ledger_id: int) -> Series:
    """Return the series of an export, with another id where one is given."""
    progress, created = fields["booked_to"], fields.get("created_at")
    row = SeriesRow(
        series_id or str(fields["id"]),
        ledger_id,
        # Exports of the first version with series do not tell when one was made.
        datetime.fromisoformat(created) if created else datetime.fromtimestamp(0, UTC),
        date.fromisoformat(progress) if progress else None,
    )
    flags = ("paused", "varies", "remind_only", "ended")
    _demand(all(isinstance(fields[name], bool) for name in flags))
    _demand(all(isinstance(fields[name], int) for name in (*_PEOPLE, "amount_minor")))
    return series_of_fields(row, fields)


def is_among(series: Series, known: Collection[Series]) -> bool:
    """Return whether a ledger has this series: by its id, or equal in all but who made it."""
    mine = _identity(series)
    return any(one.id == series.id or _identity(one) == mine for one in known)


def _identity(series: Series) -> dict[str, Any]:
    fields = series_fields(series)
    return {name: value for name, value in fields.items() if name not in _PEOPLE}


def _check_rule(rule: Rule) -> None:
    _demand(rule.unit in get_args(Unit) and rule.weekend in get_args(Weekend))
    _demand(_is_number(rule.every, 1, EVERY_MAX) and rule.start >= _FIRST_DAY)
    _demand(rule.month_day is None or _is_number(rule.month_day, 1, _MONTH_DAYS))
    _demand(rule.last_workday in {True, False} and not (rule.last_workday and rule.unit != "month"))


def _check_contract(contract: Contract) -> None:
    _demand(_is_number(contract.notice_days, 0, DAYS_MAX))
    _demand(_is_number(contract.renews_months, 0, DAYS_MAX))


def _is_number(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _demand(holds: bool) -> None:  # noqa: FBT001 - reads as an assertion
    if not holds:
        raise ValueError
