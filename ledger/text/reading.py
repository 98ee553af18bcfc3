"""Reading one text: the scene it plays in, and its lines with everything found in them."""

from __future__ import annotations

from datetime import date

from ledger.text.amounts import read_amounts
from ledger.text.characters import shape
from ledger.text.days import read_days
from ledger.text.line import Line, Scene, open_line
from ledger.text.marks import read_marks
from ledger.text.model import TextContext
from ledger.text.regions import customs_of
from ledger.text.things import read_things
from ledger.text.vocabulary import vocabulary_of


def scene_of(text: str, context: TextContext, *, today: date | None = None) -> Scene:
    """Return what holds for a cleaned text: vocabulary, customs, the day."""
    customs = customs_of(context.language, context.timezone, context.currency)
    vocabulary = vocabulary_of(customs.language)
    return Scene(context, vocabulary, customs, today or context.today, text, shape(text))


def read_line(
    scene: Scene, start: int = 0, end: int | None = None, *, days_only: bool = False
) -> Line:
    """Read one line of the scene's text: marks, days, things, amounts, in this order."""
    line = open_line(scene, start, len(scene.text) if end is None else end)
    read_marks(line)
    read_days(line)
    if not days_only:
        read_things(line)
        read_amounts(line)
    return line


def read_lines(scene: Scene) -> list[Line]:
    """Read every line that holds anything."""
    lines: list[Line] = []
    start, text = 0, scene.shaped
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text[start:end].strip():
            line = read_line(scene, start, end)
            if line.tokens:
                lines.append(line)
        start = end + 1
    return lines
