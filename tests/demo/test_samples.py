"""The sample receipts exist, are small and hold the values of their list."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pillow_heif
import pypdfium2
import pytest
from PIL import Image

from ai.ocr.reader import read_file
from demo.samples import FOLDER, list_samples, sample_path
from ledger.receipt import FileRefusal, ReceiptContext, build_drafts
from ledger.receipt.reading.labels import fold_text

pytestmark = pytest.mark.slow

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


@pytest.mark.parametrize("sample", list_samples(), ids=lambda sample: sample["file"])
def test_a_sample_is_read_right_and_nothing_is_asked(sample: dict[str, Any]) -> None:
    reading = read_file((FOLDER / sample["file"]).read_bytes(), "en")
    assert not isinstance(reading, FileRefusal)
    (draft,) = build_drafts(reading, ReceiptContext(datetime(2026, 11, 21, 12, tzinfo=UTC)))
    truth = sample["truth"]
    assert draft.sure
    # Receipts print in capitals, and the reader adds blanks between Japanese words.
    assert fold_text(draft.merchant or "") == fold_text(truth["merchant"])
    read = (draft.on, draft.total, draft.tax, draft.currency)
    assert [str(value) for value in read] == [
        truth[name] for name in ("date", "total", "tax", "currency")
    ]


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
