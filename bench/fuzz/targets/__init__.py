"""The targets by which bytes of others come in, one module each.

A target has `SEEDS`, inputs to begin with, and `enter`, which lets bytes in by the program's own way and raises
for whatever must never happen: an error that is not the target's own refusal, or a broken promise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Target:
    """A target with its bounds."""

    name: str
    packages: tuple[str, ...]
    """Packages whose branches guide the fuzzer; each module of them costs at the start."""
    bytes_max: int = 2048
    seconds_max: int = 60
    """Seconds of one input, instrumented, on a machine with other work; a slower one is a fault."""

    def open(self) -> tuple[Callable[[bytes], None], Sequence[bytes]]:
        """Import the target; return its function and the inputs to begin with."""
        module = import_module(f"bench.fuzz.targets.{self.name}")
        return module.enter, module.SEEDS


TARGETS = {
    target.name: target
    for target in (
        Target("texts", ("ledger.text",), bytes_max=512),
        Target("questions", ("ledger.inquiries", "ledger.text"), bytes_max=512),
        Target("presses", ("handlers.buttons", "services.button_presses"), bytes_max=256),
        Target(
            "updates",
            ("bot.engine", "bot.telegram", "handlers.routing", "handlers.messages"),
            bytes_max=2048,
        ),
        Target("init_data", ("services.access",), bytes_max=1024),
        Target("api_bodies", ("web.api",), bytes_max=2048),
        Target(
            "statements", ("ai.statements", "ledger.statements", "ledger.imports"), bytes_max=4096
        ),
        Target("receipts", ("ai.files",), bytes_max=16384),
        Target("textract", ("ai.ocr.expense", "ledger.receipt"), bytes_max=4096),
        Target(
            "models",
            ("ai.ocr.vision", "ai.text", "ledger.receipt", "ledger.number_guard"),
            bytes_max=2048,
        ),
        Target("settings", ("bot.setup",), bytes_max=512),
        Target(
            "exports",
            ("ai.statements", "ledger.formats", "ledger.imports", "ledger.statements"),
            bytes_max=512,
        ),
        Target("sentences", ("presentation",), bytes_max=512),
        Target("mails", ("ai.mail", "services.mail"), bytes_max=8192),
        Target("rates", ("bot.rates.formats", "ledger.rates"), bytes_max=2048),
    )
}
