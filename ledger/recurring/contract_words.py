"""Read the words of a contract: `netflix contract until 30 June 2027 notice 30 days renews 12 months`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from ledger.recurring.series import Contract
from ledger.recurring.words import TEXT_MAX, take_end_day

_HEAD = re.compile(
    r"(?P<title>.+?)\s+(?:(?P<trial>trial|probezeit|probe|testphase)|contract|vertrag)\b(?P<terms>.*)",
    re.IGNORECASE,
)
_OFF = re.compile(r"\s*(?:off|none|no|aus|keiner?|weg)\s*", re.IGNORECASE)
_UNITS = r"(?P<unit>days?|tage?n?|weeks?|wochen?|months?|monate?n?|years?|jahre?n?)"
_NOTICE = re.compile(
    rf"(?:notice(?:\s+period)?|kündigungsfrist|frist)\s*(?:of|von)?\s*(?P<n>\d{{1,3}})\s*{_UNITS}",
    re.IGNORECASE,
)
_RENEWS = re.compile(
    rf"(?:renews|renewal|verlängert(?:\s+sich)?|verlängerung)\s*(?:by|um|every|alle)?\s*"
    rf"(?P<n>\d{{1,3}})\s*{_UNITS}",
    re.IGNORECASE,
)
_DAYS = {"d": 1, "t": 1, "w": 7, "m": 30, "y": 365, "j": 365}
_MONTHS = {"m": 1, "y": 12, "j": 12}
_MONTHS_MAX = 120


@dataclass(frozen=True, slots=True)
class ContractWords:
    """The title that words name, and the terms that they change."""

    title: str
    off: bool = False
    ends: date | None = None
    trial_ends: date | None = None
    notice_days: int | None = None
    renews_months: int | None = None

    def apply(self, contract: Contract | None) -> Contract | None:
        """Return the contract with the named terms changed; None where it is taken away."""
        if self.off:
            return None
        named = {
            name: value
            for name in ("ends", "trial_ends", "notice_days", "renews_months")
            if (value := getattr(self, name)) is not None
        }
        return replace(contract or Contract(), **named)


def parse_contract(text: str, today: date, language: str) -> ContractWords | None:
    """Return the terms of a contract; None for words that name none."""
    found = _HEAD.fullmatch(" ".join(text[:TEXT_MAX].split()))
    if found is None:
        return None
    title, terms = found["title"], found["terms"]
    if _OFF.fullmatch(terms):
        return ContractWords(title, off=True)
    notice, renews = _NOTICE.search(terms), _RENEWS.search(terms)
    bare = _RENEWS.sub(" ", _NOTICE.sub(" ", terms))
    day = take_end_day(bare, today, language)
    words = ContractWords(
        title,
        ends=None if found["trial"] else day,
        trial_ends=day if found["trial"] else None,
        notice_days=_count(notice, _DAYS),
        renews_months=_count(renews, _MONTHS),
    )
    return words if words != ContractWords(title) else None


def _count(found: re.Match[str] | None, factors: dict[str, int]) -> int | None:
    """Return days or months; weeks renew nothing."""
    factor = factors.get(found["unit"][0].casefold()) if found else None
    return min(int(found["n"]) * factor, _MONTHS_MAX * 31) if found and factor else None
