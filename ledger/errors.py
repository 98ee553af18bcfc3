"""Define every error that a rule, a service or a plug may raise.

An error carries the id of the sentence that explains it (`message_id`, a key of the catalogues) and
the values that the sentence needs. `presentation` makes the words.
"""

from __future__ import annotations

from collections.abc import Mapping


class LedgerError(Exception):
    """The base class of all errors that Kvitto raises."""

    def __init__(self, message_id: str, **values: object) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.values = values


class InputError(LedgerError):
    """Raised when a person's input cannot be taken; its sentence names the remedy."""


class WrongFieldsError(InputError):
    """Raised for fields that cannot be taken; its sentence is that of the first one."""

    def __init__(self, wrong: Mapping[str, InputError]) -> None:
        first = next(iter(wrong.values()))
        super().__init__(first.message_id, **first.values)
        self.wrong = dict(wrong)
        """By the names of the fields, in their order."""


class NotFoundError(LedgerError):
    """Raised when this chat has no such thing (or has it not now, or never had)."""


class NotAllowedError(LedgerError):
    """Raised when a person may not do this."""


class NotYoursError(NotFoundError):
    """Raised for a thing of a ledger that is not the caller's, or that does not exist at all.

    It is the same for both, so that nobody learns which ids exist.
    """


class LoginRefusedError(LedgerError):
    """Raised when a proof of who somebody is does not hold; its id tells why."""


class UnavailableError(LedgerError):
    """Raised when something outside is down or slow; a later retry is right."""


class InWorkError(LedgerError):
    """Raised when the same call is in work already; a later repeat gets its answer."""


class ClaimLostError(LedgerError):
    """Raised when a claim was handled before, or another process has it now.

    The unit is rolled back, and nothing has to be done.
    """


class SettingsError(LedgerError):
    """Raised for a missing or wrong setting, which `values["name"]` names."""
