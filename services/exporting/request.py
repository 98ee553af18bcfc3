"""Read the words after `/export`, a format and a filter in any order of need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.errors import InputError
from ledger.formats.known import FormatName, find_format
from ledger.queries import EntryFilter
from services.reporting.searching import read_filter
from services.scope import Scope

DEFAULT: FormatName = "csv"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The file that a person asks for."""

    format: FormatName = DEFAULT
    which: EntryFilter = field(default_factory=EntryFilter)


@dataclass(frozen=True, slots=True)
class UnknownFormat:
    """A word that names no format and no entries; the formats are offered in its place."""

    words: str


def read_request(
    scope: Scope, arguments: str, names: Mapping[str, str]
) -> ExportRequest | UnknownFormat:
    """Return the request that words make; `names` are those of categories and groups.

    The first word may be a format, and the others are a filter as in `/list`. Other words without a
    format mean the entries that have them, unless no entry does.
    """
    first, _, rest = arguments.strip().partition(" ")
    named = find_format(first)
    if named or not arguments.strip():
        return ExportRequest(named or DEFAULT, read_filter(scope, rest.strip(), names))
    which = read_filter(scope, arguments.strip(), names)
    if which.words and not scope.repositories.entries.count(scope.ledger.id, which):
        return UnknownFormat(arguments.strip())
    return ExportRequest(which=which)


def parse_format(word: str) -> FormatName:
    """Return the format that a word names; nothing means CSV. Raises `InputError`."""
    found = find_format(word) if word.strip() else DEFAULT
    if found is None:
        raise InputError("export_format", format=word.strip())
    return found
