"""Gather evidence for the readings of a part, as named features.

A number that is taken as an amount contributes what is known of it; numbers that stay in the note
contribute nothing, so each weight says how much better a number is as an amount than as a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.money import minor_digits
from ledger.text.deciding.candidates import Candidate, holds_words, is_note_word
from ledger.text.lines.line import LINK, NUMBER, Amount, TextLine
from ledger.text.lines.parts import Range, counts_alone
from ledger.text.numbers.currencies import smallest_coin

COUNT_MAX = 20
"""A whole number up to this in front of a word may count it: `2 coffees 4.10`."""
SCALE = 25
"""Prices of one list rarely differ by more than this factor."""
FAR = 8
"""A count, a size or a model's number is usually this much smaller than the price."""
YEARS = range(1950, 2051)
CODE_LETTERS = 3
"""Letters up to which a word with a number behind it is a code: PS5, A4, B12."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a part, and the features of each as an amount."""

    line: TextLine
    part: Range
    numbers: Sequence[Amount]
    features: tuple[frozenset[str], ...] = ()


def describe_numbers(line: TextLine, part: Range, numbers: Sequence[Amount]) -> Numbers:
    """Name what is known of every number of a part."""
    bare = Numbers(line, part, numbers)
    found = (
        frozenset((*_form(bare, i), *_place(bare, i), *_words(bare, i), *_size(bare, i)))
        for i in range(len(numbers))
    )
    return Numbers(line, part, numbers, tuple(found))


def describe_candidate(known: Numbers, candidate: Candidate) -> Counter[str]:
    """Name the evidence for one reading of a part."""
    features: Counter[str] = Counter()
    for i in candidate.chosen:
        features.update(known.features[i])
    if not candidate.chosen:
        features["nothing is an amount"] = 1
    if candidate.day is not None:
        features.update(_day(known, candidate))
    if len(candidate.chosen) == 1 and candidate.entries[0][1].amount.parted:
        features.update(_parted(known, candidate))
    if len(candidate.chosen) > 1:
        features.update(_several(known, candidate))
    features.update(_left(known, candidate))
    return features


# --- one number


def _form(known: Numbers, i: int) -> list[str]:
    """Name how a number is written."""
    number = known.numbers[i]
    checks = {
        "currency": number.currency is not None,
        "sign": bool(number.sign),
        "multiplier": number.exact and number.decimals is None and not number.computed,
        "computed": number.computed and number.exact,
        "ratio": number.computed and not number.exact,
        "joined over a space": bool(number.joined),
        "hyphen": number.hyphen,
        "million": number.million is not None,
        "stopped": _is_stopped(known.line, number),
    }
    found = [name for name, is_so in checks.items() if is_so] + _rivals(known, i)
    if number.decimals is not None:
        usual = number.decimals == (minor_digits(known.line.context.chat.currency) or 2)
        found.append("decimals of money" if usual else "other decimals")
    return found + _hints(known, number)


def _rivals(known: Numbers, i: int) -> list[str]:
    """Name how a number's form compares with that of the others."""
    number = known.numbers[i]
    others = [n for at, n in enumerate(known.numbers) if at != i]
    marked = bool(number.currency or number.sign)
    rival = any(n.currency or n.sign for n in others)
    linked = known.line.role_before(number.start, "connecting", "with") is not None
    checks = {
        "only one with a currency": bool(others) and marked and not rival,
        "another has a currency": rival and not marked,
        "only one exact": bool(others) and number.exact and not any(n.exact for n in others),
        "another is exact": not number.exact and not marked and any(n.exact for n in others),
        "joined behind a link": bool(number.joined) and linked,
    }
    return [name for name, is_so in checks.items() if is_so]


def _hints(known: Numbers, number: Amount) -> list[str]:
    """Name what a number looks like besides an amount."""
    if number.hint is None:
        return []
    found = [f"like {number.hint}"]
    if number.hint == "quantity" and counts_alone(known.line, known.part, number):
        found.append("counts alone")
    if number.hint == "glued":
        word = known.line.typed(number.start - 1, number.start)
        word = word if word.isalpha() else known.line.typed(number.start - 2, number.start - 1)
        plain = word == word.lower() or word.istitle()  # many scripts have no capitals
        coded = len(word) <= CODE_LETTERS or not plain
        found.append("glued to a code" if coded else "glued to a word")
        long = number.plain is not None and number.plain >= 100
        found += ["glued and long"] if long or number.decimals is not None else []
    return found


def _is_stopped(line: TextLine, number: Amount) -> bool:
    """Return whether a full stop follows a decimal as it follows a day: `32.13.`."""
    stopped = line.is_sign(number.end, ".") and line.touches(number.end)
    return stopped and number.decimals is not None


def _place(known: Numbers, i: int) -> list[str]:
    """Name where a number is in its part."""
    number = known.numbers[i]
    start, end = is_start(known.line, known.part, number), is_end(known.line, known.part, number)
    if start and end:
        return ["alone"]
    return ["at the end"] if end else ["at the start"] if start else ["inside"]


