"""Show the tokens of programs."""

from __future__ import annotations

from ports.answers.access import TokensShown
from ports.messages import Outgoing
from presentation import views
from presentation.localizer import localizer_for
from replies.responder import ChatResponder


def respond_tokens(responder: ChatResponder, answer: TokensShown, edits: str | None) -> None:
    """Show the tokens; the secret of a new one is shown in a private chat alone."""
    made = answer.made
    if made is not None and made.private is None:
        responder.reply(views.token_made(made, responder.t), edits=edits)
        return
    if made is not None and made.private is not None:
        told = views.token_made(made, localizer_for(made.private.settings))
        key = f"{responder.key}:private"
        responder.unit.send(Outgoing(made.private.chat_id, key, told))
    shown = views.tokens_shown(answer, responder.t, today=responder.today)
    responder.reply(shown, edits=edits)
