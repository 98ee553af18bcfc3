"""Measure the grammar of questions on a labelled set, per language.

    python -m bench.questions [--held-out] [--language de] [--show]

Every odd line of `set/*.txt` is for working on the grammar, every even one is held out: it is run to
report, never to look at. A line is `question => op; key=value; …`. Days count from Wednesday,
18 November 2026; `lm` is last month, `tw` this week, `nw` the next, `d30` the last 30 days, `2026-09-01..`
from then to today. Three figures count: exact queries, wrong ones (a query that differs from the label,
which would give a wrong figure), and milliseconds a question.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.cli.read_questions import context_of, meaning_of
from ledger.inquiries.characters import key_of
from ledger.periods.period import Calendar, Period, parse_period

SET = Path(__file__).parent / "set"
TODAY = date(2026, 11, 18)
_DAY = timedelta(days=1)
_UNITS = {"w": "week", "m": "month", "y": "year"}
_FILTER = {
    "category",
    "group",
    "merchant",
    "words",
    "item",
    "tag",
    "member",
    "min",
    "max",
    "currency",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its context and its label."""

    language: str
    text: str
    context: dict[str, Any]
    expected: dict[str, Any]
    is_held_out: bool


def load_cases() -> Iterator[Case]:
    """Give every case of the set."""
    for path in sorted(SET.glob("*.txt")):
        names: dict[str, list[str]] = {}
        number = 0
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("#"):
                kind, _, listed = line.lstrip("# ").partition(":")
                names[kind] = [name.strip() for name in listed.split(",")]
            elif " => " in line:
                number += 1
                yield _case(path.stem, line, names, is_held_out=number % 2 == 0)


def _case(stem: str, line: str, names: dict[str, list[str]], *, is_held_out: bool) -> Case:
    text, _, label = line.partition(" => ")
    language = stem
    if stem == "zz_refused":
        language, _, text = text.partition("|")
    context = {
        "now": f"{TODAY}T12:00:00+00:00",
        "language": language,
        "timezone": "Europe/Berlin",
        "currency": _CURRENCIES.get(language, "EUR"),
        "names": names,
    }
    return Case(stem, text, context, _expected(label), is_held_out)


_CURRENCIES = {
    "ja": "JPY", "zh": "CNY", "ko": "KRW", "pl": "PLN", "ru": "RUB", "uk": "UAH", "tr": "TRY",
    "hi": "INR", "id": "IDR", "vi": "VND", "th": "THB", "sv": "SEK", "nb": "NOK", "is": "ISK",
    "ar": "SAR", "he": "ILS", "fa": "IRR",
}  # fmt: skip


def _expected(label: str) -> dict[str, Any]:
    op, *rest = [part.strip() for part in label.split(";")]
    if op in ("refused", "ask"):
        return {"outcome": op}
    values = dict(part.split("=", 1) for part in rest)
    which: dict[str, Any] = {name: value for name, value in values.items() if name in _FILTER}
    if "period" in values:
        period = _period(values["period"])
        which["period"] = (period.start.isoformat(), period.last.isoformat())
    if "without" in values:
        which["except"] = [dict([one.split(":")]) for one in values["without"].split("+")]
    found: dict[str, Any] = {"op": op, "type": values.get("type", "expense"), "filter": which}
    found |= {name: values[name] for name in ("by", "compare_to", "limit") if name in values}
    return found


def _period(short: str) -> Period:
    calendar = Calendar()
    if short == "yday":
        return Period(TODAY - _DAY, TODAY, "day")
    if short.endswith(".."):
        return Period(date.fromisoformat(short[:-2]), TODAY + _DAY)
    if short[0] == "d":
        return Period(TODAY + _DAY - timedelta(days=int(short[1:])), TODAY + _DAY)
    if short[0] in "tln" and short[1:] in _UNITS:
        period = calendar.of(_UNITS[short[1:]], TODAY)  # type: ignore[arg-type]
        if short[0] == "t":
            return period
        return calendar.previous(period) if short[0] == "l" else calendar.next(period)
    found = parse_period(short, TODAY)
    assert found is not None, short
    return found


def plain(meaning: dict[str, Any]) -> dict[str, Any]:
    """Return a meaning in the form of the labels, with words folded."""
    if "query" not in meaning:
        return {"outcome": meaning.get("outcome", "error")}
    query = dict(meaning["query"])
    which = dict(query.get("filter", {}))
    if "period" in which:
        which["period"] = (which["period"]["from"], which["period"]["to"])
    query["filter"] = {
        name: value if isinstance(value, tuple) else key_of(str(value))
        for name, value in which.items()
    }
    return {name: value if name == "filter" else str(value) for name, value in query.items()}


def _label(expected: dict[str, Any]) -> dict[str, Any]:
    return expected if "outcome" in expected else plain({"query": _wired(expected)})


def _wired(expected: dict[str, Any]) -> dict[str, Any]:
    which = dict(expected["filter"])
    if "period" in which:
        which["period"] = {"from": which["period"][0], "to": which["period"][1]}
    return {**expected, "filter": which}


def main() -> None:
    """Run the set and print the figures of every language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--language")
    parser.add_argument("--show", action="store_true", help="print what differs")
    options = parser.parse_args()
    cases = [case for case in load_cases() if case.is_held_out == options.held_out]
    cases = [case for case in cases if options.language in (None, case.language)]
    judge_all(cases)  # the packs load with the first questions
    seconds: list[float] = []
    tally = judge_all(cases, show=options.show, seconds=seconds)
    everything = [verdict for found in tally.values() for verdict in found]
    for language, verdicts in (*tally.items(), ("all", everything)):
        counts = {name: verdicts.count(name) for name in ("exact", "wrong", "asked", "missed")}
        share = counts["exact"] / len(verdicts)
        print(f"{language:11} {len(verdicts):4} exact {share:.3f}  {counts}")
    print(
        f"{1000 * sum(seconds) / len(seconds):.2f} ms a question, {1000 * max(seconds):.1f} at most"
    )


def judge_all(
    cases: Iterable[Case], *, show: bool = False, seconds: list[float] | None = None
) -> dict[str, list[str]]:
    """Return the verdicts by language: `exact`, `wrong`, `asked` or `missed`."""
    tally: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        context = context_of(case.context)
        started = time.perf_counter()
        meaning = meaning_of(case.text, context)
        if seconds is not None:
            seconds.append(time.perf_counter() - started)
        found, expected = plain(meaning), _label(case.expected)
        verdict = _judge(found, expected)
        tally[case.language].append(verdict)
        if show and verdict != "exact":
            print(f"{case.language} {verdict}: {case.text}\n    {found}\n    {expected}")
    return tally


def _judge(found: dict[str, Any], expected: dict[str, Any]) -> str:
    if found == expected:
        return "exact"
    if "op" in found:
        return "wrong"
    return "asked" if found["outcome"] == "ask" else "missed"


if __name__ == "__main__":
    main()
