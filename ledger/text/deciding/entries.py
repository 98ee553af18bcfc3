"""Build entries from a part of a line and the reading of its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger.money import AMOUNT_MAX, from_minor, minor_digits
from ledger.text.dates.days import with_company
from ledger.text.deciding.candidates import Interpretation
from ledger.text.lines.annotations import category_names, find_name
from ledger.text.lines.line import Amount, Day, TextLine
from ledger.text.lines.notes import build_note
from ledger.text.lines.parts import Range
from ledger.text.model import EntryKind, ParsedEntry, ReasonId, Remark
from ledger.text.numbers.numerals import LITERAL_MAX

CATEGORY_WORDS_MAX = 5


@dataclass(frozen=True, slots=True)
class Inherited:
    """The values that a part inherits from its line, its message or its command."""

    on: date | None = None
    type: EntryKind = "expense"


def build_entry(
    line: TextLine,
    part: Range,
    interpretation: Interpretation,
    inherited: Inherited,
    *,
    kind: EntryKind | None = None,
) -> ParsedEntry | ReasonId:
    """Return the entry of a part, or the reason why its amount cannot be booked."""
    amount = interpretation.amount
    currency = amount.currency or line.context.chat.currency
    minor = round(amount.value * 10 ** minor_digits(currency))  # half-even, exact
    if minor <= 0:
        return "zero"
    value = from_minor(minor, currency)
    if value > AMOUNT_MAX:
        return "limit"
    days = [day for day in line.days if part[0] <= day.start and day.end <= part[1]]
    understood = _understood(line, part, interpretation, days)
    category, tail = _category(line, part, interpretation, understood)
    understood.update(tail)
    on = interpretation.on or (days[0].on if days else None) or inherited.on
    return ParsedEntry(
        type=kind or inherited.type,
        amount=value,
        currency=currency,
        note=build_note(line, part, understood) or _name_person(line, part),
        on=on or line.context.today,
        category=category,
        tags=tuple(m.value for m in line.annotations if m.kind == "tag" and _within(m.start, part)),
        person=_person(line, part),
        remarks=(
            *_remarks(line, interpretation, days, minor, currency),
            *(() if on else _days_in_note(line, part)),
        ),
        currency_given=amount.currency is not None,
        date_given=on is not None,
    )


def _within(at: int, part: Range) -> bool:
    return part[0] <= at < part[1]


def _understood(
    line: TextLine, part: Range, interpretation: Interpretation, days: list[Day]
) -> set[int]:
    """Return the tokens that do not belong to the note; other numbers stay in it."""
    understood = set(range(interpretation.amount.start, interpretation.amount.end))
    if interpretation.instead_of:
        understood.update(range(*interpretation.instead_of))
    if interpretation.on_range:
        understood.update(range(*with_company(line, *interpretation.on_range)))
        if line.is_sign(interpretation.on_range[1], "."):
            understood.add(interpretation.on_range[1])
    for day in days:
        understood.update(range(day.start, day.end))
    understood.update(
        i for i in range(*part) if line.owners[i] in ("annotation", "separator", "day")
    )
    adding = line.role(0, "adding") if line.context.chat.spoken_to else None
    if adding and not part[0]:
        rest = (i for i in range(adding.length, part[1]) if line.owners[i] != "annotation")
        if any(line.is_word(i) for i in rest):
            understood.update(range(adding.length))  # add 12 lunch, yet not book 7 #school
    return understood


def _category(
    line: TextLine, part: Range, interpretation: Interpretation, understood: set[int]
) -> tuple[str | None, Iterable[int]]:
    """Return the category that a annotation or the entry's last words name, and the words' tokens."""
    marked = [m.value for m in line.annotations if m.kind == "category" and _within(m.start, part)]
    if marked:
        return marked[-1], ()
    names = category_names(line.context.chat.categories)
    if not names:
        return None, ()
    free = [i for i in range(*part) if i not in understood]
    if free and free[-1] - free[0] + 1 == len(free) <= CATEGORY_WORDS_MAX:
        name = find_name(line, free[0], free[-1] + 1, names)
        if name:
            return name, ()  # a name alone is the note as well
    end = part[1]
    while end > part[0] and end - 1 in understood and end > interpretation.amount.end:
        end -= 1
    for start in range(max(part[0], end - CATEGORY_WORDS_MAX), end):
        if understood.isdisjoint(range(start, end)) and (
            name := find_name(line, start, end, names)
        ):
            return name, range(start, end)
    return None, ()


def _name_person(line: TextLine, part: Range) -> str:
    """Return the person of an entry that has no other words: `@work 12`."""
    named = [a for a in line.annotations if a.kind == "person" and _within(a.start, part)]
    person = _person(line, part)
    return line.typed(named[0].start, named[0].end) if named and person else ""


def _person(line: TextLine, part: Range) -> str | None:
    """Return the first `@name` that is not the bot's own."""
    people = (m.value for m in line.annotations if m.kind == "person" and _within(m.start, part))
    addressed = line.context.chat.addressed
    return next((p for p in people if not (addressed and p.casefold().endswith("bot"))), None)


def _remarks(
    line: TextLine, interpretation: Interpretation, days: list[Day], minor: int, currency: str
) -> Iterable[Remark]:
    amount = interpretation.amount
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
    elif interpretation.on_range and interpretation.on_ambiguous:
        yield Remark("date_in_words", {"typed": line.typed(*interpretation.on_range)})


def _days_in_note(line: TextLine, part: Range) -> Iterable[Remark]:
    """Return the remark that `on the 1st` stays in the note, since the entry has another day."""
    for non_amount in line.non_amounts:
        inside = part[0] <= non_amount.start and non_amount.end <= part[1]
        word = line.role_before(non_amount.start, "with", "connecting") if inside else None
        if (
            non_amount.reason == "ordinal"
            and word
            and non_amount.end == _end_of_clause(line, non_amount.end)
        ):
            yield Remark(
                "day_in_note", {"typed": line.typed(non_amount.start - word.length, non_amount.end)}
            )


def _end_of_clause(line: TextLine, at: int) -> int:
    """Return this place where no word follows at once: `on the 1st floor` is not a day."""
    return at + 1 if line.is_word(at) and not line.owners[at] else at


def _sign_of(line: TextLine, amount: Amount) -> str:
    """Return the currency words of an amount as typed."""
    signs = [line.typed(i, i + 1) for i in range(amount.start, amount.end)]
    return " ".join(s for s in signs if not s[0].isdecimal() and s not in "+-()*/.@")
