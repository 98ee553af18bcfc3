"""Decide whether a message records money, by evidence over all its lines.

A group's words are recorded only where something shows that they are about money that was paid, and
where the evidence against it is small. In a private chat money is expected, so there the evidence
has to show that it is not meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ledger.money import minor_digits
from ledger.text.deciding.candidates import Interpretation, is_note_word
from ledger.text.deciding.evidence import CODE_LETTERS, is_end, is_start, is_year
from ledger.text.deciding.income import has_income_word
from ledger.text.deciding.speech import Speech, is_only_speech
from ledger.text.deciding.weights import estimate, margin
from ledger.text.lines.characters import fold
from ledger.text.lines.line import Amount, TextLine
from ledger.text.lines.parts import Range
from ledger.text.model import ParsedEntry, ReasonId, TextContext
from ledger.text.numbers.clock import HOURS, MINUTES
from ledger.text.numbers.currencies import smallest_coin

WORDS_MAX = 6
WORDS_MAX_WITH_CURRENCY = 10
POLL_MAX = 20
"""`+1` to `+20` without a currency answer a poll."""
NARRATIVE_WORDS = 2
CODE_DIGITS = 4
NAMED_MIN = 2
"""Seats, gates and times next to one bare number that make it a train's or a flight's."""
_NAMED = ("naming", "time", "glued")
ROUTES_MAX = 1000
SMALL_UNIT = 10
"""Smallest coin from which on people count in thousands."""
SMALL = 20
_SYMBOLS = 0x2000
"""Code point from which on symbols such as emojis begin: they are a note too."""


@dataclass(slots=True)
class ReadMessage:
    """One read message with its lines, its entries, and the evidence in its words."""

    lines: Sequence[TextLine]
    speech: Speech
    interpreted: Sequence[tuple[TextLine, Range, Interpretation]]
    entries: Sequence[ParsedEntry]
    amounts: Sequence[Amount] = field(default_factory=list)

    def __post_init__(self) -> None:
        """List the amounts of the entries."""
        self.amounts = [one.amount for _, _, one in self.interpreted]


def find_objection(message: ReadMessage, chat: TextContext) -> ReasonId | None:
    """Return why a message is not recorded, None if it is."""
    features = describe_message(message)
    if chat.spoken_to and (features["debt"] or features["paying denied"]):
        return "question" if features["question"] else "debt"
    if chat.spoken_to and any(features[name] for name in _NO_MONEY):
        return "sentence" if features["nothing but a verb"] else "quantity"
    if chat.spoken_to:
        recorded = estimate("private", features) >= margin("private")
    else:
        recorded = _is_group_record(message, features, chat)
    return None if recorded else _name_objection(features)


def _is_group_record(message: ReadMessage, features: Counter[str], chat: TextContext) -> bool:
    """Return whether a group's words are recorded: something shows money, and little opposes it."""
    if any(features[name] for name in _NEVER):
        return False
    if features["rate"] and not features["verb of paying"]:
        return False  # a currency's price is told: the dollar became 110 thousand
    # The categoriser costs more than the whole grammar, so it is asked last and only if it matters.
    if estimate("group", features | Counter(dict.fromkeys(_OF_CHAT, 1))) < margin("group"):
        return False
    features = features | describe_past(message, chat)
    shown = any(features[name] for name in _SHOWS)
    return shown and estimate("group", features) >= margin("group")


_NO_MONEY = ("recipe", "nothing but a verb", "counts a measure")
"""Evidence that a message to the bot does not outweigh: it is recorded by a button only."""
_NEVER = ("question", "code", "link", "has phone", "has score", "score", "vote")
"""Evidence that keeps a group's message from being recorded, whatever else is in it."""
_OF_CHAT = ("known note", "booked before")


def describe_past(message: ReadMessage, chat: TextContext) -> Counter[str]:
    """Name the evidence of a chat's past and of a categoriser about a message's notes."""
    notes = [entry.note for entry in message.entries if entry.note]
    folded = [fold(note) for note in notes]
    checks = {
        "booked before": any(note in chat.known_words for note in folded),
        "deleted before": any(note in chat.rejected_words for note in folded),
        "known note": any(map(chat.is_known_note, notes)),
    }
    return Counter({name: 1 for name, is_so in checks.items() if is_so})


def describe_message(message: ReadMessage) -> Counter[str]:
    """Name the evidence for and against a message's being a record."""
    checks = {
        **_money(message),
        **_speech(message.speech),
        **_others(message),
        **_narrative(message),
    }
    found = {name for name, is_so in checks.items() if is_so}
    if "some currency" in found:
        # A sentence about money is another thing than a sentence with a number in passing.
        found = {f"{name} next to money" if name in _SENTENCE else name for name in found}
    for (line, part, one), entry in zip(message.interpreted, message.entries, strict=True):
        details = {**_number(line, part, one), **_note(entry, one.amount)}
        details["article leads"] = _leads_with_article(line, part, entry)
        details["inside"] &= not message.speech.paid
        found |= {name for name, is_so in details.items() if is_so}
    return Counter(dict.fromkeys(found, 1))


