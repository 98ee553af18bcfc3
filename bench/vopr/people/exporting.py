"""Let a person ask for files of their entries, one after the other, and compare what came.

Between two requests there is a new entry, so each file has a number of entries that no other one has. A
supergroup whose bot has not heard what it was has a ledger of its own at first, with fewer entries or none.
"""

from __future__ import annotations

import random
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO

from bench.vopr.telegram import Network
from demo.botapi.world import Chat, Message, User
from demo.simulation import Simulation

WORD = "jam"
"""In the note of each entry, by which a group's other entries are left out."""
FORMATS = ("csv", "json", "beancount", "ofx", "qif", "ynab", "xlsx", "pdf", "zip")
DRAWN = {"xlsx": b"PK", "pdf": b"%PDF"}
"""How files begin whose entries are not looked at."""
REQUESTS_MAX = 25
"""More in an hour are refused."""
FAR = 10**12
"""Later than any message."""
_FAILED = "Sorry, something you sent failed"
_REFUSED = f"“{WORD}” is no period"


@dataclass(frozen=True)
class Request:
    """A file that was asked for."""

    form: str
    count: int
    """Entries that it must hold."""
    failures: int
    """Files that were given up or refused before it."""
    sent_at: int
    is_moved: bool
    """True in a supergroup, whose ledger may hold fewer entries until it is merged."""


@dataclass
class Exporter:
    """A person who writes entries and asks for files of them."""

    sim: Simulation
    dice: random.Random
    network: Network
    user: User
    place: Callable[[], Chat]
    """The chat, which may become a supergroup."""
    heard: Callable[[], list[Message]]
    """The bot's messages there, and of all that it was."""
    entries: dict[str, Decimal] = field(default_factory=dict)
    """Amounts by the sources of messages."""
    requests: list[Request] = field(default_factory=list)
    _wants_file: bool = False

    def act(self) -> None:
        """Do the next thing, once the one before was answered."""
        if not self._is_answered():
            return
        if self._wants_file and len(self.requests) < REQUESTS_MAX:
            self._ask()
        else:
            self._write()
        self._wants_file = not self._wants_file

    def judge(self, rows: sqlite3.Connection) -> list[str]:
        """Return what is wrong once everything is drained."""
        query = "SELECT amount_minor, deleted_at FROM entries WHERE source_key LIKE ?"
        wrong = []
        for source, amount in self.entries.items():
            found = rows.execute(query, (f"{source}:%",)).fetchall()
            if found != [(int(amount * 100), None)]:
                wrong.append(f"export: text {source} of {amount} became {found}")
        for request in self.requests:
            wrong += self._judge_request(request)
        failures, missing = self._count_failures(), self._list_unanswered()
        if len(missing) != failures:
            wrong.append(f"export: {failures} given up, but no file for {missing}")
        return wrong

    # --- what the person does

    def _is_answered(self) -> bool:
        """Return whether the last entry is confirmed, and the last request has its file."""
        if self._wants_file and self.entries:
            last = f"{list(self.entries.values())[-1]:.2f}"
            return any(last in message.text for message in self.heard())
        if not self.requests:
            return True
        request = self.requests[-1]
        return bool(self._list_files(request)) or self._count_failures() > request.failures

    def _write(self) -> None:
        amount = Decimal(30_000 + len(self.entries) * 7) / 100
        message = self.sim.say(self.user, self.place(), f"{WORD} {amount:.2f}")
        self.entries[f"tg:{message.chat_id}:{message.message_id}"] = amount

    def _ask(self) -> None:
        form = self.dice.choice(FORMATS)
        chat, failures = self.place(), self._count_failures()
        message = self.sim.say(self.user, chat, f"/export {form} {WORD}")
        sent_at, is_moved = message.data["date"], chat.kind == "supergroup"
        self.requests.append(Request(form, len(self.entries), failures, sent_at, is_moved))

    # --- what has to be true

    def _judge_request(self, request: Request) -> list[str]:
        files = self._list_files(request)
        wrong = []
        for message in files:
            place = message.chat_id, message.text
            unheard = sum(one == place for one in self.network.unheard.values())
            if len(files) > 1 + unheard:
                wrong.append(f"export: {len(files)} files for {request}, {unheard} unheard")
            wrong += self._judge_content(request, message)
        return wrong

    def _judge_content(self, request: Request, message: Message) -> list[str]:
        document = message.data["document"]
        content = self.sim.telegram.files.get(document["file_id"]).content
        if request.form in DRAWN:
            is_right = content.startswith(DRAWN[request.form])
        else:
            if request.form == "zip":
                content = zipfile.ZipFile(BytesIO(content)).read("entries.csv")
            wanted = list(self.entries.values())[: request.count]
            are_there = [f"{amount:.2f}".encode() in content for amount in wanted]
            is_right = all(are_there) or (request.is_moved and any(are_there))
        return [] if is_right else [f"export: wrong content for {request}"]

    def _list_unanswered(self) -> list[Request]:
        return [request for request in self.requests if not self._list_files(request)]

    def _list_files(self, request: Request) -> list[Message]:
        """Return the files that hold as many entries."""
        return [
            message
            for message in self.heard()
            if "document" in message.data and self._is_answer(request, message)
        ]

    def _is_answer(self, request: Request, message: Message) -> bool:
        count, _, words = message.text.partition(" ")
        if not count.isdecimal() or not words.startswith(("entry", "entries")):
            return False
        until = [
            one.sent_at
            for one in self.requests
            if one.count > request.count and (one.is_moved or request.is_moved)
        ]
        if message.data["date"] >= min(until, default=FAR):
            return False
        if request.is_moved:
            return message.data["date"] >= request.sent_at and int(count) <= request.count
        return int(count) == request.count

    def _count_failures(self) -> int:
        """Count files that were given up, of which each answer names an error of its own, or refused."""
        texts = [one.text for one in self.heard()]
        failed = {text for text in texts if text.startswith(_FAILED)}
        return len(failed) + sum(text.startswith(_REFUSED) for text in texts)
