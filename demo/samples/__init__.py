"""Receipts of our own making to try the bot on; `draw.py` made them, the shops do not exist."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def list_samples() -> list[dict[str, Any]]:
    """The samples in the order they are shown: name, file, kind (photo or file), note."""
    listed: list[dict[str, Any]] = json.loads((FOLDER / "samples.json").read_text("utf-8"))
    return listed


def sample_path(file_name: str) -> Path | None:
    """Where a listed sample, or its small picture, lies; None for any other name."""
    for sample in list_samples():
        if file_name in (sample["file"], sample["preview"]):
            return FOLDER / file_name
    return None
