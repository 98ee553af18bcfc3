"""Find commands in plain words, such as `undo`, `delete coffee 4.50` or `set budget 500`.

Each language's words are in its pack. A command is recognised only where the words cannot be an
entry, so most commands must be the whole message, or be followed by nothing but a period.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ledger.periods.period import Calendar, day_period
from ledger.text.budget_words import parse_budget
from ledger.text.dates.periods import read_period
from ledger.text.lines.characters import clean, fold, shape
from ledger.text.lines.reading import build_context, read_line
from ledger.text.model import Command, CommandKind, TextContext
from ledger.text.vocabulary import vocabulary_of

TEXT_MAX = 120
"""Characters of the longest command; what is longer tells something."""
WORDS_MAX = 6
RUN_MAX = 10
"""Characters up to which the start of a run without spaces is compared."""
_WHOLE: tuple[CommandKind, ...] = ("undo", "delete_last", "help", "categories", "settings")
_WITH_PERIOD: tuple[CommandKind, ...] = ("summary", "list", "export")
_EDGES = " \t\n.,:;!?…。！？،؟\"'()"
_SPACELESS = "\u0e00"


def find_command(text: str, chat: TextContext) -> Command | None:
    """Return the command that a message gives in plain words, None if it gives none.

    `args` are the words behind the command as typed, in the form that a slash command takes: a
    period (`last month`), a note with an amount (`coffee 4.50`), a budget (`food 400`).
    """
    if not chat.spoken_to or len(text) > TEXT_MAX:
        return None
    typed = " ".join(clean(text).split()).strip(_EDGES)
    for kind, args in _list_leads(typed):
        if kind in _WHOLE and not args:
            return Command(kind)
        if kind in _WITH_PERIOD and (not args or _is_period(args, chat)):
            return Command(kind, args)
        if kind == "delete" and args:
            return Command(kind, args)
        if kind == "budget" and _is_budget(typed, args, chat):
            return Command(kind, args)
    return _find_limit(typed, chat) or _find_question(typed, chat)


def _is_period(args: str, chat: TextContext) -> bool:
    # Whether the chat has a trip is not known here, so one word for it always names a period.
    calendar = Calendar(trips=(day_period(chat.today),))
    return read_period(args, chat.today, calendar, chat.language) is not None


def _is_budget(typed: str, args: str, chat: TextContext) -> bool:
    """Tell `set budget 500` and `budget food 400` from a note that begins with the word."""
    budget = parse_budget(args, chat) if args else None
    if budget is None:
        return not args
    marked = budget.scope.startswith(("#", "@"))
    scopes = {fold(name) for name in (*chat.categories, *chat.groups)}
    named = not budget.scope or marked or fold(budget.scope) in scopes
    several = len(typed.split()) - len(args.split()) > 1
    return (named or several) and (budget.amount is not None or budget.off)


# --- the words of all languages


@lru_cache(maxsize=1)
def _phrases() -> dict[str, CommandKind]:
    """Return every phrase that begins a command."""
    languages = vocabulary_of("en").tables.commands.get("commands", {})
    kinds: tuple[CommandKind, ...] = (*_WITH_PERIOD, "budget", "delete", *_WHOLE)
    return {
        phrase: kind
        for kind in kinds
        for words in languages.values()
        for phrase in words.get(kind, ())
    }


def _list_leads(typed: str) -> Iterator[tuple[CommandKind, str]]:
    """Give every command that the text begins with, longest first, and the words behind it."""
    phrases = _phrases()
    folded = fold(typed)
    if len(folded) != len(typed):
        folded = typed.lower() if len(typed.lower()) == len(typed) else typed
    ends = [m.start() for m in re.finditer(r"\s|\Z", folded)][:WORDS_MAX]
    if folded[:1] >= _SPACELESS:
        ends = sorted({*ends, *range(1, min(RUN_MAX, len(folded)) + 1)})
    for end in reversed(ends):
        if kind := phrases.get(folded[:end].rstrip(_EDGES)):
            yield kind, typed[end:].strip(_EDGES)


# --- a budget in a sentence

_OFTEN_AN_ADJECTIVE = "budget"
"""The noun that is in entries as well: budget airline 60, hôtel budget 60."""
_FILLERS = (
    "connecting",
    "with",
    "of",
    "article",
    "auxiliary",
    "states",
    "polite",
    "price_word",
    "small",
)


def _find_limit(typed: str, chat: TextContext) -> Command | None:
    """Read `put a limit of 200 on food`: a noun for a budget with one figure.

    A verb of setting must be there too, or the noun begins the message or has the figure next to
    it: `speed camera over the limit, 80` is an entry.
    """
    shaped = fold(shape(typed))
    noun = _pattern("limit").search(shaped) if len(shaped) == len(typed) else None
    if noun is None:
        return None
    verbs = [m.span() for m in _pattern("set").finditer(shaped)]
    verbs = [span for span in verbs if span[1] <= noun.start() or span[0] >= noun.end()]
    scope, figures = _split_figures(_blank(typed, [noun.span(), *verbs]), chat)
    if len(figures) != 1:
        return None
    behind = typed[noun.end() :].strip(_EDGES)
    led = not typed[: noun.start()].strip(_EDGES) or behind == figures[0]
    if verbs or (led and noun[0] != _OFTEN_AN_ADJECTIVE):
        return Command("budget", " ".join((*scope, *figures)))
    return None


def _blank(typed: str, spans: list[tuple[int, int]]) -> str:
    """Put spaces where the words of setting a budget were."""
    for start, end in spans:
        typed = typed[:start] + " " * (end - start) + typed[end:]
    return typed


def _split_figures(words: str, chat: TextContext) -> tuple[list[str], list[str]]:
    """Return the words that name a budget's category, and its figures, as typed."""
    line = read_line(build_context(words, chat))
    free = [i for i in range(len(line.tokens)) if line.is_word(i) and not line.owners[i]]
    scope = [line.typed(i, i + 1) for i in free if not line.role(i, *_FILLERS)]
    return scope, [line.typed(a.start, a.end) for a in line.amounts]


