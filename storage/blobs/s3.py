"""Store one object per key in a bucket of S3, below a prefix.

The service encrypts every object (`S3_ENCRYPTION`), and none has an access list of its own, so a
private bucket stays private. S3 takes an object whole or not at all, therefore nothing has to be
swept after a crash but what no row names (`bot.ops.sweep`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from ledger.errors import NotFoundError
from ports.aws import AwsAccess
from storage.aws import AwsClient, AwsRefusedError
from storage.blobs.keys import is_key, new_key

READ_SECONDS = 20.0
_MISSING = frozenset({"NoSuchKey", "404"})


@dataclass(frozen=True, slots=True)
class S3Blobs:
    """`ports.blobs.Blobs` in a bucket; `prefix` is empty or ends in a slash."""

    client: AwsClient
    bucket: str
    prefix: str
    encryption: str
    """`aws:kms` or `AES256`, as S3 names them."""

    async def put(self, data: bytes, *, media_type: str) -> str:
        """Store durably under a new random key."""
        key = new_key()
        await self.put_named(key, data, media_type=media_type)
        return key

    async def put_named(self, name: str, data: bytes, *, media_type: str) -> None:
        """Write an object of this name below the prefix."""
        await self._call(
            "put_object",
            Key=self.prefix + name,
            Body=data,
            ContentType=media_type,
            ServerSideEncryption=self.encryption,
            # One call of the key service for many objects; it means nothing to the other way.
            **({"BucketKeyEnabled": True} if self.encryption == "aws:kms" else {}),
        )

    async def get(self, key: str) -> bytes:
        """Return the bytes."""
        data: bytes = (await self._call("get_object", Key=self._name(key)))["Body"]
        return data

    async def delete(self, key: str) -> None:
        """Remove; a key that is not there is fine."""
        await self.delete_named(self._name(key).removeprefix(self.prefix))

    async def delete_named(self, name: str) -> None:
        """Remove an object of this name below the prefix."""
        await self._call("delete_object", Key=self.prefix + name)

    async def keys_before(self, moment: datetime) -> AsyncIterator[str]:
        """List the keys of files that were stored before a moment, by the service's clock."""
        async for name, stored_at in self._items():
            if is_key(name) and stored_at < moment:
                yield name

    async def keys(self) -> AsyncIterator[str]:
        """List every key, a thousand a call; other names are not ours."""
        async for name in self.names():
            if is_key(name):
                yield name

    async def names(self) -> AsyncIterator[str]:
        """List every name below the prefix."""
        async for name, _ in self._items():
            yield name

    async def check(self) -> None:
        """Write, read and remove an object."""
        key = await self.put(b"check", media_type="text/plain")
        await self.get(key)
        await self.delete(key)

    def _name(self, key: str) -> str:
        """Return an object's name; raise `NotFoundError` for a malformed key."""
        if not is_key(key):
            raise NotFoundError("no_file")
        return self.prefix + key

    async def _items(self) -> AsyncIterator[tuple[str, datetime]]:
        page = partial(self._call, "list_objects_v2", Prefix=self.prefix)
        answer = await page()
        while True:
            for item in answer.get("Contents", ()):
                yield item["Key"].removeprefix(self.prefix), item["LastModified"]
            if not answer.get("IsTruncated"):
                return
            answer = await page(ContinuationToken=answer["NextContinuationToken"])

    async def _call(self, operation: str, **arguments: object) -> Any:  # noqa: ANN401 -- boto3's
        try:
            return await self.client.call(operation, Bucket=self.bucket, **arguments)
        except AwsRefusedError as error:
            if error.code in _MISSING:
                raise NotFoundError("no_file") from None
            raise


def open_s3(address: str, access: AwsAccess, encryption: str) -> S3Blobs:
    """Return the store of an address `s3://bucket/prefix`; nothing is called yet."""
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    folder = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
    client = AwsClient(access, "s3", "RECEIPT_STORE", "files_unavailable", READ_SECONDS)
    return S3Blobs(client, bucket, folder, encryption)
