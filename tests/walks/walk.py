"""People who use the bot at random, the model of what has to come of it, and the comparison.

Actions are functions of a walk (`messages`, `money`); a step does one, as one of the people, and then
compares ledger, sums, budgets, alerts and cards with the model.
"""

from __future__ import annotations

import random
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ports.messages import Action as Pressed
from ports.messages import Button, Outgoing, Reply, Subject
from ports.repositories import Repositories
from services.reporting.budget_states import Sums
from services.scope import Scope
from tests.handlers.stage import ANN, BO, GROUP, Shown, Stage
from tests.walks.import_jobs import ImportJobs
from tests.walks.money_model import MoneyModel
from tests.walks.record_model import Fields, Item, Message, Thing

ZONE = ZoneInfo("Europe/Berlin")
CATEGORIES = ("groceries", "transport", "health", "education")
LETTERS = "bcdfghjklmnpqrtvwxz"
"""Of words that no language has."""
BEGINNINGS = (
    datetime(2026, 11, 20, 12, 0, tzinfo=UTC),
    datetime(2026, 3, 28, 22, 0, tzinfo=UTC),  # the night in which summer time begins
    datetime(2026, 10, 24, 20, 0, tzinfo=UTC),  # and the one in which it ends
    datetime(2026, 12, 30, 21, 0, tzinfo=UTC),  # week 53
    datetime(2028, 2, 28, 20, 0, tzinfo=UTC),  # a leap year
)
_ALERT = re.compile(r"([\d,]+)\s?% spent, (.+) of (.+)$", re.MULTILINE)
_SOON_SECONDS = 40
"""Before midnight no step begins, since its updates take seconds."""


Action = Callable[["Walk"], Awaitable[None]]
"""Something that the person of a step does."""


