"""People who write to the bot, and what must have come of every word they wrote.

Each text has an amount that no other text of its chat has, so that its confirmation can be found
again among all that the bot said.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from sqlalchemy import text

from demo.botapi.messages.callbacks import Press
from demo.botapi.world import Message, User
from demo.simulation import Simulation
from storage import open_database

NOTES = ("coffee", "lunch", "taxi", "groceries", "bread", "tea")
DELETE = "delete"
PRESS_SHARE = 0.1
_ENTRIES = text(
    "SELECT source_key, amount_minor, deleted_at IS NOT NULL FROM entries"
    " WHERE source_key LIKE 'tg:%'"
)
_WAITING = text(
    "SELECT (SELECT count(*) FROM inbox WHERE state = 'pending')"
    " + (SELECT count(*) FROM jobs WHERE state = 'pending')"
    " + (SELECT count(*) FROM outbox WHERE state IN ('waiting', 'drawing'))"
)
_DEAD = text(
    "SELECT (SELECT count(*) FROM inbox WHERE state = 'dead')"
    " + (SELECT count(*) FROM jobs WHERE state = 'dead')"
)


@dataclass(slots=True)
class Wrote:
    """A text that a person wrote."""

    chat_id: int
    message_id: int
    amount: Decimal
    note: str
    is_deleted: bool = False


@dataclass(slots=True)
class Verdict:
    """What is wrong after everything was drained."""

    texts: int
    photos: int
    presses: int
    lost: int
    doubled: int
    wrong: int
    unanswered: int
    doubled_answers: int
    receipts_open: int
    dead: int
    refused: Counter[str] = field(default_factory=Counter)
    integrity: str = "ok"

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled, wrong, unanswered, or dead."""
        broken = (
            self.lost + self.doubled + self.wrong + self.unanswered + self.receipts_open + self.dead
        )
        return not broken and self.integrity == "ok"


