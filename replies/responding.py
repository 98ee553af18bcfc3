"""Send an answer of a service to a chat, by the view that shows its type.

A handler, a push, the result of a job and an API all come here, so an answer looks the same
wherever it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ledger.budgets.thresholds import Alert
from ledger.inquiries.answers import InquiryAnswer, InquiryAsked, InquiryDeclined
from ports.answers import (
    Asked,
    Booked,
    BudgetChoice,
    BudgetHelp,
    BudgetSet,
    BudgetsShown,
    Captured,
    CommandHint,
    Confirmed,
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
from ports.messages import Outgoing, Reply, Subject
from ports.recurring import FeedShown, SeriesAmount, SeriesExists, SeriesListed, SeriesShown
from presentation import views
from presentation.localizer import localizer_for
from replies.importing import respond_import
from replies.insights import respond_insights
from replies.mail import respond_mail
from replies.refreshing import refresh_confirmations
from replies.responder import ChatResponder
from services.categories.recategorising import ask_for_categories
from services.forget import delete_files

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


def respond_asked(
    responder: ChatResponder, asked: Asked, *, edits: str | None = None, transcript: str = ""
) -> None:
    """Ask a question; replies to its message find it again.

    `transcript` is of the voice note that the question is about.
    """
    reply = views.asked(asked, responder.t, today=responder.today, payers=responder.payers)
    responder.reply(
        views.with_transcript(reply, transcript, responder.t),
        subject=Subject(question_id=asked.question_id, receipt_id=asked.receipt_id),
        edits=edits,
        owner_id=asked.user_id,
    )


def respond_alerts(responder: ChatResponder, alerts: Sequence[Alert]) -> None:
    """Push the budgets that reached a threshold, all in one message."""
    if alerts:
        responder.push(views.alert(alerts, responder.t))


def subject_of(booked: Sequence[Booked]) -> Subject:
    """Return the subject of a message that confirms these entries."""
    receipt_ids = {one.entry.receipt_id for one in booked}
    return Subject(
        entry_ids=tuple(one.entry.id for one in booked),
        receipt_id=receipt_ids.pop() if len(receipt_ids) == 1 else None,
    )


def _respond_reversed(responder: ChatResponder, answer: Reversed) -> None:
    """Say an undo or redo, and bring the confirmations of its entries up to date."""
    if answer.settings:
        responder.use_settings(answer.settings)
    responder.reply(views.reversed_act(answer, responder.t, today=responder.today))
    respond_alerts(responder, answer.alerts)
    refresh_confirmations(responder, answer.confirmed)


def _respond_rewritten(responder: ChatResponder, answer: Rewritten, edits: str | None) -> None:
    """Show the entries of an edited message on their card, and ask what the edit left open."""
    if answer.changed or answer.kept or answer.refused:
        reply = views.rewritten(answer, responder.t, today=responder.today, payers=responder.payers)
        owner_id = answer.booked[0].entry.paid_by if answer.booked else None
        subject = subject_of(answer.booked)
        responder.reply(reply, subject=subject, edits=answer.main, owner_id=owner_id)
    if edits and edits != answer.main:
        # The question that was answered by a press.
        responder.reply(views.answered(Captured(), responder.t), edits=edits)
    refresh_confirmations(responder, answer.confirmed)
    for asked in answer.asked:
        respond_asked(responder, asked)
    respond_alerts(responder, answer.alerts)


def respond_followed(
    responder: ChatResponder, answer: Answer | None, withdrawn: Sequence[str]
) -> None:
    """Say what an edit changed, and close the questions about the older version."""
    for message_key in withdrawn:
        responder.reply(views.withdrawn(responder.t), edits=message_key)
    respond(responder, answer)


def _respond_rate(
    responder: ChatResponder, answer: RateSet | RateRemoved, edits: str | None
) -> None:
    """Say a change of a rate, close the questions for it, and alert of budgets that it fills."""
    if isinstance(answer, RateRemoved):
        reply = views.rate_removed(answer, responder.t, today=responder.today)
    else:
        reply = views.rate_set(answer, responder.t, today=responder.today)
        for message_key in answer.settled:
            responder.reply(views.rate_answered(answer, responder.t), edits=message_key)
    responder.reply(reply, edits=edits)
    refresh_confirmations(responder, answer.confirmed)
    respond_alerts(responder, answer.alerts)


def _respond_corrected(responder: ChatResponder, answer: Corrected, edits: str | None) -> None:
    reply = views.corrected(answer, responder.t, today=responder.today, payers=responder.payers)
    subject, owner_id = subject_of([answer.booked]), answer.booked.entry.paid_by
    responder.reply(reply, subject=subject, edits=edits, owner_id=owner_id)
    _supersede(responder, answer)
    _refresh_others(responder, answer.confirmed, edits, *answer.superseded)
    respond_alerts(responder, answer.alerts)


def _supersede(responder: ChatResponder, answer: Corrected) -> None:
    """Take the buttons from the cards whose place the answer takes.

    A card of several entries stays, and shows the entry as it is now.
    """
    for one in answer.confirmed:
        if one.message_key not in answer.superseded:
            continue
        if len(one.booked) > 1:
            refresh_confirmations(responder, [one])
        else:
            reply = views.superseded(answer.booked.entry, responder.t)
            responder.reply(reply, edits=one.message_key)


def _refresh_others(
    responder: ChatResponder, confirmed: Sequence[Confirmed], *done: str | None
) -> None:
    """Bring the messages up to date that show the entry, apart from those that are done."""
    refresh_confirmations(responder, [one for one in confirmed if one.message_key not in done])


def _respond_budgets(responder: ChatResponder, answer: BudgetsShown, edits: str | None) -> None:
    reply = views.budgets(answer, responder.t, today=responder.today)
    responder.reply_with_page(reply, lambda links: links.overview(), edits=edits)


def _respond_page(responder: ChatResponder, answer: Page, edits: str | None) -> None:
    reply = views.page(answer, responder.t, today=responder.today, payers=responder.payers)
    responder.reply_with_page(reply, lambda links: links.entries(answer.which), edits=edits)


def _respond_summary(responder: ChatResponder, answer: Summarised, edits: str | None) -> None:
    reply = views.summary(answer, responder.t, today=responder.today)
    responder.reply_with_page(reply, lambda links: links.totals(answer.which), edits=edits)


def _respond_which_category(
    responder: ChatResponder, answer: WhichCategory, edits: str | None
) -> None:
    today, payers, booked = responder.today, responder.payers, answer.booked
    reply = views.category_choice(
        booked, answer.categories, responder.t, today=today, payers=payers
    )
    subject, owner_id = subject_of([booked]), booked.entry.paid_by
    responder.reply(reply, subject=subject, edits=edits, owner_id=owner_id)


def _respond_captured(responder: ChatResponder, answer: Captured, edits: str | None) -> None:
    _close_questions(responder, answer, edits)
    _delete_files(responder, answer.discarded)
    if answer.left_out:
        responder.reply(views.never_mind(responder.t), edits=edits)
        return
    reply = None
    if answer.booked or not any(one.kind == "record_anyway" for one in answer.asked):
        # A question that offers to record it anyway says itself that nothing was booked.
        reply = views.captured(answer, responder.t, today=responder.today, payers=responder.payers)
    transcript = answer.transcript
    if reply is not None:
        reply, transcript = views.with_transcript(reply, transcript, responder.t), ""
        responder.reply(reply, subject=subject_of(answer.booked), edits=edits)
        edits = None
        _recategorise(responder, answer)
    for asked in answer.asked:
        respond_asked(responder, asked, edits=edits, transcript=transcript)
        edits, transcript = None, ""
    respond_alerts(responder, answer.alerts)


def _close_questions(responder: ChatResponder, answer: Captured, edits: str | None) -> None:
    """Take the buttons from every message that asked what is answered now."""
    for message_key in answer.settled:
        if message_key != edits:
            responder.reply(views.answered(answer, responder.t), edits=message_key)


def _delete_files(responder: ChatResponder, keys: Sequence[str]) -> None:
    if keys:
        responder.unit.start(delete_files(keys, f"{responder.key}:files"))


def _respond_open(responder: ChatResponder, answer: OpenQuestions) -> None:
    """List the open questions, each as a message with its buttons; the oldest comes first."""
    responder.reply(views.open_questions(answer, responder.t))
    for asked in reversed(answer.asked):
        respond_asked(responder, asked)


def _recategorise(responder: ChatResponder, answer: Captured) -> None:
    """Start the job that asks a model about doubtful categories, where the chat allows it."""
    if responder.ai_policy.may_ask_about_texts(responder.chat.settings):
        whole = not (answer.refused or answer.transcript)
        job = ask_for_categories(responder.chat, answer.booked, responder.last_key, whole=whole)
        if job:
            responder.unit.start(job)


def _respond_deleted(responder: ChatResponder, answer: Deleted, edits: str | None) -> None:
    entry = answer.entry
    reply, subject = views.deleted(answer, responder.t), Subject((entry.id,))
    responder.reply(reply, subject=subject, edits=edits, owner_id=entry.paid_by)
    _refresh_others(responder, answer.confirmed, edits)


def _respond_refused(responder: ChatResponder, answer: ReceiptRefused, edits: str | None) -> None:
    reply = views.receipt_refused(answer, responder.t)
    responder.reply(reply, subject=Subject(question_id=answer.question_id), edits=edits)
    _delete_files(responder, answer.discarded)


def _respond_series(responder: ChatResponder, answer: SeriesShown, edits: str | None) -> None:
    """Show a series; the entries that a change booked are confirmed as others are."""
    responder.reply(views.series_shown(answer, responder.t, today=responder.today), edits=edits)
    if answer.booked:
        respond(responder, Captured(booked=answer.booked))
    if answer.is_changed and edits and responder.user_name:
        told = views.series_told(answer, responder.user_name, responder.t, today=responder.today)
        responder.push(told)
    refresh_confirmations(responder, answer.confirmed)
    respond_alerts(responder, answer.alerts)


def _respond_tokens(responder: ChatResponder, answer: TokensShown, edits: str | None) -> None:
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


_RESPONDERS: dict[type, Callable[[ChatResponder, Any, str | None], None]] = {
    BudgetsShown: _respond_budgets,
    Captured: _respond_captured,
    Corrected: _respond_corrected,
    Deleted: _respond_deleted,
    ImportShown: respond_import,
    ImportStarted: respond_import,
    InsightsShown: respond_insights,
    MailShown: respond_mail,
    OpenQuestions: lambda to, answer, _: _respond_open(to, answer),
    Page: _respond_page,
    RateRemoved: _respond_rate,
    RateSet: _respond_rate,
    ReceiptRefused: _respond_refused,
    Reversed: lambda to, answer, _: _respond_reversed(to, answer),
    Rewritten: _respond_rewritten,
    SeriesShown: _respond_series,
    Summarised: _respond_summary,
    TokensShown: _respond_tokens,
    WhichCategory: _respond_which_category,
}
"""Answers about entries and questions, whose messages follow them or take their place."""
