"""Run the categoriser as a filter of JSON lines (`kvitto read categories`).

Reads `id, text, merchant?, amount?, lang?` and writes `id, category, confidence, sure`. With `--ledger` the
lines are one chat's history, and the `category` of each is learned after it was predicted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

from ai.categories.local import LocalCategoriser
from ports.categorising import Categoriser, Memory

LINE_CHARACTERS_MAX = 100_000


def main(arguments: Sequence[str], lines: TextIO = sys.stdin, out: TextIO = sys.stdout) -> int:
    """Read lines until the input ends; return the exit code (2 after wrong usage, by argparse)."""
    parser = argparse.ArgumentParser(prog="kvitto read categories", description=__doc__)
    parser.add_argument(
        "--ledger", action="store_true", help="learn each line's category after predicting it"
    )
    chosen = parser.parse_args(arguments)
    categoriser = LocalCategoriser()
    memory = categoriser.memory((), ()) if chosen.ledger else None
    for answer in answers(categoriser, memory, lines):
        print(json.dumps(answer, ensure_ascii=False), file=out, flush=memory is not None)
    return 0


def answers(
    categoriser: Categoriser, memory: Memory | None, lines: Iterable[str]
) -> Iterator[dict[str, object]]:
    """Answer each line; a bad line gets an `error` and the next one is read."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _parse(line)
        except ValueError as error:
            yield {"id": None, "line": number, "error": str(error)}
            continue
        text, merchant = str(row.get("text") or ""), str(row.get("merchant") or "") or None
        guesses = categoriser.guess(
            text, merchant=merchant, language=str(row.get("lang") or ""), memory=memory
        )
        yield {
            "id": row.get("id"),
            "category": guesses.best.category,
            "confidence": round(guesses.best.confidence, 4),
            "sure": guesses.sure,
        }
        if memory is not None and isinstance(row.get("category"), str):
            memory.learn(text, merchant, str(row["category"]))


def _parse(line: str) -> Mapping[str, object]:
    """Parse one line.

    Raises:
        ValueError: not a JSON object, without `text`, or too long.
    """
    if len(line) > LINE_CHARACTERS_MAX:
        message = f"longer than {LINE_CHARACTERS_MAX} characters"
        raise ValueError(message)
    try:
        row = json.loads(line.removeprefix("\ufeff"))  # some shells begin a pipe with it
    except (json.JSONDecodeError, RecursionError) as error:
        message = "not JSON"
        raise ValueError(message) from error
    if not isinstance(row, dict):
        message = "not a JSON object"
        raise ValueError(message)  # noqa: TRY004 -- every faulty line raises ValueError
    if not isinstance(row.get("text"), str) and not isinstance(row.get("merchant"), str):
        message = "text is missing"
        raise ValueError(message)  # noqa: TRY004 -- as above
    return row
