"""Prints of pictures: near for copies, far for other receipts."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from ai.files.prints import print_picture
from bench.drawn.paint import paint, photograph
from bench.drawn.till import ring_up
from ledger.receipt.sameness import is_same_picture


@pytest.fixture(scope="module")
def photos() -> list[Image.Image]:
    return [photograph(paint(ring_up(seed, "en-GB")), seed) for seed in range(31, 37)]


def saved(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out)


COPIES = [
    lambda image: saved(image, 55),
    lambda image: image.resize((image.width // 2, image.height // 2)),
    lambda image: saved(image.resize((720, 960), Image.Resampling.LANCZOS), 70),
]


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_has_the_print_of_its_picture(
    copy: Callable[[Image.Image], Image.Image], photos: list[Image.Image]
) -> None:
    for photo in photos:
        assert is_same_picture(print_picture(photo), print_picture(copy(photo)))


def test_photos_of_other_receipts_have_other_prints(photos: list[Image.Image]) -> None:
    prints = [print_picture(photo) for photo in photos]
    same = [(a, b) for i, a in enumerate(prints) for b in prints[i + 1 :] if is_same_picture(a, b)]
    assert same == []


def test_no_print_is_like_nothing(photos: list[Image.Image]) -> None:
    assert not is_same_picture("", "")
    assert not is_same_picture(print_picture(photos[0]), "")
