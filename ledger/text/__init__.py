"""Free text: what a typed message means, by rules alone (`docs/reading.md`).

`parse_message` reads entries, `parse_correction` a reply to a confirmation, `parse_budget` what
follows /budget. All are pure: no clock, no network, no model.
"""

from __future__ import annotations

from ledger.text.budget_words import parse_budget
from ledger.text.correction import find_typed_correction, parse_correction
from ledger.text.lines.characters import fold
from ledger.text.message import parse_message
from ledger.text.model import (
    Ask,
    AskOption,
    BudgetWords,
    Command,
    CommandKind,
    Correction,
    Parsed,
    ParsedEntry,
    RefusedPart,
    Remark,
    TextContext,
    Why,
)

__all__ = [
    "Ask",
    "AskOption",
    "BudgetWords",
    "Command",
    "CommandKind",
    "Correction",
    "Parsed",
    "ParsedEntry",
    "RefusedPart",
    "Remark",
    "TextContext",
    "Why",
    "find_typed_correction",
    "fold",
    "parse_budget",
    "parse_correction",
    "parse_message",
]
