"""Find the merchant in one to three rows near the top, against headings and addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import median

from ledger.receipt.fields.ranking import Candidate, Ranked
from ledger.receipt.reading.labelled_rows import LabelledRows
from ledger.receipt.reading.labels import (
    Label,
    fold_text,
    is_one_letter_off,
    measure_cover,
    mend_legal_form,
    part_words,
)
from ledger.receipt.reading.phrases import is_broken_between

_TOP_ROWS = 14
_UNLIKE = 1.35
_HEADLINE = 1.25
"""The least height of a headline over the print below it; boxes of one print differ less."""
_BARE_LEGAL = 10
_COVERED = 0.7
"""Share of a row's letters that words of headings make up when it is nothing else."""
_FRAGMENTS_MIN = 4
_FRAGMENT = 2.5
"""Mean length of words below which a row is not a name."""
_LATIN_END = "\u0370"
_LATIN_PAGE = 0.6
"""Share of Latin letters from which a page is in Latin script."""
_SENDER = re.compile(r"^\W*([^\W\d_].{2,40}?)\s+[-–·•|*]\s.*\d")
"""A sender's name before its address in one row, as above the address of a letter."""
_SELLER = re.compile(r"^[^:]{3,25}:\s*(?=\S)")
"""Words before a name, such as "Sold by:"."""
_FEW_CAPITALS = 0.05
_SPELT = 4
_MONEY: frozenset[Label] = frozenset({"total", "cash", "tax", "date", "count", "subtotal"})
_STREET = re.compile(r"[^\d]{5,}\s\d{1,4}\s?[a-zA-Z]?$")
"""A name and a house number."""
_HOUSE = re.compile(r"\W*(?:n[o0]\.?\s?|lot\s?)?\d", re.IGNORECASE)
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
_REGISTRATION_INSIDE = re.compile(r"\s[\(\[]?\d{5,7}\s?-\s?[A-Z]\b.*$")
"""A Malaysian company number and the rest of its row."""
_CYRILLIC_FORM = re.compile(r"(?<![\w.,])000(?=\s\W?[^\W\d])|(?<=[^\W\d],\s)000$")
"""The legal form of Russian companies, read as noughts."""
_BRACKET_TORN = re.compile(r"^([^()]*[^\W\d_]{4}[^()]*)\([^()]*$")
"""A name, and a bracket that goes on in the next row."""
_INITIALS = re.compile(r"(?<=[^\W\d_]{2}\.)(?=[^\W\d_]\.)")
_DIGIT_IN_WORD = re.compile(r"(?<![\w.])[1|](?=[A-Z]{3,}\b)|(?<=[A-Z])0(?=[A-Z])")
_ABBREVIATED = re.compile(r"\b[^\W\d_]{1,3}\.\s?[^\W\d_]{1,3}$|\b(?:Inc|Co|Ltd|Corp|Şti)$")
"""Ends in a way that a full stop belongs to: "s.r.o", "S.L", "Ltd"."""
_EDGE = " \t*#=~_-–—:;,.|<>«»\"'`•·"
_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}:\d{2}")
_WEB = re.compile(r"(?:www\.|https?://|@)\s?([a-z0-9][a-z0-9\-]{2,40})\.[a-z]{2,}", re.IGNORECASE)
_MAIL_HOSTS = {
    fold_text(name)
    for name in (
        "gmail",
        "hotmail",
        "yahoo",
        "outlook",
        "facebook",
        "gmx",
        "icloud",
        "live",
        "instagram",
        "web",
        "mail",
    )
}
_PHONE = re.compile(r"(?:\d[\s\-/()]?){7,}")


