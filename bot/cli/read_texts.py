"""Run the free-text grammar without a chat, JSON lines in and out.

A line: `id, text, chat, sent_at, timezone, default_currency, language, categories?, addressed?`. The
answer: `id, entries: [...]` or `id, outcome, why`. A line that cannot be read gives `error`, and the
next one is read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache, partial
from typing import Any, TextIO

from ai.categories.local import LocalCategoriser
from ledger.money import is_currency
from ledger.periods.days import is_zone
from ledger.settings import Settings
from ledger.text import Parsed, ParsedEntry, TextContext, parse_message
from replies.names import list_group_names


def main(arguments: Sequence[str]) -> int:
    """Run the command on the standard streams; it takes no options."""
    argparse.ArgumentParser(prog="kvitto read texts", description=__doc__).parse_args(arguments)
    return read_texts(sys.stdin, sys.stdout)


def read_texts(stdin: TextIO, stdout: TextIO) -> int:
    """Read every line of `stdin`, write one line each; return the exit code, always 0."""
    for number, line in enumerate(stdin, 1):
        if not line.strip():
            continue
        answer = _answer(line, number)
        stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        stdout.flush()
    return 0


def _answer(line: str, number: int) -> dict[str, Any]:
    case_id: Any = None
    try:
        case = json.loads(line.removeprefix("\ufeff"))  # some shells begin a pipe with it
        if not isinstance(case, dict):
            return {"id": None, "error": f"line {number}: no JSON object"}
        case_id = case.get("id")
        text, context = case["text"], context_of(case)
        if not isinstance(text, str):
            return {"id": case_id, "error": f"line {number}: text is no string"}
    except KeyError as error:
        return {"id": case_id, "error": f"line {number}: {error.args[0]} is missing"}
    except json.JSONDecodeError:
        return {"id": None, "error": f"line {number}: not JSON"}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        return {"id": case_id, "error": f"line {number}: {error}"}
    return {"id": case_id, **meaning_of(parse_message(text, context))}


def context_of(case: dict[str, Any]) -> TextContext:
    """Build the context of a case, with an empty past and the shipped categoriser's guesses.

    Raises:
        ValueError: a value that means nothing.
    """
    sent_at = datetime.fromisoformat(case["sent_at"])
    sound = {
        "sent_at": sent_at.tzinfo is not None,
        "chat": case["chat"] in ("private", "group"),
        "timezone": is_zone(case["timezone"]),
        "default_currency": is_currency(case["default_currency"]),
    }
    if wrong := [name for name, is_sound in sound.items() if not is_sound]:
        message = f"{', '.join(wrong)}: not understood"
        raise ValueError(message)
    return TextContext(
        chat_kind=case["chat"],
        currency=case["default_currency"],
        sent_at=sent_at,
        language=str(case["language"]),
        timezone=case["timezone"],
        categories=tuple(map(str, case.get("categories") or ())),
        groups=_name_groups(str(case["language"])),
        addressed=bool(case.get("addressed")),
        is_known_note=partial(is_known_note, language=str(case["language"])),
    )


@lru_cache(maxsize=64)
def _name_groups(language: str) -> tuple[str, ...]:
    return tuple(list_group_names(Settings("EUR", "UTC", language)))


@cache
def _categoriser() -> LocalCategoriser:
    return LocalCategoriser()


@lru_cache(maxsize=4096)
def is_known_note(note: str, language: str) -> bool:
    """Return whether the shipped categoriser knows a note by its words, not only by its letters."""
    return _categoriser().guess(note, language=language).known


def meaning_of(parsed: Parsed) -> dict[str, Any]:
    """Return a meaning in the words of the answer's line."""
    if parsed.entries:
        return {"entries": [_entry(entry) for entry in parsed.entries]}
    if parsed.outcome == "ask" and parsed.ask:
        return {"outcome": "ask", "why": parsed.ask.kind}
    return {"outcome": parsed.outcome, "why": parsed.why.id if parsed.why else ""}


def _entry(entry: ParsedEntry) -> dict[str, Any]:
    written: dict[str, Any] = {
        "type": entry.type,
        "amount": f"{entry.amount:f}",
        "currency": entry.currency,
        "note": entry.note,
        "date": entry.on.isoformat(),
    }
    if entry.category:
        written["category"] = entry.category
    if entry.tags:
        written["tags"] = list(entry.tags)
    return written
