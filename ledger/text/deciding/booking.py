"""Turn each part of a message into entries, a question, or a refusal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from ledger.text.deciding.candidates import Candidate, Interpretation
from ledger.text.deciding.choice import Choice, choose, list_numbers
from ledger.text.deciding.entries import Inherited, build_entry
from ledger.text.deciding.income import find_kind
from ledger.text.lines.line import ParseContext, TextLine
from ledger.text.lines.parts import Range
from ledger.text.model import (
    Ask,
    AskKind,
    AskOption,
    EntryKind,
    ParsedEntry,
    ReasonId,
    RefusedPart,
)
from ledger.text.numbers.currencies import smallest_coin

ENTRIES_MAX = 100
"""Entries of one message; more are a table, and tables are imported."""
WORDS_MAX = 200
"""Characters of a part that a refusal or a question quotes."""
THOUSAND = 1000
_KINDS: tuple[EntryKind, ...] = ("expense", "income")

Booked = tuple[TextLine, Range, Interpretation]
Reading = list[tuple[Booked, ParsedEntry]]
"""One meaning of a part: the entries that it would be."""


@dataclass(slots=True)
class MessageState:
    """Everything that has been found in a message so far."""

    context: ParseContext
    lines: list[TextLine] = field(default_factory=list)
    entries: list[ParsedEntry] = field(default_factory=list)
    interpreted: list[Booked] = field(default_factory=list)
    refusals: list[RefusedPart] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    doubted: list[Reading] = field(default_factory=list)
    """Every meaning of the parts that are asked about."""
    offers: list[ParsedEntry] = field(default_factory=list)
    """Entries of refused parts, for a button that records them after all."""
    loose: list[tuple[int, str]] = field(default_factory=list)
    """Lines of words alone: how many entries came before, and the words."""
    heading: date | None = None


def read_part(
    state: MessageState, line: TextLine, part: Range, inherited: Inherited
) -> Interpretation | None:
    """Book, ask about or refuse one part; return the first reading if it was booked."""
    words = line.typed(*part)[:WORDS_MAX]
    bad = next((d for d in line.days if d.reason and part[0] <= d.start < part[1]), None)
    if bad and bad.reason and list_numbers(line, part):
        state.refusals.append(RefusedPart(words, bad.reason))
        candidate = choose(line, part).candidate
        if candidate and (reading := list(_typed(line, candidate, inherited))):
            state.doubted.append(reading)
        return None
    choice = choose(line, part)
    if choice.reason:
        state.refusals.append(RefusedPart(words, choice.reason))
        state.offers += _built(line, choice.options, inherited)
    elif choice.ask:
        _ask(state, line, (part, choice), inherited)
    elif choice.candidate:
        for extent, interpretation in choice.candidate.entries:
            _book(state, line, (extent, interpretation), inherited)
        return choice.candidate.entries[0][1]
    return None


def _built(
    line: TextLine, options: Iterable[Candidate], inherited: Inherited
) -> Iterable[ParsedEntry]:
    for option in options:
        for extent, interpretation in option.entries:
            built = build_entry(line, extent, interpretation, inherited)
            if isinstance(built, ParsedEntry):
                yield built


def _book(
    state: MessageState,
    line: TextLine,
    read: tuple[Range, Interpretation],
    inherited: Inherited,
) -> None:
    part, interpretation = read
    words = line.typed(*part)[:WORDS_MAX]
    kind = find_kind(line, part, interpretation.amount, inherited.type)
    built = build_entry(line, part, interpretation, inherited, kind=kind)
    if not isinstance(built, ParsedEntry):
        state.refusals.append(RefusedPart(words, built))
    elif kind is None:
        options = tuple(AskOption((replace(built, type=one),)) for one in _KINDS)
        signed = interpretation.amount.sign == "-"
        state.asks.append(Ask("minus_income" if signed else "spent_or_received", options, words))
        state.doubted.append([((line, part, interpretation), built)])
    else:
        state.entries.append(built)
        state.interpreted.append((line, part, interpretation))


def _ask(
    state: MessageState, line: TextLine, asked: tuple[Range, Choice], inherited: Inherited
) -> None:
    part, choice = asked
    words = line.typed(*part)[:WORDS_MAX]
    if any(len(option.entries) > ENTRIES_MAX for option in choice.options):
        state.refusals.append(RefusedPart(words, "too_many"))
        return
    options: list[AskOption] = []
    for candidate in choice.options:
        reading = list(_typed(line, candidate, inherited))
        option = AskOption(tuple(entry for _, entry in reading))
        if reading and option not in options:
            options.append(option)
            state.doubted.append(reading)
    if options and choice.ask:
        state.asks.append(Ask(choice.ask, tuple(options), words))
    else:
        state.refusals.append(RefusedPart(words, "zero"))


def _typed(
    line: TextLine, candidate: Candidate, inherited: Inherited
) -> Iterable[tuple[Booked, ParsedEntry]]:
    for extent, interpretation in candidate.entries:
        kind = find_kind(line, extent, interpretation.amount, inherited.type)
        built = build_entry(line, extent, interpretation, inherited, kind=kind)
        if isinstance(built, ParsedEntry):
            yield (line, extent, interpretation), built


# --- sums that are typed in thousands


def settle_thousands(state: MessageState) -> None:
    """Ask about entries below the smallest coin, or multiply them where the chat said so."""
    small = [i for i, one in enumerate(state.interpreted) if _is_below_coin(one)]
    answer = state.context.chat.thousands
    if not small or answer is False:
        return
    raised = {i: _raised(state.entries[i]) for i in small}
    if answer:
        state.entries = [raised.get(i, entry) for i, entry in enumerate(state.entries)]
        return
    words = state.interpreted[small[0]][0].typed(*state.interpreted[small[0]][1])
    options = (
        AskOption(tuple(raised.values())),
        AskOption(tuple(state.entries[i] for i in small)),
    )
    state.doubted.append([(state.interpreted[i], raised[i]) for i in small])
    # Taken out here, because the question books them, one way or the other.
    drop_entries(state, set(small))
    state.asks.insert(0, Ask("thousands", options, words[:WORDS_MAX]))


def drop_entries(state: MessageState, positions: set[int]) -> None:
    """Take entries out that are asked about or are none."""
    state.entries = [e for i, e in enumerate(state.entries) if i not in positions]
    state.interpreted = [e for i, e in enumerate(state.interpreted) if i not in positions]


def _is_below_coin(booked: Booked) -> bool:
    line, _, interpretation = booked
    amount = interpretation.amount
    coin = smallest_coin(amount.currency or line.context.chat.currency)
    # Only currencies without small coins: 0.50 euro is a price, 45 rupiah is not.
    return coin >= 1 and amount.value < coin and not amount.computed


def _raised(entry: ParsedEntry) -> ParsedEntry:
    return replace(entry, amount=entry.amount * THOUSAND)


def unasked(ask: Ask) -> RefusedPart:
    """Refuse a part that would need a second question."""
    reason: dict[AskKind, ReasonId] = {"record_anyway": "sentence"}
    return RefusedPart(ask.words, reason.get(ask.kind, "ambiguous"))
