"""Join lines, headings, parts and questions of a message into one `Parsed`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ledger.text.commands import find_command
from ledger.text.correction import read_typed_correction
from ledger.text.deciding.booking import (
    ENTRIES_MAX,
    WORDS_MAX,
    MessageState,
    read_part,
    settle_thousands,
    unasked,
)
from ledger.text.deciding.candidates import Interpretation
from ledger.text.deciding.entries import Inherited
from ledger.text.deciding.groups import find_group_objection, gather_evidence
from ledger.text.deciding.records import ReadMessage, find_objection
from ledger.text.deciding.smalltalk import find_smalltalk
from ledger.text.deciding.speech import gather_speech
from ledger.text.deciding.totals import settle_totals
from ledger.text.lines.characters import SPACELESS, clean
from ledger.text.lines.line import ParseContext, TextLine, cut_line
from ledger.text.lines.notes import build_note
from ledger.text.lines.parts import Range, has_words, split_parts
from ledger.text.lines.reading import build_context, read_lines
from ledger.text.model import (
    Ask,
    AskOption,
    EntryKind,
    Outcome,
    Parsed,
    ParsedEntry,
    ReasonId,
    RefusedPart,
    TextContext,
    Why,
)
from ledger.text.plain_line import read_plain_line

TEXT_MAX = 8192
"""Characters that are read; Telegram sends 4096 at most."""
NUMBERS_MAX = 250
"""Numbers of one message; what has more is a table or a trick, and is not searched for entries."""
PIECES_MAX = 1000
"""Words, numbers and signs of one message, for the same reason."""
NOTE_MAX = 100
"""Characters of a note without an amount; a longer text is not a note."""

_COMMAND = re.compile(r"\s*/([A-Za-z][\w]*)(?:@\w+)?(?:\s+|\Z)")
_NUMBER = re.compile(r"\d+")
_PIECE = re.compile(rf"[{SPACELESS}]|[^\W{SPACELESS}]+|[^\w\s]")
_ADDING = {"add": "expense", "expense": "expense", "spent": "expense", "income": "income"}


def parse_message(text: str, chat: TextContext) -> Parsed:
    """Return the meaning of a message. Pure and bounded, and nothing in it can make it raise."""
    text = clean(text[:TEXT_MAX])
    return read_plain_line(text, chat) or read_message(text, chat)


def read_message(text: str, chat: TextContext) -> Parsed:
    """Return the meaning of a cleaned message by the whole grammar."""
    kind: EntryKind = "expense"
    if match := _COMMAND.match(text):
        word = match[1].lower()
        if word not in _ADDING:
            return _close(chat, "other_command")
        kind = "income" if _ADDING[word] == "income" else "expense"
        text, chat = text[match.end() :], replace(chat, command=True)
    if not text.strip():
        return _close(chat, "no_amount" if chat.command else "empty")
    context = build_context(text, chat)
    if reason := _find_excess(context):
        return _close(chat, reason)
    lines = read_lines(context)
    return _find_other_purpose(context, lines) or _read_entries(context, lines, kind)


def _close(chat: TextContext, reason: ReasonId) -> Parsed:
    return Parsed("refused" if chat.spoken_to else "ignored", why=Why(reason))


def _find_excess(context: ParseContext) -> ReasonId | None:
    """Name why a text is not searched for entries: it has far too much of everything."""
    numbers = sum(1 for _ in _NUMBER.finditer(context.shaped))
    if numbers > NUMBERS_MAX:
        return "too_many"
    if sum(1 for _ in _PIECE.finditer(context.shaped)) > PIECES_MAX:
        return "too_many" if numbers > ENTRIES_MAX else "too_long"
    return None


def _find_other_purpose(context: ParseContext, lines: list[TextLine]) -> Parsed | None:
    """Return a message's meaning if it is a command in plain words or corrects an entry."""
    chat = context.chat
    if chat.command:
        return None
    outcome: Outcome = "refused" if chat.spoken_to else "ignored"
    if command := find_command(context.text, chat):
        return Parsed(outcome, why=Why("command"), command=command)
    if len(lines) == 1 and (correction := read_typed_correction(lines[0])):
        return Parsed(outcome, why=Why("correction"), correction=correction)
    return None


def _read_entries(context: ParseContext, lines: list[TextLine], kind: EntryKind) -> Parsed:
    numbered = any(map(str.isdecimal, context.shaped))
    if not numbered and not any(line.amounts for line in lines):
        return _close_without_amount(context)
    state = read_parts(context, lines, kind)
    return _answer(state) if context.chat.spoken_to else _record_plain_entries(state)


