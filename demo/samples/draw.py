"""Draw the sample receipts: `python -m demo.samples.draw`.

Every receipt of `receipts.json` is set as text on a strip (resvg), bent, lit and laid on a surface
(numpy, Pillow), and written in its format with a small preview; `samples.json` lists them for the
page. The result is checked in; drawing again needs the fonts DejaVu Sans Mono and, for Japanese,
Noto Sans Mono CJK.
"""

from __future__ import annotations

import html
import io
import json
import time
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pillow_heif
import resvg_py
from PIL import Image, ImageDraw, ImageFilter, ImageOps

HERE = Path(__file__).parent
STRIP_WIDTH = 620
PHOTO_SIZE = (1200, 1600)
PREVIEW_SIZE = (240, 320)
JPEG_QUALITY = 82

_MARGIN = 38
_ROW_HEIGHT = 36
_FONT_SIZE = 25
_FONT = "DejaVu Sans Mono"
_WIDE_FONT = "Noto Sans Mono CJK JP"
_STYLES = {
    "title": 'font-size="36" font-weight="bold"',
    "total": 'font-size="31" font-weight="bold"',
}
_SEED = 20261121

# Two tones and how strongly the grain is stretched along the board.
_SURFACES = {
    "oak": ((186, 148, 104), (150, 112, 72), 60),
    "walnut": ((112, 80, 58), (78, 54, 40), 70),
    "slate": ((92, 98, 104), (70, 75, 82), 3),
    "linen": ((222, 214, 198), (204, 194, 176), 2),
}
_MIME = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
    "pdf": "application/pdf",
}
Pixels = npt.NDArray[np.float64]


def main() -> None:
    """Draw all samples into this folder."""
    pillow_heif.register_heif_opener()
    receipts = json.loads((HERE / "receipts.json").read_text("utf-8"))
    listed = [draw(receipt) for receipt in receipts]
    text = json.dumps(listed, ensure_ascii=False, indent=2)
    (HERE / "samples.json").write_text(f"{text}\n", "utf-8")


def draw(receipt: dict[str, Any]) -> dict[str, Any]:
    """Draw one receipt and return its line of the list."""
    truth = receipt["truth"]
    total = sum((Decimal(line) for line in receipt["adds_up"]), Decimal(0))
    assert total == Decimal(truth["total"]), receipt["name"]
    strip = set_strip(receipt["rows"])
    is_photo = receipt["surface"] != "none"
    picture = photograph(strip, receipt) if is_photo else lay_flat(strip, receipt["format"])
    file_name = f"{receipt['name']}.{receipt['format']}"
    _write(picture, HERE / file_name)
    preview_name = f"{receipt['name']}-preview.jpg"
    preview = ImageOps.fit(picture, PREVIEW_SIZE, centering=(0.5, 0.3))
    preview.save(HERE / preview_name, quality=JPEG_QUALITY)
    return {
        "title": receipt["title"],
        "file": file_name,
        "preview": preview_name,
        "mime": _MIME[receipt["format"]],
        "as": receipt["as"],
        "label": receipt["format"].upper(),
        "truth": truth,
    }


def set_strip(rows: list[list[str]]) -> Image.Image:
    """Draw the printed strip of paper, straight and flat."""
    parts: list[str] = []
    y = 70.0
    for row in rows:
        y += _row_height(row[0])
        parts.append(_set_row(row, y))
    height = int(y + 80)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{STRIP_WIDTH}" height="{height}">'
        f'<rect width="100%" height="100%" fill="#fcfbf7"/>'
        f'<g font-family="{_FONT}" font-size="{_FONT_SIZE}" fill="#23262b" '
        f'xml:space="preserve">{"".join(parts)}</g></svg>'
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=2))
    return Image.open(io.BytesIO(png), formats=("PNG",)).convert("RGB")