def find_merchants(labelled: LabelledRows, brands: Mapping[str, str]) -> list[Candidate[str]]:
    """Return names that the page may carry: spans of rows near its top, and its web address.

    `brands` maps skeletons of known names to the names as they are written.
    """
    top = [
        i
        for i in range(min(len(labelled.rows), _TOP_ROWS))
        if _count_letters(labelled.rows[i].text) > 1
    ]
    if not top:
        return []
    tallest = max(labelled.rows[i].height for i in top)
    domains = {fold_text(name): name for name in _WEB.findall(labelled.text)}
    candidates = []
    for position, start in enumerate(top):
        for length in range(1, _SPAN_MAX + 1):
            span = top[position : position + length]
            if len(span) < length or span[-1] - start >= length:
                break
            name = clean_name(_take_name(labelled, span))
            if not name or len(name) > _LENGTH_MAX:
                continue
            if not _is_brand(name, brands):
                name = _spell_as_in_address(name, domains)
            features = {
                **_describe_place(labelled, span, position, tallest),
                **_describe_print(labelled, span),
                **_describe_words(labelled, span),
                **_describe_letters(labelled, span, fold_text(name), set(domains)),
                "known brand": float(
                    _is_brand(name, brands) and not _means_otherwise(labelled, span)
                ),
            }
            candidates.append(Candidate(name, features, labelled.rows[start].text, tuple(span)))
    return candidates + _find_in_addresses(
        labelled, domains, brands, {c.value.casefold() for c in candidates}
    )


def _take_name(labelled: LabelledRows, span: list[int]) -> str:
    """Return the part of the rows that is a name: after "Sold by:", before a sender's address."""
    text = " ".join(labelled.rows[i].text for i in span)
    if "seller" in labelled.labels[span[0]]:
        text = _SELLER.sub("", text)
    sender = _SENDER.match(text)
    return sender[1] if sender else text


def sum_same_names(options: Sequence[Ranked[str]]) -> float:
    """Return how surely the first name is right: with its shorter and longer forms together.

    "REMA 1000", "REMA 1000 Årvoll" and the name with its legal form compete for the same shop, and
    so does the company that runs a known chain's branch.
    """
    best = fold_text(options[0].value)
    is_chain = options[0].candidate.features.get("known brand")
    return sum(
        option.probability
        for option in options
        if (name := fold_text(option.value))
        and (
            name in best
            or best in name
            or (is_chain and option.candidate.features.get("ends with a legal form"))
        )
    )


def clean_name(text: str) -> str:
    """Take registration numbers and ornaments off a name, and mend blanks and digits of OCR."""
    name = " ".join(text.split())
    name = _CYRILLIC_FORM.sub("ООО", name)
    name = _REGISTRATION_TAIL.sub("", name)
    name = _REGISTRATION_INSIDE.sub("", name).strip(" ")
    name = _BRACKET_TORN.sub(r"\1", name)
    bare = name.strip(_EDGE)
    name = f"{bare}." if _ABBREVIATED.search(bare) and f"{bare}." in name else bare
    name = _INITIALS.sub(" ", name)
    name = _DIGIT_IN_WORD.sub(lambda match: "O" if match.group() == "0" else "I", name)
    words = [part for word in name.split() for part in part_words(word)]
    name = " ".join(mend_legal_form(words))
    return name if _count_letters(name) > 1 else ""


def _spell_as_in_address(name: str, domains: Mapping[str, str]) -> str:
    """Spell a logo as the receipt's own web address does when one letter differs."""
    bones = fold_text(name)
    for domain, written in domains.items():
        if len(bones) >= _SPELT and bones != domain and is_one_letter_off(bones, domain):
            return written.upper() if name.isupper() else written.title()
    return name


def _is_brand(name: str, brands: Mapping[str, str]) -> bool:
    bones = fold_text(name)
    return len(bones) >= _SPELT and bones in brands


def _means_otherwise(labelled: LabelledRows, span: list[int]) -> bool:
    """Return whether the rows mean something that shops are called too: cash, total, welcome."""
    return any(labelled.labels[i] & (_MONEY | {"heading", "address"}) for i in span)


def _find_in_addresses(
    labelled: LabelledRows, domains: Mapping[str, str], brands: Mapping[str, str], known: set[str]
) -> list[Candidate[str]]:
    """Return names that occur only in a web or e-mail address; logos are often not print."""
    found = []
    for bones, written in domains.items():
        if written.casefold() not in known and bones not in _MAIL_HOSTS:
            features = {
                "only in the web address": 1.0,
                "known brand": float(_is_brand(written, brands)),
            }
            row = next(i for i, row in enumerate(labelled.rows) if written in row.text)
            found.append(Candidate(written.title(), features, labelled.rows[row].text, (row,)))
    return found