def read_parts(
    context: ParseContext, lines: list[TextLine], kind: EntryKind = "expense"
) -> MessageState:
    """Read every part of a message, before it is judged as a whole."""
    state = MessageState(context, lines)
    for number, line in enumerate(lines):
        _read_line(state, line, number, kind)
    _join_loose(state)
    settle_totals(state)
    settle_thousands(state)
    return state


def _close_without_amount(context: ParseContext) -> Parsed:
    """Close a message of words alone; in a private chat its note can still get an amount."""
    chat = context.chat
    # A question keeps no note, so that nobody is asked for its amount.
    if "?" in context.shaped:
        return _close(chat, "question")
    closed = _close(chat, find_smalltalk(context) or "no_amount")
    note = " ".join(context.text.split())
    nameable = closed.why == Why("no_amount") and len(note) <= NOTE_MAX
    return replace(closed, note=note) if nameable and any(map(str.isalnum, note)) else closed


# --- the two ways to take a message


def _record_plain_entries(state: MessageState) -> Parsed:
    """Record a group's words only if they are plainly about money; else stay silent.

    Where money is plain and only its amount, day or kind is open, the group is asked: silence would
    lose an expense that everybody takes for booked.
    """
    if not (state.entries or state.doubted or state.refusals):
        return Parsed("ignored", why=Why(_name_nothing(state)))
    if objection := find_group_objection(state):
        return Parsed("ignored", why=Why(objection))
    ask = state.asks[0] if state.asks else None
    refusals = (*state.refusals, *map(unasked, state.asks[1:]))
    if state.entries or ask:
        return Parsed("entries" if state.entries else "ask", tuple(state.entries), refusals, ask)
    return Parsed("refused", (), refusals, why=Why(refusals[0].reason))


def _answer(state: MessageState) -> Parsed:
    """Book what is sure, name what is not, and ask what is open."""
    chat = state.context.chat
    if len(state.entries) > ENTRIES_MAX:
        return _close(chat, "too_many")
    objection = None if chat.command else _find_private_objection(state)
    if not chat.command and _ask_about_asides(state):
        objection = "question" if objection == "question" else None
    # Refused with a button, because a sentence with an amount may still be meant as an entry.
    if objection and (state.entries or state.asks):
        return _offer(state, objection)
    ask = state.asks[0] if state.asks else None
    # One question at a time: two keyboards about one message would be answered out of order.
    refusals = (*state.refusals, *map(unasked, state.asks[1:]))
    if state.entries or ask:
        return Parsed("entries" if state.entries else "ask", tuple(state.entries), refusals, ask)
    reason = refusals[0].reason if refusals else (objection or _name_nothing(state))
    return Parsed("refused", (), refusals, _offer_refused(state), Why(reason))


def _find_private_objection(state: MessageState) -> ReasonId | None:
    if state.entries or state.asks or any("?" in line.context.shaped for line in state.lines):
        return find_objection(gather_evidence(state), state.context.chat)
    return None


def _offer(state: MessageState, objection: ReasonId) -> Parsed:
    """Refuse a question or a sentence, with a button to record it anyway."""
    options = state.asks[0].options if state.asks else ()
    if state.entries:
        options = (AskOption(tuple(state.entries[:ENTRIES_MAX])),)
    words = state.context.text.strip()[:WORDS_MAX]
    # What is owed may have been lent as well, so that is asked; a question or a story is refused.
    outcome: Outcome = "ask" if objection == "debt" else "refused"
    return Parsed(outcome, ask=Ask("record_anyway", options, words), why=Why(objection))


def _offer_refused(state: MessageState) -> Ask | None:
    """Offer to record a message whose only number looks like something else."""
    if not state.offers or len(state.refusals) > 1:
        return None
    return Ask("record_anyway", (AskOption(tuple(state.offers)),), state.refusals[0].words)


def _ask_about_asides(state: MessageState) -> bool:
    """Ask about the parts that only tell something: `paid 30 for cinema, he owes me 15`.

    Each part is judged alone, so a sentence that would be refused as a message of its own is not
    booked next to an entry either. Returns whether there were such parts next to plain ones.
    """
    if len(state.entries) < 2:
        return False
    read = list(zip(state.interpreted, state.entries, strict=True))
    kept = [pair for pair in read if not _is_aside(*pair, state.context.chat)]
    if not kept or len(kept) == len(read):
        return False
    state.interpreted = [interpreted for interpreted, _ in kept]
    state.entries = [entry for _, entry in kept]
    for interpreted, entry in read:
        if (interpreted, entry) not in kept:
            words = interpreted[0].typed(*interpreted[1])[:WORDS_MAX]
            state.asks.append(Ask("record_anyway", (AskOption((entry,)),), words))
    return True


