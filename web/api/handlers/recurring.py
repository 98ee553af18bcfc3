"""Answer calls about entries that come again."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.recurring.editing import with_change
from ledger.recurring.series import Series
from ports import recurring as answers
from replies.names import list_category_names
from services.entries.direct import GivenFields
from services.recurring.direct import GivenSeries, with_amount
from services.scope import Scope
from web.api.calls import Call, Outcome, Reply
from web.api.figure_models import write_amount
from web.api.models.recurring import NewSeries, SeriesPage, SeriesPatch, SeriesShown
from web.api.routes import PREFIX, NoQuery

_ENTRY = ("amount", "note", "type", "currency", "category", "merchant", "tags", "paid_by")


async def list_series(call: Call[NoQuery, None]) -> Reply:
    """Return the series that are not over, those that are due next first."""

    def read(scope: Scope) -> SeriesPage:
        found = call.backend.services.series.list_all(scope).series
        return SeriesPage(items=tuple(_show(one, on) for one, on in found))

    return Reply(await call.read(read))


async def get_series(call: Call[NoQuery, None]) -> Reply:
    """Return one series."""

    def read(scope: Scope) -> SeriesShown:
        return _of_answer(call.backend.services.series.show(scope, call.id("series_id")))

    return Reply(await call.read(read))


async def add_series(call: Call[NoQuery, NewSeries]) -> Reply:
    """Make a series, and book what was due since its start."""
    body = call.body
    fields = body.model_dump(exclude_none=True)
    given = GivenFields(**{name: fields[name] for name in _ENTRY if name in fields})
    asked = GivenSeries(
        given,
        body.unit,
        body.every,
        body.start,
        body.until,
        body.weekend,
        remind_only=body.remind_only,
        reminders=body.reminders,
    )

    def write(scope: Scope) -> Outcome:
        names = list_category_names(scope.settings)
        made = call.backend.services.direct_series.add(scope, asked, names)
        path = f"{PREFIX}/ledgers/{scope.ledger.key}/recurring/{made.series.id}"
        return Outcome(Reply(_of_answer(made), 201, {"Location": path}), made)

    return await call.write(write)


async def change_series(call: Call[NoQuery, SeriesPatch]) -> Reply:
    """Change a series from now on."""
    fields = call.body.model_dump(exclude_unset=True)

    def write(scope: Scope) -> Outcome:
        def edit(series: Series) -> Series:
            return _with_fields(series, fields, scope)

        series_id = call.id("series_id")
        changed = call.backend.services.series.edit(scope, series_id, edit)
        return Outcome(Reply(_of_answer(changed)), changed if changed.is_changed else None)

    return await call.write(write)


async def delete_series(call: Call[NoQuery, None]) -> Reply:
    """Remove a series; its entries stay."""

    def write(scope: Scope) -> Outcome:
        removed = call.backend.services.series.remove(scope, call.id("series_id"))
        return Outcome(Reply(status=204), removed)

    return await call.write(write)


def _with_fields(series: Series, fields: dict[str, Any], scope: Scope) -> Series:
    given = GivenFields(amount=fields.get("amount"), note=fields.get("note"))
    after = with_amount(series, given)
    if "until" in fields:
        until = fields["until"]
        after = with_change(after, "until", until.isoformat() if until else None, scope.today)
    if "weekend" in fields:
        after = with_change(after, "weekend", fields["weekend"], scope.today)
    if "paused" in fields and fields["paused"] != after.paused:
        after = with_change(after, "paused", fields["paused"], scope.today)
    return after


def _of_answer(answer: answers.SeriesShown) -> SeriesShown:
    return _show(answer.series, answer.next_on)


def _show(series: Series, next_on: date | None) -> SeriesShown:
    rule, until = series.plan.rule, series.plan.until
    return SeriesShown(
        id=series.id,
        type=series.type,
        amount=write_amount(series.money),
        currency=series.money.currency,
        note=series.note,
        merchant=series.merchant,
        category=series.category,
        tags=tuple(tag.removeprefix("#") for tag in series.tags),
        paid_by_id=str(series.paid_by),
        unit=rule.unit,
        every=rule.every,
        start=rule.start.isoformat(),
        until=until.isoformat() if until else None,
        weekend=rule.weekend,
        next=next_on.isoformat() if next_on else None,
        paused=series.paused,
        remind_only=series.remind_only,
        varies=series.varies,
        reminders=series.reminders,
    )
