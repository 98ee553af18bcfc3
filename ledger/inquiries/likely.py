"""Tell at once whether a text may ask something, and in which languages."""

from __future__ import annotations

from functools import lru_cache

from ledger.inquiries.characters import PIECE, key_of
from ledger.inquiries.lexicon import known_languages, language_of, lexicon_of

_ASKING = frozenset(
    (
        "how_much",
        "how_many",
        "how_often",
        "what",
        "what_on",
        "which",
        "who",
        "where",
        "when",
        "show",
    )
)
_LEADING = _ASKING | {
    "most",
    "least",
    "big",
    "small",
    "compare",
    "average",
    "median",
    "total",
    "trend",
}
_OF_MONEY = frozenset({"expense", "income", "salary", "spend", "pay", "budget", "balance"})
_SPACELESS = "\u0e00"


def own_languages(tag: str) -> tuple[str, ...]:
    """Return the chat's language and English, as far as they have packs."""
    known = known_languages()
    return tuple(dict.fromkeys(one for one in (language_of(tag), "en") if one in known))


def lenient_language(tag: str) -> str:
    """Return the language in which a name or a time alone may be all of a question."""
    return own_languages(tag)[0]


def list_likely(text: str, tag: str, *, command: bool = False) -> tuple[str, ...]:
    """Return the chat's language and English, then the others in which words of the text ask.

    Behind a `command` every word of money counts, as in `expenses this month`.
    """
    keys = _keys(text)
    own = own_languages(tag)
    kind = "money" if command else "ask"
    others = (one for one in known_languages() if one not in own and _meets(text, keys, one, kind))
    return (*own, *others)


def may_ask(text: str, tag: str) -> bool:
    """Return whether words of a text may ask something in the chat's language or in English.

    It costs a few microseconds, since every entry that is typed is looked at.
    """
    keys = _keys(text)
    return any(_meets(text, keys, one, "lead") for one in own_languages(tag))


def _keys(text: str) -> frozenset[str]:
    keys = {key_of(m.group()) for m in PIECE.finditer(text) if m.lastgroup == "word"}
    # `groesste` is typed for `größte`.
    plain = {key.replace("oe", "o").replace("ae", "a").replace("ue", "u") for key in keys}
    return frozenset(keys | plain)


def _meets(text: str, keys: frozenset[str], language: str, kind: str) -> bool:
    words, stems, signs = _leads(language, kind)
    if not words.isdisjoint(keys) or any(sign in text for sign in signs):
        return True
    return any(key.startswith(stems) for key in keys) if stems else False


@lru_cache(maxsize=64)
def _leads(language: str, kind: str) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Return the first words of phrases that ask: whole ones, stems, and those without spaces."""
    lexicon = lexicon_of(language)
    roles = {"ask": _ASKING, "lead": _LEADING, "money": _LEADING | _OF_MONEY}[kind]
    assert lexicon is not None
    found = {
        first
        for first, listed in lexicon.phrases.items()
        for _, cues in listed
        if any(cue.role in roles for cue in cues)
    }
    spaced = {one for one in found if one[0] < _SPACELESS}
    stems = tuple(one[:-1] for one in spaced if one.endswith("*"))
    signs = tuple(one.rstrip("*") for one in found - spaced)
    return frozenset(one for one in spaced if not one.endswith("*")), stems, signs
