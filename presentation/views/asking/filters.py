"""Say what entries were asked for, so that a reading of words that have several is visible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ledger.categories import GROUPS
from ledger.chats import Member
from ledger.entries.queries import AmountRange, EntryFilter
from presentation.localizer import Localizer
from presentation.markup import Html, escape, visible

_NAME_MAX = 40
_WORDS_MAX = 60


def filter_parts(
    which: EntryFilter, members: Sequence[Member], t: Localizer, *, today: date
) -> list[Html | str]:
    """Name each condition of a filter, its period last: `Groceries`, `#work`, `November`."""
    found: list[Html | str] = [_scope(scope, t) for scope in _scopes(which)]
    found += [t.user(f"#{tag}", _NAME_MAX) for tag in which.tags]
    if which.words:
        found.append(t("page.words", words=t.user(which.words, _WORDS_MAX)))
    if which.merchant:
        found.append(t("filter.merchant", name=t.user(which.merchant, _NAME_MAX)))
    if which.paid_by is not None:
        name = next((m.name for m in members if m.user_id == which.paid_by), "…")
        found.append(t("entry.paid_by", name=t.user(name, _NAME_MAX)))
    if which.amounts:
        found.append(_amounts(which.amounts, t))
    if which.without:
        names = [name for one in which.without for name in _left_out(one, members, t, today=today)]
        found.append(t("filter.without", what=t.listed(*names)))
    if which.period:
        found.append(t.period(which.period, today))
    return found


def _left_out(
    one: EntryFilter, members: Sequence[Member], t: Localizer, *, today: date
) -> list[Html | str]:
    """Name what is left out: `Groceries`, `“rent”`, `Bo`; words alone where others say `with`."""
    found: list[Html | str] = []
    if one.words:
        found.append(t("filter.quoted", words=t.user(one.words, _WORDS_MAX)))
    if one.merchant:
        found.append(t.user(one.merchant, _NAME_MAX))
    if one.paid_by is not None:
        found += [t.user(m.name, _NAME_MAX) for m in members if m.user_id == one.paid_by]
    others = replace(one, words="", merchant="", paid_by=None, without=())
    return found + filter_parts(others, members, t, today=today)


def filter_names(which: EntryFilter, members: Sequence[Member], t: Localizer) -> list[str]:
    """Name each condition of a filter but its period, as plain text without emoji."""
    names = [t.scope(s) if s in GROUPS else t.category_name(s) for s in _scopes(which) if s]
    others = replace(which, scopes=(), categories=(), period=None)
    return names + [visible(p) for p in filter_parts(others, members, t, today=date.min)]


def _scopes(which: EntryFilter) -> tuple[str, ...]:
    # Buttons of an older release hold the categories alone.
    return which.scopes or which.categories


def _scope(scope: str, t: Localizer) -> Html:
    return escape(t.scope(scope) if scope in GROUPS else t.category(scope))


def _amounts(amounts: AmountRange, t: Localizer) -> Html:
    least, most = amounts.least, amounts.most
    if least is None and most is None:
        return t("filter.currency", currency=amounts.currency)
    if least is None or most is None:
        return t("filter.most", amount=most) if most else t("filter.least", amount=least or "")
    if least == most:
        return t("filter.equal", amount=least)
    return t("filter.between", least=least, most=most)
