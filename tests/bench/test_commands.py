"""Benches that take hours start only when they are meant: help is help, and a wrong name is refused."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bench.growth import __main__ as growth_tables


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize(
    "module", ["bench", "bench.growth", "bench.faults", "bench.insights", "bench.recurring"]
)
def test_help_starts_nothing(module: str) -> None:
    found = call(module, "--help")
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith(f"usage: python -m {module} ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("bench", "growht"),
        ("bench.growth", "endurence"),
        ("bench.growth", "--scale", "0.02"),
        ("bench.faults", "--only", "killed,stoped"),
        ("bench.faults", "--part", "sqlite"),
        ("bench.insights", "speeed"),
    ],
)
def test_a_wrong_name_is_refused(arguments: tuple[str, ...]) -> None:
    found = call(*arguments)
    assert found.returncode == 2
    assert "usage:" in found.stderr


def test_options_of_tables_are_passed_on() -> None:
    parse = growth_tables.parse
    assert parse([]) == (growth_tables.ALL, [])
    assert parse(["neighbours", "texts"]) == (["neighbours", "texts"], [])
    assert parse(["endurance", "--scale", "0.1"]) == (["endurance"], ["--scale", "0.1"])
    assert parse(["endurance", "--help"]) == (["endurance"], ["--help"])