def _row_height(kind: str) -> int:
    return {"gap": 18, "title": 46, "total": 50, "barcode": 92}.get(kind, _ROW_HEIGHT)


def _set_row(row: list[str], y: float) -> str:
    kind, *texts = row
    left, right, middle = _MARGIN, STRIP_WIDTH - _MARGIN, STRIP_WIDTH / 2
    style = _STYLES.get(kind) or _shrink(" ".join(texts))
    match kind:
        case "title" | "centre":
            places = [(middle, "middle")]
        case "right":
            places = [(right, "end")]
        case "barcode":
            return _bars(y)
        case "rule":
            line = f"M{left} {y - 12}H{right}"
            return f'<path d="{line}" stroke="#23262b" stroke-width="2" stroke-dasharray="7 5"/>'
        case _:
            places = [(left, "start"), (right, "end")]
    return "".join(
        _text(text, x, y, anchor, style) for text, (x, anchor) in zip(texts, places, strict=False)
    )


def _shrink(text: str) -> str:
    """Return a smaller font size for a row that would not fit; wide characters count double."""
    width = len(text) + sum(map(_is_wide, text))
    room = STRIP_WIDTH - 2 * _MARGIN
    fitting = room / (max(width, 1) * 0.61)
    return f'font-size="{fitting:.1f}"' if fitting < _FONT_SIZE else ""


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _text(text: str, x: float, y: float, anchor: str, style: str = "") -> str:
    if any(map(_is_wide, text)):
        style += f' font-family="{_WIDE_FONT}"'
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {style}>{html.escape(text)}</text>'


def _bars(y: float) -> str:
    generator = np.random.default_rng(_SEED)
    x = float(_MARGIN + 90)
    bars = []
    while x < STRIP_WIDTH - _MARGIN - 90:
        width, space = generator.integers(2, 6, size=2)
        bars.append(f'<rect x="{x}" y="{y - 72}" width="{width}" height="56"/>')
        x += float(width + space)
    return "".join(bars)


