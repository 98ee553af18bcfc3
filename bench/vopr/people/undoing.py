"""Let a person take entries back and bring them back again, one thing after the other."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import dataclass, field
from decimal import Decimal

from demo.botapi.world import Chat, Message, User
from demo.simulation import Simulation

UNDO_SHARE, REDO_SHARE = 0.6, 0.4
ANSWERS = ("Undone", "Redone")
"""How the answers to `/undo` and `/redo` begin."""


@dataclass
class Undoer:
    """A person in a private chat who waits for each answer, so that `/undo` means the last entry."""

    sim: Simulation
    dice: random.Random
    user: User
    chat: Chat
    entries: dict[int, tuple[Decimal, bool]] = field(default_factory=dict)
    """Amounts by message ids, and whether each is taken back in the end."""
    _last: Message | None = None
    _asked: str = ""
    """The command that waits for its answer."""
    _asked_count: int = 0
    """Answers to commands before it."""

    def act(self) -> None:
        """Do the next thing, once the one before was answered."""
        if self._last is None:
            self._write()
            return
        amount, is_undone = self.entries[self._last.message_id]
        if self._asked:
            if self._count_said() > self._asked_count:
                self.entries[self._last.message_id] = amount, self._asked == "/undo"
                was_undo, self._asked = self._asked == "/undo", ""
                self._go_on("/redo" if was_undo and self.dice.random() < REDO_SHARE else "")
        elif not is_undone and self._is_confirmed(amount):
            self._go_on("/undo" if self.dice.random() < UNDO_SHARE else "")

    def judge(self, rows: sqlite3.Connection) -> list[str]:
        """Return what is wrong once everything is drained."""
        query = "SELECT amount_minor, deleted_at IS NOT NULL FROM entries WHERE source_key LIKE ?"
        if self._asked and self._last is not None:
            # Answered after the last look.
            amount, _ = self.entries[self._last.message_id]
            self.entries[self._last.message_id] = amount, self._asked == "/undo"
        wrong = []
        for message_id, (amount, is_undone) in self.entries.items():
            key = f"tg:{self.chat.id}:{message_id}"
            found = rows.execute(query, (f"{key}:%",)).fetchall()
            if found != [(int(amount * 100), is_undone)]:
                wrong.append(f"undo: {key} of {amount} became {found}, undone {is_undone}")
        return wrong

    def _go_on(self, command: str) -> None:
        """Say a command about the last entry, or leave it as it is and write another one."""
        if not command:
            self._write()
            return
        self._asked, self._asked_count = command, self._count_said()
        self.sim.say(self.user, self.chat, command)

    def _write(self) -> None:
        amount = Decimal(1000 + len(self.entries) * 7) / 100
        self._last = self.sim.say(self.user, self.chat, f"soup {amount:.2f}")
        self.entries[self._last.message_id] = amount, False

    def _count_said(self) -> int:
        """Count answers to commands; one that comes again, since its sending was not heard, counts once."""
        # Each names its entry, whose amount no other one has.
        texts = {message.text for message in self.sim.sent(self.chat)}
        return sum(text.startswith(ANSWERS) for text in texts)

    def _is_confirmed(self, amount: Decimal) -> bool:
        return any(f"{amount:.2f}" in message.text for message in self.sim.sent(self.chat))
