"""A till of our own: receipts in many layouts, languages and currencies, with their truth.

Nothing is copied from a real receipt: shops, goods and streets are made up (`packs.toml`), figures
are random and add up. `ring_up` gives the print as rows of texts at columns; `typeset` turns it into
a `Reading` as an OCR would (boxes on tilted and curled paper, small misreadings); `paint.py` makes a
picture of it. The same seed gives the same receipt.
"""

from __future__ import annotations

import datetime as dt
import math
import random
import tomllib
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ledger.money import minor_digits
from ledger.receipt.reading import Box, Page, Reading, TextRun

HERE = Path(__file__).resolve().parent
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
CENT = Decimal("0.01")


@dataclass
class Print:
    """One run of text: its row, where it begins in characters, and its size (1 is the body's)."""

    text: str
    row: float
    column: float
    size: float = 1.0


@dataclass
class Drawn:
    """A receipt as printed, and its truth."""

    tag: str
    width: int
    prints: list[Print]
    rows: float
    truth: dict[str, object] = field(default_factory=dict)


@cache
def packs() -> dict[str, dict[str, Any]]:
    return tomllib.loads((HERE / "packs.toml").read_text("utf-8"))


def ring_up(seed: int, tag: str | None = None) -> Drawn:
    """Sell a few things; everything printed adds up."""
    rng = random.Random(seed)
    tag = tag or rng.choice(sorted(packs()))
    return _Till(rng, tag).receipt()


class _Till:
    def __init__(self, rng: random.Random, tag: str) -> None:
        self.rng = rng
        self.tag = tag
        self.pack = packs()[tag]
        self.say = self.pack["say"]
        self.digits = minor_digits(self.pack["currency"]) if self.pack["number"][0] != "0" else 0
        self.width = rng.choice((32, 38, 42, 48))
        self.money = rng.choice(self.pack["money"])
        self.prints: list[Print] = []
        self.row = 0.0

    def receipt(self) -> Drawn:
        shop = self.rng.choice(self.pack["shops"])
        on = NOW.date() - dt.timedelta(days=self.rng.randrange(900))
        moment = dt.datetime.combine(on, dt.time(self.rng.randrange(8, 22), self.rng.randrange(60)))
        stamp = moment.strftime(self.rng.choice(self.pack["date"]))
        labelled = self.rng.random() < 0.5
        date_text = f"{self.say['date']}: {stamp}" if labelled else stamp
        self.centre(shop, self.rng.choice((1.0, 1.4, 2.0)))
        for place in self.pack["places"]:
            self.centre(place)
        self.gap()
        if self.rng.random() < 0.6:
            self.centre(self.pack["heading"], self.rng.choice((1.0, 1.3)))
        date_on_top = self.rng.random() < 0.6
        if date_on_top:
            self.left(date_text)
        if self.rng.random() < 0.5:
            self.left(f"No. {self.rng.randrange(10000, 999999)}")
        self.gap()
        items = self.sell()
        self.gap()
        total, tax = self.sum_up(items)
        if not date_on_top:
            self.gap()
            self.left(date_text)
        truth = {
            "merchant": shop,
            "date": on.isoformat(),
            "total": self.plain(total),
            "currency": self.pack["currency"],
            "tax": None if tax is None else self.plain(tax),
            "items": [{"name": name, "price": self.plain(price)} for name, price in items],
            "language": self.tag.split("-")[0].replace("nb", "no"),
            "country": self.tag.split("-")[1],
        }
        if self.pack.get("mirrored"):
            for piece in self.prints:
                piece.column = max(0.0, self.width - piece.column - cells(piece.text) * piece.size)
        return Drawn(self.tag, self.width, self.prints, self.row, truth)

    def sell(self) -> list[tuple[str, Decimal]]:
        """Print the items in one of four layouts; return the items sold."""
        layout = self.rng.choice(("one row", "one row", "times below", "figures below"))
        items: list[tuple[str, Decimal]] = []
        for good in self.rng.sample(
            self.pack["goods"], self.rng.randrange(1, len(self.pack["goods"]))
        ):
            unit = self.price()
            count = self.rng.choice((1, 1, 1, 2, 3))
            price = unit * count
            if layout == "figures below":
                self.left(good)
                self.pair(f"   {count} x {self.amount(unit)}", self.amount(price))
            else:
                self.pair(good, self.amount(price))
                if count > 1 and layout == "times below":
                    self.left(f"   {count} x {self.amount(unit)}")
            items.append((good, price))
            if "deposit" in self.say and self.rng.random() < 0.15:
                items.append((self.say["deposit"], Decimal("0.25")))
                self.pair(self.say["deposit"], self.amount(Decimal("0.25")))
        if "discount" in self.say and len(items) > 1 and self.rng.random() < 0.2:
            less = -(items[0][1] / 4).quantize(CENT if self.digits else Decimal(1), ROUND_HALF_UP)
            items.append((self.say["discount"], less))
            self.pair(self.say["discount"], self.amount(less))
        return items

    def sum_up(self, items: list[tuple[str, Decimal]]) -> tuple[Decimal, Decimal | None]:
        """Print sums, tax and payment; return the total and the tax."""
        net = sum((price for _, price in items), Decimal(0))
        rate = Decimal(str(self.rng.choice(self.pack["rates"])))
        on_top = self.pack["tax"] == "top"
        share = net * rate / (100 if on_top else 100 + rate)
        tax = share.quantize(CENT if self.digits else Decimal(1), ROUND_HALF_UP)
        total = net + tax if on_top else net
        if on_top or self.rng.random() < 0.3:
            self.pair(self.say["subtotal"], self.amount(net))
        if on_top:
            self.pair(f"{self.say['tax']} {rate}%", self.amount(tax))
        if on_top and self.rng.random() < 0.3:
            tip = self.price()
            self.pair(self.say["tip"], self.amount(tip))
            total += tip
        before = total
        if "rounding" in self.say and self.rng.random() < 0.6:
            step = Decimal("0.05") if self.tag == "en-MY" else Decimal(1)
            total = (total / step).quantize(Decimal(1), ROUND_HALF_UP) * step
            if total != before:
                self.pair(self.say["subtotal"], self.amount(before))
                self.pair(self.say["rounding"], self.amount(total - before))
        self.pair(self.say["total"], self.amount(total), self.rng.choice((1.0, 1.4)))
        if self.rng.random() < 0.3:
            self.left(f"{self.say['count']}: {len(items)}")
        if self.rng.random() < 0.5:
            note = self.cash_for(total)
            self.pair(self.say["cash"], self.amount(note))
            self.pair(self.say["change"], self.amount(note - total))
        else:
            self.pair(self.say["card"], self.amount(total))
        if self.pack["tax"] == "in":
            self.gap()
            self.pair(f"{self.say['tax']} {rate}%", self.amount(tax))
        return total, None if self.pack["tax"] == "none" else tax

    def price(self) -> Decimal:
        scale = {"JPY": 100, "KRW": 1000, "HUF": 300, "CZK": 25, "RUB": 80, "UAH": 30, "TRY": 30}
        base = Decimal(self.rng.randrange(60, 1990)) / 100
        price = base * scale.get(self.pack["currency"], 1)
        return price.quantize(CENT) if self.digits else price.quantize(Decimal(10))

    def cash_for(self, total: Decimal) -> Decimal:
        note = Decimal(10) ** max(1, len(str(int(total))) - 1)
        return (total / note).to_integral_value(ROUND_HALF_UP) * note + note

    def amount(self, value: Decimal) -> str:
        point, group = self.pack["number"][0], self.pack["number"][1]
        text = f"{abs(value):,.{self.digits}f}"
        text = text.replace(",", "\0").replace(".", point).replace("\0", group)
        return ("-" if value < 0 else "") + str(self.money.format(a=text))

    def plain(self, value: Decimal) -> str:
        return f"{value:.{minor_digits(self.pack['currency'])}f}"

    def centre(self, text: str, size: float = 1.0) -> None:
        self.prints.append(
            Print(text, self.row, max(0, (self.width - cells(text) * size) / 2), size)
        )
        self.row += 1.15 * size

    def left(self, text: str) -> None:
        self.prints.append(Print(text, self.row, 0))
        self.row += 1.15

    def pair(self, label: str, amount: str, size: float = 1.0) -> None:
        label = label[: self.width - len(amount) - 2]
        self.prints.append(
            Print(label.strip(), self.row, cells(label) - cells(label.lstrip()), size)
        )
        self.prints.append(Print(amount, self.row, self.width - cells(amount) * size, size))
        self.row += 1.15 * size

    def gap(self) -> None:
        self.row += self.rng.choice((0.3, 0.8, 1.2))


