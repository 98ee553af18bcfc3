"""Rules of our own over the code, which no linter knows; each is shown to find a bad sample (C05)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Float, Numeric

from storage.database.tables import metadata

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = (
    "ai", "bot", "demo", "handlers", "ledger", "ports", "presentation", "replies", "scheduler",
    "services", "storage", "web",
)  # fmt: skip


def find_open_pictures(tree: ast.AST) -> Iterator[int]:
    """Yield the lines of `Image.open` that leave it to the file which plugin opens it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Image.open"):
            if any(keyword.arg == "formats" for keyword in node.keywords):
                continue
            yield node.lineno


def find_shells(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that hand words to a shell."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            by_keyword = any(
                k.arg == "shell" and ast.unparse(k.value) == "True" for k in node.keywords
            )
            if (
                by_keyword
                or name in {"os.system", "os.popen"}
                or name.endswith("create_subprocess_shell")
            ):
                yield node.lineno


def find_unsafe_loads(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that build objects from bytes by what the bytes say."""
    unsafe = {"pickle.load", "pickle.loads", "marshal.loads", "yaml.load", "eval", "exec"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in unsafe:
            yield node.lineno


RULES: dict[Callable[[ast.AST], Iterator[int]], tuple[str, str]] = {
    find_open_pictures: ("Image.open(", 'Image.open(file)\nImage.open(file, formats=["PNG"])'),
    find_shells: ("s", "subprocess.run(words, shell=True)\nsubprocess.run(words)"),
    find_unsafe_loads: ("(", "pickle.loads(data)\njson.loads(data)"),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_finds_its_bad_sample(rule: Callable[[ast.AST], Iterator[int]]) -> None:
    assert list(rule(ast.parse(RULES[rule][1]))) == [1]


def test_the_code_keeps_the_rules() -> None:
    found = []
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            source = path.read_text()
            words = (
                "Image.open",
                "shell",
                "os.system",
                "os.popen",
                "pickle",
                "marshal",
                "yaml.load",
                "eval(",
                "exec(",
            )
            if any(word in source for word in words):
                tree = ast.parse(source)
                found += [f"{path}:{line} {rule.__name__}" for rule in RULES for line in rule(tree)]
    assert found == []


def test_no_column_holds_money_as_a_binary_fraction() -> None:
    kinds = [c for table in metadata.tables.values() for c in table.columns]
    assert [f"{c.table}.{c.name}" for c in kinds if isinstance(c.type, Float | Numeric)] == []
