"""Send an answer of a service to a chat, by the view that shows its type.

A handler, a push, the result of a job and an API all come here, so an answer looks the same
wherever it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ledger.inquiries.answers import InquiryAnswer, InquiryAsked, InquiryDeclined
from ports.answers import (
    BudgetChoice,
    BudgetHelp,
    BudgetSet,
    BudgetsShown,
    Captured,
    CommandHint,
    Corrected,
    Deleted,
    Exported,
    ImportShown,
    ImportStarted,
    InsightRefused,
    InsightsShown,
    Nothing,
    Nudge,
    OpenQuestions,
    Page,
    RateDoubted,
    RateRemoved,
    RateSet,
    RatesShown,
    ReceiptRefused,
    Reversed,
    Rewritten,
    Summarised,
    WhichBudget,
    WhichCategory,
    WhichEntry,
    WhichUndo,
    WordingShown,
)
from ports.answers.access import TokensShown
from ports.answers.mail import MailShown
from ports.messages import Reply
from ports.recurring import FeedShown, SeriesAmount, SeriesExists, SeriesListed, SeriesShown
from presentation import views
from replies.answers.access import respond_tokens
from replies.answers.captured import respond_captured, respond_refused
from replies.answers.corrections import (
    respond_corrected,
    respond_deleted,
    respond_reversed,
    respond_rewritten,
    respond_which_category,
)
from replies.answers.questions import respond_open
from replies.answers.rates import respond_rate
from replies.answers.series import respond_series
from replies.importing import respond_import
from replies.insights import respond_insights
from replies.mail import respond_mail
from replies.responder import ChatResponder

Answer = (
    BudgetChoice
    | BudgetHelp
    | BudgetSet
    | BudgetsShown
    | Captured
    | CommandHint
    | Corrected
    | Deleted
    | Exported
    | FeedShown
    | ImportShown
    | ImportStarted
    | InquiryAnswer
    | InquiryAsked
    | InquiryDeclined
    | InsightRefused
    | InsightsShown
    | MailShown
    | Nothing
    | Nudge
    | OpenQuestions
    | Page
    | RateDoubted
    | RateRemoved
    | RateSet
    | RatesShown
    | ReceiptRefused
    | Reversed
    | Rewritten
    | SeriesAmount
    | SeriesExists
    | SeriesListed
    | SeriesShown
    | TokensShown
    | Summarised
    | WhichBudget
    | WhichCategory
    | WhichEntry
    | WhichUndo
    | WordingShown
)


_VIEWS: dict[type, Callable[[Any, ChatResponder], Reply]] = {
    BudgetChoice: lambda answer, to: views.budget_choice(answer, to.t),
    BudgetHelp: lambda _, to: views.budget_help(to.t),
    BudgetSet: lambda answer, to: views.budget_set(answer, to.t),
    CommandHint: lambda answer, to: views.command_hint(answer, to.t),
    Nudge: lambda answer, to: views.nudge(answer, to.t),
    Exported: lambda answer, to: views.exported(answer, to.t, today=to.today),
    FeedShown: lambda answer, to: views.feed_shown(answer, to.t, today=to.today),
    InquiryAnswer: lambda answer, to: views.inquiry(answer, to.t),
    InquiryAsked: lambda answer, to: views.inquiry_asked(answer, to.t, today=to.today),
    InquiryDeclined: lambda answer, to: views.inquiry_declined(answer, to.t),
    InsightRefused: lambda answer, to: views.insight_refused(answer, to.t),
    Nothing: lambda answer, to: views.nothing(answer, to.t),
    RateDoubted: lambda answer, to: views.rate_doubted(answer, to.t, today=to.today),
    RatesShown: lambda answer, to: views.rates(answer, to.t, today=to.today),
    SeriesAmount: lambda answer, to: views.series_amount(answer, to.t),
    SeriesExists: lambda answer, to: views.series_exists(answer, to.t, today=to.today),
    SeriesListed: lambda answer, to: views.series_listed(answer, to.t, today=to.today),
    WhichBudget: lambda answer, to: views.which_budget(answer, to.t),
    WhichEntry: lambda answer, to: views.which_entry(answer, to.t),
    WordingShown: lambda answer, to: views.wording_shown(answer, to.t),
    WhichUndo: lambda answer, to: views.which_undo(answer, to.t),
}
"""Views of answers that are about no entry or question."""


def respond(responder: ChatResponder, answer: Answer | None, *, edits: str | None = None) -> None:
    """Say an answer, in the place of the message keyed `edits` where one is given.

    None is said by silence.
    """
    if answer is None:
        return
    respond_specially = _RESPONDERS.get(type(answer))
    if respond_specially:
        respond_specially(responder, answer, edits)
    else:
        responder.reply(_VIEWS[type(answer)](answer, responder), edits=edits)


def respond_followed(
    responder: ChatResponder, answer: Answer | None, withdrawn: Sequence[str]
) -> None:
    """Say what an edit changed, and close the questions about the older version."""
    for message_key in withdrawn:
        responder.reply(views.withdrawn(responder.t), edits=message_key)
    respond(responder, answer)


def _respond_budgets(responder: ChatResponder, answer: BudgetsShown, edits: str | None) -> None:
    reply = views.budgets(answer, responder.t, today=responder.today)
    responder.reply_with_page(reply, lambda links: links.overview(), edits=edits)


def _respond_page(responder: ChatResponder, answer: Page, edits: str | None) -> None:
    reply = views.page(answer, responder.t, today=responder.today, payers=responder.payers)
    responder.reply_with_page(reply, lambda links: links.entries(answer.which), edits=edits)


def _respond_summary(responder: ChatResponder, answer: Summarised, edits: str | None) -> None:
    reply = views.summary(answer, responder.t, today=responder.today)
    responder.reply_with_page(reply, lambda links: links.totals(answer.which), edits=edits)


_RESPONDERS: dict[type, Callable[[ChatResponder, Any, str | None], None]] = {
    BudgetsShown: _respond_budgets,
    Captured: respond_captured,
    Corrected: respond_corrected,
    Deleted: respond_deleted,
    ImportShown: respond_import,
    ImportStarted: respond_import,
    InsightsShown: respond_insights,
    MailShown: respond_mail,
    OpenQuestions: lambda to, answer, _: respond_open(to, answer),
    Page: _respond_page,
    RateRemoved: respond_rate,
    RateSet: respond_rate,
    ReceiptRefused: respond_refused,
    Reversed: lambda to, answer, _: respond_reversed(to, answer),
    Rewritten: respond_rewritten,
    SeriesShown: respond_series,
    Summarised: _respond_summary,
    TokensShown: respond_tokens,
    WhichCategory: respond_which_category,
}
"""Answers about entries and questions, whose messages follow them or take their place."""
