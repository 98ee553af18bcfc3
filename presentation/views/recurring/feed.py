"""Show the calendar link of a ledger."""

from __future__ import annotations

from datetime import date

from ports.messages import Button, Reply
from ports.recurring import FeedChange, FeedShown
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import blocks
from presentation.views.parts import press


def feed_shown(value: FeedShown, t: Localizer, *, today: date) -> Reply:
    """Show whether there is a link, and the link itself once."""
    back = press(t("series.button.all"), buttons.series_list(), t)
    if not value.is_possible:
        return Reply(blocks(t("feed.title"), t("feed.impossible")), ((back,),))
    if value.made_on is None:
        state = t("feed.off") if value.news == "off" else t("feed.none")
        return Reply(
            blocks(t("feed.title"), state, t("feed.about")), ((_button("new", t),), (back,))
        )
    renew, off = _button("new", t, "feed.button.renew"), _button("off", t)
    if value.news == "new":
        made = t("feed.made", link=value.link)
        return Reply(blocks(t("feed.title"), made, t("feed.once")), ((off,), (back,)))
    known = t("feed.known", day=t.dated(value.made_on, today))
    return Reply(blocks(t("feed.title"), known, t("feed.about")), ((renew, off), (back,)))


def _button(change: FeedChange, t: Localizer, label: str = "") -> Button:
    return press(t(label or f"feed.button.{change}"), buttons.feed(change), t)
