"""Show the rates in use, and those that a chat sets itself."""

from __future__ import annotations

from datetime import date

from ledger.rates.values import OwnRate
from ports.answers import RateDoubted, RateLine, RateRemoved, RateSet, RatesShown
from ports.messages import Reply
from ports.rates import Rate
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import EMPTY, Html, blocks, rows
from presentation.views.parts import in_rows, press

_OWN_MAX = 20


def rate_set(value: RateSet, t: Localizer, *, today: date) -> Reply:
    """Confirm a rate that the chat set, and say what it changed."""
    rate = value.rate
    said = t("rate.set", rate=t.rate(rate.pair, rate.value), day=t.dated(rate.starts_on, today))
    return Reply(rows(said, _recounted(value.changed, t, more=value.more), t("rate.undo")))


def rate_removed(value: RateRemoved, t: Localizer, *, today: date) -> Reply:
    """Confirm that own rates are gone, and name the one that counts now."""
    said = t("rate.removed", code=value.pair.source)
    now = rate_line(RateLine(value.pair, value.now), t, today=today)
    return Reply(rows(said, now, _recounted(value.changed, t, more=value.more)))


def rate_doubted(value: RateDoubted, t: Localizer, *, today: date) -> Reply:
    """Ask whether a figure is meant that is far from the known rate or can be read in two ways."""
    if len(value.candidates) > 1:
        question = t("rate.which")
    else:
        question = t("rate.doubted", rate=t.rate(value.pair, value.candidates[0]))
    found = [
        press(t.rate(value.pair, one), buttons.rate_set(value.pair, one, value.on), t)
        for one in value.candidates
    ]
    leave = press(t("rate.leave"), buttons.dismiss(), t)
    known = rate_line(RateLine(value.pair, value.known), t, today=today) if value.known else EMPTY
    return Reply(rows(question, known), (*in_rows(found, 1), (leave,)))


def rate_answered(value: RateSet, t: Localizer) -> Reply:
    """Take the place of the question for a rate."""
    return Reply(t("rate.answered", rate=t.rate(value.rate.pair, value.rate.value)))


def rates(value: RatesShown, t: Localizer, *, today: date) -> Reply:
    """List the rates in use; of one currency with all that the chat set for it."""
    example = value.currency if value.currency not in {"", t.currency} else _example(t)
    how = t("rate.how", code=example, home=t.currency)
    if not value.lines:
        return Reply(blocks(t("rate.none_used", home=t.currency), how))
    lines = rows(*(rate_line(line, t, today=today) for line in value.lines))
    own = rows(*(_own(rate, t, today=today) for rate in value.own[:_OWN_MAX]))
    listed = rows(t("rate.own_title"), own) if own else EMPTY
    return Reply(blocks(rows(t("rate.title"), lines), listed, how))


def rate_line(line: RateLine, t: Localizer, *, today: date) -> Html:
    """Return the rate that counts today, with its day and where it is from."""
    found: Rate | None = line.rate
    if found is None:
        return t("rate.unknown", code=line.pair.source, home=line.pair.target)
    rate, day = t.rate(line.pair, found.value), t.dated(found.on, today)
    return t(f"rate.{found.kind}", rate=rate, day=day)


def rate_again(rate: OwnRate, t: Localizer, *, today: date, counts: bool) -> Html:
    """Show an own rate after undo or redo."""
    if counts:
        return _own(rate, t, today=today)
    return t("rate.gone", rate=t.rate(rate.pair, rate.value), day=t.dated(rate.starts_on, today))


def _own(rate: OwnRate, t: Localizer, *, today: date) -> Html:
    shown = t.rate(rate.pair, rate.value)
    return t("rate.own", rate=shown, day=t.dated(rate.starts_on, today))


def _recounted(changed: int, t: Localizer, *, more: bool) -> Html:
    if more:
        return t("rate.recounting")
    return t("rate.recounted", changed) if changed else EMPTY


def _example(t: Localizer) -> str:
    return "EUR" if t.currency == "USD" else "USD"
