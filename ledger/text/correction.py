"""Corrections: what a reply to a confirmation changes in the entry it answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ledger.money import AMOUNT_MAX, from_minor, minor_digits
from ledger.text.deciding.choice import choose
from ledger.text.lines.annotations import category_names
from ledger.text.lines.characters import clean, fold
from ledger.text.lines.line import TextLine
from ledger.text.lines.reading import build_context, read_line
from ledger.text.model import Correction, TextContext
from ledger.text.numbers.currency_matches import currency_at

TEXT_MAX = 400
_FIELDS = ("note", "category", "merchant", "amount", "date")
_EDGES = " \t,;:=-–—.!"


def parse_correction(text: str, chat: TextContext) -> Correction | None:
    """Return the fields that a reply corrects, None if it corrects nothing.

    `53.90`, `total 53.90`, `12 usd`, `yesterday`, `it was Lidl`, `food`, `note lunch with Bo`; each
    line may correct another field.
    """
    found: Correction | None = None
    for words in clean(text[:TEXT_MAX]).splitlines():
        if not words.strip():
            continue
        part = _one(words.strip(), chat)
        if part is None:
            return None
        found = part if found is None else _joined(found, part)
    return found


def _joined(first: Correction, second: Correction) -> Correction:
    given = {
        name: value
        for name in Correction.__dataclass_fields__
        if (value := getattr(second, name)) is not None
    }
    return replace(first, **given)


def _one(words: str, chat: TextContext) -> Correction | None:
    category = _category(words, chat)
    if category:
        return Correction(category=category)
    plain = _figures(words, chat)
    if plain:
        return plain
    for field, rest in _fields(words, chat):
        if found := _by_field(field, rest, chat):
            return found
    return None


def _category(words: str, chat: TextContext) -> str | None:
    first = next((i for i, c in enumerate(words) if c.isalnum()), 0)  # behind an emoji, too
    key = " ".join(fold(words[first:].strip(_EDGES + "#[]")).split())
    return category_names(chat.categories).get(key)


def _fields(words: str, chat: TextContext) -> list[tuple[str, str]]:
    """List the fields whose name leads the words, with what follows it; longest name first."""
    vocabulary = build_context("", chat).vocabulary
    folded = fold(words)
    found: list[tuple[int, str, str]] = []
    for field in _FIELDS:
        for name in vocabulary.command_words("corrections", field):
            if not folded.startswith(name):
                continue
            rest = words[len(name) :]
            if rest[:1].isalnum() and ord(name[-1]) < 0x2E80:
                continue
            found.append((len(name), field, rest.strip().lstrip(_EDGES).strip()))
    found.sort(key=lambda item: -item[0])
    return [(field, rest) for _, field, rest in found]


def _by_field(field: str, rest: str, chat: TextContext) -> Correction | None:
    if not rest:
        return None
    if field == "note":
        return Correction(note=" ".join(rest.split()))
    category = _category(rest, chat)
    if category and field != "date":
        return Correction(category=category)
    if field == "amount":
        rest = rest.rstrip(".")  # named an amount, it is no day
    if field in ("amount", "date", "merchant") and (plain := _figures(rest, chat)):
        return plain
    if field == "merchant" and any(c.isalpha() for c in rest):
        return Correction(merchant=" ".join(rest.strip(_EDGES).split()))
    return None


def _figures(words: str, chat: TextContext) -> Correction | None:
    """Read an amount, a currency and a date where the words hold nothing else."""
    line = read_line(build_context(words, chat))
    part = (0, len(line.tokens))
    if any(
        line.is_word(i) and not line.owners[i] and not _is_filler(line, i) for i in range(*part)
    ):
        return _bare_currency(line, part)
    if any(line.is_sign(i, "?") for i in range(*part)) or line.non_amounts:
        return None
    on = _day(line)
    if not line.amounts:
        return Correction(on=on) if on else _bare_currency(line, part)
    return _figure(line, words, on) if len(line.amounts) == 1 else None


def _figure(line: TextLine, words: str, on: date | None) -> Correction | None:
    """Take the only amount of a reply, with its day if it has one."""
    (only,) = line.amounts
    if only.day and not only.currency and words.endswith("."):
        return Correction(on=only.day)  # `12.03.`, as a day is written and an amount is not
    choice = choose(line, (0, len(line.tokens)))
    if choice.interpretation is None:
        return None
    amount = choice.interpretation.amount
    currency = amount.currency or line.context.chat.currency
    minor = round(abs(amount.value) * 10 ** minor_digits(currency))
    value = from_minor(minor, currency)
    if minor <= 0 or value > AMOUNT_MAX:
        return None
    return Correction(amount=value, currency=amount.currency, on=choice.interpretation.on or on)


def _day(line: TextLine) -> date | None:
    return next((day.on for day in line.days if day.on and not day.reason), None)


def _bare_currency(line: TextLine, part: tuple[int, int]) -> Correction | None:
    """`usd`, `in euros`: a currency and nothing else."""
    currency_matches = [
        currency_at(line, i, before=False) for i in range(*part) if not _is_filler(line, i)
    ]
    if (
        len(currency_matches) == 1
        and currency_matches[0]
        and not currency_matches[0].hundredth
        and not line.amounts
    ):
        return Correction(currency=currency_matches[0].code)
    return None


def _is_filler(line: TextLine, at: int) -> bool:
    """Say whether a word says nothing beside a figure: it was, on, the, actually."""
    if line.owners[at]:
        return True
    return line.role(at, "connecting", "with", "auxiliary", "states", "of") is not None or (
        line.role(at, "plain") is not None and len(line.key(at)) <= 4
    )
