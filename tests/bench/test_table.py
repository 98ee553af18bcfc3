"""The table of figures: which line a figure reaches, and that every line can be reached."""

from __future__ import annotations

import tomllib

import pytest

from bench.reading.table import AIMS, mark, print_table


@pytest.mark.parametrize(
    ("figure", "must", "aim", "less", "reached"),
    [
        (0.97, 0.97, 0.99, False, "must"),  # the line itself is reached
        (0.995, 0.97, 0.99, False, "aim"),
        (0.9699, 0.97, 0.99, False, "below"),
        (0, 0, 0, True, "aim"),  # no false recording
        (1, 0, 0, True, "below"),
        (0.9, 1.0, 0.7, True, "must"),  # seconds
    ],
)
def test_a_figure_reaches_its_line(
    figure: float, must: float, aim: float, *, less: bool, reached: str
) -> None:
    assert mark(figure, must, aim, less=less) == reached


def test_the_aim_is_never_easier_than_the_must() -> None:
    for part in tomllib.loads(AIMS.read_text("utf-8")).values():
        for name, line in part.items():
            assert mark(line["aim"], line["must"], line["must"], less=line.get("less", False)) == (
                "aim"
            ), name


def test_a_figure_without_a_line_is_told_for_its_own_sake(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table("receipts", {"sroie total": 0.98, "sroie currency": 1.0, "sroie tax": None})
    rows = capsys.readouterr().out.splitlines()
    assert rows[2].endswith("must")
    assert rows[3].split() == ["sroie", "currency", "1"]
