"""Who sold: one to three rows near the top, weighed against headings, addresses and scribbles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from statistics import median

from ledger.receipt.labels import skeleton
from ledger.receipt.ranking import Candidate
from ledger.receipt.sheet import Sheet

_TOP_ROWS = 12
_SPAN_MAX = 3
_LENGTH_MAX = 80
_REGISTRATION = re.compile(
    r"^\W*(?:co\.?\s*(?:reg\.?)?\s*(?:no|n0)?\W*|reg\w*\W*(?:no)?\W*|roc\W*(?:no)?\W*|company\s*(?:reg\w*)?\W*(?:no)?\W*)?"
    r"[\(\[{]?\s*(?:[A-Z]{0,3}\s?\d{4,12}\s*[-–.]?\s*[A-Z0-9]{0,2}|\d{6}-[A-Z])\s*[\)\]}]?\W*$",
    re.IGNORECASE,
)
_REGISTRATION_TAIL = re.compile(
    r"\s*(?:[\(\[{]\s*(?:co\.?\s*(?:reg)?\.?\s*(?:no)?\W*)?[A-Z]{0,3}\s?\d[\d\s.\-]{3,14}[A-Z0-9]{0,2}\s*[\)\]}]?"
    r"|\s\d{5,7}\s?-\s?[A-Z])\W*$",
    re.IGNORECASE,
)
_EDGE = " \t*#=~_-–—:;,.|<>«»\"'`•·"
_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}:\d{2}")
_WEB = re.compile(r"(?:www\.|https?://|@)\s?([a-z0-9][a-z0-9\-]{2,40})\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?:\d[\s\-/()]?){7,}")


def find_merchants(sheet: Sheet, brands: Mapping[str, str]) -> list[Candidate[str]]:
    """Return names that the page may carry, spans of rows near its top.

    `brands` maps skeletons of known names to the names as they are written.
    """
    top = [i for i in range(min(len(sheet.rows), _TOP_ROWS)) if _letters(sheet.rows[i].text) > 1]
    if not top:
        return []
    tallest = max(sheet.rows[i].height for i in top)
    domains = {skeleton(name) for name in _WEB.findall(sheet.text)}
    candidates = []
    for position, start in enumerate(top):
        for length in range(1, _SPAN_MAX + 1):
            span = top[position : position + length]
            if len(span) < length or span[-1] - start >= length:
                break
            name = clean_name(" ".join(sheet.rows[i].text for i in span))
            if name and len(name) <= _LENGTH_MAX:
                features = _features(sheet, span, position, tallest, domains)
                features["known brand"] = float(skeleton(name) in brands)
                candidates.append(Candidate(name, features, sheet.rows[start].text, tuple(span)))
    return candidates


def clean_name(text: str) -> str:
    """Take registration numbers and ornaments off a name; blanks are made single."""
    name = " ".join(text.split())
    name = _REGISTRATION_TAIL.sub("", name)
    name = name.strip(_EDGE)
    return name if _letters(name) > 1 else ""


def _features(
    sheet: Sheet, span: list[int], position: int, tallest: float, domains: set[str]
) -> dict[str, float]:
    rows = [sheet.rows[i] for i in span]
    labels = [sheet.labels[i] for i in span]
    text = " ".join(row.text for row in rows)
    letters = max(1, _letters(text))
    after = span[-1] + 1
    next_text = sheet.rows[after].text if after < len(sheet.rows) else ""
    next_labels = sheet.labels[after] if after < len(sheet.rows) else frozenset()
    upper = sum(char.isupper() for char in text) / letters
    ends_company = "company" in labels[-1]
    height = median(row.height for row in rows) / sheet.height if sheet.height else 1
    return {
        "first row": float(position == 0),
        "second row": float(position == 1),
        "third row": float(position == 2),  # noqa: PLR2004 - third
        "further down": max(0.0, float(position - 2)),
        "two rows": float(len(span) == 2),  # noqa: PLR2004 - two
        "three rows": float(len(span) == 3),  # noqa: PLR2004 - three
        "tall": min(2.0, max(0.0, height - 1.0)),
        "tallest": float(max(row.height for row in rows) >= tallest * 0.97),
        "rows of unlike height": float(
            max(row.height for row in rows) > 1.35 * min(row.height for row in rows)
        ),
        "ends like a company": float(ends_company),
        "company word before the end": float(any("company" in held for held in labels[:-1])),
        "next row ends like a company": float(
            "company" in next_labels and not ends_company and "address" not in next_labels
        ),
        "registration number next": float(bool(_REGISTRATION.match(next_text))),
        "registration number within": float(bool(_REGISTRATION_TAIL.search(rows[-1].text))),
        "registration number before the end": float(
            any(_REGISTRATION_TAIL.search(r.text) or _REGISTRATION.match(r.text) for r in rows[:-1])
        ),
        "is a registration number": float(bool(_REGISTRATION.match(text))),
        "address next": float(
            "address" in next_labels or bool(re.match(r"\W*(no\.?\s?)?\d", next_text.lower()))
        ),
        "heading": float("heading" in labels[0]),
        "heading inside": float(any("heading" in held for held in labels[1:])),
        "address": float("address" in labels[0]),
        "address inside": float(any("address" in held for held in labels[1:])),
        "money words": float(
            any(held & {"total", "cash", "tax", "date", "count", "subtotal"} for held in labels)
        ),
        "starts with a digit": float(bool(re.match(r"\W*\d", text))),
        "digits": sum(char.isdigit() for char in text) / len(text),
        "date or time": float(bool(_DATE.search(text))),
        "telephone": float(bool(_PHONE.search(text))),
        "web address": float("@" in text or "www" in text.lower() or ".com" in text.lower()),
        "in the web address": float(
            any(domain in skeleton(text) or skeleton(text) in domain for domain in domains)
        ),
        "all small letters": float(upper < 0.05 and any(char.islower() for char in text)),  # noqa: PLR2004 - one slip
        "all capitals": float(upper > 0.9),  # noqa: PLR2004 - one slip
        "very short": float(letters < 4),  # noqa: PLR2004 - three letters
        "very long": float(len(text) > 45),  # noqa: PLR2004 - longer than a till's line
        "holds an amount": float(any(sheet.figures[i] for i in span)),
        "ends with a comma": float(rows[-1].text.rstrip().endswith(",")),
        "badly read": max(0.0, 0.95 - min(row.confidence for row in rows)),
        "off the middle": _off_middle(sheet, span),
    }


def _off_middle(sheet: Sheet, span: list[int]) -> float:
    left = min(row.left for row in sheet.rows)
    right = max(row.right for row in sheet.rows)
    width = right - left or 1.0
    rows = [sheet.rows[i] for i in span]
    middles = [(row.left + row.right) / 2 for row in rows]
    return max(abs((middle - left) / width - 0.5) for middle in middles)


def _letters(text: str) -> int:
    return sum(char.isalpha() for char in text)
