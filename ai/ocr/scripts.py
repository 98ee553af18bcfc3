"""Read scripts that PP-OCRv6 does not know, line by line with Tesseract's recogniser.

PP-OCRv6's recognition model knows Latin, Greek, Chinese and Japanese letters; its table of 18,708
signs holds no Cyrillic, Hangul, Thai, Arabic, Hebrew or Devanagari. Its detection finds their lines
all the same. The language of the chat is tried first; where its script does not fit, or the chat
writes Latin letters, the illegible lines themselves decide between the scripts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final

from ai.ocr.languages import DISTINCT, SCRIPTS, TESSERACT, find_code
from ai.ocr.page import Crop, PageResult
from ai.ocr.tesseract import read_line
from ledger.receipt.reading.labels import find_labels
from ports.reading import TextRun

_UNREAD: Final = 0.12
"""Share of illegible boxes from which a page seems to be in another script."""
_LEGIBLE: Final = 0.6
_SURE: Final = 0.9
_LATIN_MIN: Final = 3
"""Letters of a Latin word; two may be a misread foreign one."""
_CONFIDENCE_MIN: Final = 0.3
_SAMPLE: Final = 6
"""Number of lines by which a script is recognised."""
_SAMPLE_MIN: Final = 3
_OWN_SURE: Final = 0.75
"""Median confidence of a sample from which it is believed to be in the chat's language."""
_OVERCONFIDENT: Final = 0.2
"""The excess of the model's confidence in Cyrillic words that it takes for Latin ones."""
_COMPANY: Final = re.compile(r"(?<!\d)(?<!\d )000(?=\s+[\"«“„]?[А-ЯЁІЇЄ])|(?<=[а-яёА-ЯЁ], )000$")
"""The form of a company, ООО, read as zeros before or behind its name."""
_ABOUT: Final = 0.03
_WON: Final = 0.1
"""Share of words that must be read about as surely in Cyrillic as in Latin. On ten real pages with
Cyrillic it was .14 or more, on 15 Latin ones .06 at most."""
_OTHER_SURE: Final = 0.84
"""The same for any other script. On 11 world and 48 drawn pages the right script had .84 or more (41
pages of 42), a wrong one .80 at most."""
_OWN_LETTERS: Final = 0.5
"""Share of a sample's letters that must belong to the script."""


def read_other_script(result: PageResult, language: str) -> tuple[TextRun, ...] | None:
    """Read a page again in the script it seems to be in; None if the model's reading is kept.

    The chat's language is tried on a page that merely lacks a total, because some letters, Hebrew
    ones above all, are taken for Latin ones with high confidence; and in a chat of Cyrillic letters
    on every page. Any other script must be read with more confidence than Latin print in it ever is.
    """
    foreign = _is_foreign(result)
    if find_code(language) and (foreign or language in SCRIPTS["cyrillic"]):
        lines = _reread(result.crops, language)
        if _is_better(lines, result, language):
            return tuple(line for line in lines if line)
    found = find_language(_sample(result.crops)) if foreign else None
    return tuple(line for line in _reread(result.crops, found) if line) if found else None


def find_language(sample: Sequence[Crop]) -> str | None:
    """Return the language of `SCRIPTS` that lines are in; None for Latin, Greek, CJK or no print."""
    if len(sample) < _SAMPLE_MIN:
        return None
    scores = {name: _score(sample, name) for name in DISTINCT if find_code(name)}
    best = max(scores, key=scores.__getitem__, default=None)
    return best if best and scores[best] >= _OTHER_SURE else None


def find_missing(result: PageResult, language: str) -> tuple[str, ...]:
    """Name the script of a page that cannot be read here.

    Returns the chat's own script if that is one of `SCRIPTS`, else `other`.
    """
    if language not in TESSERACT:
        return ("other",) if result.unread > 2 * _UNREAD else ()
    if find_code(language) or not _is_foreign(result):
        return ()
    return tuple(script for script, languages in SCRIPTS.items() if language in languages)


def _is_foreign(result: PageResult) -> bool:
    """Return whether lines are illegible, or no legible line is called a total."""
    return result.unread >= _UNREAD or not _names_total(result.page.lines)


