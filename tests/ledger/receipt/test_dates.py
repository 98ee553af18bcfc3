"""Dates as receipts print them."""

from datetime import date

import pytest

from ledger.receipt.fields.dates import find_near_reading, read_day

TODAY = date(2026, 11, 21)
CASES = [
    ("25/12/2018 8:13:39 PM", None, "2018-12-25"),  # day first
    ("12/25/2018", None, "2018-12-25"),  # only one reading is a date
    ("03/04/2026", None, "2026-04-03"),  # two readings: day first in most countries
    ("03/04/2026", "US", "2026-03-04"),  # month first in a few
    ("05.03.26", "US", "2026-03-05"),  # dots are never month first
    ("2026-03-05T12:00", "US", "2026-03-05"),  # ISO
    ("26-03-05", "JP", "2026-03-05"),  # two-digit year first where that is usual
    ("20260305", None, "2026-03-05"),  # eight digits
    ("14/05/201812:14:08", None, "2018-05-14"),  # the time glued on
    ("24MAR2018", None, "2018-03-24"),  # month by name, glued
    ("10 0CT 2017 TUE", None, "2017-10-10"),  # a misread month
    ("5. März 2026", None, "2026-03-05"),  # German
    ("5 de marzo de 2026", None, "2026-03-05"),  # Spanish
    ("5 марта 2026", None, "2026-03-05"),  # Russian, genitive
    ("2026年3月5日", None, "2026-03-05"),  # Chinese, Japanese
    ("2026년 3월 5일", None, "2026-03-05"),  # Korean
    ("R8.3.5", None, "2026-03-05"),  # Reiwa
    ("31/12/2561", None, "2018-12-31"),  # Thai calendar
    ("2026.03.05.", None, "2026-03-05"),  # Hungarian
    ("٠٥/٠٣/٢٠٢٦", None, "2026-03-05"),  # Arabic digits
    ("25/1212018", None, "2018-12-25"),  # a slash read as one
    ("12.05.24-14:31", None, "2024-05-12"),  # a time tied on
    ("12/05/2414:31", None, "2024-05-12"),  # a time glued on
    ("2024-05-1214:31", None, "2024-05-12"),
    ("12-MAY-2414:31", None, "2024-05-12"),
    ("12/05/67", "TH", "2024-05-12"),  # two digits of a Thai year
    ("12 พ.ค. 2567", "TH", "2024-05-12"),
    ("113/05/12", "TW", "2024-05-12"),  # the Republic of China's calendar
    ("R6.05.12", "JP", "2024-05-12"),
    ("Ngày 12 tháng 05 năm 2024", "VN", "2024-05-12"),
    ("20240512143122", None, "2024-05-12"),
    ("Tel 03-3271 9872", None, None),  # a telephone number
    ("99/99/2026", None, None),  # no date
]


@pytest.mark.parametrize(("text", "country", "day"), CASES)
def test_a_printed_date_is_read(text: str, country: str | None, day: str | None) -> None:
    found = read_day(text, country, TODAY)
    assert (found and found.isoformat()) == day


def test_a_worn_day_is_read_as_the_one_just_before_the_sending() -> None:
    assert find_near_reading(date(2026, 11, 16), TODAY) == date(2026, 11, 18)
    assert find_near_reading(date(2028, 11, 19), TODAY) == date(2026, 11, 19)
    assert find_near_reading(date(2018, 3, 5), TODAY) is None
