"""Declare settings as fields of a dataclass: how the text of each is read, and what it shall be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar

T = TypeVar("T")

_DECLARED = "declared"
"""The key of a field's `Declared` in its metadata."""


@dataclass(frozen=True, slots=True, repr=False)
class SecretText:
    """A text that is never printed with whatever holds it."""

    value: str

    def get_secret_value(self) -> str:
        """Return the text."""
        return self.value

    def __repr__(self) -> str:
        """Return a text without the value, for logs and whatever prints a program's values."""
        return "SecretText('***')"


@dataclass(frozen=True, slots=True)
class Declared:
    """Holds what is known of a setting besides its type."""

    default: Any
    description: str
    """Words for what it shall be set to; the remedy that a person is shown."""
    read: Callable[[str], Any]
    """Returns the value of a text; raises `ValueError` without the text in it."""


def setting(default: T, read: Callable[[str], T], description: str) -> T:
    """Declare a field of a class of settings; see `Declared`."""
    return field(default=default, metadata={_DECLARED: Declared(default, description, read)})


def list_declared(settings: Any) -> Mapping[str, Declared]:  # noqa: ANN401  # any class of settings
    """Return what a class of settings declares, by the names of its fields in their order."""
    assert all(one.default is not MISSING for one in fields(settings)), "a start needs none of them"
    return {one.name: one.metadata[_DECLARED] for one in fields(settings)}
