"""Explain errors by the sentences of their message ids, each with a remedy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from ledger.budgets.scopes import categories_of
from ledger.entries.queries import EntryFilter
from ledger.errors import LedgerError
from ledger.money import AMOUNT_MAX, Money, round_to_minor
from ledger.text import BudgetWords
from ports.messages import Action, Buttons, Reply
from presentation import buttons
from presentation.localizer import Localizer, Value
from presentation.markup import TOAST_MAX, Html, shorten
from presentation.views.parts import in_rows, press


def error(problem: LedgerError, t: Localizer) -> Reply:
    """Explain an error and its remedy."""
    return Reply(sentence(problem.message_id, problem.values, t), _offers(problem, t))


def _offers(problem: LedgerError, t: Localizer) -> Buttons:
    """Offer the budgets or the categories that a mistyped one may have meant, as buttons."""
    near = problem.values.get("near")
    if not isinstance(near, tuple):
        return ()
    if problem.message_id == "filter_unknown":
        return in_rows([press(t.scope(scope), _listing(scope, t), t) for scope in near], 2)
    if problem.message_id != "budget_unknown":
        return ()
    # Where nothing resembles the word, every category is offered.
    scopes = near or t.choosable()
    named = _people(problem.values)
    found = [
        press(t.scope(scope, named.get(scope, "")), _budget_action(scope, problem, t), t)
        for scope in scopes
    ]
    return in_rows(found, 2)


def _people(values: Mapping[str, object]) -> Mapping[str, str]:
    """Return the names of persons that an error's scopes may mean."""
    people = values.get("people")
    return people if isinstance(people, Mapping) else {}


def _listing(scope: str, t: Localizer) -> Action:
    """Return the way to the entries of a scope that a mistyped word may have meant."""
    categories = categories_of(scope, t.settings.categories)
    return buttons.page(EntryFilter(scopes=(scope,), categories=categories))


def _budget_action(scope: str, problem: LedgerError, t: Localizer) -> Action:
    words = problem.values.get("typed")
    if not isinstance(words, BudgetWords) or words.amount is None or words.amount > AMOUNT_MAX:
        return buttons.budget_pick(scope)
    currency = words.currency or t.currency
    return buttons.budget_set(scope, Money(round_to_minor(words.amount, currency), currency), words)


def sentence(message_id: str, values: Mapping[str, object], t: Localizer) -> Html:
    """Return an error's sentence; an unknown message id gets a plain apology."""
    empty = [name for name, value in values.items() if value in ((), [], "")]
    bare = [f"error.{message_id}.no_{name}" for name in empty]
    return t.first((*bare, f"error.{message_id}", "error.unknown"), **spoken(values, t))


def apology(reference: str, t: Localizer) -> Reply:
    """Apologise for a failure, with the id under which the operator finds it."""
    return Reply(t("error.apology", reference=reference))


def stranger(t: Localizer) -> Reply:
    """Refuse, once and politely, somebody whom this installation does not serve."""
    return Reply(t("error.stranger"))


def toast(name: str, t: Localizer, **values: Value) -> str:
    """Return the notice that answers a button press, at most 200 characters of plain text."""
    return shorten(t.plain(f"toast.{name}", **values), TOAST_MAX)


def spoken(values: Mapping[str, object], t: Localizer) -> dict[str, Value]:
    """Make an error's values fit for a sentence; foreign words are bounded and isolated."""
    shown: dict[str, Value] = {}
    for name, value in values.items():
        if name == "scope":
            shown[name] = t.scope(str(value), str(values.get("person", "")))
        elif isinstance(value, int | Decimal | Money):
            shown[name] = value
        elif isinstance(value, tuple | list):
            named = _people(values)
            shown[name] = t.either(*(t.scope(str(one), named.get(str(one), "")) for one in value))
        elif isinstance(value, date):
            shown[name] = t.dated(value, value)
        else:
            shown[name] = t.user(str(value), 100)
    return shown
