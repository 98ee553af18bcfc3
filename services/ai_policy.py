"""Decide which texts and voice notes of a chat may be sent to a model outside this machine."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.settings import Settings


@dataclass(frozen=True, slots=True)
class AiPolicy:
    """The models of this installation; none by default. A chat may forbid them all."""

    texts: bool = False
    """A model may be asked about typed texts: doubtful categories, refused messages."""
    voices: bool = False
    """A model may transcribe voice notes."""

    phrases: bool = False
    """A model may phrase insights, for chats that give it an instruction."""

    def may_ask_about_texts(self, settings: Settings) -> bool:
        """Return whether this chat's texts may be sent."""
        return self.texts and not settings.local_only

    def may_transcribe(self, settings: Settings) -> bool:
        """Return whether this chat's voice notes may be sent."""
        return self.voices and not settings.local_only
