"""Ask which meaning a question has, and decline one kindly."""

from __future__ import annotations

from datetime import date

from ledger.inquiries.answers import InquiryAsked, InquiryDeclined
from ledger.inquiries.query import DoubtKind, Query
from ports.messages import Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import Html, escape
from presentation.views.parts import in_rows, press

_WORDS_MAX = 60


def inquiry_asked(value: InquiryAsked, t: Localizer, *, today: date) -> Reply:
    """Offer each meaning of a question as a button."""
    text = t(f"inquiry.ask.{value.kind}", words=t.user(value.words, _WORDS_MAX))
    found = [
        press(_meaning(value.kind, query, t, today), buttons.inquiry(query), t)
        for query in value.options
    ]
    return Reply(text, in_rows(found, 2))


def _meaning(kind: DoubtKind, query: Query, t: Localizer, today: date) -> Html:
    """Name what tells a meaning from the others."""
    period = query.filter.period
    if kind == "which_day" and period:
        return escape(t.day(period.start, today))
    if kind == "which_period" and period:
        return escape(t.dates(period, today))
    return _named(query, t)


def _named(query: Query, t: Localizer) -> Html:
    which = query.filter
    if which.member:
        return t("entry.paid_by", name=t.user(which.member, _WORDS_MAX))
    if which.merchant:
        return t("inquiry.meaning.merchant", name=t.user(which.merchant, _WORDS_MAX))
    if which.tag:
        return t.user(f"#{which.tag}", _WORDS_MAX)
    if which.scopes:
        return t("inquiry.meaning.category", name=escape(t.scope(which.scopes[0])))
    return t("page.words", words=t.user(which.words or which.item, _WORDS_MAX))


def inquiry_declined(value: InquiryDeclined, t: Localizer) -> Reply:
    """Say kindly why a question gets no answer, and what can be asked."""
    text = t(f"inquiry.declined.{value.reason}", words=t.user(value.words, _WORDS_MAX))
    if value.reason in ("no_budgets", "no_such_budget"):
        return Reply(text, ((press(t("button.budgets"), buttons.budgets(), t),),))
    return Reply(text)
