"""The data of a button: only what stands on a keyboard of this chat means anything."""

from __future__ import annotations

from functools import cache
from typing import Any

from bench.fuzz.targets.stage import open_once, run
from tests.handlers.stage import ANN, BO, Shown

SEEDS = (
    b"\x00K:0",
    b"\x00K:1",
    b"\x01K:0",
    b"\x00K:-1",
    b"\x00K:9999999999",
    b"\x00:",
    b"\x00K::0",
)


@cache
def _card() -> Shown:
    (card,) = run(open_once().say("coffee 4.50"))
    return card


def enter(data: bytes) -> None:
    """Press by the bytes behind the first one; `K` stands for the id of a real keyboard."""
    card = _card()
    # The last one stands below joined confirmations alone.
    line: Any = card.message.payload.get("line") or {}
    real = {*card.buttons.values(), line.get("data", "")}
    keyboard = min(card.buttons.values()).partition(":")[0]
    pressed = data[1:].decode("utf-8", "replace").replace("K", keyboard)
    user = (ANN, BO)[data[0] % 2] if data else ANN
    answer = run(open_once().notice(card, pressed, user=user))
    if pressed not in real:
        assert answer.get("text"), f"a forged press means something: {pressed!r}"
