"""The shelf of models: a challenger in the shadow of a running bot, promoted, dropped, taken back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ai.categories.model import FILES, bundled, open_model, version_of
from ai.categories.shadow import ShadowCategoriser
from bot.setup.lazy import LazyCategoriser
from bot.setup.models import ModelStore, drop, model_store_of, promote, revert
from bot.setup.setting_fields import SecretText
from bot.setup.settings import Settings
from bot.setup.shadowing import Keeper, open_categoriser
from ledger.errors import NotFoundError, UnavailableError
from ports.shadow import ShadowEvaluation, Tally
from storage import Database, open_database
from tests.storage.samples import NOW


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    url = SecretText(f"sqlite:///{tmp_path / 'kvitto.db'}")
    return Settings(database_url=url)


@pytest.fixture
def shelf(settings: Settings) -> ModelStore:
    return model_store_of(settings)


def put(folder: Path, ending: str = "\n") -> str:
    """Lay a model down: the bundled one, told apart by white space at its end."""
    folder.mkdir(parents=True)
    for name in FILES:
        shutil.copy(str(bundled() / name), folder / name)
    with (folder / FILES[1]).open("a") as file:
        file.write(ending)
    return version_of(folder)


class Away:
    """A database that does not answer."""

    async def add(self, *_: object, **__: object) -> None:
        raise UnavailableError("database_unavailable")

    async def find(self, _: ShadowEvaluation) -> None:
        raise UnavailableError("database_unavailable")


async def test_without_a_challenger_nothing_stands_between(settings: Settings) -> None:
    async with open_categoriser(settings, Away()) as categoriser:
        assert isinstance(categoriser, LazyCategoriser)
        assert "_plug" not in vars(categoriser), "nothing is loaded"


async def test_a_challenger_is_judged_while_the_bot_runs(
    settings: Settings, shelf: ModelStore
) -> None:
    version = put(shelf.challenger)
    async with open_database(settings.database_url.get_secret_value()) as database:
        async with open_categoriser(settings, database.tallies) as categoriser:
            memory = categoriser.memory((), ())
            assert categoriser.guess("coffee", memory=memory).best.category == "eating_out"
            memory.learn("coffee", None, "Vices")
        standing = await database.tallies.find(ShadowEvaluation(version_of(bundled()), version))
    assert standing is not None
    assert standing.tally == Tally(1, 1, 1, 1, 0, 0)


async def test_a_promoted_model_decides_and_the_next_is_compared_with_it(
    settings: Settings, shelf: ModelStore
) -> None:
    champion = put(shelf.challenger)
    promote(shelf)
    challenger = put(shelf.challenger, "\n\n")
    async with open_database(settings.database_url.get_secret_value()) as database:
        async with open_categoriser(settings, database.tallies) as categoriser:
            categoriser.guess("coffee", memory=categoriser.memory((), ()))
        assert await database.tallies.find(ShadowEvaluation(champion, challenger)) is not None


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"{}", b"nonsense", b"[1, 2]"])
async def test_a_damaged_model_is_left_aside(
    settings: Settings, shelf: ModelStore, name: str, content: bytes
) -> None:
    for folder in (shelf.challenger, shelf.champion):
        put(folder)
        (folder / name).write_bytes(content)
    with pytest.raises(UnavailableError):
        open_model(shelf.champion)
    async with open_categoriser(settings, Away()) as categoriser:
        assert isinstance(categoriser, LazyCategoriser)
        assert categoriser.guess("coffee").best.category == "eating_out"


async def test_counts_wait_for_a_database_that_is_away(database: Database) -> None:
    shadow = ShadowCategoriser(LazyCategoriser(), LazyCategoriser())
    shadow.guess("coffee", memory=shadow.memory((), ()))
    contest = ShadowEvaluation("a", "b")
    await Keeper(shadow, contest, Away(), lambda: NOW).keep()
    await Keeper(shadow, contest, database.tallies, lambda: NOW).keep()
    standing = await database.tallies.find(contest)
    assert standing is not None
    assert standing.tally.filed == 1


def test_promoting_twice_and_going_back_twice_ends_at_the_bundled_model(shelf: ModelStore) -> None:
    first = put(shelf.challenger)
    promote(shelf)
    second = put(shelf.challenger, "\n\n")
    promote(shelf)
    assert version_of(shelf.champion) == second
    revert(shelf)
    assert version_of(shelf.champion) == first
    revert(shelf)
    assert not shelf.champion.exists()


def test_a_promotion_that_was_cut_off_is_repeated(shelf: ModelStore) -> None:
    first = put(shelf.former)  # the champion was moved away, then the power went
    second = put(shelf.challenger, "\n\n")
    promote(shelf)
    assert version_of(shelf.champion) == second
    revert(shelf)
    assert version_of(shelf.champion) == first


def test_what_is_not_there_cannot_be_moved(shelf: ModelStore) -> None:
    for move in (promote, drop, revert):
        with pytest.raises(NotFoundError):
            move(shelf)


def test_a_server_keeps_its_models_in_the_working_directory() -> None:
    url = SecretText("postgresql://kvitto@localhost/kvitto")
    assert model_store_of(Settings(database_url=url)).folder == Path("data/models")
