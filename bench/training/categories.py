"""Train the bundled category model, measure it on what it has not seen, and write its files.

    python -m bench.training categories [--check] [--challenger FOLDER]      (about two minutes)

Reads the openly licensed lines of ../shared/data/categories/dev.jsonl (each line states its licence;
lines without one only measure), the word lists and the brand list. Writes
`ngrams.bin`, `evidence.json` and a note of what taught it into `ai/categories/data` or the folder.
Two steps: the softmax over pieces of words, then the weights of evidence, fitted on notes judged by
softmaxes that were trained without them. The same inputs give the same files.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

import numpy as np

from ai.categories.brands import Brands, open_brands
from ai.categories.evidence import Knowledge
from ai.categories.features import words_of
from ai.categories.lexicon import BANK, open_lexicon, read_phrases
from ai.categories.model import FILES, NOTE
from ai.categories.ngrams import build_ngrams
from ai.categories.statements import merchant_words
from ai.provenance import write_note
from bench.training import category_fit as fit
from bench.training.category_phrases import (
    COPIES,
    Included,
    Line,
    draw_judges,
    draw_lines,
    held_apart,
)
from bench.training.category_statements import MEAL, draw_goods, draw_shop, draw_statement
from bench.training.category_things import read_things

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "categories" / "dev.jsonl"
DATA = ROOT / "ai" / "categories" / "data"
OPEN = {"ISC", "MIT", "Unlicense", "BSD-3-Clause", "MIT (InseeFrLab repo)"}
FOLDS = 3
DRAWN_JUDGES = 700
"""Drawn English notes per fold; real French ones are about a thousand."""
REAL = "insee_bdf_diary"
BRANDS = "nsi_brands"
BRAND_SHARE = 20
"""Of the brands, every twentieth judges; of the receipt lines, every fourth."""
RECEIPT_SHARE = 4
RECEIPTS = "insee_bdf_receipt_lines"
STATEMENT_EVERY = 2
"""Every second brand is also taught as a line of a bank statement."""
TRADES = "osm_presets"
WEIGHTS = {
    "insee_bdf_diary": 3.0,
    "insee_bdf_receipt_lines": 0.5,
    "nsi_brands": 1.0,
    "osm_presets": 0.3,
    "ezbookkeeping_categories": 2.0,
    "mcc_codes": 1.0,
    "phrases": 2.0,
    "things": 2.0,
    "shops": 0.3,
    "goods": 0.15,
    "statements": 1.0,
}
ACCEPTED_SHARE = 0.3
"""How much of a line's target goes to the categories that are also right."""


@dataclass(frozen=True, slots=True)
class Example:
    """A line to learn from or to measure on."""

    text: str
    merchant: str | None
    categories: tuple[str, ...]
    source: str
    language: str
    kind: str


def read_examples() -> list[Example]:
    """Read the development lines, all licences; `is_open` tells which may teach."""
    if not SHARED.exists():
        sys.exit(f"{SHARED} is missing: training needs the development data beside the project")
    rows = (json.loads(line) for line in SHARED.open(encoding="utf-8"))
    return [
        Example(
            row["text"],
            row.get("merchant"),
            (row["category"], *row["accept"]),
            row["source"] if row["licence"] in OPEN else "closed/" + row["source"],
            row["lang"],
            row["kind"],
        )
        for row in rows
    ]


def is_open(example: Example) -> bool:
    return not example.source.startswith("closed/")


def examples_of(lines: Sequence[Line], source: str = "phrases") -> list[Example]:
    return [Example(line.text, None, line.categories, source, line.language, "") for line in lines]


def statements(brands: Sequence[Example], seed: int) -> list[Example]:
    """Write brands as banks print them."""
    chance = random.Random(seed)
    return [replace(e, text=draw_statement(e.text, chance), source="statements") for e in brands]


def draw(teaching: Sequence[Example], included: Included = lambda _: True) -> list[Example]:
    """Draw lines from included phrases, names of things, and trades and brands that teach."""
    chance = random.Random(11)
    lines = draw_lines(included)
    # "Restaurant" is a phrase of eating out as "pizza" is, and nobody buys it by the gram.
    plain = [line for line in lines[:: COPIES + 1] if line.categories[0] != MEAL]
    things = read_things()
    trades = [Line(e.text, e.categories, e.language[:2]) for e in teaching if e.source == TRADES]
    brands = [e for e in teaching if e.source == BRANDS]
    return [
        *examples_of(lines),
        *examples_of(things, "things"),
        *examples_of([draw_shop(line, chance) for line in trades], "shops"),
        *examples_of(draw_goods([*things, *plain], chance), "goods"),
        *statements(brands[::STATEMENT_EVERY], seed=9),
        *statements(purposes(included), seed=10),
    ]


