"""Run safe commands given in plain words; answer the others with their slash command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ledger.periods.period import Period
from ledger.text import BudgetWords, Command, CommandKind, parse_budget, parse_message
from ports.answers import (
    BudgetChoice,
    BudgetSet,
    BudgetsShown,
    CommandHint,
    Deleted,
    ImportShown,
    ImportStarted,
    Nothing,
    Page,
    Reversed,
    Summarised,
    WhichBudget,
    WhichEntry,
    WhichUndo,
)
from services.entries.corrections import Corrections
from services.entries.history import History
from services.entries.recent import find_last_entries
from services.ids import new_id
from services.reporting.budgets import BudgetAnswer, set_budget, show
from services.reporting.reports import list_page, summarise
from services.reporting.searching import find_period, read_filter
from services.scope import Scope
from services.texts.incoming_text import IncomingText

SEARCHED_MAX = 200
"""The latest entries among which `delete coffee 4.50` looks for its entry."""
OFFERED_MAX = 8
LAST_WITHIN = timedelta(hours=24)
"""`delete that` means something from today; what is older must be named."""

Done = (
    BudgetChoice
    | BudgetSet
    | BudgetsShown
    | CommandHint
    | Deleted
    | ImportShown
    | ImportStarted
    | Nothing
    | Page
    | Reversed
    | Summarised
    | WhichBudget
    | WhichEntry
    | WhichUndo
)
_SLASH: dict[CommandKind, str] = {
    "help": "help",
    "categories": "categories",
    "settings": "settings",
    "export": "export",
}


@dataclass(frozen=True, slots=True)
class PlainCommands:
    """Runs commands of messages without a slash."""

    history: History
    corrections: Corrections

    def run(self, scope: Scope, text: IncomingText, command: Command) -> Done:
        """Run a command, or name the slash command that does it.

        Raises:
            InputError: the words behind the command cannot be read, as for the slash command.
        """
        match command.kind:
            case "undo":
                done: Done = self.history.undo(scope)
            case "delete_last":
                done = self._delete_last(scope)
            case "delete":
                done = self._delete(scope, text, command.args)
            case "summary" | "how_much":
                done = self._summarise(scope, command)
            case "list":
                done = list_page(scope, read_filter(scope, command.args, text.scope_names))
            case "budget":
                done = _set_budget(scope, text, command.args)
            case _:
                done = CommandHint(_SLASH[command.kind])
        return done

    def _delete_last(self, scope: Scope) -> Deleted | Nothing | WhichEntry:
        found = find_last_entries(scope, LAST_WITHIN)
        if not found:
            return Nothing("nothing_to_delete")
        if len(found) > 1:
            return WhichEntry(found[:OFFERED_MAX], "delete")
        return self.corrections.delete(scope, found[0].id)

    def _delete(
        self, scope: Scope, text: IncomingText, named: str
    ) -> Deleted | Nothing | WhichEntry:
        """Delete the one entry that is named; several are offered, none is said."""
        found = _find_named(scope, text, named)
        if not found:
            return Nothing("no_such_entry")
        if len(found) > 1:
            return WhichEntry(tuple(found[:OFFERED_MAX]), "delete")
        return self.corrections.delete(scope, found[0].id)

    def _summarise(self, scope: Scope, command: Command) -> Summarised | CommandHint:
        period = _find_named_period(scope, command.args)
        if period is None and command.args:
            return CommandHint("summary")
        return summarise(scope, period or scope.settings.calendar.of("month", scope.today))


def _find_named_period(scope: Scope, words: str) -> Period | None:
    """Return the period at the end of a question: `did I last week` asks about last week."""
    parts = words.split()
    # The longest ending that names a period wins, since leading words are filler.
    found = (find_period(scope, " ".join(parts[start:])) for start in range(len(parts)))
    return next((period for period in found if period), None)


def _find_named(scope: Scope, text: IncomingText, named: str) -> list[Entry]:
    """Return the latest entries with this note, this amount, or both."""
    parsed = parse_message(named, text.context(scope.settings)).entries
    wanted = parsed[0] if len(parsed) == 1 else None
    # Words that are not an entry (`delete coffee`) are a note without an amount.
    note = (wanted.note if wanted else named).casefold()
    found = scope.repositories.entries.page(scope.ledger.id, EntryFilter(), limit=SEARCHED_MAX)
    return [
        entry
        for entry in found
        if note in f"{entry.note} {entry.merchant or ''}".casefold()
        and (wanted is None or wanted.amount == entry.money.amount)
    ]


def _set_budget(scope: Scope, text: IncomingText, args: str) -> BudgetAnswer:
    if not args:
        return show(scope)
    words = parse_budget(args, text.context(scope.settings)) or BudgetWords(args)
    return set_budget(scope, words, operation_id=new_id(scope.now), names=text.scope_names)
