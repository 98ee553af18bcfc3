"""The documents name files, modules, tables and headings that exist."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from bot.setup.secret_files import FILE_NAMES, SECRETS
from bot.setup.settings import DECLARED
from storage.database import tables

ROOT = Path(__file__).parent.parent
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"data"}

_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
_PATH = re.compile(r"[a-z_.]+(?:/[\w.*<>-]+)*/?")
_MODULE = re.compile(r"python -m ([\w.]+)")


def _list_paths(text: str) -> list[str]:
    """Return the words in code style, and in drawings, that are paths below a folder."""
    drawn = " ".join(re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    words = [word for code in _CODE.findall(text) for word in code.split()]
    words += [word.strip("(),:") for word in drawn.split() if ".py" in word]
    named = [word for word in words if "/" in word and word.split("/")[0] in FOLDERS]
    return [word for word in named if _PATH.fullmatch(word)]


def _list_anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_path_exists(document: Path) -> None:
    paths = _list_paths(document.read_text())
    missing = [p for p in paths if not any(ROOT.glob(re.sub(r"<\w+>", "*", p.rstrip("/"))))]
    assert missing == []


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for link, source in _LINK.findall(document.read_text()):
        target, _, anchor = (link or source).partition("#")
        if target.startswith("https://"):
            continue
        path = (document.parent / target).resolve() if target else document
        assert path.exists(), target
        assert not anchor or anchor in _list_anchors(path.read_text()), f"{target}#{anchor}"


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_module_can_be_run(document: Path) -> None:
    for module in _MODULE.findall(document.read_text()):
        assert importlib.util.find_spec(module), module


def test_the_architecture_lists_every_table() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    kept = text.split("## What is kept", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1] for line in kept.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in _CODE.findall(row)}
    assert named == set(tables.metadata.tables)


def test_the_guide_says_how_to_rotate_every_secret() -> None:
    text = (ROOT / "docs" / "operating.md").read_text()
    table = text.split("## Rotating secrets", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| ")]
    named = {name for row in rows for name in _CODE.findall(row)}
    assert {name.upper() for name in SECRETS} - named == set()


def test_the_example_of_settings_names_every_setting_and_no_other() -> None:
    given = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(given) == sorted(name.upper() for name in [*DECLARED, *FILE_NAMES])
