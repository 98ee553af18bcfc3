"""A few seeds of the simulation of everything (row F15); many run with `python -m bench.vopr`."""

import pytest

from bench.vopr.plants import PLANTS
from bench.vopr.running import run_seed

MINUTES = 0.2
PLANTED_MINUTES = 1.0
PLANTED_SEEDS = range(6, 26)
"""The first two find every bug today; the others are tried where a change of the bot moved its events."""


@pytest.mark.parametrize("seed", [3, 6, 8])
def test_no_promise_breaks_under_every_fault(seed: int) -> None:
    """In the last one two programs share the database."""
    report = run_seed(seed, MINUTES)
    assert not report.violations, (seed, report.violations)
    assert report.texts
    assert report.faults
    if seed == 3:
        again = run_seed(seed, MINUTES)
        assert (again.hash, again.events) == (report.hash, report.events), "it runs the same way"


@pytest.mark.slow
@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_bug_is_found(plant: str) -> None:
    assert any(
        run_seed(seed, PLANTED_MINUTES, plant=PLANTS[plant]).violations for seed in PLANTED_SEEDS
    )
