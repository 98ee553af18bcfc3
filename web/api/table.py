"""List every operation of the API, one row each."""

from __future__ import annotations

from ledger.formats.known import FORMATS
from ports.access import AccessScope
from web.api.handlers import (
    budgets,
    captures,
    changes,
    expenses,
    exports,
    ledgers,
    questions,
    receipts,
    recurring,
    reports,
    tokens,
    webhooks,
)
from web.api.models.analytics import DashboardShown
from web.api.models.budgets import BudgetPage, BudgetPatch, BudgetQuery, BudgetShown, NewBudget
from web.api.models.captures import Captures, NewCapture
from web.api.models.changes import ChangePage, ChangeQuery
from web.api.models.expenses import (
    Expense,
    ExpensePage,
    ExpensePatch,
    ExpenseQuery,
    NewExpense,
)
from web.api.models.exports import ExportQuery
from web.api.models.ledgers import LedgerPage, LedgerShown, MemberPage
from web.api.models.questions import AnswerShown, CallerShown, NewQuestion
from web.api.models.receipts import ReceiptShown, UploadQuery
from web.api.models.recurring import NewSeries, SeriesPage, SeriesPatch, SeriesShown
from web.api.models.summaries import PeriodQuery, SummaryShown
from web.api.models.tokens import NewToken, TokenMade, TokenPage, TokenShown
from web.api.models.webhooks import NewWebhook, WebhookMade, WebhookPage, WebhookShown
from web.api.routes import RawBody, Route
from web.api.uploads import ACCEPTED, MEDIA_TYPES

READ, WRITE, CAPTURE = AccessScope.READ, AccessScope.WRITE, AccessScope.CAPTURE
_LEDGER = "/ledgers/{ledger_id}"
_EXPENSE = _LEDGER + "/expenses/{expense_id}"
_RECEIPT = _LEDGER + "/receipts/{receipt_id}"
_WEBHOOK = _LEDGER + "/webhooks/{webhook_id}"
_SERIES = _LEDGER + "/recurring/{series_id}"
_TOKEN = _LEDGER + "/tokens/{token_id}"
_BUDGET = _LEDGER + "/budgets/{budget_id}"

