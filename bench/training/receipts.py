"""Train the weights that rank totals, dates and merchants, and report their worth on held-out receipts.

usage: python -m bench.training.receipts READINGS [--check]

READINGS is a folder that `bench/reading/receipts.py --keep` fills: a reading and its truth per file;
`python -m bench.training` (`make train`) fills it by itself. It adds receipts that
`bench/drawn` draws in every language it has. Five folds, scans and photos of one paper in the same
fold; the report is of held-out folds. Without --check the weights of all folds together go into
ledger/receipt/fields/weights.toml. Weights are numbers about features; no line of the development receipts
enters the project.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from ai.categories.brands import known_merchants
from ai.ocr.protocol import decode, encode
from ai.provenance import write_note
from bench.drawn.heads import heads, put_head
from bench.drawn.till import Drawn, packs, ring_up, typeset
from ledger.receipt.build import choose_languages
from ledger.receipt.deciding.checks import sum_items
from ledger.receipt.draft import ReceiptContext
from ledger.receipt.fields.countries import pick_country, weigh_countries
from ledger.receipt.fields.currencies import ChatCurrency, find_currency
from ledger.receipt.fields.dates import find_dates
from ledger.receipt.fields.items import find_items
from ledger.receipt.fields.merchants import find_merchants
from ledger.receipt.fields.ranking import Candidate
from ledger.receipt.fields.totals import find_totals
from ledger.receipt.reading import Reading
from ledger.receipt.reading.labelled_rows import label_rows
from ledger.receipt.reading.labels import fold_text
from ledger.receipt.reading.splitting import split_receipts

WEIGHTS = Path(__file__).resolve().parents[2] / "ledger" / "receipt" / "fields" / "weights.toml"
NOTE = WEIGHTS.with_name("weights.about.json")
BY_HAND = "# Set by hand"
"""Where the part of the file begins that training leaves as it is."""
FIELDS = ("total", "date", "merchant")
SETS = ("sroie", "photo", "phone_de")
DRAWN_OF_EACH = 6
"""Drawn receipts of each language and layout."""
HEADS_OF_EACH = 6
"""Drawn receipts of each language whose heads are set in two prints or on two lines."""
DRAWN_WEIGHT = 0.1
"""Weight of a drawn receipt next to a real one: all 270 together weigh as 27 real ones."""
DRAWN_NOISE = 0.02
SURE_AT = (0.8, 0.9)
FOLDS = 5
COLUMNS = (("total",), ("date",), ("merchant",), ("total", "date"), FIELDS)
SPREAD = {"total": 2.0, "date": 2.0, "merchant": 1.5}
"""Standard deviation of the normal prior on each weight."""
F1_RIGHT = 0.8
SPEAKS_FOR = {
    "total": (
        "row says total", "row says payable", "row says total rounded", "row says card",
        "in last total row", "just above the payment", "alone in its row", "largest",
        "largest total", "tall", "currency sign", "cash less change", "larger less change",
        "paid exactly", "card charged", "subtotal plus tax", "another plus tax", "items add up",
        "after rounding", "two total rows", "printed twice", "row says total with tax",
        "row says total and cash",
    ),
    "date": (
        "row says date", "row above says date", "time beside", "row of date and time alone",
        "written twice", "first on the page", "usual order", "order is sure", "month by name",
    ),
    "merchant": (
        "first row", "tall", "tallest", "ends with a legal form", "address next",
        "registration number next", "in the web address", "is the web address", "known brand",
        "ends with a trade", "joined inside a phrase", "headline over smaller print",
        "seller", "sender line",
    ),
}  # fmt: skip
SPEAKS_AGAINST = {
    "total": (
        "rows say subtotal", "rows say excluding", "rows say tax", "rows say service",
        "rows say tip", "rows say rounding", "rows say discount", "rows say cash",
        "rows say change", "rows say count", "rows say address", "rows say nothing",
        "row says total and tax", "no row says a total", "never last in its row", "negative",
        "unclean", "badly read", "no decimals among decimals", "before rounding",
        "tax makes it larger", "service makes it larger", "small beside the largest",
        "small beside the largest total", "among the items", "below the payment", "in a tax table",
    ),
    "date": (
        "row says other date", "in the future", "over ten years old", "in a number",
        "slash read as one", "two-digit year first", "in a row of address or number", "row says total", "badly read",
    ),
    "merchant": (
        "heading", "address", "heading inside", "address inside", "money words", "digits",
        "is a registration number", "registration number before the end", "date or time",
        "telephone", "web address", "very short", "further down", "starts with a digit",
        "cut off before its legal form", "legal form before the end", "badly read",
        "nothing but a legal form", "cut off before its trade", "below a figure", "long sentence",
        "holds an amount", "very long", "bracket torn", "broken inside a phrase",
        "nothing but a heading", "customer", "below a customer", "single letters",
        "another script",
    ),
}  # fmt: skip
"""Which way a feature may count; the data say only how much. It keeps weights readable and keeps a
few odd receipts from teaching nonsense."""


AT_LEAST = {
    "merchant": {
        "known brand": 2.5, "is the web address": 1.5, "seller": 1.5, "sender line": 1.0, "nothing but a heading": -2.5,
        "customer": -2.5, "below a customer": -1.5, "single letters": -2.0, "another script": -1.0,
    },
}  # fmt: skip
"""Least weights, in log-odds, of features that the development receipts hardly show. Known chains, letters with a sender's line and customers' names are rare on their paper."""


@dataclass
class Example:
    """One receipt: the candidates' features and which of them are right."""

    place: tuple[str, str]
    """Set and file."""
    paper: str
    drawn: bool
    features: list[dict[str, float]]
    right: list[bool]


