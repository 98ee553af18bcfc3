"""Ask Telegram who the admins of a group are, by a job."""

from __future__ import annotations

from ports.queue import NewJob
from ports.units import UnitOfWork


def ask_for_admins(unit: UnitOfWork, chat_id: int) -> None:
    """Start the job that refreshes a group's admins; while one waits, another is not added."""
    unit.start(NewJob(f"admins:{chat_id}", "admins", {"chat_id": chat_id}, partition=chat_id))
