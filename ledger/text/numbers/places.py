"""Claim numbers of places and names: `room 204`, `3号线`, `1600 Pennsylvania Avenue`."""

from __future__ import annotations

from ledger.text.lines.line import NonAmount, TextLine
from ledger.text.numbers.currency_matches import is_money
from ledger.text.vocabulary import Meaning

NAMED_MAX = 1000
"""Flats, tables and houses have lower numbers; `flat 1500` is a rent."""
CARRIER_LETTERS = (2, 3)
"""Letters of an airline (IATA, ICAO) or a kind of train."""
HOUSE_DIGITS = 5
STREET_WORDS_MAX = 4
LONG_WORD = 5
"""Letters from which on a street's word of another language is taken for that word."""


def read_named(line: TextLine, at: int) -> NonAmount | None:
    """Read a whole number behind (or before) a naming word."""
    key = line.key(at)
    if not key.isdecimal() or is_money(line, at):
        return None
    after = line.role(at + 1, "naming_after")
    if after and line.touches(at + 1):
        return NonAmount(at, at + 1 + after.length, "naming")
    start = at
    while line.is_sign(start - 1, ".:#№"):
        start -= 1
    if _is_carriers_number(line, at):
        return NonAmount(at, at + 1, "naming", soft=True)
    roles = ("naming", "naming_small") if int(key) < NAMED_MAX else ("naming",)
    before = line.fluent_before(start, *roles)
    if before is None or (line.is_sign(start, ":") and before.language):
        return None  # `table: 120` is a price
    return NonAmount(at, at + 1, "naming", soft=True)


def _is_carriers_number(line: TextLine, at: int) -> bool:
    """Return whether a carrier's letters stand between a route and its number: flight UA 1482."""
    letters = line.typed(at - 1, at) if at else ""
    code = letters.isascii() and letters.isupper() and len(letters) in CARRIER_LETTERS
    return code and line.role_before(at - 1, "route") is not None


def read_address(line: TextLine, at: int) -> NonAmount | None:
    """Read a house number before its street, or behind it."""
    key = line.key(at)
    if not key.isdecimal() or len(key) > HOUSE_DIGITS or is_money(line, at):
        return None
    return _street_behind(line, at) or _street_before(line, at)


def _street_behind(line: TextLine, at: int) -> NonAmount | None:
    """Read `1600 Pennsylvania Avenue`, `12 rue de la Paix`."""
    for ahead in range(1, STREET_WORDS_MAX + 1):
        if not line.is_word(at + ahead):
            return None
        street = line.role(at + ahead, "street_after")
        if (
            street
            and _is_fluent(line, street, at + ahead)
            and (ahead > 1 or street.language == "fr")
        ):
            return NonAmount(at, at + 1, "address", soft=True)
    return None


def _street_before(line: TextLine, at: int) -> NonAmount | None:
    """Read `Hauptstraße 12`, `via Roma 12`, `ул. Ленина, 5`."""
    suffixes = line.context.vocabulary.tables.street_suffixes
    if (
        line.is_word(at - 1)
        and line.key(at - 1).endswith(suffixes)
        and line.key(at - 1) not in suffixes
    ):
        return NonAmount(at, at + 1, "address", soft=True)
    for back in range(2, STREET_WORDS_MAX + 2):
        if line.is_sign(at - back, ".,") or (back == 2 and line.is_sign(at - 1, ",")):
            continue
        if not line.is_word(at - back):
            return None
        street = line.role(at - back, "street_before")
        if street and _is_fluent(line, street, at - back):
            return NonAmount(at, at + 1, "address", soft=True)
    return None


def _is_fluent(line: TextLine, street: Meaning, at: int) -> bool:
    """Return whether a street's word is the chat's own, or too long to be anything else."""
    return street.language == line.context.vocabulary.language or len(line.key(at)) >= LONG_WORD