# --- how much did I spend?


def _find_question(typed: str, chat: TextContext) -> Command | None:
    """Read the question about a period's sum; the words that name the period are its arguments."""
    shaped = fold(shape(typed))
    asked = _pattern("how_much").search(shaped)
    spent = _pattern("spent").search(shaped) if asked else None
    if asked and not spent:
        # `how much this month?` asks for spending without saying so.
        rest = (typed[: asked.start()] + typed[asked.end() :]).strip(_EDGES)
        return Command("how_much", rest) if rest and _is_period(rest, chat) else None
    if not asked or not spent or len(shaped) != len(typed):
        return None
    first, second = sorted((asked.span(), spent.span()))
    gaps = (typed[: first[0]], typed[first[1] : second[0]], typed[second[1] :])
    args = " ".join(gap.strip(_EDGES) for gap in gaps if gap.strip(_EDGES))
    return Command("how_much", _drop_fillers(args, chat))


def _drop_fillers(args: str, chat: TextContext) -> str:
    """Leave out the words that only ask: did, I, have."""
    line = read_line(build_context(args, chat), days_only=True)
    kept = [i for i in range(len(line.tokens)) if not line.role(i, "subject", "auxiliary")]
    return " ".join(line.typed(i, i + 1) for i in kept)


@lru_cache(maxsize=4)
def _pattern(key: str) -> re.Pattern[str]:
    """Compile the phrases of a key in every language, the longest first."""
    languages = vocabulary_of("en").tables.commands.get("commands", {})
    phrases = {phrase for words in languages.values() for phrase in words.get(key, ())}
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile("|".join(_bounded(phrase) for phrase in ordered))


def _bounded(phrase: str) -> str:
    """Let words be whole; scripts without spaces, Korean and Arabic join them to others."""
    escaped = re.escape(phrase)
    return escaped if phrase[0] >= _SPACELESS else rf"(?<!\w){escaped}(?!\w)"