_SENTENCE = frozenset(
    [
        *("states", "verb", "subject", "helping verb", "subject and verb"),
        *("verb at an edge", "nothing but a subject"),
    ]
)
_SHOWS = (
    "some currency",
    "decimals of money",
    "verb of paying",
    "income word",
    "known note",
    "booked before",
    "thousands of a small unit",
)
"""Evidence without which a group's message is not recorded."""


def _money(message: ReadMessage) -> dict[str, bool]:
    """Name what shows that a message is about money."""
    amounts = message.amounts
    whole = [((0, len(line.tokens)), line) for line in message.lines]
    return {
        "currency": bool(amounts) and all(a.currency for a in amounts),
        "some currency": any(a.currency for a in amounts),
        "decimals of money": any(map(_has_cents, message.interpreted)),
        "multiplier": any(map(_is_multiplied, amounts)),
        "thousands of a small unit": any(map(_is_multiplied, amounts)) and _is_small(message),
        "sign": any(a.sign for a in amounts),
        "verb of paying": message.speech.paid,
        "income word": any(has_income_word(line, part) for part, line in whole),
        "several entries": len(amounts) > 1,
        "plain list without signs": _is_plain_list(message),
    }


def _is_plain_list(message: ReadMessage) -> bool:
    """Return whether whole numbers follow each other as in a score: `madrid 3 barça 1`."""
    pairs = pairwise(message.interpreted)
    tight = any(one[0] is two[0] and one[1][1] == two[1][0] for one, two in pairs)
    return tight and all(amount.plain is not None for amount in message.amounts)


def _is_multiplied(amount: Amount) -> bool:
    return amount.exact and amount.decimals is None and not amount.computed


def _is_small(message: ReadMessage) -> bool:
    """Return whether people of this chat count their money in thousands."""
    return smallest_coin(message.lines[0].context.chat.currency) >= SMALL_UNIT


def _has_cents(interpreted: tuple[TextLine, Range, Interpretation]) -> bool:
    line, _, one = interpreted
    digits = minor_digits(line.context.chat.currency)
    return bool(one.amount.decimals) and one.amount.decimals == digits


def _speech(speech: Speech) -> dict[str, bool]:
    """Name the evidence in words that are not about money."""
    said = {name: name in speech.roles for name in _SAID}
    return said | {
        "link": speech.link,
        "verb": speech.verb,
        "subject": speech.subject,
        "helping verb": speech.helping,
        "subject and verb": speech.subject and (speech.verb or speech.helping),
        "paying denied": speech.paid and "negation" in speech.roles,
    }


_SAID = (
    *("question", "code", "polite", "plan", "price", "states"),
    *("hedge", "measure", "rate", "debt", "negation"),
)


def _others(message: ReadMessage) -> dict[str, bool]:
    """Name the numbers of a message that are something else."""
    reasons = {n.reason for line in message.lines for n in line.non_amounts}
    checks = {f"has {r}": r in reasons for r in ("phone", "score", "percent", "time", "link")}
    checks["has quantity"] = "quantity" in reasons
    return checks


def _narrative(message: ReadMessage) -> dict[str, bool]:
    """Name what makes a message tell something with a number in passing."""
    edge = only = bare_verb = False
    for line, part, one in message.interpreted:
        only |= message.speech.subject and is_only_speech(line, *part)
        bare_verb |= one.amount.plain is not None and _is_only_verb(message, line, part)
        verbs = [at for said, at in message.speech.verbs if said is line]
        last = len(line.tokens) - 1
        inside = not is_end(line, part, one.amount)
        edge |= inside and any(at in (0, one.amount.end, last) for at in verbs)
    named = sum(n.reason in _NAMED for line in message.lines for n in line.non_amounts)
    named += sum(a.hint in _NAMED for line in message.lines for a in line.amounts)
    # Money is not written like 38.5 and 101.3, but with two decimals or none.
    bare_decimals = any(
        one.amount.currency is None and one.amount.decimals == 1
        for _, _, one in message.interpreted
    )
    bare = all(a.plain is not None and not a.hint for a in message.amounts)
    long = any(a.plain and a.plain >= 10 ** (CODE_DIGITS - 1) for a in message.amounts)
    return {
        "verb at an edge": edge,
        "nothing but a subject": only,
        "nothing but a verb": bare_verb,
        "measured": "measure" in message.speech.roles and bare_decimals,
        "several named": named >= NAMED_MIN and bare and len(message.amounts) == 1,
        "code and digits": "code" in message.speech.roles and long,
    }


