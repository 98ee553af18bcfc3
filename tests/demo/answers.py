"""Types common to the demo's tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """An answer of the Bot API."""

    status: int
    body: dict[str, Any]

    @property
    def result(self) -> Any:  # noqa: ANN401 - JSON
        assert self.status == 200, self.body
        return self.body["result"]

    @property
    def refusal(self) -> tuple[int, str]:
        assert not self.body["ok"]
        assert self.body["error_code"] == self.status
        return self.status, self.body["description"]


Call = Callable[..., Awaitable[Answer]]
Draw = Callable[..., bytes]
Parameters = dict[str, Any]
