"""Rates, budgets and alerts as a person would work them out, in fractions.

A rate has twelve significant digits, an amount is rounded half-even to the digits of its currency. The
thresholds are 80 and 100 %; weeks begin on Monday, months on the first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from tests.walks.record_model import DIGITS, Fields, Item, Model, Thing

PERCENTS = (80, 100)
PUBLISHED = {
    date(2026, 1, 2) + timedelta(days=5 * n): {
        "USD": f"1.{5 + n % 9:02d}",
        "JPY": f"{160 + n % 7}.5",
        "BHD": f"0.41{n % 5}",
    }
    for n in range(170)
    # Nothing is published over the turn of 2026, so rates get old there.
    if not date(2026, 12, 20) < date(2026, 1, 2) + timedelta(days=5 * n) < date(2027, 1, 20)
}
"""Units per euro by day."""


def twelve(value: Fraction) -> Fraction:
    """Round to twelve significant digits, half to even."""
    scale = Fraction(1)
    while value * scale < 10**11:
        scale *= 10
    while value * scale >= 10**12:
        scale /= 10
    return Fraction(round(value * scale)) / scale


def start_of(per: str, day: date) -> date:
    """Return the first day of the week or month that holds a day."""
    return day - timedelta(days=day.weekday()) if per == "week" else day.replace(day=1)


@dataclass
class MoneyModel(Model):
    """A ledger with rates and budgets."""

    today: date = date.min
    home: Thing = field(default_factory=lambda: Thing({"code": "EUR"}, changed_by={0}))
    rates: list[Thing] = field(default_factory=list)
    """Fields: `source`, `target`, `value`, `on`, `deleted`."""
    budgets: list[Thing] = field(default_factory=list)
    """Fields: `scope`, `per`, `minor`, `code`, `carry`, `deleted`, and `limits`: limit and carry by the
    first day of the first period that has them, since rests are carried."""
    told: dict[tuple[int, date], set[int]] = field(default_factory=dict)
    """Thresholds that were told, by budget and period, as long as they are reached."""
    alerts: list[tuple[int, int, int]] = field(default_factory=list)
    """Percent, spent and available sum of each alert since the list was emptied."""

    # --- rates

    def rate(self, source: str, target: str, on: date) -> Fraction:
        """Return what one unit of a currency buys on a day: by an own rate, else by the euro."""
        own = [
            one.now
            for one in self.rates
            if {source, target} == {one.now["source"], one.now["target"]}
            if one.now["on"] <= on and not one.now["deleted"]
        ]
        if own:
            latest = max(own, key=lambda one: one["on"])
            value: Fraction = latest["value"]
            return value if latest["source"] == source else twelve(1 / value)
        day = {"EUR": "1", **PUBLISHED[max(day for day in PUBLISHED if day <= on)]}
        return twelve(Fraction(day[target]) / Fraction(day[source]))

    def worth(self, minor: int, code: str, target: str, on: date) -> int:
        """Return an amount in minor units of another currency."""
        if code == target:
            return minor
        exact = Fraction(minor, 10 ** DIGITS[code]) * self.rate(code, target, on)
        return round(exact * Fraction(10 ** DIGITS[target]))

    def base(self, item: Item, target: str = "") -> int:
        """Return what an item counts in the ledger's currency, or in another."""
        now = item.now
        return self.worth(now["minor"], now["code"], target or self.home.now["code"], now["day"])

    # --- budgets

    def counted(self, budget: Thing, start: date) -> list[Item]:
        """Return the live items that a budget counts in a period."""
        per = budget.now["per"]
        within = [item for item in self.live() if start_of(per, item.now["day"]) == start]
        return [item for item in within if _counts(budget.now["scope"], item.now)]

    def spent(self, budget: Thing, start: date) -> int:
        """Return a period's sum; another currency than the ledger's is converted by day's sums."""
        found, target = self.counted(budget, start), budget.now["code"]
        if target == self.home.now["code"]:
            return sum(self.base(item) for item in found)
        sums: Counter[tuple[str, date]] = Counter()
        for item in found:
            sums[item.now["code"], item.now["day"]] += item.now["minor"]
        return sum(self.worth(minor, code, target, on) for (code, on), minor in sums.items())

    def carried(self, budget: Thing) -> int:
        """Return what earlier periods leave to the running one."""
        rest, per = 0, budget.now["per"]
        limits = budget.now["limits"]
        start = min(limits, default=self.today)
        while start < start_of(per, self.today):
            minor, carry = limits[max(one for one in limits if one <= start)]
            rest += minor - self.spent(budget, start)
            if carry not in ("both", "surplus" if rest > 0 else "overspend"):
                rest = 0
            start = start_of(per, start + timedelta(days=7 if per == "week" else 31))
        return rest

    def state(self, budget: Thing) -> tuple[int, int]:
        """Return spent and available sum of the running period."""
        start = start_of(budget.now["per"], self.today)
        return self.spent(budget, start), budget.now["minor"] + self.carried(budget)

    def limit(self, who: int, budget: Thing, minor: int, code: str, carry: str) -> None:
        """Set a budget; an empty `carry` leaves that as it is."""
        now = budget.now
        carry = carry or ("none" if now["deleted"] else now["carry"])
        kept = {} if now["deleted"] or now["code"] != code else now["limits"]
        if carry == "none":
            kept = {}
        elif not kept or kept[max(kept)] != (minor, carry):
            kept = {**kept, start_of(now["per"], self.today): (minor, carry)}
        values = {"minor": minor, "code": code, "carry": carry, "limits": kept, "deleted": False}
        self.do(who, [(budget, values)])

    # --- alerts

    def write(self, who: int, values: list[tuple[Thing, Fields]]) -> None:
        """Give things their values, and tell of the budgets that this takes over a threshold."""
        before = {id(budget): self._parts(budget) for budget in self.budgets}
        super().write(who, values)
        things = [thing for thing, _ in values]
        for budget in self.budgets:
            if not budget.now["deleted"] and self.home not in things:
                is_new = budget in things
                self._watch(budget, before[id(budget)], is_silent=is_new)

    def _parts(self, budget: Thing) -> dict[int, int]:
        start, code = start_of(budget.now["per"], self.today), budget.now["code"]
        return {item.number: self.base(item, code) for item in self.counted(budget, start)}

    def _watch(self, budget: Thing, before: dict[int, int], *, is_silent: bool) -> None:
        after = self._parts(budget)
        if before == after and not is_silent:
            return
        spent, available = self.state(budget)
        reached = {one for one in PERCENTS if spent * 100 >= max(0, available) * one}
        start = start_of(budget.now["per"], self.today)
        told = self.told.get((id(budget), start), set()) & reached
        is_grown = sum(after.values()) > sum(before.values())
        if is_grown and not is_silent and reached - told:
            over = spent - available
            part = (
                Fraction(over, budget.now["minor"])
                if available <= 0
                else Fraction(spent, available)
            )
            percent = int((part + (available <= 0)) * 100)
            self.alerts.append((percent, abs(spent), abs(available)))
        self.told[id(budget), start] = reached if is_grown or is_silent else told


def _counts(scope: str, now: Fields) -> bool:
    tagged, paid = f"#{now['tag']}", f"@{now['payer']}"
    return scope in ("", now["category"] or now["guess"], tagged, paid)
