"""Cut a text into words, with the forms under which a pack or the chat may know each of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger.inquiries.characters import PIECE, key_of
from ledger.inquiries.lexicon import Lexicon
from ledger.inquiries.names import NameIndex
from ledger.text.lines.characters import fold

COMPOUND_MIN = 3
"""Letters of the first noun of a compound."""
SUFFIX_MAX = 4
"""Letters of an ending behind an apostrophe."""
_APART_SUFFIXES = frozenset({"tr"})
"""Languages that part the endings of names by an apostrophe."""
_HIRAGANA = ("\u3041", "\u309f")
_THAI = ("\u0e00", "\u0e7f")
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))


class Word(NamedTuple):
    """A piece of the text with the keys under which it may be known, the surest first."""

    kind: str
    keys: tuple[str, ...]
    start: int
    end: int


def list_words(shaped: str, lexicon: Lexicon, names: NameIndex) -> Iterator[Word]:
    """Give the words, numbers and signs of a text in order."""
    for match in PIECE.finditer(shaped):
        kind, text, start = match.lastgroup or "sign", match.group(), match.start()
        if kind == "spaceless":
            yield from _cut_run(text, start, lexicon, names)
        elif (kind == "sign" and text in "-'" and _joins(shaped, start)) or (
            kind == "word" and _is_apart_suffix(text, shaped, start, lexicon)
        ):
            continue
        elif kind == "word":
            yield from _cut_compound(text, start, lexicon)
        else:
            yield Word(kind, (text,), start, match.end())


def _is_apart_suffix(text: str, shaped: str, start: int, lexicon: Lexicon) -> bool:
    """Return whether an apostrophe parts this ending from a name: Lidl'e, Migros'tan."""
    joined = shaped[start - 1 : start] == "'" and shaped[start - 2 : start - 1].isalpha()
    return joined and lexicon.language in _APART_SUFFIXES and len(text) <= SUFFIX_MAX


def _joins(shaped: str, at: int) -> bool:
    """Return whether a hyphen or an apostrophe stands within a word."""
    return shaped[at - 1 : at].isalpha() and shaped[at + 1 : at + 2].isalpha()


def _cut_compound(text: str, start: int, lexicon: Lexicon) -> Iterator[Word]:
    """Cut `essensbudget` into its two nouns, where the second one means something here."""
    key, end = key_of(text), start + len(text)
    tail = next((one for one in lexicon.compounds if key.endswith(one)), None)
    head = key[: -len(tail)] if tail else ""
    least = 1 if key[:1] >= "\uac00" else COMPOUND_MIN
    if tail is None or len(head) < least or len(key) != len(text):
        yield Word("word", _keys(text, lexicon), start, end)
        return
    forms = [
        head[: len(head) - len(link)] for link in lexicon.links if link and head.endswith(link)
    ]
    yield Word("word", (*_keys(text[: -len(tail)], lexicon), *forms), start, end - len(tail))
    yield Word("word", _keys(text[-len(tail) :], lexicon), end - len(tail), end)


def _keys(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """List the forms of a word under which a pack may know it."""
    if lexicon.is_accented and not text.isascii():
        return (fold(text),)
    key = key_of(text.rstrip("*"))
    found = [key]
    for typed, plain in _UMLAUTS:
        if typed in key:
            found.append(key.replace(typed, plain))
    found += [
        key[len(one) :]
        for one in lexicon.prefixes
        if key.startswith(one) and len(key) > len(one) + 1
    ]
    found += [
        key[: -len(one)] for one in lexicon.suffixes if key.endswith(one) and len(key) > len(one)
    ]
    for one in tuple(found):
        # A syllable of Hangul is a word's worth of letters.
        shortest = 0 if one[:1] >= "\uac00" else 1
        longest = next(
            (one[:end] for end in range(len(one), shortest, -1) if one[:end] in lexicon.stems), None
        )
        if longest:
            found.append(longest + "*")
    return tuple(found)


def _cut_run(run: str, start: int, lexicon: Lexicon, names: NameIndex) -> Iterator[Word]:
    """Cut a run of a script without spaces at the words that are known, longest first."""
    rest = at = 0
    while at < len(run):
        length = max(names.known_length(run, at), _known_length(run, at, lexicon))
        if not length or (length == 1 and _is_within_word(run, rest, at)):
            at += 1
            continue
        if rest < at:
            yield Word("word", (key_of(run[rest:at]),), start + rest, start + at)
        known = key_of(run[at : at + length])
        yield Word("word", (known,), start + at, start + at + length)
        rest = at = at + length
    if rest < len(run):
        yield Word("word", (key_of(run[rest:]),), start + rest, start + len(run))


def _known_length(run: str, at: int, lexicon: Lexicon) -> int:
    longest = lexicon.starts.get(key_of(run[at]), 0)
    for length in range(min(longest, len(run) - at), 0, -1):
        if key_of(run[at : at + length]) in lexicon.spaceless:
            return length
    return 0


def _is_within_word(run: str, rest: int, at: int) -> bool:
    """Return whether a single sign stands inside a word that is not known: Thai, or all of kana."""
    if _THAI[0] <= run[at] <= _THAI[1]:
        return True
    if rest == at:
        return False
    return all(_HIRAGANA[0] <= char <= _HIRAGANA[1] for char in run[at - 1 : at + 1])