@dataclass
class Walk:
    """One chat, and the model of what has to come of what its people do."""

    stage: Stage
    jobs: ImportJobs
    dice: random.Random
    chat: int = ANN
    person: int = ANN
    model: MoneyModel = field(default_factory=MoneyModel)
    words: set[str] = field(default_factory=set)
    ids: dict[int, str] = field(default_factory=dict)
    """Ids of the entries by the numbers of their items; equal entries are told apart by them."""
    stale: list[tuple[Shown, str]] = field(default_factory=list)
    """Buttons that deleted an entry on cards of before."""
    shown_on: dict[tuple[int, int], tuple[object, date]] = field(default_factory=dict)
    """Messages with the day on which they were shown like this, which `yesterday` refers to."""
    log: list[str] = field(default_factory=list)
    heard: list[Shown] = field(default_factory=list)
    """All that the bot sent or edited in this step."""

    @property
    def today(self) -> date:
        """Return the civil date of the people."""
        return self.stage.now.astimezone(ZONE).date()

    async def step(self, actions: Mapping[str, tuple[int, Action]]) -> None:
        """Do one thing and compare."""
        self.pass_midnight()
        self.person = self.dice.choice((ANN, BO)) if self.chat == GROUP else ANN
        (name,) = self.dice.choices(list(actions), [weight for weight, _ in actions.values()])
        self.log.append(f"{self.stage.now:%d %b %H:%M} {self.person} {name}")
        self.model.today = self.today
        self.model.alerts.clear()
        self.heard.clear()
        try:
            await actions[name][1](self)
            await self.compare()
        except Exception:
            print("\n".join(self.log))
            raise

    def pass_midnight(self) -> None:
        """Go past a midnight that would come within the step."""
        if (self.stage.now + timedelta(seconds=_SOON_SECONDS)).astimezone(ZONE).date() > self.today:
            self.stage.now += timedelta(seconds=_SOON_SECONDS)

    # --- how people do it

    async def say(self, text: str, **more: Any) -> list[Shown]:  # noqa: ANN401
        """Say something as the person of this step."""
        self.log.append(f"  says {text!r}")
        return self.hear(await self.stage.say(text, user=self.person, chat=self.chat, **more))

    async def press(self, shown: Shown, label: str) -> list[Shown]:
        """Press the button whose label holds these words."""
        return self.hear(await self.stage.press(shown, label, user=self.person))

    async def send(self, message: Message, text: str) -> list[Shown]:
        """Send the new text of a message."""
        self.log.append(f"  edits {message.id}: {text!r}")
        said = {"text": text, "date": message.sent_at}
        shown = await self.stage.edit(message.id, user=self.person, chat=self.chat, **said)
        message.edited_at = int(self.stage.now.timestamp())
        return self.hear(shown)

    def hear(self, shown: list[Shown]) -> list[Shown]:
        """Keep what the bot sent for the comparison."""
        self.log += [f"  > {_plain(one.text)!r}" for one in shown]
        self.heard += shown
        return shown

    async def offer(self, action: Pressed) -> list[Shown]:
        """Press a button that does something, wherever the bot offers it."""
        async with self.stage.database.units.open(now=self.stage.now) as unit:
            key = f"offer{next(self.stage.numbers)}"
            reply = Reply("offer", ((Button("press", action),),))
            unit.send(Outgoing(self.chat, key, reply))
        (offered,) = await self.stage.deliver()
        return await self.press(offered, "press")

    async def do(self, changes: list[tuple[Any, Fields]]) -> None:
        """Let the model do what the person did; the categories that are guessed come from the bot."""
        fresh = [(thing, fields) for thing, fields in changes if _is_filed(thing, fields)]
        if fresh:
            entries, _ = await self.stage.run(self.read)
            guesses = {entry.title: entry.category for entry in entries}
            for item, fields in fresh:
                words = fields.get("words", item.now["words"])
                fields["guess"] = guesses.get(words, "")
        self.model.do(self.person, changes)

    async def work(self) -> list[Shown]:
        """Do the jobs that wait; return what the bot says of their results."""
        shown: list[Shown] = []
        for job in await self.stage.jobs():
            event = await self.jobs.run(job)
            await self.stage.database.jobs.done(job, event=None, now=self.stage.now)
            if event is not None:
                shown += self.hear(await self.stage.event(event, self.chat))
        return shown

    def may(self, item: Item) -> bool:
        """Return whether the person of this step may change an item; Ann is the group's admin."""
        return self.person in (ANN, item.now["payer"])

    def own(self) -> list[Item]:
        """Return the live items that the person of this step may change."""
        return [item for item in self.model.live() if self.may(item)]

    def pick(self, found: list[Any]) -> Any:  # noqa: ANN401
        """Return one of them, None where there is none."""
        return self.dice.choice(found) if found else None

    def new_item(self, message: Message | None = None, code: str = "") -> Item:
        """Return a new item of this person, for a message that was written before or is new."""
        sent_on = message.sent_on if message else self.today
        home = message.home if message else self.model.home.now["code"]
        code = code or self.dice.choice(("EUR", "EUR", "USD", "JPY", "BHD"))
        return self.model.new_item(
            words=self.new_words(),
            minor=self.amount(code),
            code=code,
            # What the ledger counted in when the message was written needs no name. In groups a
            # bare number without decimals is no amount.
            is_named=code != home or code == "JPY" or self.dice.random() < 0.5,
            tag=self.dice.choice(("", "", "sun")),
            day=sent_on - timedelta(days=self.dice.choice((0, 0, 0, 1))),
            payer=self.person,
        )

    def new_words(self) -> str:
        """Return words that no text has had."""
        while (words := "".join(self.dice.choices(LETTERS, k=10))) in self.words:
            pass
        self.words.add(words)
        return words

    def amount(self, code: str) -> int:
        """Return an amount in minor units, worth up to a thousand euros."""
        return self.dice.randrange(100, {"JPY": 160_000, "BHD": 400_000}.get(code, 99_999))

    # --- what has to be true

    async def compare(self) -> None:
        """Compare the ledger, its sums, budgets, alerts and every card with the model."""
        entries, states = await self.stage.run(self.read)
        live = self.model.live()
        _assert_same(sorted(map(_facts, entries)), sorted(map(self.wanted, live)))
        by_id = {entry.id: entry for entry in entries}
        for item in live:
            if item.number not in self.ids:
                self.ids[item.number] = self.find_id(item, entries)
            entry = by_id[self.ids[item.number]]
            _assert_same(_facts(entry), self.wanted(item))
            _assert_same(entry.category, item.now["category"] or item.now["guess"])
        budgets = [one for one in self.model.budgets if not one.now["deleted"]]
        _assert_same(states, {_name(one): self.model.state(one) for one in budgets})
        self.compare_alerts()
        await self.compare_cards(by_id)

    def read(
        self, repositories: Repositories
    ) -> tuple[list[Entry], dict[tuple[str, str], tuple[int, int]]]:
        """Return the entries, and spent and available sums of the budgets."""
        place = repositories.chats.find(self.chat)
        if place is None:
            return [], {}
        ledger = place.chat.ledger
        sums = Sums(Scope(repositories, ledger, self.person, self.stage.now), self.today)
        states = [sums.state(one) for one in repositories.budgets.list_all(ledger.id)]
        found: dict[tuple[str, str], tuple[int, int]] = {
            (one.budget.scope, one.budget.per): (one.spent.minor, one.available.minor)
            for one in states
        }
        return repositories.entries.page(ledger.id, EntryFilter(), limit=500), found

    def wanted(self, item: Item) -> tuple[Any, ...]:
        """Return what the ledger has to say of an item."""
        now = item.now
        names = ("words", "minor", "code", "tag", "day", "payer")
        return (*(now[name] for name in names), self.model.base(item), self.model.home.now["code"])

    def find_id(self, item: Item, entries: list[Entry]) -> str:
        """Return the id of the new entry that an item has become."""
        new = [entry for entry in entries if entry.id not in self.ids.values()]
        return next(entry.id for entry in new if _facts(entry) == self.wanted(item))

    def compare_alerts(self) -> None:
        """See that each alert was sent, once."""
        texts = [one.text for one in self.heard if not one.is_edit]
        found = [
            (_digits(percent), _digits(spent), _digits(available))
            for text in texts
            for percent, spent, available in _ALERT.findall(_plain(text))
        ]
        _assert_same(sorted(found), sorted(self.model.alerts))

    async def compare_cards(self, live: dict[str, Entry]) -> None:
        """See that every card with buttons shows its entries as they are."""
        for place, message in self.stage.messages.items():
            if self.shown_on.get(place, (None,))[0] is not message:
                self.shown_on[place] = message, self.today
            shown = Shown(*place, message)
            labels = " ".join(shown.buttons)
            if "Delete" not in labels or "Keep it" in labels:
                continue
            known = await self.stage.run(partial(_subject, place=place))
            assert known is not None
            named = [live[one] for one in known[1].entry_ids if one in live]
            assert named, shown.text
            for entry in named:
                _assert_shown(entry, shown.text, self.shown_on[place][1])
            text = "\n".join(
                line for line in shown.text.splitlines() if "stays deleted" not in line
            )
            gone = {item.now["words"] for item in self.model.items} - {
                e.title for e in live.values()
            }
            assert not [words for words in gone if words in text], shown.text


