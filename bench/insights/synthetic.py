"""Write ledgers of made-up households, to forecast their months and to find planted entries.

Each seed is another household: fixed costs, bills that vary, purchases by habit with a weekend and a
pay-day effect, a season, a drift from month to month, prices that rise, rare large payments, journeys,
and days on which nobody wrote anything down. This file was written before the rules that it measures,
and is not changed with them.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import exp, log
from random import Random

from ledger.recurring.detection import Spending

START = date(2023, 6, 1)
TODAY = date(2026, 11, 30)
DAYS = (TODAY - START).days + 1
PLANTED = 8
"""Planted entries of a ledger."""
PLANTED_TIMES = 4.0, 12.0
"""By how much a planted entry is dearer than it was."""
HISTORY_MIN = 12
"""Earlier entries of the same name that a planted one has."""


@dataclass(frozen=True, slots=True)
class Habit:
    """What is bought when it is wanted."""

    name: str
    category: str
    a_week: float
    """Mean number of purchases."""
    middle: float
    """Median amount in minor units."""
    spread: float
    """Standard deviation of the log amount."""
    weekend: float = 1.0
    payday: float = 0.0
    """How much more is bought after the pay day than before it."""
    december: float = 1.0


@dataclass(slots=True)
class Household:
    """A household of a seed, with its entries."""

    random: Random
    entries: list[Spending] = field(default_factory=list)
    drift: list[float] = field(default_factory=list)
    """A factor of what is bought by habit, for each month."""
    rise: float = 0.0
    """How much prices rise a year."""
    payday: int = 1
    silent: frozenset[date] = frozenset()
    """Days on which nobody wrote anything down."""
    away: frozenset[date] = frozenset()
    """Days of journeys."""

    def add(self, on: date, amount: float, name: str, category: str) -> None:
        """Write an entry down, unless nobody did that day."""
        if on in self.silent or not START <= on <= TODAY or amount < 1:
            return
        entry_id = f"{len(self.entries):05}"
        self.entries.append(
            Spending(entry_id, on, "expense", round(amount), "EUR", category, name, "")
        )

    def prices(self, on: date) -> float:
        """Return by how much prices rose up to a day."""
        return exp(log(1 + self.rise) * (on - START).days / 365.25)


def write_household(seed: int) -> list[Spending]:
    """Return the entries of the household of a seed, in the order of their days."""
    random = Random(seed)
    home = Household(random, rise=random.uniform(0.0, 0.08), payday=random.choice((1, 15, 25, 28)))
    level = 0.0
    for _ in range(DAYS // 28 + 2):
        level = 0.5 * level + random.gauss(0, 0.15)
        home.drift.append(exp(level))
    home.silent = frozenset(_list_gaps(random, chance=0.08, days=(3, 12)))
    home.away = frozenset(_list_gaps(random, chance=random.uniform(0.0, 0.2), days=(3, 14)))
    _write_fixed(home)
    for habit in _choose_habits(random):
        _write_habit(home, habit)
    _write_rare(home)
    return sorted(home.entries, key=lambda one: (one.on, one.entry_id))


def _list_gaps(random: Random, chance: float, days: tuple[int, int]) -> Iterator[date]:
    for number in range(DAYS // 30):
        if random.random() < chance:
            first = START + timedelta(days=30 * number + random.randrange(30))
            for day in range(random.randint(*days)):
                yield first + timedelta(days=day)


def _months(step: int, day: int, random: Random, late: int) -> Iterator[date]:
    year, month = START.year, START.month + random.randrange(step)
    while True:
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
        on = date(year, month, min(day, monthrange(year, month)[1]))
        if on > TODAY:
            return
        yield on + timedelta(days=random.randint(0, late))
        month += step


def _write_fixed(home: Household) -> None:
    """Write rent, subscriptions with a price step, bills that vary, insurances."""
    random = home.random
    rent, step = random.lognormvariate(log(85000), 0.35), random.randrange(DAYS)
    for on in _months(1, random.choice((1, 1, 1, 3, 28)), random, 2):
        home.add(on, rent * (1.04 if (on - START).days > step else 1), "rent", "housing")
    for name in random.sample(("netflix", "spotify", "gym", "phone", "paper", "cloud"), random.randint(1, 5)):  # fmt: skip
        price, step = random.uniform(299, 4500), random.randrange(DAYS)
        for on in _months(1, random.randint(1, 28), random, 1):
            home.add(on, price * (1.15 if (on - START).days > step else 1), name, "subscriptions")
    for name, middle in random.sample((("power", 7000), ("water", 3500), ("internet", 4000), ("heating", 9000)), random.randint(1, 4)):  # fmt: skip
        usual, months = middle * random.uniform(0.7, 1.4), random.choice((1, 1, 1, 2, 3))
        for on in _months(months, random.randint(1, 25), random, 4):
            home.add(on, usual * months * random.uniform(0.85, 1.15), name, "utilities")
    for name, months, middle in (("car insurance", 3, 15000), ("home insurance", 12, 20000)):
        if random.random() < 0.5:
            price = middle * random.uniform(0.6, 1.5)
            for on in _months(months, random.randint(1, 28), random, 2):
                home.add(on, price, name, "fees_taxes_insurance")


def _choose_habits(random: Random) -> Iterator[Habit]:
    """Yield the habits of a household, each with figures of its own."""
    choices = (
        Habit("groceries", "groceries", 2.2, 3500, 0.55, weekend=1.6),
        Habit("bakery", "groceries", 1.5, 500, 0.35, weekend=1.8),
        Habit("coffee", "eating_out", 2.5, 380, 0.2),
        Habit("restaurant", "eating_out", 0.6, 4200, 0.45, weekend=2.5, payday=0.6),
        Habit("takeaway", "eating_out", 0.6, 2200, 0.35, weekend=1.5, payday=0.4),
        Habit("bus", "transport", 2.0, 310, 0.15),
        Habit("fuel", "transport", 0.6, 6200, 0.2),
        Habit("taxi", "transport", 0.25, 1900, 0.5, weekend=2.0),
        Habit("clothes", "shopping", 0.3, 5500, 0.7, payday=0.8, december=1.6),
        Habit("drugstore", "personal_care", 0.5, 1400, 0.5),
        Habit("pharmacy", "health", 0.25, 1500, 0.7),
        Habit("cinema", "entertainment", 0.3, 2200, 0.3, weekend=2.5),
        Habit("toys", "kids_pets", 0.35, 2500, 0.7, december=2.5),
        Habit("gift", "gifts_donations", 0.25, 3500, 0.6, december=3.0),
    )
    for habit in random.sample(choices, random.randint(7, len(choices))):
        yield replace(
            habit,
            a_week=habit.a_week * random.lognormvariate(0, 0.4),
            middle=habit.middle * random.lognormvariate(0, 0.3),
            spread=habit.spread * random.uniform(0.8, 1.25),
        )


def _write_habit(home: Household, habit: Habit) -> None:
    random = home.random
    for number in range(DAYS):
        on = START + timedelta(days=number)
        rate = habit.a_week / 7 * home.drift[number // 28]
        rate *= habit.weekend if on.weekday() >= 5 else 1
        rate *= habit.december if on.month == 12 else 1
        since = (on.day - home.payday) % 30
        rate *= 1 + habit.payday * (0.5 - since / 30)
        rate *= 0.3 if on in home.away and habit.category != "eating_out" else 1
        while random.random() < rate:
            amount = random.lognormvariate(log(habit.middle), habit.spread) * home.prices(on)
            home.add(on, amount, habit.name, habit.category)
            rate -= 1


def _write_rare(home: Household) -> None:
    """Write journeys, and large payments once in a while."""
    random = home.random
    for on in sorted(home.away):
        if random.random() < 0.5:
            home.add(on, random.lognormvariate(log(6000), 0.8), "journey", "travel")
    for name, category, middle in (
        ("dentist", "health", 18000),
        ("repair", "transport", 35000),
        ("washing machine", "housing", 45000),
        ("phone", "shopping", 60000),
        ("course", "education", 25000),
    ):
        a_year = random.uniform(0, 1.6)
        for number in range(DAYS):
            if random.random() < a_year / 365:
                amount = random.lognormvariate(log(middle), 0.6)
                home.add(START + timedelta(days=number), amount, name, category)


def plant(entries: list[Spending], seed: int, count: int = PLANTED) -> tuple[list[Spending], set[str]]:  # fmt: skip
    """Return the entries with some of them made far dearer, and the ids of those.

    Only entries with enough of their name before them are chosen, the way a slip of the finger or a
    wrong bill happens to a shop that one knows.
    """
    random, seen, able = Random(f"plant-{seed}"), dict[str, int](), list[int]()
    for place, one in enumerate(entries):
        if seen.get(one.key, 0) >= HISTORY_MIN:
            able.append(place)
        seen[one.key] = seen.get(one.key, 0) + 1
    changed, planted = list(entries), set[str]()
    for place in random.sample(able, min(count, len(able))):
        one = entries[place]
        changed[place] = replace(one, minor=round(one.minor * random.uniform(*PLANTED_TIMES)))
        planted.add(one.entry_id)
    return changed, planted
