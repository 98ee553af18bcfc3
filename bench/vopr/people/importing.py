"""Let a person import files: answer questions, import or cancel, undo, import again; then compare.

Each row has a word that no other row has, so its entries can be told from all others.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bench.vopr.people.statements import Row, write_bank_csv, write_open_csv, write_own_json
from demo.botapi.world import Chat, Message, User
from demo.simulation import Simulation

SIZES = (2, 2, 12, 60, 130)
"""Rows of a file; fifty are written in one unit of work."""
WRITERS = {"csv": (write_bank_csv, write_open_csv), "json": (write_own_json,)}
PLANS: tuple[tuple[str, ...], ...] = (
    ("Import",),
    ("Import", "Undo"),
    ("Import", "Undo", "Import again"),
    ("Cancel",),
)
AGAIN_SHARE = 0.15
"""Of files that were sent before."""
PATIENCE_SECONDS = 200.0
"""Longer than Telegram keeps a press."""

BEGINNING = frozenset({"ready", "asking", "refused"})
"""States of a file about which nothing was decided."""
STATES = {"Import": "done", "Undo": "undone", "Import again": "done", "Cancel": "cancelled"}
"""The state to which each press leads."""
_ASKED = "In what order does this file"
_REFUSED = "Nothing was booked."
_TOLD = "What becomes of the import"
_SHOWN = {
    "done": "✅ Imported",
    "undone": "is undone",
    "cancelled": "was left out",
    "refused": _REFUSED,
    "asking": _ASKED,
    "working": "⏳",
}
"""What the message of a file says in each state, the first that fits; a preview says none of it."""


@dataclass
class SentFile:
    """A file that a person sent, and what they decided."""

    name: str
    rows: Sequence[Row]
    content: bytes
    message: Message
    plan: tuple[str, ...]
    is_alone: bool = True
    """False where another file has the same rows."""
    step: int = 0
    """Presses whose effect was seen."""
    pressed_at: float | None = None
    """When the press at `step` was made."""

    @property
    def states(self) -> frozenset[str]:
        """Return the states that it may be in, once everything is done."""
        before = frozenset({STATES[self.plan[self.step - 1]]}) if self.step else BEGINNING
        if self.pressed_at is None:
            return before
        # The last press may have been forgotten by Telegram.
        return before | {STATES[self.plan[self.step]]}


@dataclass
class Importer:
    """A person who imports one file after the other."""

    name: str
    sim: Simulation
    dice: random.Random
    clock: Callable[[], float]
    user: User
    place: Callable[[], Chat]
    """The chat, which may become a supergroup."""
    heard: Callable[[], list[Message]]
    """The bot's messages there, and of all that it was."""
    files: list[SentFile] = field(default_factory=list)
    _rows: int = 0

    def act(self) -> None:
        """Do the next thing, once the one before shows."""
        file = self.files[-1] if self.files else None
        if file is None or self._is_over(file):
            self._send()
            return
        state, message = self._look(file)
        if file.pressed_at is not None:
            if state == STATES[file.plan[file.step]]:
                file.step, file.pressed_at = file.step + 1, None
        elif message is not None:
            self._go_on(file, state, message)

    def judge(self, rows: sqlite3.Connection) -> list[str]:
        """Return what is wrong once everything is drained."""
        return [wrong for file in self.files for wrong in self._judge_file(rows, file)]

    # --- what the person does

    def _is_over(self, file: SentFile) -> bool:
        """Return whether all of a plan came true, or no more is waited for."""
        if file.pressed_at is not None:
            return self.clock() > file.pressed_at + PATIENCE_SECONDS
        state, _ = self._look(file)
        return file.step == len(file.plan) or state == "refused"

    def _send(self) -> None:
        before, number = self._choose_old(), len(self.files)
        kind = self.dice.choice(("csv", "csv", "json")) if before is None else "csv"
        name = f"{self.name}{number}.{kind}"
        rows = before.rows if before else self._make_rows(number)
        content = before.content if before else self.dice.choice(WRITERS[kind])(rows)
        chat = self.place()
        caption = "/import" if chat.is_group else ""
        sent = self.sim.document(self.user, chat, content, file_name=name, caption=caption)
        plan = self.dice.choice(PLANS)
        self.files.append(SentFile(name, rows, content, sent, plan, is_alone=before is None))

    def _choose_old(self) -> SentFile | None:
        """Choose a file to send once more, of a form in which its rows are known again."""
        known = [one for one in self.files if one.name.endswith(".csv")]
        if not known or self.dice.random() >= AGAIN_SHARE:
            return None
        before = self.dice.choice(known)
        before.is_alone = False
        return before

    def _make_rows(self, number: int) -> list[Row]:
        size, first = self.dice.choice(SIZES), self._rows
        self._rows += size
        return [
            Row(
                f"{self.name}{number}x{at}q",
                self.dice.randint(1, 12),
                Decimal(500_000 + (first + at) * 7) / 100,
            )
            for at in range(size)
        ]

    def _go_on(self, file: SentFile, state: str, message: Message) -> None:
        """Answer a question, or press what the plan says."""
        if state == "asking":
            self._press(message, "Day first")
        elif state in {"ready", "done", "undone"}:
            wanted = file.plan[file.step]
            label = next((one for one in message.labels if one.startswith(wanted)), None)
            if label is None and state == "ready":
                # All rows are known: there is nothing but to cancel.
                file.plan, label = ("Cancel",), "Cancel"
            if label is not None and label in message.labels:
                file.pressed_at = self.clock()
                for _ in range(self.dice.choice((1, 1, 2)) if state == "ready" else 1):
                    self._press(message, label)

    def _press(self, message: Message, label: str) -> None:
        if any(label in one for one in message.labels):
            self.sim.press(self.user, message, label)

    # --- what the person sees

    def _look(self, file: SentFile) -> tuple[str, Message | None]:
        """Return the state that the newest message of a file shows, and that message."""
        shown = self._list_shown(file)
        if not shown:
            return "", None
        # One whose sending was not heard was sent twice, and only one of both goes on.
        live = [one for one in shown if _read_state(one) != "working"]
        message = live[-1] if live else shown[-1]
        return _read_state(message), message

    def _list_shown(self, file: SentFile) -> list[Message]:
        """Return the messages about a file; those of files before it were sent before it."""
        since = file.message.data["date"]
        return [
            one
            for one in self.heard()
            if one.data["date"] >= since
            and not one.text.startswith(_TOLD)
            and (file.name in one.text or _ASKED in one.text or _REFUSED in one.text)
        ]

    # --- what has to be true

    def _judge_file(self, rows: sqlite3.Connection, file: SentFile) -> list[str]:
        query = "SELECT state, written FROM imports WHERE file_name = ?"
        batches = rows.execute(query, (file.name,)).fetchall()
        if len(batches) != 1:
            return [f"import: {file.name} became {len(batches)} imports"]
        ((state, written),) = batches
        wrong = []
        if state not in file.states:
            wrong.append(f"import: {file.name} is {state}, not {sorted(file.states)}")
        if state not in {_read_state(m) for m in self._list_shown(file)}:
            wrong.append(f"import: {file.name} is {state}, and no message says so")
        made = self._count_made(rows, file)
        for row in file.rows:
            is_wrong = made[row.word] not in self._list_wanted(file, state)
            if is_wrong:
                wrong.append(f"import: row {row.word} of {state} became {made[row.word]}")
        if file.is_alone and state in {"done", "undone"} and written != len(file.rows):
            wrong.append(f"import: {file.name} says {written} of {len(file.rows)} rows")
        return wrong

    def _list_wanted(self, file: SentFile, state: str) -> list[list[bool]]:
        """Return what may have become of a row: its entries, and whether each was taken back."""
        if not file.is_alone:
            return [[], [False], [True]]
        return {"done": [[False]], "undone": [[True]]}.get(state, [[]])

    def _count_made(self, rows: sqlite3.Connection, file: SentFile) -> dict[str, list[bool]]:
        # Words of a statement may be a shop or a note.
        query = (
            "SELECT coalesce(nullif(note, ''), merchant) AS words, deleted_at IS NOT NULL"
            " FROM entries WHERE source_key LIKE 'import:%' AND words LIKE ?"
        )
        made: dict[str, list[bool]] = {row.word: [] for row in file.rows}
        prefix = file.rows[0].word.rpartition("x")[0]
        for word, is_deleted in rows.execute(query, (f"{prefix}x%q",)):
            made.setdefault(word, []).append(bool(is_deleted))
        return made


def _read_state(message: Message) -> str:
    """Return the state that a message about a file shows."""
    return next((state for state, words in _SHOWN.items() if words in message.text), "ready")
