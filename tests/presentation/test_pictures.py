from __future__ import annotations

import io
import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from ledger.categories import SPENDING
from presentation import pictures
from presentation.localizer import Localizer
from presentation.pictures import fonts
from presentation.pictures.canvas import WIDTH, category_colour
from presentation.pictures.metrics import fitted_size, fitted_text, width

GOLDEN = Path(__file__).with_name("golden")
LONG = "A category with a name that is far too long for any picture <&>"
HUGE = "IDR 12,345,678,901.00"


def row(category: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- the fields differ in type
    values = {
        "category": category,
        "label": category,
        "amount": "€12.50",
        "share": "20 %",
        "change": "5 %",
        "direction": 1,
        "weight": 1250,
    }
    return values | more


def summary(count: int = 5, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- the fields differ in type
    values: dict[str, Any] = {
        "theme": "light",
        "period": "November 2026",
        "running": "so far",
        "headline": "",
        "spent": "€1,234.50",
        "spent_label": "spent",
        "change": "12 %",
        "direction": 1,
        "against": "vs 1–20 Oct",
        "rows": [row(i, weight=5000 // (n + 1)) for n, i in enumerate(SPENDING[:count])],
        "days": {
            "sizes": [100, 0, 300, 50, 0, 0, 0],
            "labels": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
            "average": "€41.15 a day",
            "peak": 2,
            "peak_label": "€300.00",
            "until": 5,
        },
        "income": {
            "income_label": "Income",
            "income": "€2,400.00",
            "saved_label": "Saved",
            "saved": "€1,165.50",
            "share": "49 %",
            "overspent": False,
            "spent_weight": 123450,
            "income_weight": 240000,
        },
        "apart": "Not in the totals: ¥980",
    }
    return values | more


def budgets() -> dict[str, Any]:
    one = {
        "icon": "groceries",
        "label": "Groceries",
        "percent": "62 %",
        "spent_of": "€155.30 of €250.00",
        "left": "€94.70 left",
        "days": "11 days left",
        "period": "November 2026",
        "filled_permille": 621,
        "day_permille": 666,
        "state": "fine",
    }
    over = one | {"icon": "all", "label": "All spending", "state": "over", "filled_permille": 1000}
    own = one | {"icon": "garden", "label": LONG, "state": "high", "spent_of": HUGE, "left": HUGE}
    return {"theme": "light", "title": "Budgets", "rows": [one, over, own]}


HARD: dict[str, tuple[str, dict[str, Any]]] = {
    "usual": ("summary", summary()),
    "one category": ("summary", summary(1)),
    "sixteen categories": ("summary", summary(16)),
    "dark": ("summary", summary(theme="dark")),
    "long names": ("summary", summary(rows=[row("garden", label=LONG, amount=HUGE)] * 3)),
    "huge amounts": (
        "summary",
        summary(spent=HUGE * 2, income={**summary()["income"], "income": HUGE, "saved": HUGE}),
    ),
    "no income": ("summary", summary(income=None, apart="")),
    "overspent": ("summary", summary(income={**summary()["income"], "overspent": True})),
    "nothing at all": (
        "summary",
        summary(0, days={**summary()["days"], "sizes": [0], "labels": [""]}, income=None),
    ),
    "one free row": ("summary", summary(rows=[row("groceries", weight=0)])),
    "a single day": (
        "summary",
        summary(days={**summary()["days"], "sizes": [5], "labels": [""], "peak": 0, "until": 1}),
    ),
    "budgets": ("budgets", budgets()),
    "dark budgets": ("budgets", {**budgets(), "theme": "dark"}),
    "no budget": ("budgets", {**budgets(), "rows": []}),
}


@pytest.mark.parametrize("name", HARD)
def test_every_picture_is_well_formed_and_stays_inside_its_frame(name: str) -> None:
    drawing, values = HARD[name]
    root = ET.fromstring(pictures.svg(drawing, values))  # noqa: S314 -- our own
    height = float(root.attrib["height"])
    for element in root.iter():
        tag = element.tag.split("}")[-1]
        if tag == "rect":
            left, top = float(element.get("x", 0)), float(element.get("y", 0))
            assert left >= 0
            assert left + float(element.attrib["width"]) <= WIDTH + 0.01
            assert top >= 0
            assert top + float(element.attrib["height"]) <= height + 0.01
        if tag == "text":
            assert inside(element), element.text
            assert 0 < float(element.attrib["y"]) < height


def inside(element: ET.Element) -> bool:
    """Return whether a text lies between the margins, by the fonts' own widths."""
    size, text = float(element.attrib["font-size"]), element.text or ""
    display = "Display" in element.attrib["font-family"]
    bold = element.get("font-weight") == "600"
    face: Any = (
        "InterDisplay-SemiBold" if display else "Inter-SemiBold" if bold else "Inter-Regular"
    )
    length, x = width(text, size, face), float(element.attrib["x"])
    start = {"start": x, "middle": x - length / 2, "end": x - length}[
        element.get("text-anchor", "start")
    ]
    return start >= 20 and start + length <= WIDTH - 20


@pytest.mark.parametrize("name", ["usual", "overspent", "dark", "budgets"])
def test_pictures_are_drawn_as_they_were_approved(name: str) -> None:
    """A change of looks is looked at: draw the picture, then replace the file (see the message)."""
    drawing, values = HARD[name]
    path = GOLDEN / f"{name}.svg"
    drawn = pictures.svg(drawing, values).replace("><", ">\n<") + "\n"
    assert path.exists(), "no such file yet: write it from pictures.svg and look at it"
    assert drawn == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["usual", "dark", "budgets", "nothing at all"])
def test_pictures_become_pixels(name: str) -> None:
    drawing, values = HARD[name]
    image = Image.open(io.BytesIO(pictures.draw(drawing, values)), formats=["PNG"]).convert("RGB")
    assert image.width == 1200
    assert 300 < image.height < 2600
    paper = "#14171A" if values["theme"] == "dark" else "#F6F4EF"
    assert "#{:02X}{:02X}{:02X}".format(*image.getpixel((5, 5))) == paper  # type: ignore[misc]
    colours = image.getcolors(1 << 20)
    assert colours is not None
    assert len(colours) > 50  # letters have soft edges


def test_a_category_has_its_colour_in_the_ring_and_in_its_bar() -> None:
    image = Image.open(io.BytesIO(pictures.draw("summary", summary(3))), formats=["PNG"])
    colours = image.convert("RGB").getcolors(1 << 20)
    assert colours is not None
    there = {"#{:02X}{:02X}{:02X}".format(*colour) for _, colour in colours}  # type: ignore[misc]
    assert {category_colour(i) for i in SPENDING[:3]} <= there


def test_categories_can_be_told_apart_by_colour() -> None:
    def parts(colour: str) -> tuple[int, ...]:
        return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))

    for one, other in itertools.combinations(SPENDING, 2):
        apart = sum(
            abs(a - b)
            for a, b in zip(parts(category_colour(one)), parts(category_colour(other)), strict=True)
        )
        assert apart >= 40, (one, other)


def test_hostile_labels_stay_text() -> None:
    nasty = '"/><script>&'
    picture = pictures.svg("summary", summary(rows=[row(nasty, label=nasty)], period=nasty))
    ET.fromstring(picture)  # noqa: S314 -- our own
    assert "<script" not in picture


@pytest.mark.parametrize("file", fonts.bundled())
def test_what_counts_as_drawable_is_in_the_bundled_fonts(file: str) -> None:
    covered = set(TTFont(file).getBestCmap())
    invisible = {0x200E, 0x200F}
    promised = {code for code in range(0x20, 0x3000) if fonts._BUNDLED.fullmatch(chr(code))}
    assert promised - invisible <= covered


@pytest.mark.parametrize("file", fonts.bundled())
def test_widths_are_the_fonts_own(file: str) -> None:
    font = TTFont(file)
    advances, names, per_em = font["hmtx"], font.getBestCmap(), font["head"].unitsPerEm
    face: Any = Path(file).stem
    for character in "Kvitto €1,234.50 zł ₴ Ünïcode Ж Ω":
        wanted = advances[names[ord(character)]][0] / per_em
        assert width(character, 1, face) == pytest.approx(wanted)


def test_the_bundled_fonts_are_small_and_licensed() -> None:
    assert len(fonts.bundled()) == 3
    assert sum(Path(file).stat().st_size for file in fonts.bundled()) < 1 << 20
    assert "SIL OPEN FONT LICENSE" in (fonts.FOLDER / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "drawable"),
    [
        ("Groceries €4.50 – ▲ 12 %", True),
        ("Продукти ₴ Ελληνικά Größe", True),
        ("emoji 🍕", False),  # no colour font: never a box
        ("ߒߞߏ", False),  # a script that no machine here has
    ],
)
def test_what_has_no_font_is_known(text: str, drawable: bool) -> None:  # noqa: FBT001
    assert fonts.drawable(text) is drawable


