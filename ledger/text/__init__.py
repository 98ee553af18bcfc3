"""Read the meaning of a typed message, without clock, network or model.

`parse_message` reads entries, questions and refusals; `parse_correction` reads a reply to a
confirmation; `find_typed_correction` and `find_command` read a message that is neither an entry nor a
reply; `parse_budget` reads the words behind /budget, `parse_setting` those behind /settings, `parse_filter`
those behind /list. All are pure and bounded.
"""

from __future__ import annotations

from ledger.text.budget_words import parse_budget
from ledger.text.commands import find_command
from ledger.text.correction import find_typed_correction, parse_correction
from ledger.text.filter_words import FilterContext, parse_filter
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
from ledger.text.rate_words import RateWords, parse_rate
from ledger.text.setting_words import parse_setting

__all__ = [
    "Ask",
    "AskOption",
    "BudgetWords",
    "Command",
    "CommandKind",
    "Correction",
    "FilterContext",
    "Parsed",
    "ParsedEntry",
    "RateWords",
    "RefusedPart",
    "Remark",
    "TextContext",
    "Why",
    "find_command",
    "find_typed_correction",
    "fold",
    "parse_budget",
    "parse_correction",
    "parse_filter",
    "parse_message",
    "parse_rate",
    "parse_setting",
]
