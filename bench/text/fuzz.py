"""Throw random and hostile messages at the free-text grammar: no exception, no slow one, no bad entry.

    python -m bench.text.fuzz [--count 1000000] [--seed 1] [--processes 2]

Three kinds of text are mixed: pieces that the grammar knows (numbers, currencies, dates, words of
every pack) in random order, mutations of ordinary messages, and characters of all of Unicode. Each
result is checked for what must hold for every entry. Prints a table; exit code 1 on any failure.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ledger.money import AMOUNT_MAX, MINOR_DIGITS, minor_digits
from ledger.text import (
    Parsed,
    TextContext,
    find_command,
    find_typed_correction,
    parse_budget,
    parse_correction,
    parse_message,
)
from ledger.text.message import NUMBERS_MAX, PIECES_MAX
from ledger.text.vocabulary import vocabulary_of

SLOW_SECONDS = 0.05
LENGTH_MAX = 4096
LANGUAGES = [
    "en",
    "de",
    "es",
    "fr",
    "it",
    "pt",
    "ru",
    "uk",
    "pl",
    "tr",
    "zh",
    "ja",
    "hi",
    "ar",
    "nl",
    "sv",
    "nb",
    "is",
    "th",
    "ko",
    "vi",
    "id",
    "fa",
    "he",
    "ky",
    "xx",
]
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Pacific/Apia",
)
CURRENCIES = tuple(MINOR_DIGITS)
NUMBERS = [
    "0",
    "1",
    "2",
    "7",
    "12",
    "42",
    "204",
    "1900",
    "12.50",
    "4,50",
    "1.234,56",
    "1,234.50",
    "1.234",
    "1",
    "234",
    "1'900.50",
    "0.005",
    "005.50",
    "05.04",
    "007",
    "½",
    "١٢٫٥٠",
    "１２",
    "१२३",
    "1e5",
    "0x1F",
    "99999999999",
    "12/3",
    "31.12",
    "12.03.",
    "2026-03-12",
    "31/12/24",
    "7:30",
    "2:1",
    "50%",
    "3x4.50",
    "12+3",
    "100/3",
    "(1+2)*3",
    "1.2m",
    "5k",
    "2万5",
    "10lakh",
    "1_000",
    "#88",
    "v1.2.3",
    "2nd",
    "500ml",
    "2kg",
    "A4",
    "+44",
    "-5",
    ".5",
    "5€50",
]
SIGNS = (
    *"$€£¥₽₹kr+-*/x×@#()[]:;,.!?%&'\"–—…  \n\t",
    "\u200f",
    "\u200b",
    "\ufe0f",
    "🍕",
    "👩‍👩‍👧",
    "\x00",
    "\ud800",
)
HOSTILE = (
    "1" * LENGTH_MAX,
    "1," * (LENGTH_MAX // 2),
    "1 " * (LENGTH_MAX // 2),
    "1.1" * (LENGTH_MAX // 3),
    "(" * LENGTH_MAX,
    "(1" * (LENGTH_MAX // 2),
    "1+" * (LENGTH_MAX // 2),
    "1/" * (LENGTH_MAX // 2),
    "9**" * (LENGTH_MAX // 3),
    "1-" * (LENGTH_MAX // 2),
    "a" * LENGTH_MAX,
    "a " * (LENGTH_MAX // 2),
    "a,1 " * (LENGTH_MAX // 4),
    "coffee 1 " * (LENGTH_MAX // 9),
    "coffee 1, " * (LENGTH_MAX // 10),
    "coffee 1\n" * (LENGTH_MAX // 9),
    "\n" * LENGTH_MAX,
    "@" * LENGTH_MAX,
    "#" * LENGTH_MAX,
    "#a" * (LENGTH_MAX // 2),
    "[" * LENGTH_MAX,
    "[a" * (LENGTH_MAX // 2),
    ": " * (LENGTH_MAX // 2),
    ":a " * (LENGTH_MAX // 3),
    "\u200d" * LENGTH_MAX,
    "1\u200d" * (LENGTH_MAX // 2),
    "昨" * LENGTH_MAX,
    "昨天" * (LENGTH_MAX // 2),
    "1万" * (LENGTH_MAX // 2),
    "万" * LENGTH_MAX,
    "1 000 " * (LENGTH_MAX // 6),
    "5 555-" * (LENGTH_MAX // 6),
    "12.03. " * (LENGTH_MAX // 7),
    "12/3 " * (LENGTH_MAX // 5),
    "7:30 " * (LENGTH_MAX // 5),
    "7:" * (LENGTH_MAX // 2),
    "the day before " * (LENGTH_MAX // 15),
    "2 beers at 4 " * (LENGTH_MAX // 13),
    "$" * LENGTH_MAX,
    "$1" * (LENGTH_MAX // 2),
    "1$" * (LENGTH_MAX // 2),
    "و1" * (LENGTH_MAX // 2),
    "d'" * (LENGTH_MAX // 2),
    "1'" * (LENGTH_MAX // 2),
    "http://" * (LENGTH_MAX // 7),
    "\U000e0041" * LENGTH_MAX,
    "e\u0301" * (LENGTH_MAX // 2),
    "room 2 " * (LENGTH_MAX // 7),
    "12 main " * (LENGTH_MAX // 8),
    "1" * 2000 + "/" + "1" * 2000,
    "99999999*" * (LENGTH_MAX // 9),
)


def within_limits(text: str) -> str:
    """Cut a hostile text to the largest size that is read at all."""
    numbers = 0
    for pieces, match in enumerate(re.finditer(r"\d+|[^\W\u0e00-\u9fff]+|\S", text)):
        numbers += match.group().isdecimal()
        if numbers > NUMBERS_MAX - 1 or pieces > PIECES_MAX - 1:
            return text[: match.start()]
    return text


@dataclass
class Figures:
    """What one process saw."""

    count: int = 0
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0
    slowest_text: str = ""
    outcomes: Counter[str] = field(default_factory=Counter)


def random_context(rng: random.Random) -> TextContext:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(525_600))
    categories = ("Food", "Eating out", "Еда", "食") if rng.random() < 0.3 else ()
    return TextContext(
        chat_kind=rng.choice(("private", "group")),
        currency=rng.choice(CURRENCIES),
        sent_at=at,
        language=rng.choice(LANGUAGES) + rng.choice(("", "", "-US", "-GB", "-CH")),
        timezone=rng.choice(ZONES),
        categories=categories,
        addressed=rng.random() < 0.1,
    )


def random_text(rng: random.Random, words: list[str]) -> str:
    kind = rng.random()
    if kind < 0.6:
        pieces = [
            rng.choice(words if (dice := rng.random()) < 0.45 else NUMBERS if dice < 0.8 else SIGNS)
            for _ in range(rng.randrange(1, 14))
        ]
        return rng.choice(("", " ", " ", " ")).join(pieces)
    if kind < 0.9:
        text = f"{rng.choice(words)} {rng.choice(NUMBERS)} {rng.choice(words)}"
        for _ in range(rng.randrange(1, 6)):
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice((*SIGNS, *NUMBERS)) + text[at + rng.randrange(3) :]
        return text
    return "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randrange(1, 60)))


def check(parsed: Parsed, context: TextContext) -> None:
    """Assert what holds for every entry, booked or offered."""
    offered = [e for option in (parsed.ask.options if parsed.ask else ()) for e in option.entries]
    for entry in (*parsed.entries, *offered):
        assert 0 < entry.amount <= AMOUNT_MAX, entry.amount
        assert -int(entry.amount.as_tuple().exponent) == minor_digits(entry.currency), entry.amount
        assert entry.currency in MINOR_DIGITS, entry.currency
        assert entry.on <= context.today + timedelta(days=1), entry.on
        entry.note.encode()
        assert entry.note == entry.note.strip(), entry.note
    assert (parsed.outcome == "entries") == bool(parsed.entries)
    assert parsed.outcome != "ignored" or not context.spoken_to
    assert not (parsed.outcome in ("refused", "ask") and not context.spoken_to) or parsed.why


def one(text: str, context: TextContext, figures: Figures) -> None:
    started = time.process_time()
    try:
        parsed = parse_message(text, context)
        spent = time.process_time() - started
        check(parsed, context)
        figures.outcomes[parsed.outcome] += 1
        parse_correction(text, context)
        parse_budget(text, context)
        find_command(text, context)
        find_typed_correction(text, context)
    except Exception:  # noqa: BLE001  # whatever it is, it is what this bench looks for
        spent = 0.0
        figures.failures.append(f"{text!r:.300} {context}\n{traceback.format_exc(limit=-4)}")
    figures.count += 1
    if spent > figures.slowest:
        figures.slowest, figures.slowest_text = spent, text


def work(arguments: tuple[int, int]) -> Figures:
    seed, count = arguments
    rng = random.Random(seed)
    words = [word for word in vocabulary_of("en").tables.words if word]
    figures = Figures()
    for _ in range(count):
        one(random_text(rng, words), random_context(rng), figures)
        if len(figures.failures) > 5:
            break
    return figures


def hostile() -> Figures:
    figures = Figures()
    rng = random.Random(0)
    for text in (*HOSTILE, *(within_limits(f"abc 1 {text}") for text in HOSTILE)):
        for kind in ("private", "group"):
            context = random_context(rng)
            one(text, TextContext(kind, "EUR", context.sent_at, "en", "UTC"), figures)
    return figures


def report(name: str, figures: list[Figures]) -> bool:
    count = sum(f.count for f in figures)
    failures = [failure for f in figures for failure in f.failures]
    worst = max(figures, key=lambda f: f.slowest)
    outcomes = sum((f.outcomes for f in figures), Counter())
    print(f"{name}: {count} texts, {len(failures)} failures, {dict(outcomes)}")
    print(f"  slowest {worst.slowest * 1000:.1f} ms: {worst.slowest_text[:60]!r}")
    for failure in failures[:3]:
        print(failure)
    return not failures and worst.slowest <= SLOW_SECONDS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    print(f"seed {options.seed}")
    vocabulary_of("en")  # the packs load once and are not measured here
    parse_message("warm 1", random_context(random.Random(0)))
    fine = report("hostile", [hostile()])
    share = options.count // options.processes
    seeds = [(options.seed * 1000 + i, share) for i in range(options.processes)]
    with multiprocessing.Pool(options.processes) as pool:
        figures = pool.map(work, seeds)
    return 0 if report("fuzz", figures) and fine else 1


if __name__ == "__main__":
    sys.exit(main())
