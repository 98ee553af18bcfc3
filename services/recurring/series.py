"""Make series of entries that come again, show them, and change them.

Every member may, and every change is an operation of the history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ledger.entries.changes import Change, Fields
from ledger.entries.entry import Entry
from ledger.errors import InputError, NotFoundError
from ledger.recurring.contract_words import ContractWords, parse_contract
from ledger.recurring.editing import next_day, with_change
from ledger.recurring.fields import SeriesRow, series_fields, series_of_fields
from ledger.recurring.rewording import with_words
from ledger.recurring.rules import Plan
from ledger.recurring.series import Series
from ledger.recurring.twins import fall_alike, may_be_same
from ledger.recurring.words import RecurringWords, parse_recurring
from ledger.text import fold
from ports.answers import Booked
from ports.messages import Json
from ports.recurring import SeriesAmount, SeriesExists, SeriesListed, SeriesPage, SeriesShown
from services.entries.recording import Recorder, begin
from services.ids import new_id
from services.recurring.bills import next_open
from services.recurring.due import BATCH_ENTRIES, DueSeries
from services.recurring.planning import list_due, list_typed, pass_over, plan_series, unplan
from services.scope import Scope
from services.texts.capture import Capture, draft_of
from services.texts.incoming_text import IncomingText

VERB = "series"
SERIES_MAX = 200
"""Series of one ledger."""

SeriesAnswer = SeriesAmount | SeriesExists | SeriesListed | SeriesShown


@dataclass(frozen=True, slots=True)
class AllSeries:
    """Makes, shows and changes the series of a ledger."""

    capture: Capture
    due: DueSeries

    def by_words(self, scope: Scope, incoming: IncomingText) -> SeriesAnswer:
        """Run `/recurring` with its words; without any all series are listed.

        Raises:
            InputError: `series_words` (no amount, or nothing that has one), `series_too_many`,
                `series_too_many_past` (occurrences that a start long ago would book).
        """
        if not incoming.text:
            return self.list_all(scope)
        terms = parse_contract(incoming.text, scope.today, scope.settings.language)
        if terms and (holder := find_named(scope, terms.title)):
            return self._keep(scope, holder, replace(holder, contract=terms.apply(holder.contract)))
        if terms and (made := self._add_with_contract(scope, incoming, terms)):
            return made
        words = parse_recurring(incoming.text, scope.today, scope.settings.language)
        if words is None:
            raise InputError("series_words", words=incoming.text)
        entry = self._read_entry(scope, incoming, words.rest)
        title = entry.title if entry else words.rest
        named = find_named(scope, title)
        if named and entry is None:
            return self._reword(scope, named, words)
        if entry is None:
            raise InputError("series_words", words=incoming.text)
        if named and not words.stepped and named.money != entry.money:
            return SeriesAmount(named, entry.money, has_entry=bool(list_booked(scope, named.id)))
        return self.add_new(scope, build_series(scope, entry, words), stepped=words.stepped)

    def _add_with_contract(
        self, scope: Scope, incoming: IncomingText, terms: ContractWords
    ) -> SeriesExists | SeriesShown | None:
        """Keep a series that is typed with its contract; None where no amount is ahead of the terms.

        After a trial it is booked from the day on that follows it.
        """
        first = scope.today
        if terms.trial_ends and terms.trial_ends >= first:
            first = terms.trial_ends + timedelta(days=1)
        words = parse_recurring(terms.title, first, scope.settings.language)
        entry = self._read_entry(scope, incoming, words.rest) if words else None
        if words is None or entry is None or terms.off:
            return None
        series = replace(build_series(scope, entry, words), contract=terms.apply(None))
        return self.add_new(scope, series, stepped=words.stepped)

    def remind(self, scope: Scope, incoming: IncomingText) -> SeriesAnswer:
        """Run `/remind`: remind of a series that is there, or keep a bill that nothing books.

        Raises:
            InputError: As `by_words`; `remind_words`, `remind_unknown` (no series of this name) or
                `remind_several`.
        """
        if not incoming.text:
            return self.list_all(scope)
        words = parse_recurring(incoming.text, scope.today, scope.settings.language)
        if words is None:
            raise InputError("remind_words", words=incoming.text)
        entry = self._read_entry(scope, incoming, words.rest)
        named = find_named(scope, entry.title if entry else words.rest)
        if named and not (entry and words.stepped):
            return self._reword(scope, named, replace(words, reminders=words.reminders or (1,)))
        if entry is None:
            raise _why_no_reminder(scope, incoming.text, words.rest)
        bill = replace(build_series(scope, entry, words), remind_only=True)
        bill = replace(bill, reminders=words.reminders or (0,))
        return self.add_new(scope, bill, stepped=words.stepped)

    def list_all(self, scope: Scope) -> SeriesListed:
        """Return all series, those that are due next first."""
        found = scope.repositories.series.list_all(scope.ledger.id)
        bills = [one for one in found if one.remind_only and not (one.ended or one.paused)]
        to_pay = next_open(scope, bills)
        lines = [
            (one, _booked_on(one, _find_next(scope, one, to_pay))) for one in found if not one.ended
        ]
        return SeriesListed(tuple(sorted(lines, key=lambda line: line[1] or date.max)))

    def show(self, scope: Scope, series_id: str, page: SeriesPage = "") -> SeriesShown:
        """Return a series. Raises `NotFoundError` (`no_series`)."""
        return replace(shown(scope, get_series(scope, series_id)), page=page)

    def add_new(self, scope: Scope, series: Series, *, stepped: bool) -> SeriesExists | SeriesShown:
        """Keep a typed series, or ask where a running one of its name may be the same.

        Both would be booked, so the same command sent twice would pay a rent twice.
        """
        known = _find_twin(scope, series)
        if known is None:
            return self.add(scope, series, stepped=stepped)
        return SeriesExists(
            known,
            series,
            shown(scope, known).next_on,
            stepped,
            has_entry=bool(list_booked(scope, known.id)),
            falls_alike=fall_alike(known, series, scope.today),
        )

    def add_another(self, scope: Scope, fields: Fields, *, stepped: bool) -> SeriesShown:
        """Keep a series next to one of its name, as its fields say it."""
        row = SeriesRow(new_id(scope.now), scope.ledger.id, scope.now, None)
        made = replace(series_of_fields(row, fields), created_by=scope.actor)
        return self.add(scope, made, stepped=stepped)

    def add(self, scope: Scope, series: Series, *, stepped: bool = True) -> SeriesShown:
        """Keep a series, and book what is due today or was due before, in one operation.

        An occurrence that somebody has booked by hand is not booked again.
        """
        if len(scope.repositories.series.list_all(scope.ledger.id)) >= SERIES_MAX:
            raise InputError("series_too_many", n=SERIES_MAX)
        # One more than fits, to tell a full batch from too many.
        days = list_due(series, scope, BATCH_ENTRIES + 1, whole_day=True)
        if len(days) > BATCH_ENTRIES:
            raise InputError("series_too_many_past", n=BATCH_ENTRIES)
        recorder = begin(scope, VERB)
        keep_series(scope, recorder, None, series)
        made = replace(shown(scope, series), news="made", stepped=stepped)
        if days:
            typed = list_typed(scope, series, days)
            due = [day for day in days if day not in typed]
            booked, alerts = self.due.book(scope, [(series, due)] if due else [], recorder)
            pass_over(scope, series, days[-1])
            now = shown(scope, get_series(scope, series.id))
            made = replace(made, next_on=now.next_on, booked=booked, alerts=alerts, typed=typed)
            made = replace(made, series=now.series, next_nominal=now.next_nominal)
        recorder.write()
        return made

    def change(
        self, scope: Scope, series_id: str, name: str, value: Json, page: SeriesPage = ""
    ) -> SeriesShown:
        """Change one thing of a series by its name in `ledger.recurring.editing.CHANGES`."""
        series, booked = self.settle(scope, get_series(scope, series_id))
        after = with_change(series, name, value, scope.today)
        card = self._keep(scope, series, after)
        return replace(card, page=page, booked=booked, is_changed=after != series)

    def edit(self, scope: Scope, series_id: str, edit: Callable[[Series], Series]) -> SeriesShown:
        """Change several things of a series at once. Raises `NotFoundError` (`no_series`)."""
        series, booked = self.settle(scope, get_series(scope, series_id))
        after = edit(series)
        card = self._keep(scope, series, after)
        return replace(card, booked=booked, is_changed=after != series)

    def remove(self, scope: Scope, series_id: str) -> SeriesShown:
        """Remove a series; its entries stay."""
        series, booked = self.settle(scope, get_series(scope, series_id))
        recorder = begin(scope, VERB)
        recorder.changes.append(Change("series", series.id, series_fields(series), None))
        recorder.write()
        scope.repositories.series.remove(scope.ledger.id, series.id, scope.now)
        unplan(scope, series.id)
        return SeriesShown(series, None, news="gone", booked=booked, is_changed=True)

    def settle(self, scope: Scope, series: Series) -> tuple[Series, tuple[Booked, ...]]:
        """Book what is due before a change, so that a downtime takes nothing away."""
        days = list_due(series, scope, BATCH_ENTRIES)
        if not days:
            return series, ()
        recorder = begin(scope.with_actor(series.created_by), "recurring")
        booked, _ = self.due.book(scope, [(series, days)], recorder)
        recorder.write()
        return get_series(scope, series.id), booked

    def _reword(self, scope: Scope, series: Series, words: RecurringWords) -> SeriesShown:
        """Change a series by words without an amount; where they name nothing it is only shown."""
        series, booked = self.settle(scope, series)
        after = with_words(series, words, scope.today)
        return replace(self._keep(scope, series, after), booked=booked)

    def _keep(self, scope: Scope, before: Series, after: Series) -> SeriesShown:
        recorder = begin(scope, VERB)
        keep_series(scope, recorder, before, after)
        recorder.write()
        return shown(scope, after)

    def _read_entry(self, scope: Scope, incoming: IncomingText, rest: str) -> Entry | None:
        """Return the entry that the words without their rule hold; None unless it is just one."""
        text = replace(incoming, text=rest, command=True)
        parsed = self.capture.parse(scope, text)
        if len(parsed.entries) != 1 or parsed.ask or parsed.refusals:
            return None
        entry = draft_of(scope, text, parsed.entries[0], 0).entry
        if not entry.title:
            return None
        return self.capture.booking.categorisation.complete(scope, entry)


def build_series(scope: Scope, entry: Entry, words: RecurringWords) -> Series:
    """Return the series of an entry by the rule that its words name.

    Raises `InputError` (`series_over`) where it ends before it begins.
    """
    until = words.plan.until
    if until is not None and until < words.plan.rule.start:
        raise InputError("series_over")
    return replace(
        series_like(scope, entry, words.plan), varies=words.varies, reminders=words.reminders
    )


def series_like(scope: Scope, entry: Entry, plan: Plan) -> Series:
    """Return a new series of entries like this one."""
    return Series(
        id=new_id(scope.now),
        ledger_id=scope.ledger.id,
        type=entry.type,
        money=entry.money,
        note=entry.note,
        category=entry.category,
        plan=plan,
        paid_by=entry.paid_by,
        created_by=scope.actor,
        created_at=scope.now,
        merchant=entry.merchant,
        tags=entry.tags,
    )


def get_series(scope: Scope, series_id: str) -> Series:
    """Return a series. Raises `NotFoundError` (`no_series`)."""
    found = scope.repositories.series.find(scope.ledger.id, series_id)
    if found is None:
        raise NotFoundError("no_series")
    return found


def find_named(scope: Scope, title: str) -> Series | None:
    """Return the one running series of this title; None for none or several."""
    found = _list_named(scope, title)
    # Of two with one name none is guessed, as a change would cost money.
    return found[0] if len(found) == 1 else None


def _list_named(scope: Scope, title: str) -> list[Series]:
    wanted = fold(title.strip())
    live = [one for one in scope.repositories.series.list_all(scope.ledger.id) if not one.ended]
    return [one for one in live if fold(one.title) == wanted]


def _find_twin(scope: Scope, series: Series) -> Series | None:
    """Return the running series that a new one may be, if there is one."""
    live = (one for one in scope.repositories.series.list_all(scope.ledger.id) if not one.ended)
    return next((one for one in live if may_be_same(one, series, scope.today)), None)


def _why_no_reminder(scope: Scope, text: str, name: str) -> InputError:
    """Return the error for words that are not a reminder; without a number they name a series."""
    if any(char.isdigit() for char in name):
        return InputError("remind_words", words=text)
    code = "remind_several" if _list_named(scope, name) else "remind_unknown"
    return InputError(code, name=name)


def list_booked(scope: Scope, series_id: str) -> Sequence[Entry]:
    """Return the live entries of a series, the latest first."""
    found = scope.repositories.entries.of_source(scope.ledger.id, f"recurring:{series_id}")
    live = [entry for entry in found if not entry.deleted_at]
    return sorted(live, key=lambda entry: (entry.spent_on, entry.id), reverse=True)


def shown(scope: Scope, series: Series) -> SeriesShown:
    """Return the card of a series; of a bill that was not paid on its day, with that day."""
    is_bill = series.remind_only and not (series.ended or series.paused)
    day = _find_next(scope, series, next_open(scope, [series]) if is_bill else {})
    return SeriesShown(series, _booked_on(series, day), day)


def _find_next(scope: Scope, series: Series, to_pay: Mapping[str, date]) -> date | None:
    """Return the nominal day that comes next, or that is to be paid; None for a paused series."""
    if series.paused:
        return None
    return to_pay.get(series.id) or next_day(series, scope.today)


def _booked_on(series: Series, day: date | None) -> date | None:
    return series.plan.rule.booked_on(day) if day else None


def keep_series(scope: Scope, recorder: Recorder, before: Series | None, after: Series) -> None:
    """Write a series with its history and its schedules; one that is as before is left alone."""
    new = series_fields(after)
    old = series_fields(before) if before else None
    differing = [name for name in new if old is None or new[name] != old[name]]
    if not differing:
        return
    scope.repositories.series.put(after, scope.now)
    earlier = None if old is None else {name: old[name] for name in differing}
    changed = {name: new[name] for name in differing}
    recorder.changes.append(Change("series", after.id, earlier, changed))
    plan_series(scope, after)


def apply_series_change(scope: Scope, change: Change) -> tuple[Series, bool] | None:
    """Write one change of a series (undo, redo); return it, and whether it is there now.

    None for a series that somebody removed meanwhile, which stays removed.
    """
    series = scope.repositories.series
    live = series.find(scope.ledger.id, change.subject_id)
    known = series.find(scope.ledger.id, change.subject_id, removed=True)
    if known is None or (live is None and change.before is not None):
        return None
    if change.after is None:
        series.remove(scope.ledger.id, known.id, scope.now)
        unplan(scope, known.id)
        return known, False
    row = SeriesRow(known.id, known.ledger_id, known.created_at, known.booked_to)
    after = series_of_fields(row, series_fields(known) | change.after)
    if live is None or live.paused or live.ended or live.plan.rule != after.plan.rule:
        # Nothing is booked for the days that passed meanwhile.
        after = replace(after, booked_to=max(after.booked_to or scope.today, scope.today))
    series.put(after, scope.now)
    plan_series(scope, after)
    return after, True
