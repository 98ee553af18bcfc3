"""Updates of every shape that the Bot API's specification allows, and of some that it does not."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

SPECIFICATION = Path(__file__).resolve().parents[3] / "shared" / "data" / "botapi" / "api.json"

_WORDS = (
    "",
    "coffee 4.50",
    "/summary month",
    "/budget food 400",
    "\u202e+-1e9",
    "a" * 4096,
    "😀" * 9,
)
_DEPTH_MAX = 5


class Shapes:
    """Builds objects of the specification's types at random."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.types: dict[str, dict[str, Any]] = json.loads(SPECIFICATION.read_text())["types"]
        self._next_id = 1000

    def update_types(self) -> list[str]:
        """Name every field of an update that is a kind of update."""
        return [f["name"] for f in self.types["Update"]["fields"] if f["name"] != "update_id"]

    def update(self, kind: str) -> dict[str, Any]:
        """Build an update of a kind; one of ten has fields that nobody knows."""
        field = next(f for f in self.types["Update"]["fields"] if f["name"] == kind)
        self._next_id += 1
        built: dict[str, Any] = {"update_id": self._next_id, kind: self._value(field, 0)}
        if self.rng.random() < 0.1:
            built["from_the_future"] = {"x": [1, None, {"y": "z"}]}
            if isinstance(built[kind], dict):
                built[kind]["never_heard_of"] = {"chat": {"id": 5}}
        return built

    def _object(self, name: str, depth: int) -> Any:  # noqa: ANN401  # JSON
        described = self.types[name]
        if subtypes := described.get("subtypes"):
            return self._object(self.rng.choice(subtypes), depth)
        share = 0.35 if depth < 2 else 0.15 if depth < _DEPTH_MAX else 0.0
        return {
            field["name"]: self._value(field, depth + 1)
            for field in described["fields"]
            if field["required"] or self.rng.random() < share
        }

    def _value(self, field: dict[str, Any], depth: int) -> Any:  # noqa: ANN401  # JSON
        if fixed := re.search("(?:always|must be) [\"'“‘]([a-z_]+)", field["description"]):
            return fixed.group(1)
        if field["name"] == "type" and field["types"] == ["String"]:
            return self.rng.choice(("private", "group", "supergroup", "channel", "bot_command"))
        return self._typed(self.rng.choice(field["types"]), field["name"], depth)

    def _typed(self, name: str, field: str, depth: int) -> Any:  # noqa: ANN401  # JSON
        if name.startswith("Array of "):
            count = self.rng.randrange(3) if depth < _DEPTH_MAX else 0
            return [self._typed(name.removeprefix("Array of "), field, depth) for _ in range(count)]
        simple: dict[str, Callable[[], object]] = {
            "Integer": lambda: self._integer(field),
            "Float": lambda: round(self.rng.uniform(-180, 180), 5),
            "Boolean": lambda: self.rng.random() < 0.5,
            "True": lambda: True,
            "String": lambda: self._text(field),
        }
        return simple[name]() if name in simple else self._object(name, depth)

    def _integer(self, field: str) -> int:
        if "date" in field or "time" in field or "until" in field:
            return self.rng.choice((0, 1, 1_790_000_000))
        if "duration" in field or "period" in field:
            return self.rng.choice((0, 30, 86_400))
        if field in {"offset", "length"}:
            return self.rng.randrange(6)
        return self.rng.choice((0, 1, 7, self.rng.randrange(1 << 52), -self.rng.randrange(1 << 40)))

    def _text(self, field: str) -> str:
        if field in {"text", "caption", "data"}:
            return self.rng.choice(_WORDS)
        return self.rng.choice(("x", "en", "Ann", "👩", "<b>&"))
