"""Find the names that a chat knows in the words of a question, inflected or typed wrong too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from ledger.inquiries.characters import in_latin, is_cyrillic, is_one_slip, key_of, pieces

NameKind = Literal["category", "merchant", "member", "tag", "item", "series"]
SPAN_MAX = 5
STEM_MIN = 4
"""Letters that an inflected name must keep."""
ENDING_MAX = 3
CUT_MAX = 2
PARTICLE_MAX = 2
"""Syllables of Hangul that a particle has."""
SLIP_MIN = 5


class Known(NamedTuple):
    """A name of the chat."""

    kind: NameKind
    value: str
    """The id of a category or group; else the name as the ledger writes it."""
    is_exact: bool = True


class HasKeys(Protocol):
    """A word of a question."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the forms under which it may be known."""


@dataclass(slots=True)
class NameIndex:
    """Every name by the keys of its words."""

    exact: dict[tuple[str, ...], list[Known]] = field(default_factory=lambda: defaultdict(list))
    alike: dict[tuple[int, str], list[tuple[str, ...]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Number of words and first letter -> the names that a word with a slip may be."""
    starts: dict[str, int] = field(default_factory=dict)
    runs: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, names: Mapping[NameKind, Iterable[tuple[str, str]]]) -> NameIndex:
        """Build an index; each name comes with its value."""
        index = cls()
        for kind, listed in names.items():
            for name, value in listed:
                index._add(kind, name, value)
        return index

    def _add(self, kind: NameKind, name: str, value: str) -> None:
        keys = pieces(name)
        if not keys:
            return
        known = Known(kind, value)
        # Names of several words are also typed as one.
        for form in {keys, ("".join(keys),)}:
            if form not in self.exact:
                self.alike[len(form), form[0][0]].append(form)
            if known not in self.exact[form]:
                self.exact[form].append(known)
        whole = "".join(keys)
        if whole[0] >= "\u0e00":
            self.runs.add(whole)
            self.starts[whole[0]] = max(len(whole), self.starts.get(whole[0], 0))
        # A first name is enough for a person.
        if kind == "member" and len(keys) > 1 and known not in self.exact[keys[:1]]:
            self.exact[keys[:1]].append(known)

    def known_length(self, run: str, at: int) -> int:
        """Return the length of the longest name that starts here in a run without spaces."""
        longest = self.starts.get(run[at], 0)
        for length in range(min(longest, len(run) - at), 0, -1):
            if run[at : at + length] in self.runs:
                return length
        return 0

    def find(self, words: Sequence[HasKeys], at: int) -> tuple[tuple[Known, ...], int]:
        """Return the names that the longest stretch from a word on means, and its length."""
        for length in range(min(SPAN_MAX, len(words) - at), 0, -1):
            span = [word.keys for word in words[at : at + length]]
            for keys in _forms(span):
                if keys in self.exact:
                    return tuple(self.exact[keys]), length
        # Only now, or a slip in a long name would win over a short name typed right.
        for length in range(min(SPAN_MAX, len(words) - at), 0, -1):
            if found := self._find_alike([word.keys for word in words[at : at + length]]):
                return found, length
        return (), 0

    def _find_alike(self, span: Sequence[tuple[str, ...]]) -> tuple[Known, ...]:
        for keys in _forms(span):
            for name in self.alike.get((len(keys), keys[0][:1]), ()):
                if all(map(_is_alike, keys, name)):
                    return tuple(one._replace(is_exact=False) for one in self.exact[name])
        return ()


def _forms(span: Sequence[tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    first = tuple(map(key_of, (keys[0] for keys in span)))
    yield first
    # Лидл and Анна, where the ledger writes Lidl and Anna.
    if any(map(is_cyrillic, first)):
        yield tuple(map(in_latin, first))
    # A letter that is joined to the first word: in, at, the.
    yield from ((key, *(keys[0] for keys in span[1:])) for key in span[0][1:] if key[-1:] != "*")


def _is_alike(typed: str, name: str) -> bool:
    """Return whether a word is a name with another ending, or with one wrong letter."""
    if typed == name:
        return True
    same = 0
    while same < min(len(typed), len(name)) and typed[same] == name[same]:
        same += 1
    if (
        same == len(name)
        and len(name) > 1
        and name[0] >= "\uac00"
        and len(typed) - same <= PARTICLE_MAX
    ):
        return True  # Korean joins its particles
    ending = len(typed) - same <= ENDING_MAX and len(name) - same <= CUT_MAX
    if same >= STEM_MIN and ending and (len(name) > STEM_MIN or same == len(name)):
        return True
    return min(len(typed), len(name)) >= SLIP_MIN and is_one_slip(typed, name)
