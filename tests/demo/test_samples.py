"""The sample receipts are there, small, and say what their list says."""

from __future__ import annotations

import json
from decimal import Decimal

import pillow_heif
import pypdfium2
import pytest
from PIL import Image

from demo.samples import FOLDER, list_samples, sample_path

RECEIPTS = json.loads((FOLDER / "receipts.json").read_text("utf-8"))
NAMES = [sample["file"] for sample in list_samples()]


@pytest.mark.parametrize("receipt", RECEIPTS, ids=lambda receipt: receipt["name"])
def test_a_receipt_adds_up(receipt: dict[str, object]) -> None:
    truth = receipt["truth"]
    assert isinstance(truth, dict)
    assert isinstance(receipt["adds_up"], list)
    assert sum(map(Decimal, receipt["adds_up"])) == Decimal(truth["total"])


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_opens_and_is_small(name: str) -> None:
    path = sample_path(name)
    assert path is not None
    assert path.stat().st_size < 300_000
    pillow_heif.register_heif_opener()
    if name.endswith(".pdf"):
        document = pypdfium2.PdfDocument(path)
        assert len(document) == 1
        document.close()
    else:
        with Image.open(path) as picture:
            assert picture.size == (1200, 1600)


def test_no_other_file_is_given_out() -> None:
    assert sample_path("draw.py") is None
    assert sample_path("../clock.py") is None
    assert {sample["truth"]["currency"] for sample in list_samples()} == {
        "EUR",
        "GBP",
        "SEK",
        "JPY",
        "USD",
    }
