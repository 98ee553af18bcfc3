"""`kvitto read receipts` as the contract writes it."""

import io
import json
from pathlib import Path

import pytest

from bot.cli.read_receipts import main
from tests.ai.files.pictures import encoded, pdf, picture

pytestmark = pytest.mark.slow

KEYS = {
    "file",
    "merchant",
    "date",
    "total",
    "currency",
    "tax",
    "items",
    "sure",
    "asks",
    "confidence",
}


def _run(*arguments: str) -> tuple[int, list[dict[str, object]]]:
    out = io.StringIO()
    code = main(arguments, out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_folder_gives_a_line_per_receipt_and_per_refusal(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(encoded(picture()))
    (tmp_path / "b.pdf").write_bytes(pdf(["CAFE AURORA", "2025-03-14", "TOTAL EUR 12.34"]))
    (tmp_path / "c.png").write_bytes(b"MZ no picture")
    code, (photo, document, refused) = _run(str(tmp_path), "--country", "DE")
    assert code == 0
    assert photo.keys() >= KEYS
    assert (photo["total"], photo["date"], photo["currency"]) == ("12.34", "2025-03-14", "EUR")
    assert photo["items"] == [
        {"name": "Latte", "price": "8.00"},
        {"name": "Cake", "price": "4.34"},
    ]
    assert photo["sure"] is True
    assert document["total"] == "12.34"
    assert refused == {"file": str(tmp_path / "c.png"), "error": "not_an_image", "sure": False}


def test_a_path_that_is_not_there_fails_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, (line,) = _run(str(tmp_path / "none.jpg"))
    assert code == 1
    assert line["error"] == "cannot_open"
    assert "none.jpg" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["x.jpg", "--currency", "XYZ"], ["x", "--now", "soon"]])
def test_wrong_usage_ends_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
