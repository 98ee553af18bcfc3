"""Write series down as JSON, for rows, the history and exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ledger.money import Money
from ledger.recurring.rules import Plan, Rule
from ledger.recurring.series import Contract, Series


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """The parts of a series that no history holds: its identity and its progress."""

    id: str
    ledger_id: int
    created_at: datetime
    booked_to: date | None


def series_fields(series: Series) -> dict[str, Any]:
    """Return every field of a series that a person can change, as JSON.

    `booked_to` is none of them: an undo must not bring back what is booked.
    """
    plan = series.plan
    return {
        "type": series.type,
        "amount_minor": series.money.minor,
        "currency": series.money.currency,
        "note": series.note,
        "merchant": series.merchant,
        "category": series.category,
        "tags": list(series.tags),
        "paid_by": series.paid_by,
        "created_by": series.created_by,
        "paused": series.paused,
        "varies": series.varies,
        "reminders": list(series.reminders),
        "remind_only": series.remind_only,
        "contract": _contract_fields(series.contract) if series.contract else None,
        "ended": series.ended,
        "rule": _rule_fields(plan.rule),
        "until": _text(plan.until),
        "count": plan.count,
        "skipped": sorted(day.isoformat() for day in plan.skipped),
    }


def series_of_fields(row: SeriesRow, fields: Mapping[str, Any]) -> Series:
    """Return the series of JSON fields."""
    plan = Plan(
        _rule_of(fields["rule"]),
        _day(fields["until"]),
        fields["count"],
        frozenset(date.fromisoformat(day) for day in fields["skipped"]),
    )
    return Series(
        id=row.id,
        ledger_id=row.ledger_id,
        type=fields["type"],
        money=Money.of_minor(fields["amount_minor"], fields["currency"]),
        note=fields["note"],
        category=fields["category"],
        plan=plan,
        paid_by=fields["paid_by"],
        created_by=fields["created_by"],
        created_at=row.created_at,
        merchant=fields["merchant"],
        tags=tuple(fields["tags"]),
        paused=fields["paused"],
        varies=fields["varies"],
        reminders=tuple(fields["reminders"]),
        remind_only=fields["remind_only"],
        contract=_contract_of(fields["contract"]) if fields["contract"] else None,
        booked_to=row.booked_to,
        ended=fields["ended"],
    )


def _rule_fields(rule: Rule) -> dict[str, Any]:
    return {
        "unit": rule.unit,
        "every": rule.every,
        "start": rule.start.isoformat(),
        "month_day": rule.month_day,
        "last_workday": rule.last_workday,
        "weekend": rule.weekend,
    }


def _rule_of(fields: Mapping[str, Any]) -> Rule:
    return Rule(**{**fields, "start": date.fromisoformat(fields["start"])})


def _contract_fields(contract: Contract) -> dict[str, Any]:
    return {
        "ends": _text(contract.ends),
        "notice_days": contract.notice_days,
        "renews_months": contract.renews_months,
        "trial_ends": _text(contract.trial_ends),
    }


def _contract_of(fields: Mapping[str, Any]) -> Contract:
    days = {name: _day(fields[name]) for name in ("ends", "trial_ends")}
    return Contract(
        notice_days=fields["notice_days"], renews_months=fields["renews_months"], **days
    )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
