"""Give claimed pushes their content.

Nothing is sent when the chat is muted, turned the kind off since, entered nothing in the period, or
(a nudge) has booked something today; nothing late by more than a day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time

from ledger.chats import Chat
from ledger.errors import NotFoundError
from ledger.insights.insight import Insight
from ledger.periods.days import utc
from ledger.periods.schedule import CATCH_UP, instant_of, is_on, period_of_key
from ledger.settings import PushKind
from ports.answers import Nudge, Summarised
from ports.mail import MailAddress
from ports.repositories import Repositories, WaitingPush
from services.insights.finding import take_news
from services.recurring.coming import list_upcoming
from services.recurring.offers import list_offers
from services.reporting.highlights import find_highlights
from services.reporting.pushes import Skipped
from services.reporting.reports import count_open, summarise
from services.scope import Scope

COMPOSE_LIMIT = 5
"""Pushes of one unit: on SQLite the writer is held for their summaries and insights, 100 ms at most."""

_FIRST_WEEK = 7
_LOOKED_AT = 500
"""Latest entries in which an offer is looked for: the writer is held for some milliseconds."""


@dataclass(frozen=True, slots=True)
class Push:
    """A push that must be sent in the unit in which it was composed."""

    chat: Chat
    kind: PushKind
    period_key: str
    content: Summarised | Nudge
    due_at: datetime
    insights: tuple[Insight, ...] = ()
    """News of the weekly push, in a message of their own behind it."""
    mailed_to: tuple[MailAddress, ...] = ()
    """The addresses that get the weekly push too."""

    @property
    def message_key(self) -> str:
        """Return the key of its message; equal for equal periods, so it cannot be sent twice."""
        return f"push-{self.kind}-{self.chat.ledger.id}-{self.period_key}"

    @property
    def expires_at(self) -> datetime:
        """Return the moment after which it is dropped rather than sent late."""
        return self.due_at + CATCH_UP


@dataclass(frozen=True, slots=True)
class Composed:
    """The outcome of one round."""

    pushes: tuple[Push, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    more: bool = False


def compose_due(repositories: Repositories, now: datetime, limit: int = COMPOSE_LIMIT) -> Composed:
    """Compose pushes that wait, and mark them as done; they must be sent in this unit."""
    now = utc(now)
    waiting = repositories.pushes.waiting(limit)
    pushes: list[Push] = []
    skipped: list[Skipped] = []
    for one in waiting:
        repositories.pushes.close(one)
        if now - one.due_at > CATCH_UP:
            skipped.append(Skipped(one.ledger_id, one.kind, one.period_key, one.due_at))
        elif push := _compose(repositories, one, now):
            pushes.append(push)
    return Composed(tuple(pushes), tuple(skipped), more=len(waiting) == limit)


def _compose(repositories: Repositories, one: WaitingPush, now: datetime) -> Push | None:
    try:
        chat = repositories.chats.of_ledger(one.ledger_id)
    except NotFoundError:
        # Forgotten or merged since.
        return None
    scope = Scope(repositories, chat.ledger, 0, now)
    if chat.muted or not is_on(one.kind, scope.settings):
        return None
    content = _nudge(scope, one) if one.kind == "nudge" else _recap(scope, one)
    if content is None:
        return None
    push = Push(chat, one.kind, one.period_key, content, one.due_at)
    if one.kind != "weekly":
        return push
    mailed_to = tuple(repositories.mail_addresses.list_weekly(one.ledger_id))
    return replace(_add_insights(scope, push), mailed_to=mailed_to)


def _add_insights(scope: Scope, push: Push) -> Push:
    """Add what is worth telling; what it says of a category is not said by the summary too."""
    found = tuple(take_news(scope))
    told = {one.object for one in found if one.kind == "change"}
    content = push.content
    if told and isinstance(content, Summarised) and content.highlights:
        unusual = tuple(one for one in content.highlights.unusual if one.category not in told)
        content = replace(content, highlights=replace(content.highlights, unusual=unusual))
    return replace(push, content=content, insights=found)


def _nudge(scope: Scope, one: WaitingPush) -> Nudge | None:
    """Ask for today; a nudge of yesterday comes too late, and after an entry it is not needed."""
    period = period_of_key(one.kind, scope.settings, one.period_key)
    if not period.contains(scope.today):
        return None
    if scope.repositories.entries.was_booked(scope.ledger.id, period, since=_midnight(scope)):
        return None
    return Nudge(count_open(scope))


def _midnight(scope: Scope) -> datetime:
    return instant_of(datetime.combine(scope.today, time(0)), scope.settings.timezone)


def _recap(scope: Scope, one: WaitingPush) -> Summarised | None:
    assert one.kind != "nudge"
    period = period_of_key(one.kind, scope.settings, one.period_key)
    summarised = summarise(scope, period, kind=one.kind)
    sums = summarised.summary
    if not (sums.count or sums.income.amount or sums.unconverted_income):
        return None
    found = find_highlights(scope, summarised)
    return _look_ahead(scope, found) if one.kind == "weekly" else found


def _look_ahead(scope: Scope, summarised: Summarised) -> Summarised:
    """Add what comes again in the week to come, and now and then an offer."""
    # Once a month is enough for what comes monthly, and spares three of four searches.
    is_first = summarised.summary.period.last.day <= _FIRST_WEEK
    offers = list_offers(scope, limit=1, looked_at=_LOOKED_AT) if is_first else ()
    return replace(summarised, upcoming=list_upcoming(scope), offer=next(iter(offers), None))
