"""Build the actions of buttons, all in one place; `handlers.buttons.actions` runs them.

A button has an `Action(name, args)`; the keyboard's row keeps it, Telegram sees an opaque id.
Args are JSON: dates ISO text, money integers of minor units.

| name | args | means |
|---|---|---|
| `categories` | entry_id | show the category grid in place of the buttons |
| `category` | entry_id, category_id | give the entry this category and remember it |
| `show` | entry_id | back to the confirmation, in place |
| `open` | entry_id | the entry in detail, as a message of its own |
| `correct` | entry_id, words | correct that entry by these words (the person was asked which) |
| `dates` | entry_id | offer days for the entry, in place |
| `date` | entry_id, day | move the entry to that day |
| `merchant` | entry_id, name | set or confirm the shop |
| `edit` | entry_id | everything that can be changed, in place |
| `calendar` | entry_id, month | the days of a month (its first day), in place |
| `prompt` | entry_id, field | ask for the `amount`, `merchant` or `note` to be typed, in place |
| `payers` | entry_id | offer the members who may have paid, in place |
| `payer` | entry_id, user_id | set who paid |
| `again` | entry_id | book the same for today |
| `currencies` | entry_id | offer currencies for the entry, in place |
| `currency` | entry_id, code | set or confirm the currency |
| `delete` | entry_id | take the entry out |
| `restore` | entry_id | bring the deleted entry of this message back |
| `picture` | entry_id | send the receipt's picture |
| `answer` | question_id, index | answer a question by its option, or by `ledger.questions.NONE_OF_THEM` or `DELETE` |
| `page` | filter, trail, redraws | a page of entries, in place; filter: `ledger.entries.filter_fields`; trail: cursors `[day, entry_id]` so far; redraws: below the picture of its summary |
| `look` | entry_id, filter, trail | an entry with its receipt, in place of the page that lists it below a picture |
| `entries` | start, end, kind | the entries of a period, as a message of its own |
| `summary` | filter | the summary of a filter, which has a period |
| `budgets` | | all budgets |
| `budget_set` | scope, limit_minor, currency, per, trip, carry | set a budget; trip: first and last day |
| `budget_pick` | scope | how to set a budget for that scope |
| `budget_off` | scope, per, trip | remove the budget; trip: first and last day |
| `rate_set` | source, target, value, on | set a rate of the chat, after its figure was doubted |
| `settings` | page, place | a page of the settings, in place; place: where in a long list |
| `set` | name, value, page | change a setting, show that page again |
| `set_all` | values, page | change several settings at once, show that page again |
| `set_up` | step, place | a step of the onboarding, in place |
| `set_up_with` | name, value, step | change a setting, go on to that step |
| `help` | topic | a topic of the help, in place |
| `import_answer` | import_id, property, value | answer a question about a file; it is read again |
| `import_write` | import_id, with_probable, with_links | write the rows of a file |
| `import_page` | import_id, page, at | show another page of a preview |
| `import_list` | import_id | send the rows of a preview as a file |
| `import_cancel` | import_id | leave a file out |
| `import_reverse` | import_id, redo | undo or redo an import |
| `export` | format | send everything as a file of that format |
| `forget` | | delete everything, confirmed |
| `open_questions` | | the questions that wait, each as a message with its buttons |
| `pause` | days | let pushes wait until the morning after so many days; 0: no longer |
| `stop_push` | kind | send no more pushes of this kind |
| `pin_card` | | show the card in this place and pin it |
| `run` | command, words | run a command whose name was misspelt |
| `amount_right` | entry_id | confirm the amount of a bill that varies |
| `series_list` | | all series |
| `series` | series_id, page | a page of the card of a series, in place |
| `series_set` | series_id, name, value, page | change one thing of a series (`ledger.recurring.editing`), show that page |
| `series_remove` | series_id | remove a series; its entries stay |
| `series_amount` | series_id, minor, currency, reach | another amount of the latest entry, from now on, or of all |
| `series_follow` | entry_id, reach | let a series be like its entry, from now on or all of it |
| `series_undo` | operation_id | delete the entries of one booking |
| `series_pay` | series_id, day | book a bill of which a person was reminded |
| `offer_take` | key | make a series of what comes again |
| `offer_refuse` | key | never make this offer again |
| `dismiss` | | take the buttons away, nothing else |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.entries.filter_fields import filter_fields, load_filter
from ledger.entries.queries import Cursor, EntryFilter
from ledger.money import Money
from ledger.periods.period import Period
from ledger.rates.values import CurrencyPair
from ledger.settings import parse_trip
from ledger.text import BudgetWords
from ports.messages import Action, Json


def categories(entry_id: str) -> Action:
    """Show the grid of categories."""
    return Action("categories", (entry_id,))


def category(entry_id: str, category_id: str) -> Action:
    """Give an entry this category."""
    return Action("category", (entry_id, category_id))


def show(entry_id: str) -> Action:
    """Go back to the confirmation."""
    return Action("show", (entry_id,))


def open_entry(entry_id: str) -> Action:
    """Show an entry in detail."""
    return Action("open", (entry_id,))


def correct(entry_id: str, words: str) -> Action:
    """Apply the words of a correction to this entry."""
    return Action("correct", (entry_id, words))


def dates(entry_id: str) -> Action:
    """Offer days."""
    return Action("dates", (entry_id,))


def move(entry_id: str, day: date) -> Action:
    """Move an entry to a day."""
    return Action("date", (entry_id, day.isoformat()))


def merchant(entry_id: str, name: str) -> Action:
    """Set the shop of an entry."""
    return Action("merchant", (entry_id, name))


def edit(entry_id: str) -> Action:
    """Show everything that can be changed."""
    return Action("edit", (entry_id,))


def calendar(entry_id: str, month: date) -> Action:
    """Offer the days of a month, which is given by any of them."""
    return Action("calendar", (entry_id, month.replace(day=1).isoformat()))


def prompt(entry_id: str, field: str) -> Action:
    """Ask for a value to be typed."""
    return Action("prompt", (entry_id, field))


def payers(entry_id: str) -> Action:
    """Offer the members who may have paid."""
    return Action("payers", (entry_id,))


def payer(entry_id: str, user_id: int) -> Action:
    """Set who paid an entry."""
    return Action("payer", (entry_id, user_id))


def again(entry_id: str) -> Action:
    """Book the same for today."""
    return Action("again", (entry_id,))


def currencies(entry_id: str) -> Action:
    """Offer currencies."""
    return Action("currencies", (entry_id,))


def currency(entry_id: str, code: str) -> Action:
    """Set the currency of an entry."""
    return Action("currency", (entry_id, code))


def delete(entry_id: str) -> Action:
    """Take an entry out."""
    return Action("delete", (entry_id,))


def restore(entry_id: str) -> Action:
    """Bring a deleted entry back."""
    return Action("restore", (entry_id,))


def picture(entry_id: str) -> Action:
    """Send the receipt's picture."""
    return Action("picture", (entry_id,))


