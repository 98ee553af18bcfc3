"""Find the language of a receipt, by the words next to its figures, its script and its letters.

A word that many languages share ("total") counts little, one of a language's own counts most. Some
cloud readers know some languages only, and the language points to the country.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from functools import cache
from importlib import resources

_WORDS = re.compile(r"[^\W\d_]+")
_TEXT_MAX = 20_000
_PHRASE_WORDS_MAX = 4
_CLEAR = 0.5
"""Votes that another language needs beyond the chat's own to be chosen."""
_SHORT = 2
"""Words up to this many letters mean many things ("CB", "EC", "le")."""
_SCRIPT_SHARE = 0.15
"""Share of a page's letters from which a script tells the language."""
_SCRIPT_VOTES = 3.0
_LETTER_VOTES = 0.4
_SCRIPTS: dict[str, re.Pattern[str]] = {
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ka": re.compile(r"[\u10a0-\u10ff]"),
    "hy": re.compile(r"[\u0530-\u058f]"),
    "bn": re.compile(r"[\u0980-\u09ff]"),
    "km": re.compile(r"[\u1780-\u17ff]"),
}
"""Scripts of one language each."""
_LETTERS: dict[str, str] = {
    "uk": "їєґ", "be": "ў", "sr": "ђћљњџ", "mk": "ѓќѕ", "kk": "әғқңөұүһ", "ru": "ыэ", "bg": "ъ",
    "pl": "łąęńśźż", "hu": "őű", "cs": "řěů", "sk": "ľĺŕ", "tr": "ğış", "ro": "șțăâ", "de": "ß",
    "es": "ñ¿", "pt": "ãõ", "fr": "œêû", "vi": "ơưđạảấầẩậắặẹẻẽếềểệỉịọỏốồổộớờởợụủứừửựỳỷỹ", "lv": "āēīņļģķ",
    "lt": "ųėįš", "et": "õ", "is": "þð", "da": "æø", "no": "æøå", "sv": "åäö", "fi": "äö", "fa": "پچژگ",
    "az": "ə", "sq": "ëç",
}  # fmt: skip
"""Letters that few other languages print."""


def detect_language(text: str, chat: str) -> str:
    """Return the ISO 639-1 code of a receipt's language; `chat` is the chat's language."""
    votes = weigh_languages(text)
    if not votes:
        return chat
    best, most = max(votes.items(), key=lambda vote: (vote[1], vote[0]))
    return best if most > votes.get(chat, 0.0) + _CLEAR else chat


def weigh_languages(text: str) -> dict[str, float]:
    """Return the votes for each language: one for a word of its own, parts for shared ones."""
    text = text[:_TEXT_MAX]
    votes: defaultdict[str, float] = defaultdict(float)
    vocabulary = _load_vocabulary()
    for phrase in _find_phrases(text):
        languages = vocabulary[phrase]
        for language in languages:
            votes[language] += 1 / len(languages)
    for language, share in _weigh_letters(text).items():
        votes[language] += share
    return dict(votes)


def match_phrases(words: Sequence[str], vocabulary: Container[str]) -> Iterator[str]:
    """Yield the phrases of a vocabulary in a row's words, the longest first, none within another."""
    at = 0
    while at < len(words):
        lengths = range(min(_PHRASE_WORDS_MAX, len(words) - at), 0, -1)
        phrases = (" ".join(words[at : at + length]) for length in lengths)
        phrase = next((phrase for phrase in phrases if phrase in vocabulary), "")
        if phrase:
            yield phrase
        at += phrase.count(" ") + 1


def _find_phrases(text: str) -> set[str]:
    rows = (_WORDS.findall(row) for row in text.casefold().splitlines())
    return {phrase for words in rows for phrase in match_phrases(words, _load_vocabulary())}


def _weigh_letters(text: str) -> dict[str, float]:
    """Return the votes of scripts and of letters that few languages use."""
    letters = max(1, sum(char.isalpha() for char in text))
    found: dict[str, float] = {}
    for language, script in _SCRIPTS.items():
        share = len(script.findall(text)) / letters
        if share > _SCRIPT_SHARE:
            found[language] = _SCRIPT_VOTES
    present = set(text.casefold())
    for language, own in _LETTERS.items():
        seen = len(present & set(own))
        if seen:
            found[language] = found.get(language, 0.0) + _LETTER_VOTES * min(3, seen)
    return found


@cache
def _load_vocabulary() -> dict[str, frozenset[str]]:
    """Read the words and phrases of keywords.toml, each with the languages that use it."""
    text = resources.files(__package__).joinpath("keywords.toml").read_text("utf-8")
    known: defaultdict[str, set[str]] = defaultdict(set)
    for meanings in tomllib.loads(text).values():
        for language, words in meanings.items():
            if isinstance(words, list):
                for word in words:
                    known[" ".join(_WORDS.findall(word.casefold()))].add(language)
    return {word: frozenset(languages) for word, languages in known.items() if len(word) > _SHORT}