def lay_flat(strip: Image.Image, file_format: str) -> Image.Image:
    """Draw a receipt that was never on paper, on a light page as in a shop's e-mail."""
    page = Image.new("RGB", (1240, 1754) if file_format == "pdf" else PHOTO_SIZE, "#eef0ee")
    strip = strip.copy()
    strip.thumbnail((page.width - 160, page.height - 160))
    page.paste(strip, ((page.width - strip.width) // 2, 80))
    return page


def photograph(strip: Image.Image, receipt: dict[str, Any]) -> Image.Image:
    """Photograph the strip: bent, folded, lit from one side, on a surface."""
    generator = np.random.default_rng(_SEED + len(receipt["name"]))
    paper = _tear(_bend(_fold(strip, generator)))
    scale = min(0.80 * PHOTO_SIZE[0] / paper.width, 0.90 * PHOTO_SIZE[1] / paper.height)
    paper = paper.resize((int(paper.width * scale), int(paper.height * scale)))
    paper = paper.rotate(receipt["tilt_degrees"], expand=True, resample=Image.Resampling.BICUBIC)
    photo = _surface(receipt["surface"], generator)
    place = ((photo.width - paper.width) // 2, (photo.height - paper.height) // 2)
    shade = Image.new("L", photo.size, 0)
    shade.paste(paper.getchannel("A"), (place[0] + 12, place[1] + 16))
    shade = shade.filter(ImageFilter.GaussianBlur(16)).point(lambda value: value * 0.5)
    photo.paste(Image.new("RGB", photo.size, (20, 16, 12)), mask=shade)
    photo.paste(paper.convert("RGB"), place, paper.getchannel("A"))
    return _develop(_lean(photo), generator)


def _fold(strip: Image.Image, generator: np.random.Generator) -> Image.Image:
    """Add two creases, each with a bright and a dark side."""
    pixels = np.asarray(strip, dtype=np.float64)
    rows = np.arange(pixels.shape[0])
    shade = np.ones(pixels.shape[0])
    for share in (0.36, 0.69):
        crease = int(pixels.shape[0] * (share + generator.uniform(-0.03, 0.03)))
        distance = rows - crease
        shade -= 0.07 * np.exp(-np.clip(distance, 0, None) / 90) * (distance >= 0)
        shade += 0.03 * np.exp(np.clip(distance, None, 0) / 60) * (distance < 0)
    return _picture(pixels * shade[:, None, None])


def _bend(strip: Image.Image) -> Image.Image:
    """Bend the strip in a gentle wave, with its highlights."""
    pixels = np.asarray(strip, dtype=np.float64)
    height, width, _ = pixels.shape
    rows = np.arange(height)
    shift = np.round(7 * np.sin(rows / height * 5.2 + 0.6)).astype(int)
    columns = np.clip(np.arange(width)[None, :] - shift[:, None], 0, width - 1)
    bent = pixels[rows[:, None], columns]
    light = 1 + 0.035 * np.cos(rows / height * 7.5)
    across = 1 - 0.07 * (np.linspace(-1, 1, width) ** 4)
    return _picture(bent * light[:, None, None] * across[None, :, None])


def _tear(strip: Image.Image) -> Image.Image:
    """Cut both ends with the toothed edge of a printer."""
    mask = Image.new("L", strip.size, 255)
    pen = ImageDraw.Draw(mask)
    tooth = 14
    for x in range(0, strip.width, tooth):
        for end, inner in ((0, tooth // 2), (strip.height - 1, strip.height - 1 - tooth // 2)):
            pen.polygon(((x, end), (x + tooth / 2, inner), (x + tooth, end)), fill=0)
    strip.putalpha(mask)
    return strip


def _surface(name: str, generator: np.random.Generator) -> Image.Image:
    """Draw a board, cloth or stone under the receipt."""
    light, dark, stretch = _SURFACES[name]
    width, height = PHOTO_SIZE
    grain = generator.random((height // stretch + 2, width))
    field = Image.fromarray((grain * 255).astype(np.uint8)).resize(
        PHOTO_SIZE, Image.Resampling.BICUBIC
    )
    field = field.filter(ImageFilter.GaussianBlur(1.4))
    share = np.asarray(field, dtype=np.float64)[:, :, None] / 255
    return _picture(np.array(light) * share + np.array(dark) * (1 - share))


def _lean(photo: Image.Image) -> Image.Image:
    """Tilt the picture, as from a camera that is not held straight above."""
    width, height = photo.size
    corners = (34, 14, 4, height - 6, width - 4, height - 10, width - 30, 12)
    return photo.transform(
        photo.size, Image.Transform.QUAD, corners, resample=Image.Resampling.BICUBIC
    )


def _develop(photo: Image.Image, generator: np.random.Generator) -> Image.Image:
    """Add light from the upper left, a little noise and a little softness."""
    width, height = photo.size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    light = 1.07 - 0.22 * (0.55 * x + 0.45 * y) ** 1.6
    soft = photo.filter(ImageFilter.GaussianBlur(0.7))
    pixels = np.asarray(soft, dtype=np.float64) * light[:, :, None]
    pixels += generator.normal(0, 2.2, pixels.shape)
    return _picture(pixels * np.array([1.02, 1.0, 0.965]))


def _picture(pixels: Pixels) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _write(picture: Image.Image, path: Path) -> None:
    match path.suffix:
        case ".jpg":
            picture.save(path, quality=JPEG_QUALITY)
        case ".heic":
            picture.save(path, format="HEIF", quality=45)
        case ".png":
            picture.quantize(64).save(path, optimize=True)
        case ".pdf":
            drawn_at = time.gmtime(0)
            picture.save(
                path,
                resolution=150.0,
                quality=JPEG_QUALITY,
                creationDate=drawn_at,
                modDate=drawn_at,
            )


if __name__ == "__main__":
    main()
