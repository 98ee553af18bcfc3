"""Decode a picture within size limits, turn it by its EXIF, and drop metadata."""

from __future__ import annotations

import io
import struct
import warnings
from typing import Final, Literal

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from ports.reading import FileRefusal

PIXELS_MAX: Final = 40_000_000
"""Largest width times height that is decoded. Phone photos as Telegram sends them are below it, and
40 MP are 120 MB of RGB."""
SIDE_MIN: Final = 48
"""Shortest side in pixels; below it no print is legible."""
ASPECT_MAX: Final = 25
"""Longest over shortest side; a till roll of 2 m by 80 mm has exactly this."""
WORK_SIDE_SHORT: Final = 1280
WORK_PIXELS: Final = 6_000_000
"""Larger pictures are scaled down to this many pixels, unless that would make the short side smaller
than `WORK_SIDE_SHORT`."""

_FORMATS: Final = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heif": "HEIF"}
_BROKEN: Final = (OSError, SyntaxError, ValueError, struct.error, EOFError, IndexError, TypeError)
"""Errors that Pillow's plugins raise on damaged files, as found by fuzzing."""

pillow_heif.register_heif_opener(thumbnails=False)


def read_image(
    data: bytes, kind: Literal["jpeg", "png", "webp", "heif"]
) -> Image.Image | FileRefusal:
    """Decode the first frame as upright RGB, scaled down to `WORK_PIXELS`.

    Opens no format other than `kind`, so plugins that start programs (EPS) are out of reach.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # Opening reads the header alone; pixels are decoded after the size check.
            image = Image.open(io.BytesIO(data), formats=[_FORMATS[kind]])
        except Image.DecompressionBombError:
            return FileRefusal("too_many_pixels", {"megapixels_max": PIXELS_MAX // 1_000_000})
        except (UnidentifiedImageError, *_BROKEN):
            return FileRefusal("not_an_image")
        refusal = refuse_size(*image.size)
        if refusal:
            return refusal
        try:
            return shrink(_flatten(_upright(_decode(image))))
        except (Image.DecompressionBombError, *_BROKEN):
            return FileRefusal("damaged_image")


def refuse_size(width: int, height: int) -> FileRefusal | None:
    """Return why a picture of this size is refused; None if it is accepted."""
    short, long = sorted((width, height))
    if short * long > PIXELS_MAX:
        return FileRefusal("too_many_pixels", {"megapixels_max": PIXELS_MAX // 1_000_000})
    if short < SIDE_MIN:
        return FileRefusal("too_small", {"pixels_min": SIDE_MIN})
    if long > ASPECT_MAX * short:
        return FileRefusal("too_narrow")
    return None


def shrink(image: Image.Image) -> Image.Image:
    """Scale a large picture down to `WORK_PIXELS`, long strips to `WORK_SIDE_SHORT`."""
    short, long = sorted(image.size)
    scale = max((WORK_PIXELS / (short * long)) ** 0.5, WORK_SIDE_SHORT / short)
    if scale >= 1:
        return image
    size = (round(image.width * scale), round(image.height * scale))
    return image.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def _decode(image: Image.Image) -> Image.Image:
    """Load the first frame; a large JPEG is decoded at a smaller scale, which is faster."""
    short, long = sorted(image.size)
    scale = max((WORK_PIXELS / (short * long)) ** 0.5, WORK_SIDE_SHORT / short)
    if scale < 1:
        image.draft("RGB", (round(image.width * scale), round(image.height * scale)))
    image.load()
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Apply the EXIF orientation; damaged EXIF is ignored."""
    try:
        return ImageOps.exif_transpose(image)
    except (*_BROKEN, RecursionError, KeyError):
        return image


def _flatten(image: Image.Image) -> Image.Image:
    """Convert any mode to RGB, with white behind transparency and 8 bits per channel."""
    if image.mode.startswith("I"):
        image = image.point(lambda level: level / 256).convert("L")
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        # Transparent pixels are often black below, and print would vanish in them.
        rgba = image.convert("RGBA")
        paper = Image.new("RGB", rgba.size, "white")
        paper.paste(rgba, mask=rgba.getchannel("A"))
        return paper
    return image.convert("RGB")
