"""Drop unseen characters, map digits of all scripts, and fold words for comparing.

`clean` makes the text that notes are cut from. `shape` gives a string of the same length in which
digits of every script and wide punctuation have their plain form, so that positions in both agree.
"""

from __future__ import annotations

import re
import unicodedata

# Letters of scripts that write words without spaces: Thai and Lao, Burmese, Khmer, Kana, Han.
SPACELESS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0ecf\u1000-\u103f\u1780-\u17d3"
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d"
    "\U00020000-\U0003ffff"
)

# Combining signs that Python's \w leaves out although they belong to words (vowel signs, harakat).
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u09d7"
    "\u0a01-\u0a03\u0a3c-\u0a4d\u0a70\u0a71\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57"
    "\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3c-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03"
    "\u0d3b-\u0d4d\u0d81-\u0d83\u0dca-\u0ddf\u200c\u200d"
)

# Never part of what a person meant to write: controls, bidirectional overrides, zero widths,
# blanks that are drawn as nothing, halves of surrogate pairs.
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_JOINERS = re.compile(r"(?<=[\s\d])[\u200c\u200d]+|[\u200c\u200d]+(?=[\s\d]|\Z)|\A[\u200c\u200d]+")
_TAGS = re.compile(r"(?<!\U0001f3f4)(?<![\U000e0020-\U000e007f])[\U000e0001-\U000e007f]+")
_BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")


def clean(text: str) -> str:
    """Return the text as it is read and kept: NFC, without what is invisible."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _DROPPED.sub("", text)
    if text.isascii():
        return text
    text = _BLANK.sub(" ", _TAGS.sub("", _JOINERS.sub("", text)))
    return unicodedata.normalize("NFC", text)


# First code points of the rows of ten decimal digits (Unicode's general category Nd).
_DIGIT_ROWS = (
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6,
    0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
    0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650,
    0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50,
    0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
)  # fmt: skip
_WIDE = "，、،﹐；؛﹔：﹕。．！？؟％٪＋－−–—‒―＊×✕✖＝（）［］＃＠＄￥￡￦／÷’ʼ＇´`＆٬"
_PLAIN = ",,,,;;;::..!??%%+--––––****=()[]#@$¥£₩//'''''&'"
_SHAPES = {ord(wide): plain for wide, plain in zip(_WIDE, _PLAIN, strict=True)} | {
    row + value: str(value) for row in _DIGIT_ROWS for value in range(10)
}


def shape(text: str) -> str:
    """Return the text with plain digits and punctuation, character for character.

    Long dashes become an en dash: they part words and are never a minus. The Arabic thousands
    separator becomes an apostrophe, which only groups; the Arabic decimal point stays itself.
    """
    return text if text.isascii() else text.translate(_SHAPES)


_FOLDS = str.maketrans(
    {"ё": "е", "’": "'", "ʼ": "'", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي"}
    | {"ی": "ي", "ک": "ك", "ۀ": "ه"}  # Persian letters and those of Arabic keyboards
    | dict.fromkeys(("ـ", "\u200c", '"', "״", "\u0307", *map(chr, range(0x64B, 0x653))), "")
)


def fold(word: str) -> str:
    """Return the form under which words are compared: no case, no optional signs."""
    folded = word.casefold()
    return folded if folded.isascii() else folded.translate(_FOLDS)


def without_accents(folded: str) -> str:
    """Return a folded word as people type it on a keyboard without its accents."""
    parts = unicodedata.normalize("NFD", folded.replace("ı", "i").replace("ł", "l"))
    return "".join(c for c in parts if not unicodedata.combining(c))


_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def keyboard_spellings(folded: str) -> set[str]:
    """Return how else a folded word is typed: without its accents, with digraphs for umlauts."""
    return {without_accents(folded), without_accents(folded.translate(_DIGRAPHS))} - {folded}
