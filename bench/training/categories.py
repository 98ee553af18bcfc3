"""Train the bundled category model, measure it on what it has not seen, and write its files.

    python bench/training/categories.py [--check]      (`make train`; about a minute)

Reads the openly licensed lines of ../shared/data/categories/dev.jsonl (the licence stands in each
line; lines without a stated one only measure), the word lists and the brand list. Writes
`ai/categories/data/ngrams.npz` and `evidence.json`; `--check` measures and writes nothing.
Two steps: the softmax over pieces of words, then the weights of evidence, fitted on notes that
five softmaxes trained without them have judged. Same inputs, same files.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import category_fit as fit  # noqa: E402 -- after the path
from category_phrases import draw_lines  # noqa: E402 -- after the path

from ai.categories.brands import Brands, open_brands  # noqa: E402 -- after the path
from ai.categories.evidence import KINDS, Knowledge  # noqa: E402 -- after the path
from ai.categories.lexicon import Lexicon, open_lexicon  # noqa: E402 -- after the path
from ledger.categories import IDS  # noqa: E402 -- after the path

SHARED = ROOT.parent / "shared" / "data" / "categories" / "dev.jsonl"
DATA = ROOT / "ai" / "categories" / "data"
OPEN = {"ISC", "MIT", "Unlicense", "BSD-3-Clause", "MIT (InseeFrLab repo)"}
FOLDS = 5
REAL = "insee_bdf_diary"
WEIGHTS = {
    "insee_bdf_diary": 3.0,
    "insee_bdf_receipt_lines": 1.0,
    "nsi_brands": 1.0,
    "osm_presets": 0.4,
    "ezbookkeeping_categories": 2.0,
    "mcc_codes": 1.0,
    "phrases": 1.0,
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


def drawn_examples() -> list[Example]:
    return [
        Example(line.text, None, line.categories, "phrases", line.language, "phrase")
        for line in draw_lines()
    ]


def train_ngrams(examples: Sequence[Example], iterations: int = 60) -> fit.Softmax:
    """Fit the softmax on these lines, notes with a merchant once joined and once apart."""
    features = fit.matrix([(e.text, e.merchant) for e in examples])
    targets = np.array([fit.target(e.categories, ACCEPTED_SHARE) for e in examples])
    weights = np.array([WEIGHTS[e.source] for e in examples], dtype=np.float32)
    return fit.softmax(features, targets, weights, iterations)


def held_out_tables(
    examples: Sequence[Example], judged: Sequence[Example], lexicon: Lexicon, brands: Brands
) -> npt.NDArray[np.float32]:
    """Return evidence tables of `judged`, each from a model that was trained without it."""
    tables = np.zeros((len(judged), len(KINDS), len(IDS)), dtype=np.float32)
    fold_of = np.random.default_rng(5).integers(0, FOLDS, len(judged))
    rest = [e for e in examples if e not in set(judged)]
    for fold in range(FOLDS):
        kept = [e for e, f in zip(judged, fold_of, strict=True) if f != fold]
        model = train_ngrams([*rest, *kept], iterations=40).quantised()
        knowledge = Knowledge(model, lexicon, brands)
        for at in np.flatnonzero(fold_of == fold):
            tables[at] = knowledge.evidence(judged[at].text, judged[at].merchant)
    return tables


def main() -> None:
    examples = read_examples()
    lexicon, brands = open_lexicon(), open_brands()
    teaching = [e for e in examples if is_open(e)] + drawn_examples()
    real = [e for e in teaching if e.source == REAL]
    tables = held_out_tables(teaching, real, lexicon, brands)
    weighing = fit.weighing(tables, [e.categories for e in real])
    fit.report("insee, out of fold", weighing, tables, [e.categories for e in real])
    model = train_ngrams(teaching).quantised()
    knowledge = Knowledge(model, lexicon, brands)
    for source in sorted({e.source for e in examples if not is_open(e)}):
        lines = [e for e in examples if e.source == source]
        seen = np.array([knowledge.evidence(e.text, e.merchant) for e in lines])
        fit.report(source, weighing, seen, [e.categories for e in lines])
    if "--check" not in sys.argv:
        fit.write(DATA, model, weighing)


if __name__ == "__main__":
    main()
