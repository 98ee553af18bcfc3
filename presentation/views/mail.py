"""Show a person's address for mail, and what came by mail or could not be sent."""

from __future__ import annotations

from ports.answers.mail import MailShown, MailStopped, MailWithoutFiles
from ports.messages import Button, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import EMPTY, Html, blocks, rows
from presentation.views.parts import in_rows, press

_ADDRESS_MAX = 254


def mail_shown(value: MailShown, t: Localizer, *, in_group: bool) -> Reply:
    """Show the address with what is sent to it, and what to type next."""
    address = value.address
    news = t(f"mail.news.{value.news}") if value.news else EMPTY
    moved = t("mail.moved") if value.moved else EMPTY
    if address is None:
        return Reply(blocks(news, t("mail.about"), t("mail.how")))
    named = _named(address.address, t, in_group=in_group)
    remove = press(t("mail.button.remove"), buttons.mail_remove(), t)
    if address.confirmed_at is None:
        waits = t("mail.waits", address=named, tries=address.tries_left)
        return Reply(blocks(news, waits), ((remove,),))
    return Reply(
        blocks(rows(news, moved), t("mail.address", address=named), _uses(value, t)),
        in_rows([_switch(t, on=not address.weekly_on), remove], 1),
    )


def mail_undelivered(what: str, address: str, t: Localizer, *, in_group: bool) -> Reply:
    """Say that a mail could not be sent, and what to do."""
    named = _named(address, t, in_group=in_group)
    return Reply(t(f"mail.undelivered.{what}", address=named))


def mail_without_files(value: MailWithoutFiles, t: Localizer) -> Reply:
    """Say why nothing of a mail is booked."""
    return Reply(t(f"mail.without.{value.reason}"))


def mail_stopped(value: MailStopped, t: Localizer, *, in_group: bool) -> Reply:
    """Say that the link in a mail ended it, with a way back."""
    named = _named(value.address.address, t, in_group=in_group)
    return Reply(t("mail.stopped", address=named))


def _named(address: str, t: Localizer, *, in_group: bool) -> Html:
    """Return an address; in a group so much of it that its person knows it again."""
    if in_group:
        local, _, domain = address.rpartition("@")
        address = f"{local[:1]}…@{domain}"
    return t.user(address, _ADDRESS_MAX)


def _uses(value: MailShown, t: Localizer) -> Html:
    """Return what the address is used for."""
    assert value.address is not None
    weekly = t("mail.weekly_on" if value.address.weekly_on else "mail.weekly_off")
    to = value.offer.receipts_to
    return rows(weekly, t("mail.receipts", address=to) if to else EMPTY)


def _switch(t: Localizer, *, on: bool) -> Button:
    label = t("mail.button.on" if on else "mail.button.off")
    return press(label, buttons.mail_weekly(on=on), t)
