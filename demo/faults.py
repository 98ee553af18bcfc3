"""Plan faults, which may be changed while the server runs.

Shares are probabilities from 0 to 1 per request. The random numbers come from `seed`, so a failing
run can be repeated. Faults affect the Bot API only, never the page.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import Literal

from demo.botapi.errors import ApiError, too_many_requests

RequestFault = Literal["error", "reset", "timeout", "lost_answer"]
FileFault = Literal["missing", "slow", "longer", "html", "reset"]


@dataclass(slots=True)
class Refusal:
    """A refusal of the next `times` requests; an empty method or no chat means any."""

    error: ApiError
    method: str = ""
    chat_id: int | None = None
    times: int = 1


@dataclass(slots=True)
class FaultPlan:
    """The planned faults; none at first.

    Attributes:
        latency_seconds: Delay of every answer.
        error_share: Share of requests answered with 502 and not executed.
        reset_share: Share of connections cut before the request is executed.
        timeout_share: Share of requests not executed, and cut after `timeout_seconds`.
        lost_answer_share: Share of requests executed, then cut without an answer.
        are_polls_spared: Whether the shares leave getUpdates out.
        file_fault: The fault of downloads: 404, one byte a second, more bytes than declared, an
            HTML page, or a cut in the middle.
        is_file_size_hidden: Whether answers omit `file_size`.
    """

    latency_seconds: float = 0.0
    error_share: float = 0.0
    reset_share: float = 0.0
    timeout_share: float = 0.0
    lost_answer_share: float = 0.0
    timeout_seconds: float = 30.0
    are_polls_spared: bool = False
    file_fault: FileFault | None = None
    file_fault_times: int | None = None
    is_file_size_hidden: bool = False
    seed: int = 1
    refusals: list[Refusal] = field(default_factory=list)
    _down_until: float = 0.0
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Start the sequence of random numbers."""
        self._random = random.Random(self.seed)  # noqa: S311 - repeatable, not secret

    @property
    def is_quiet(self) -> bool:
        """Tell whether no fault can affect a request."""
        return not (
            self.refusals
            or self._down_until
            or self.error_share
            or self.reset_share
            or self.timeout_share
            or self.lost_answer_share
        )

    @property
    def is_down(self) -> bool:
        """Tell whether an outage lasts."""
        return time.monotonic() < self._down_until

    def go_down(self, seconds: float = float("inf")) -> None:
        """Refuse every connection for `seconds`, or until `come_back`."""
        self._down_until = time.monotonic() + seconds

    def come_back(self) -> None:
        """End an outage."""
        self._down_until = 0.0

    def clear(self) -> None:
        """Remove all faults."""
        # The same object is cleared, because the routes hold a reference to it.
        fresh = FaultPlan(seed=self.seed)
        for name in self.__slots__:
            setattr(self, name, getattr(fresh, name))

    def refuse(
        self, error: ApiError, *, method: str = "", chat_id: int | None = None, times: int = 1
    ) -> None:
        """Answer the next `times` matching requests with `error`."""
        self.refusals.append(Refusal(error, method.lower(), chat_id, times))

    def flood(self, chat_id: int, retry_after_seconds: int, *, times: int = 1) -> None:
        """Answer the next `times` messages to a chat with 429."""
        self.refuse(too_many_requests(retry_after_seconds), chat_id=chat_id, times=times)

    def take_refusal(self, method: str, chat_id: int) -> ApiError | None:
        """Return the refusal planned for a request, and count it down."""
        for refusal in self.refusals:
            is_meant = (not refusal.method or refusal.method == method) and (
                refusal.chat_id is None or refusal.chat_id == chat_id
            )
            if is_meant:
                refusal.times -= 1
                if refusal.times <= 0:
                    self.refusals.remove(refusal)
                return refusal.error
        return None

    def draw(self, method: str) -> RequestFault | None:
        """Draw the fault of a request, None for no fault."""
        if self.is_down:
            return "reset"
        if self.are_polls_spared and method == "getupdates":
            return None
        # One number decides among all shares, so that they add up instead of being combined.
        chance = self._random.random()
        shares: tuple[tuple[RequestFault, float], ...] = (
            ("error", self.error_share),
            ("reset", self.reset_share),
            ("timeout", self.timeout_share),
            ("lost_answer", self.lost_answer_share),
        )
        for fault, share in shares:
            if chance < share:
                return fault
            chance -= share
        return None

    def take_file_fault(self) -> FileFault | None:
        """Return the fault of a download, and count down `file_fault_times`."""
        if self.file_fault is None or self.file_fault_times == 0:
            return None
        if self.file_fault_times is not None:
            self.file_fault_times -= 1
        return self.file_fault
