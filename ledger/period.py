"""Periods: half-open stretches of days, `[start, end)`, in a ledger's own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

PeriodKind = Literal["day", "week", "month", "year", "custom"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to but not including `end`."""

    start: date
    end: date
    kind: PeriodKind = "custom"
