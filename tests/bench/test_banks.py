"""Statements in the formats of real banks are read without a question and without a difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.banks import FOLDER, read_bank

TRUTHS = sorted(FOLDER.glob("*/*.json"))


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda path: path.stem)
def test_every_row_of_a_banks_file_is_exact(truth: Path) -> None:
    outcome = read_bank(truth)
    assert (outcome.result, outcome.why) == ("right", "")
