"""Decoding one picture: size before pixels, EXIF turned upright, metadata left behind."""

from __future__ import annotations

import io
import struct
import warnings
from typing import Final, Literal

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from ports.reading import Refusal

PIXELS_MAX: Final = 40_000_000
"""Largest width times height that is decoded; a phone's 12, 48 (binned) or 50 MP photo as sent by
Telegram is below it, and 40 MP are 120 MB of RGB."""
SIDE_MIN: Final = 48
"""Shortest side in pixels; below it no line of print can be read."""
ASPECT_MAX: Final = 25
"""Longest side over shortest; a till roll of 2 m by 80 mm is exactly this."""
WORK_SIDE_SHORT: Final = 1280
WORK_PIXELS: Final = 6_000_000
"""What reading needs: larger pictures are scaled to this many pixels before anything looks at them,
unless that would make the short side smaller than `WORK_SIDE_SHORT`."""

_FORMATS: Final = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heif": "HEIF"}
_BROKEN: Final = (OSError, SyntaxError, ValueError, struct.error, EOFError, IndexError, TypeError)
"""What Pillow's plugins raise on damaged files, from experience with the nasty set and fuzzing."""

pillow_heif.register_heif_opener(thumbnails=False)


def read_image(data: bytes, kind: Literal["jpeg", "png", "webp", "heif"]) -> Image.Image | Refusal:
    """Decode the first frame as upright RGB, scaled to what reading needs.

    Never opens a format other than `kind`, so no plugin that starts programs (EPS) is reached.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(data), formats=[_FORMATS[kind]])
        except Image.DecompressionBombError:
            return Refusal("too_many_pixels", {"megapixels_max": PIXELS_MAX // 1_000_000})
        except (UnidentifiedImageError, *_BROKEN):
            return Refusal("not_an_image")
        refusal = refuse_size(*image.size)
        if refusal:
            return refusal
        try:
            return shrink(_flatten(_upright(_decode(image))))
        except (Image.DecompressionBombError, *_BROKEN):
            return Refusal("damaged_image")


def refuse_size(width: int, height: int) -> Refusal | None:
    """Say why a picture of this size is not decoded; None if it may be."""
    short, long = sorted((width, height))
    if short * long > PIXELS_MAX:
        return Refusal("too_many_pixels", {"megapixels_max": PIXELS_MAX // 1_000_000})
    if short < SIDE_MIN:
        return Refusal("too_small", {"pixels_min": SIDE_MIN})
    if long > ASPECT_MAX * short:
        return Refusal("too_narrow")
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
    """Load the first frame; a JPEG is decoded at a smaller scale where that loses nothing."""
    short, long = sorted(image.size)
    scale = max((WORK_PIXELS / (short * long)) ** 0.5, WORK_SIDE_SHORT / short)
    if scale < 1:
        image.draft("RGB", (round(image.width * scale), round(image.height * scale)))
    image.load()
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Apply the EXIF orientation; EXIF that cannot be read counts as none."""
    try:
        return ImageOps.exif_transpose(image)
    except (*_BROKEN, RecursionError, KeyError):
        return image


def _flatten(image: Image.Image) -> Image.Image:
    """Turn any mode into RGB, transparency into white paper, 16 bits into 8."""
    if image.mode.startswith("I"):
        image = image.point(lambda level: level / 256).convert("L")
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper = Image.new("RGB", rgba.size, "white")
        paper.paste(rgba, mask=rgba.getchannel("A"))
        return paper
    return image.convert("RGB")
