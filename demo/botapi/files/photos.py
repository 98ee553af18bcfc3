"""Bound the sizes of sent pictures and make their previews.

An app turns a photo upright, shrinks it to 1280 pixels, strips its metadata, encodes it as JPEG and
adds smaller copies. A photo that a bot sends is only checked.
"""

from __future__ import annotations

import hashlib
import io
from collections import OrderedDict
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from demo.botapi.errors import bad_request

PHOTO_MAX_BYTES = 10 << 20
"""Upload limit of sendPhoto."""

SIDES_SUM_MAX = 10_000
"""Largest sum of a photo's width and height, in pixels."""

RATIO_MAX = 20
"""Largest ratio of a photo's longer side to its shorter one."""

_EDGES = (90, 320, 800, 1280)
_JPEG_QUALITY = 87
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF")
_CACHE_MAX = 64

pillow_heif.register_heif_opener()


@dataclass(frozen=True, slots=True)
class PhotoCopy:
    """One size of a photo, as JPEG."""

    width: int
    height: int
    content: bytes


class NotAPictureError(ValueError):
    """The bytes are not a picture that an app would send as a photo."""


_cache: OrderedDict[str, tuple[PhotoCopy, ...]] = OrderedDict()


def shrink_photo(content: bytes) -> tuple[PhotoCopy, ...]:
    """Return the copies that an app uploads for a picture, smallest first.

    Raises:
        NotAPictureError: It cannot be decoded.
    """
    digest = hashlib.sha256(content).hexdigest()
    if digest in _cache:
        _cache.move_to_end(digest)
        return _cache[digest]
    copies = tuple(_copies_of(_decode(content)))
    _cache[digest] = copies
    if len(_cache) > _CACHE_MAX:
        _cache.popitem(last=False)
    return copies


def preview(content: bytes, edge: int = 320) -> PhotoCopy | None:
    """Return a small copy of a picture; None for any other file."""
    try:
        picture = _decode(content)
    except NotAPictureError:
        return None
    return _encode(picture, edge)


def check_photo(content: bytes) -> tuple[int, int]:
    """Return the width and height of a photo that a bot sends.

    Raises:
        ApiError: sendPhoto would refuse it.
    """
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > PHOTO_MAX_BYTES:
        raise bad_request(
            f"file of size {len(content)} bytes is too big for a photo; "
            f"the maximum size is {PHOTO_MAX_BYTES} bytes"
        )
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    is_too_long = max(width, height) > RATIO_MAX * min(width, height)
    if width + height > SIDES_SUM_MAX or is_too_long:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _decode(content: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            upright = ImageOps.exif_transpose(picture)
            # JPEG has no transparency; the apps put such pictures on white.
            if upright.mode in ("RGBA", "LA", "P"):
                flat = Image.new("RGB", upright.size, "white")
                flat.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
                return flat
            return upright.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotAPictureError from error


def _copies_of(picture: Image.Image) -> list[PhotoCopy]:
    largest = max(picture.size)
    edges = [edge for edge in _EDGES if edge < largest][: len(_EDGES) - 1]
    return [_encode(picture, edge) for edge in [*edges, min(largest, _EDGES[-1])]]


def _encode(picture: Image.Image, edge: int) -> PhotoCopy:
    copy = picture.copy()
    copy.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    copy.save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return PhotoCopy(*copy.size, buffer.getvalue())
