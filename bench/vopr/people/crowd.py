"""Let people use the bot at random, and compare what came of it with what they wrote.

Each text has an amount that no other one of its chat has, so its entry and its confirmation can be told
from all others.
"""

from __future__ import annotations

import random
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from bench.vopr.people.exporting import Exporter
from bench.vopr.people.importing import Importer
from bench.vopr.people.undoing import Undoer
from bench.vopr.readers import picture_of
from bench.vopr.telegram import Network
from demo.botapi.world import Chat, Message, User
from demo.membership import MigrationNotices
from demo.simulation import Simulation

NOTES = ("coffee", "lunch", "taxi", "groceries", "bread", "tea")
"""Words of purchases, which are taken as such in a group, too."""
STRANGE = ("zqxv", "brmlt")
"""Words that no category has, so that a model is asked."""
UNREADABLE = ("coffee 12,345,6", "3 of 5", "-")
_AMOUNT = re.compile(r"\d[\d,]*\.\d\d")
_DELETE = "delete"


@dataclass
class Wrote:
    """A text that a person wrote."""

    chat_id: int
    message: Message
    amount: Decimal
    user: User
    is_edited: bool = False
    pressed_delete: int | None = None
    """Update id of the press that deletes its entry."""


@dataclass
class People:
    """Eight people with chats of their own, three of them also in a group, and some with one habit.

    One takes back; of two who import files and two who ask for files one is in the group.

    The group becomes a supergroup in the middle, of which the bot may be told or not.
    """

    sim: Simulation
    network: Network
    dice: random.Random
    wrote: list[Wrote] = field(default_factory=list)
    photos: list[tuple[int, Message, Decimal]] = field(default_factory=list)
    _people: list[User] = field(default_factory=list)
    _group: Chat | None = None
    _undoer: Undoer | None = None
    _importers: list[Importer] = field(default_factory=list)
    _exporters: list[Exporter] = field(default_factory=list)
    _homes: dict[int, int] = field(default_factory=dict)
    """The groups that supergroups were."""
    _removed: set[tuple[int, Decimal]] = field(default_factory=set)
    """Chats and amounts of messages of the bot that somebody deleted."""
    _numbers: Counter[int] = field(default_factory=Counter)

    def move_in(self) -> None:
        """Open the chats, and set budgets in some."""
        for number in range(8):
            user = self.sim.add_user(f"P{number}")
            chat = self.sim.private_chat(user)
            self._people.append(user)
            if number % 2:
                self.sim.say(user, chat, "/budget 300")
        self._group = self.sim.add_group("Home", self._people[:3])
        other = self.sim.add_user("P8")
        self._undoer = Undoer(self.sim, self.dice, other, self.sim.private_chat(other))
        for name, is_member in (("solo", False), ("team", True)):
            self._add_importer(name, is_member=is_member)
            self._add_exporter(is_member=is_member)

    def _add_importer(self, name: str, *, is_member: bool) -> None:
        user, place, heard = self._settle(self._people[0] if is_member else None)
        clock = self.network.faults.trace.clock
        self._importers.append(Importer(name, self.sim, self.dice, clock, user, place, heard))

    def _add_exporter(self, *, is_member: bool) -> None:
        user, place, heard = self._settle(self._people[1] if is_member else None)
        self._exporters.append(Exporter(self.sim, self.dice, self.network, user, place, heard))

    def _settle(
        self, member: User | None
    ) -> tuple[User, Callable[[], Chat], Callable[[], list[Message]]]:
        """Return a person, their chat and what they hear there: a member in the group, or a new one."""
        if member is None:
            user = self.sim.add_user(f"P{len(self.sim.chats)}")
            chat = self.sim.private_chat(user)
            return user, lambda: chat, lambda: self.sim.sent(chat)

        def find_group() -> Chat:
            assert self._group is not None
            return self._group

        return member, find_group, lambda: self._sent_at_home(find_group().id)

    def act(self) -> None:
        """Let somebody do something."""
        (what,) = self.dice.choices(
            (
                self._write,
                self._edit,
                self._delete,
                self._photograph,
                self._mumble,
                self._remove,
                self._take_back,
                self._migrate,
                self._import,
                self._export,
            ),
            (60, 12, 12, 8, 8, 4, 8, 0.4, 10, 10),
        )
        what()

    # --- what people do

    def _place(self) -> tuple[User, Chat]:
        user = self.dice.choice(self._people)
        if self._group is not None and user in self._people[:3] and self.dice.random() < 0.5:
            return user, self._group
        return user, self.sim.private_chat(user)

    def _write(self) -> None:
        user, chat = self._place()
        amount = self._new_amount(chat)
        message = self.sim.say(user, chat, f"{self._note(chat)} {amount:.2f}")
        self.wrote.append(Wrote(chat.id, message, amount, user))

    def _edit(self) -> None:
        """Change an amount, soon after it was written or much later."""
        wrote = self._pick()
        if wrote is not None:
            chat = self.sim.chat(wrote.chat_id)
            wrote.amount = self._new_amount(chat)
            wrote.is_edited = True
            self.sim.edit(wrote.message, f"{self._note(chat)} {wrote.amount:.2f}")

    def _delete(self) -> None:
        """Press the button of a confirmation, perhaps twice."""
        wrote = self._pick()
        shown = None if wrote is None else self._confirmation_of(wrote)
        if wrote is None or shown is None:
            return
        label = next((one for one in shown.labels if _DELETE in one.lower()), None)
        if label is None:
            return
        wrote.pressed_delete = self.sim.telegram.updates.next_id
        for _ in range(self.dice.choice((1, 1, 2))):
            self.sim.press(wrote.user, shown, label)

    def _photograph(self) -> None:
        user, chat = self._place()
        amount = self._new_amount(chat)
        picture = picture_of(len(self.photos), amount)
        message = self.sim.document(user, chat, picture, file_name="receipt.jpg")
        self.photos.append((chat.id, message, amount))

    def _mumble(self) -> None:
        user, chat = self._place()
        self.sim.say(user, chat, self.dice.choice(UNREADABLE))

    def _remove(self) -> None:
        """Delete a confirmation for good, of which Telegram does not tell the bot."""
        wrote = self._pick()
        shown = None if wrote is None else self._confirmation_of(wrote)
        if wrote is not None and shown is not None:
            self._removed.add((self._home(wrote.chat_id), wrote.amount))
            self.sim.delete(shown)

    def _take_back(self) -> None:
        assert self._undoer is not None
        self._undoer.act()

    def _import(self) -> None:
        self.dice.choice(self._importers).act()

    def _export(self) -> None:
        self.dice.choice(self._exporters).act()

    def _migrate(self) -> None:
        """Turn the group into a supergroup, once."""
        assert self._group is not None
        if self._group.kind == "group":
            told: tuple[MigrationNotices, ...] = ("both", "to", "from", "none")
            old, self._group = (
                self._group,
                self.sim.migrate(self._group, notices=self.dice.choice(told)),
            )
            self._homes[self._group.id] = old.id
            self.network.faults.trace.note("migrated", old.id, self._group.id)

    def _home(self, chat_id: int) -> int:
        """Return the id under which a chat began."""
        return self._homes.get(chat_id, chat_id)

    def _pick(self) -> Wrote | None:
        """Choose a text that was neither edited nor deleted, of a chat that is still written in."""
        left = set(self._homes.values())
        fresh = [
            one
            for one in self.wrote
            if not one.is_edited and one.pressed_delete is None and one.chat_id not in left
        ]
        return self.dice.choice(fresh) if fresh else None

    def _note(self, chat: Chat) -> str:
        return self.dice.choice(NOTES if chat.is_group else (*NOTES, *STRANGE))

    def _new_amount(self, chat: Chat) -> Decimal:
        home = self._home(chat.id)
        self._numbers[home] += 1
        return Decimal(100 + self._numbers[home] * 7) / 100

    def _confirmation_of(self, wrote: Wrote) -> Message | None:
        for message in reversed(self.sim.sent(self.sim.chat(wrote.chat_id))):
            figures = _figures(message.text)
            if len(figures) == 1 and figures[0] == wrote.amount:
                return message
        return None

    # --- what has to be true

    def judge(self, path: Path) -> list[str]:
        """Return what is wrong once everything is drained."""
        rows = sqlite3.connect(path)
        try:
            assert self._undoer is not None
            wrong = [*self._judge_entries(rows), *self._undoer.judge(rows)]
            for importer, exporter in zip(self._importers, self._exporters, strict=True):
                wrong += [*importer.judge(rows), *exporter.judge(rows)]
            return [*wrong, *self._judge_answers(), *self._judge_photos(rows)]
        finally:
            rows.close()

    def _judge_entries(self, rows: sqlite3.Connection) -> list[str]:
        found: dict[str, list[tuple[int, bool]]] = {}
        query = "SELECT source_key, amount_minor, deleted_at IS NOT NULL FROM entries"
        for source_key, minor, is_deleted in rows.execute(query):
            message_key = source_key.rpartition(":")[0]
            if message_key.startswith("import:"):
                # Whoever imported it looks at it.
                continue
            found.setdefault(message_key, []).append((minor, bool(is_deleted)))
        wrong = []
        for one in self.wrote:
            entries = found.pop(f"tg:{one.chat_id}:{one.message.message_id}", [])
            wanted = [(int(one.amount * 100), self._is_deleted(rows, one))]
            if entries != wanted:
                what = "lost" if not entries else "doubled" if len(entries) > 1 else "wrong"
                name = f"{one.chat_id}/{one.message.message_id}"
                wrong.append(f"{what}: text {name} became {entries}, not {wanted}")
        for chat_id, message, amount in self.photos:
            entries = found.pop(f"tg:{chat_id}:{message.message_id}", [])
            if entries not in ([], [(int(amount * 100), False)]):
                wrong.append(f"wrong: photo of {amount} became {entries}")
        assert self._undoer is not None
        for message_id in self._undoer.entries:
            found.pop(f"tg:{self._undoer.chat.id}:{message_id}", None)
        for source in (source for one in self._exporters for source in one.entries):
            found.pop(source, None)
        wrong += [f"invented: {name} {entries}" for name, entries in found.items()]
        return wrong

    def _is_deleted(self, rows: sqlite3.Connection, one: Wrote) -> bool:
        """Return whether an entry has to be deleted: its press arrived, and a message says so.

        Telegram forgets a press after 150 seconds, and one on a card that changed meanwhile does nothing.
        Below a confirmation that the bot never heard of, since Telegram's answer was lost, the press is
        answered by a message of its own.
        """
        # A planted bug gives keys an ending.
        query = "SELECT 1 FROM inbox WHERE (key = ?1 OR key LIKE ?1 || '#%') AND state = 'done'"
        if one.pressed_delete is None:
            return False
        is_handled = rows.execute(query, (f"u{one.pressed_delete}",)).fetchone()
        return bool(is_handled) and any(
            message.text.startswith("Deleted") and one.amount in _figures(message.text)
            for message in self._sent_at_home(one.chat_id)
        )

    def _sent_at_home(self, chat_id: int) -> list[Message]:
        """Return the bot's messages of a chat and of all that it was or became."""
        home = self._home(chat_id)
        return [
            message
            for chat in self.sim.chats
            if self._home(chat.id) == home
            for message in self.sim.sent(chat)
        ]

    def _judge_answers(self) -> list[str]:
        said = {
            (self._home(chat.id), figure)
            for chat in self.sim.chats
            for message in self.sim.sent(chat)
            for figure in _figures(message.text)
        } | self._removed
        wrong = [
            f"unanswered: {one.chat_id}/{one.message.message_id} of {one.amount}"
            for one in self.wrote
            if (self._home(one.chat_id), one.amount) not in said
        ]
        # Words without an amount may be right twice; what has one is said once.
        unheard = Counter(self.network.unheard.values())
        return wrong + [
            f"repeated: {place} {count} times, {unheard[place]} unheard"
            for place, count in self.network.sent.items()
            if count > 1 + unheard[place] and "€" in place[1] and not self._is_of_removed(*place)
        ]

    def _is_of_removed(self, chat_id: int, text: str) -> bool:
        """Return whether a message was deleted that said this; its next edit is sent as a new one."""
        home = self._home(chat_id)
        return any((home, figure) in self._removed for figure in _figures(text))

    def _judge_photos(self, rows: sqlite3.Connection) -> list[str]:
        query = "SELECT count(*) FROM receipts WHERE state IN ('stored', 'read')"
        (waiting,) = rows.execute(query).fetchone()
        (known,) = rows.execute("SELECT count(*) FROM receipts").fetchone()
        wrong = [f"{waiting} photos wait for ever"] if waiting else []
        if known > len(self.photos):
            wrong.append(f"doubled: {known} receipts of {len(self.photos)} photos")
        return wrong


def _figures(text: str) -> list[Decimal]:
    return [Decimal(found.replace(",", "")) for found in _AMOUNT.findall(text)]
