"""Opening pictures that strangers sent."""

import struct
import zlib

import pytest
from PIL import Image

from ai.files.copies import clean_copy
from ai.files.images import WORK_PIXELS, read_image, refuse_size
from ai.files.kinds import find_kind
from ports.reading import FileRefusal
from tests.ai.files.pictures import encoded, pdf, picture

KINDS = [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp"), ("HEIF", "heif")]


@pytest.mark.parametrize(("format_name", "kind"), KINDS)
def test_known_kinds_are_opened(format_name: str, kind: str) -> None:
    data = encoded(picture(), format_name)
    assert find_kind(data) == kind
    image = read_image(data, kind)  # type: ignore[arg-type]
    assert isinstance(image, Image.Image)
    assert (image.mode, image.size) == ("RGB", (560, 420))


OTHERS = [
    b"GIF89a" + b"\0" * 50,
    b"%!PS-Adobe-3.0 EPSF-3.0",
    b"PK\x03\x04",
    b"MZ",
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"II*\0" + b"\0" * 20,
    b"BM" + b"\0" * 60,
    b"OggS",
    b"",
]


@pytest.mark.parametrize("data", OTHERS)
def test_other_kinds_are_not_opened(data: bytes) -> None:
    assert find_kind(data) is None


def _png_that_says(width: int, height: int) -> bytes:
    """A PNG whose header claims a size and that holds hardly any data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0"))


SIZES = [
    (13_000, 13_000, "too_many_pixels"),  # below Pillow's own limit of errors
    (100_000, 100_000, "too_many_pixels"),  # above it
    (1, 60_000, "too_small"),  # a thread
    (60, 6000, "too_narrow"),  # a ribbon
    (300, 300, "damaged_image"),  # a fair size, but the pixels are missing
]


@pytest.mark.parametrize(("width", "height", "message_id"), SIZES)
def test_size_is_judged_before_pixels_are_decoded(width: int, height: int, message_id: str) -> None:
    assert read_image(_png_that_says(width, height), "png") == FileRefusal(
        message_id, getattr(refuse_size(width, height), "values", {})
    )


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = read_image(encoded(picture(), exif=exif), "jpeg")
    assert isinstance(image, Image.Image)
    assert image.size == ((560, 420) if orientation < 5 else (420, 560))


def test_broken_exif_counts_as_none() -> None:
    data = bytearray(encoded(picture()))
    data[2:2] = b"\xff\xe1\x00\x14Exif\0\0MM\0*\xff\xff\xff\xff\0\0\0\0"
    assert isinstance(read_image(bytes(data), "jpeg"), Image.Image)


def test_transparency_becomes_white_paper() -> None:
    image = read_image(encoded(Image.new("RGBA", (100, 100), (0, 0, 0, 0)), "PNG"), "png")
    assert isinstance(image, Image.Image)
    assert image.getpixel((50, 50)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_modes_become_rgb(mode: str) -> None:
    image = read_image(encoded(picture().convert(mode)), "jpeg")
    assert isinstance(image, Image.Image)
    assert image.mode == "RGB"


def test_large_pictures_are_scaled_to_what_reading_needs() -> None:
    image = read_image(encoded(Image.new("RGB", (6000, 6000), "white")), "jpeg")
    assert isinstance(image, Image.Image)
    assert image.width * image.height <= WORK_PIXELS * 1.02


def test_a_cut_file_is_refused() -> None:
    data = encoded(picture())
    assert read_image(data[: len(data) // 2], "jpeg") == FileRefusal("damaged_image")


def test_a_copy_carries_no_metadata_and_no_second_file() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    exif[0x010F] = "a camera"
    data = encoded(picture(), exif=exif, comment=b"<script>") + b"PK\x03\x04<html>"
    copy = clean_copy(data)
    assert isinstance(copy, bytes)
    assert not {b"Exif", b"camera", b"<script>", b"<html>", b"PK\x03\x04"} & {
        word for word in (b"Exif", b"camera", b"<script>", b"<html>", b"PK\x03\x04") if word in copy
    }


def test_a_copy_of_a_pdf_is_a_picture_of_its_first_page() -> None:
    copy = clean_copy(pdf(["TOTAL EUR 12.34"]))
    assert isinstance(copy, bytes)
    assert find_kind(copy) == "jpeg"
