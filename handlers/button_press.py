"""A press that was found and allowed: what it means and the message it hangs on."""

from __future__ import annotations

from dataclasses import dataclass

from ports.messages import Action, Subject


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button means; `handle` names its message, if an answer may take the place of it."""

    action: Action
    handle: str | None
    subject: Subject | None
