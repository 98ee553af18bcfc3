"""Random walks of messages, edits, replies, presses, undo and redo, on both databases (row D09).

After every step ledger and cards are compared with `record_model`. The seed is printed; more walks run
with `KVITTO_WALKS=10000` (and `KVITTO_WALK_SEED=…` repeats one).
"""

from __future__ import annotations

import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ports.messages import Button, Outgoing, Reply, Subject
from ports.repositories import Repositories
from presentation import buttons
from storage import Database
from tests.handlers.record_model import Fields, Item, Message, Model
from tests.handlers.stage import ANN, NOW, Shown, Stage, open_stage

WALKS = int(os.environ.get("KVITTO_WALKS", "8"))
STEPS = 14
SEED = int(os.environ.get("KVITTO_WALK_SEED", "0")) or random.randrange(1, 1_000_000)
CATEGORIES = ("groceries", "transport", "health", "education")
SYLLABLES = ("ba", "do", "fi", "gu", "ke", "lo", "mi", "nu", "pa", "ru", "so", "ti", "vu", "za")


@dataclass
class Walk:
    """One person who uses the bot at random, and the model of what has to come of it."""

    stage: Stage
    dice: random.Random
    model: Model = field(default_factory=Model)
    words: set[str] = field(default_factory=set)
    ids: dict[int, str] = field(default_factory=dict)
    """Ids of the entries by the numbers of their items; equal entries are told apart by them."""
    stale: list[tuple[Shown, str]] = field(default_factory=list)
    """Buttons that deleted an entry on cards of before."""
    log: list[str] = field(default_factory=list)

    async def step(self) -> None:
        """Do one thing and compare."""
        name = self.dice.choice(STEPS_OF_A_WALK)
        self.log.append(name)
        try:
            await ACTIONS[name](self)
            await self.compare()
        except AssertionError:
            print("\n".join(self.log))
            raise

    # --- what people do

    async def write(self) -> None:
        """Write a new message of one to three lines."""
        lines = [self.new_item() for _ in range(self.dice.choice((1, 1, 2, 3)))]
        message = Message(next(self.stage.numbers), lines)
        self.model.messages.append(message)
        self.log.append(message.text())
        await self.stage.say(message.text(), message_id=message.id)
        message.edited_at = int(self.stage.now.timestamp())
        self.model.do([(item, {"deleted": False}) for item in lines])

    async def note(self) -> None:
        """Write a note without an amount, edit it perhaps, and complete it in one of two ways."""
        item = self.new_item()
        item.said["day"] = item.now["day"] = 0
        message = Message(next(self.stage.numbers), [item])
        self.model.messages.append(message)
        words, self.log[-1] = item.now["words"], f"note {message.text()}"
        edited = self.dice.random() < 0.5
        await self.stage.say(f"old {words}" if edited else words, message_id=message.id)
        if edited:
            await self.send(message, words)
        if self.dice.random() < 0.5:
            await self.send(message, message.text())
        else:
            await self.stage.say(f"{item.now['minor'] // 100}.{item.now['minor'] % 100:02d}")
        self.model.do([(item, {"deleted": False})])

    async def edit(self) -> None:
        """Change something about a message."""
        message = self.pick(self.model.messages)
        if message is None:
            return
        changes = self.mutate(message)
        if changes is None:
            return
        await self.send(message, message.text())
        self.model.do(changes)

    def mutate(self, message: Message) -> list[tuple[Item, Fields]] | None:
        """Choose what an edit changes; return what that does to the items."""
        lines = message.lines
        kind = self.dice.choice(("amount", "amount", "words", "day", "add", "drop", "back", "turn"))
        item = self.pick(lines)
        if kind == "back" and message.dropped:
            back = message.dropped.pop(self.dice.randrange(len(message.dropped)))
            lines.append(back)
            back.said["minor"] = self.amount()
            return [(back, {**back.said, "deleted": False})]
        if kind == "add" or item is None:
            new = self.new_item()
            lines.insert(self.dice.randrange(len(lines) + 1), new)
            return [(new, {"deleted": False})]
        if kind == "drop" and len(lines) > 1:
            lines.remove(item)
            message.dropped.append(item)
            return [(item, {"deleted": True})]
        if kind == "turn":
            lines.reverse()
            return []
        fields: dict[str, Fields] = {
            "words": {"words": self.new_words()},
            "day": {"day": 1 - item.said["day"]},
        }
        return [self.model.say(item, fields.get(kind, {"minor": self.amount()}))]

    async def chat(self) -> None:
        """Edit a message into words without an entry; answer the question or leave it."""
        message = self.pick(self.model.messages)
        if message is None:
            return
        shown = await self.send(message, self.dice.choice(("never mind", "oh well", "what now")))
        asked = [one for one in shown if "Keep it" in " ".join(one.buttons)]
        live = [one for one in (*message.lines, *message.dropped) if not one.now["deleted"]]
        assert bool(asked) == bool(live), [one.text for one in shown]
        answer = self.dice.choice(("Delete", "Keep it", ""))
        if asked and answer:
            await self.stage.press(asked[0], answer)
            if answer == "Delete":
                message.dropped += message.lines
                message.lines = []
                self.model.do([(one, {"deleted": True}) for one in message.dropped])

    async def reply(self) -> None:
        """Correct an entry by a reply to its card."""
        item = self.pick(self.model.live())
        card = await self.card_of(item) if item else None
        if item is None or card is None:
            return
        fields = self.dice.choice(({"minor": self.amount()}, {"day": 1}, {"day": 0}))
        words = _reply_words(fields)
        self.log.append(f"reply {item.number} {words}")
        await self.stage.say(words, reply_to_message=_quoted(card))
        self.model.do([(item, fields)])

    async def press(self) -> None:
        """Open an entry and press one of its buttons."""
        item = self.pick(self.model.live())
        if item is None:
            return
        detail = await self.open(item)
        self.stale.append((detail, detail.data("Delete")))
        kind = self.dice.choice(("delete", "yesterday", "category", "again", "back"))
        self.log.append(f"press {item.number} {kind}")
        if kind == "delete":
            (gone, *_) = await self.stage.press(detail, "Delete")
            self.model.do([(item, {"deleted": True})])
            if self.dice.random() < 0.4:
                await self.stage.press(gone, "Undo")
                self.model.do([(item, {"deleted": False})])
        elif kind == "yesterday":
            (days,) = await self.stage.press(detail, "Day")
            await self.stage.press(days, "Yesterday")
            self.model.do([(item, {"day": 1})])
        elif kind == "category":
            chosen = self.dice.choice(CATEGORIES)
            (grid,) = await self.stage.press(detail, "Category")
            await self.stage.press(grid, chosen)
            self.model.do([(item, {"category": chosen})])
        elif kind == "again":
            await self.stage.press(detail, "again")
            copy = self.model.new_item(item.now["words"], item.now["minor"], 0)
            copy.now["category"] = item.now["category"]
            self.model.do([(copy, {"deleted": False})])

    async def press_old(self) -> None:
        """Press a button that a card no longer shows; nothing happens."""
        if not self.stale:
            return
        shown, data = self.dice.choice(self.stale)
        now = self.stage.messages[shown.chat_id, shown.message_id]
        current = Shown(shown.chat_id, shown.message_id, now)
        if data not in current.buttons.values():
            await self.stage.press_data(shown, data)

    async def repeat(self) -> None:
        """Deliver an edit again, and an older version late; nothing happens."""
        message = self.pick(self.model.messages)
        if message is None or not message.lines:
            return
        at = message.edited_at
        for text, date in ((message.text(), at), ("late 1.00", at - 5)):
            fields = {"text": text, "edit_date": date}
            original = self.stage._message(ANN, ANN, fields)
            await self.stage.update({"edited_message": original | {"message_id": message.id}}, ANN)

    async def undo(self) -> None:
        """Take the last change back."""
        await self.stage.say("/undo")
        self.model.undo()

    async def redo(self) -> None:
        """Repeat what was taken back last."""
        await self.stage.say("/redo")
        self.model.redo()

    # --- how they do it

    async def send(self, message: Message, text: str) -> list[Shown]:
        """Send the new text of a message."""
        self.log.append(f"edit {message.id}: {text!r}")
        shown = await self.stage.edit(message.id, text=text)
        message.edited_at = int(self.stage.now.timestamp())
        return shown

    async def open(self, item: Item) -> Shown:
        """Show an entry in detail."""
        entry = await self.entry_of(item)
        rows = ((Button("open", buttons.open_entry(entry.id)),),)
        async with self.stage.database.units.open(now=self.stage.now) as unit:
            key = f"offer{next(self.stage.numbers)}"
            unit.send(Outgoing(ANN, key, Reply("offer", rows)))
        (offer,) = await self.stage.deliver()
        (detail,) = await self.stage.press(offer, "open")
        return detail

    async def card_of(self, item: Item) -> Shown | None:
        """Return a card that shows an entry alone."""
        entry = await self.entry_of(item)
        found = await self.stage.run(lambda r: r.conversations.confirmations(entry.id, 20))
        keys = {one.message_key for one in found if one.entry_ids == (entry.id,)}
        shown = (Shown(*place, message) for place, message in self.stage.messages.items())
        return next((one for one in shown if one.message.message_key in keys), None)

    async def entry_of(self, item: Item) -> Entry:
        entries = await self.stage.run(_all_entries)
        return next(entry for entry in entries if entry.id == self.ids[item.number])

    def pick(self, found: list[Any]) -> Any:  # noqa: ANN401
        """Return one of them, None where there is none."""
        return self.dice.choice(found) if found else None

    def new_item(self) -> Item:
        return self.model.new_item(self.new_words(), self.amount(), self.dice.choice((0, 0, 0, 1)))

    def new_words(self) -> str:
        """Return words that no text has had; no language has them either."""
        while (words := "".join(self.dice.choices(SYLLABLES, k=4)) + "x") in self.words:
            pass
        self.words.add(words)
        return words

    def amount(self) -> int:
        return self.dice.randrange(100, 99_999)

    # --- what has to be true

    async def compare(self) -> None:
        """Compare the ledger, its sum and every card with the model."""
        entries = await self.stage.run(_all_entries)
        live = self.model.live()
        found = sorted(map(_facts, entries))
        wanted = sorted(map(_wanted, live))
        assert found == wanted
        by_id = {entry.id: entry for entry in entries}
        for item in live:
            if item.number not in self.ids:
                self.ids[item.number] = self.find_id(item, entries)
            entry = by_id[self.ids[item.number]]
            assert _facts(entry) == _wanted(item)
            assert item.now["category"] in (None, entry.category)
        await self.compare_cards(by_id)

    def find_id(self, item: Item, entries: list[Entry]) -> str:
        """Return the id of the new entry that an item has become."""
        new = [entry for entry in entries if entry.id not in self.ids.values()]
        return next(entry.id for entry in new if _facts(entry) == _wanted(item))

    async def compare_cards(self, live: dict[str, Entry]) -> None:
        """See that every card with buttons shows its entries as they are."""
        for place, message in self.stage.messages.items():
            shown = Shown(*place, message)
            labels = " ".join(shown.buttons)
            if "Delete" not in labels or "Keep it" in labels:
                continue
            known = await self.stage.run(partial(_subject, place=place))
            assert known is not None
            named = [live[one] for one in known[1].entry_ids if one in live]
            assert named, shown.text
            for entry in named:
                _assert_shown(entry, shown.text)
            text = "\n".join(
                line for line in shown.text.splitlines() if "stays deleted" not in line
            )
            gone = {item.now["words"] for item in self.model.items} - {
                e.note for e in live.values()
            }
            assert not [words for words in gone if words in text], shown.text


