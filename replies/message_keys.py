"""Build keys of messages that a later result replaces."""

from __future__ import annotations


def receipt_key(receipt_id: str) -> str:
    """Return the key of the "reading…" message of a receipt, which becomes its result."""
    return f"receipt:{receipt_id}"


def voice_key(update_key: str) -> str:
    """Return the key of the "listening…" message of a voice note, which becomes its result."""
    return f"voice:{update_key}"


def import_key(import_id: str) -> str:
    """Return the key of the message about an imported file, which shows each of its states."""
    return f"import:{import_id}"
