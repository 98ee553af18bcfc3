"""Read the words after /rate: `1 USD = 0.90 EUR on 12 Nov`, `USD 0.90`, `USD`, `USD off`.

Figures of a rate have as many decimals as people like, so a point or comma before three digits may
mean either; such a figure has two readings, and whoever knows the usual rate decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.rates.rules import divide
from ledger.text.correction import parse_correction
from ledger.text.lines.characters import clean, fold, shape
from ledger.text.lines.line import ParseContext
from ledger.text.lines.reading import build_context, read_line
from ledger.text.model import TextContext
from ledger.text.numbers.currencies import choose, find_code, find_sign, find_word

TEXT_MAX = 200

_NUMBER = r"(?:\d{1,3}(?:[ '’\u00a0\u202f]\d{3})+(?:[.,]\d{1,12})?|\d{1,15}(?:[.,]\d{1,12})*|[.,]\d{1,12})"
_TOKEN = re.compile(rf"(?P<number>[-−+]?{_NUMBER})(?!\d)|(?P<equals>=)|(?P<word>[^\s=\d]+)")
_SLASH = re.compile(r"(?<=[A-Za-z])/(?=[A-Za-z])")
_SEPARATORS = re.compile(r"[.,]")
_GROUP = 3


@dataclass(frozen=True, slots=True)
class RateWords:
    """A rate as it was typed: one unit of `source` is worth `values` units of `target`.

    Several values are the readings of an ambiguous figure; without any the rate is only named.
    """

    source: str
    target: str | None = None
    """None where no second currency was named; the ledger's is meant."""
    values: tuple[Decimal, ...] = ()
    on: date | None = None
    off: bool = False
    """Remove the chat's own rates."""


@dataclass(slots=True)
class _Reader:
    """The tokens of a text, taken one after the other."""

    context: ParseContext
    tokens: list[re.Match[str]]
    at: int = 0

    def take(self, kind: str) -> str | None:
        """Take the next token if it is of a kind."""
        if self.at < len(self.tokens) and self.tokens[self.at].lastgroup == kind:
            self.at += 1
            return self.tokens[self.at - 1].group()
        return None

    def take_units(self) -> str | None:
        """Take the figure behind a leading currency, where an equals sign follows: `$1 =`."""
        kinds = [token.lastgroup for token in self.tokens[self.at : self.at + 2]]
        return self.take("number") if kinds == ["number", "equals"] else None

    def take_currency(self) -> str | None:
        """Take the currency that the next one to three words name."""
        words: list[str] = []
        for token in self.tokens[self.at : self.at + 3]:
            if token.lastgroup != "word":
                break
            words.append(token.group().strip(".,;:"))
        for length in range(len(words), 0, -1):
            code = _find_currency(" ".join(words[:length]), self.context)
            if code:
                self.at += length
                return code
        return None

    def take_side(self) -> tuple[tuple[Decimal, ...], str | None] | None:
        """Take a figure and a currency, in either order; None where the figure is missing."""
        code = self.take_currency()
        number = self.take("number")
        if number is None:
            return None
        return _read_number(number), code or self.take_currency()

    def rest(self) -> str:
        """Return the text that is left."""
        if self.at >= len(self.tokens):
            return ""
        return self.context.text[self.tokens[self.at].start() :].strip()


def parse_rate(text: str, chat: TextContext) -> RateWords | None:
    """Return what the words name; None if they are not about a rate."""
    # `EUR/USD 1.11` names both currencies first.
    words = _SLASH.sub(" ", " ".join(clean(text[:TEXT_MAX]).split()))
    context = build_context(words, chat)
    reader = _Reader(context, list(_TOKEN.finditer(shape(words))))
    number = reader.take("number")
    source = reader.take_currency()
    if source is None:
        return None
    number = number or reader.take_units()
    units = _read_number(number)[0] if number else Decimal(1)
    reader.take("equals")
    rest = reader.rest()
    if not rest:
        return RateWords(source)
    if fold(rest) in context.vocabulary.command_words("budgets", "off"):
        return RateWords(source, off=True)
    side = reader.take_side()
    if side is None or not units:
        return None
    values, target = side
    rest = reader.rest()
    on = _find_day(rest, chat) if rest else None
    if rest and on is None:
        return None
    return RateWords(source, target, tuple(divide(value, units) for value in values), on)


def _find_currency(words: str, context: ParseContext) -> str | None:
    key = fold(words)
    found = find_code(key) or find_sign(words) or find_word(key)
    if found is None or found.hundredth or found.units != 1:
        return None
    conventions = context.conventions
    return choose(found, context.chat.currency, conventions.language, conventions.region)


def _find_day(words: str, chat: TextContext) -> date | None:
    line = read_line(build_context(words, chat), days_only=True)
    if len(line.days) == 1:
        return line.days[0].on
    # A day without its year or last point reads as a figure unless it must be a day.
    read = parse_correction(words if words.endswith(".") else f"{words}.", chat)
    return read.on if read else None


def _read_number(text: str) -> tuple[Decimal, ...]:
    """Return the readings of a figure: two where a separator may be a decimal point or not."""
    sign = -1 if text[0] in "-−" else 1
    digits = re.sub(r"[-−+ '’\u00a0\u202f]", "", text)
    parts = _SEPARATORS.split(digits)
    grouped = sign * Decimal("".join(parts))
    if len(parts) == 1:
        return (grouped,)
    signs = _SEPARATORS.findall(digits)
    if len(signs) > 1 and len(set(signs)) == 1:
        return (grouped,)
    exact = sign * Decimal(f"{''.join(parts[:-1]) or '0'}.{parts[-1]}")
    may_group = len(signs) == 1 and len(parts[1]) == _GROUP and parts[0].lstrip("0") == parts[0]
    return (exact, grouped) if may_group and 0 < len(parts[0]) <= _GROUP else (exact,)
