"""End the weekly mail by the link in it (`/mail/stop/<key>`).

Looking at the link shows a page with a button: programs that scan mails look at every link. A mail program's
own button posts at once (RFC 8058), without a cookie or an origin; the key is the proof.
"""

from __future__ import annotations

from html import escape

from aiohttp import web

from ledger.chats import Chat
from ledger.errors import NotFoundError
from ports.answers.mail import MailStopped
from ports.mail import MailAddress
from ports.repositories import Repositories
from ports.units import UnitOfWork
from presentation.localizer import Localizer, localizer_for
from replies.mailed import show_stopped
from replies.responder import ChatResponder
from services.mail.addresses import STOP_PATH, find_stoppable, stop_weekly
from web.bodies import read_body
from web.site import backend_of
from web.small_pages import localizer_of, small_page

BODY_BYTES_MAX = 4096
Stopped = tuple[MailAddress, Chat]


def add_mail_routes(app: web.Application) -> None:
    """Let the site take links of mails."""
    path = STOP_PATH + "/{key:[A-Za-z0-9_-]{1,64}}"
    app.router.add_get(path, show_stop)
    app.router.add_post(path, stop)


async def show_stop(request: web.Request) -> web.Response:
    """Ask whether to end the mail; answer 200, or 404 for a key that is none."""
    key = request.match_info["key"]

    def look(repositories: Repositories) -> Stopped:
        found = find_stoppable(repositories, key)
        return found, repositories.chats.of_ledger(found.ledger_id)

    try:
        found, chat = await backend_of(request).read(look)
    except NotFoundError:
        return _gone(request)
    t = localizer_for(chat.settings)
    if not found.weekly_on:
        return _done(found, t)
    ask = escape(t.plain("mail.stop.ask", address=found.address))
    # Its own address, so the form needs no field.
    form = f'<form method="post"><button>{escape(t.plain("mail.stop.button"))}</button></form>'
    return small_page(200, t.plain("mail.stop.title"), f"<p>{ask}</p>{form}", t)


async def stop(request: web.Request) -> web.Response:
    """End the mail and tell the chat once; answer 200, also when it was ended before."""
    # What stands in it does not count, but it must not be endless.
    await read_body(request, BODY_BYTES_MAX)
    backend, key = backend_of(request), request.match_info["key"]
    now = backend.clock()

    def end(repositories: Repositories) -> Stopped:
        before = stop_weekly(repositories, key)
        return before, repositories.chats.of_ledger(before.ledger_id)

    def tell(unit: UnitOfWork, ended: Stopped) -> None:
        before, chat = ended
        if before.weekly_on:
            # Of the moment, as the mail may be switched on and ended again.
            told = f"mail-stop-{before.id}-{int(now.timestamp())}"
            responder = ChatResponder(unit, chat, told, now, user_id=before.user_id, silent=True)
            show_stopped(responder, MailStopped(before))

    try:
        before, chat = await backend.write(end, tell)
    except NotFoundError:
        return _gone(request)
    return _done(before, localizer_for(chat.settings))


def _gone(request: web.Request) -> web.Response:
    t = localizer_of(request, backend_of(request).services.entering)
    text = escape(t.plain("error.mail_stop_gone"))
    return small_page(404, t.plain("mail.stop.title"), f"<p>{text}</p>", t)


def _done(found: MailAddress, t: Localizer) -> web.Response:
    text = escape(t.plain("mail.stop.done", address=found.address))
    return small_page(200, t.plain("mail.stop.title"), f"<p>{text}</p>", t)