def cells(text: str) -> int:
    """Width in characters of a till's font; East Asian signs take two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def typeset(drawn: Drawn, seed: int, *, noise: float = 0.0) -> Reading:
    """Make a reading of a receipt as a good OCR sees it on tilted, curled paper."""
    rng = random.Random(seed)
    unit = 14.0
    tilt, curl = math.radians(rng.uniform(-6, 6)), rng.uniform(-0.5, 0.5)
    wide = drawn.width * unit * 0.6 * 1.3

    def place(x: float, y: float) -> tuple[float, float]:
        bent = y + curl * unit * math.sin(math.pi * x / (drawn.width * unit * 0.6))
        return (
            wide * 0.12 + x * math.cos(tilt) - bent * math.sin(tilt) + 80,
            60 + x * math.sin(tilt) + bent * math.cos(tilt),
        )

    lines = []
    for piece in drawn.prints:
        left, top = piece.column * unit * 0.6, piece.row * unit * 1.5
        right = left + cells(piece.text) * unit * 0.6 * piece.size
        bottom = top + unit * 1.25 * piece.size
        corners = (place(left, top), place(right, top), place(right, bottom), place(left, bottom))
        flat = tuple(value for corner in corners for value in corner)
        text = misread(piece.text, rng, noise)
        lines.append(TextRun(text, Box(flat), round(rng.uniform(0.93, 1.0), 3)))  # type: ignore[arg-type]
    rng.shuffle(lines)
    return Reading("local", (Page(wide + 160, drawn.rows * unit * 1.5 + 200, tuple(lines)),))


def misread(text: str, rng: random.Random, noise: float) -> str:
    """Confuse a few letters as OCR does; digits of amounts are left alone."""
    swaps = {"l": "1", "O": "0", "I": "l", "rn": "m", "S": "5", "o": "0"}
    for one, other in swaps.items():
        if rng.random() < noise and one in text:
            text = text.replace(one, other, 1)
    return text