def purposes(included: Included) -> list[Example]:
    """Return the phrases of bank lines."""
    phrases = ((category, phrase.lstrip("!")) for category, phrase in read_phrases(BANK))
    lines = [Line(phrase, (category,), "") for category, phrase in phrases if included(phrase)]
    return examples_of(lines)


def train_ngrams(examples: Sequence[Example]) -> fit.Softmax:
    """Fit the softmax on these lines."""
    features = fit.matrix(
        [(taught_words(e), words_of(e.merchant or ""), taught_language(e)) for e in examples]
    )
    targets = np.array([fit.target(e.categories, ACCEPTED_SHARE) for e in examples])
    weights = np.array([WEIGHTS[e.source] for e in examples], dtype=np.float32)
    return fit.softmax(features, targets, weights)


def taught_words(example: Example) -> list[str]:
    """Return the words that a line is taught with, every third time as if no bank were recognised."""
    whole = words_of(example.text)
    return whole if crc32(example.text[::-1].encode()) % 3 == 0 else merchant_words(example.text)


def taught_language(example: Example) -> str:
    """Return the language a line is taught with: none for brands and for every third line.

    Brands have a country, and the others teach guesses without a language.
    """
    known = example.kind != "merchant" and len(example.language) > 1
    return example.language[:2] if known and crc32(example.text.encode()) % 3 else ""


def is_held(example: Example, fold: int) -> bool:
    """Return whether a fold's model may not learn a line, since it will judge it."""
    part = crc32(example.text.encode())
    if example.source == BRANDS:
        return part % (FOLDS * BRAND_SHARE) == fold
    return example.source in (REAL, RECEIPTS) and part % FOLDS == fold


def judge(teaching: Sequence[Example], brands: Brands) -> tuple[fit.Judged, ...]:
    """Judge French notes, drawn English ones, brands and receipt lines by models new to them.

    Part of the drawn ones are about things that neither that model nor its word list knew, as are
    notes in a language without real notes to learn from. The brands are in the list, but not in that
    model's lines.
    """
    french, drawn, sold, printed = (fit.Judged() for _ in range(4))
    for fold in range(FOLDS):
        included = held_apart(fold, FOLDS)
        kept = [e for e in teaching if not is_held(e, fold)]
        held = [e for e in teaching if is_held(e, fold)]
        model = build_ngrams(train_ngrams(taught(kept, included)).quantised())
        full = Knowledge(model, open_lexicon(), brands)
        judges = examples_of(draw_judges("en", included, DRAWN_JUDGES, seed=fold))
        drawn.add(Knowledge(model, open_lexicon(included), brands), judges)
        french.add(full, [e for e in held if e.source == REAL])
        unseen = [replace(e, language="") for e in held if e.source == BRANDS]
        sold.add(full, [*unseen[1::2], *statements(unseen[::2], seed=fold)])
        lines = [e for e in held if e.source == RECEIPTS][::RECEIPT_SHARE]
        printed.add(full, [*lines[1::2], *(replace(e, merchant=None) for e in lines[::2])])
        print(f"fold {fold + 1} of {FOLDS} judged", file=sys.stderr)
    return french, drawn, sold, printed


def taught(teaching: Sequence[Example], included: Included = lambda _: True) -> list[Example]:
    """Return all lines that a model learns; notes are also taught without their merchant."""
    unsold = [replace(e, merchant=None) for e in teaching if e.source in (REAL, RECEIPTS)]
    return [*teaching, *unsold, *draw(teaching, included)]


def main(folder: Path, *, check: bool) -> None:
    examples = read_examples()
    brands = open_brands()
    teaching = [e for e in examples if is_open(e)]
    french, drawn, sold, printed = judge(teaching, brands)
    weighing = fit.weighing(french, drawn, sold, printed)
    fit.report("notes, French, out of fold", weighing, french, "fr")
    fit.report("notes, English, drawn", weighing, drawn, "en")
    fit.report("brands, unseen (model), listed (all)", weighing, sold, "")
    fit.report("receipt lines, French, out of fold", weighing, printed, "fr")
    lines = taught(teaching)
    ngrams = train_ngrams(lines).quantised()
    knowledge = Knowledge(build_ngrams(ngrams), open_lexicon(), brands)
    for source in sorted({e.source for e in examples if not is_open(e)}):
        seen = fit.Judged()
        seen.add(knowledge, [e for e in examples if e.source == source])
        fit.report(source, weighing, seen, "")
    if check:
        return
    folder.mkdir(parents=True, exist_ok=True)
    fit.write(folder, ngrams, weighing)
    learned = Counter(e.source for e in lines)
    paths = [folder / name for name in FILES]
    today = datetime.now(UTC).date()
    write_note(paths, folder / NOTE, trained_on=today, learned=dict(learned.most_common()))
