"""Label a row by the meanings of its words: total, tax, change, a heading, an address.

The words are data (`keywords.toml`). They are compared folded: case, accents, blanks and
punctuation taken away and the letters folded that OCR confuses, so that "T0TAL", "TOTAI" and
"G R A N D  TOTAL" are what they are. One wrong or missing letter in a word of six or more is
forgiven.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Literal, get_args

Label = Literal[
    "total",
    "payable",
    "subtotal",
    "tax",
    "including",
    "excluding",
    "service",
    "tip",
    "rounding",
    "discount",
    "cash",
    "card",
    "change",
    "count",
    "deposit",
    "date",
    "other_date",
    "heading",
    "customer",
    "seller",
    "address",
    "legal",
    "trade",
    "refund",
]

_FOLD: dict[int, str] = {
    ord(letter): folded
    for letters, replacements in (
        ("01l|5ı8øđ", "oiiisibod"),
        # Greek and Cyrillic letters that look like Latin ones in capitals: readers mix them up.
        ("αβεζηικμνορτυχ", "abezhikmnoptyx"),
        ("авекмнорстухіј", "abekmhopctyxij"),
    )
    for letter, folded in zip(letters, replacements, strict=True)
} | {ord("ß"): "ss", ord("æ"): "ae", ord("œ"): "oe", ord("ł"): "i"}
_SHORT = 4
"""Words up to this many letters must stand alone (scripts without blanks between words excepted)."""
_FORGIVING = 6
_GLUED_MIN = 13
"""Shorter words are names in their own right ("WALMART") and are parted only at legal forms."""
_HEAD_MIN = 3
_PREFIX = 3
_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_NUMERIC = re.compile(r"(?=[^\d]{0,3}\d)[\dOoIlSB.,:/*%-]+$")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def fold_text(text: str) -> str:
    """Fold a text so that OCR's confusions and spelling make no difference; drop blanks and signs."""
    return "".join(fold_words(text))


def find_labels(text: str, languages: frozenset[str] | None = None) -> frozenset[Label]:
    """Return the meanings of the words in a row.

    Short words count only in `languages` (ISO 639-1; None: in all), because "as", "bar" and "pin"
    mean money in one language only; long ones count in every language.
    """
    index = _load_index()
    tokens = _list_word_tokens(text)
    squashed = "".join(tokens)
    found: set[Label] = set()
    ends: set[int] = set()
    bounds = {0, *accumulate(map(len, tokens))}
    for at in range(len(squashed)):
        next_bound = min(bound for bound in bounds if bound > at)
        here = squashed[at : at + _PREFIX]
        for word, label in (
            hit for n in range(len(here), 0, -1) for hit in index.inside.get(here[:n], ())
        ):
            # A word may run over blanks that OCR put in, but then it begins where a word begins.
            fits = at in bounds or at + len(word) <= next_bound
            if fits and squashed.startswith(word, at):
                found.add(label)
                ends.add(at + len(word))
    # "TOTALTAX" and "SUBTOTAL(EX)": a short word may follow a long one without a blank.
    for word in (*_list_candidates(tokens), *(squashed[end:] for end in ends)):
        found |= {
            label
            for label, language in index.alone.get(word, ())
            if languages is None or language in languages
        }
    if not found:
        for word in {*tokens, squashed}:
            found |= _find_forgiven(word, index)
    return frozenset(found)


def measure_cover(text: str, label: Label) -> float:
    """Return the share of a row's letters that keywords of one meaning make up, 0..1."""
    squashed = fold_text(text)
    left = squashed
    for word in _load_index().by_label.get(label, ()):
        left = left.replace(word, "")
    return 1 - len(left) / max(1, len(squashed))


def is_one_letter_off(one: str, other: str) -> bool:
    """Return whether two folded texts differ by at most one letter wrong, missing or superfluous."""
    if abs(len(one) - len(other)) > 1:
        return False
    return bool(_list_deletions(one) & _list_deletions(other))


def part_words(word: str) -> list[str]:
    """Part a long word that OCR glued together ("SDNBHD", "STATIONERYSHOP") at words of names."""
    index = _load_index()
    bones = fold_text(word)
    if not word.isalpha() or len(bones) != len(word) or bones in index.names:
        return [word]
    endings = index.names if len(word) >= _GLUED_MIN else index.legal
    for length in range(len(word) - _HEAD_MIN, _HEAD_MIN - 1, -1):
        if bones[-length:] in endings and (length > _HEAD_MIN or bones[-length:] in index.legal):
            return [*part_words(word[:-length]), word[-length:]]
    return [word]


