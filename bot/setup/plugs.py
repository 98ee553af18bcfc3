"""Pick plugs that more than one command needs, by the settings."""

from __future__ import annotations

from pathlib import Path

from bot.setup.settings import Settings
from ledger.errors import SettingsError, UnavailableError
from ports.blobs import Blobs
from storage.blobs.disk import DiskBlobs


def build_blobs(settings: Settings) -> Blobs:
    """Return the store of files; `refuse_unbuilt` has seen to it that it is a folder."""
    return DiskBlobs(Path(settings.receipt_store))


async def open_blobs(settings: Settings) -> Blobs:
    """Return the store of files; a folder that cannot be written stops the start.

    Raises:
        SettingsError: naming the setting.
    """
    blobs = DiskBlobs(Path(settings.receipt_store))
    try:
        await blobs.check()
    except UnavailableError as error:
        remedy = "name a folder that this user may write to, on a disk with room"
        raise SettingsError("setting_wrong", name="RECEIPT_STORE", remedy=remedy) from error
    await blobs.sweep_parts()
    return blobs


def refuse_unbuilt(settings: Settings) -> None:
    """Stop a start that asks for plugs of a later release.

    Raises:
        SettingsError: naming the setting and what to set it to until then.
    """
    later = {
        "RECEIPT_STORE": (settings.receipt_store.startswith("s3://"), "a folder"),
        "QUEUE_URL": (settings.queue_url != "database", "database"),
    }
    for name, (asked, instead) in later.items():
        if asked:
            remedy = f"set it to {instead}; the other kinds are not there yet"
            raise SettingsError("setting_wrong", name=name, remedy=remedy)