def answer(question_id: str, index: int) -> Action:
    """Answer a question by the option at this position, or by one of the choices below 0."""
    return Action("answer", (question_id, index))


def page(which: EntryFilter, trail: Sequence[Cursor] = (), *, redraws: bool = False) -> Action:
    """Show the page of entries behind the last cursor of the trail; the first when it is empty.

    With `redraws` the picture of the summary comes back, where that of a receipt took its place.
    """
    return Action("page", (filter_fields(which), _cursors(trail), redraws))


def look(entry_id: str, which: EntryFilter, trail: Sequence[Cursor]) -> Action:
    """Show an entry and its receipt; the filter and the trail lead back to its page."""
    return Action("look", (entry_id, filter_fields(which), _cursors(trail)))


def load_look(stored: Sequence[Any]) -> tuple[str, EntryFilter, tuple[Cursor, ...]]:
    """Read the stored arguments of `look`."""
    entry_id, fields, trail = stored
    return entry_id, load_filter(fields), _load_cursors(trail)


def _load_cursors(stored: Sequence[Any]) -> tuple[Cursor, ...]:
    return tuple(Cursor(date.fromisoformat(day), entry_id) for day, entry_id in stored)


def _cursors(trail: Sequence[Cursor]) -> list[Json]:
    return [[c.spent_on.isoformat(), c.entry_id] for c in trail]


@dataclass(frozen=True, slots=True)
class PageTurn:
    """The page of entries that a `page` button leads to."""

    which: EntryFilter
    trail: tuple[Cursor, ...]
    """Last entries of the pages before it; empty for the first page."""
    redraws: bool = False


def load_page_turn(stored: Sequence[Any]) -> PageTurn:
    """Read the stored arguments of `page`."""
    if isinstance(stored[0], dict):
        fields, trail, *more = stored
        which, redraws = load_filter(fields), bool(more and more[0])
    else:
        # Keyboards of an older release hold period, words and categories apart.
        start, end, kind, words, trail, *more = stored
        redraws = False
        categories = tuple(more[0]) if more else ()
        which = EntryFilter(load_period(start, end, kind), words=words, categories=categories)
    return PageTurn(which, _load_cursors(trail), redraws)


def entries(period: Period) -> Action:
    """List the entries of a period."""
    return Action("entries", _period(period))


def summary(which: EntryFilter) -> Action:
    """Show the summary of the entries of a filter, which has a period."""
    return Action("summary", (filter_fields(which),))


def load_summary(stored: Sequence[Any]) -> EntryFilter:
    """Read the stored arguments of `summary`."""
    if isinstance(stored[0], dict):
        return load_filter(stored[0])
    # Keyboards of an older release hold a period alone.
    return EntryFilter(load_period(*stored))


def budgets() -> Action:
    """Show all budgets."""
    return Action("budgets")


def budget_set(scope: str, limit: Money, words: BudgetWords) -> Action:
    """Set a budget as the words of `/budget` say, but for this scope."""
    dates = _dates(words.trip)
    return Action("budget_set", (scope, limit.minor, limit.currency, words.per, dates, words.carry))


def budget_pick(scope: str) -> Action:
    """Explain how to set a budget for this scope."""
    return Action("budget_pick", (scope,))