def _describe_place(
    labelled: LabelledRows, span: list[int], position: int, tallest: float
) -> dict[str, float]:
    """Return features of the rows' place and height."""
    rows = [labelled.rows[i] for i in span]
    height = median(row.height for row in rows) / labelled.height if labelled.height else 1
    first_figure = next((i for i, row in enumerate(labelled.figures) if row), len(labelled.rows))
    # A phrase that runs over two rows is one line of the name.
    lines = len(span) - sum(_continues(labelled, i, i + 1) for i in span[:-1])
    return {
        "first row": float(position == 0),
        "second row": float(position == 1),
        "third row": float(position == 2),  # noqa: PLR2004 - third
        "further down": max(0.0, float(position - 2)),
        "below a figure": float(span[-1] > first_figure),
        "two rows": float(lines == 2),  # noqa: PLR2004 - two
        "three rows": float(lines == 3),  # noqa: PLR2004 - three
        "tall": min(2.0, max(0.0, height - 1.0)),
        "tallest": float(max(row.height for row in rows) >= tallest * 0.97),
        "rows of unlike height": float(not _is_like(labelled, *span)),
        "off the middle": _measure_off_middle(labelled, span),
        "badly read": max(0.0, 0.95 - min(row.confidence for row in rows)),
    }


def _describe_print(labelled: LabelledRows, span: list[int]) -> dict[str, float]:
    """Return features of the print's height against the rows below, and of broken phrases."""
    first, last = span[0], span[-1]
    return {
        "headline over smaller print": float(
            _is_like(labelled, *span) and _is_headline_of(labelled, last, last + 1)
        ),
        "broken inside a phrase": float(
            _continues(labelled, last, last + 1) or _continues(labelled, first - 1, first)
        ),
        "joined inside a phrase": float(any(_continues(labelled, i, i + 1) for i in span[:-1])),
    }


def _describe_words(labelled: LabelledRows, span: list[int]) -> dict[str, float]:
    """Return features of the meanings of the words in the rows and the next one."""
    texts = [labelled.rows[i].text for i in span]
    labels = [labelled.labels[i] for i in span]
    after = span[-1] + 1
    next_text = labelled.rows[after].text if after < len(labelled.rows) else ""
    next_labels = labelled.labels[after] if after < len(labelled.rows) else frozenset()
    legal = "legal" in labels[-1]
    goes_on = not legal and "address" not in next_labels and not _REGISTRATION.match(next_text)
    # Below a headline a trade in smaller print names the goods ("Coffee & Kitchen").
    one_print = not _is_headline_of(labelled, span[-1], after)
    return {
        "ends with a legal form": float(legal),
        "legal form before the end": float(any("legal" in held for held in labels[:-1])),
        "cut off before its legal form": float(goes_on and "legal" in next_labels),
        "nothing but a legal form": float(
            legal and len(fold_text(texts[-1])) <= _BARE_LEGAL and len(span) == 1
        ),
        "ends with a trade": float(
            "trade" in labels[-1] and not legal and not _continues(labelled, span[-1], after)
        ),
        "trade before the end": float(any("trade" in held for held in labels[:-1])),
        "cut off before its trade": float(
            goes_on and one_print and "trade" in next_labels and "trade" not in labels[-1]
        ),
        "registration number next": float(bool(_REGISTRATION.match(next_text))),
        "registration number within": float(bool(_has_registration(texts[-1]))),
        "registration number before the end": float(
            any(_has_registration(text) or _REGISTRATION.match(text) for text in texts[:-1])
        ),
        "is a registration number": float(bool(_REGISTRATION.match(" ".join(texts)))),
        "address next": float("address" in next_labels or bool(_HOUSE.match(next_text))),
        "seller": float("seller" in labels[0]),
        "customer": float("customer" in labels[0] and "seller" not in labels[0]),
        "below a customer": float(
            any("customer" in labelled.labels[i] for i in range(max(0, span[0] - 3), span[0]))
        ),
        "nothing but a heading": float(
            any(measure_cover(text, "heading") >= _COVERED for text in texts)
        ),
        "heading": float("heading" in labels[0]),
        "heading inside": float(any("heading" in held for held in labels[1:])),
        "address": float("address" in labels[0] or bool(_STREET.match(texts[0]))),
        "address inside": float(
            sum(
                "address" in held or bool(_STREET.match(text) or _HOUSE.match(text))
                for held, text in zip(labels[1:], texts[1:], strict=True)
            )
        ),
        "money words": float(any(held & _MONEY for held in labels)),
    }


