"""Let a person ask for files of their entries, one after the other, and compare what came.

Between two requests there is a new entry, so each file has a number of entries that no other one has.
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
_FAILED = "Sorry, something you sent failed"


@dataclass(frozen=True)
class Request:
    """A file that was asked for."""

    form: str
    count: int
    """Entries that it must hold."""
    failures: int
    """Files that were given up before it."""


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
        self.requests.append(Request(form, len(self.entries), self._count_failures()))
        self.sim.say(self.user, self.place(), f"/export {form} {WORD}")

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
            is_right = all(f"{amount:.2f}".encode() in content for amount in wanted)
        return [] if is_right else [f"export: wrong content for {request}"]

    def _list_unanswered(self) -> list[Request]:
        return [request for request in self.requests if not self._list_files(request)]

    def _list_files(self, request: Request) -> list[Message]:
        """Return the files that hold as many entries."""
        noun = "entry" if request.count == 1 else "entries"
        caption = f"{request.count} {noun}"
        return [
            message
            for message in self.heard()
            if "document" in message.data
            and (message.text == caption or message.text.startswith(f"{caption} "))
        ]

    def _count_failures(self) -> int:
        """Count files that were given up; each answer names an error of its own."""
        return len({one.text for one in self.heard() if one.text.startswith(_FAILED)})