Floats = npt.NDArray[np.float64]


@dataclass
class Model:
    names: list[str]
    weights: Floats

    def scores(self, example: Example) -> Floats:
        return np.asarray(matrix(example, self.names) @ self.weights)


def matrix(example: Example, names: list[str]) -> Floats:
    rows = [[1.0, *(f.get(name, 0.0) for name in names[1:])] for f in example.features]
    return np.array(rows, float).reshape(len(rows), len(names))


def tokens(name: str) -> list[str]:
    plain = re.sub(r"\([^()]*\d[^()]*\)", " ", name.casefold()).replace(".", "").replace("'", "")
    return re.sub(r"[^\w]+", " ", plain).split()


def overlap(one: str, other: str) -> float:
    """Token F1, and for names that OCR glued together the skeletons' equality."""
    a, b = tokens(one), tokens(other)
    common = sum(min(a.count(word), b.count(word)) for word in set(a))
    f1 = 2 * common / (len(a) + len(b)) if a and b else 0.0
    return max(f1, 0.9 * (fold_text(one) == fold_text(other)))


def _equals(truth: object, value: object) -> float:
    """Return whether a candidate is the truth, as a share."""
    return float(value == truth)


def _is_day(truth: str, value: date) -> float:
    """Return whether a candidate is the true day, as a share."""
    return float(value.isoformat() == truth)


Read = tuple[Reading, dict[str, Any], str, bool]
"""A reading, its truth, the paper it shows, and whether we drew it."""


def load(folder: Path) -> list[Read]:
    found: list[Read] = []
    for line in (folder / "truth.jsonl").read_text("utf-8").splitlines():
        truth = json.loads(line)
        reading = decode((folder / f"{truth['set']}__{truth['file']}.json").read_bytes())
        paper = re.sub(r"^photo_", "", truth["file"])
        assert isinstance(reading, Reading), truth["file"]
        found.append((reading, truth, paper, False))
    return found


def draw() -> list[Read]:
    """Receipts of our own till as OCR would read them: always the same ones."""
    found: list[Read] = []
    for number, tag in enumerate(sorted(packs())):
        for copy in range(DRAWN_OF_EACH):
            drawn = ring_up(number * 1000 + copy, tag)
            found.append(typed(drawn, number * 77 + copy, f"{tag}_{copy}"))
        for copy in range(HEADS_OF_EACH if tag in heads() else 0):
            seed = number * 1000 + 500 + copy
            found.append(typed(put_head(ring_up(seed, tag), seed), seed, f"{tag}_head_{copy}"))
    return found


