"""Answer questions about a ledger, as `/ask` does in the chat."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ledger.entries.source_keys import api_source
from ledger.inquiries.answers import InquiryAnswer, InquiryAsked, InquiryDeclined
from ports.answers import BudgetsShown, Page, Summarised
from ports.messages import Reply as Shown
from presentation import views
from presentation.localizer import localizer_for
from presentation.views.parts import NOBODY
from replies.names import list_category_names, list_group_names
from services.access.ledgers import list_ledgers
from services.ids import new_id
from services.inquiries.answering import InquiryResult
from services.scope import Scope
from services.texts.incoming_text import IncomingText
from web.api.calls import Call, Outcome, Reply
from web.api.figure_models import show_money
from web.api.models.questions import AnswerShown, CallerShown, NewQuestion
from web.api.problems import as_plain_text
from web.api.routes import NoQuery

_VIEWS: dict[type, Callable[..., Shown]] = {
    BudgetsShown: views.budgets,
    InquiryAsked: views.inquiry_asked,
    Page: partial(views.page, payers=NOBODY),
    Summarised: views.summary,
}
"""Views that name days by the present one."""


async def ask_question(call: Call[NoQuery, NewQuestion]) -> Reply:
    """Answer a question, which is kept for ten minutes so that the next one may add to it."""

    def write(scope: Scope) -> Outcome:
        incoming = IncomingText(
            text=call.body.text,
            source=api_source(new_id(call.now)),
            sent_at=call.now,
            addressed=True,
            command=True,
            category_names=list_category_names(scope.settings),
            group_names=list_group_names(scope.settings),
        )
        answer = call.backend.services.inquiries.ask(scope, incoming)
        return Outcome(Reply(_show(scope, answer)))

    return await call.write(write)


async def get_caller(call: Call[NoQuery, None]) -> Reply:
    """Return what the caller may do; any login may ask this."""
    found = await call.backend.read(lambda rows: list_ledgers(call.access(rows)))
    ids = tuple(one.scope.ledger.key for one in found)
    return Reply(CallerShown(ledgers=ids, scopes=tuple(sorted(call.caller.scopes))))


def _show(scope: Scope, answer: InquiryResult) -> AnswerShown:
    shown = _view(scope, answer)
    text = as_plain_text(shown.text)
    match answer:
        case InquiryDeclined():
            return AnswerShown(state="declined", text=text)
        case InquiryAsked():
            labels = tuple(one.label for row in shown.buttons for one in row)
            return AnswerShown(state="unclear", text=text, readings=labels)
        case InquiryAnswer(figures=figures) if not figures.is_empty:
            total, count = show_money(figures.total), figures.count
            return AnswerShown(state="answered", text=text, total=total, count=count)
        case Summarised(summary=sums):
            total, count = show_money(sums.spent), sums.count
            return AnswerShown(state="answered", text=text, total=total, count=count)
        case _:
            return AnswerShown(state="answered", text=text)


def _view(scope: Scope, answer: InquiryResult) -> Shown:
    t = localizer_for(scope.settings)
    if isinstance(answer, InquiryAnswer):
        return views.inquiry(answer, t)
    if isinstance(answer, InquiryDeclined):
        return views.inquiry_declined(answer, t)
    view: Callable[[Any, Any], Shown] = partial(_VIEWS[type(answer)], today=scope.today)
    return view(answer, t)