@dataclass(slots=True)
class Workload:
    """Twenty chats that write at random; `rng` is seeded."""

    sim: Simulation
    rng: random.Random
    people: list[User] = field(default_factory=list)
    wrote: list[Wrote] = field(default_factory=list)
    photos: list[Message] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    samples: list[bytes] = field(default_factory=list)
    _counts: Counter[int] = field(default_factory=Counter)
    _first_figures: dict[tuple[int, int, int], str] = field(default_factory=dict)

    def settle(self, chats: int) -> None:
        """Let people move in."""
        for number in range(chats):
            user = self.sim.add_user(f"P{number}")
            self.sim.private_chat(user)
            self.people.append(user)

    def write(self, user: User | None = None) -> Wrote:
        """Let somebody write a text with an amount of its own."""
        user = user or self.rng.choice(self.people)
        chat = self.sim.private_chat(user)
        self._counts[chat.id] += 1
        amount = Decimal(100 + self._counts[chat.id] * 7) / 100
        note = self.rng.choice(NOTES)
        message = self.sim.say(user, chat, f"{note} {amount:.2f}")
        wrote = Wrote(chat.id, message.message_id, amount, note)
        self.wrote.append(wrote)
        return wrote

    def photograph(self) -> None:
        """Let somebody send a receipt."""
        user = self.rng.choice(self.people)
        content = self.rng.choice(self.samples)
        self.photos.append(self.sim.photo(user, self.sim.private_chat(user), content))

    def press_delete(self) -> bool:
        """Let somebody delete an entry by the button of its confirmation, once."""
        wrote = self.rng.choice(self.wrote)
        if wrote.is_deleted:
            return False
        message = self.confirmation_of(wrote)
        if message is None:
            return False
        label = next((b for b in message.labels if DELETE in b.lower()), None)
        if label is None:
            return False
        self.presses.append(self.sim.press(self.sim.user(wrote.chat_id), message, label))
        wrote.is_deleted = True
        return True

    async def live(self, seconds: float, per_second: float, *, photo_share: float = 0.0) -> None:
        """Let the town write for so long."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while loop.time() < end:
            chance = self.rng.random()
            if self.samples and chance < photo_share:
                self.photograph()
            elif not (self.wrote and chance > 1 - PRESS_SHARE and self.press_delete()):
                self.write()
            await asyncio.sleep(self.rng.expovariate(per_second))

    async def write_until_answered(self, per_second: float, *, seconds: float = 60) -> None:
        """Let the town write until a text of these is answered: the bot has caught up by then."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        first: Wrote | None = None
        while loop.time() < end:
            wrote = self.write()
            first = first or wrote
            await asyncio.sleep(self.rng.expovariate(per_second))
            if self.confirmation_of(first) is not None:
                return

    def count_summaries(self, person: User) -> int:
        """Count the weekly summaries that a person got."""
        messages = self.sim.sent(self.sim.private_chat(person))
        return sum("week" in message.text.lower() for message in messages)

    def confirmation_of(self, wrote: Wrote) -> Message | None:
        """Find the newest message that begins with this amount and has the text's words in that line.

        A receipt's card, or a figure in a list, may begin with the same amount by chance.
        What was read once is not read again: this process is the Bot API server too, and while it
        reads, answers that it owes the bot are late, which the bot's death would turn into doubles.
        """
        for message in reversed(self.sim.sent(self.sim.chat(wrote.chat_id))):
            if self._begins_with(message, wrote):
                return message
        return None

    def count_confirmations(self, wrote: Wrote) -> int:
        """Count the messages that begin with this amount."""
        sent = self.sim.sent(self.sim.chat(wrote.chat_id))
        return sum(self._begins_with(message, wrote) for message in sent)

    def _begins_with(self, message: Message, wrote: Wrote) -> bool:
        if self._first_figure(wrote.chat_id, message) != f"{wrote.amount:.2f}":
            return False
        return wrote.note in message.text.partition("\n")[0].lower()

    def _first_figure(self, chat_id: int, message: Message) -> str:
        key = (chat_id, message.message_id, message.edit_count)
        if key not in self._first_figures:
            self._first_figures[key] = next(iter(_figures(message.text)), "")
        return self._first_figures[key]

    # --- what came of it ---

    async def drained(self, database_url: str, seconds: float) -> float | None:
        """Wait until nothing waits anywhere; return how long that took, None when too long."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with open_database(database_url, up_to_date=False) as database:
            while loop.time() - began < seconds:
                delivery = await database.backend.read(lambda c: c.execute(_WAITING).scalar_one())
                if not delivery and not self.sim.pending_update_count:
                    return loop.time() - began
                await asyncio.sleep(0.2)
        return None

    async def judge(self, database_url: str) -> Verdict:
        """Compare what was written with the ledger and with what the bot said."""
        async with open_database(database_url, up_to_date=False) as database:
            read = database.backend.read
            rows = await read(lambda c: c.execute(_ENTRIES).all())
            dead = await read(lambda c: c.execute(_DEAD).scalar_one())
            integrity = "ok"
            if database_url.startswith("sqlite"):
                integrity = await read(
                    lambda c: str(c.execute(text("PRAGMA integrity_check")).scalar_one())
                )
            receipts_open = await read(
                lambda c: c.execute(
                    text("SELECT count(*) FROM receipts WHERE state IN ('stored', 'read')")
                ).scalar_one()
            )
        found: dict[tuple[int, int], list[tuple[int, bool]]] = {}
        for source_key, minor, is_deleted in rows:
            _, chat_id, message_id, _ = source_key.split(":")
            key = int(chat_id), int(message_id)
            found.setdefault(key, []).append((minor, bool(is_deleted)))
        said = self._answers_by_amount()
        lost = doubled = wrong = unanswered = doubled_answers = 0
        for wrote in self.wrote:
            entries = found.get((wrote.chat_id, wrote.message_id), [])
            lost += not entries
            doubled += len(entries) > 1
            right = (int(wrote.amount * 100), wrote.is_deleted)
            if entries and entries[0] != right:
                wrong += 1
                print(f"{wrote} became {entries[0]}", file=sys.stderr)
            answers = said[wrote.chat_id, f"{wrote.amount:.2f}"]
            unanswered += not answers
            doubled_answers += max(answers - 1, 0)
        return Verdict(
            texts=len(self.wrote),
            photos=len(self.photos),
            presses=len(self.presses),
            lost=lost,
            doubled=doubled,
            wrong=wrong,
            unanswered=unanswered,
            doubled_answers=doubled_answers,
            receipts_open=receipts_open,
            dead=dead,
            refused=Counter(self.sim.refusals()),
            integrity=integrity,
        )

    def _answers_by_amount(self) -> Counter[tuple[int, str]]:
        """Count the confirmations in which each amount of a chat stands."""
        counts: Counter[tuple[int, str]] = Counter()
        notes: dict[int, dict[str, str]] = {}
        for wrote in self.wrote:
            notes.setdefault(wrote.chat_id, {})[f"{wrote.amount:.2f}"] = wrote.note
        for chat_id, known in notes.items():
            for message in self.sim.sent(self.sim.chat(chat_id)):
                counts.update((chat_id, amount) for amount in _confirmed_in(message.text, known))
        return counts


def _confirmed_in(written: str, notes: Mapping[str, str]) -> set[str]:
    """Return the amounts that a message confirms, by line where several are joined.

    Lists and summaries, which begin with a title, confirm nothing, nor does a receipt that has the same
    figure by chance.
    """
    lines = [
        {figure for figure in _figures(line) if notes.get(figure, "\n") in line}
        for line in written.splitlines()
    ]
    return set().union(*lines) if lines and lines[0] else set()


def _figures(written: str) -> list[str]:
    """Return what looks like amounts in a text, as digits with two decimals."""
    figures, current = [], ""
    for character in written + " ":
        if character.isdigit() or (character in ".," and current):
            current += character
            continue
        if current:
            figures.append(current.rstrip(".,").replace(",", ""))
        current = ""
    return figures


def load_samples(folder: Path) -> list[bytes]:
    """Return the demo's sample receipts."""
    return [
        path.read_bytes() for path in sorted(folder.glob("*.jpg")) if "preview" not in path.stem
    ]
