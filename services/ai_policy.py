"""What of a chat may be shown to readers outside: what is configured, and what the chat allows."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.settings import Settings


@dataclass(frozen=True, slots=True)
class AiPolicy:
    """What this installation has; nothing by default."""

    words: bool = False
    """A model may be asked about typed words: categories that are in doubt, refused messages."""
    ears: bool = False
    """Voice notes may be heard."""

    def words_of(self, settings: Settings) -> bool:
        """Say whether this chat's words may be shown."""
        return self.words and not settings.local_only

    def ears_for(self, settings: Settings) -> bool:
        """Say whether this chat's voice notes may be heard."""
        return self.ears and not settings.local_only
