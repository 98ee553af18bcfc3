"""Every input that fuzzing kept goes through its target again (`python -m bench.fuzz` finds new ones)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.fuzz.corpus import BYTES_MAX, load
from bench.fuzz.targets import TARGETS, stage


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    stage.close()


@pytest.mark.parametrize("name", TARGETS)
def test_kept_inputs_harm_nothing(name: str) -> None:
    enter, seeds = TARGETS[name].open()
    kept = load(name)
    assert kept, "python -m bench.fuzz --target NAME --keep"
    for data in [*seeds, *kept]:
        enter(data)


def test_what_is_kept_is_small() -> None:
    assert sum(len(data) for name in TARGETS for data in load(name)) < len(TARGETS) * BYTES_MAX / 2
