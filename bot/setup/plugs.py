"""Pick plugs that more than one command needs, by the settings."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.ops.errors import describe_error
from bot.ops.logs import get_logger
from bot.setup.settings import Settings
from ledger.errors import SettingsError, UnavailableError
from ports.aws import AwsAccess
from ports.blobs import Blobs
from storage.blobs.disk import DiskBlobs
from storage.blobs.sealing import build_sealer

if TYPE_CHECKING:
    from storage.analytics.places import Place

S3 = "s3://"

_log = get_logger("bot.setup.plugs")


def build_blobs(settings: Settings) -> Blobs:
    """Return the store of files that RECEIPT_STORE names."""
    if settings.receipt_store.startswith(S3):
        from storage.blobs.s3 import open_s3  # noqa: PLC0415 -- only where configured

        return open_s3(settings.receipt_store, build_aws_access(settings), settings.s3_encryption)
    return build_folder(settings)


def build_folder(settings: Settings) -> DiskBlobs:
    """Return the store in a folder, encrypted where RECEIPT_KEY is set."""
    return DiskBlobs(Path(settings.receipt_store), build_sealer(settings.receipt_keys))


def build_aws_access(settings: Settings) -> AwsAccess:
    """Return the access that the AWS_ settings name."""
    key_id, secret = settings.aws_access_key_id, settings.aws_secret_access_key
    return AwsAccess(
        settings.aws_region,
        settings.aws_endpoint_url,
        key_id.get_secret_value() if key_id else "",
        secret.get_secret_value() if secret else "",
    )


async def open_blobs(settings: Settings) -> Blobs:
    """Return the store of files; one that the settings name wrongly stops the start.

    A bucket that does not answer stops nothing: texts need no files, and jobs are tried again.

    Raises:
        SettingsError: naming the setting.
    """
    blobs = build_blobs(settings)
    try:
        await blobs.check()
    except UnavailableError as error:
        folder = isinstance(blobs, DiskBlobs)
        if not folder and not error.values.get("lasts"):
            _log.warning("files_not_reached", error=describe_error(error))
            return blobs
        remedy = "name a folder that this user may write to, on a disk with room"
        found = remedy if folder else error.values["remedy"]
        raise SettingsError("setting_wrong", name="RECEIPT_STORE", remedy=found) from error
    if isinstance(blobs, DiskBlobs):
        await blobs.sweep_parts()
    return blobs


def build_place(settings: Settings) -> Place | None:
    """Return where ANALYTICS_STORE wants the analysts' files, None where it is empty.

    Raises:
        SettingsError: the extra that writes them is not installed.
    """
    if not settings.analytics_store:
        return None
    if find_spec("pyarrow") is None:
        remedy = "install the extra that it needs: pip install 'kvitto[analytics]'"
        raise SettingsError("setting_wrong", name="ANALYTICS_STORE", remedy=remedy)
    from storage.analytics.places import FolderPlace, S3Place  # noqa: PLC0415 -- as above

    if not settings.analytics_store.startswith(S3):
        return FolderPlace(Path(settings.analytics_store))
    from storage.blobs.s3 import open_s3  # noqa: PLC0415 -- as above

    access = build_aws_access(settings)
    return S3Place(open_s3(settings.analytics_store, access, settings.s3_encryption))
