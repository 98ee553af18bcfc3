"""Find planted amounts in ledgers: precision and recall of what is called unusual.

A planted entry is four to twelve times as dear as it was. Whatever else is found counts against the precision,
though a ledger has real exceptions of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from bench.insights.synthetic import plant, write_household
from bench.recurring.finding import read_household
from ledger.insights.unusual import HISTORY_MIN, find_usual
from ledger.recurring.detection import Spending

DEVELOPMENT = range(20)
HELD_BACK = range(200, 240)
PRECISION_MIN = 0.8
_ROWS_OF_DEVELOPMENT = 1000
"""The household's first entries, on which the rule was chosen."""
_PLANTED_AT_HOME = 8
_TIMES = 4

Finder = Callable[[int, Sequence[int]], bool]
Case = tuple[list[Spending], set[str]]


def ours(minor: int, earlier: Sequence[int]) -> bool:
    """Return what the product calls unusual."""
    return find_usual(minor, earlier) is not None


def four_times_the_mean(minor: int, earlier: Sequence[int]) -> bool:
    """Return whether an amount is four times the mean of its name."""
    return len(earlier) >= HISTORY_MIN and minor * len(earlier) >= _TIMES * sum(earlier)


def list_found(entries: Iterable[Spending], find: Finder) -> set[str]:
    """Return the ids of entries that are unusual by those of their name before them."""
    earlier: dict[str, list[int]] = defaultdict(list)
    found = set()
    for one in entries:
        if one.type == "expense" and one.key:
            if find(one.minor, earlier[one.key]):
                found.add(one.entry_id)
            earlier[one.key].append(one.minor)
    return found


def measure(name: str, find: Finder, cases: Sequence[Case]) -> float:
    """Print precision and recall; return the precision."""
    right = found = planted = 0
    for entries, ids in cases:
        flagged = list_found(entries, find)
        right, found, planted = right + len(flagged & ids), found + len(flagged), planted + len(ids)
    precision = right / max(1, found)
    print(
        f"  {name:28} precision {precision:.3f} ({right}/{found})  recall {right / planted:.3f} ({right}/{planted})"
    )
    return precision


def main() -> bool:
    """Measure each set; return whether the held-back ones are good enough."""
    rows = read_household().spendings
    early, late = rows[:_ROWS_OF_DEVELOPMENT], rows[_ROWS_OF_DEVELOPMENT:]
    sets: dict[str, list[Case]] = {
        "household, rows of development": [plant(early, n, _PLANTED_AT_HOME) for n in range(10)],
        "synthetic, seeds of development": [plant(write_household(n), n) for n in DEVELOPMENT],
        "household, held back": [plant(late, n, _PLANTED_AT_HOME) for n in range(50, 70)],
        "synthetic, held back": [plant(write_household(n), n) for n in HELD_BACK],
    }
    enough = True
    for name, cases in sets.items():
        print(f"planted in {name}")
        precision = measure("kvitto", ours, cases)
        measure("four times the mean", four_times_the_mean, cases)
        enough &= precision >= PRECISION_MIN or "development" in name
    return enough
