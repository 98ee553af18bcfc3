"""Forgetting: the one hard delete, of a chat's whole ledger with its receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ports.blobs import Blobs
from ports.queue import Job, NewJob
from services.categories.memories import Memories
from services.scope import Scope

KIND = "delete_blobs"


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Deletes ledgers for good, with what this process keeps of them."""

    memories: Memories

    def forget(self, scope: Scope) -> tuple[str, ...]:
        """Delete everything of this ledger; return the blob keys that a job must delete.

        The next word in the chat begins an empty ledger.
        """
        self.memories.drop(scope.ledger.id, scope.now)
        return tuple(scope.repositories.chats.forget(scope.ledger.id))


def deleting(keys: Sequence[str], key: str) -> NewJob:
    """Return the job that deletes the files of a ledger that is gone; it belongs to no lane."""
    return NewJob(f"forget:{key}", KIND, {"keys": list(keys)})


@dataclass(frozen=True, slots=True)
class DeleteBlobsJob:
    """Deletes files; what is gone already stays gone."""

    blobs: Blobs

    async def run(self, job: Job) -> None:
        """Delete every file that the job names. Raises `UnavailableError`."""
        keys = job.values["keys"]
        assert isinstance(keys, list)
        for key in keys:
            await self.blobs.delete(str(key))
