"""Plugs that more than one command needs, picked by the settings."""

from __future__ import annotations

from pathlib import Path

from bot.settings import Settings
from ledger.errors import SettingsError
from ports.blobs import Blobs
from storage.blobs.disk import DiskBlobs


def build_blobs(settings: Settings) -> Blobs:
    """Return the store of files.

    Raises:
        SettingsError: the store is of a kind that is not built yet.
    """
    if settings.receipt_store.startswith("s3://"):
        remedy = "set it to a folder; s3:// is not there yet"
        raise SettingsError("setting_wrong", name="RECEIPT_STORE", remedy=remedy)
    return DiskBlobs(Path(settings.receipt_store))


def refuse_unbuilt(settings: Settings) -> None:
    """Stop a start that asks for plugs of a later release.

    Raises:
        SettingsError: naming the setting and what to set it to until then.
    """
    later = {
        "QUEUE_URL": (settings.queue_url != "database", "database"),
        "RECEIPT_READER": (settings.receipt_reader != ("local",), "local"),
        "CATEGORISER": (settings.categoriser != ("local",), "local"),
    }
    for name, (asked, instead) in later.items():
        if asked:
            remedy = f"set it to {instead}; the other kinds are not there yet"
            raise SettingsError("setting_wrong", name=name, remedy=remedy)
