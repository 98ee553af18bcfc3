"""What is said about voice notes."""

from __future__ import annotations

from dataclasses import replace

from ports.messages import Reply
from presentation.localizer import Localizer
from presentation.markup import rows

_HEARD_MAX = 300


def listening(t: Localizer) -> Reply:
    """Say at once that the voice note arrived; its answer takes this message's place."""
    return Reply(t("voice.listening"))


def no_ears(t: Localizer, *, local_only: bool) -> Reply:
    """Say that voice notes cannot be heard here, and that typing works."""
    return Reply(t("voice.local_only" if local_only else "voice.no_ears"))


def not_heard(why: str, t: Localizer) -> Reply:
    """Say why a voice note gave no words."""
    return Reply(t.first((f"voice.not_heard.{why}", "voice.not_heard.failed")))


def with_heard(reply: Reply, words: str, t: Localizer) -> Reply:
    """Show above an answer what was heard; without words the answer stays as it is."""
    if not words:
        return reply
    return replace(reply, text=rows(t("voice.heard", words=t.user(words, _HEARD_MAX)), reply.text))
