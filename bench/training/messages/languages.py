"""The words of drawn messages: one file a language in `words/`, read into a `Language`.

Sections: `words` (lists parted by commas), `frames` (one sentence a line, with slots in braces),
`dates`, `currencies` (code -> signs before and behind), `multipliers` (word -> value). `chats` lists
language tag, currency and time zone of chats. `words/common.toml` holds prices and emoji.
"""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent / "words"
COMMON = "common"
GROUP_SHARE = 0.45
_DAYS = 330
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Chat:
    """The chat in which a message is sent."""

    tag: str
    currency: str
    zone: str
    kind: str
    sent_at: datetime

    @property
    def is_group(self) -> bool:
        return self.kind == "group"


class Price(NamedTuple):
    """The everyday prices of a currency: least, most, and the smallest step."""

    least: Decimal
    most: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class Language:
    """Words and frames of one language."""

    code: str
    data: dict[str, Any]

    def words(self, key: str) -> list[str]:
        """List the words of a key; empty where the language has none."""
        listed = self.data["words"].get(key, "").replace("\n", " ").split(",")
        return [word.strip() for word in listed if word.strip()]

    def frames(self, key: str) -> list[str]:
        """List the sentences of a key; empty where the language has none."""
        return [line for line in self.data["frames"].get(key, "").splitlines() if line.strip()]

    def chat(self, chance: random.Random) -> Chat:
        """Draw a chat of this language and a moment of the year 2026."""
        tag, currency, zone = chance.choice(self.data["chats"]).split()
        day = datetime(2026, 1, 20, 8, 0, tzinfo=ZoneInfo(zone)) + timedelta(
            days=chance.randrange(_DAYS), minutes=chance.randrange(840)
        )
        kind = "group" if chance.random() < GROUP_SHARE else "private"
        return Chat(tag, currency, zone, kind, day)


@dataclass(frozen=True, slots=True)
class Draw:
    """Chance, language and chat of one message."""

    chance: random.Random
    language: Language
    chat: Chat

    def word(self, key: str) -> str | None:
        """Draw a word of a key, None where there is none."""
        words = self.language.words(key)
        return self.chance.choice(words) if words else None

    def frame(self, key: str) -> str | None:
        """Draw a sentence of a key, None where there is none."""
        frames = self.language.frames(key)
        return self.chance.choice(frames) if frames else None

    def often(self, share: float) -> bool:
        """Return true in this share of the draws."""
        return self.chance.random() < share


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message and its right readings, the expected one first."""

    text: str
    expected: dict[str, Any]
    also: tuple[dict[str, Any], ...] = ()


REFUSED = {"outcome": "refused"}
IGNORED = {"outcome": "ignored"}
ASK = {"outcome": "ask"}


def silence(draw: Draw) -> dict[str, Any]:
    """Return the outcome of a message that is no entry in this kind of chat."""
    return IGNORED if draw.chat.is_group else REFUSED


def fill(draw: Draw, frame: str, **given: str) -> str:
    """Fill the slots of a sentence with given words, else with drawn numbers."""
    return _SLOT.sub(lambda slot: given.get(slot[1]) or _slot(draw, slot[1]), frame)


_RANGES = {
    "n": (2, 6),
    "N": (11, 60),
    "x": (101, 999),
    "h": (1, 11),
    "p": (5, 90),
    "y": (2019, 2031),
    "k": (1000, 9999),
    "big": (20000, 99000),
    "code": (100000, 999999),
}


def _slot(draw: Draw, name: str) -> str:
    """Draw the value of a slot: a number of its range, a time, a fever, a phone, a note."""
    chance = draw.chance
    if name in _RANGES:
        return str(chance.randint(*_RANGES[name]))
    if name == "t":
        return f"{chance.randint(6, 22)}:{chance.choice(('00', '15', '30', '45'))}"
    if name == "f":
        return f"{chance.randint(36, 39)}{draw.language.data['decimal']}{chance.randint(1, 9)}"
    if name == "phone":
        return (
            f"0{chance.randint(100, 999)} {chance.randint(100, 999)} {chance.randint(1000, 9999)}"
        )
    return draw.word("notes" if name == "note" else name) or name


@lru_cache(maxsize=32)
def open_language(code: str) -> Language:
    """Read the words of one language."""
    return Language(code, tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8")))


def languages() -> list[str]:
    """List the codes of all languages that have words."""
    return sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != COMMON)


def price_of(currency: str) -> Price:
    """Return the everyday prices of a currency."""
    least, most, step = open_language(COMMON).data["prices"][currency].split()
    return Price(Decimal(least), Decimal(most), Decimal(step))
