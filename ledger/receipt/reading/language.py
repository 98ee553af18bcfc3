"""Which language a receipt is in, by the words that stand beside its figures.

Some cloud readers know some languages only. A word that many languages share ("total") says little,
one of a language's own says most; where nothing speaks, the chat's language is taken.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from functools import cache
from importlib import resources

_WORDS = re.compile(r"[^\W\d_]+")
_TEXT_MAX = 20_000
_PHRASE_WORDS_MAX = 4
_CLEAR = 0.5
"""How much more another language must say than the chat's own to be believed."""


def detect_language(text: str, chat: str) -> str:
    """Return the ISO 639-1 code of a receipt's text; `chat` is the chat's language."""
    words = _WORDS.findall(text[:_TEXT_MAX].casefold())
    phrases = {
        " ".join(words[at : at + length])
        for length in range(1, _PHRASE_WORDS_MAX + 1)
        for at in range(len(words) - length + 1)
    }
    votes: defaultdict[str, float] = defaultdict(float)
    vocabulary = _vocabulary()
    for phrase in phrases & vocabulary.keys():
        languages = vocabulary[phrase]
        for language in languages:
            votes[language] += 1 / len(languages)
    if not votes:
        return chat
    best, most = max(votes.items(), key=lambda vote: (vote[1], vote[0]))
    return best if most > votes[chat] + _CLEAR else chat


@cache
def _vocabulary() -> dict[str, frozenset[str]]:
    """Words and phrases, each with the languages that know it."""
    text = resources.files(__package__).joinpath("keywords.toml").read_text("utf-8")
    known: defaultdict[str, set[str]] = defaultdict(set)
    for meanings in tomllib.loads(text).values():
        for language, words in meanings.items():
            if isinstance(words, list):
                for word in words:
                    known[" ".join(_WORDS.findall(word.casefold()))].add(language)
    return {word: frozenset(languages) for word, languages in known.items()}
