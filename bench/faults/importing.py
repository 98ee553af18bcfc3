"""A person who imports a statement while the program is killed, and what must have come of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from bench.imports import write_statement
from demo.botapi.world import Chat, Message, User
from demo.simulation import Simulation
from storage import open_database

WAIT_SECONDS = 120.0
_ROWS = text(
    "SELECT count(*), count(DISTINCT source_key), count(*) - count(deleted_at)"
    " FROM entries WHERE paid_by = :person"
)


@dataclass(frozen=True, slots=True)
class Imported:
    """The entries of a person."""

    rows: int
    distinct: int
    """By their source keys."""
    live: int


@dataclass(slots=True)
class Importer:
    """A person in a private chat, with a file of so many rows."""

    sim: Simulation
    rows: int
    person: User
    chat: Chat

    async def preview(self) -> Message:
        """Send the file; return the message that shows its rows."""
        self.sim.document(self.person, self.chat, write_statement(self.rows), file_name="long.csv")
        (message,) = await self.sim.answers(self.chat, timeout=WAIT_SECONDS)
        return await self.wait_for(message, "new rows")

    def press(self, message: Message, label: str) -> None:
        """Press a button without waiting for what it does."""
        self.sim.press(self.person, message, label)

    async def wait_for(self, message: Message, words: str) -> Message:
        """Wait until a message says this."""
        await self.sim.until(lambda: words in message.text, what=words, timeout=WAIT_SECONDS)
        return message

    async def count(self, database_url: str) -> Imported:
        """Return what the ledger holds."""
        where = {"person": self.person.id}
        async with open_database(database_url, up_to_date=False) as database:
            found = await database.backend.read(lambda c: c.execute(_ROWS, where).one())
        return Imported(*found)


def add_importer(sim: Simulation, rows: int) -> Importer:
    """Add somebody who has nothing yet."""
    person = sim.add_user("Importer", language_code="en")
    return Importer(sim, rows, person, sim.private_chat(person))
