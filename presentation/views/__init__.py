"""Show values as a `Reply`, by pure functions. `t` is the chat's `Localizer`, `today` its day.

captured     captured(Captured, t, *, today, payers) -> Reply | None
             confirmation(Booked, t, *, today, payers) -> Reply          a confirmation shown again
             corrected(Corrected, t, *, today, payers) -> Reply          takes a confirmation's place
rewritten    rewritten(Rewritten, t, *, today, payers) -> Reply | None    takes a confirmation's place
asked        asked(Asked, t, *, today, payers) -> Reply · never_mind(t) -> Reply
             answered(Captured, t) -> Reply                  in the place of a question
             withdrawn(t) -> Reply                           in the place of a question
             open_questions(OpenQuestions, t) -> Reply
choosing     category_grid(Booked, t, *, today, payers) -> Reply         in place of the buttons
             category_choice(Booked, ids, t, *, today, payers) -> Reply  some categories only
             day_choice(Booked, t, *, today, payers) -> Reply
             currency_choice(Booked, t, *, today, payers) -> Reply
editing      edit_page(Booked, t, *, today, payers) -> Reply
             payer_choice(Booked, t, *, members, today, payers) -> Reply
             value_prompt(Booked, t, *, asked, today, payers) -> Reply
calendar     calendar(Booked, t, *, month, today, payers) -> Reply
undone       reversed_act(Reversed, t, *, today) -> Reply · deleted(Deleted, t) -> Reply
             which_undo(WhichUndo, t) -> Reply
             superseded(Entry, t) -> Reply                    in the place of an older card
             gone(Sequence[Entry], t) -> Reply · nothing(Nothing, t) -> Reply
look         look(Look, t, *, today, payers) -> Reply  below a picture, with the way back
summary      summary(Summarised, t, *, today) -> Reply                   asked, weekly and monthly
entries      page(Page, t, *, today, payers, trail) -> Reply
             entry(Booked, t, *, today, payers) -> Reply                 one in detail
             which_entry(WhichEntry, t) -> Reply
inquiries    inquiry(InquiryAnswer, t) -> Reply · inquiry_asked(InquiryAsked, t, *, today) -> Reply
             inquiry_declined(InquiryDeclined, t) -> Reply
budgets      budgets(BudgetsShown, t, *, today) -> Reply · budget_set(BudgetSet, t) -> Reply
             budget_choice(BudgetChoice, t) -> Reply · budget_help(t) -> Reply
             which_budget(WhichBudget, t) -> Reply
             alert(Sequence[Alert], t) -> Reply | None
rates        rates(RatesShown, t, *, today) -> Reply · rate_set(RateSet, t, *, today) -> Reply
             rate_removed(RateRemoved, t, *, today) -> Reply · rate_doubted(RateDoubted, t, *, today) -> Reply
             rate_answered(RateSet, t) -> Reply              in the place of the question for a rate
recurring    series_listed(SeriesListed, t, *, today) -> Reply · series_shown(SeriesShown, t, *, today) -> Reply
             series_amount(SeriesAmount, t) -> Reply · series_exists(SeriesExists, t, *, today) -> Reply
             offer_refused(t) -> Reply
             series_told(SeriesShown, user, t, *, today) -> Reply    to a group, of a change by buttons
             series_booked(Reply, operation_id, t) -> Reply  around the confirmation of what was due
             series_reminded(SeriesReminded, t, *, today) -> Reply
             feed_shown(FeedShown, t, *, today) -> Reply
insights     insights(InsightsShown, t, *, today) -> Reply · insight_refused(InsightRefused, t) -> Reply
             insights_phrased(InsightsShown, text, t) -> Reply    in a model's words
             insight_facts(found, t, *, today) -> str             as plain text, for a model
             wording_shown(WordingShown, t) -> Reply
access       tokens_shown(TokensShown, t, *, today) -> Reply · token_made(MadeToken, t) -> Reply
             dashboard(DashboardShown, t, *, private_url) -> Reply
             webhook_changed(WebhookChanged, t) -> Reply
mail         mail_shown(MailShown, t, *, in_group) -> Reply
             mail_undelivered(what, address, t, *, in_group) -> Reply
             mail_without_files(MailWithoutFiles, t) -> Reply
             mail_stopped(MailStopped, t, *, in_group) -> Reply
start        start(t, *, now) -> Reply · set_up(step, t, *, now, place) -> Reply
settings     settings(page, t, *, now, place) -> Reply · zones_found(zones, t, *, now) -> Reply
helping      help_on(topic, t) -> Reply · not_there_yet(t, command) -> Reply
             unknown_command(t) -> Reply
receipts     reading(t, *, minutes) -> Reply · receipt_refused(ReceiptRefused, t) -> Reply
             receipt_failed(t) -> Reply · file_too_big(t) -> Reply · no_picture(t) -> Reply
             receipt_picture(blob_key, file_name, t) -> Reply
imports      import_help(t) -> Reply · import_started(ImportStarted, t) -> Reply
             import_shown(ImportShown, t, *, today) -> Reply · import_too_large(t) -> Reply
exports      exported(Exported, t, *, today) -> Reply · export_formats(words, t) -> Reply · preparing(t) -> Reply
forgetting   forget(t) -> Reply · forgotten(t) -> Reply · kept(t) -> Reply
errors       error(LedgerError, t) -> Reply · apology(reference, t) -> Reply · stranger(t) -> Reply
             toast(message_id, t) -> str                                 at most 200, no markup
menu         menu(t) -> ((command, description), …) · about(t) -> (short, long)
voices       listening(t) -> Reply · no_transcription(t, *, local_only) -> Reply
             not_transcribed(why, t) -> Reply
             with_transcript(Reply, words, t) -> Reply                        the transcript above an
             answer

`payers` maps user ids to names; give it in groups only. Every text keeps to Telegram's limits, and
every word in it comes from the catalogue: views join whole texts by line breaks and dots, nothing
else.
"""

