"""`kvitto models`: what is shown of models and their contest, and moving them."""

from __future__ import annotations

import asyncio
import shutil
from datetime import date
from pathlib import Path

import pytest

from ai.categories.model import FILES, NOTE, bundled, version_of
from ai.provenance import write_note
from bot.__main__ import main
from ports.shadow import ShadowEvaluation, Tally
from storage import open_database
from tests.storage.samples import NOW


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'kvitto.db'}")
    return tmp_path / "models"


def put_challenger(folder: Path) -> str:
    challenger = folder / "challenger"
    challenger.mkdir(parents=True)
    for name in FILES:
        shutil.copy(str(bundled() / name), challenger / name)
    with (challenger / FILES[1]).open("a") as file:
        file.write("\n")
    paths = [challenger / name for name in FILES]
    write_note(paths, challenger / NOTE, trained_on=date(2026, 11, 1), learned={"diaries": 1234})
    return version_of(challenger)


def test_without_a_challenger_the_models_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models"]) == 0
    shown = capsys.readouterr().out
    assert version_of(bundled()) in shown
    assert f"training can put one into {folder / 'challenger'}" in shown
    assert "ranking" in shown
    assert not (folder.parent / "kvitto.db").exists(), "looking makes no database"


def test_a_challenger_is_shown_with_its_note_and_its_counts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = put_challenger(folder)

    async def count() -> None:
        async with open_database(f"sqlite:///{folder.parent / 'kvitto.db'}") as database:
            contest = ShadowEvaluation(version_of(bundled()), version)
            await database.tallies.add(contest, Tally(2000, 1900, 80, 40, 10, 30), now=NOW)

    asyncio.run(count())
    assert main(["models"]) == 0
    shown = capsys.readouterr().out
    for words in (
        "trained 2026-11-01 on 1,234",
        "counted since 2026-11-20",
        "champion right 10, challenger right 30",
        "the 100 entries",
    ):
        assert words in shown


def test_promoting_dropping_and_going_back_by_command(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "promote"]) == 1  # nothing there
    version = put_challenger(folder)
    assert main(["models", "promote"]) == 0
    assert version_of(folder / "champion") == version
    put_challenger(folder)
    assert main(["models", "drop"]) == 0
    assert main(["models", "revert"]) == 0
    assert not list(folder.iterdir())
    assert "Traceback" not in capsys.readouterr().err


def test_a_damaged_challenger_is_shown_as_such_and_not_promoted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_challenger(folder)
    (folder / "challenger" / FILES[0]).write_bytes(b"cut")
    assert main(["models"]) == 0
    assert main(["models", "promote"]) == 1
    assert (folder / "challenger").is_dir()
    (folder / "challenger" / FILES[0]).unlink()
    assert main(["models"]) == 1
    assert "train it again" in capsys.readouterr().err
