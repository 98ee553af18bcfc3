"""List sample receipts, drawn by `draw.py`; the shops do not exist."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def list_samples() -> list[dict[str, Any]]:
    """Return the samples in their order on the page: name, file, kind and note."""
    listed: list[dict[str, Any]] = json.loads((FOLDER / "samples.json").read_text("utf-8"))
    return listed


def sample_path(file_name: str) -> Path | None:
    """Return the path of a listed sample or its preview; None for any other name."""
    for sample in list_samples():
        if file_name in (sample["file"], sample["preview"]):
            return FOLDER / file_name
    return None
