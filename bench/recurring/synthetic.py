"""Write ledgers with known series in them, and with habits that look like some.

Series: rent, salary, subscriptions with price steps, bills that vary, insurances, lessons; some occurrences are
missing. Habits: coffee, groceries, fares, fuel, haircuts, restaurants, all bought when they are wanted.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from ledger.recurring.detection import Spending

START = date(2024, 9, 1)
TODAY = date(2026, 11, 30)
DAYS = (TODAY - START).days
MISS = 0.04
"""Share of occurrences that nobody wrote down."""


@dataclass(slots=True)
class Labelled:
    """A ledger, and the entries of each of its series."""

    spendings: list[Spending] = field(default_factory=list)
    series: list[frozenset[str]] = field(default_factory=list)

    def add(self, on: date, minor: int, note: str, category: str) -> str:
        """Add an entry; return its id."""
        kind = "income" if category == "income" else "expense"
        entry_id = str(len(self.spendings))
        self.spendings.append(Spending(entry_id, on, kind, minor, "EUR", category, note, ""))  # type: ignore[arg-type]
        return entry_id


def write_ledger(seed: int) -> Labelled:
    """Return the ledger of a seed."""
    random, ledger = Random(seed), Labelled()
    for write in (_write_fixed, _write_bills, _write_habits):
        write(random, ledger)
    return ledger


def _months(step: int, day: int, random: Random, jitter: int) -> Iterator[date]:
    year, month = START.year, START.month + random.randrange(step)
    while True:
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
        last = monthrange(year, month)[1]
        on = date(year, month, min(day, last)) + timedelta(days=random.randint(0, jitter))
        if on > TODAY:
            return
        yield on
        month += step


def _keep(
    ledger: Labelled, days: Iterator[date], amount: Callable[[int], int], named: tuple[str, str],
    random: Random,
) -> None:  # fmt: skip
    """Write a series with some occurrences missing."""
    ids = [
        ledger.add(on, amount(number), *named)
        for number, on in enumerate(days)
        if random.random() > MISS
    ]
    ledger.series.append(frozenset(ids))


def _write_fixed(random: Random, ledger: Labelled) -> None:
    """Write what has a price: rent, salary, subscriptions, an insurance, a lesson."""
    step = random.randint(8, 20)
    rent, salary = random.randint(500, 1500) * 100, random.randint(2000, 4000) * 100
    _keep(
        ledger,
        _months(1, 1, random, 2),
        lambda n: rent if n < step else rent * 103 // 100,
        ("rent", "housing"),
        random,
    )
    _keep(
        ledger,
        _months(1, 28, random, 2),
        lambda _: salary + random.choice((0, 0, 0, salary // 20)),
        ("salary", "income"),
        random,
    )
    for name in random.sample(("netflix", "spotify", "icloud", "gym", "phone", "paper"), 4):
        price, rises = random.randint(299, 3999), random.randint(6, 22)
        _keep(
            ledger,
            _months(1, random.randint(1, 28), random, 1),
            lambda n, price=price, rises=rises: price if n < rises else price * 115 // 100,  # type: ignore[misc]
            (name, "subscriptions"),
            random,
        )
    cover, lesson = random.randint(50, 300) * 100, random.randint(15, 40) * 100
    _keep(
        ledger, _months(3, 12, random, 3), lambda _: cover, ("car insurance", "transport"), random
    )
    weekday = START + timedelta(days=random.randrange(7))
    weeks = (weekday + timedelta(days=7 * n) for n in range(DAYS // 14))
    _keep(ledger, weeks, lambda _: lesson, ("piano lesson", "education"), random)


def _write_bills(random: Random, ledger: Labelled) -> None:
    """Write what varies from time to time."""
    for name, middle in (("power", 6000), ("water", 3500), ("internet", 4000)):
        usual = middle * random.randint(70, 130) // 100
        _keep(
            ledger,
            _months(1, random.randint(1, 25), random, 4),
            lambda _, usual=usual: usual * random.randint(88, 112) // 100,  # type: ignore[misc]
            (name, "utilities"),
            random,
        )


def _write_habits(random: Random, ledger: Labelled) -> None:
    """Write what is bought when it is wanted: name, category, days between, amount."""
    habits: tuple[tuple[str, str, tuple[int, int], tuple[int, int]], ...] = (
        ("coffee", "eating_out", (1, 6), (350, 350)),
        ("groceries", "groceries", (2, 9), (1500, 9000)),
        ("bakery", "groceries", (3, 12), (300, 900)),
        ("bus", "transport", (1, 10), (290, 290)),
        ("fuel", "transport", (9, 22), (4000, 7000)),
        ("haircut", "personal_care", (30, 65), (2500, 2500)),
        ("pharmacy", "health", (15, 70), (500, 4000)),
        ("restaurant", "eating_out", (10, 50), (2500, 8000)),
        ("clothes", "shopping", (20, 90), (2000, 12000)),
        ("cinema", "entertainment", (14, 60), (1100, 1100)),
        ("gift", "gifts_donations", (25, 80), (1500, 5000)),
    )
    for name, category, gaps, amounts in habits:
        on = START + timedelta(days=random.randint(*gaps))
        while on <= TODAY:
            ledger.add(on, random.randint(*amounts), name, category)
            on += timedelta(days=random.randint(*gaps))
