"""Read the words after `/export`, a format and a filter in any order of need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.budgets.scopes import near_scopes
from ledger.entries.queries import EntryFilter
from ledger.errors import InputError
from ledger.formats.known import FormatName, find_format
from services.reporting.searching import read_filter, read_known_filter
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

    The first word may be a format, and the others are a filter as in `/list`. Words without a format
    that no entry has, and that resemble no category, may have been meant as one.

    Raises:
        InputError: the filter cannot be read, or no entry has its words (`filter_unknown`).
    """
    first, _, rest = arguments.strip().partition(" ")
    if named := find_format(first):
        return ExportRequest(named, read_known_filter(scope, rest.strip(), names))
    words = read_filter(scope, arguments.strip(), names).words
    known = not words or scope.repositories.entries.count(scope.ledger.id, EntryFilter(words=words))
    if not known and not near_scopes(words, names, scope.settings.categories):
        return UnknownFormat(words)
    return ExportRequest(which=read_known_filter(scope, arguments.strip(), names))


def parse_format(word: str) -> FormatName:
    """Return the format that a word names; nothing means CSV. Raises `InputError`."""
    found = find_format(word) if word.strip() else DEFAULT
    if found is None:
        raise InputError("export_format", format=word.strip())
    return found
