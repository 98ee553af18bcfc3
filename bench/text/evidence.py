"""Print what each feature of the evidence is worth, and folds that leave one language out.

    python -m bench.text.evidence [folds] [ablation]

A fold trains on every other language and judges the real lines of the one that was left out. The
ablation takes one feature's weight away and counts the real lines that are judged otherwise. Needs
../shared beside the project. Folds take about half a minute each, the ablation three minutes.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

from bench.text.verdicts import judge_all, print_head, print_row
from bench.training.texts import SECTIONS, Case, fit_all, load_cases
from ledger.text.deciding.weights import load_weights

PARTS = ("folds", "ablation")
DRAWN_OF_EACH = 100
"""Drawn messages of each language here: fewer than training takes, since it trains nineteen times."""


def leave_languages_out(cases: Sequence[Case]) -> None:
    """Print what each language's real lines score with weights that it did not teach."""
    kept = {section: load_weights()[section] for section in SECTIONS}
    print_head("language left out")
    total: Counter[str] = Counter()
    for language in sorted({language_of(case) for case in cases}):
        held = [c for c in cases if language_of(c) == language and c["set"] != "drawn"]
        fit_all([c for c in cases if language_of(c) != language])
        found = judge_all(held)
        total += found
        print_row(language, found)
    print_row("all", total)
    load_weights().update(kept)


def language_of(case: Case) -> str:
    return str(case["language"]).split("-", maxsplit=1)[0]


def ablate(cases: Sequence[Case]) -> None:
    """Print each feature's weight, and what changes on the real lines without it."""
    real = [case for case in cases if case["set"] != "drawn"]
    base = judge_all(real)
    print_head("")
    print_row("all features", base)
    for section in SECTIONS:
        weights = load_weights()[section]
        for name, weight in sorted(weights.items(), key=lambda item: -abs(item[1])):
            load_weights()[section] = {k: w for k, w in weights.items() if k != name}
            found = judge_all(real)
            changes = {kind: found[kind] - base[kind] for kind in found | base}
            told = ", ".join(f"{kind} {n:+d}" for kind, n in changes.items() if n)
            print(f"  {section:<9}{name:<36}{weight:>7.2f}  {told or 'nothing'}", flush=True)
        load_weights()[section] = weights


def main() -> None:
    parts = sys.argv[1:] or PARTS
    cases = load_cases(DRAWN_OF_EACH)
    if "folds" in parts:
        leave_languages_out(cases)
    if "ablation" in parts:
        fit_all(cases)
        ablate(cases)


if __name__ == "__main__":
    main()
