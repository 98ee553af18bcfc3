"""Heads as designers set them: a name on two lines, a big name above a small line of what is sold.

`ring_up` prints every name on one line. `put_head` gives a drawn receipt another head (`heads.toml`,
all made up), so that the ranking learns from print height and broken phrases.
"""

from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from functools import cache

from bench.drawn.till import HERE, Drawn, Print, cells

NAME_SIZES = (1.0, 1.4, 1.7, 2.0)
CRAFT_SIZES = (0.9, 1.0, 1.0)
CRAFT_SHARE = 0.6
LINE = 1.15
"""Height of a row of print of size 1."""


@cache
def heads() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((HERE / "heads.toml").read_text("utf-8"))


def put_head(drawn: Drawn, seed: int) -> Drawn:
    """Put another name, and at times a craft below it, where the receipt's name stood."""
    rng = random.Random(seed)
    choice = heads()[drawn.tag]
    lines = rng.choice(choice["names"]).split("/")
    size = rng.choice(NAME_SIZES)
    print_of = [(line, size) for line in lines]
    # A craft in the print of the name would be a part of the name for all that anybody sees.
    if size > 1 and rng.random() < CRAFT_SHARE:
        print_of.append((rng.choice(choice["crafts"]), rng.choice(CRAFT_SIZES)))
    old, *below = drawn.prints
    head, row = [], old.row
    for text, height in print_of:
        head.append(Print(text, row, max(0, (drawn.width - cells(text) * height) / 2), height))
        row += LINE * height
    shift = row - (old.row + LINE * old.size)
    moved = [replace(piece, row=piece.row + shift) for piece in below]
    truth = {**drawn.truth, "merchant": " ".join(lines)}
    return replace(drawn, prints=[*head, *moved], rows=drawn.rows + shift, truth=truth)
