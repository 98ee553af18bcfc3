"""Find series in what a ledger holds already: rent, salary, subscriptions.

A series has at most one occurrence a period, in at least three different periods (two for a year).
That alone tells it from habits: groceries and coffee are bought several times in a period. One
missed occurrence is allowed, and one step of the price joins two stretches.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from ledger.categories import merchant_key, note_key
from ledger.entries.entry import Entry, EntryType
from ledger.recurring.rules import Rule, Unit

State = Literal["early", "running", "late", "stopped"]
"""`early` has the least number of occurrences; `stopped` has missed one and a half periods."""


@dataclass(frozen=True, slots=True)
class Spending:
    """An entry as detection sees it."""

    entry_id: str
    on: date
    type: EntryType
    minor: int
    currency: str
    category: str
    note: str
    merchant: str

    @property
    def key(self) -> str:
        """Return the merchant, else the note, without numbers of branches and case."""
        return merchant_key(self.merchant) if self.merchant else note_key(self.note)


def list_spendings(entries: Iterable[Entry]) -> Iterator[Spending]:
    """Yield entries as detection sees them, without those that a series booked."""
    for one in entries:
        if one.source != "recurring" and one.type != "transfer":
            yield Spending(
                one.id,
                one.spent_on,
                one.type,
                one.money.minor,
                one.money.currency,
                one.category,
                one.note,
                one.merchant or "",
            )


@dataclass(frozen=True, slots=True)
class Cadence:
    """A distance between occurrences, and its tolerance."""

    name: str
    unit: Unit
    every: int
    days: float
    """Mean days of a period."""
    slack: int
    """Days by which an occurrence may miss its day."""
    least: int = 3
    """Occurrences from which it is one."""


CADENCES = (
    Cadence("month", "month", 1, 30.44, 5),
    Cadence("week", "week", 1, 7, 2, 4),
    Cadence("fortnight", "week", 2, 14, 3, 4),
    Cadence("quarter", "month", 3, 91.31, 10),
    Cadence("half", "month", 6, 182.62, 12),
    Cadence("year", "month", 12, 365.25, 15, 2),
)
"""The likeliest first; a tie between two goes to the earlier."""

AMOUNT_STEP = 0.075
"""Share by which amounts of a fixed price differ at most."""
AMOUNT_SPREAD = 0.3
"""Share by which the amounts of a bill differ at most."""
HABITS = frozenset(
    {"groceries", "eating_out", "shopping", "transport", "gifts_donations", "personal_care"}
)
"""Categories of what is bought when it is wanted; there a series must be longer and exact."""
HABIT_EXTRA = 1
BILL_EXTRA = 1
CROWD_SHARE = 0.34
"""Entries at other times, for each of the series; more is a habit."""
LONG_MIN = 6
"""Occurrences from which other amounts of the same name do not show a chance."""
CHAINS_MAX = 6
"""Series of one name."""
BESIDE_MIN = 5
"""Occurrences of another series of the same name, from which its entries do not show a habit."""
BESIDE_SHARE = 0.6
"""Share of a series' time that the other one must run."""
REGULAR_MIN = 0.8
"""Share of the steps that must be of one period; the others may be of two."""
STOPPED_AFTER = 1.5
ENTRIES_MAX = 400
"""Latest entries of one name that are looked at."""