def budget_off(scope: str, per: str, trip: Period | None = None) -> Action:
    """Remove a budget."""
    return Action("budget_off", (scope, per, _dates(trip)))


def _dates(trip: Period | None) -> Json:
    return [trip.start.isoformat(), trip.last.isoformat()] if trip else None


def load_trip(dates: Sequence[str] | None) -> Period | None:
    """Read the stored days of a trip."""
    return parse_trip("/".join(dates)) if dates else None


def rate_set(pair: CurrencyPair, value: Decimal, on: date) -> Action:
    """Set a rate of the chat."""
    return Action("rate_set", (*pair, f"{value:f}", on.isoformat()))


def settings(page_name: str, place: str = "") -> Action:
    """Show a page of the settings."""
    return Action("settings", (page_name, place))


def set_to(name: str, value: Json, page_name: str) -> Action:
    """Change a setting and show a page again."""
    return Action("set", (name, value, page_name))


def set_all(values: dict[str, Json], page_name: str) -> Action:
    """Change several settings at once and show a page again."""
    return Action("set_all", (values, page_name))


def set_up(step: str, place: str = "") -> Action:
    """Show a step of the onboarding."""
    return Action("set_up", (step, place))


def set_up_with(name: str, value: Json, step: str) -> Action:
    """Change a setting and go on to a step of the onboarding."""
    return Action("set_up_with", (name, value, step))


def help_on(topic: str) -> Action:
    """Show a topic of the help."""
    return Action("help", (topic,))


def import_answer(import_id: str, name: str, value: str) -> Action:
    """Answer a question about a file."""
    return Action("import_answer", (import_id, name, value))


def import_write(
    import_id: str, *, with_probable: bool = False, with_links: bool = False
) -> Action:
    """Write the rows of a file."""
    return Action("import_write", (import_id, with_probable, with_links))


def import_page(import_id: str, page: str, at: int = 0) -> Action:
    """Show another page of a preview."""
    return Action("import_page", (import_id, page, at))


def import_list(import_id: str) -> Action:
    """Send the rows of a preview as a file."""
    return Action("import_list", (import_id,))


def import_cancel(import_id: str) -> Action:
    """Leave a file out."""
    return Action("import_cancel", (import_id,))


def import_reverse(import_id: str, *, redo: bool) -> Action:
    """Undo or redo an import."""
    return Action("import_reverse", (import_id, redo))


def export(format_name: str) -> Action:
    """Send everything as a file."""
    return Action("export", (format_name,))


def forget() -> Action:
    """Delete everything."""
    return Action("forget")


def amount_right(entry_id: str) -> Action:
    """Confirm an amount."""
    return Action("amount_right", (entry_id,))


def series_list() -> Action:
    """Show all series."""
    return Action("series_list")


def series(series_id: str, page_name: str = "") -> Action:
    """Show a page of the card of a series."""
    return Action("series", (series_id, page_name))


def series_set(series_id: str, name: str, value: Json, page_name: str = "") -> Action:
    """Change one thing of a series."""
    return Action("series_set", (series_id, name, value, page_name))


def series_remove(series_id: str) -> Action:
    """Remove a series."""
    return Action("series_remove", (series_id,))


def series_amount(series_id: str, money: Money, reach: str) -> Action:
    """Set another amount."""
    return Action("series_amount", (series_id, money.minor, money.currency, reach))


def series_follow(entry_id: str, reach: str) -> Action:
    """Let a series be like its entry."""
    return Action("series_follow", (entry_id, reach))


def series_undo(operation_id: str) -> Action:
    """Delete the entries of one booking."""
    return Action("series_undo", (operation_id,))


def series_pay(series_id: str, nominal: date) -> Action:
    """Book a bill."""
    return Action("series_pay", (series_id, nominal.isoformat()))


def offer_take(key: str) -> Action:
    """Make a series of an offer."""
    return Action("offer_take", (key,))


def offer_refuse(key: str) -> Action:
    """Refuse an offer forever."""
    return Action("offer_refuse", (key,))


def dismiss() -> Action:
    """Take the buttons away."""
    return Action("dismiss")


def open_questions() -> Action:
    """Ask the open questions again."""
    return Action("open_questions")


def pause(days: int) -> Action:
    """Let pushes wait for so many days; 0 ends a pause."""
    return Action("pause", (days,))


def stop_push(kind: str) -> Action:
    """Send no more pushes of this kind."""
    return Action("stop_push", (kind,))


def run(command: str, words: str) -> Action:
    """Run a command with the words behind it."""
    return Action("run", (command, words))


def pin_card() -> Action:
    """Switch the card on."""
    return Action("pin_card")


def _period(period: Period | None) -> tuple[Json, Json, Json]:
    if period is None:
        return None, None, None
    return period.start.isoformat(), period.end.isoformat(), period.kind


def load_period(start: str | None, end: str | None, kind: str | None) -> Period | None:
    """Read the stored arguments of a period."""
    if start is None or end is None:
        return None
    return Period(date.fromisoformat(start), date.fromisoformat(end), kind or "custom")  # type: ignore[arg-type]
