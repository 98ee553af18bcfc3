"""Answer voice notes."""

from __future__ import annotations

from dataclasses import replace

from ports.messages import Reply
from presentation.localizer import Localizer
from presentation.markup import rows

_HEARD_MAX = 300


def listening(t: Localizer) -> Reply:
    """Confirm at once that the voice note came; its answer takes this message's place."""
    return Reply(t("voice.listening"))


def no_transcription(t: Localizer, *, local_only: bool) -> Reply:
    """Explain that voice notes cannot be transcribed here, and that typing works."""
    return Reply(t("voice.local_only" if local_only else "voice.no_ears"))


def not_transcribed(why: str, t: Localizer) -> Reply:
    """Explain why a voice note gave no words."""
    return Reply(t.first((f"voice.not_heard.{why}", "voice.not_heard.failed")))


def with_transcript(reply: Reply, words: str, t: Localizer) -> Reply:
    """Show the transcript above an answer; without words the answer is unchanged."""
    if not words:
        return reply
    return replace(reply, text=rows(t("voice.heard", words=t.user(words, _HEARD_MAX)), reply.text))
