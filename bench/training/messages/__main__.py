"""Write labelled messages as strangers type them, in all languages, for training the reader.

    python -m bench.training.messages [--count 2000] [--seed 1] [--languages en,ko] > messages.jsonl

Each line has the shape of a case of the corpora: the text, the chat, the expected reading and
further right readings. The same count, seed and languages give the same lines. Drawn messages
teach weights; they prove nothing about strangers, since the same hand wrote their words.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from typing import Any

from bench.training.messages.entries import ENTRY_KINDS
from bench.training.messages.languages import Draw, Drawn, Language, languages, open_language
from bench.training.messages.refusals import REFUSAL_KINDS
from bench.training.messages.writing import roughen

KINDS = ENTRY_KINDS | REFUSAL_KINDS
"""Kind of a message -> its share of 1000 and the function that draws one."""
PLAIN_TRIES = 20
"""Draws after which a kind that a language has no words for is skipped."""


def draw_messages(language: Language, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Draw labelled cases of one language."""
    chance = random.Random(f"{seed} {language.code}")
    kinds = list(KINDS)
    shares = [KINDS[kind][0] for kind in kinds]
    for number in range(count):
        for _ in range(PLAIN_TRIES):
            kind = chance.choices(kinds, shares)[0]
            draw = Draw(chance, language, language.chat(chance))
            if drawn := KINDS[kind][1](draw):
                yield _case(draw, drawn, f"d-{language.code}-{number:05}", kind)
                break


def _case(draw: Draw, drawn: Drawn, name: str, kind: str) -> dict[str, Any]:
    """Give a drawn message the shape of a corpus line."""
    chat = draw.chat
    case = {
        "id": name,
        "text": roughen(draw, drawn.text),
        "chat": chat.kind,
        "sent_at": chat.sent_at.isoformat(),
        "timezone": chat.zone,
        "default_currency": chat.currency,
        "language": chat.tag,
        "expected": drawn.expected,
        "also": list(drawn.also),
        "tags": [f"lang.{draw.language.code}", f"kind.{kind}"],
        "origin": "drawn",
    }
    if not drawn.also:
        del case["also"]
    return case


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=2000, help="messages a language")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--languages", default="", help="codes parted by commas; all by default")
    options = parser.parse_args()
    for code in options.languages.split(",") if options.languages else languages():
        for case in draw_messages(open_language(code), options.count, options.seed):
            sys.stdout.write(json.dumps(case, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
