"""How people of five languages write: days, multipliers, units, counts and abbreviations."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Say = Callable[..., str]

BOOKED = [
    ("지난 금요일 치킨 2만원", "ko", "20000 KRW <치킨> @2026-03-06"),
    ("어젯밤 대리비 35,000원", "ko", "35000 KRW <대리비> @2026-03-11"),
    ("엊그제 세차 1만5천", "ko", "15000 KRW <세차> @2026-03-10"),
    ("사과 4개 8000원", "ko", "8000 KRW <사과 4개>"),
    ("보너스 120만원", "ko", "+1200000 KRW <보너스>"),
    ("kmrn tambal ban 15rb", "id", "15000.00 IDR <tambal ban> @2026-03-11"),
    ("2 hari lalu servis motor 150 ribu", "id", "150000.00 IDR <servis motor> @2026-03-10"),
    ("sate 10 tusuk 25rb", "id", "25000.00 IDR <sate 10 tusuk>"),
    ("gajian 6,5jt", "id", "+6500000.00 IDR <gajian>"),
    ("kado 1,2 juta", "in", "1200000.00 IDR <kado>"),  # as Telegram calls Indonesian
    ("tối qua lẩu 320k", "vi", "320000 VND <lẩu> @2026-03-11"),
    ("thứ 3 xem phim 180 nghìn", "vi", "180000 VND <xem phim> @2026-03-10"),
    ("hom qua do xang 70k", "vi", "70000 VND <do xang> @2026-03-11"),  # without accents
    ("thưởng 3 triệu", "vi", "+3000000 VND <thưởng>"),
    ("دیشب شام ۴۵۰ هزار تومان", "fa", "4500000.00 IRR <شام> @2026-03-11"),  # ten rials
    ("پریروز کتاب ۲٬۳۰۰٬۰۰۰ ریال", "fa", "2300000.00 IRR <کتاب> @2026-03-10"),
    ("سه‌شنبه میوه ۹۰۰۰۰۰", "fa", "900000.00 IRR <میوه> @2026-03-10"),  # joined without width
    ("سه شنبه میوه ۹۰۰۰۰۰", "fa", "900000.00 IRR <میوه> @2026-03-10"),
    ("پاداش ۵ میلیون", "fa", "+5000000.00 IRR <پاداش>"),
    ('שלשום מספרה 90 ש"ח', "he", "90.00 ILS <מספרה> @2026-03-10"),
    ("ביום שני דלק 240 ש״ח", "he", "240.00 ILS <דלק> @2026-03-09"),  # the Hebrew sign
    ("לפני 3 ימים גלידה 24", "he", "24.00 ILS <גלידה> @2026-03-09"),
    ("תפוחים 9 וענבים 14", "he", "9.00 ILS <תפוחים> | 14.00 ILS <ענבים>"),
    ("דלק ב-60", "he", "60.00 ILS <דלק>"),  # "for" is written on its number
    ("פיצה ב50", "he", "50.00 ILS <פיצה>"),
    ("בונוס 2 אלף", "iw", "+2000.00 ILS <בונוס>"),  # as Telegram calls Hebrew
]


@pytest.mark.parametrize(("text", "language", "booked"), BOOKED)
def test_an_entry_of_a_language_is_read(text: str, language: str, booked: str, say: Say) -> None:
    assert say(text, language=language) == booked
