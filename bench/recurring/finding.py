"""Compare finders of series by precision and recall, next to two simple rules.

A found series is right when most of its entries are of one labelled series; a labelled series is found when
some right one is of it.
"""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

from bench.recurring.synthetic import TODAY, Labelled, write_ledger
from ledger.recurring.detection import Spending, detect

HOUSEHOLD = Path("../shared/data/categories/ledger_household.json")
LABELS = Path(__file__).with_name("household_labels.json")
"""Row numbers of the entries of each series, labelled by hand, before and after the rules were tuned.

A series is what comes again by a civil rule: a plan, a bill, a salary, a yearly pass. What follows the moon
(festivals) or a want (haircuts, medicine) is none, however regular it looks.
"""
SEEDS = range(20)
HELD_BACK = range(100, 120)
"""Seeds that no threshold was chosen on."""
LEAST = 3
Z_MAX = 2.0
GAP_DAYS = (25, 35)

Found = Iterable[frozenset[str]]
Finder = Callable[[Sequence[Spending], date], Found]


def ours(spendings: Sequence[Spending], today: date) -> Found:
    """Return what the product offers."""
    for one in detect(spendings, today):
        yield frozenset(entry.entry_id for entry in one.entries)


def regular_gaps(spendings: Sequence[Spending], _: date) -> Found:
    """Return the names whose gaps lie within two standard deviations of their mean."""
    for group in _by_name(spendings):
        gaps = [(later.on - earlier.on).days for earlier, later in pairwise(group)]
        if len(group) < LEAST:
            continue
        mean, spread = statistics.mean(gaps), statistics.pstdev(gaps)
        if all(abs(gap - mean) <= Z_MAX * spread for gap in gaps):
            yield frozenset(one.entry_id for one in group)


def same_amount_monthly(spendings: Sequence[Spending], _: date) -> Found:
    """Return runs of the same amount at the same shop, 25 to 35 days apart."""
    for group in _by_name(spendings):
        amounts: dict[int, list[Spending]] = defaultdict(list)
        for one in group:
            amounts[one.minor].append(one)
        for equal in amounts.values():
            for run in _runs(equal):
                if len(run) >= LEAST:
                    yield frozenset(one.entry_id for one in run)


def _runs(entries: Sequence[Spending]) -> Iterator[list[Spending]]:
    run: list[Spending] = []
    for one in entries:
        if run and not GAP_DAYS[0] <= (one.on - run[-1].on).days <= GAP_DAYS[1]:
            yield run
            run = []
        run.append(one)
    yield run


def _by_name(spendings: Sequence[Spending]) -> Iterable[list[Spending]]:
    groups: dict[tuple[str, str], list[Spending]] = defaultdict(list)
    for one in sorted(spendings, key=lambda one: one.on):
        groups[one.key, one.type].append(one)
    return groups.values()


def read_household() -> Labelled:
    """Read the household's ledger with its labels."""
    rows = json.loads(HOUSEHOLD.read_text("utf-8"))["household"]
    ledger = Labelled(series=[frozenset(map(str, ids)) for ids in json.loads(LABELS.read_text())])
    for number, row in enumerate(rows):
        kind = {"Income": "income", "Expense": "expense"}.get(row["type"], "transfer")
        on = datetime.strptime(row["ts"].split()[0], "%d-%m-%Y").date()  # noqa: DTZ007 - a day
        minor = round(row["amount"] * 100)
        ledger.spendings.append(
            Spending(str(number), on, kind, minor, "INR", row["category"], row["text"], "")  # type: ignore[arg-type]
        )
    return ledger


def measure(
    name: str, find: Finder, ledgers: Sequence[tuple[Labelled, date]]
) -> tuple[float, float]:
    """Print and return precision and recall of a finder over ledgers."""
    right = found = hit = labelled = 0
    for ledger, today in ledgers:
        matches = [_match(one, ledger.series) for one in find(ledger.spendings, today)]
        found += len(matches)
        right += sum(one is not None for one in matches)
        hit += len({one for one in matches if one is not None})
        labelled += len(ledger.series)
    precision, recall = right / max(1, found), hit / max(1, labelled)
    print(
        f"  {name:34} precision {precision:.3f} ({right}/{found})  recall {recall:.3f} ({hit}/{labelled})"
    )
    return precision, recall


def _match(found: frozenset[str], series: Sequence[frozenset[str]]) -> int | None:
    """Return the labelled series that most of the found entries belong to."""
    for number, ids in enumerate(series):
        if len(found & ids) * 2 > len(found):
            return number
    return None


def main() -> bool:
    """Measure all finders; return whether ours is good enough on each set."""
    household = read_household()
    last = max(one.on for one in household.spendings)
    sets = {
        f"synthetic ledgers, seeds {seeds.start} to {seeds.stop - 1}": [
            (write_ledger(seed), TODAY) for seed in seeds
        ]
        for seeds in (SEEDS, HELD_BACK)
    }
    sets |= {
        f"household, {len(household.series)} labelled": [(household, last)],
    }
    enough = True
    for name, ledgers in sets.items():
        print(name)
        precision, recall = measure("kvitto", ours, ledgers)
        enough &= precision >= 0.90 and recall >= 0.80
        measure("gaps within 2 deviations", regular_gaps, ledgers)
        measure("same amount and shop, 25-35 days", same_amount_monthly, ledgers)
    return enough
