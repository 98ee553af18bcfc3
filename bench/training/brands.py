"""Build the bundled brand list from OpenStreetMap's name-suggestion-index (BSD-3-Clause).

    npm pack name-suggestion-index && tar xzf name-suggestion-index-*.tgz
    python bench/training/brands.py package

Writes `ai/categories/data/brands.txt` (a `[category]`, then one folded name per line) and the
licence beside it. A name that places of several categories bear is kept under the one with most
places; on a draw it is left out. Names shorter than two letters or digits are left out.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from ai.categories.brands import NAME_WORDS_MAX, brand_key  # noqa: E402 -- after the path
from ledger.categories import IDS  # noqa: E402 -- after the path

DATA = ROOT / "ai" / "categories" / "data"
NAME_TAGS = ("name", "brand", "operator", "name:en", "brand:en", "network")


def read_tags() -> dict[str, str]:
    """Read `osm_tags.txt` as tag -> category."""
    tags: dict[str, str] = {}
    category = ""
    for line in (Path(__file__).parent / "osm_tags.txt").read_text().splitlines():
        if line.startswith("["):
            category = line.strip("[]")
        elif not line.startswith("#"):
            tags |= dict.fromkeys(line.split(), category)
    return tags


def names_of(item: dict[str, object]) -> Iterator[str]:
    tags = item["tags"]
    assert isinstance(tags, dict)
    yield str(item["displayName"])
    for tag in NAME_TAGS:
        if tag in tags:
            yield str(tags[tag])
    matched = item.get("matchNames", ())
    assert isinstance(matched, (list, tuple))
    yield from map(str, matched)


def build(package: Path) -> dict[str, list[str]]:
    """Return category -> names, each sorted."""
    index = json.loads((package / "dist" / "json" / "nsi.json").read_text())["nsi"]
    tags = read_tags()
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for path, content in index.items():
        _, key, value = path.split("/")[:3] if path.count("/") >= 2 else ("", "", "")
        category = tags.get(f"{key}/{value}") or tags.get(f"{key}/*")
        if category is None:
            continue
        for item in content.get("items", ()):
            for name in {brand_key(name) for name in names_of(item)}:
                votes[name][category] += 1
    kept: dict[str, list[str]] = defaultdict(list)
    for name, counts in sorted(votes.items()):
        ranked = counts.most_common(2)
        clear = len(ranked) == 1 or ranked[0][1] > ranked[1][1]
        if clear and len(name) > 1 and 1 <= len(name.split()) <= NAME_WORDS_MAX:
            kept[ranked[0][0]].append(name)
    return kept


def main() -> None:
    package = Path(sys.argv[1])
    kept = build(package)
    lines = [
        "# Names of shops and services by category, from OpenStreetMap's name-suggestion-index",
        "# (BSD-3-Clause, see NOTICE.txt). Written by bench/training/brands.py.",
    ]
    for category in IDS:
        if category in kept:
            lines += [f"[{category}]", *kept[category]]
    (DATA / "brands.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print({category: len(names) for category, names in kept.items()})


if __name__ == "__main__":
    main()