def _words(known: Numbers, i: int) -> list[str]:
    """Name the words around a number."""
    line, number = known.line, known.numbers[i]
    others = len(known.numbers) > 1
    before = known.numbers[i - 1].end if i else known.part[0]
    after = known.numbers[i + 1].start if i + 1 < len(known.numbers) else known.part[1]
    own, behind = holds_words(line, (before, number.start)), holds_words(line, (number.end, after))
    counts = _is_count(number) and line.is_word(number.end) and behind
    linked = line.role_before(number.start, "connecting", "with", "price_word") is not None
    checks = {
        "words before": own,
        "words behind": behind,
        "counts a word": others and counts and not (own and not linked),
        "names a word": others and counts and own and not linked,
        "small behind a link": others and linked and _is_count(number),
        "behind a link": linked and not _is_count(number),
        "behind a model": line.fluent_before(number.start, "version", "naming") is not None,
        "closed by a sign": others and line.is_sign(number.end, ".,;/|-–") and behind,
        "behind a sign": line.is_sign(number.start - 1, ":=-–"),
    }
    return [name for name, is_so in checks.items() if is_so]


def _is_count(number: Amount) -> bool:
    return number.plain is not None and number.plain <= COUNT_MAX


def _size(known: Numbers, i: int) -> list[str]:
    """Name how large a number is next to the others."""
    number = known.numbers[i]
    others = [n.value for at, n in enumerate(known.numbers) if at != i and not n.reason]
    coin = smallest_coin(number.currency or known.line.context.chat.currency)
    checks = {
        "largest": bool(others) and number.value > max(others),
        "far smaller": bool(others) and number.value * FAR <= max(others),
        "like a year": is_year(number),
        "below the smallest coin": number.value < coin,
        "long and plain": number.plain is not None and number.plain >= 10**6,
    }
    return [name for name, is_so in checks.items() if is_so]


def is_year(number: Amount) -> bool:
    """Return whether a whole number can be a year; round hundreds are prices more often."""
    return number.plain in YEARS and number.value % 100 != 0


# --- a reading as a whole


def _parted(known: Numbers, candidate: Candidate) -> Counter[str]:
    """Name what changes where only the last group of `dinner for 2 600` is the amount."""
    whole = known.features[candidate.chosen[0]]
    linked = "joined behind a link" in whole
    return Counter(
        {
            "group parted": 1,
            "group parted behind a link": int(linked),
            "joined over a space": -1,
            "joined behind a link": -linked,
        }
    )


def _day(known: Numbers, candidate: Candidate) -> list[str]:
    """Name what is known of the number that is taken as a day."""
    assert candidate.day is not None
    number = known.numbers[candidate.day]
    amounts = [known.numbers[i] for i in candidate.chosen]
    counted = all(_is_count(a) and known.line.is_word(a.end) for a in amounts)
    form = "slash" if number.slash else "padded" if number.padded else "dotted"
    checks = {
        f"day {form}": True,
        "day not at an edge": "inside" in known.features[candidate.day],
        "day impossible as amount": bool(number.reason),
        "day next to a mere count": counted,
        "day without amount": not amounts,
    }
    return [name for name, is_so in checks.items() if is_so]


def _several(known: Numbers, candidate: Candidate) -> Counter[str]:
    """Name what is known of a reading with several entries."""
    amounts = [known.numbers[i] for i in candidate.chosen]
    worded = [holds_words(known.line, extent) for extent, _ in candidate.entries]
    values = [amount.value for amount in amounts]
    found = Counter({"several": len(amounts) - 1})
    found["several, some without words"] = worded.count(False)
    found["several of unlike scale"] = int(max(values) > SCALE * min(values))
    found["several with counts"] = int(min(values) <= COUNT_MAX < max(values))
    marked = sum(amount.currency is not None for amount in amounts)
    found["several, only some with a currency"] = int(0 < marked < len(amounts))
    found["several alike"] = int(len({_style(amount) for amount in amounts}) == 1)
    return found


def _style(amount: Amount) -> tuple[bool, bool]:
    return amount.currency is not None, amount.exact


def _left(known: Numbers, candidate: Candidate) -> Counter[str]:
    """Name what is known of the numbers that stay in the note of an entry."""
    left = [
        i for i in range(len(known.numbers)) if i not in candidate.chosen and i != candidate.day
    ]
    found: Counter[str] = Counter()
    if not candidate.chosen:
        return found
    most = max(known.numbers[i].value for i in candidate.chosen)
    for i in left:
        number, features = known.numbers[i], known.features[i]
        larger = number.plain is not None and number.value > most and number.hint is None
        found["left though larger"] += larger
        if not number.hint and features & {"words before", "words behind"}:
            found[_name_left(number)] += 1
        found["left with a currency"] += number.currency is not None
        found["left as a year"] += is_year(number)
        found["left next to the amount"] += any(
            _is_next(known.line, number, known.numbers[j]) for j in candidate.chosen
        )
    return found


def _name_left(number: Amount) -> str:
    """Name a number that has words of its own and still stays in the note of another."""
    if number.exact or number.currency or number.sign:
        return "left exact with words"
    return "left count with words" if _is_count(number) else "left price with words"


def _is_next(line: TextLine, one: Amount, other: Amount) -> bool:
    """Return whether no word is between two numbers."""
    first, second = sorted((one, other), key=lambda number: number.start)
    return not any(is_note_word(line, i) for i in range(first.end, second.start))


# --- places


def is_start(line: TextLine, part: Range, amount: Amount) -> bool:
    """Return whether nothing but dates and annotations is before an amount."""
    return not any(_is_content(line, i) for i in range(part[0], amount.start))


def is_end(line: TextLine, part: Range, amount: Amount) -> bool:
    """Return whether nothing but dates and annotations is behind an amount."""
    return not any(_is_content(line, i) for i in range(amount.end, part[1]))


def _is_content(line: TextLine, at: int) -> bool:
    if line.owners[at] in ("day", "annotation", "separator"):
        return False
    return line.owners[at] != "" or line.is_word(at) or line.tokens[at].kind in (LINK, NUMBER)