from __future__ import annotations

from presentation.views.access import dashboard, token_made, tokens_shown, webhook_changed
from presentation.views.asked import answered, asked, never_mind, open_questions, withdrawn
from presentation.views.asking.entries import PagePlace, entry, page, which_entry
from presentation.views.asking.inquiries import inquiry
from presentation.views.asking.inquiry_choices import inquiry_asked, inquiry_declined
from presentation.views.asking.summary import summary
from presentation.views.asking.walking import Look, look
from presentation.views.budgets import (
    alert,
    budget_choice,
    budget_help,
    budget_set,
    budgets,
    which_budget,
)
from presentation.views.captured import captured, confirmation, corrected
from presentation.views.cards.calendar import calendar
from presentation.views.cards.choosing import (
    category_choice,
    category_grid,
    currency_choice,
    day_choice,
)
from presentation.views.cards.editing import edit_page, payer_choice, value_prompt
from presentation.views.cards.rewritten import rewritten
from presentation.views.errors import apology, error, stranger, toast
from presentation.views.files.exports import export_formats, exported, preparing
from presentation.views.files.imports import (
    import_help,
    import_shown,
    import_started,
    import_told,
    import_too_large,
)
from presentation.views.files.receipts import (
    file_too_big,
    no_picture,
    reading,
    receipt_failed,
    receipt_picture,
    receipt_refused,
)
from presentation.views.files.voices import (
    listening,
    no_transcription,
    not_transcribed,
    with_transcript,
)
from presentation.views.helping import (
    command_hint,
    help_on,
    not_there_yet,
    unknown_command,
)
from presentation.views.insights.shown import (
    facts_of as insight_facts,
)
from presentation.views.insights.shown import (
    insight_refused,
    insights,
    wording_shown,
)
from presentation.views.insights.shown import (
    phrased as insights_phrased,
)
from presentation.views.mail import (
    mail_shown,
    mail_stopped,
    mail_undelivered,
    mail_without_files,
)
from presentation.views.menu import COMMANDS, about, menu
from presentation.views.pushes import (
    card,
    card_not_pinned,
    card_off,
    nudge,
    paused,
    push_stopped,
    unpaused,
)
from presentation.views.rates import (
    rate_answered,
    rate_doubted,
    rate_removed,
    rate_set,
    rates,
)
from presentation.views.recurring.card import series_amount, series_listed, series_shown
from presentation.views.recurring.existing import series_exists
from presentation.views.recurring.feed import feed_shown
from presentation.views.recurring.lines import series_told
from presentation.views.recurring.offers import offer_refused
from presentation.views.recurring.unasked import series_booked, series_reminded
from presentation.views.settings.forgetting import forget, forgotten, kept
from presentation.views.settings.settings import (
    budgets_keep_currency,
    choices_typed,
    setting_changed,
    setting_typed,
    settings,
    settings_page_named,
    zones_found,
)
from presentation.views.settings.start import group_hello, set_up, start
from presentation.views.settings.typed_choices import read_choice
from presentation.views.undone import deleted, gone, nothing, reversed_act, superseded, which_undo

__all__ = [
    "COMMANDS",
    "Look",
    "PagePlace",
    "about",
    "alert",
    "answered",
    "apology",
    "asked",
    "budget_choice",
    "budget_help",
    "budget_set",
    "budgets",
    "budgets_keep_currency",
    "calendar",
    "captured",
    "card",
    "card_not_pinned",
    "card_off",
    "category_choice",
    "category_grid",
    "choices_typed",
    "command_hint",
    "confirmation",
    "corrected",
    "currency_choice",
    "dashboard",
    "day_choice",
    "deleted",
    "edit_page",
    "entry",
    "error",
    "export_formats",
    "exported",
    "feed_shown",
    "file_too_big",
    "forget",
    "forgotten",
    "gone",
    "group_hello",
    "help_on",
    "import_help",
    "import_shown",
    "import_started",
    "import_told",
    "import_too_large",
    "inquiry",
    "inquiry_asked",
    "inquiry_declined",
    "insight_facts",
    "insight_refused",
    "insights",
    "insights_phrased",
    "kept",
    "listening",
    "look",
    "mail_shown",
    "mail_stopped",
    "mail_undelivered",
    "mail_without_files",
    "menu",
    "never_mind",
    "no_picture",
    "no_transcription",
    "not_there_yet",
    "not_transcribed",
    "nothing",
    "nudge",
    "offer_refused",
    "open_questions",
    "page",
    "paused",
    "payer_choice",
    "preparing",
    "push_stopped",
    "rate_answered",
    "rate_doubted",
    "rate_removed",
    "rate_set",
    "rates",
    "read_choice",
    "reading",
    "receipt_failed",
    "receipt_picture",
    "receipt_refused",
    "reversed_act",
    "rewritten",
    "series_amount",
    "series_booked",
    "series_exists",
    "series_listed",
    "series_reminded",
    "series_shown",
    "series_told",
    "set_up",
    "setting_changed",
    "setting_typed",
    "settings",
    "settings_page_named",
    "start",
    "stranger",
    "summary",
    "superseded",
    "toast",
    "token_made",
    "tokens_shown",
    "unknown_command",
    "unpaused",
    "value_prompt",
    "webhook_changed",
    "which_budget",
    "which_entry",
    "which_undo",
    "with_transcript",
    "withdrawn",
    "wording_shown",
    "zones_found",
]