def typed(drawn: Drawn, seed: int, name: str) -> Read:
    """A drawn receipt as OCR would read it."""
    decoded = decode(encode(typeset(drawn, seed, noise=DRAWN_NOISE)))
    assert isinstance(decoded, Reading)
    return decoded, {**drawn.truth, "set": "drawn", "file": name, "country": None}, name, True


def examples(data: Sequence[Read]) -> dict[str, list[Example]]:
    built: dict[str, list[Example]] = {field: [] for field in FIELDS}
    for reading, truth, paper, drawn in data:
        context = ReceiptContext(
            dt.datetime.fromisoformat(truth.get("now", "2026-11-21T12:00:00+00:00")),
            truth.get("language", "en"),
            truth.get("country"),
        )
        rows = max(split_receipts(reading), key=len, default=())
        countries = weigh_countries(rows)
        country = pick_country(countries, context.country, context.currency, context.language)
        chat = ChatCurrency(context.currency, context.country, context.language)
        currency = find_currency(rows, countries, chat).code or context.currency
        labelled = label_rows(rows, currency, choose_languages(rows, country, context))
        items = sum_items(find_items(labelled))
        wanted: list[tuple[str, list[Candidate[Any]], Callable[[Any], float]]] = []
        if truth.get("total"):
            total = Decimal(truth["total"])
            wanted.append(("total", find_totals(labelled, items), partial(_equals, total)))
        if truth.get("date"):
            day = truth["date"]
            found = find_dates(labelled, country, context.now.date())
            wanted.append(("date", found, partial(_is_day, day)))
        if truth.get("merchant"):
            names = [truth["merchant"], *(truth.get("merchant_alt") or [])]
            near = lambda v, n=names: max(overlap(v, name) for name in n)  # noqa: E731
            wanted.append(("merchant", find_merchants(labelled, known_merchants()), near))
        for field, candidates, worth in wanted:
            values = [worth(candidate.value) for candidate in candidates]
            best = max(values, default=0.0)
            right = [value == best and best >= F1_RIGHT for value in values]
            features = [dict(candidate.features) for candidate in candidates]
            place = truth["set"], truth["file"]
            built[field].append(Example(place, paper, drawn, features, right))
    return built


def fit(field: str, train: list[Example], drawn_weight: float) -> Model:
    """Maximum posterior of the choice model; "none of them" has score 0."""
    spread = SPREAD[field]
    names = ["bias", *sorted({name for e in train for f in e.features for name in f})]
    data = [
        (matrix(e, names), np.array(e.right, bool), drawn_weight if e.drawn else 1.0)
        for e in train
        if e.features
    ]

    def loss(weights: Floats) -> tuple[float, Floats]:
        value = float(weights @ weights) / (2 * spread**2)
        slope = weights / spread**2
        for x, right, share in data:
            scores = np.append(x @ weights, 0.0)
            masses = np.exp(scores - scores.max())
            belief = masses / masses.sum()
            good = np.append(right, not right.any())
            mass = belief[good].sum()
            target = np.where(good, belief / mass, 0.0)
            value -= share * np.log(mass)
            slope -= share * ((target - belief)[:-1] @ x)
        return value, slope

    bounds = [bounds_of(field, name) for name in names]
    start = np.array([max(low or 0.0, 0.0) + min(high or 0.0, 0.0) for low, high in bounds])
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return Model(names, best.x)


def bounds_of(field: str, name: str) -> tuple[float | None, float | None]:
    """The range in which a feature's weight may lie."""
    least = AT_LEAST.get(field, {}).get(name, 0.0)
    low = max(0.0, least) if name in SPEAKS_FOR[field] else None
    return low, min(0.0, least) if name in SPEAKS_AGAINST[field] else None


def believe(model: Model, example: Example) -> tuple[int, float]:
    if not example.features:
        return -1, 0.0
    scores = np.append(model.scores(example), 0.0)
    masses = np.exp(scores - scores.max())
    belief = masses / masses.sum()
    best = int(np.argmax(belief[:-1]))
    return best, float(belief[best])


