"""Read a trained model from files, bundled or in a folder of the installation.

A model is `ngrams.npz` and `evidence.json`, both written by `bench/training/categories.py`, and
`about.json`, which says when and on what they were trained. Word list and brands belong to the
program and are shared by all models.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np

from ai import provenance
from ai.categories.brands import Brands, open_brands
from ai.categories.evidence import KINDS, Knowledge, Weighing, read_weighing
from ai.categories.features import BUCKETS
from ai.categories.lexicon import Lexicon, open_lexicon
from ai.categories.ngrams import Ngrams, read_ngrams
from ledger.categories import IDS
from ledger.errors import UnavailableError

NGRAMS, EVIDENCE, NOTE = "ngrams.npz", "evidence.json", "about.json"
FILES = (NGRAMS, EVIDENCE)
"""The files that decide; the note only describes them."""


_DAMAGES = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    zipfile.BadZipFile,
    zlib.error,
)
"""Errors of numpy and json for files that are cut off or of another kind."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model ready to guess."""

    version: str
    knowledge: Knowledge
    weighing: Weighing


def bundled() -> Traversable:
    """Return the folder of the model that comes with the program."""
    return files(__package__).joinpath("data")


def open_model(folder: Traversable) -> Model:
    """Load a model.

    Raises:
        UnavailableError: the files are missing, damaged, or of another shape than this program's.
    """
    try:
        version = version_of(folder)
        ngrams, weighing = read_ngrams(folder / NGRAMS), read_weighing(folder / EVIDENCE)
    except _DAMAGES as error:
        raise UnavailableError("model_unreadable", remedy="train it again") from error
    if not _fits(ngrams, weighing):
        raise UnavailableError("model_of_another_program", remedy="train it with this program")
    return Model(version, Knowledge(ngrams, *_shared()), weighing)


@lru_cache(maxsize=1)
def open_bundled() -> Model:
    """Load the bundled model once per process."""
    return open_model(bundled())


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
    # Files of an older program load without an error and would guess nonsense.
    return (
        ngrams.weights.shape == (BUCKETS, len(IDS))
        and ngrams.weights.dtype == np.int8
        and ngrams.bias.shape == (len(IDS),)
        and weighing.weights.shape == (len(KINDS),)
        and weighing.trust.shape == (len(IDS),)
        and bool(np.isfinite(ngrams.bias).all() and np.isfinite(weighing.weights).all())
        and "" in weighing.calibration
    )