def _number(line: TextLine, part: Range, one: Interpretation) -> dict[str, bool]:
    """Name what a number looks like besides an amount."""
    amount = one.amount
    bare = amount.currency is None
    whole = bare and amount.decimals is None and not amount.computed
    return {
        "like a year": bare and (amount.hint == "year" or is_year(amount)),
        "like an hour": _is_hour(line, amount),
        "soon": bool(line.fluent_before(amount.start, "soon_before")) and _is_minutes(amount),
        "price told": not amount.computed
        and line.role_before(amount.start, "price_word") is not None,
        "vote": whole and amount.sign == "+" and amount.value <= POLL_MAX,
        "score": bare and (amount.hyphen or (amount.slash and not one.on)),
        "other decimals": bare and bool(amount.decimals) and not _has_cents((line, part, one)),
        "small and plain": amount.plain is not None and amount.plain <= SMALL,
        "inside": bare and not (is_start(line, part, amount) or is_end(line, part, amount)),
        "behind a model": line.fluent_before(amount.start, "version", "naming") is not None,
        "behind a route": _is_route(line, amount),
        "behind letters": bare and _is_behind_letters(line, amount),
        "recipe": _is_recipe(line, part, amount),
        "counts a measure": _counts_measure(line, part, amount),
    }


def _is_route(line: TextLine, amount: Amount) -> bool:
    """Return whether a bus or a line is what a number names; fares of small units are longer."""
    if amount.plain is None or line.role_before(amount.start, "route") is None:
        return False
    return amount.plain < (ROUTES_MAX if minor_digits(line.context.chat.currency) else SMALL * 5)


def _is_minutes(amount: Amount) -> bool:
    return amount.plain is not None and amount.plain <= MINUTES


def _is_hour(line: TextLine, amount: Amount) -> bool:
    """Return whether `see you at 7` may be meant, in whatever language."""
    if amount.plain is None or amount.plain > HOURS:
        return False
    return line.role_before(amount.start, "time_before", "time_sure") is not None


def _is_behind_letters(line: TextLine, amount: Amount) -> bool:
    """Return whether a few letters lead a whole number, as in a code or a model: `su 1234`."""
    before = amount.start - 1
    own = (line.context.vocabulary.language, "en")
    known = any(m.language in own for m in line.meanings[before]) if before >= 0 else True
    word = "" if known or not line.is_word(before) else line.key(before)
    return amount.plain is not None and word.isascii() and 0 < len(word) < CODE_LETTERS


def _is_recipe(line: TextLine, part: Range, amount: Amount) -> bool:
    """Return whether a count of things is next to other quantities: `200 g of flour and 3 eggs`."""
    quantities = any(
        n.reason == "quantity" and part[0] <= n.start < part[1] for n in line.non_amounts
    )
    counts = amount.plain is not None and amount.plain <= SMALL and line.is_word(amount.end)
    parted = line.is_connecting(amount.end) or line.role(amount.end, "and")
    return quantities and counts and not parted


def _counts_measure(line: TextLine, part: Range, amount: Amount) -> bool:
    """Return whether a plain number counts exercises, or what else is measured: `20 squats`."""
    measure = line.role(amount.end, "measure")
    leads = is_start(line, part, amount) and amount.plain is not None
    return leads and measure is not None and line.is_spoken(measure, amount.end)


def _is_only_verb(message: ReadMessage, line: TextLine, part: Range) -> bool:
    """Return whether an entry has no word but a verb that does not tell of money: `made 12`."""
    own = line.context.vocabulary.language
    said = any(
        part[0] <= at < part[1] and any(m.language == own for m in line.meanings[at])
        for where, at in message.speech.verbs
        if where is line
    )
    return said and not message.speech.paid and is_only_speech(line, *part)


def _note(entry: ParsedEntry, amount: Amount) -> dict[str, bool]:
    """Name what the note of an entry is like."""
    words = len(entry.note.split())
    limit = WORDS_MAX_WITH_CURRENCY if amount.currency else WORDS_MAX
    return {
        "no words": not any(c.isalnum() or ord(c) > _SYMBOLS for c in entry.note),
        "many words": words > limit,
        "some words": limit >= words > limit - 2,
    }


def _leads_with_article(line: TextLine, part: Range, entry: ParsedEntry) -> bool:
    """Return whether an article and more than its noun lead the words: `the rent rose to 900€`."""
    first = next((i for i in range(*part) if is_note_word(line, i) or line.is_word(i)), None)
    led = first is not None and line.role(first, "article") is not None
    return led and len(entry.note.split()) > NARRATIVE_WORDS


_REASONS: tuple[tuple[str, ReasonId], ...] = (
    ("question", "question"),
    ("link", "link"),
    ("code", "code"),
    ("has phone", "phone"),
    ("score", "score"),
    ("vote", "poll"),
    ("like an hour", "time"),
    ("has percent", "percent"),
    ("several named", "naming"),
    ("no words", "bare"),
    ("many words", "too_long"),
    ("like a year", "year"),
    ("subject", "sentence"),
    ("verb", "sentence"),
    ("states", "sentence"),
    ("subject next to money", "sentence"),
    ("verb next to money", "sentence"),
    ("states next to money", "sentence"),
    ("debt", "debt"),
    ("paying denied", "debt"),
    ("inside", "middle"),
)


def _name_objection(features: Counter[str]) -> ReasonId:
    """Return the first reason that explains why a message is not recorded."""
    return next((reason for name, reason in _REASONS if features[name]), "chatter")
