"""Every error that a rule, a service or a plug may raise, on one page.

An error carries the id of the sentence that explains it (`message_id`, a key of the catalogues) and
the values that the sentence needs. The words themselves are made by `looks`, once per door.
"""

from __future__ import annotations


class LedgerError(Exception):
    """Root of all errors that are ours."""

    def __init__(self, message_id: str, **values: object) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.values = values


class InputError(LedgerError):
    """The person's input cannot be taken as it is; the sentence says what to do instead."""


class NotFoundError(LedgerError):
    """The thing named does not exist for this chat (or no longer, or never was its own)."""


class NotAllowedError(LedgerError):
    """The person may not do this to this thing."""


class UnavailableError(LedgerError):
    """Something outside is down or slow; trying again later is right."""


class ClaimLostError(LedgerError):
    """The thing was handled before, or its lease ended and another process claimed it.

    Nothing of this unit became true, and nothing has to be done.
    """


class SettingsError(LedgerError):
    """A setting is missing or wrong; `values["name"]` says which one."""
