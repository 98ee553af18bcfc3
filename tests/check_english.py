"""Check that docstrings and comments of the product are written in plain English.

`make lint` runs it; docs/contributing.md lists the five rules. It finds only the words below, so a
reviewer still reads whether a docstring begins with a verb and holds about twelve words.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

WORDS = {
    r"(?<!there )(?:is|are) no(?! longer)": "is not a",
    r"for ever": "forever",
    r"any more": "no longer",
    r"anew": "again",
    r"beside": "next to",
    r"of ours": "Kvitto's own",
    r"purses?": "expenses",
    r"brooms?|roof|doors?|desks?|lanes?|parcels?|arrivals?|tongues?": "the glossary's word",
    r"speaks?|hears?|heard": "a verb that fits data",
    r"filed|filing": "categorised, or a verb that fits",
    r"nobody's|nobody hears": "the object by its type",
    r"go(?:es)? away": "is deleted, or is closed",
}
"""Words that are not written, as patterns, each with the word to write instead."""

OPENINGS = re.compile(r"(?:What|Who|Whose|How|Why|Whether)\b")
"""Openings that hide the object; a docstring begins with a verb or names a type."""

OTHER_FOLDERS = ("tests/", "bench/", "docs/", "storage/migrations/versions/")

_PATTERNS = [
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), instead) for words, instead in WORDS.items()
]


def list_docstrings(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each docstring, those of attributes and constants included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for statement in node.body:
                match statement:
                    case ast.Expr(value=ast.Constant(value=str(text))):
                        yield statement.lineno, text
                    case _:
                        pass


def list_comments(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each comment, without directives to tools."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and not token.string.startswith(("# noqa", "# type:")):
            yield token.start[0], token.string


def find_faults(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and description of each fault in a module's docstrings and comments."""
    docstrings = list(list_docstrings(source))
    for line, text in docstrings:
        if opening := OPENINGS.match(text):
            yield line, f"begins with {opening[0]!r}; begin with a verb or a type"
    for line, text in [*docstrings, *list_comments(source)]:
        # Quoted code and examples of a person's words may hold any word.
        prose = re.sub(r"`[^`]*`|\"[^\"]*\"", "", text)
        for pattern, instead in _PATTERNS:
            for found in pattern.finditer(prose):
                yield line, f"{found[0]!r}; write {instead}"


def list_modules() -> list[str]:
    """List the tracked modules of the product."""
    tracked = subprocess.run(
        ["git", "ls-files", "*.py"],  # noqa: S607  # git of the developer's own path
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in tracked.stdout.split() if not name.startswith(OTHER_FOLDERS)]


def main() -> int:
    """Print each fault; return 1 when there is one."""
    faults = [
        f"{name}:{line}: {fault}"
        for name in list_modules()
        for line, fault in sorted(find_faults(Path(name).read_text(encoding="utf-8")))
    ]
    if faults:
        print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