def _assert_shown(entry: Entry, text: str) -> None:
    assert entry.note in text
    assert f"{entry.money.amount}" in text.replace(",", "")
    day = entry.spent_on != NOW.date()
    assert ("yesterday" in text or "Thu 19" in text) == day


Step = Callable[[Walk], Awaitable[None]]
ACTIONS: dict[str, Step] = {
    "write": Walk.write,
    "note": Walk.note,
    "edit": Walk.edit,
    "chat": Walk.chat,
    "reply": Walk.reply,
    "press": Walk.press,
    "press_old": Walk.press_old,
    "repeat": Walk.repeat,
    "undo": Walk.undo,
    "redo": Walk.redo,
}
STEPS_OF_A_WALK = (
    *("write", "write", "note", "edit", "edit", "edit", "edit", "chat", "reply", "press", "press"),
    *("press_old", "repeat", "undo", "undo", "redo"),
)


def _reply_words(fields: Fields) -> str:
    if "day" in fields:
        return "yesterday" if fields["day"] else "today"
    return f"{fields['minor'] // 100}.{fields['minor'] % 100:02d}"


def _quoted(card: Shown) -> dict[str, Any]:
    bot = {"id": 1, "is_bot": True, "first_name": "Kvitto"}
    chat = {"id": card.chat_id, "type": "private", "first_name": "Ann"}
    return {"message_id": card.message_id, "date": 1, "chat": chat, "from": bot, "text": "-"}


def _facts(entry: Entry) -> tuple[str, int, int]:
    return entry.note, entry.money.minor, (NOW.date() - entry.spent_on) // timedelta(days=1)


def _subject(repositories: Repositories, *, place: tuple[int, int]) -> tuple[str, Subject] | None:
    return repositories.conversations.subject(*place)


def _wanted(item: Item) -> tuple[str, int, int]:
    return item.now["words"], item.now["minor"], item.now["day"]


def _all_entries(repositories: Repositories) -> list[Entry]:
    place = repositories.chats.find(ANN)
    if place is None:
        return []
    return repositories.entries.page(place.chat.ledger.id, EntryFilter(), limit=500)


async def test_ledger_and_cards_follow_whatever_a_person_does(database: Database) -> None:
    async with open_stage(database) as stage:
        for number in range(WALKS):
            seed = SEED + number
            print(f"KVITTO_WALK_SEED={seed}")
            walk = Walk(stage, random.Random(seed))
            for _ in range(STEPS):
                await walk.step()
            await stage.run(_forget)
            stage.messages.clear()
            stage.now = NOW


def _forget(repositories: Repositories) -> None:
    place = repositories.chats.find(ANN)
    if place is not None:
        repositories.chats.forget(place.chat.ledger.id)
