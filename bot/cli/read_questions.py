"""Run the grammar of questions without a chat, JSON lines in and out.

A line: `id, text, language, now, timezone, currency, names: {categories, merchants, members, tags}`. The
answer: `id, query` or `id, outcome: ask|refused, why`. A line that cannot be read gives `error`, and the
next one is read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TextIO

from ledger.categories import IDS
from ledger.inquiries import InquiryContext, Names, Query, read_inquiry
from ledger.inquiries.characters import pieces
from ledger.inquiries.lexicon import language_of, lexicon_of
from ledger.inquiries.query import Doubt, Understood
from ledger.inquiries.wire import query_fields
from ledger.money import is_currency
from ledger.periods.days import is_zone
from ledger.text import TextContext


def main(arguments: Sequence[str]) -> int:
    """Run the command on the standard streams; it takes no options."""
    argparse.ArgumentParser(prog="kvitto read questions", description=__doc__).parse_args(arguments)
    return read_questions(sys.stdin, sys.stdout)


def read_questions(stdin: TextIO, stdout: TextIO) -> int:
    """Read every line of `stdin`, write one line each; return the exit code, always 0."""
    for number, line in enumerate(stdin, 1):
        if line.strip():
            stdout.write(json.dumps(_answer(line, number), ensure_ascii=False) + "\n")
            stdout.flush()
    return 0


def _answer(line: str, number: int) -> dict[str, Any]:
    case_id: Any = None
    try:
        case = json.loads(line.removeprefix("\ufeff"))  # some shells begin a pipe with it
        if not isinstance(case, dict):
            return {"id": None, "error": f"line {number}: no JSON object"}
        case_id = case.get("id")
        context = context_of(case)
        return {"id": case_id, **meaning_of(str(case["text"]), context)}
    except KeyError as error:
        return {"id": case_id, "error": f"line {number}: {error.args[0]} is missing"}
    except json.JSONDecodeError:
        return {"id": None, "error": f"line {number}: not JSON"}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        return {"id": case_id, "error": f"line {number}: {error}"}


def context_of(case: Mapping[str, Any]) -> InquiryContext:
    """Build the context of a case.

    Raises:
        ValueError: a value that means nothing.
    """
    now = datetime.fromisoformat(str(case["now"]))
    timezone, currency = str(case.get("timezone") or "UTC"), str(case.get("currency") or "EUR")
    sound = {
        "now": now.tzinfo is not None,
        "timezone": is_zone(timezone),
        "currency": is_currency(currency),
    }
    if wrong := [name for name, is_sound in sound.items() if not is_sound]:
        message = f"{', '.join(wrong)}: not understood"
        raise ValueError(message)
    language = str(case.get("language") or "en")
    # A line was asked, as behind `/ask`: `coffee this month` means its sum.
    chat = TextContext("private", currency, now, language, timezone, command=True)
    return InquiryContext(chat, _names(case.get("names") or {}))


def _names(given: Mapping[str, Any]) -> Names:
    categories = given.get("categories") or ()
    if isinstance(categories, Mapping):
        named = {str(name): str(value) for value, name in categories.items()}
        named |= {str(value): str(value) for value in categories}
    else:
        named = {
            name.replace("_", " ") if name in IDS else name: name for name in map(str, categories)
        }
    return Names(
        categories=named,
        merchants=tuple(map(str, given.get("merchants") or ())),
        members=tuple(map(str, given.get("members") or ())),
        tags=tuple(map(str, given.get("tags") or ())),
    )


def meaning_of(text: str, context: InquiryContext) -> dict[str, Any]:
    """Return a meaning in the words of the answer's line."""
    inquiry = read_inquiry(text, context)
    if isinstance(inquiry, Understood):
        return {"query": _fields(inquiry.query, context)}
    if isinstance(inquiry, Doubt):
        options = [_fields(query, context) for query in inquiry.options]
        return {"outcome": "ask", "why": inquiry.kind, "options": options}
    return {"outcome": "refused", "why": inquiry.reason}


def _fields(query: Query, context: InquiryContext) -> dict[str, Any]:
    """Return the fields of a query, with categories as the line calls them."""
    given = _called(context)
    scopes = tuple(given.get(scope, scope) for scope in query.filter.scopes)
    return query_fields(replace(query, filter=replace(query.filter, scopes=scopes)))


def _called(context: InquiryContext) -> dict[str, str]:
    """Map ids of categories and groups to the names of the line that mean them."""
    lexicon = lexicon_of(language_of(context.chat.language))
    found: dict[str, str] = {}
    for name, value in context.names.categories.items():
        first, *rest = pieces(name) or ("",)
        phrases = lexicon.phrases.get(first, ()) if lexicon else ()
        for keys, cues in phrases:
            if keys == tuple(rest):
                found |= {str(cue.value): value for cue in cues if cue.role == "scope"}
    return found
