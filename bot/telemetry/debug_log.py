"""Log each step of a flow, where LOG_LEVEL is DEBUG."""

from __future__ import annotations

from dataclasses import dataclass

from bot.ops.logs import get_logger
from ports.telemetry import Step

_log = get_logger("bot.telemetry")


@dataclass(frozen=True, slots=True)
class LogTracer:
    """Writes a line for each step."""

    def take(self, step: Step) -> None:
        """Log one step."""
        words = {"kind": step.kind} if step.kind else {}
        _log.debug(
            step.name,
            flow=step.flow,
            outcome=step.outcome,
            seconds=round(step.seconds, 6),
            **words,
        )

    def close(self) -> None:
        """Do nothing, as lines are written at once."""