def _describe_letters(
    labelled: LabelledRows, span: list[int], bones: str, domains: set[str]
) -> dict[str, float]:
    """Return features of the letters of the rows."""
    text = " ".join(labelled.rows[i].text for i in span)
    letters = max(1, _count_letters(text))
    upper = sum(char.isupper() for char in text) / letters
    return {
        "starts with a digit": float(bool(re.match(r"\W*\d", text))),
        "digits": sum(char.isdigit() for char in text) / len(text),
        "date or time": float(bool(_DATE.search(text))),
        "telephone": float(bool(_PHONE.search(text))),
        "web address": float("@" in text or "www" in text.lower() or ".com" in text.lower()),
        "is the web address": float(bones in domains),
        "in the web address": float(any(d in bones or bones in d for d in domains)),
        "all small letters": float(upper < _FEW_CAPITALS and any(c.islower() for c in text)),
        "all capitals": float(upper > 1 - 2 * _FEW_CAPITALS),
        "single letters": float(_is_fragments(text) and "legal" not in labelled.labels[span[-1]]),
        "another script": float(_is_other_script(labelled.text, text)),
        "sender line": float(bool(_SENDER.match(text))),
        "very short": float(letters < 4),  # noqa: PLR2004 - three letters
        "very long": float(len(text) > 45),  # noqa: PLR2004 - longer than a till's line
        "long sentence": float(len(text.split()) > 7),  # noqa: PLR2004 - names have fewer words
        "bracket torn": float(text.count("(") != text.count(")")),
        "holds an amount": float(any(labelled.figures[i] for i in span)),
        "ends with a comma": float(text.rstrip().endswith(",")),
    }


def _is_like(labelled: LabelledRows, *rows: int) -> bool:
    """Return whether rows are of one print, as far as their boxes tell."""
    heights = [labelled.rows[i].height for i in rows]
    return max(heights) <= _UNLIKE * min(heights)


def _is_headline_of(labelled: LabelledRows, row: int, below: int) -> bool:
    """Return whether a row is a headline to one further down."""
    if below >= len(labelled.rows):
        return False
    return labelled.rows[row].height >= _HEADLINE * labelled.rows[below].height


def _continues(labelled: LabelledRows, row: int, below: int) -> bool:
    """Return whether a phrase that begins in a row ends in the one below, in the same print."""
    if row < 0 or below >= len(labelled.rows) or not _is_like(labelled, row, below):
        return False
    text, next_text = labelled.rows[row].text, labelled.rows[below].text
    labels = labelled.labels[row] | labelled.labels[below]
    if labels & {"heading", "address"} or _HOUSE.match(next_text) or labelled.figures[below]:
        return False
    return is_broken_between(text, next_text)


def _is_other_script(page: str, text: str) -> bool:
    """Return whether a page is not in Latin letters and the text is; such print is often misread."""
    return _count_latin(page) < _LATIN_PAGE * _count_letters(page) and _count_latin(
        text
    ) == _count_letters(text)


def _count_latin(text: str) -> int:
    return sum(char.isalpha() and char < _LATIN_END for char in text)


def _is_fragments(text: str) -> bool:
    """Return whether a row is made of keys or torn letters ("Esc F1 F2 F3"), not of words."""
    words = re.findall(r"\w+", text)
    if len(words) < _FRAGMENTS_MIN or re.search(r"[\u3040-\u9fff\uac00-\ud7af]", text):
        return False
    return sum(map(len, words)) / len(words) < _FRAGMENT


def _has_registration(text: str) -> bool:
    return bool(_REGISTRATION_TAIL.search(text) or _REGISTRATION_INSIDE.search(text))


def _measure_off_middle(labelled: LabelledRows, span: list[int]) -> float:
    left = min(row.left for row in labelled.rows)
    right = max(row.right for row in labelled.rows)
    width = right - left or 1.0
    rows = [labelled.rows[i] for i in span]
    middles = [(row.left + row.right) / 2 for row in rows]
    return max(abs((middle - left) / width - 0.5) for middle in middles)


def _count_letters(text: str) -> int:
    return sum(char.isalpha() for char in text)