def _assert_same(found: object, wanted: object) -> None:
    assert found == wanted, f"\nfound  {found}\nwanted {wanted}"


def _assert_shown(entry: Entry, text: str, on: date) -> None:
    assert entry.title in text
    assert f"{entry.money.amount}" in text.replace(",", "")
    if entry.spent_on == on:
        assert "yesterday" not in text, text
        return
    day, month = entry.spent_on.day, f"{entry.spent_on:%b}"
    shown = rf"{entry.spent_on:%a},? ({day} {month}|{month} {day}\b)"
    is_yesterday = entry.spent_on == on - timedelta(days=1) and "yesterday" in text
    assert is_yesterday or re.search(shown, text), text


def _facts(entry: Entry) -> tuple[Any, ...]:
    money, base = entry.money, entry.base
    assert base is not None
    tag = " ".join(entry.tags)
    return (
        *(entry.title, money.minor, money.currency, tag, entry.spent_on, entry.paid_by),
        *(base.money.minor, base.money.currency),
    )


def _name(budget: Thing) -> tuple[str, str]:
    return budget.now["scope"], budget.now["per"]


def _subject(repositories: Repositories, *, place: tuple[int, int]) -> tuple[str, Subject] | None:
    return repositories.conversations.subject(*place)


def _is_filed(thing: object, fields: Fields) -> bool:
    """Return whether an item is filed under a guess: a new one, or one with other words."""
    if not isinstance(thing, Item) or thing.now["category"] is not None:
        return False
    return "words" in fields or not thing.changed_by


def _plain(text: str) -> str:
    return re.sub(r"<[^>]+>", "", text).replace("\xa0", " ")


def _digits(amount: str) -> int:
    return int(re.sub(r"\D", "", amount))
