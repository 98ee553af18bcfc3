"""Draw the charts of the dashboard as SVG, with the strokes and colours of the chat's pictures.

They are placed inside a page, so colours are the page's own variables (a theme switches all of them at
once) and words are left to the page's fonts. A chart names itself by `<title>` and `<desc>`; the page
has a table of the same figures below each.
"""

from presentation.charts.bars import band, columns, progress, share_bar
from presentation.charts.canvas import category_icon, themes
from presentation.charts.pace import PaceValues, grid_of, pace
from presentation.charts.ring import shares_ring

__all__ = [
    "PaceValues",
    "band",
    "category_icon",
    "columns",
    "grid_of",
    "pace",
    "progress",
    "share_bar",
    "shares_ring",
    "themes",
]
