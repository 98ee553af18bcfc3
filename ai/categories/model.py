"""Read a trained model from files, bundled or in a folder of the installation.

A model is `ngrams.bin` and `evidence.json`, both written by `bench/training/categories.py`, and
`about.json`, which says when and on what they were trained. Word list and brands belong to the
program and are shared by all models.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from ai import provenance
from ai.categories.brands import Brands, open_brands
from ai.categories.evidence import Knowledge, Weighing, read_weighing
from ai.categories.lexicon import Lexicon, open_lexicon
from ai.categories.ngrams import Ngrams, read_ngrams
from ledger.errors import UnavailableError

NGRAMS, EVIDENCE, NOTE = "ngrams.bin", "evidence.json", "about.json"
FILES = (NGRAMS, EVIDENCE)
"""The files that decide; the note only describes them."""


_DAMAGES = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)
"""Errors of our files that are missing, cut off or of another kind."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model ready to guess."""

    version: str
    knowledge: Knowledge
    weighing: Weighing


def bundled() -> Traversable:
    """Return the folder of the model that comes with the program."""
    return files(__package__).joinpath("data")


def open_model(folder: Traversable, *, stays: bool = False) -> Model:
    """Load a model; one that `stays` is never written while the program runs.

    Raises:
        UnavailableError: the files are missing, damaged, or of another shape than this program's.
    """
    try:
        version = version_of(folder)
        ngrams = read_ngrams(folder / NGRAMS, stays=stays)
        weighing = read_weighing(folder / EVIDENCE)
    except _DAMAGES as error:
        raise UnavailableError("model_unreadable", remedy="train it again") from error
    if not _fits(ngrams, weighing):
        raise UnavailableError("model_of_another_program", remedy="train it with this program")
    return Model(version, Knowledge(ngrams, *_shared()), weighing)


@lru_cache(maxsize=1)
def open_bundled() -> Model:
    """Load the bundled model once per process."""
    return open_model(bundled(), stays=True)


@lru_cache(maxsize=1)
def _shared() -> tuple[Lexicon, Brands]:
    """Load the word list and the brands, which all models share, once per process."""
    return open_lexicon(), open_brands()


def version_of(folder: Traversable) -> str:
    """Return the version of a model. Raises OSError."""
    return provenance.version_of([folder / name for name in FILES])


def read_about(folder: Traversable) -> provenance.About:
    """Describe a model without loading it.

    Raises:
        UnavailableError: there is no model.
    """
    return provenance.read_about([folder / name for name in FILES], folder / NOTE)


def _fits(ngrams: Ngrams, weighing: Weighing) -> bool:
    # Numbers that are none load without an error and would guess nonsense.
    numbers = (ngrams.scale, *ngrams.bias, *weighing.weights.values(), *weighing.bias)
    return all(map(math.isfinite, numbers)) and "" in weighing.calibration