def test_a_label_without_a_font_becomes_its_number(localizer: Callable[..., Localizer]) -> None:
    from ledger.settings import OwnCategory
    from presentation.views.drawn import category_label

    t = localizer(categories=(OwnCategory("groceries", "ߒߞߏ"),))
    assert category_label("groceries", 3, t) == "3"
    assert category_label("travel", 4, t) == "Travel"


@pytest.mark.parametrize(("language", "currency"), [("th", "THB"), ("ar", "SAR"), ("nqo", "GNF")])
def test_amounts_can_always_be_drawn(
    language: str, currency: str, localizer: Callable[..., Localizer]
) -> None:
    from ledger.money import Money
    from presentation.views.drawn import money, say

    t = localizer(language, currency)
    amount = Money(Decimal("1234.50"), currency)
    assert fonts.drawable(money(amount, t))
    assert fonts.drawable(say(t, "picture.per_day", amount=amount))


def test_a_character_without_a_font_is_left_out_of_the_picture() -> None:
    assert ">Food </text>" in pictures.svg("summary", summary(rows=[row("x", label="Food ߒߞߏ")]))


def test_text_is_cut_or_shrunk_to_its_room() -> None:
    assert fitted_text("short", 17, "Inter-Regular", 400) == "short"
    cut = fitted_text(LONG, 17, "Inter-Regular", 120)
    assert cut.endswith("…")
    assert width(cut, 17, "Inter-Regular") <= 120
    size = fitted_size(HUGE, 60, "InterDisplay-SemiBold", 300)
    assert width(HUGE, size, "InterDisplay-SemiBold") == pytest.approx(300)


def test_pictures_hold_no_private_marks() -> None:
    for drawing, values in HARD.values():
        assert not re.search("[\u2066-\u2069\u202a-\u202e]", pictures.svg(drawing, values))
