"""Build the buttons behind figures that no filter of entries makes, such as sums of lines."""

from __future__ import annotations

from ledger.inquiries.answers import Group, InquiryAnswer
from ledger.inquiries.query import Query, QueryFilter
from ports.messages import Action, Buttons
from presentation import buttons
from presentation.localizer import Localizer
from presentation.views.parts import press

_NAME_MAX = 40


def action_of(group: Group, value: InquiryAnswer) -> Action | None:
    """Return what shows a group: its entries, or the receipts of an item."""
    if value.query.by == "item":
        return buttons.inquiry(_prices_of(str(group.key), value))
    return buttons.found(group.which) if group.which else None


def _prices_of(item: str, value: InquiryAnswer) -> Query:
    asked = value.query.filter
    which = QueryFilter(asked.period, merchant=asked.merchant, item=item, without=asked.without)
    return Query("price", filter=which)


def lines_button(value: InquiryAnswer, t: Localizer) -> Buttons:
    """Offer the receipts of the lines that have the words of a question."""
    if value.lines is None:
        return ()
    shown = t.plain("inquiry.lines.show", words=t.user(value.which.words, _NAME_MAX))
    return ((press(shown, buttons.inquiry(_prices_of(value.which.words, value)), t),),)