def _names_total(lines: Iterable[TextRun]) -> bool:
    return any(find_labels(line.text) & {"total", "payable"} for line in lines)


def _sample(crops: Sequence[Crop]) -> list[Crop]:
    """Return the longest illegible lines, or the longest words if nearly all is legible."""
    illegible = [crop for crop in crops if not crop.line or crop.line.confidence <= _LEGIBLE]
    words = [crop for crop in crops if not (crop.line and _is_figure(crop.line.text))]
    chosen = illegible if len(illegible) >= _SAMPLE_MIN else words
    return sorted(chosen, key=lambda crop: crop.box.left - crop.box.right)[:_SAMPLE]


def _score(sample: Sequence[Crop], language: str) -> float:
    """Return the median confidence of lines in a language, 0 if most letters are of another script."""
    code = find_code(language)
    assert code is not None
    read = [read_line(crop.pixels, code) for crop in sample]
    if not _is_written_in("".join(text for text, _ in read), language):
        return 0.0
    return median(confidence for _, confidence in read)


def _reread(crops: Sequence[Crop], language: str) -> list[TextRun | None]:
    """Read lines in a language, except those that the model reads better.

    Those are confident lines of figures, and Latin words: where the script looks like Latin by the
    confidence of both readings, else by the model's alone.
    """
    code = find_code(language)
    assert code is not None
    # A third of Cyrillic's capitals look like Latin ones, so the model reads them with confidence.
    alike = language in SCRIPTS["cyrillic"]
    return [_reread_line(crop, code, alike=alike) for crop in crops]


def _reread_line(crop: Crop, code: str, *, alike: bool) -> TextRun | None:
    line = crop.line
    if line and line.confidence > _SURE and _is_kept(line.text, alike=alike):
        return line
    text, confidence = read_line(crop.pixels, code)
    if alike:
        text = _COMPANY.sub("ООО", text)
    least = line.confidence - _OVERCONFIDENT if alike and line else _CONFIDENCE_MIN
    return TextRun(text, crop.box, confidence) if text and confidence >= least else line


def _is_better(lines: Sequence[TextRun | None], result: PageResult, language: str) -> bool:
    """Return whether a page is in the chat's language after all."""
    found = [line for line in lines if line]
    # A wrong script hardly ever yields the word for a total.
    if _names_total(found) and not _names_total(result.page.lines):
        return True
    if _is_foreign(result) and _score(_sample(result.crops), language) >= _OWN_SURE:
        return True
    pairs = [(crop.line, line) for crop, line in zip(result.crops, lines, strict=True)]
    words = [(old, new) for old, new in pairs if not (old and _is_figure(old.text))]
    won = sum(_wins(new, old, language) for old, new in words)
    return won > _WON * len(words)


def _wins(new: TextRun | None, old: TextRun | None, language: str) -> bool:
    """Return whether a line is read in the script of a language, and about as surely as before."""
    if new is None or new is old or not _is_written_in(new.text, language):
        return False
    return old is None or new.confidence >= old.confidence - _ABOUT


def _is_written_in(text: str, language: str) -> bool:
    """Return whether at least half of a text's letters are of a language's script."""
    # Unicode names begin with the script: "HANGUL SYLLABLE GA", "THAI CHARACTER KO KAI".
    script = next(script for script, names in SCRIPTS.items() if language in names).upper()
    letters = [char for char in text if char.isalpha()]
    own = sum(unicodedata.name(char, "").startswith(script) for char in letters)
    return bool(letters) and own >= _OWN_LETTERS * len(letters)


def _is_kept(text: str, *, alike: bool) -> bool:
    """Return whether the model reads a text better than Tesseract: figures and plain Latin words."""
    if _is_figure(text):
        return True
    letters = [char for char in text if char.isalpha()]
    return not alike and len(letters) >= _LATIN_MIN and all(char.isascii() for char in letters)


def _is_figure(text: str) -> bool:
    return sum(char.isdigit() for char in text) > sum(char.isalpha() for char in text)