Outcome = dict[tuple[str, str], tuple[bool, float]]
"""Of each real receipt by set and file: whether the field was right, and how sure it was."""


def cross(field: str, data: list[Example]) -> Outcome:
    """Let every real receipt be judged by weights that were trained without it."""
    papers = sorted({e.paper for e in data if not e.drawn})
    outcome: Outcome = {}
    for fold in range(FOLDS):
        held = set(papers[fold::FOLDS])
        train = [e for e in data if e.drawn or e.paper not in held]
        model = fit(field, train, DRAWN_WEIGHT)
        for e in data:
            if not e.drawn and e.paper in held:
                best, belief = believe(model, e)
                outcome[e.place] = (best >= 0 and e.right[best], belief)
    return outcome


Shares = dict[tuple[str, tuple[str, ...]], float]
"""The share of receipts of a set, or of all together, whose fields are all right."""


def shares_of(outcomes: dict[str, Outcome]) -> Shares:
    shares: Shares = {}
    for name in (*SETS, "together"):
        places = {p for o in outcomes.values() for p in o if name in (p[0], "together")}
        for fields in COLUMNS:
            right = [all(outcomes[f].get(p, (True, 0))[0] for f in fields) for p in places]
            shares[name, fields] = float(np.mean(right))
    return shares


def report(outcomes: dict[str, Outcome], built: dict[str, list[Example]]) -> None:
    """Print the shares that are right by set, and how surely the total may be booked."""
    columns, held_out = COLUMNS, shares_of(outcomes)
    print(f"\n{'receipts, held out':<20}" + "".join(f"{'+'.join(c):>20}" for c in columns))
    for name in (*SETS, "together"):
        places = {p for o in outcomes.values() for p in o if name in (p[0], "together")}
        shares = [held_out[name, c] for c in columns]
        print(f"{f'{name} ({len(places)})':<20}" + "".join(f"{share:>20.3f}" for share in shares))
    for field in FIELDS:
        reachable = np.mean([any(e.right) for e in built[field] if not e.drawn])
        ordered = sorted(outcomes[field].values(), key=lambda item: -item[1])
        share = [np.mean([g for g, _ in ordered[: int(len(ordered) * s)]]) for s in SURE_AT]
        print(
            f"{field:9s} among the candidates {reachable:.3f};"
            f" right in the surest 80 % {share[0]:.3f}, 90 % {share[1]:.3f}"
        )


def write(models: dict[str, Model], learned: Mapping[str, int], held_out: Shares) -> None:
    before = WEIGHTS.read_text("utf-8")
    by_hand = before[before.index(BY_HAND) :]
    lines = [
        "# What speaks for (+) and against (-) a candidate. Trained by bench/training/receipts.py;",
        "# [sure] holds the least confidence for booking without a question.",
        "#",
        f"# Learned from {', '.join(f'{count} {name}' for name, count in learned.items())}.",
        "# Right on receipts that were held out, by fold:",
    ]
    for name in SETS:
        figures = (f"{'+'.join(c)} {held_out[name, c]:.3f}" for c in COLUMNS)
        lines.append(f"#   {name}: {', '.join(figures)}")
    for field, model in models.items():
        lines += ["", f"[{field}]"]
        lines += [f'"{n}" = {w:.2f}' for n, w in zip(model.names, model.weights, strict=True)]
    WEIGHTS.write_text("\n".join(lines) + "\n\n" + by_hand, "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readings", type=Path)
    parser.add_argument("--check", action="store_true", help="measure and write nothing")
    options = parser.parse_args(arguments)
    data = [*load(options.readings), *draw()]
    built = examples(data)
    outcomes = {field: cross(field, built[field]) for field in FIELDS}
    report(outcomes, built)
    if options.check:
        return
    learned = Counter(truth["set"] for _, truth, _, _ in data)
    models = {field: fit(field, built[field], DRAWN_WEIGHT) for field in FIELDS}
    write(models, learned, shares_of(outcomes))
    write_note([WEIGHTS], NOTE, trained_on=dt.datetime.now(dt.UTC).date(), learned=learned)


if __name__ == "__main__":
    main()