def _is_aside(
    interpreted: tuple[TextLine, Range, Interpretation], entry: ParsedEntry, chat: TextContext
) -> bool:
    line, part, _ = interpreted
    if entry.currency_given:
        return False  # the number is plainly money
    cut = cut_line(line, part)
    shifted = ReadMessage([cut], gather_speech([cut]), [interpreted], [entry])
    return find_objection(shifted, chat) is not None


def _name_nothing(state: MessageState) -> ReasonId:
    """Name why a message without amount has none: the number that it did have."""
    for line in state.lines:
        if line.non_amounts:
            return line.non_amounts[0].reason
    for line in state.lines:
        if line.amounts and (reason := line.amounts[0].hint):
            return reason
    return "date_only" if any(line.days for line in state.lines) else "no_amount"


# --- lines and their parts


def _read_line(state: MessageState, line: TextLine, number: int, kind: EntryKind) -> None:
    line_on = _find_leading_day(state, line, number)
    if not line.amounts:
        _set_aside(state, line, (0, len(line.tokens)))
        return
    parts = split_parts(line)
    inherited = Inherited(line_on or _find_closing_day(line, parts) or state.heading, kind)
    for part in parts:
        first = read_part(state, line, part, inherited)
        if part[0] == 0 and first and first.on and _leads_line(line, first):
            inherited = replace(inherited, on=first.on)


def _find_leading_day(state: MessageState, line: TextLine, number: int) -> date | None:
    """Return the day that leads a line; alone or before a colon it also leads what follows."""
    if not line.days or any(line.is_word(i) for i in range(line.days[0].start)):
        return _read_numeric_heading(state, line, number)
    day = line.days[0]
    if line.amounts and line.amounts[0].start < day.start:
        return None
    end = day.end
    alone = all(line.is_sign(i, ".:-–") for i in range(end, len(line.tokens)))
    if day.on and day.reason is None and (alone or line.is_sign(end, ":")):
        state.heading = day.on
    return day.on if day.reason is None else None


def _find_closing_day(line: TextLine, parts: Sequence[Range]) -> date | None:
    """Return the only day of a line if it closes entries of which the last has no words."""
    if len(line.days) != 1 or len(parts) < 2 or line.days[0].reason:
        return None
    # A last part with words of its own keeps the day to itself.
    closing = line.days[0].end == len(line.tokens)
    return None if not closing or has_words(line, parts[-1]) else line.days[0].on


def _read_numeric_heading(state: MessageState, line: TextLine, number: int) -> date | None:
    """Let `12/3:`, or `12.03` on a line of its own above others, be a date."""
    if not line.amounts or line.amounts[0].start or not (first := line.amounts[0]).day:
        return None
    end = first.end + line.is_sign(first.end, ".")
    colon = line.is_sign(end, ":")
    alone = all(line.is_sign(i, ".:") for i in range(first.end, len(line.tokens)))
    more = any(later.amounts for later in state.lines[number + 1 :])
    if not (colon and not alone) and not (alone and more):
        return None
    line.amounts = line.amounts[1:]
    line.claim(0, end + colon, "day")
    state.heading = first.day
    return first.day


def _set_aside(state: MessageState, line: TextLine, whole: Range) -> None:
    """Keep a line without amount: it joins the note of the only entry, or is a heading."""
    understood = {i for i in range(*whole) if line.owners[i] in ("day", "annotation")}
    bad = next((day for day in line.days if day.reason), None)
    if bad and bad.reason:
        state.refusals.append(RefusedPart(line.typed(*whole)[:WORDS_MAX], bad.reason))
        return
    words = build_note(line, whole, understood)
    if words:
        state.loose.append((len(state.interpreted), words))


def _join_loose(state: MessageState) -> None:
    """Let lines of words join the note of the only entry; next to several they are headings."""
    # Next to several entries, or one in doubt, it is open which entry the words belong to.
    if len(state.entries) != 1 or state.refusals or state.asks:
        return
    entry = state.entries[0]
    before = [words for count, words in state.loose if count == 0]
    after = [words for count, words in state.loose if count]
    note = " ".join(part for part in (*before, entry.note, *after) if part)
    state.entries[0] = replace(entry, note=note)


def _leads_line(line: TextLine, first: Interpretation) -> bool:
    """Return whether the number that turned out to be a date is at the start of its line."""
    return first.on_range is not None and not any(line.is_word(i) for i in range(first.on_range[0]))
