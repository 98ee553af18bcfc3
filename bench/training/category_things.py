"""Build the list of things by language and category from the names of emoji in Unicode's CLDR.

    npm pack cldr-annotations-full && tar xzf cldr-annotations-full-*.tgz
    python -m bench.training.category_things package

Writes `category_things.txt`. Which emoji belong to a category is decided in `category_emoji.txt`.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.training.category_phrases import Line

HERE = Path(__file__).parent
EMOJI = HERE / "category_emoji.txt"
THINGS = HERE / "category_things.txt"
LANGUAGES = ["ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sv", "th", "tr", "uk", "vi", "zh"]  # fmt: skip


def read_things() -> list[Line]:
    """Read the list as training lines."""
    lines: list[Line] = []
    language = category = ""
    for row in THINGS.read_text(encoding="utf-8").splitlines():
        if row.startswith("["):
            language, category = row.strip("[]").split()
        elif not row.startswith("#"):
            lines += [Line(name, (category,), language) for name in row.split(", ")]
    return lines


def build(package: Path) -> dict[tuple[str, str], list[str]]:
    """Return names of emoji by language and category."""
    named: dict[tuple[str, str], list[str]] = defaultdict(list)
    for language in LANGUAGES:
        path = package / "annotations" / language / "annotations.json"
        annotations = json.loads(path.read_text(encoding="utf-8"))["annotations"]["annotations"]
        for category, emoji in _read_emoji():
            found = annotations.get(emoji, {}).get("tts", ("",))[0]
            if found and "," not in found:
                named[language, category].append(found)
    return named


def _read_emoji() -> Iterator[tuple[str, str]]:
    category = ""
    for row in EMOJI.read_text(encoding="utf-8").splitlines():
        if row.startswith("["):
            category = row.strip("[]")
        elif not row.startswith("#"):
            yield from ((category, emoji) for emoji in row)


def main() -> None:
    rows = [
        "# Names of emoji, from Unicode's CLDR (Unicode-3.0, see ai/categories/data/NOTICE.txt).",
        "# Written by bench/training/category_things.py.",
    ]
    for (language, category), names in build(Path(sys.argv[1])).items():
        rows += [f"[{language} {category}]", ", ".join(dict.fromkeys(names))]
    THINGS.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
