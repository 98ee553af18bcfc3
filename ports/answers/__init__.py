"""Define the answers of services, which views in `presentation` turn into a `Reply`.

Services return them, handlers pass them on, views read them. They hold facts, never sentences.
"""

from ports.answers.budgets import BudgetChoice, BudgetHelp, BudgetSet, BudgetsShown, WhichBudget
from ports.answers.capturing import (
    Asked,
    Booked,
    Captured,
    CommandHint,
    Confirmed,
    Corrected,
    Deleted,
    Kept,
    MarkedField,
    Nothing,
    OpenQuestions,
    Option,
    ReceiptRefused,
    Refused,
    Remark,
    Reversed,
    Rewritten,
    WhichCategory,
    WhichEntry,
    WhichUndo,
)
from ports.answers.files import Exported, ImportPage, ImportShown, ImportStarted
from ports.answers.insights import InsightRefused, InsightsShown, Phrasing, WordingShown
from ports.answers.rates import RateDoubted, RateLine, RateRemoved, RateSet, RatesShown
from ports.answers.reporting import CardShown, Nudge, Page, Summarised

__all__ = [
    "Asked",
    "Booked",
    "BudgetChoice",
    "BudgetHelp",
    "BudgetSet",
    "BudgetsShown",
    "Captured",
    "CardShown",
    "CommandHint",
    "Confirmed",
    "Corrected",
    "Deleted",
    "Exported",
    "ImportPage",
    "ImportShown",
    "ImportStarted",
    "InsightRefused",
    "InsightsShown",
    "Kept",
    "MarkedField",
    "Nothing",
    "Nudge",
    "OpenQuestions",
    "Option",
    "Page",
    "Phrasing",
    "RateDoubted",
    "RateLine",
    "RateRemoved",
    "RateSet",
    "RatesShown",
    "ReceiptRefused",
    "Refused",
    "Remark",
    "Reversed",
    "Rewritten",
    "Summarised",
    "WhichBudget",
    "WhichCategory",
    "WhichEntry",
    "WhichUndo",
    "WordingShown",
]
