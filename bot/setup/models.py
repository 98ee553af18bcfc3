"""Manage the models of an installation, the bundled one and folders next to its database.

    models/challenger    a new model, put there by training: it answers in the shadow
    models/champion      a challenger that was promoted: it decides instead of the bundled one
    models/former        the champion before it, to go back to

A running bot loads its models at its start; what is moved here counts from the next one on.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.setup.settings import Settings
from ledger.errors import NotFoundError

_ELSEWHERE = Path("data/models")
"""Where the database is a server."""


@dataclass(frozen=True, slots=True)
class ModelStore:
    """The folder of an installation's own models."""

    folder: Path

    @property
    def champion(self) -> Path:
        """Return the folder of the deciding model, where it is not the bundled one."""
        return self.folder / "champion"

    @property
    def challenger(self) -> Path:
        """Return the folder of the model in the shadow."""
        return self.folder / "challenger"

    @property
    def former(self) -> Path:
        """Return the folder of the champion before the last promotion."""
        return self.folder / "former"


def model_store_of(settings: Settings) -> ModelStore:
    """Return the store next to the database's file; with a server, in the working directory."""
    url = settings.database_url.get_secret_value()
    if url.startswith("sqlite:///"):
        return ModelStore(Path(url.removeprefix("sqlite:///")).parent / "models")
    return ModelStore(_ELSEWHERE)


def promote(store: ModelStore) -> None:
    """Make the challenger the champion; interrupted, it can be repeated.

    Raises:
        NotFoundError: there is no challenger.
    """
    _require(store.challenger, "no_challenger")
    if store.champion.is_dir():
        _remove(store.former)
        store.champion.rename(store.former)
    store.challenger.rename(store.champion)


def drop(store: ModelStore) -> None:
    """Take the challenger away.

    Raises:
        NotFoundError: there is none.
    """
    _require(store.challenger, "no_challenger")
    _remove(store.challenger)


def revert(store: ModelStore) -> None:
    """Go back to the champion before the last promotion, the bundled model before the first.

    Raises:
        NotFoundError: nothing was promoted.
    """
    if not store.former.is_dir():
        _require(store.champion, "nothing_promoted")
    _remove(store.champion)
    if store.former.is_dir():
        store.former.rename(store.champion)


def _require(folder: Path, message_id: str) -> None:
    if not folder.is_dir():
        raise NotFoundError(message_id, remedy=f"there is no model in {folder}")


def _remove(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
