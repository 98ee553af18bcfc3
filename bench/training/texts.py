"""Train the weights of the evidence about typed messages, and report what they are worth.

    python -m bench.training texts [--check]     (a part of `make train`)

Learns from the lines of our own in `people.jsonl`, from `dev.jsonl`, and from messages that
`bench/training/messages` draws in every language. Folds leave one language out: the weights are
about places and forms of numbers, so a language that taught nothing must be read as well. Without
--check the weights go into ledger/text/deciding/weights.toml. `python -m bench.text.evidence` prints
the folds and the figures without each feature.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from ai.provenance import write_note
from bench.text.verdicts import judge_all, print_head, print_row
from bench.training.messages.__main__ import draw_messages
from bench.training.messages.languages import languages, open_language
from bench.training.text_evidence import OPPOSES, SUPPORTS
from bot.cli.read_texts import context_of
from ledger.text.commands import find_command
from ledger.text.correction import find_typed_correction
from ledger.text.deciding.candidates import Candidate, list_candidates
from ledger.text.deciding.choice import list_numbers
from ledger.text.deciding.entries import Inherited, build_entry
from ledger.text.deciding.evidence import describe_candidate, describe_numbers
from ledger.text.deciding.groups import gather_evidence
from ledger.text.deciding.income import describe_income
from ledger.text.deciding.records import describe_message, describe_past
from ledger.text.deciding.weights import load_weights
from ledger.text.lines.characters import clean
from ledger.text.lines.line import TextLine
from ledger.text.lines.parts import Range, split_parts
from ledger.text.lines.reading import build_context, read_lines
from ledger.text.message import read_parts
from ledger.text.model import ParsedEntry, TextContext

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "text"
WEIGHTS = Path(__file__).resolve().parents[2] / "ledger" / "text" / "deciding" / "weights.toml"
NOTE = WEIGHTS.with_name("weights.about.json")
SECTIONS = ("reading", "private", "group", "income")
DRAWN_OF_EACH = 400
"""Drawn messages of each language."""
DRAWN_SHARE = 0.25
"""A drawn message next to a real one."""
SPREAD = 3.0
"""Standard deviation of the normal prior on each weight."""
LEANING = {"reading": 1.0, "private": 2.5, "group": 2.5, "income": 2.0}
"""Where the prior of a feature lies that supports a reading, and below zero of one that opposes."""
Case = dict[str, Any]


@dataclass
class Example:
    """Candidates of one choice, their features, and which of them are right."""

    case: Case
    features: Sequence[Mapping[str, float]]
    right: list[bool]
    share: float = 1.0


def load_cases(drawn_of_each: int = DRAWN_OF_EACH) -> list[Case]:
    """Load the lines that may train, and draw the others."""
    cases: list[Case] = []
    for name in ("people", "dev"):
        for text in (SHARED / f"{name}.jsonl").read_text("utf-8").splitlines():
            case = json.loads(text)
            if name == "dev" or case["origin"] == "own":
                cases.append({**case, "set": name})
    for code in languages():
        drawn = draw_messages(open_language(code), drawn_of_each, seed=7)
        cases += [{**case, "set": "drawn"} for case in drawn]
    return cases


def share_of(case: Case) -> float:
    return DRAWN_SHARE if case["set"] == "drawn" else 1.0


def accepted(case: Case) -> list[list[dict[str, Any]]]:
    """List every sequence of entries that is right."""
    answers = [case["expected"], *case.get("also", [])]
    return [answer["entries"] for answer in answers if answer.get("entries")]


# --- which reading of a part


@dataclass
class Part:
    line: TextLine
    extent: Range
    candidates: list[Candidate]
    entries: list[list[ParsedEntry]]
    """Of each candidate."""


def list_parts(text: str, chat: TextContext) -> list[Part]:
    """Read a message up to its choices; lines of headings are left out."""
    parts: list[Part] = []
    for line in read_lines(build_context(clean(text), chat)):
        for extent in split_parts(line) if line.amounts else ():
            numbers = list_numbers(line, extent)
            if not numbers or len(numbers) > 6:
                continue
            candidates = list_candidates(line, extent, numbers)
            entries = [built(line, candidate) for candidate in candidates]
            parts.append(Part(line, extent, candidates, entries))
    return parts


def built(line: TextLine, candidate: Candidate) -> list[ParsedEntry]:
    found = (build_entry(line, extent, read, Inherited()) for extent, read in candidate.entries)
    return [entry for entry in found if isinstance(entry, ParsedEntry)]


def equals(entry: ParsedEntry, want: dict[str, Any], *, dated: bool) -> bool:
    same = entry.amount == Decimal(want["amount"]) and entry.currency == want["currency"]
    return same and (not dated or entry.on.isoformat() == want["date"])


def mark_right(parts: list[Part], wanted: list[dict[str, Any]], *, dated: bool) -> list[set[int]]:
    """Return for every part which candidates lie on a path to the expected entries."""
    right: list[set[int]] = [set() for _ in parts]

    def follow(number: int, position: int) -> bool:
        if number == len(parts):
            return position == len(wanted)
        found = False
        for i, entries in enumerate(parts[number].entries):
            target = wanted[position : position + len(entries)]
            fits = len(target) == len(entries) == len(parts[number].candidates[i].entries)
            pairs = zip(entries, target, strict=True) if fits else ()
            if (
                fits
                and all(equals(e, w, dated=dated) for e, w in pairs)
                and follow(number + 1, position + len(entries))
            ):
                right[number].add(i)
                found = True
        return found

    follow(0, 0)
    return right


def reading_examples(cases: Sequence[Case]) -> Iterator[Example]:
    for case in cases:
        wanted = accepted(case)
        chat = context_of(case)
        parts = list_parts(case["text"], chat)
        if not wanted or not parts or len(parts) > 8:
            continue
        dated = "\n" not in case["text"]
        marks = [mark_right(parts, entries, dated=dated) for entries in wanted]
        for number, part in enumerate(parts):
            right = set.union(*(mark[number] for mark in marks))
            if not right or len(part.candidates) < 2:
                continue
            known = describe_numbers(part.line, part.extent, list_numbers(part.line, part.extent))
            features = [describe_candidate(known, one) for one in part.candidates]
            flags = [i in right for i in range(len(part.candidates))]
            yield Example(case, features, flags, share_of(case))


def refused_examples(cases: Sequence[Case]) -> Iterator[Example]:
    """Numbers of messages that record nothing, where the number shows that it is something else."""
    for case in cases:
        if accepted(case) or case["expected"].get("outcome") == "ask":
            continue
        for part in list_parts(case["text"], context_of(case)):
            numbers = list_numbers(part.line, part.extent)
            if not any(number.hint for number in numbers):
                continue
            known = describe_numbers(part.line, part.extent, numbers)
            features = [describe_candidate(known, one) for one in part.candidates]
            yield Example(
                case, features, [not one.chosen for one in part.candidates], share_of(case)
            )


# --- fitting


@dataclass
class Design:
    """Examples as one matrix, for speed."""

    names: list[str]
    matrix: np.ndarray
    starts: np.ndarray
    right: np.ndarray
    shares: np.ndarray


def design(examples: Sequence[Example], names: list[str]) -> Design:
    at = {name: i for i, name in enumerate(names)}
    rows = sum(len(e.features) for e in examples)
    matrix = np.zeros((rows, len(names)))
    row = 0
    starts, right = [], []
    for e in examples:
        starts.append(row)
        for features, is_right in zip(e.features, e.right, strict=True):
            for name, value in features.items():
                if name in at:
                    matrix[row, at[name]] = value
            right.append(is_right)
            row += 1
    shares = np.array([e.share for e in examples])
    return Design(names, matrix, np.array(starts), np.array(right), shares)


def names_of(examples: Sequence[Example]) -> list[str]:
    return sorted({name for e in examples for f in e.features for name in f})


def fit(section: str, examples: Sequence[Example], without: str = "") -> dict[str, float]:
    """Fit the weights of a choice with a prior that leans as `text_evidence` says."""
    supports, opposes = SUPPORTS[section], OPPOSES[section]
    # A feature that no message showed keeps the weight that its leaning gives it.
    names = sorted({*names_of(examples), *supports, *opposes} - {without})
    data = design(examples, names)
    leaning = LEANING[section]
    centre = np.array([leaning * ((n in supports) - (n in opposes)) for n in names])
    bounds = [(0 if n in supports else None, 0 if n in opposes else None) for n in names]
    lengths = np.diff(np.append(data.starts, len(data.right)))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = data.matrix @ weights
        top = np.repeat(np.maximum.reduceat(scores, data.starts), lengths)
        masses = np.exp(scores - top)
        belief = masses / np.repeat(np.add.reduceat(masses, data.starts), lengths)
        good = np.where(data.right, belief, 0.0)
        mass = np.maximum(np.add.reduceat(good, data.starts), 1e-12)
        target = good / np.repeat(mass, lengths)
        spread = np.repeat(data.shares, lengths)
        value = -float(data.shares @ np.log(mass))
        slope = -(((target - belief) * spread) @ data.matrix)
        off = weights - centre
        return value + float(off @ off) / (2 * SPREAD**2), slope + off / SPREAD**2

    start = np.clip(
        centre,
        [-9 if low is None else low for low, _ in bounds],
        [9 if high is None else high for _, high in bounds],
    )
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return {name: round(float(w), 2) for name, w in zip(names, best.x, strict=True)}


def fit_all(cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    """Fit every section; what a message is depends on how its parts were read, so in this order."""
    weights = load_weights()
    examples = [*reading_examples(cases), *refused_examples(cases)]
    weights["reading"] = fit("reading", examples)
    weights["income"] = fit("income", list(income_examples(cases)))
    for section in ("private", "group"):
        weights[section] = {}
    found = list(record_examples(cases))
    for section in ("private", "group"):
        own = [e for e in found if e.case["section"] == section]
        weights[section] = fit(section, own)
    return {section: weights[section] for section in SECTIONS}


# --- whether it is a record, and whether it came in


def either(case: Case, features: Counter[str], *, is_so: bool, share: float = 1.0) -> Example:
    """A choice between what a section is about and its contrary."""
    return Example(case, [{**features, "bias": 1}, {}], [is_so, not is_so], share * share_of(case))


def record_examples(cases: Sequence[Case]) -> Iterator[Example]:
    for case in cases:
        chat = context_of(case)
        answers = [case["expected"], *case.get("also", [])]
        kinds = {"entries" if a.get("entries") else a.get("outcome") for a in answers}
        if "ask" in kinds or len(kinds & {"entries", "refused", "ignored"}) != 1 or chat.command:
            continue
        text = clean(case["text"])
        if is_other_purpose(text, chat) or text.startswith("/") or not text.strip():
            continue
        context = build_context(text, chat)
        state = read_parts(context, read_lines(context))
        if not state.entries or state.asks:
            continue
        message = gather_evidence(state)
        features = describe_message(message)
        section = "private" if chat.spoken_to else "group"
        if section == "group":
            features |= describe_past(message, chat)
            if state.refusals:
                continue
        yield either({**case, "section": section}, features, is_so="entries" in kinds)


def is_other_purpose(text: str, chat: TextContext) -> bool:
    return bool(find_command(text, chat) or find_typed_correction(text, chat))


def income_examples(cases: Sequence[Case]) -> Iterator[Example]:
    for case in cases:
        wanted = accepted(case)
        parts = list_parts(case["text"], context_of(case)) if len(wanted) == 1 else []
        if len(parts) != 1 or len(wanted[0]) != 1:
            continue
        (part,), (want,) = parts, wanted[0]
        for candidate, entries in zip(part.candidates, part.entries, strict=True):
            if len(entries) == 1 and equals(entries[0], want, dated=False):
                extent, read = candidate.entries[0]
                features = describe_income(part.line, extent, read.amount)
                share = 0.3 if case.get("also") else 1.0
                if features:
                    yield either(case, features, is_so=want["type"] == "income", share=share)
                break


def write(weights: dict[str, dict[str, float]], learned: Mapping[str, int]) -> None:
    sure = tomllib.loads(WEIGHTS.read_text("utf-8"))["sure"]
    lines = [
        "# What supports (+) and opposes (-) a reading of a typed message. Trained by",
        "# bench/training/texts.py; [sure] holds the probability below which a person is asked,",
        "# or below which a group's message is left alone.",
        "#",
        f"# Learned from {', '.join(f'{count} {name}' for name, count in learned.items())} messages.",
    ]
    for section in SECTIONS:
        lines += ["", f"[{section}]"]
        lines += [f'"{name}" = {w:.2f}' for name, w in sorted(weights[section].items())]
    lines += ["", "[sure]", *(f"{name} = {value}" for name, value in sure.items())]
    WEIGHTS.write_text("\n".join(lines) + "\n", "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="measure and write nothing")
    options = parser.parse_args(arguments)
    cases = load_cases()
    weights = fit_all(cases)
    print_head("real messages")
    print_row("trained on", judge_all([case for case in cases if case["set"] != "drawn"]))
    if not options.check:
        learned = Counter(case["set"] for case in cases)
        write(weights, learned)
        write_note([WEIGHTS], NOTE, trained_on=dt.datetime.now(dt.UTC).date(), learned=learned)


if __name__ == "__main__":
    main()
