"""Look up currencies as people write them, by code, sign or everyday word.

The table is `data/currencies.toml`. A shared sign or word is the chat's own currency if that uses
it, else what the language, the region or the table's order says.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from typing import Any

from ledger.money import is_currency, minor_digits
from ledger.text.lines.characters import fold, without_accents


@dataclass(frozen=True, slots=True)
class CurrencyWord:
    """A sign or word and the currencies that it may mean, the most usual first."""

    codes: tuple[str, ...]
    before: bool = False
    """True when it may lead its number."""
    own_only: bool = False
    """Means something else so often that it counts only as the chat's own currency."""
    own_only_in: str = ""
    """The language in which that is so, where it is so in one alone."""
    hundredth: bool = False
    """Names the minor unit: cents, копейки."""
    units: int = 1
    """The units of the currency that it is worth: a toman is ten rials."""


def _load() -> dict[str, Any]:
    text = (files("ledger.text") / "data" / "currencies.toml").read_text("utf-8")
    return tomllib.loads(text)


_TABLE = _load()
_RULES = _TABLE["rules"]
_KR: dict[str, str] = _RULES["kr"]
_SMALL = frozenset(_TABLE["small"]["codes"].split())
_RESERVED = frozenset(_TABLE["reserved"]["codes"].split())
_COINS: dict[str, int] = _TABLE["coins"]
COUNTRIES: dict[str, str] = dict(pair.split(":") for pair in _TABLE["countries"]["codes"].split())
"""Country of each currency that one country uses."""
_OF_COUNTRY = {country: code for code, country in COUNTRIES.items()}

SYMBOLS: dict[str, CurrencyWord] = {
    sign.upper(): CurrencyWord((code,), before=True) for sign, code in _TABLE["symbols"].items()
} | {
    sign: CurrencyWord(tuple(codes.split()), before=True)
    for sign, codes in _TABLE["shared_symbols"].items()
}
"""Every sign; those that hold letters are written in capitals here."""
SYMBOLS["¢"] = CurrencyWord((), hundredth=True)


def _listed(text: str) -> list[str]:
    return [fold(word.strip()) for word in text.split(",")]


def _build_words() -> dict[str, CurrencyWord]:
    before = set(_listed(_RULES["before"]))
    own_only = set(_listed(_RULES["own_only"]))
    own_only_in = {fold(word): language for word, language in _RULES["own_only_in"].items()}
    codes: dict[str, tuple[str, ...]] = {}
    for code, listed in _TABLE["words"].items():
        for word in _listed(listed):
            codes.setdefault(word, (code,))
    codes |= {fold(word): tuple(c.split()) for word, c in _TABLE["shared_words"].items()}
    words = {
        word: CurrencyWord(
            c,
            before=word in before,
            own_only=word in own_only,
            own_only_in=own_only_in.get(word, ""),
        )
        for word, c in codes.items()
    }
    for code, listed in _TABLE["minor"].items():
        for word in _listed(listed):
            found = () if code == "any" else (code,)
            words.setdefault(word, CurrencyWord(found, hundredth=True, own_only=word == "p"))
    for code, worth in _TABLE["multiples"].items():
        for word, units in worth.items():
            words[fold(word)] = CurrencyWord((code,), units=units)
    for word in [w for w in words if not w.isascii()]:
        words.setdefault(without_accents(word), words[word])
    return words


_WORDS = _build_words()


def find_sign(text: str) -> CurrencyWord | None:
    """Return the meaning of a currency sign, such as `$` or `US$`."""
    return SYMBOLS.get(text.upper())


def find_word(key: str) -> CurrencyWord | None:
    """Return the meaning of a folded word that is a currency's name or abbreviation."""
    return _WORDS.get(key)


def currency_words() -> tuple[str, ...]:
    """List every folded word that may be a currency."""
    return tuple(_WORDS)


def find_code(key: str) -> CurrencyWord | None:
    """Return the meaning of a folded word that is an ISO 4217 code."""
    if len(key) == 3 and key.isascii() and is_currency(code := key.upper()):
        return CurrencyWord((code,), before=True)
    return None


def choose(word: CurrencyWord, own: str, language: str, region: str | None) -> str:
    """Return the code that a sign or word means in a chat with this currency and language."""
    codes = word.codes or (own,)
    if own in codes:
        return own
    if "CNY" in codes and "JPY" in codes:
        return "CNY" if language == "zh" else "JPY"
    if "SEK" in codes:
        return _KR.get(language, codes[0])
    if len(codes) > 1 and codes[0] not in {"USD", "INR", "GBP"} and region:
        local = _OF_COUNTRY.get(region)
        if local in codes:
            return local
    return codes[0]


def is_reserved(code: str) -> bool:
    """Return whether ISO 4217 keeps this code for metals, tests or no currency at all."""
    return code in _RESERVED


def is_small(code: str) -> bool:
    """Return whether a unit is worth so little that seven digits in a row are an ordinary amount."""
    return code in _SMALL or minor_digits(code) == 0


def smallest_coin(code: str) -> Fraction:
    """Return the value of the smallest coin or note in use, in units of the currency."""
    coin = _COINS.get(code)
    return Fraction(coin) if coin else Fraction(1, 10 ** minor_digits(code))


_ADJECTIVES = {
    fold(word): country
    for country, listed in _TABLE["adjectives"].items()
    for word in listed.replace("\n", " ").split(", ")
}
_UNKNOWN = frozenset(_TABLE["unknown"]["codes"].split())
_UNKNOWN_WORDS = frozenset(_listed(_TABLE["unknown"]["words"]))


def find_national(word: CurrencyWord, adjective: str) -> str | None:
    """Return the code of a shared word with a country's adjective: Canadian dollars."""
    country = _ADJECTIVES.get(adjective)
    code = _OF_COUNTRY.get(country) if country else None
    return code if code in word.codes else None


def is_unknown(typed: str) -> bool:
    """Return whether a word names a currency that is not booked: a former one, or a coin's token.

    In small letters only where it is not a word of a language.
    """
    return typed in _UNKNOWN or fold(typed) in _UNKNOWN_WORDS
