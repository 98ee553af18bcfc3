"""Messages: lines, headings, parts and questions become one `Parsed`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from ledger.text.deciding.choice import Choice, Interpretation, choose, stands_at_an_end
from ledger.text.deciding.entries import Inherited, build_entry, has_income_word
from ledger.text.deciding.groups import group_objection
from ledger.text.deciding.narrative import is_narrative_part, offers, smalltalk
from ledger.text.deciding.speech import Speech, gather_speech, is_only_speech
from ledger.text.lines.characters import SPACELESS, clean
from ledger.text.lines.line import ParseContext, TextLine, cut_line
from ledger.text.lines.notes import build_note
from ledger.text.lines.parts import Range, own_amounts, split_parts
from ledger.text.lines.reading import build_context, read_lines
from ledger.text.model import (
    Ask,
    AskOption,
    EntryKind,
    Parsed,
    ParsedEntry,
    ReasonId,
    RefusedPart,
    TextContext,
    Why,
)

ENTRIES_MAX = 100
"""Entries of one message; more are a table, and tables are imported."""
TEXT_MAX = 8192
"""Characters that are read; Telegram sends 4096 at most."""
NUMBERS_MAX = 250
"""Numbers of one message; what has more is a table or a trick, and is not searched for entries."""
PIECES_MAX = 1000
"""Words, numbers and signs of one message, for the same reason."""
CODE_DIGITS = 4

_COMMAND = re.compile(r"\s*/([A-Za-z][\w]*)(?:@\w+)?(?:\s+|\Z)")
_NUMBER = re.compile(r"\d+")
_PIECE = re.compile(rf"[{SPACELESS}]|[^\W{SPACELESS}]+|[^\w\s]")
_ADDING = {"add": "expense", "expense": "expense", "spent": "expense", "income": "income"}


@dataclass(slots=True)
class _MessageState:
    """What has been found so far."""

    context: ParseContext
    lines: list[TextLine] = field(default_factory=list)
    entries: list[ParsedEntry] = field(default_factory=list)
    interpreted: list[tuple[TextLine, Range, Interpretation]] = field(default_factory=list)
    refusals: list[RefusedPart] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    loose: list[tuple[int, str]] = field(default_factory=list)
    """Lines of words alone: how many entries came before, and the words."""
    heading: date | None = None


def parse_message(text: str, chat: TextContext) -> Parsed:
    """Return what a message means. Pure and bounded: nothing in it can make it raise."""
    text = clean(text[:TEXT_MAX])
    kind: EntryKind = "expense"
    if match := _COMMAND.match(text):
        word = match[1].lower()
        if word not in _ADDING:
            return _closed(chat, "other_command")
        kind = "income" if _ADDING[word] == "income" else "expense"
        text, chat = text[match.end() :], replace(chat, command=True)
    if not text.strip():
        return _closed(chat, "no_amount" if chat.command else "empty")
    context = build_context(text, chat)
    if reason := _unreadable(context):
        return _closed(chat, reason)
    state = _MessageState(context, read_lines(context))
    speech = gather_speech(state.lines)
    if not chat.spoken_to:
        return _overheard(state, speech, kind)
    return _answered(state, speech, kind)


def _unreadable(context: ParseContext) -> ReasonId | None:
    """Name why a text need not be read: it has no digit, or far too much of everything."""
    numbers = sum(1 for _ in _NUMBER.finditer(context.shaped))
    if not numbers:
        return "question" if "?" in context.shaped else smalltalk(context) or "no_amount"
    if numbers > NUMBERS_MAX:
        return "too_many"
    if sum(1 for _ in _PIECE.finditer(context.shaped)) > PIECES_MAX:
        return "too_many" if numbers > ENTRIES_MAX else "too_long"
    return None


# --- the two ways to be heard


def _overheard(state: _MessageState, speech: Speech, kind: EntryKind) -> Parsed:
    """A group that did not address the bot: all of it is plainly entries, or silence."""
    objection: ReasonId | None = "question" if speech.question else None
    if not objection:
        _read_parts(state, kind)
        objection = "ambiguous" if state.asks else None
    if not objection and state.refusals:
        objection = state.refusals[0].reason
    if not objection and not state.entries:
        objection = _nothing(state)
    if not objection:
        objection = group_objection(state.lines, speech, state.interpreted, state.entries)
    if objection:
        return Parsed("ignored", why=Why(objection))
    return Parsed("entries", tuple(state.entries))


def _answered(state: _MessageState, speech: Speech, kind: EntryKind) -> Parsed:
    """Private or addressed: book what is sure, name what is not, ask what is open."""
    _read_parts(state, kind)
    chat = state.context.chat
    objection = None if chat.command else _speech_objection(state, speech)
    if objection and (state.entries or state.asks):
        return _with_offer(state, objection)
    if not (objection or chat.command):
        _ask_about_narrative(state)
    entries, refusals = tuple(state.entries), list(state.refusals)
    ask = state.asks[0] if state.asks else None
    refusals += [_unasked(later) for later in state.asks[1:]]
    if len(entries) > ENTRIES_MAX:
        return _closed(chat, "too_many")
    if entries:
        return Parsed("entries", entries, tuple(refusals), ask)
    if ask:
        return Parsed("ask", (), tuple(refusals), ask)
    reason = refusals[0].reason if refusals else (objection or _nothing(state))
    return Parsed("refused", (), tuple(refusals), None, Why(reason))


def _with_offer(state: _MessageState, objection: ReasonId) -> Parsed:
    """Refuse a question or a sentence, with a button to record it anyway."""
    options = state.asks[0].options if state.asks else ()
    if state.entries:
        options = offers(state.lines, tuple(state.entries[:ENTRIES_MAX]))
    words = state.context.text.strip()[:200]
    return Parsed("refused", ask=Ask("record_anyway", options, words), why=Why(objection))


def _ask_about_narrative(state: _MessageState) -> None:
    """Ask about the parts that only tell something: `paid 30 for cinema, he owes me 15`.

    Each part stands alone, so what would be refused as a sentence of its own is not booked beside
    an entry either.
    """
    narrative = [
        is_narrative_part(line, part, interpretation)
        for line, part, interpretation in state.interpreted
    ]
    if not any(narrative) or all(narrative):
        return
    read = list(zip(narrative, state.interpreted, state.entries, strict=True))
    state.entries = [entry for aside, _, entry in read if not aside]
    state.interpreted = [interpreted for aside, interpreted, _ in read if not aside]
    for aside, (line, part, _), entry in read:
        if aside:
            options = offers([cut_line(line, part)], (entry,))
            state.asks.append(Ask("record_anyway", options, line.typed(*part)))


def _unasked(ask: Ask) -> RefusedPart:
    """Refuse what would be a second question."""
    return RefusedPart(ask.words, "sentence" if ask.kind == "record_anyway" else "ambiguous")


def _speech_objection(state: _MessageState, speech: Speech) -> ReasonId | None:
    """Name what makes private words a question, a code or a sentence without money."""
    amounts = [interpretation.amount for _, _, interpretation in state.interpreted]
    scored = any(a.hyphen for a in amounts) and (speech.subject or speech.verb)
    money = any(a.currency or a.sign or (a.exact and not scored) for a in amounts)
    if speech.question or money or speech.paid or not (state.interpreted or state.asks):
        return "question" if speech.question else None
    if scored:
        return "score"
    if any(has_income_word(line, (0, len(line.tokens))) for line in state.lines):
        return None
    long = any(a.plain and a.plain >= 10 ** (CODE_DIGITS - 1) for a in amounts)
    if "code" in speech.roles and long:
        return "code"
    return "sentence" if _is_narrative(state, speech) else None


def _is_narrative(state: _MessageState, speech: Speech) -> bool:
    """Say whether somebody tells something, with a number in passing."""
    if "states" in speech.roles or (speech.subject and (speech.verb or speech.helping)):
        return True
    for line, part, interpretation in state.interpreted:
        if speech.subject and is_only_speech(line, *part):
            return True
        verbs = [at for said, at in speech.verbs if said is line]
        inside = not stands_at_an_end(line, part, interpretation.amount)
        if inside and any(
            at in (0, interpretation.amount.end, len(line.tokens) - 1) for at in verbs
        ):
            return True  # bring 2 chairs, bus 42 is late, 2 sandalye getir
    return False


def _nothing(state: _MessageState) -> ReasonId:
    """Name why a message without amount has none: the number that it did have."""
    for line in state.lines:
        if line.non_amounts:
            return line.non_amounts[0].reason
    for line in state.lines:
        if line.amounts and (reason := line.amounts[0].soft_reason):
            return reason
    return "date_only" if any(line.days for line in state.lines) else "no_amount"


def _closed(chat: TextContext, reason: ReasonId) -> Parsed:
    spoken = chat.spoken_to
    return Parsed("refused" if spoken else "ignored", why=Why(reason))


# --- lines and their parts


def _read_parts(state: _MessageState, kind: EntryKind) -> None:
    for number, line in enumerate(state.lines):
        line_on = _leading_day(state, line, number)
        whole = (0, len(line.tokens))
        if not line.amounts:
            _set_aside(state, line, whole)
            continue
        inherited = Inherited(line_on or state.heading, kind)
        for part in split_parts(line):
            interpretation = _read_part(state, line, part, inherited)
            if (
                part[0] == 0
                and interpretation
                and interpretation.on
                and _leads_line(line, interpretation)
            ):
                inherited = replace(inherited, on=interpretation.on)
    _join_loose(state)


def _leading_day(state: _MessageState, line: TextLine, number: int) -> date | None:
    """Return the day that leads a line; alone or before a colon it also leads what follows."""
    if not line.days or any(line.is_word(i) for i in range(line.days[0].start)):
        return _numeric_heading(state, line, number)
    day = line.days[0]
    if line.amounts and line.amounts[0].start < day.start:
        return None
    end = day.end
    alone = all(line.is_sign(i, ".:-–") for i in range(end, len(line.tokens)))
    if day.on and day.reason is None and (alone or line.is_sign(end, ":")):
        state.heading = day.on
    return day.on if day.reason is None else None


def _numeric_heading(state: _MessageState, line: TextLine, number: int) -> date | None:
    """Let `12/3:`, or `12.03.` on a line of its own before others, be a date."""
    if len(line.amounts) == 0 or line.amounts[0].start or not (first := line.amounts[0]).day:
        return None
    end = first.end + line.is_sign(first.end, ".")
    colon = line.is_sign(end, ":")
    alone = all(line.is_sign(i, ".:") for i in range(first.end, len(line.tokens)))
    more = any(later.amounts for later in state.lines[number + 1 :])
    if not (colon and not alone) and not (alone and more and (first.slash or first.padded)):
        return None
    line.amounts = line.amounts[1:]
    line.claim(0, end + colon, "day")
    state.heading = first.day
    return first.day


def _set_aside(state: _MessageState, line: TextLine, whole: Range) -> None:
    """Keep a line without amount: it joins the note of the only entry, or is a heading."""
    understood = {i for i in range(*whole) if line.owners[i] in ("day", "annotation")}
    bad = next((day for day in line.days if day.reason), None)
    if bad and bad.reason:
        state.refusals.append(RefusedPart(line.typed(*whole), bad.reason))
        return
    words = build_note(line, whole, understood)
    if words:
        state.loose.append((len(state.interpreted), words))


def _join_loose(state: _MessageState) -> None:
    """Let lines of words join the note of the only entry; beside several they are headings."""
    if len(state.entries) != 1 or state.refusals or state.asks:
        return
    entry = state.entries[0]
    before = [words for count, words in state.loose if count == 0]
    after = [words for count, words in state.loose if count]
    note = " ".join(part for part in (*before, entry.note, *after) if part)
    state.entries[0] = replace(entry, note=note)


def _leads_line(line: TextLine, interpretation: Interpretation) -> bool:
    """Say whether the number that turned out to be a date stands at the start of its line."""
    return interpretation.on_range is not None and not any(
        line.is_word(i) for i in range(interpretation.on_range[0])
    )


def _read_part(
    state: _MessageState, line: TextLine, part: Range, inherited: Inherited
) -> Interpretation | None:
    """Book, ask or refuse one part; return the state if it was sure."""
    words = line.typed(*part)
    bad = next((d for d in line.days if d.reason and part[0] <= d.start < part[1]), None)
    if bad and bad.reason and own_amounts(line, part):
        state.refusals.append(RefusedPart(words, bad.reason))
        return None
    choice = choose(line, part)
    if choice.reason:
        state.refusals.append(RefusedPart(words, choice.reason))
    elif choice.ask:
        _ask(state, line, part, choice, inherited)
    elif choice.interpretation:
        _book(state, line, part, choice.interpretation, inherited)
    return choice.interpretation


def _book(
    state: _MessageState,
    line: TextLine,
    part: Range,
    interpretation: Interpretation,
    inherited: Inherited,
) -> None:
    words = line.typed(*part)
    if interpretation.amount.sign == "-" and has_income_word(line, part):
        kinds: tuple[EntryKind, ...] = ("income", "expense")
        readings = [build_entry(line, part, interpretation, inherited, kind=kind) for kind in kinds]
        options = [AskOption((r,)) for r in readings if isinstance(r, ParsedEntry)]
        if options:
            state.asks.append(Ask("minus_income", tuple(options), words))
            return
    built = build_entry(line, part, interpretation, inherited)
    if isinstance(built, ParsedEntry):
        state.entries.append(built)
        state.interpreted.append((line, part, interpretation))
    else:
        state.refusals.append(RefusedPart(words, built))


def _ask(
    state: _MessageState, line: TextLine, part: Range, choice: Choice, inherited: Inherited
) -> None:
    words = line.typed(*part)
    options: list[AskOption] = []
    if choice.ask == "one_or_several":
        if len(choice.interpretations) > ENTRIES_MAX:
            state.refusals.append(RefusedPart(words[:200], "too_many"))
            return
        several = _several(line, part, choice, inherited)
        if several:
            options.append(AskOption(several))
    for interpretation in choice.interpretations[:8]:
        built = build_entry(line, part, interpretation, inherited)
        if isinstance(built, ParsedEntry):
            options.append(AskOption((built,)))
    if options and choice.ask:
        state.asks.append(Ask(choice.ask, tuple(options), words))
    else:
        state.refusals.append(RefusedPart(words, "zero"))


def _several(
    line: TextLine, part: Range, choice: Choice, inherited: Inherited
) -> tuple[ParsedEntry, ...]:
    """Return the entries that `lunch 15 taxi 8` holds if each number has its own."""
    entries: list[ParsedEntry] = []
    start = part[0]
    for i, interpretation in enumerate(choice.interpretations):
        end = part[1] if i + 1 == len(choice.interpretations) else interpretation.amount.end
        built = build_entry(line, (start, end), interpretation, inherited)
        if isinstance(built, ParsedEntry):
            entries.append(built)
        start = end
    return tuple(entries)
