"""Ask Telegram who the admins of a group are, by a job."""

from __future__ import annotations

from ports.jobs import FindAdmins, new_job
from ports.units import UnitOfWork


def ask_for_admins(unit: UnitOfWork, chat_id: int) -> None:
    """Start the job that refreshes a group's admins; while one waits, another is not added."""
    unit.start(new_job(FindAdmins(chat_id), str(chat_id), chat_id))