def mend_legal_form(words: list[str]) -> list[str]:
    """Spell a legal form of two words at the end of a name right ("SIN BHU" is "SDN BHD").

    One letter in each of its words may be misread.
    """
    if len(words) <= 2:  # noqa: PLR2004 - nothing would be left of the name
        return words
    for pair in _load_index().pairs:
        tail = [fold_text(word) for word in words[-2:]]
        if tail != list(pair) and all(map(_is_misread, tail, pair)):
            spell = str.upper if words[-1].isupper() else str.title
            return [*words[:-2], *map(spell, pair)]
    return words


def _is_misread(bones: str, right: str) -> bool:
    """Return whether one text is the other but for one letter."""
    return len(bones) == len(right) and sum(map(str.__ne__, bones, right)) <= 1


class _Index:
    """The keywords by their folded form."""

    def __init__(self) -> None:
        self.alone: dict[str, list[tuple[Label, str]]] = {}
        self.inside: dict[str, list[tuple[str, Label]]] = {}
        self.shortened: dict[str, list[tuple[str, Label]]] = {}
        self.by_label: dict[Label, list[str]] = {}
        self.names: frozenset[str] = frozenset()
        self.legal: frozenset[str] = frozenset()
        self.pairs: tuple[tuple[str, ...], ...] = ()

    def add(self, word: str, label: Label, language: str) -> None:
        bones = fold_text(word)
        self.by_label.setdefault(label, []).append(bones)
        if (len(bones) <= _SHORT or word.startswith("=")) and not _UNSPACED.search(bones):
            self.alone.setdefault(bones, []).append((label, language))
            return
        self.inside.setdefault(bones[:_PREFIX], []).append((bones, label))
        if len(bones) >= _FORGIVING:
            for shorter in _list_deletions(bones):
                self.shortened.setdefault(shorter, []).append((bones, label))


@cache
def _load_index() -> _Index:
    index = _Index()
    labels: tuple[Label, ...] = get_args(Label)
    text = resources.files(__package__).joinpath("keywords.toml").read_text("utf-8")
    table = tomllib.loads(text)
    assert set(table) == set(labels), "keywords.toml and Label name the same meanings"
    for label in labels:
        for language, words in table[label].items():
            for word in words:
                index.add(word, label, language)
    for words in index.by_label.values():
        words.sort(key=len, reverse=True)
    index.legal = frozenset(
        part
        for language in ("en", "ms", "de")
        for word in table["legal"][language]
        for part in fold_words(word)
        # "inc" and "sas" end many words; three consonants hardly any.
        if len(part) > _HEAD_MIN or (len(part) == _HEAD_MIN and not set(part) & set("aeiou"))
    )
    forms = (tuple(word.split()) for word in (*table["legal"]["ms"], *table["legal"]["en"]))
    index.pairs = tuple(
        form for form in forms if len(form) > 1 and all(len(part) == _HEAD_MIN for part in form)
    )
    index.names = index.legal | {
        part for word in table["trade"]["en"] for part in fold_words(word) if len(part) > _HEAD_MIN
    }
    return index


def fold_words(text: str) -> list[str]:
    """Return the words of a text, each folded as by `fold_text`."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _TOKEN.findall(plain.translate(_FOLD))


def _list_word_tokens(text: str) -> list[str]:
    """Return tokens of a row without its figures."""
    words = (
        part for part in re.split(r"\s+", text) if not _NUMERIC.match(part.strip("()*#-+$€£="))
    )
    return fold_words(" ".join(words))


def _list_candidates(tokens: list[str]) -> Iterator[str]:
    """Yield single tokens, and neighbours joined ("s/c", "e. k.", "s. r. o.")."""
    yield from tokens
    for length in (2, 3, 4):
        for start in range(len(tokens) - length + 1):
            joined = "".join(tokens[start : start + length])
            if len(joined) <= _SHORT:
                yield joined


def _list_deletions(word: str) -> set[str]:
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


def _find_forgiven(word: str, index: _Index) -> set[Label]:
    """Return meanings of words at one wrong, missing or superfluous letter from this one."""
    if len(word) < _FORGIVING:
        return set()
    return {
        label
        for shorter in _list_deletions(word)
        for bones, label in index.shortened.get(shorter, ())
        if abs(len(bones) - len(word)) <= 1
    }