@dataclass(frozen=True, slots=True)
class Detected:
    """A series that was found, with the entries that it is made of."""

    key: str
    """Names the series among all of its ledger; a "no" is kept under it."""
    type: EntryType
    currency: str
    cadence: Cadence
    entries: tuple[Spending, ...]
    state: State

    @property
    def last(self) -> Spending:
        """Return the newest entry."""
        return self.entries[-1]

    @property
    def varies(self) -> bool:
        """Return whether the amounts differ by more than a price does."""
        recent = [entry.minor for entry in self.entries[-3:]]
        return max(recent) > min(recent) * (1 + AMOUNT_STEP)

    @property
    def expected_minor(self) -> int:
        """Return the amount to expect, the last price or the median of the last three bills."""
        if not self.varies:
            return self.last.minor
        recent = sorted(entry.minor for entry in self.entries[-3:])
        return recent[len(recent) // 2]

    def build_rule(self) -> Rule:
        """Return the rule by which the series goes on from its newest entry."""
        cadence = self.cadence
        if cadence.unit == "week":
            return Rule("week", cadence.every, self.last.on)
        # Weekends and short months move single bookings; the median is the day that was meant.
        days = sorted(entry.on.day for entry in self.entries[-6:])
        return Rule("month", cadence.every, self.last.on, month_day=days[len(days) // 2])


def detect(spendings: Iterable[Spending], today: date) -> list[Detected]:
    """Return the series of a ledger, those that are worth the most a year first."""
    groups: dict[tuple[str, EntryType, str], list[Spending]] = defaultdict(list)
    for one in spendings:
        if one.key:
            groups[one.key, one.type, one.currency].append(one)
    found = [series for group in groups.values() for series in _detect_in(group, today)]
    return sorted(found, key=lambda one: -one.expected_minor * 365 / one.cadence.days)


def _detect_in(group: list[Spending], today: date) -> Iterator[Detected]:
    """Yield the series of one name, each made of the entries that no other took."""
    entries = sorted(group, key=lambda one: (one.on, one.entry_id))[-ENTRIES_MAX:]
    chains = list(_list_chains(entries))
    number = 0
    for cadence, chain in chains:
        beside = {
            one.entry_id
            for _, other in chains
            if other is not chain and _runs_beside(other, chain)
            for one in other
        }
        others = [one for one in entries if one.entry_id not in beside]
        if _is_habit(chain, cadence, others):
            continue
        first = chain[0]
        suffix = f"#{number}" if number else ""
        number += 1
        key = f"{first.type}:{first.currency}:{first.key}:{cadence.name}{suffix}"
        state = _find_state(chain, cadence, today)
        yield Detected(key, first.type, first.currency, cadence, tuple(chain), state)


def _list_chains(entries: list[Spending]) -> Iterator[tuple[Cadence, list[Spending]]]:
    """Yield the longest run, then that of the entries which it leaves, and so on."""
    rest = entries
    # Two subscriptions may share a name, so what the first leaves is searched again.
    for _ in range(CHAINS_MAX):
        found = [(cadence, _find_chain(rest, cadence)) for cadence in CADENCES]
        # Each third payment of a monthly rent is a quarterly run as well, hence length first; the
        # root of the days keeps a rare cadence from losing to a chance one.
        cadence, chain = max(found, key=lambda one: len(one[1]) * one[0].days ** 0.5)
        if not chain:
            return
        taken = {one.entry_id for one in chain}
        rest = [one for one in rest if one.entry_id not in taken]
        yield cadence, chain


def _find_chain(entries: Sequence[Spending], cadence: Cadence) -> list[Spending]:
    """Return the longest run of occurrences at a cadence, or nothing."""
    if not entries:
        return []
    least = cadence.least + (HABIT_EXTRA if entries[0].category in HABITS else 0)
    if len(entries) < least:
        return []
    best: list[Spending] = []
    steps = _Steps(entries, cadence)
    for at in range(len(entries)):
        # No later start can give a longer run.
        if len(entries) - at <= len(best):
            break
        if steps.lengths[at] > len(best):
            chain = steps.follow(at)
            best = chain if _is_regular(chain, cadence) else best
    if len(best) < least + (BILL_EXTRA if _is_bill(best) else 0):
        return []
    # Two of any two habits a week apart would do; several in a month need days of their own.
    is_short = cadence.unit == "week"
    return [] if is_short and _is_habit(best, cadence, entries) else best


class _Steps:
    """The occurrence that follows each entry at a cadence.

    It depends on that entry alone, so runs that meet share their steps; without that a habit of
    hundreds of entries would be walked once for each of them.
    """

    def __init__(self, entries: Sequence[Spending], cadence: Cadence) -> None:
        """Take entries in the order of their days."""
        self.entries, self.cadence = entries, cadence
        self._days = [one.on.toordinal() for one in entries]
        self._next = [self._find_next(at) for at in range(len(entries))]
        self.lengths = [1] * len(entries)
        """Occurrences of the run that begins with each entry."""
        for at in reversed(range(len(entries))):
            following = self._next[at]
            if following is not None:
                self.lengths[at] += self.lengths[following]

    def follow(self, at: int) -> list[Spending]:
        """Return the run from an entry on, each next one a period later or two with one missed."""
        chain, place = [self.entries[at]], self._next[at]
        while place is not None:
            chain.append(self.entries[place])
            place = self._next[place]
        return chain

    def _find_next(self, at: int) -> int | None:
        last = self.entries[at]
        for periods in (1, 2):
            near = [
                place
                for place in self._list_near(at, periods)
                if _is_like(self.entries[place], last, self.cadence)
            ]
            if near:
                return min(
                    near,
                    key=lambda place: _distance(self.entries[place], last, self.cadence, periods),
                )
        return None

    def _list_near(self, at: int, periods: int) -> range:
        expected = self._days[at] + self.cadence.days * periods
        low = max(self._days[at] + 1, int(expected - self.cadence.slack))
        high = int(expected + self.cadence.slack) + 1
        return range(bisect_left(self._days, low), bisect_left(self._days, high))


def _distance(one: Spending, last: Spending, cadence: Cadence, periods: int) -> tuple[int, float]:
    """Return how far an entry is from the expected one; the price decides before the day."""
    off = abs((one.on - last.on).days - cadence.days * periods)
    return (int(abs(one.minor - last.minor) * 100 / max(1, last.minor)), off)


def _is_like(one: Spending, last: Spending, cadence: Cadence) -> bool:
    """Return whether an amount goes on with a run, as its price, a new one or a bill does."""
    # Two occurrences are few, so those of a year must be alike.
    is_strict = one.category in HABITS or cadence.least < CADENCES[0].least
    spread = AMOUNT_STEP if is_strict else AMOUNT_SPREAD
    return abs(one.minor - last.minor) <= spread * max(one.minor, last.minor)


def _is_regular(chain: Sequence[Spending], cadence: Cadence) -> bool:
    steps = [(later.on - earlier.on).days for earlier, later in pairwise(chain)]
    single = sum(abs(step - cadence.days) <= cadence.slack for step in steps)
    return not steps or single >= REGULAR_MIN * len(steps) or len(steps) - single <= 1


def _is_bill(chain: Sequence[Spending]) -> bool:
    """Return whether the amounts differ time and again, unlike a price that changes now and then."""
    changes = sum(
        abs(later.minor - earlier.minor) > AMOUNT_STEP * max(later.minor, earlier.minor)
        for earlier, later in pairwise(chain)
    )
    return changes > max(1, len(chain) // 4)


def _runs_beside(other: Sequence[Spending], chain: Sequence[Spending]) -> bool:
    """Return whether another run is long and of the same time, as two savings plans of one name are."""
    if len(other) < BESIDE_MIN or _is_bill(other):
        return False
    shared = (min(other[-1].on, chain[-1].on) - max(other[0].on, chain[0].on)).days
    return shared >= BESIDE_SHARE * (chain[-1].on - chain[0].on).days


def _is_habit(chain: Sequence[Spending], cadence: Cadence, entries: Sequence[Spending]) -> bool:
    """Return whether the same is bought at other times too, as coffee is.

    Entries shortly before and after the run count: those that kept time would be part of it.
    """
    low, high = 0.0, float("inf")
    if not _is_bill(chain):
        low = min(one.minor for one in chain) * (1 - AMOUNT_STEP)
        high = max(one.minor for one in chain) * (1 + AMOUNT_STEP)
    around = timedelta(days=cadence.days * 2 + cadence.slack)
    start, end = chain[0].on - around, chain[-1].on + around
    own = {one.entry_id for one in chain}
    others = [one for one in entries if start <= one.on <= end and one.entry_id not in own]
    alike = sum(low <= one.minor <= high for one in others)
    # A few equal amounts among many others of one name are a chance.
    by_chance = len(chain) < LONG_MIN and len(others) > len(chain)
    return by_chance or alike > CROWD_SHARE * len(chain)


def _find_state(chain: Sequence[Spending], cadence: Cadence, today: date) -> State:
    late = (today - chain[-1].on).days
    if late > cadence.days * STOPPED_AFTER + cadence.slack:
        return "stopped"
    if late > cadence.days + cadence.slack:
        return "late"
    return "early" if len(chain) <= cadence.least else "running"