_LEDGERS = (
    Route("GET", "/ledgers", READ, ledgers.get_ledgers, "List ledgers", answer=LedgerPage),
    Route(
        "GET", _LEDGER, READ, ledgers.get_ledger, "Read a ledger", answer=LedgerShown, has_etag=True
    ),
    Route(
        "GET", _LEDGER + "/members", READ, ledgers.list_members, "List members", answer=MemberPage
    ),
)
_EXPENSES = (
    Route(
        "GET",
        _LEDGER + "/expenses",
        READ,
        expenses.list_expenses,
        "List expenses and incomes, newest day first",
        query=ExpenseQuery,
        answer=ExpensePage,
    ),
    Route(
        "POST",
        _LEDGER + "/expenses",
        WRITE,
        expenses.add_expense,
        "Book an expense or income",
        body=NewExpense,
        answer=Expense,
        status=201,
        find_wrong=expenses.find_wrong,
        has_etag=True,
    ),
    Route(
        "GET",
        _EXPENSE,
        READ,
        expenses.get_expense,
        "Read an expense or income",
        answer=Expense,
        has_etag=True,
    ),
    Route(
        "PATCH",
        _EXPENSE,
        WRITE,
        expenses.change_expense,
        "Change fields of an expense or income",
        body=ExpensePatch,
        answer=Expense,
        find_wrong=expenses.find_wrong,
        has_etag=True,
    ),
    Route(
        "DELETE",
        _EXPENSE,
        WRITE,
        expenses.delete_expense,
        "Delete an expense or income",
        status=204,
        has_etag=True,
    ),
)
_CHANGES = (
    Route(
        "POST",
        _LEDGER + "/capture",
        CAPTURE,
        captures.capture,
        "Book what a sentence says, by the grammar of the chat",
        body=NewCapture,
        answer=Captures,
        status=201,
    ),
    Route(
        "GET",
        _LEDGER + "/changes",
        READ,
        changes.list_changes,
        "List what changed, deletions too",
        query=ChangeQuery,
        answer=ChangePage,
    ),
)
_RECEIPTS = (
    Route(
        "POST",
        _LEDGER + "/receipts",
        CAPTURE,
        receipts.add_receipt,
        "Hand a receipt on to be read",
        query=UploadQuery,
        body=RawBody(ACCEPTED),
        answer=ReceiptShown,
        status=202,
    ),
    Route(
        "GET",
        _RECEIPT,
        READ,
        receipts.get_receipt,
        "Read what became of a receipt",
        answer=ReceiptShown,
    ),
    Route(
        "GET",
        _RECEIPT + "/image",
        READ,
        receipts.get_image,
        "Read the picture of a receipt",
        media_types=tuple(MEDIA_TYPES.values()),
    ),
)
_BUDGETS = (
    Route(
        "GET",
        _LEDGER + "/budgets",
        READ,
        budgets.list_budgets,
        "List budgets with their state today",
        answer=BudgetPage,
    ),
    Route(
        "PUT",
        _LEDGER + "/budgets",
        WRITE,
        budgets.set_budget,
        "Set the budget of a scope and period",
        body=NewBudget,
        answer=BudgetShown,
    ),
    Route(
        "DELETE",
        _LEDGER + "/budgets",
        WRITE,
        budgets.remove_budget,
        "Remove the budget of a scope and period",
        query=BudgetQuery,
        status=204,
    ),
    Route(
        "GET",
        _BUDGET,
        READ,
        budgets.get_budget,
        "Read a budget with its state today",
        answer=BudgetShown,
        has_etag=True,
    ),
    Route(
        "PUT",
        _BUDGET,
        WRITE,
        budgets.change_budget,
        "Change a budget",
        body=BudgetPatch,
        answer=BudgetShown,
        has_etag=True,
    ),
    Route(
        "DELETE",
        _BUDGET,
        WRITE,
        budgets.delete_budget,
        "Remove a budget",
        status=204,
        has_etag=True,
    ),
)
_WEBHOOKS = (
    Route(
        "GET",
        _LEDGER + "/webhooks",
        WRITE,
        webhooks.list_webhooks,
        "List webhooks",
        answer=WebhookPage,
    ),
    Route(
        "POST",
        _LEDGER + "/webhooks",
        WRITE,
        webhooks.add_webhook,
        "Make a webhook, which is told of every change of an entry",
        body=NewWebhook,
        answer=WebhookMade,
        shows_secret=True,
        status=201,
    ),
    Route("GET", _WEBHOOK, WRITE, webhooks.get_webhook, "Read a webhook", answer=WebhookShown),
    Route("DELETE", _WEBHOOK, WRITE, webhooks.delete_webhook, "Remove a webhook", status=204),
)
_RECURRING = (
    Route(
        "GET",
        _LEDGER + "/recurring",
        READ,
        recurring.list_series,
        "List entries that come again",
        answer=SeriesPage,
    ),
    Route(
        "POST",
        _LEDGER + "/recurring",
        WRITE,
        recurring.add_series,
        "Make an entry that comes again",
        body=NewSeries,
        answer=SeriesShown,
        status=201,
    ),
    Route(
        "GET",
        _SERIES,
        READ,
        recurring.get_series,
        "Read an entry that comes again",
        answer=SeriesShown,
    ),
    Route(
        "PATCH",
        _SERIES,
        WRITE,
        recurring.change_series,
        "Change an entry that comes again from now on",
        body=SeriesPatch,
        answer=SeriesShown,
    ),
    Route(
        "DELETE",
        _SERIES,
        WRITE,
        recurring.delete_series,
        "Remove an entry that comes again",
        status=204,
    ),
)
_TOKENS = (
    Route("GET", _LEDGER + "/tokens", READ, tokens.list_tokens, "List tokens", answer=TokenPage),
    Route(
        "POST",
        _LEDGER + "/tokens",
        WRITE,
        tokens.add_token,
        "Make a token",
        body=NewToken,
        answer=TokenMade,
        shows_secret=True,
        status=201,
    ),
    Route("GET", _TOKEN, READ, tokens.get_token, "Read a token", answer=TokenShown),
    Route("DELETE", _TOKEN, WRITE, tokens.delete_token, "Revoke a token", status=204),
)
_QUESTIONS = (
    # A row has one scope; any will do here, as this tells which ones the caller has.
    Route(
        "GET",
        "/caller",
        READ,
        questions.get_caller,
        "Read what the login of this request may do; any login may",
        answer=CallerShown,
    ),
    Route(
        "POST",
        _LEDGER + "/questions",
        READ,
        questions.ask_question,
        "Ask a question in the words of the chat",
        body=NewQuestion,
        answer=AnswerShown,
    ),
)
_REPORTS = (
    Route(
        "GET",
        _LEDGER + "/analytics/dashboard",
        READ,
        reports.get_dashboard,
        "Read the figures of the dashboard",
        query=PeriodQuery,
        answer=DashboardShown,
    ),
    Route(
        "GET",
        _LEDGER + "/export",
        READ,
        exports.export,
        "Read the ledger as a file",
        query=ExportQuery,
        media_types=tuple(sorted({one.media_type for one in FORMATS.values()})),
    ),
    Route(
        "GET",
        _LEDGER + "/summary",
        READ,
        reports.get_summary,
        "Sum up a period",
        query=PeriodQuery,
        answer=SummaryShown,
    ),
)

ROUTES: tuple[Route, ...] = (
    *_LEDGERS,
    *_EXPENSES,
    *_CHANGES,
    *_RECEIPTS,
    *_BUDGETS,
    *_RECURRING,
    *_WEBHOOKS,
    *_TOKENS,
    *_QUESTIONS,
    *_REPORTS,
)
