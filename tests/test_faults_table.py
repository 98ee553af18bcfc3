"""The table of docs/faults.md has every promise once, and names tests and commands that exist."""

from __future__ import annotations

import argparse
import importlib.util
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from bench.faults.rows import ROWS
from bench.faults.tiers import BENCHES, COMMIT_ROWS, SERVER_ROWS, TIERS, rows_of
from bench.fuzz.targets import TARGETS
from bench.growth.__main__ import ALL as GROWTH

ROOT = Path(__file__).parent.parent
COUNTS = {
    "D": 15,
    "F": 15,
    "S": 8,
    "L": 8,
    "I": 12,
    "X": 7,
    "A": 12,
    "P": 8,
    "C": 6,
    "U": 9,
    "M": 7,
}
"""Promises of each group; their numbers begin at 01."""
IDS = [f"{group}{number:02}" for group, count in COUNTS.items() for number in range(1, count + 1)]
UNREACHABLE = "not reachable here: "
_LINE = re.compile(r"^\| ([A-Z]\d\d) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
_TABLE = _LINE.findall((ROOT / "docs" / "faults.md").read_text())


def test_every_promise_is_there_once() -> None:
    assert Counter(row[0] for row in _TABLE) == Counter(IDS)


@pytest.mark.parametrize(("row", "shown"), [(row[0], row[2]) for row in _TABLE])
def test_what_shows_a_promise_exists(row: str, shown: str) -> None:
    named = re.findall(r"`([^`]+)`", shown)
    assert named or UNREACHABLE in shown, row
    for name in named:
        if name.startswith("python -m "):
            assert _is_command(name.removeprefix("python -m ").split()), name
        elif name.startswith("tests/"):
            path, _, test = name.partition("::")
            source = (ROOT / path).read_text()
            assert not test or re.search(rf"^(async )?def {test}\(", source, re.MULTILINE), name
        else:
            assert (ROOT / name).exists() or row.startswith("C"), name


def _is_command(words: list[str]) -> bool:
    parser = argparse.ArgumentParser()
    for option in ("--only", "--target", "--database"):
        parser.add_argument(option, default="")
    known, _ = parser.parse_known_args(words)
    match words[0]:
        case "bench.faults":
            is_there = known.only in ROWS
        case "bench.fuzz":
            is_there = known.target in TARGETS
        case "bench.growth":
            is_there = words[1] in GROWTH
        case _:
            is_there = True
    return is_there and importlib.util.find_spec(words[0]) is not None


def test_a_wrong_command_is_found() -> None:
    assert not _is_command(["bench.faults", "--only", "nonsense"])
    assert not _is_command(["bench.growth", "nonsense"])


def test_tiers_name_rows_and_benches_that_exist() -> None:
    assert {row for bench in BENCHES for row in bench.rows} <= set(IDS)
    assert set(COMMIT_ROWS) | set(SERVER_ROWS) <= set(ROWS)
    for bench in BENCHES:
        for tier in TIERS:
            command = bench.command(tier, 1)
            assert not command or _is_command(command[2:]), command
    nightly = set(rows_of("nightly", "sqlite")) | set(rows_of("nightly", "postgresql"))
    assert nightly == set(ROWS), "every row is tried each night"


def test_the_nightly_tier_is_run_each_night() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "nightly.yaml").read_text())
    (job,) = workflow["jobs"].values()
    assert any("bench.faults --tier nightly" in step.get("run", "") for step in job["steps"])
