"""Entries: a part of a line and the reading of its numbers become what can be booked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger.money import AMOUNT_MAX, from_minor, minor_digits
from ledger.text.choice import Pick
from ledger.text.days import with_company
from ledger.text.line import Amount, Day, Line
from ledger.text.marks import category_names, find_name
from ledger.text.model import EntryKind, ParsedEntry, ReasonId, Remark
from ledger.text.notes import build_note
from ledger.text.numerals import LITERAL_MAX
from ledger.text.parts import Range

CATEGORY_WORDS_MAX = 5


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a part takes over from its line, its message or its command."""

    on: date | None = None
    type: EntryKind = "expense"


def build_entry(
    line: Line, part: Range, pick: Pick, inherited: Inherited, *, kind: EntryKind | None = None
) -> ParsedEntry | ReasonId:
    """Return the entry of a part, or the reason why its amount cannot be booked."""
    amount = pick.amount
    currency = amount.currency or line.scene.context.currency
    minor = round(amount.value * 10 ** minor_digits(currency))  # half-even, exact
    if minor <= 0:
        return "zero"
    value = from_minor(minor, currency)
    if value > AMOUNT_MAX:
        return "limit"
    days = [day for day in line.days if part[0] <= day.start and day.end <= part[1]]
    understood = _understood(line, part, pick, days)
    category, tail = _category(line, part, pick, understood)
    understood.update(tail)
    on = pick.on or (days[0].on if days else None) or inherited.on
    return ParsedEntry(
        type=kind or entry_type(line, part, pick, inherited),
        amount=value,
        currency=currency,
        note=build_note(line, part, understood),
        on=on or line.scene.today,
        category=category,
        tags=tuple(m.value for m in line.marks if m.kind == "tag" and _within(m.start, part)),
        person=_person(line, part),
        remarks=(
            *_remarks(line, pick, days, minor, currency),
            *(() if on else _days_in_note(line, part)),
        ),
        currency_given=amount.currency is not None,
        date_given=on is not None,
    )


def entry_type(line: Line, part: Range, pick: Pick, inherited: Inherited) -> EntryKind:
    """Return what the sign or an income word of the part makes of it."""
    if pick.amount.sign == "+" or has_income_word(line, part):
        return "income"
    return "expense" if pick.amount.sign == "-" else inherited.type


def has_income_word(line: Line, part: Range) -> bool:
    """Say whether a word of a part means that money came in."""
    suffixes = line.scene.vocabulary.tables.income_suffixes
    at = part[0]
    while at < part[1]:
        free = line.is_word(at) and line.owners[at] not in ("day", "mark")
        meaning = line.role(at, "income") if free else None
        plain = line.role(at, "plain")
        if plain and plain.length > (meaning.length if meaning else 1):
            at += plain.length  # bono metro is no bonus
            continue
        if meaning and at + meaning.length <= part[1]:
            return True
        if free and line.key(at).endswith(suffixes):
            return True
        at += 1
    return False


def _within(at: int, part: Range) -> bool:
    return part[0] <= at < part[1]


def _understood(line: Line, part: Range, pick: Pick, days: list[Day]) -> set[int]:
    """Return the tokens that do not belong to the note; other numbers stay in it."""
    understood = set(range(pick.amount.start, pick.amount.end))
    if pick.on_range:
        understood.update(range(*with_company(line, *pick.on_range)))
        if line.is_sign(pick.on_range[1], "."):
            understood.add(pick.on_range[1])
    for day in days:
        understood.update(range(day.start, day.end))
    understood.update(i for i in range(*part) if line.owners[i] in ("mark", "separator", "day"))
    return understood


def _category(
    line: Line, part: Range, pick: Pick, understood: set[int]
) -> tuple[str | None, Iterable[int]]:
    """Return the category that a mark or the entry's last words name, and the words' tokens."""
    marked = [m.value for m in line.marks if m.kind == "category" and _within(m.start, part)]
    if marked:
        return marked[-1], ()
    names = category_names(line.scene.context.categories)
    if not names:
        return None, ()
    free = [i for i in range(*part) if i not in understood]
    if free and free[-1] - free[0] + 1 == len(free) <= CATEGORY_WORDS_MAX:
        name = find_name(line, free[0], free[-1] + 1, names)
        if name:
            return name, ()  # a name alone is the note as well
    end = part[1]
    while end > part[0] and end - 1 in understood and end > pick.amount.end:
        end -= 1
    for start in range(max(part[0], end - CATEGORY_WORDS_MAX), end):
        if understood.isdisjoint(range(start, end)) and (
            name := find_name(line, start, end, names)
        ):
            return name, range(start, end)
    return None, ()


def _person(line: Line, part: Range) -> str | None:
    """Return the first `@name` that is not the bot's own."""
    people = (m.value for m in line.marks if m.kind == "person" and _within(m.start, part))
    addressed = line.scene.context.addressed
    return next((p for p in people if not (addressed and p.casefold().endswith("bot"))), None)


def _remarks(
    line: Line, pick: Pick, days: list[Day], minor: int, currency: str
) -> Iterable[Remark]:
    amount = pick.amount
    typed = line.typed(amount.start, amount.end)[:LITERAL_MAX]
    if amount.computed:
        yield Remark("computed", {"sum": typed})
    elif amount.value * 10 ** minor_digits(currency) != minor:
        yield Remark("rounded", {"typed": typed})
    if amount.guessed and amount.currency:
        yield Remark("currency_guessed", {"symbol": _sign_of(line, amount), "currency": currency})
    unsure = [day for day in days[:1] if day.ambiguous]
    if unsure:
        yield Remark("date_in_words", {"typed": line.typed(unsure[0].start, unsure[0].end)})
    elif pick.on_range and pick.on_ambiguous:
        yield Remark("date_in_words", {"typed": line.typed(*pick.on_range)})


def _days_in_note(line: Line, part: Range) -> Iterable[Remark]:
    """Say that `on the 1st` stays in the note: the day of the entry is another one."""
    for thing in line.things:
        inside = part[0] <= thing.start and thing.end <= part[1]
        word = line.role_before(thing.start, "with", "connecting") if inside else None
        if thing.reason == "ordinal" and word and thing.end == _end_of_clause(line, thing.end):
            yield Remark("day_in_note", {"typed": line.typed(thing.start - word.length, thing.end)})


def _end_of_clause(line: Line, at: int) -> int:
    """Return this place where no word follows at once: `on the 1st floor` is no day."""
    return at + 1 if line.is_word(at) and not line.owners[at] else at


def _sign_of(line: Line, amount: Amount) -> str:
    """Return the currency words of an amount as typed."""
    signs = [line.typed(i, i + 1) for i in range(amount.start, amount.end)]
    return " ".join(s for s in signs if not s[0].isdecimal() and s not in "+-()*/.@")
