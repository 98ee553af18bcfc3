"""Show the tokens of a ledger, and the ways to its dashboard."""

from __future__ import annotations

from datetime import date, datetime

from ledger.periods.days import day_of
from ports.access import ApiToken
from ports.answers.access import DashboardShown, MadeToken, TokensShown, WebhookChanged
from ports.messages import Button, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import Html, blocks, rows
from presentation.views.parts import in_rows, press

PRESETS = ("read", "write", "capture")
_WRITES, _CAPTURES = "write", "capture"
_NAME_MAX = 40


def tokens_shown(value: TokensShown, t: Localizer, *, today: date) -> Reply:
    """List the tokens, each with a button to revoke it, and offer to make one."""
    listed = [
        _line(token, maker, t, today)
        for token, maker in zip(value.tokens, value.makers, strict=True)
    ]
    news = t("tokens.revoked", hint=value.revoked) if value.revoked else ""
    if value.signed_out:
        news = t("tokens.signed_out")
    if value.made and value.made.private:
        news = t("tokens.sent", hint=value.made.token.hint)
    text = blocks(
        t("tokens.title"), news, t("tokens.about"), rows(*listed) or t("tokens.none"),
        rows(*(t(f"tokens.scope.{name}") for name in PRESETS)),
        t("tokens.sessions", value.sessions) if value.sessions else "",
    )  # fmt: skip
    make = [press(t(f"tokens.button.{name}"), buttons.token_make(name), t) for name in PRESETS]
    revoke = [
        press(t("tokens.button.revoke", hint=one.hint), buttons.token_revoke(one.id), t)
        for one in value.tokens
    ]
    if value.sessions:
        revoke.append(press(t("tokens.button.sign_out"), buttons.sign_out(), t))
    back = press(t("button.back"), buttons.settings("main"), t)
    return Reply(text, (*in_rows(make, 1), *in_rows(revoke, 2), (back,)))


def token_made(made: MadeToken, t: Localizer) -> Reply:
    """Show a new token this once, with a call that tries it, and a button that hides it."""
    example = "tokens.try_capture" if _kind(made.token) == _CAPTURES else "tokens.try"
    scope, suffix = t(f"tokens.kind.{_kind(made.token)}"), "_group" if made.group else ""
    text = blocks(
        t(f"tokens.made{suffix}", name=t.user(made.group, _NAME_MAX), scope=scope),
        t("tokens.secret", secret=made.secret),
        t(example, token=made.secret, url=made.ledger_url),
        t(f"tokens.keep{suffix}"),
    )
    return Reply(text, ((press(t("tokens.button.hide"), buttons.tokens(), t),),))


def webhook_changed(value: WebhookChanged, t: Localizer) -> Reply:
    """Say that a program is told from now on what changes, or no longer."""
    what = "given_up" if value.given_up else "removed" if value.removed else "made"
    return Reply(t(f"webhook.{what}", host=t.user(value.webhook.host, _NAME_MAX)))


def dashboard(value: DashboardShown, t: Localizer, *, private_url: str) -> Reply:
    """Show the ways to the dashboard; `private_url` leads from a group to the private chat."""
    if not value.link:
        return Reply(t("dashboard.impossible"))
    if value.is_group:
        private = Button(t.label(t("dashboard.button.private")), url=private_url)
        return Reply(t("dashboard.group"), ((private,),))
    app = Button(t.label(t("dashboard.button.open")), web_app=value.app_url)
    ways = ((app,),) if value.app_url else ()
    if not value.has_button:
        text = blocks(t("dashboard.link"), t("dashboard.address", link=value.link))
        return Reply(text, ways)
    browser = Button(t.label(t("dashboard.button.browser")), url=value.link)
    return Reply(t("dashboard.open"), (*ways, (browser,)))


def _line(token: ApiToken, maker: str, t: Localizer, today: date) -> Html:
    """Describe a token by its end, its kind, its maker in a group, and its days."""
    made = t("tokens.by", name=t.user(maker, _NAME_MAX), day=_day(token.made_at, t, today))
    alone = t("tokens.since", day=_day(token.made_at, t, today))
    used = t("tokens.unused")
    if token.used_at:
        used = t("tokens.used", day=_day(token.used_at, t, today))
    kind = t(f"tokens.kind.{_kind(token)}")
    return t("tokens.line", hint=token.hint, kind=kind, made=made if maker else alone, used=used)


def _day(moment: datetime, t: Localizer, today: date) -> str:
    return t.day(day_of(moment, t.settings.timezone), today)


def _kind(token: ApiToken) -> str:
    """Return the name of the preset that these scopes are."""
    scopes = {scope.value for scope in token.scopes}
    return next(name for name in (_WRITES, "read", _CAPTURES) if name in scopes)
