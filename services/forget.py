"""Delete a chat's whole ledger with its files, which nothing else does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ports.blobs import Blobs
from ports.jobs import DeleteFiles, new_job
from ports.queue import NewJob
from services.categories.memories import Memories
from services.entries.changing import require_admin
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Deletes ledgers for good, with what this process keeps of them."""

    memories: Memories

    def forget(self, scope: Scope) -> tuple[str, ...]:
        """Delete everything of this ledger; return the blob keys that a job must delete.

        The next message in the chat begins an empty ledger.

        Raises:
            NotAllowedError: The chat is a group and the user is not an admin of it.
        """
        require_admin(scope, "forget_admins_only")
        # The cached memory goes in the same unit: it was built from notes that must be forgotten.
        self.memories.drop(scope.ledger.id, scope.now)
        return tuple(scope.repositories.chats.forget(scope.ledger.id))


def delete_files(keys: Sequence[str], key: str) -> NewJob:
    """Return the job that deletes the files of a forgotten ledger; no chat is told of it."""
    return new_job(DeleteFiles(tuple(keys)), key)


@dataclass(frozen=True, slots=True)
class FileDeleter:
    """Deletes files; a file that is gone already stays gone."""

    blobs: Blobs

    async def run(self, job: DeleteFiles) -> None:
        """Delete every file that the job names. Raises `UnavailableError`."""
        for key in job.keys:
            await self.blobs.delete(key)
