"""Ask Telegram by jobs who the admins of a group are, and who is still in it."""

from __future__ import annotations

from ports.jobs import FindAdmins, FindMember, new_job
from ports.units import UnitOfWork


def ask_for_admins(unit: UnitOfWork, chat_id: int) -> None:
    """Start the job that refreshes a group's admins; while one waits, another is not added."""
    unit.start(new_job(FindAdmins(chat_id), str(chat_id), chat_id))


def ask_for_member(unit: UnitOfWork, chat_id: int, user_id: int) -> None:
    """Start the job that finds out whether a person is still in a group."""
    unit.start(new_job(FindMember(chat_id, user_id), f"{chat_id}:{user_id}", chat_id))
