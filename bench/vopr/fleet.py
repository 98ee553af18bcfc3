"""Keep for several programs what a database server keeps for them: claims, leaders, and who writes.

A SQLite file has one worker process: its claims are in that process's memory, and a lock file refuses a
second one. Here they outlive the programs, as rows of PostgreSQL do, so two programs can claim, lose
and be refused on one file. Everything above the claims is the bot's own; what PostgreSQL does itself
(locks of rows, transactions side by side) is not in it.
"""

from __future__ import annotations

import sqlite3
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection

from bench.vopr.faults import Faults
from bench.vopr.loop import Program
from ledger.errors import ClaimLostError
from ports.queue import Delivery
from storage.database.queues.claims import LocalClaims
from storage.memory.claims import PartitionClaims

PROGRAMS = 2


class FileConnection(Protocol):
    """A connection of a program to the file."""

    program: Program

    @property
    def in_transaction(self) -> bool:
        """Return whether a transaction is open."""


@dataclass
class Fleet:
    """What several programs share."""

    faults: Faults
    claims: PartitionClaims = field(default_factory=PartitionClaims)
    _leaders: dict[str, Program] = field(default_factory=dict)
    _connections: list[FileConnection] = field(default_factory=list)

    def lead(self, name: str, program: Program) -> bool:
        """Return whether this program leads; it does from now on where nobody else lives that does."""
        leader = self._leaders.get(name)
        if leader is None or not leader.is_alive:
            self._leaders[name] = leader = program
        return leader is program

    def resign(self, name: str, program: Program) -> None:
        """Let another program lead."""
        if self._leaders.get(name) is program:
            del self._leaders[name]

    def note_connection(self, connection: FileConnection) -> None:
        """Note a connection, whose transactions others wait for."""
        self._connections = [one for one in self._connections if one.program.is_alive]
        self._connections.append(connection)

    def is_written_by_others(self, program: Program) -> bool:
        """Return whether another program has begun to write and did not commit yet."""
        return any(
            one.program is not program and one.program.is_alive and _is_writing(one)
            for one in self._connections
        )


def _is_writing(connection: FileConnection) -> bool:
    try:
        return connection.in_transaction
    except sqlite3.ProgrammingError:
        # It was closed in order.
        return False


@dataclass(frozen=True, slots=True)
class FleetClaims(LocalClaims):
    """Claims that outlive a program.

    Two claims of the same moment may take the same partition, which a server's statement does not let
    happen; the fence refuses the former, as that of a program that slept through its lease.
    """

    faults: Faults | None = None

    def check(self, connection: Connection, delivery: Delivery) -> None:
        """Raise `ClaimLostError` unless the delivery's claim is the newest."""
        try:
            super(FleetClaims, self).check(connection, delivery)
        except ClaimLostError:
            assert self.faults is not None
            self.faults.note("fence_refused")
            raise


FLEET: ContextVar[Fleet | None] = ContextVar("fleet", default=None)
"""The fleet of the running program; None where it is alone."""
