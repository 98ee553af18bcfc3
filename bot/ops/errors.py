"""Describe errors, for logs by class and place, for a terminal by name and remedy.

The message of a foreign exception may hold what a person wrote, an amount or a token, so it is
never shown, logged or stored: the class and the places it passed say enough to find it.
"""

from __future__ import annotations

import secrets
import traceback
from pathlib import Path

from ledger.errors import LedgerError, SettingsError

_ROOT = Path(__file__).resolve().parents[2]
_REMEDIES = {
    "schema_newer": "it was written by a newer version of kvitto; install that one",
    "sqlite_too_old": "Python's SQLite must be 3.35 or newer",
    "database_unavailable": "the database does not answer; is it running, is DATABASE_URL right?",
    "database_damaged": "the database file is damaged; restore a backup (`kvitto restore`)",
    "restore_not_empty": "restore into an empty database; DATABASE_URL names one that holds rows",
    "move_not_empty": "move into an empty database; this one holds rows",
    "move_other_source": "the target holds an unfinished move of other data; empty it and try again",
    "move_differs": "the source was written to meanwhile; empty the target and try again",
    "backup_unreadable": "this file is no backup of kvitto, or it is damaged",
    "backup_newer": "the backup was made by a newer version of kvitto; install that one",
    "token_invalid": "make another token in /settings api, and set MCP_TOKEN to it",
    "api_not_reached": "the API does not answer; is kvitto running, is MCP_LEDGER_URL right?",
    "files_unavailable": "the folder cannot be written; is RECEIPT_STORE right?",
}
_PLACES_MAX = 6
_CAUSES_MAX = 4


def new_error_id() -> str:
    """Return a short id that a person can quote and an operator can find in the log."""
    return secrets.token_hex(4)


def describe_error(error: BaseException) -> str:
    """Return class and innermost place of an error, with the class of what caused it."""
    chain = [_name(error) + _place(error)]
    cause = error.__cause__ or error.__context__
    while cause is not None and len(chain) < _CAUSES_MAX:
        chain.append(_name(cause) + _place(cause))
        cause = cause.__cause__ or cause.__context__
    return " from ".join(chain)


def trace_error(error: BaseException) -> list[str]:
    """Return the places that an error passed, innermost last, for the log."""
    frames = _frames(error)[-_PLACES_MAX:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def explain_error(error: LedgerError) -> str:
    """Return the line that a command prints for a named error."""
    words = error.message_id.replace("_", " ")
    remedy = error.values.get("remedy") or _REMEDIES.get(error.message_id)
    if isinstance(error, SettingsError):
        told = {
            "setting_missing": "is missing",
            "setting_wrong": "is wrong",
            "setting_unknown": "is no setting",
        }
        words = f"{error.values['name']} {told.get(error.message_id, 'does not work: ' + words)}"
        remedy = remedy or "set it to what .env.example shows"
    return f"{words}: {remedy}" if remedy else words


def _name(error: BaseException) -> str:
    if isinstance(error, LedgerError):
        return f"{type(error).__name__}({error.message_id})"
    return type(error).__name__


def _place(error: BaseException) -> str:
    frames = _frames(error)
    if not frames:
        return ""
    ours = [f for f in frames if f.filename.startswith(str(_ROOT)) and ".venv" not in f.filename]
    frame = (ours or frames)[-1]
    return f" at {_short(frame.filename)}:{frame.lineno} in {frame.name}"


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    """Return the places that an error passed, without their source.

    With it, `traceback` keeps each file that an error passed in memory.
    """
    return [
        traceback.FrameSummary(
            frame.f_code.co_filename, line, frame.f_code.co_name, lookup_line=False
        )
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_ROOT):
        return str(path.relative_to(_ROOT))
    return "/".join(path.parts[-2:])
