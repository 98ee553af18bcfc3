"""Find the day: dates in the orders of the world, two-digit years, glued and misread digits.

A numeric date is read in the order of the receipt's country; when it can be read in two ways and
nothing decides, both are candidates and share the confidence.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from ledger.receipt.fields.ranking import Candidate
from ledger.receipt.reading.labelled_rows import LabelledRows

_GAP = r"\s{0,2}"
_SEP = rf"{_GAP}[/.\-,’'·]{_GAP}"
_YEAR = r"(?:19|20|25)[0-9]{2}"
_DAY = r"[0-3]?[0-9]"
_MONTH = r"[01]?[0-9]"
_WORD = r"(?:[^\W\d_]{3,12}|[0158][^\W\d_]{2,11}|[^\W\d_]0[^\W\d_])"
_ALONE = r"(?<![0-9.,/])"
_ALONE_SHORT = r"(?<![0-9.,/\-])(?<![0-9]:)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("era", rf"(?:R|令和)\s?([0-9]{{1,2}})\s?[./年-]\s?({_MONTH})\s?[./月-]\s?({_DAY})"),
        ("ymd", rf"(?<![0-9])({_YEAR}){_SEP}({_MONTH}){_SEP}({_DAY})(?![0-9](?![0-9]?:))"),
        (
            "dmy",
            (
                rf"{_ALONE}({_DAY}){_SEP}({_DAY}){_SEP}({_YEAR})"
                r"(?=\s*(?:[0-2]?[0-9][:.h][0-5][0-9])|[^0-9]|$)"
            ),
        ),
        ("dmy", rf"{_ALONE}({_DAY}){_SEP}({_DAY}){_SEP}({_YEAR})(?=[0-2][0-9]:)"),
        (
            "dmyy",
            (
                rf"{_ALONE_SHORT}({_DAY}){_SEP}({_DAY}){_SEP}([0-9]{{2}})"
                r"(?![0-9]|[.,/-][0-9]|:[0-9]|%)"
            ),
        ),
        # A time glued to the day ("12/05/2414:31") or tied to it ("12.05.24-14:31").
        (
            "dmyy",
            rf"{_ALONE_SHORT}({_DAY})([/.\-])({_DAY})\2([0-9]{{2}})(?=[\-/]?[0-2]?[0-9]:[0-5][0-9])",
        ),
        ("ymd", rf"(?<![0-9])({_YEAR})([/.\-])({_MONTH})\2({_DAY})(?=[\-T]?[0-2][0-9]:[0-5][0-9])"),
        (
            "cjk",
            rf"([0-9]{{2,4}}){_GAP}[年년]{_GAP}({_MONTH}){_GAP}[月월]{_GAP}({_DAY}){_GAP}[日일]?",
        ),
        (
            "minguo",
            rf"(?<![0-9])(1[0-9]{{2}}){_GAP}[年/.\-]{_GAP}({_MONTH}){_GAP}[月/.\-]{_GAP}({_DAY})(?![0-9])",
        ),
        ("ymd8", rf"(?<![0-9])({_YEAR})([01][0-9])([0-3][0-9])(?![0-9])"),
        (
            "ymd8",
            rf"(?<![0-9])({_YEAR})([01][0-9])([0-3][0-9])(?=[0-2][0-9][0-5][0-9](?:[0-5][0-9])?(?![0-9]))",
        ),
        ("dmy8", r"(?<![0-9])([0-3][0-9])([01][0-9])(20[0-9]{2})(?![0-9])"),
        (
            "in a number",
            (
                r"(?<![0-9])(2[0-9]|1[5-9])(0[1-9]|1[0-2])([0-3][0-9])"
                r"(?=[0-2][0-9][0-5][0-9]|[0-9]{3,8}(?![0-9]))"
            ),
        ),
        ("slash as one", r"(?<![0-9])([0-3][0-9])/([01][0-9])[1l|I](20[0-9]{2})(?![0-9])"),
        ("slash as one", r"(?<![0-9])([0-3][0-9])[1l|I]([01][0-9])/(20[0-9]{2})(?![0-9])"),
    )
)
_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            "d month y",
            (
                rf"(?<![0-9])({_DAY})(?:st|nd|rd|th|\.|º)?[\s\-/.,']*(?:de\s+|d')?({_WORD})\.?,?"
                r"[\s\-/.,']*(?:de\s+|del\s+)?((?:19|20|25)[0-9]{2}|'?[0-9]{2})(?=[0-2][0-9]:[0-5][0-9]|[^0-9]|$)"
            ),
        ),
        (
            "month d y",
            rf"({_WORD})\.?[\s\-/.,]*({_DAY})(?:st|nd|rd|th)?[\s\-/.,']+({_YEAR}|[0-9]{{2}})(?![0-9])",
        ),
        (
            "d m y in words",
            rf"({_DAY})\s*tháng\s*({_MONTH})\s*năm\s*({_YEAR})",
        ),
        ("y month d", rf"({_YEAR})[\s\-/.,]*({_WORD})[\s\-/.,]*({_DAY})(?![0-9])"),
    )
)
_TIME = re.compile(
    r"(?<![0-9])[0-2]?[0-9]\s?[:.h]\s?[0-5][0-9](?:\s?[:.]\s?[0-5][0-9])?(?:\s?[AaPp]\.?[Mm])?"
)
_MISREAD = str.maketrans("0158", "oisb")
_CLOCK = re.compile(r"(?<![0-9])[0-2]?[0-9]:[0-5][0-9]")
_MONTH_FIRST = frozenset({"US", "PH", "PW", "FM", "MH"})
_YEAR_FIRST = frozenset({"CN", "JP", "KR", "TW", "HU", "LT", "MN", "SE", "IR"})
_BUDDHIST = 543
_REIWA = 2018
_MINGUO = 1911
_MINGUO_YEARS = range(100, 200)
_TIES = frozenset("/.-")
"""Signs between the parts of a day, where a pattern must see the same one twice."""
_BUDDHIST_SHORT = range(57, 90)
"""Two digits that are a year of the Thai calendar; in the common one they lie far ahead."""
_YEARS_FIRST = range(15, 36)
"""Two digits that may be a year where the year comes first."""
_NEAR = timedelta(days=14)
_LOOK_ALIKE = {
    "0": "689",
    "1": "7",
    "2": "7",
    "3": "89",
    "5": "6",
    "6": "058",
    "7": "12",
    "8": "0369",
    "9": "038",
}
"""Digits that worn print turns into one another."""
_OLDEST = 1990
_OPEN = 0.53
"""Belief that the day comes first where the order is unknown."""


@dataclass(frozen=True, slots=True)
class _Found:
    day: date
    kind: str
    row: int
    order: str
    sure_order: bool
    start: int
    end: int


def find_dates(
    labelled: LabelledRows, country: str | None, today: date, *, order_known: bool = True
) -> list[Candidate[date]]:
    """Return the days that the page names, in reading order, each with its features.

    With `order_known` False (dollars of an unknown country) a date that can be read in two ways is
    left nearly open, so that it is asked.
    """
    found = [
        hit for index, row in enumerate(labelled.rows) for hit in _find_in_row(index, row.text)
    ]
    hits = [hit for hit in found if _OLDEST <= hit.day.year <= today.year + 3]
    usual = _find_usual_order(hits, country)
    leaning = 1.0 if order_known or _shows_order(hits) else _OPEN
    days: dict[date, list[_Found]] = {}
    for hit in hits:
        days.setdefault(hit.day, []).append(hit)
    return [
        Candidate(
            day,
            _describe(labelled, group, hits, today)
            | {"usual order": _weigh_order(group, usual, leaning)},
            labelled.rows[group[0].row].text,
            tuple(hit.row for hit in group),
        )
        for day, group in days.items()
    ]


def is_future(day: date, today: date) -> bool:
    """Return whether nothing can have been bought yet; tomorrow has begun in some zones."""
    return day > today + timedelta(days=1)


def find_near_reading(day: date, today: date) -> date | None:
    """Return the day just before the sending that a worn one is with one digit read otherwise."""
    found = []
    text = day.isoformat()
    for at, digit in enumerate(text):
        for other in _LOOK_ALIKE.get(digit, ""):
            try:
                near = date.fromisoformat(f"{text[:at]}{other}{text[at + 1 :]}")
            except ValueError:
                continue
            if timedelta(0) <= today - near <= _NEAR:
                found.append(near)
    return max(found, default=None)


def _shows_order(hits: list[_Found]) -> bool:
    return any(hit.sure_order and hit.order in {"dmy", "mdy"} for hit in hits)


def _weigh_order(group: list[_Found], usual: str, leaning: float) -> float:
    """Return the support for reading a day in this order: all for the usual one, the rest for others."""
    numeric = {hit.order for hit in group} & {"dmy", "mdy", "yymd"}
    if not numeric or any(hit.sure_order for hit in group):
        return 1.0 if not numeric or usual in numeric or leaning < 1 else 0.0
    return leaning if usual in numeric else 1 - leaning


def _find_usual_order(hits: list[_Found], country: str | None) -> str:
    """Return the order of day and month: that of the page's unambiguous dates, else the country's."""
    # In these countries `20.09.26` is a day of 2020.
    if country in _YEAR_FIRST and any(hit.order == "yymd" for hit in hits):
        return "yymd"
    shown = {hit.order for hit in hits if hit.sure_order and hit.order in {"dmy", "mdy"}}
    if len(shown) == 1:
        return shown.pop()
    return "mdy" if country in _MONTH_FIRST else "dmy"


def _describe(
    labelled: LabelledRows, group: list[_Found], hits: list[_Found], today: date
) -> dict[str, float]:
    day = group[0].day
    labels = [labelled.labels[hit.row] for hit in group]
    rows = [labelled.rows[hit.row] for hit in group]
    kinds = {hit.kind for hit in group}
    orders = {hit.order for hit in group}
    first = min(hit.row for hit in hits)
    near = [labelled.labels[i - 1] if i else frozenset() for i in (hit.row for hit in group)]
    return {
        "row says date": float(any("date" in held for held in labels)),
        "row above says date": float(any("date" in held for held in near)),
        "row says other date": float(all("other_date" in held for held in labels)),
        "time beside": float(
            any(_has_time(row.text, hit) for row, hit in zip(rows, group, strict=True))
        ),
        "row of date and time alone": float(any(_is_alone(row.text) for row in rows)),
        "in the future": float(is_future(day, today)),
        "over ten years old": float((today - day).days > 3660),  # noqa: PLR2004 - ten years
        "written twice": float(len(group) > 1),
        "first on the page": float(any(hit.row == first for hit in group)),
        "order is sure": float(any(hit.sure_order for hit in group)),
        "month by name": float(bool(kinds & {name for name, _ in _WORDS})),
        "two-digit year first": float(orders <= {"yymd"}),
        "two-digit year": float(kinds <= {"dmyy"}),
        "digits glued": float(kinds <= {"ymd8", "dmy8"}),
        "in a number": float(kinds <= {"in a number"}),
        "slash read as one": float(kinds <= {"slash as one"}),
        "year first": float("ymd" in orders),
        "in a row of address or number": float(all("address" in held for held in labels)),
        "badly read": max(0.0, 0.95 - max(row.confidence for row in rows)),
        "row says total": float(any(held & {"total", "payable"} for held in labels)),
    }


def _has_time(text: str, hit: _Found) -> bool:
    return bool(_CLOCK.search(text[: hit.start]) or _CLOCK.search(text[hit.end :]))


def _is_alone(text: str) -> bool:
    """Return whether the row holds little more than a date and a time."""
    rest = _TIME.sub("", text)
    return sum(char.isalpha() for char in rest) <= 5 and sum(char.isdigit() for char in rest) <= 10  # noqa: PLR2004 - "Date:", 8 digits


def _find_in_row(index: int, text: str) -> Iterator[_Found]:
    plain = _name_thai_months(text.translate(_DIGITS))
    spans: list[tuple[int, int]] = []
    for kind, pattern in (*_WORDS, *_PATTERNS):
        for match in pattern.finditer(plain):
            if any(start < match.end() and match.start() < end for start, end in spans):
                continue
            readings = list(_interpret(kind, match))
            if readings:
                spans.append(match.span())
            # Two digits of the year in front are rarely meant, so they leave the other order sure.
            sure = sum(order != "yymd" for _, order in readings) == 1
            for day, order in readings:
                yield _Found(day, kind, index, order, sure, match.start(), match.end())


def _name_thai_months(text: str) -> str:
    """Write the months of a Thai row in Latin letters; their vowels and points are not letters."""
    if not _THAI.search(text):
        return text
    for names in _THAI_MONTHS:
        latin, *thai = names.split()
        for name in thai:
            text = text.replace(name, f" {latin} ")
    return text


_THAI = re.compile(r"[\u0e00-\u0e7f]")
_THAI_MONTHS = (
    "jan มกราคม ม.ค.", "feb กุมภาพันธ์ ก.พ.", "mar มีนาคม มี.ค.", "apr เมษายน เม.ย.", "may พฤษภาคม พ.ค.", "jun มิถุนายน มิ.ย.",
    "jul กรกฎาคม ก.ค.", "aug สิงหาคม ส.ค.", "sep กันยายน ก.ย.", "oct ตุลาคม ต.ค.", "nov พฤศจิกายน พ.ย.", "dec ธันวาคม ธ.ค.",
)  # fmt: skip
_DIGITS = {
    ord(char): str(unicodedata.digit(char)) for char in "०१२३४५६७८९٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹๐๑๒๓๔๕๖๗๘๙"
}


def _interpret(kind: str, match: re.Match[str]) -> Iterator[tuple[date, str]]:
    """Yield the days that a match can mean, with the order that gives each."""
    one, two, three = (group for group in match.groups() if group not in _TIES)
    if kind in {"ymd", "ymd8", "cjk", "minguo", "in a number"}:
        yield from _build_day(_complete_year(one), int(two), int(three), "ymd")
    elif kind == "d m y in words":
        yield from _build_day(int(three), int(two), int(one), "name")
    elif kind == "era":
        yield from _build_day(_REIWA + int(one), int(two), int(three), "ymd")
    elif kind == "d month y":
        yield from _build_day(_complete_year(three), read_month(two), int(one), "name")
    elif kind == "month d y":
        yield from _build_day(_complete_year(three), read_month(one), int(two), "name")
    elif kind == "y month d":
        yield from _build_day(_complete_year(one), read_month(two), int(three), "name")
    else:
        yield from _read_numeric(int(one), int(two), three, dotted="." in match.group())


def _read_numeric(one: int, two: int, year: str, *, dotted: bool) -> Iterator[tuple[date, str]]:
    """Read the day first, the month first (never with dots), and for two digits the year first."""
    full = _complete_year(year)
    yield from _build_day(full, two, one, "dmy")
    # Equal figures give one day in both orders; with dots nobody writes the month first.
    if one != two and not dotted:
        yield from _build_day(full, one, two, "mdy")
    if len(year) == 2 and one in _YEARS_FIRST:  # noqa: PLR2004 - two digits
        yield from _build_day(_complete_year(str(one)), two, int(year), "yymd")


def _build_day(year: int, month: int, day: int, order: str) -> Iterator[tuple[date, str]]:
    try:
        yield date(year, month, day), order
    except ValueError:
        return


def _complete_year(text: str) -> int:
    year = int(text.strip("'’"))
    if year in _MINGUO_YEARS:
        return _MINGUO + year
    if year in _BUDDHIST_SHORT:
        return 2500 + year - _BUDDHIST
    if year < 100:  # noqa: PLR2004 - two digits; receipts are of this century
        return 2000 + year
    return year - _BUDDHIST if year >= 2500 else year  # noqa: PLR2004 - Thai calendar


def read_month(word: str) -> int:
    """Return the number of a month's name in any of our languages, 0 for another word."""
    return _load_months().get(_strip_accents(word)) or _load_months().get(
        _strip_accents(word.translate(_MISREAD)), 0
    )


def list_month_names() -> list[str]:
    """Return the names of months in all languages, without accents and in lower case."""
    return list(_load_months())


@cache
def _load_months() -> dict[str, int]:
    """Load names of months without accents, from `months.toml`."""
    text = resources.files(__package__).joinpath("months.toml").read_text("utf-8")
    return {
        _strip_accents(name): int(number)
        for number, names in tomllib.loads(text).items()
        for name in names
    }


def _strip_accents(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def holds_day(text: str) -> bool:
    """Return whether a row holds a date."""
    return next(_find_in_row(0, text), None) is not None


def read_day(text: str, country: str | None, today: date) -> date | None:
    """Parse the date in a field that is known to hold one; None if there is none."""
    hits = [hit for hit in _find_in_row(0, text) if _OLDEST <= hit.day.year <= today.year + 3]
    usual = _find_usual_order(hits, country)
    hits.sort(
        key=lambda hit: (hit.order in {"dmy", "mdy", "yymd"} and hit.order != usual, hit.start)
    )
    return hits[0].day if hits else None
