"""How people write figures and words: separators, signs, multipliers, digits, slips of the thumb."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal

from bench.training.messages.languages import COMMON, Draw, open_language, price_of

WHOLE_SHARE = 0.55
GROUPED_SHARE = 0.35
MARKED_SHARE = 0.35
MULTIPLIED_SHARE = 0.3
TYPO_SHARE = 0.04
UPPER_SHARE = 0.04
POINT_SHARE = 0.06
EMOJI_SHARE = 0.06
NATIVE_SHARE = 0.25
_TYPO_LETTERS_MIN = 6
_THOUSAND = 1000
SPACELESS = "\u2e80"
"""First character of the scripts that write a unit onto its number."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as typed, with its exact value."""

    text: str
    value: Decimal
    currency: str
    given: bool = False
    """The currency is written beside it."""
    exact: bool = False
    """It has decimals or a multiplier."""

    @property
    def is_clear(self) -> bool:
        return self.given or self.exact


def draw_value(draw: Draw, currency: str, *, whole: bool | None = None) -> Decimal:
    """Draw an everyday price, small ones more often."""
    price = price_of(currency)
    low, high = math.log(float(price.least)), math.log(float(price.most))
    raw = Decimal(math.exp(draw.chance.uniform(low, high)))
    step = price.step
    if step < 1 and (draw.often(WHOLE_SHARE) if whole is None else whole):
        step = Decimal(1)
    return max(price.least, (raw / step).quantize(Decimal(1)) * step)


def draw_money(draw: Draw, *, marked: bool | None = None, whole: bool | None = None) -> Money:
    """Draw an amount of the chat's currency, with or without its sign."""
    currency = draw.chat.currency
    value = draw_value(draw, currency, whole=whole)
    money = _multiplied(draw, value, currency) if draw.often(MULTIPLIED_SHARE) else None
    money = money or _written(draw, value, currency)
    if draw.often(MARKED_SHARE) if marked is None else marked:
        return mark(draw, money)
    return money


def mark(draw: Draw, money: Money) -> Money:
    """Write the currency before or behind an amount."""
    signs = draw.language.data["currencies"].get(money.currency, {})
    places = [place for place in ("before", "behind") if signs.get(place)]
    if not places:
        return replace(money, text=f"{money.text} {money.currency}", given=True)
    place = draw.chance.choice(places)
    sign = draw.chance.choice([s.strip() for s in signs[place].split(",")])
    letters = "a" <= sign[0].casefold() < SPACELESS and money.text[-1].isalpha()  # 20k rupiah
    gap = " " if letters else draw.chance.choice(("", " "))
    text = f"{sign}{gap}{money.text}" if place == "before" else f"{money.text}{gap}{sign}"
    value = money.value * draw.language.data.get("factors", {}).get(sign, 1)
    return replace(money, text=text, value=value, given=True)


def _written(draw: Draw, value: Decimal, currency: str) -> Money:
    """Write a value with the language's separators."""
    data = draw.language.data
    whole, _, decimals = f"{value:f}".partition(".")
    decimals = "" if not int(decimals or 0) else decimals
    if int(whole) >= _THOUSAND and draw.often(GROUPED_SHARE):
        whole = f"{int(whole):,}".replace(",", data["group"])
    if len(decimals) == 2 and decimals[1] == "0" and draw.often(0.4):
        decimals = decimals[0]
    text = f"{whole}{data['decimal']}{decimals}" if decimals else whole
    return Money(text, value, currency, exact=bool(decimals))


def _multiplied(draw: Draw, value: Decimal, currency: str) -> Money | None:
    """Write a value with a word for thousand or the like, None where none fits."""
    words = draw.language.data.get("multipliers", {})
    fitting = [w for w, factor in words.items() if value >= factor and not value * 10 % factor]
    if not fitting:
        return None
    word = draw.chance.choice(fitting)
    figure = f"{(value / words[word]).normalize():f}".replace(".", draw.language.data["decimal"])
    gap = "" if not word.isascii() or len(word) < 3 else draw.chance.choice(("", " "))
    return Money(f"{figure}{gap}{word}", value, currency, exact=True)


def draw_note(draw: Draw) -> str | None:
    """Draw a note, now and then mistyped or with an emoji."""
    note = draw.word("notes")
    if note is None:
        return None
    if draw.often(TYPO_SHARE) and len(note) >= _TYPO_LETTERS_MIN and note.isalpha():
        at = draw.chance.randrange(1, len(note) - 2)
        note = note[:at] + note[at + 1] + note[at] + note[at + 2 :]
    if draw.often(EMOJI_SHARE):
        return f"{note} {draw.chance.choice(open_language(COMMON).data['emoji'].split())}"
    return note.capitalize() if draw.often(0.25) else note


def roughen(draw: Draw, text: str) -> str:
    """Change how a whole message is typed without changing its meaning."""
    native = draw.language.data.get("digits")
    if native and draw.often(NATIVE_SHARE):
        text = text.translate({ord("0") + at: digit for at, digit in enumerate(native)})
    if draw.often(UPPER_SHARE):
        text = text.upper()
    if draw.often(POINT_SHARE) and text[-1:].isalnum() and not text[-1].isdecimal():
        text += draw.chance.choice((".", "!", "..", "!!"))
    return text
