"""Find the fonts of this machine and the texts that they can draw.

Inter (Latin, Cyrillic, Greek) lies in `inter/`, cut down to what labels need. Other scripts are
drawn when the machine has a font for them (Noto, or what a desktop brings). A character without a
font is never drawn, because boxes look like damage. System-wide fonts are not scanned; that costs
hundreds of milliseconds a picture.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("inter")
FAMILY = "Inter"

# What the bundled files cover, as bundled by `inter/README.md`; a test compares.
_BUNDLED = re.compile(
    "[\u0020-\u007e\u00a0-\u0148\u014a-\u01c3\u01c5-\u024f\u0370-\u0377\u037a-\u037f\u0384-\u038a"
    "\u038c\u038e-\u03a1\u03a3-\u03e1\u03f0-\u045f\u0490\u0491\u04d0-\u04f9\u1e00-\u1eff\u200e\u200f"
    "\u2010-\u2027\u202f\u2030\u2032\u2033\u2039\u203a\u2044\u2070\u2071\u2074-\u208e\u2090-\u209c"
    "\u20a0-\u20be\u2116\u2122\u2190-\u2193\u2212\u2248\u2260\u2264\u2265\u25b2\u25bc\u2713]"
)

# Script -> its letters, its font family, and where such a font lies on Debian, Alpine, Fedora and
# Arch. The first file that exists is used.
_SCRIPTS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "arabic": (
        "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc\u061c",
        (
            ("Noto Sans Arabic", "truetype/noto/NotoSansArabic-Regular.ttf"),
            ("Noto Sans Arabic", "noto/NotoSansArabic-Regular.ttf"),
            ("DejaVu Sans", "truetype/dejavu/DejaVuSans.ttf"),
            ("DejaVu Sans", "dejavu/DejaVuSans.ttf"),
        ),
    ),
    "devanagari": (
        "\u0900-\u097f\ua8e0-\ua8ff",
        (
            ("Noto Sans Devanagari", "truetype/noto/NotoSansDevanagari-Regular.ttf"),
            ("Noto Sans Devanagari", "noto/NotoSansDevanagari-Regular.ttf"),
            ("Lohit Devanagari", "truetype/lohit-devanagari/Lohit-Devanagari.ttf"),
        ),
    ),
    "cjk": (
        (
            "\u2e80-\u2fdf\u3000-\u30ff\u3100-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
            "\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
        ),
        (
            ("Noto Sans CJK JP", "opentype/noto/NotoSansCJK-Regular.ttc"),
            ("Noto Sans CJK JP", "noto-cjk/NotoSansCJK-Regular.ttc"),
            ("Noto Sans CJK JP", "google-noto-cjk/NotoSansCJK-Regular.ttc"),
            ("WenQuanYi Zen Hei", "truetype/wqy/wqy-zenhei.ttc"),
        ),
    ),
    "hebrew": (
        "\u0590-\u05ff",
        (
            ("Noto Sans Hebrew", "truetype/noto/NotoSansHebrew-Regular.ttf"),
            ("DejaVu Sans", "truetype/dejavu/DejaVuSans.ttf"),
        ),
    ),
    "thai": (
        "\u0e00-\u0e7f",
        (("Noto Sans Thai", "truetype/noto/NotoSansThai-Regular.ttf"),),
    ),
}
_SYSTEM_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


@cache
def bundled() -> tuple[str, ...]:
    """List the font files that come with Kvitto."""
    return tuple(sorted(str(path) for path in FOLDER.glob("*.otf")))


@cache
def installed(script: str) -> tuple[str, str] | None:
    """Return family and file of a font for a script, None when the machine has none."""
    for family, place in _SCRIPTS[script][1]:
        for folder in _SYSTEM_FOLDERS:
            if (folder / place).is_file():
                return family, str(folder / place)
    return None


@cache
def _drawable() -> re.Pattern[str]:
    # One pattern over all scripts is compiled once, as fonts do not change while a process runs.
    letters = [_SCRIPTS[script][0] for script in _SCRIPTS if installed(script)]
    return re.compile(
        f"(?:{_BUNDLED.pattern}|[{''.join(letters)}])*" if letters else f"{_BUNDLED.pattern}*"
    )


def drawable(text: str) -> bool:
    """Return whether every character of a text has a font on this machine."""
    return _drawable().fullmatch(text) is not None


def needed(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the families and files, next to Inter, that a text needs and the machine has."""
    families: list[str] = []
    files: list[str] = []
    for script, (letters, _) in _SCRIPTS.items():
        font = installed(script)
        if font and re.search(f"[{letters}]", text):
            families.append(font[0])
            files.append(font[1])
    return tuple(dict.fromkeys(families)), tuple(dict.fromkeys(files))
