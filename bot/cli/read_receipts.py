"""Run the local receipt reader without a chat (`kvitto read receipts PATH…`).

Prints one JSON line per receipt; a file that is refused is one line with `error`. Folders are read in
order of their names. Amounts are decimal strings, dates ISO.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from ai.categories.brands import known_merchants
from ai.ocr.local import LocalReceiptReader
from ledger.money import is_currency, plain
from ledger.receipt import FileRefusal, ReceiptContext, ReceiptDraft, build_drafts
from ledger.receipt.fields.countries import load_countries
from ports.reading import ReadHint

FILE_BYTES_MAX = 20 * 1024 * 1024
"""Bytes that a bot may download from Telegram."""


def main(arguments: Sequence[str], out: TextIO = sys.stdout) -> int:
    """Read every file named; return 0, or 1 when a path could not be opened."""
    options = _parser().parse_args(arguments)
    language, _, region = options.language.replace("_", "-").partition("-")
    country = (options.country or region).upper() or None
    context = ReceiptContext(
        now=options.now,
        language=language.lower(),
        country=country,
        currency=options.currency or _currency_of(country),
        brands=known_merchants(),
    )
    return asyncio.run(_read_all(options.paths, context, out))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kvitto read receipts", description=__doc__)
    parser.add_argument("paths", nargs="+", metavar="PATH", help="images, PDFs or folders")
    parser.add_argument("--language", default="en", help="the chat's language tag (en, de-AT, …)")
    parser.add_argument(
        "--country", default="", help="ISO 3166 code; default: the language's region"
    )
    parser.add_argument("--currency", type=_currency, default=None, help="the chat's currency")
    parser.add_argument("--now", type=_moment, default=datetime.now(UTC), help="ISO date or time")
    return parser


async def _read_all(paths: Sequence[str], context: ReceiptContext, out: TextIO) -> int:
    reader = LocalReceiptReader()
    failed = False
    try:
        for path in paths:
            for name in _files(Path(path), path):
                answers = await _read(reader, name, context)
                failed = failed or any(answer.get("error") == "cannot_open" for answer in answers)
                for answer in answers:
                    print(json.dumps(answer, ensure_ascii=False), file=out, flush=True)
    finally:
        await reader.close()
    return int(failed)


def _files(path: Path, name: str) -> Iterator[str]:
    """Yield the files of a folder in order, or the file as it was given."""
    if not path.is_dir():
        yield name
        return
    for entry in sorted(path.rglob("*")):
        if entry.is_file() and not entry.name.startswith("."):
            yield str(entry)


async def _read(
    reader: LocalReceiptReader, name: str, context: ReceiptContext
) -> list[dict[str, object]]:
    try:
        data = await asyncio.to_thread(_bytes_of, name)
    except OSError as error:
        print(f"kvitto: {name}: {error.strerror}", file=sys.stderr)
        return [{"file": name, "error": "cannot_open"}]
    if len(data) > FILE_BYTES_MAX:
        return [{"file": name, "error": "too_large", "sure": False}]
    reading = await reader.read(data, ReadHint(name, context.language))
    if isinstance(reading, FileRefusal):
        return [{"file": name, "error": reading.message_id, "sure": False}]
    drafts = build_drafts(reading, context)
    answers = [{"file": name, **_line(draft)} for draft in drafts]
    if len(answers) > 1:
        answers = [{**answer, "part": part} for part, answer in enumerate(answers, 1)]
    return answers


def _bytes_of(name: str) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(FILE_BYTES_MAX + 1)


def _line(draft: ReceiptDraft) -> dict[str, object]:
    """Return a draft as a JSON line's fields."""
    currency = draft.currency or "EUR"
    line: dict[str, object] = {
        "merchant": draft.merchant,
        "date": draft.on.isoformat() if draft.on else None,
        "total": None if draft.total is None else plain(draft.total, currency),
        "currency": draft.currency,
        "tax": None if draft.tax is None else plain(draft.tax, currency),
        "items": [
            {"name": item.name, "price": plain(item.price, currency)}
            | ({"quantity": f"{item.quantity:f}"} if item.quantity is not None else {})
            for item in draft.items
        ],
        "sure": draft.sure,
        "asks": list(draft.asks),
        "marks": list(draft.marks),
        "confidence": dict(draft.confidence),
        "evidence": dict(draft.evidence),
        "checks": [
            {"name": check.name, "passed": check.passed, "delta": f"{check.delta:f}"}
            for check in draft.checks
        ],
    }
    if draft.kind not in {"receipt", "refund"}:
        line["error"] = draft.kind
    elif draft.kind == "refund":
        line["kind"] = "refund"
    if draft.missing:
        line["missing"] = list(draft.missing)
    return line


def _currency_of(country: str | None) -> str:
    place = load_countries().get(country or "")
    return place.currency if place else "EUR"


def _currency(text: str) -> str:
    if not is_currency(text.upper()):
        message = f"{text} is not an ISO 4217 currency"
        raise argparse.ArgumentTypeError(message)
    return text.upper()


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{text} is not an ISO date"
        raise argparse.ArgumentTypeError(message) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
