"""Define events of the demo and their bus, for the page, the wait helpers and benches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from demo.botapi.world import Message

EventKind = Literal[
    "message",  # a person or the bot wrote
    "edited",
    "deleted",
    "answer",  # a press of a button was answered
    "action",  # "typing…"
    "reaction",
    "pinned",
    "keyboard",  # the keyboard below the input changed
    "chat",  # a chat is new, or its members or title changed
    "commands",
    "clock",
    "request",  # the bot called a method; carries method and error code
]


@dataclass(frozen=True, slots=True)
class Event:
    """An event; `chat_id` is 0 where it concerns no chat."""

    kind: EventKind
    chat_id: int = 0
    message: Message | None = None
    data: dict[str, Any] = field(default_factory=dict)


Listener = Callable[[Event], None]


class EventBus:
    """Calls every listener with each event, in the order of subscription."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def publish(self, event: Event) -> None:
        """Call all listeners."""
        # A copy, because a listener may subscribe or leave while it is called.
        for listener in tuple(self._listeners):
            listener(event)

    @contextmanager
    def subscribed(self, listener: Listener) -> Iterator[None]:
        """Subscribe a listener while the block runs."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def subscribe(self, listener: Listener) -> None:
        """Subscribe a listener until the program ends."""
        self._listeners.append(listener)
