"""Decode the bytes of a text file."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

from ledger.statements.headers import match_header

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "iso8859_2", "iso8859_15", "cp932", "gb18030", "big5", "cp949", "cp850", "cp852",
]  # fmt: skip
"""Encodings that banks still write; guessing among all of Python's finds exotic ones in short files."""
_WESTERN = (
    "äöüßéèàç", "àâæçéèêëîïôùûüÿœ", "áéíóúüñºª¿¡", "àèéìíîòóùú", "àáâãçéêíóôõúü", "åäöéü", "åæøéäö",
    "áéëèïóöüç", "áðéíóúýþæö",
)  # fmt: skip
_CENTRAL = (
    "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ", "čćđšž",
    "äöüß", "áéíóúüñ",
)  # fmt: skip
_CYRILLIC = ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя№", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя№'’")
_ALPHABETS: dict[str, tuple[str, ...]] = {
    "cp1252": _WESTERN,
    "iso8859_15": _WESTERN,
    "cp1250": _CENTRAL,
    "iso8859_2": _CENTRAL,
    "cp1254": ("çğıiöşüâî\u0307",),
    "cp1251": _CYRILLIC,
    "cp1253": ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",),
    "cp1257": ("āčēģīķļņšūž", "ąčęėįšųūž", "äõöüšž"),
    "cp850": _WESTERN,
    "cp852": _CENTRAL,
    "koi8_r": _CYRILLIC,
}
"""Letters of the languages that are written in an encoding; the right one gives words of one language."""
_OF_CURRENCY = {
    b"HUF": "cp1250", b"PLN": "cp1250", b"CZK": "cp1250", b"RON": "cp1250", b"TRY": "cp1254",
    b"RUB": "cp1251", b"UAH": "cp1251", b"BGN": "cp1251",
}  # fmt: skip
"""Encodings of the languages of a currency; some bytes are letters of two languages."""
_SAMPLE_BYTES = 65_536
_HEADER_LINES = 60
_BINARY = (
    b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd",
    b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"MZ",
)  # fmt: skip
"""First bytes of packed files, spreadsheets, pictures and programs."""
_CONTROLS = [bytes([byte]) for byte in (*range(9), *range(14, 26))]
_CONTROL_SHARE = 0.05
"""Share of control characters above which a file is not text; damaged ones hold a few."""
_NUL_SHARE = 0.2
_COVERED = 0.97
"""Share of letters outside ASCII that belong to one language; others stand in foreign names."""
_DEFAULT = "cp1252"
_NAMED = ("cp932", "gb18030", "big5", "cp949")
"""Encodings that are told by their headers alone: most bytes are letters in several of them."""
_SOUND_LETTERS = 2
"""Whole letters of UTF-8 for each broken one, from which a file is UTF-8 with damage."""
_OTHER_SCRIPTS = frozenset({"cp1251", "cp1253", "koi8_r"})
_MIXED = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")
_LETTERS = re.compile(r"[^\x00-\x7f](?<=[^\W\d_])|(?<=[A-Za-z])[^\x00-\x7f](?=[A-Za-z])|[¹²³]")


class NotTextError(ValueError):
    """The file is packed, a picture, a program or a spreadsheet."""


def decode(data: bytes) -> str:
    """Return the text of a file; a byte that its encoding does not know becomes U+FFFD.

    Raises:
        NotTextError: The bytes are those of another kind of file.
    """
    if data.startswith(_BINARY):
        raise NotTextError
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if wide := _find_utf16(data[:_SAMPLE_BYTES]):
        return data.decode(wide, "replace")
    sample = data[:_SAMPLE_BYTES]
    if sum(map(sample.count, _CONTROLS)) > _CONTROL_SHARE * len(sample):
        raise NotTextError
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if _is_damaged_utf8(data[: _SAMPLE_BYTES * 16]):
            return data.decode("utf-8", _LATIN)
        return data.decode(_guess(data), "replace")


def _is_damaged_utf8(data: bytes) -> bool:
    """Return whether most letters are UTF-8, which those of another encoding hardly ever are.

    A file that was edited with two programs holds both.
    """
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(not char.isascii() for char in text) - broken
    return sound >= _SOUND_LETTERS * broken


def _read_latin(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are not UTF-8 as Western letters."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode(_DEFAULT, "replace"), error.end


_LATIN = "kvitto_latin"
codecs.register_error(_LATIN, _read_latin)


def _find_utf16(sample: bytes) -> str | None:
    """Return the UTF-16 of a file without a mark, where every other byte of Latin text is zero."""
    if len(sample) < len(b"ab") or sample.count(0) < _NUL_SHARE * len(sample):
        return None
    return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"


def _guess(data: bytes) -> str:
    """Return the encoding under which the letters are of one language and name the most columns."""
    lines = data[: _SAMPLE_BYTES * 16].splitlines()
    # Letters outside ASCII decide, and a long file may have none in its first lines.
    sample = b"\n".join(line for line in lines if not line.isascii())[:_SAMPLE_BYTES]
    head = b"\n".join(line for line in lines[:_HEADER_LINES] if not line.isascii())
    likely = {encoding for code, encoding in _OF_CURRENCY.items() if code in data[:_SAMPLE_BYTES]}
    found = [
        (_count_names(head, encoding), encoding in likely, share, -place, encoding)
        for place, (encoding, share) in enumerate(_list_covered(sample))
        if share >= _COVERED
    ]
    named = max((_count_names(head, one), -place) for place, one in enumerate(_NAMED))
    if named[0] > max(found, default=(0,))[0]:
        return _NAMED[-named[1]]
    if found:
        return max(found)[-1]
    best = from_bytes(sample, cp_isolation=_LEGACY, threshold=0.9).best()
    return best.encoding if best else _DEFAULT


def _list_covered(sample: bytes) -> Iterator[tuple[str, float]]:
    """Yield each encoding with the largest share of letters that belong to one of its languages."""
    for encoding, alphabets in _ALPHABETS.items():
        try:
            text = sample.decode(encoding).lower()
        except UnicodeDecodeError:
            continue
        letters = _LETTERS.findall(text)
        # No word mixes Latin letters with those of another script.
        mixed = len(_MIXED.findall(text)) if encoding in _OTHER_SCRIPTS else 0
        hits = max(sum(letter in alphabet for letter in letters) for alphabet in alphabets)
        yield encoding, (hits - mixed) / max(1, len(letters))


def _count_names(head: bytes, encoding: str) -> int:
    """Return how many cells name a column, among those whose bytes the encodings read differently."""
    cells = re.split(r'[;,\t|\n"]', head.decode(encoding, "replace"))
    return sum(bool(match_header(cell)) for cell in cells if cell and not cell.isascii())
