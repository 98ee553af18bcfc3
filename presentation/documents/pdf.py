"""Draw a report to print, with the picture of the summary and the entries by category."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos

from ledger.money import Money
from ledger.summary import CategoryTotal, Summary
from ports.answers import Summarised
from presentation.documents.fonts import drawn, load_fonts
from presentation.documents.rows import Row, Rows
from presentation.documents.totals import Sum, Totals, largest_first
from presentation.localizer import Localizer
from presentation.pictures import draw
from presentation.pictures.fonts import FAMILY, drawable
from presentation.views.drawn import summary_picture

_MARGIN = 15.0
_LINE = 6.0
_LINES_MAX = 3
"""A longer note is cut there with an ellipsis; the CSV has the whole of it."""
_PICTURE_HEIGHT = 120.0
_INK, _MUTED, _RULE = (29, 33, 38), (117, 123, 132), (228, 225, 218)
_DATE, _AMOUNT, _PAYER = 30.0, 42.0, 30.0


class _Report(FPDF):
    """Pages with a header and a footer."""

    def __init__(self, rows: Rows, sample: str) -> None:
        super().__init__(format="A4")
        self.t = rows.t
        self.title_line = drawn(" · ".join(filter(None, (rows.title, _days(rows)))))
        self.set_margin(_MARGIN)
        self.set_auto_page_break(True, margin=20)
        load_fonts(self, sample)
        self.set_title(self.title_line)
        self.set_creator("Kvitto")

    def header(self) -> None:
        """Repeat the title on every page but the first."""
        if self.page_no() > 1:
            self.style(8, _MUTED)
            self.cell(0, 5, self.title_line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.ln(3)

    def footer(self) -> None:
        """Number the pages."""
        self.set_y(-14)
        self.style(8, _MUTED)
        number = self.t.plain("document.page", page=self.page_no(), pages="{nb}")
        self.cell(0, 5, drawn(number), align="C")

    def style(self, size: float, colour: tuple[int, int, int] = _INK, weight: str = "") -> None:
        """Set font, size and colour."""
        self.set_font(FAMILY, weight, size)
        self.set_text_color(*colour)

    def words(self, text: str, width: float) -> list[str]:
        """Return a text as lines of a width, at most `_LINES_MAX` of them."""
        text = drawn(text)
        if self.get_string_width(text) < width - 2 * self.c_margin:
            return [text]
        lines = self.multi_cell(width, _LINE, text, dry_run=True, output=MethodReturnValue.LINES)
        assert isinstance(lines, list)
        if len(lines) > _LINES_MAX:
            return [*lines[: _LINES_MAX - 1], f"{lines[_LINES_MAX - 1][:-1]}…"]
        return lines

    def rule(self) -> None:
        """Draw a fine line over the width of the text."""
        self.set_draw_color(*_RULE)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())


@dataclass(frozen=True, slots=True)
class _Collected:
    """The rows of a report by category, with their sums."""

    totals: Totals
    by_category: Mapping[tuple[str, str], Sequence[Row]]
    """Rows by type and category."""
    several_payers: bool


def write_report(rows: Rows, target: Path) -> None:
    """Draw the report of a file of rows."""
    collected = _collect(rows)
    sample = rows.path.read_text(encoding="utf-8")
    pdf = _Report(rows, sample)
    pdf.add_page()
    _write_title(pdf, rows, collected)
    _write_picture(pdf, rows, collected.totals)
    _write_sums(pdf, collected.totals)
    for kind in ("expense", "income"):
        for category in _order(collected, kind):
            _write_category(pdf, collected, kind, category)
    if not drawable("".join(filter(str.isalpha, sample.partition("\n")[2]))):
        pdf.ln(_LINE)
        pdf.style(8, _MUTED)
        pdf.multi_cell(0, 5, drawn(pdf.t.plain("document.no_font")))
    pdf.output(str(target))


def _collect(rows: Rows) -> _Collected:
    totals, by_category = Totals(rows.t.currency), defaultdict(list)
    payers = set()
    for row in rows:
        totals.add(row)
        by_category[row.type, row.category].append(row)
        payers.add(row.paid_by)
    return _Collected(totals, by_category, len(payers) > 1)


def _days(rows: Rows) -> str:
    return rows.t.period(rows.period, rows.today)


def _write_title(pdf: _Report, rows: Rows, collected: _Collected) -> None:
    pdf.style(20, weight="B")
    pdf.cell(0, 11, drawn(rows.title) or "Kvitto", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.style(11, _MUTED)
    count = sum(len(found) for found in collected.by_category.values())
    parts = (rows.conditions, _days(rows), pdf.t.plain("export.rows", count))
    line = " · ".join(filter(None, parts))
    pdf.cell(0, 7, drawn(line), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(4)


def _write_picture(pdf: _Report, rows: Rows, totals: Totals) -> None:
    """Draw the picture that a summary in the chat has, as wide as fits."""
    if not totals.spent:
        return
    summarised = Summarised(_summary(rows, totals), (), rows.t.settings, "asked", 0)
    picture = summary_picture(summarised, rows.t, today=rows.today)
    data = io.BytesIO(draw(picture.drawing, dict(picture.values)))
    top = pdf.get_y()
    image = pdf.image(
        data, x=pdf.l_margin, y=top, w=pdf.epw, h=_PICTURE_HEIGHT, keep_aspect_ratio=True
    )
    pdf.set_xy(pdf.l_margin, top + float(str(image["rendered_height"])) + _LINE)


def _summary(rows: Rows, totals: Totals) -> Summary:
    """Return the figures of the picture; a report compares with no other period."""
    nothing = Money(Decimal(0), totals.currency)
    categories = tuple(
        CategoryTotal(category, Money(one.amount, totals.currency), nothing, one.count)
        for category, one in largest_first(totals.spent)
    )
    return Summary(
        period=rows.period,
        before=rows.period,
        currency=totals.currency,
        spent=totals.spent_in_all(),
        spent_before=nothing,
        income=totals.earned_in_all(),
        income_before=nothing,
        count=sum(one.count for one in totals.spent.values()),
        categories=categories,
        days=tuple((on, Money(one, totals.currency)) for on, one in sorted(totals.days.items())),
        unconverted=totals.unconverted("expense"),
        through=min(rows.today, rows.period.end - timedelta(days=1)),
        unconverted_income=totals.unconverted("income"),
    )


def _write_sums(pdf: _Report, totals: Totals) -> None:
    """Write the table of sums by category, then what has no rate."""
    whole = totals.spent_in_all()
    _write_heading(pdf, pdf.t.plain("document.spent"), pdf.t.money(whole))
    for category, one in largest_first(totals.spent):
        share = one.amount / whole.amount if whole.amount else Decimal(0)
        _write_sum(pdf, _named(category, pdf.t), one, totals.currency, pdf.t.percent(share))
    if totals.earned:
        _write_heading(pdf, pdf.t.plain("document.earned"), pdf.t.money(totals.earned_in_all()))
        for category, one in largest_first(totals.earned):
            _write_sum(pdf, _named(category, pdf.t), one, totals.currency, "")
    if totals.apart:
        _write_heading(pdf, pdf.t.plain("document.apart"), "")
        for (kind, currency), one in sorted(totals.apart.items()):
            _write_sum(pdf, pdf.t.plain(f"document.type.{kind}"), one, currency, "")


def _write_heading(pdf: _Report, label: str, amount: str) -> None:
    # A heading never stands alone at the foot of a page.
    if pdf.will_page_break(4 * _LINE):
        pdf.add_page()
    pdf.ln(4)
    pdf.style(12, weight="B")
    pdf.cell(pdf.epw - _AMOUNT, 8, drawn(label))
    pdf.cell(_AMOUNT, 8, drawn(amount), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.rule()


def _write_sum(pdf: _Report, label: str, one: Sum, currency: str, share: str) -> None:
    pdf.style(10)
    pdf.cell(pdf.epw - _AMOUNT - 50, _LINE, drawn(label))
    pdf.style(10, _MUTED)
    pdf.cell(30, _LINE, drawn(pdf.t.plain("export.rows", one.count)), align="R")
    pdf.cell(20, _LINE, drawn(share), align="R")
    pdf.style(10)
    amount = pdf.t.money(Money(one.amount, currency))
    pdf.cell(_AMOUNT, _LINE, drawn(amount), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _order(collected: _Collected, kind: str) -> list[str]:
    """Return the categories of a type, the largest sum first, those without a rate last."""
    sums = collected.totals.earned if kind == "income" else collected.totals.spent
    ranked = [category for category, _ in largest_first(sums)]
    found = [category for type_, category in collected.by_category if type_ == kind]
    return sorted(found, key=lambda one: ranked.index(one) if one in ranked else len(ranked))


def _write_category(pdf: _Report, collected: _Collected, kind: str, category: str) -> None:
    sums = collected.totals.earned if kind == "income" else collected.totals.spent
    whole = Money(sums[category].amount, collected.totals.currency) if category in sums else None
    _write_heading(pdf, _named(category, pdf.t), pdf.t.money(whole) if whole else "")
    for row in collected.by_category[kind, category]:
        _write_row(pdf, row, shows_payer=collected.several_payers)


def _write_row(pdf: _Report, row: Row, *, shows_payer: bool) -> None:
    pdf.style(9)
    width = pdf.epw - _DATE - _AMOUNT - (_PAYER if shows_payer else 0)
    tags = " ".join(f"#{tag}" for tag in row.tags.split())
    lines = pdf.words(" ".join(filter(None, (row.title, tags))), width)
    amounts = [pdf.t.money(row.money)]
    if row.base is None or row.base.currency != row.money.currency:
        amounts.append(pdf.t.money(row.base) if row.base else pdf.t.plain("document.no_rate"))
    height = _LINE * max(len(lines), len(amounts))
    if pdf.will_page_break(height):
        pdf.add_page()
    top = pdf.get_y()
    pdf.style(9, _MUTED)
    pdf.cell(_DATE, _LINE, drawn(pdf.t.days(row.on, row.on, date.min)))
    pdf.style(9)
    _write_lines(pdf, lines, width, "L")
    if shows_payer:
        pdf.style(9, _MUTED)
        _write_lines(pdf, pdf.words(row.paid_by, _PAYER)[:1], _PAYER, "L")
        pdf.style(9)
    _write_lines(pdf, amounts, _AMOUNT, "R")
    pdf.set_xy(pdf.l_margin, top + height)


def _write_lines(pdf: _Report, lines: Sequence[str], width: float, align: str) -> None:
    """Write lines below each other; go on at the right of the first."""
    left, top = pdf.get_x(), pdf.get_y()
    for number, line in enumerate(lines):
        pdf.set_xy(left, top + number * _LINE)
        pdf.cell(width, _LINE, drawn(line), align=align)
    pdf.set_xy(left + width, top)


def _named(category: str, t: Localizer) -> str:
    return t.category_name(category) if category else t.plain("category.none")
