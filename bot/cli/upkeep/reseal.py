"""Rewrite the files of the receipt folder with the first key of RECEIPT_KEY (`kvitto reseal`)."""

from __future__ import annotations

import asyncio
import sys

from bot.setup.plugs import S3, build_folder
from bot.setup.settings import read_settings
from ledger.errors import NotFoundError, SettingsError, UnavailableError
from storage.blobs.disk import DiskBlobs


def reseal() -> int:
    """Encrypt plain files, and those of older keys, while the bot runs; safe to repeat.

    Returns:
        1 when a file could not be read, so the older keys are still needed.

    Raises:
        SettingsError: there is no folder or no key.
    """
    settings = read_settings()
    if settings.receipt_store.startswith(S3):
        raise SettingsError("setting_wrong", name="RECEIPT_STORE", remedy="S3 encrypts by itself")
    if not settings.receipt_key:
        remedy = "set it to base64 of 32 bytes, like `openssl rand -base64 32` gives"
        raise SettingsError("setting_missing", name="RECEIPT_KEY", remedy=remedy)
    rewritten, same, failed = asyncio.run(_reseal(build_folder(settings)))
    print(f"{rewritten} files rewritten, {same} had the first key already")
    if failed:
        print(f"{failed} files cannot be read; keep the older keys", file=sys.stderr)
    return int(failed > 0)


async def _reseal(blobs: DiskBlobs) -> tuple[int, int, int]:
    rewritten = same = failed = 0
    async for key in blobs.keys():
        try:
            if await blobs.reseal(key):
                rewritten += 1
            else:
                same += 1
        except NotFoundError:
            continue  # its owner deleted it meanwhile
        except UnavailableError:
            failed += 1
    return rewritten, same, failed
