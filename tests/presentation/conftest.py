"""What every test of looks needs: a tongue, an entry, and Telegram's eye for HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest

from ledger.budgets.budget import Budget, BudgetState
from ledger.entries.entry import Entry
from ledger.money import Money
from ledger.periods.period import Period
from ledger.settings import Settings
from ports.messages import Reply
from presentation import buttons
from presentation.localizer import Localizer, localizer_for
from presentation.markup import CAPTION_MAX, TEXT_MAX, seen_units

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MONTH = Period(date(2026, 11, 1), date(2026, 12, 1), "month")

_ALLOWED_TAGS = {"b", "i", "u", "s", "code", "pre", "a"}
_ENTITIES_MAX = 100
_LABEL_MAX = 64
_BUTTONS_MAX = 100
_COLUMNS_MAX = 8
_VERBS = set(re.findall(r"^\| `(\w+)` \|", buttons.__doc__ or "", re.MULTILINE))


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def localizer() -> Callable[..., Localizer]:
    def make(language: str = "en", currency: str = "EUR", **more: Any) -> Localizer:  # noqa: ANN401 -- the fields differ in type
        return localizer_for(Settings(currency, "Europe/Berlin", language, **more))

    return make


@pytest.fixture
def t(localizer: Callable[..., Localizer]) -> Localizer:
    return localizer()


@pytest.fixture
def entry() -> Callable[..., Entry]:
    def make(amount: str = "4.50", note: str = "coffee", **more: Any) -> Entry:  # noqa: ANN401 -- the fields differ in type
        values: dict[str, Any] = {
            "id": "e1",
            "ledger_id": 1,
            "type": "expense",
            "money": Money(Decimal(amount), more.pop("currency", "EUR")),
            "spent_on": TODAY,
            "note": note,
            "category": "eating_out",
            "paid_by": 7,
            "source": "text",
            "source_key": f"tg:{1}:{1}:{0}",
            "created_at": NOW,
            "updated_at": NOW,
        }
        return Entry(**(values | more))

    return make


@pytest.fixture
def budget() -> Callable[..., BudgetState]:
    def make(
        spent: str, limit: str = "250", scope: str = "groceries", on: date = TODAY
    ) -> BudgetState:
        held = Budget(f"b-{scope}", 1, scope, Money(Decimal(limit), "EUR"), "month")
        return BudgetState(held, MONTH, Money(Decimal(spent), "EUR"), on)

    return make


class _Telegram(HTMLParser):
    """Reads Telegram HTML as the Bot API does: few tags, all closed, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.entities = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs, tag
        assert tag in _ALLOWED_TAGS, tag
        self.open.append(tag)
        self.entities += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_entityref(self, name: str) -> None:
        assert name in {"lt", "gt", "amp", "quot"}, name

    def handle_data(self, data: str) -> None:
        assert "<" not in data
        assert "&" not in data


@pytest.fixture
def accepted() -> Callable[[Reply], Reply]:
    """Assert that Telegram would take a reply as it is."""

    def check(reply: Reply) -> Reply:
        parser = _Telegram()
        parser.feed(reply.text)
        parser.close()
        assert not parser.open
        assert parser.entities <= _ENTITIES_MAX
        most = CAPTION_MAX if reply.picture or reply.attachment else TEXT_MAX
        assert 0 < seen_units(reply.text) <= most
        assert "\n\n\n" not in reply.text
        assert reply.text == reply.text.strip()
        reply.text.encode("utf-8")
        _check_buttons(reply)
        return reply

    return check


def _check_buttons(reply: Reply) -> None:
    pressed = [button for row in reply.buttons for button in row]
    assert len(pressed) <= _BUTTONS_MAX
    assert all(0 < len(row) <= _COLUMNS_MAX for row in reply.buttons)
    for button in pressed:
        assert 0 < seen_units(button.label) <= _LABEL_MAX
        assert "\n" not in button.label
        assert "&lt;" not in button.label
        assert "&amp;" not in button.label
        assert button.action is not None
        assert button.action.name in _VERBS
        assert "NaN" not in json.dumps(button.action.args)
