"""Messages: lines, headings, parts and questions become one `Parsed`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from ledger.text.characters import SPACELESS, clean
from ledger.text.choice import Choice, Pick, choose, stands_at_an_end
from ledger.text.entries import Inherited, build_entry, has_income_word
from ledger.text.groups import group_objection
from ledger.text.line import Line, Scene, cut_line
from ledger.text.model import (
    Ask,
    AskOption,
    EntryKind,
    Parsed,
    ParsedEntry,
    ReasonId,
    Refusal,
    TextContext,
    Why,
)
from ledger.text.notes import build_note
from ledger.text.parts import Range, own_amounts, split_parts
from ledger.text.reading import read_lines, scene_of
from ledger.text.talk import Talk, is_only_talk, listen
from ledger.text.told import courtesy, is_told_part, offers

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
class _Reading:
    """What has been found so far."""

    scene: Scene
    lines: list[Line] = field(default_factory=list)
    entries: list[ParsedEntry] = field(default_factory=list)
    picked: list[tuple[Line, Range, Pick]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    loose: list[tuple[int, str]] = field(default_factory=list)
    """Lines of words alone: how many entries came before, and the words."""
    heading: date | None = None


def parse_message(text: str, context: TextContext) -> Parsed:
    """Return what a message means. Pure and bounded: nothing in it can make it raise."""
    text = clean(text[:TEXT_MAX])
    kind: EntryKind = "expense"
    if match := _COMMAND.match(text):
        word = match[1].lower()
        if word not in _ADDING:
            return _closed(context, "other_command")
        kind = "income" if _ADDING[word] == "income" else "expense"
        text, context = text[match.end() :], replace(context, command=True)
    if not text.strip():
        return _closed(context, "no_amount" if context.command else "empty")
    scene = scene_of(text, context)
    if reason := _unreadable(scene):
        return _closed(context, reason)
    reading = _Reading(scene, read_lines(scene))
    talk = listen(reading.lines)
    if not context.spoken_to:
        return _overheard(reading, talk, kind)
    return _answered(reading, talk, kind)


def _unreadable(scene: Scene) -> ReasonId | None:
    """Name why a text need not be read: it has no digit, or far too much of everything."""
    numbers = sum(1 for _ in _NUMBER.finditer(scene.shaped))
    if not numbers:
        return "question" if "?" in scene.shaped else courtesy(scene) or "no_amount"
    if numbers > NUMBERS_MAX:
        return "too_many"
    if sum(1 for _ in _PIECE.finditer(scene.shaped)) > PIECES_MAX:
        return "too_many" if numbers > ENTRIES_MAX else "too_long"
    return None


# --- the two ways to be heard


def _overheard(reading: _Reading, talk: Talk, kind: EntryKind) -> Parsed:
    """A group that did not address the bot: all of it is plainly entries, or silence."""
    objection: ReasonId | None = "question" if talk.question else None
    if not objection:
        _read_parts(reading, kind)
        objection = "ambiguous" if reading.asks else None
    if not objection and reading.refusals:
        objection = reading.refusals[0].reason
    if not objection and not reading.entries:
        objection = _nothing(reading)
    if not objection:
        objection = group_objection(reading.lines, talk, reading.picked, reading.entries)
    if objection:
        return Parsed("ignored", why=Why(objection))
    return Parsed("entries", tuple(reading.entries))


def _answered(reading: _Reading, talk: Talk, kind: EntryKind) -> Parsed:
    """Private or addressed: book what is sure, name what is not, ask what is open."""
    _read_parts(reading, kind)
    context = reading.scene.context
    objection = None if context.command else _plain_talk(reading, talk)
    if objection and (reading.entries or reading.asks):
        return _with_offer(reading, objection)
    if not (objection or context.command):
        _ask_about_told(reading)
    entries, refusals = tuple(reading.entries), list(reading.refusals)
    ask = reading.asks[0] if reading.asks else None
    refusals += [_unasked(later) for later in reading.asks[1:]]
    if len(entries) > ENTRIES_MAX:
        return _closed(context, "too_many")
    if entries:
        return Parsed("entries", entries, tuple(refusals), ask)
    if ask:
        return Parsed("ask", (), tuple(refusals), ask)
    reason = refusals[0].reason if refusals else (objection or _nothing(reading))
    return Parsed("refused", (), tuple(refusals), None, Why(reason))


def _with_offer(reading: _Reading, objection: ReasonId) -> Parsed:
    """Refuse a question or a sentence, with a button to record it anyway."""
    options = reading.asks[0].options if reading.asks else ()
    if reading.entries:
        options = offers(reading.lines, tuple(reading.entries[:ENTRIES_MAX]))
    words = reading.scene.text.strip()[:200]
    return Parsed("refused", ask=Ask("record_anyway", options, words), why=Why(objection))


def _ask_about_told(reading: _Reading) -> None:
    """Ask about the parts that only tell something: `paid 30 for cinema, he owes me 15`.

    Each part stands alone, so what would be refused as a sentence of its own is not booked beside
    an entry either.
    """
    told = [is_told_part(line, part, pick) for line, part, pick in reading.picked]
    if not any(told) or all(told):
        return
    read = list(zip(told, reading.picked, reading.entries, strict=True))
    reading.entries = [entry for aside, _, entry in read if not aside]
    reading.picked = [picked for aside, picked, _ in read if not aside]
    for aside, (line, part, _), entry in read:
        if aside:
            options = offers([cut_line(line, part)], (entry,))
            reading.asks.append(Ask("record_anyway", options, line.typed(*part)))


def _unasked(ask: Ask) -> Refusal:
    """Refuse what would be a second question."""
    return Refusal(ask.words, "sentence" if ask.kind == "record_anyway" else "ambiguous")


def _plain_talk(reading: _Reading, talk: Talk) -> ReasonId | None:
    """Name what makes private words a question, a code or a sentence without money."""
    amounts = [pick.amount for _, _, pick in reading.picked]
    scored = any(a.hyphen for a in amounts) and (talk.subject or talk.verb)
    money = any(a.currency or a.sign or (a.exact and not scored) for a in amounts)
    if talk.question or money or talk.paid or not (reading.picked or reading.asks):
        return "question" if talk.question else None
    if scored:
        return "score"
    if any(has_income_word(line, (0, len(line.tokens))) for line in reading.lines):
        return None
    long = any(a.plain and a.plain >= 10 ** (CODE_DIGITS - 1) for a in amounts)
    if "code" in talk.roles and long:
        return "code"
    return "sentence" if _is_told(reading, talk) else None


def _is_told(reading: _Reading, talk: Talk) -> bool:
    """Say whether somebody tells something, with a number in passing."""
    if "states" in talk.roles or (talk.subject and (talk.verb or talk.helping)):
        return True
    for line, part, pick in reading.picked:
        if talk.subject and is_only_talk(line, *part):
            return True
        verbs = [at for said, at in talk.verbs if said is line]
        inside = not stands_at_an_end(line, part, pick.amount)
        if inside and any(at in (0, pick.amount.end, len(line.tokens) - 1) for at in verbs):
            return True  # bring 2 chairs, bus 42 is late, 2 sandalye getir
    return False


def _nothing(reading: _Reading) -> ReasonId:
    """Name why a message without amount has none: the number that it did have."""
    for line in reading.lines:
        if line.things:
            return line.things[0].reason
    for line in reading.lines:
        if line.amounts and (reason := line.amounts[0].soft_reason):
            return reason
    return "date_only" if any(line.days for line in reading.lines) else "no_amount"


def _closed(context: TextContext, reason: ReasonId) -> Parsed:
    spoken = context.spoken_to
    return Parsed("refused" if spoken else "ignored", why=Why(reason))


# --- lines and their parts


def _read_parts(reading: _Reading, kind: EntryKind) -> None:
    for number, line in enumerate(reading.lines):
        line_on = _leading_day(reading, line, number)
        whole = (0, len(line.tokens))
        if not line.amounts:
            _set_aside(reading, line, whole)
            continue
        inherited = Inherited(line_on or reading.heading, kind)
        for part in split_parts(line):
            pick = _read_part(reading, line, part, inherited)
            if part[0] == 0 and pick and pick.on and _leads_line(line, pick):
                inherited = replace(inherited, on=pick.on)
    _join_loose(reading)


def _leading_day(reading: _Reading, line: Line, number: int) -> date | None:
    """Return the day that leads a line; alone or before a colon it also leads what follows."""
    if not line.days or any(line.is_word(i) for i in range(line.days[0].start)):
        return _numeric_heading(reading, line, number)
    day = line.days[0]
    if line.amounts and line.amounts[0].start < day.start:
        return None
    end = day.end
    alone = all(line.is_sign(i, ".:-–") for i in range(end, len(line.tokens)))
    if day.on and day.reason is None and (alone or line.is_sign(end, ":")):
        reading.heading = day.on
    return day.on if day.reason is None else None


def _numeric_heading(reading: _Reading, line: Line, number: int) -> date | None:
    """Let `12/3:`, or `12.03.` on a line of its own before others, be a date."""
    if len(line.amounts) == 0 or line.amounts[0].start or not (first := line.amounts[0]).day:
        return None
    end = first.end + line.is_sign(first.end, ".")
    colon = line.is_sign(end, ":")
    alone = all(line.is_sign(i, ".:") for i in range(first.end, len(line.tokens)))
    more = any(later.amounts for later in reading.lines[number + 1 :])
    if not (colon and not alone) and not (alone and more and (first.slash or first.padded)):
        return None
    line.amounts = line.amounts[1:]
    line.claim(0, end + colon, "day")
    reading.heading = first.day
    return first.day


def _set_aside(reading: _Reading, line: Line, whole: Range) -> None:
    """Keep a line without amount: it joins the note of the only entry, or is a heading."""
    understood = {i for i in range(*whole) if line.owners[i] in ("day", "mark")}
    bad = next((day for day in line.days if day.reason), None)
    if bad and bad.reason:
        reading.refusals.append(Refusal(line.typed(*whole), bad.reason))
        return
    words = build_note(line, whole, understood)
    if words:
        reading.loose.append((len(reading.picked), words))


def _join_loose(reading: _Reading) -> None:
    """Let lines of words join the note of the only entry; beside several they are headings."""
    if len(reading.entries) != 1 or reading.refusals or reading.asks:
        return
    entry = reading.entries[0]
    before = [words for count, words in reading.loose if count == 0]
    after = [words for count, words in reading.loose if count]
    note = " ".join(part for part in (*before, entry.note, *after) if part)
    reading.entries[0] = replace(entry, note=note)


def _leads_line(line: Line, pick: Pick) -> bool:
    """Say whether the number that turned out to be a date stands at the start of its line."""
    return pick.on_range is not None and not any(line.is_word(i) for i in range(pick.on_range[0]))


def _read_part(reading: _Reading, line: Line, part: Range, inherited: Inherited) -> Pick | None:
    """Book, ask or refuse one part; return the reading if it was sure."""
    words = line.typed(*part)
    bad = next((d for d in line.days if d.reason and part[0] <= d.start < part[1]), None)
    if bad and bad.reason and own_amounts(line, part):
        reading.refusals.append(Refusal(words, bad.reason))
        return None
    choice = choose(line, part)
    if choice.reason:
        reading.refusals.append(Refusal(words, choice.reason))
    elif choice.ask:
        _ask(reading, line, part, choice, inherited)
    elif choice.pick:
        _book(reading, line, part, choice.pick, inherited)
    return choice.pick


def _book(reading: _Reading, line: Line, part: Range, pick: Pick, inherited: Inherited) -> None:
    words = line.typed(*part)
    if pick.amount.sign == "-" and has_income_word(line, part):
        kinds: tuple[EntryKind, ...] = ("income", "expense")
        readings = [build_entry(line, part, pick, inherited, kind=kind) for kind in kinds]
        options = [AskOption((r,)) for r in readings if isinstance(r, ParsedEntry)]
        if options:
            reading.asks.append(Ask("minus_income", tuple(options), words))
            return
    built = build_entry(line, part, pick, inherited)
    if isinstance(built, ParsedEntry):
        reading.entries.append(built)
        reading.picked.append((line, part, pick))
    else:
        reading.refusals.append(Refusal(words, built))


def _ask(reading: _Reading, line: Line, part: Range, choice: Choice, inherited: Inherited) -> None:
    words = line.typed(*part)
    options: list[AskOption] = []
    if choice.ask == "one_or_several":
        if len(choice.picks) > ENTRIES_MAX:
            reading.refusals.append(Refusal(words[:200], "too_many"))
            return
        several = _several(line, part, choice, inherited)
        if several:
            options.append(AskOption(several))
    for pick in choice.picks[:8]:
        built = build_entry(line, part, pick, inherited)
        if isinstance(built, ParsedEntry):
            options.append(AskOption((built,)))
    if options and choice.ask:
        reading.asks.append(Ask(choice.ask, tuple(options), words))
    else:
        reading.refusals.append(Refusal(words, "zero"))


def _several(
    line: Line, part: Range, choice: Choice, inherited: Inherited
) -> tuple[ParsedEntry, ...]:
    """Return the entries that `lunch 15 taxi 8` holds if each number has its own."""
    entries: list[ParsedEntry] = []
    start = part[0]
    for i, pick in enumerate(choice.picks):
        end = part[1] if i + 1 == len(choice.picks) else pick.amount.end
        built = build_entry(line, (start, end), pick, inherited)
        if isinstance(built, ParsedEntry):
            entries.append(built)
        start = end
    return tuple(entries)
