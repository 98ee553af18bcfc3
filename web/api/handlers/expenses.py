"""Answer calls about expenses and incomes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from ledger.entries.source_keys import api_source
from ports.answers import Deleted
from replies.names import list_category_names
from services.entries.changing import live_entry, seen_entry
from services.entries.direct import GivenFields
from services.entries.naming import list_names
from services.ids import new_id
from services.reporting.reports import list_entries
from services.scope import Scope
from web.api.calls import Call, Outcome, Reply, created, with_etag
from web.api.cursors import read_cursor, write_cursor
from web.api.entry_models import expense_of, filter_of
from web.api.models.expenses import ExpensePatch, ExpenseQuery, NewExpense
from web.api.problems import WrongField, explain_fields
from web.api.routes import PREFIX, NoQuery

_CLEARED: dict[str, Any] = {"note": "", "merchant": "", "category": "", "tags": ()}
"""The values that null stands for, of fields that may be empty."""


async def list_expenses(call: Call[ExpenseQuery, None]) -> Reply:
    """Return a page of the entries that a filter lets through."""
    after = read_cursor(call.query.cursor) if call.query.cursor else None

    def read(scope: Scope) -> bytes:
        which = filter_of(scope, call.query)
        found, place = list_entries(scope, which, after, limit=call.query.limit)
        names = list_names(scope)
        items = [names.fields(entry) for entry in found]
        # As `ExpensePage`, without a model for each of a thousand rows.
        return orjson.dumps({"items": items, "next": write_cursor(place) if place else None})

    return Reply(body=await call.read(read))


async def get_expense(call: Call[NoQuery, None]) -> Reply:
    """Return one entry."""
    shown = await call.read(
        lambda scope: expense_of(scope, seen_entry(scope, call.id("expense_id")))
    )
    return with_etag(Reply(shown))


async def add_expense(call: Call[NoQuery, NewExpense]) -> Reply:
    """Book an entry."""
    given = _given(call.body.model_dump(exclude_none=True))

    def write(scope: Scope) -> Outcome:
        names = list_category_names(scope.settings)
        source = api_source(new_id(call.now))
        captured = call.backend.services.direct.add(scope, given, names, source=source)
        expense = expense_of(scope, captured.booked[0].entry)
        path = f"{PREFIX}/ledgers/{scope.ledger.key}/expenses/{expense.id}"
        return Outcome(created(expense, path), captured)

    return await call.write(write)


async def change_expense(call: Call[NoQuery, ExpensePatch]) -> Reply:
    """Change fields of an entry, as one operation that /undo takes back."""
    fields = call.body.model_dump(exclude_unset=True)
    given = _given({n: _CLEARED[n] if v is None else v for n, v in fields.items()})

    def write(scope: Scope) -> Outcome:
        before = live_entry(scope, call.id("expense_id"))
        # Checked in the unit of the change, so that nothing comes between the two.
        call.check_match(expense_of(scope, before))
        names = list_category_names(scope.settings)
        corrected = call.backend.services.direct.change(scope, before.id, given, names)
        reply = Reply(expense_of(scope, corrected.booked.entry))
        return Outcome(with_etag(reply), corrected)

    return await call.write(write)


async def delete_expense(call: Call[NoQuery, None]) -> Reply:
    """Take an entry out of the ledger; /undo brings it back."""

    def write(scope: Scope) -> Outcome:
        before = live_entry(scope, call.id("expense_id"))
        call.check_match(expense_of(scope, before))
        deleted = call.backend.services.corrections.delete(scope, before.id)
        assert isinstance(deleted, Deleted), "it was live in this unit"
        return Outcome(Reply(status=204), deleted)

    return await call.write(write)


async def find_wrong(call: Call[NoQuery, Mapping[str, Any]]) -> list[WrongField]:
    """Return the fields that the ledger refuses, among those that are right by themselves."""
    # What is null is not given, or cleared, which no ledger refuses.
    names = [name for name in ExpensePatch.model_fields if call.body.get(name) is not None]
    known = {name: call.body[name] for name in names}
    given = _given(ExpensePatch.model_validate(known).model_dump(exclude_none=True))
    entry_id = call.request.match_info.get("expense_id")

    def read(scope: Scope) -> list[WrongField]:
        direct = call.backend.services.direct
        wrong = direct.find_wrong(scope, entry_id, given, list_category_names(scope.settings))
        return explain_fields(wrong)

    return await call.read(read)


def _given(fields: dict[str, Any]) -> GivenFields:
    on: date | None = fields.pop("date", None)
    return GivenFields(spent_on=on, **fields)
