"""Text in a picture: PP-OCRv6 through rapidocr, detection in tiles, recognition in one go.

Detection looks at pictures of at most 1280 pixels a side (a 40x4000 strip at full size took 88 s
and 4.8 GB); a strip longer than twice its width is therefore cut into overlapping tiles. The
package's own angle classifier is left out: pages are turned upright as a whole first.
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from rapidocr import RapidOCR
from rapidocr.utils.process_img import get_rotate_crop_image

from ai.ocr.orientation import Orientation, Pixels, turn_back
from ports.reading import Box, Line, Page

THREADS: Final = 2
_SIDE: Final = 1280
_TILE_ASPECT: Final = 2.0
_TILE_OVERLAP: Final = 0.12
_SCORE_MIN: Final = 0.3
"""Lines read with less confidence than this are noise; the rules weigh all others."""
_UPSIDE_DOWN_BELOW: Final = 0.9
"""Mean confidence under which the opposite orientation is tried as well."""
_LINES_MIN: Final = 3
_SIDEWAYS_SHARE: Final = 0.6
_SMALL_PRINT: Final = 19.0
"""Median height of boxes in pixels below which a page is read again enlarged."""
_PRINT: Final = 30.0
_WORTH_ENLARGING: Final = 1.3
_CLOSER_PIXELS: Final = 1_900_000
_TWO_ROWS: Final = 1.55
"""A box this many times the median height may hold two rows of print."""
_LINES_MAX: Final = 600
"""More boxes than any receipt page has; the rest of a wall of text is left out."""

_BLANK: Final = 0.25
"""Ink between two rows of print, as a share of the ink within them."""

Boxes = npt.NDArray[np.float32]


class Engine:
    """The loaded models."""

    def __init__(self) -> None:
        self._orientation = Orientation(THREADS)
        self._ocr: Any = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.use_preprocess_img": False,
                "Det.limit_type": "max",
                "Det.limit_side_len": _SIDE,
                # Narrower padding than the default 320: nearly half of all words are short.
                "Rec.rec_img_shape": [3, 48, 64],
                "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def read_page(self, pixels: Pixels) -> tuple[Page, Pixels]:
        """Read an RGB page however it is turned; return it with its pixels upright."""
        turn = self._orientation.turn_of(pixels)
        bgr = turn_back(pixels[:, :, ::-1], turn)
        page = self._read_upright(bgr)
        if _is_sideways(page):
            bgr = turn_back(bgr, 90)
            page = self._read_upright(bgr)
        if len(page.lines) < _LINES_MIN or mean_confidence(page) < _UPSIDE_DOWN_BELOW:
            turned = turn_back(bgr, 180)
            other = self._read_upright(turned)
            if _evidence(other) > _evidence(page):
                page, bgr = other, turned
        return self._look_closer(page, bgr), bgr

    def _look_closer(self, page: Page, bgr: Pixels) -> Page:
        """Read small print again, cut out and enlarged; detection glues its rows together."""
        if len(page.lines) < _LINES_MIN:
            return page
        height = float(np.median([line.box.height for line in page.lines]))
        if height >= _SMALL_PRINT:
            return page
        left = max(0, int(min(line.box.left for line in page.lines) - 2 * height))
        top = max(0, int(min(line.box.top for line in page.lines) - 2 * height))
        right = int(max(line.box.right for line in page.lines) + 2 * height)
        bottom = int(max(line.box.bottom for line in page.lines) + 2 * height)
        cut = bgr[top:bottom, left:right]
        scale = min(_PRINT / height, (_CLOSER_PIXELS / (cut.shape[0] * cut.shape[1])) ** 0.5)
        if scale < _WORTH_ENLARGING:
            return page
        larger: Any = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        closer = self._read_upright(larger)
        if _evidence(closer) < _evidence(page):
            return page
        lines = tuple(
            Line(line.text, _moved(line.box, scale, left, top), line.confidence)
            for line in closer.lines
        )
        return Page(page.width, page.height, lines)

    def _read_upright(self, bgr: Pixels) -> Page:
        height, width = bgr.shape[:2]
        crops: list[Pixels] = []
        boxes: list[Boxes] = []
        for top, bottom in tiles(height, width):
            tile_boxes = _parted(bgr[top:bottom], self._detect(bgr[top:bottom]))
            tile_crops = [get_rotate_crop_image(bgr[top:bottom], box.copy()) for box in tile_boxes]
            for crop, box in zip(tile_crops, tile_boxes, strict=True):
                if _is_whole(box, top, bottom, height):
                    crops.append(crop)
                    boxes.append(box + np.array((0, top), np.float32))
        kept = _without_doubles(boxes)[:_LINES_MAX]
        if not kept:
            return Page(width, height)
        result = self._ocr.recognize_txt([crops[index] for index in kept])
        lines = (
            Line(text.strip(), _box(boxes[index]), round(float(score), 4))
            for index, text, score in zip(kept, result.txts, result.scores, strict=True)
            if text.strip() and score >= _SCORE_MIN
        )
        return Page(width, height, tuple(lines))

    def _detect(self, tile: Pixels) -> list[Boxes]:
        detector = self._ocr.text_det or self._ocr._load_det_model()  # noqa: SLF001 - the public way crops a second time
        boxes = detector(tile).boxes
        return [] if boxes is None else list(boxes)


def tiles(height: int, width: int) -> list[tuple[int, int]]:
    """Cut a page into overlapping bands that detection can look at without shrinking them much."""
    if height <= max(_SIDE, width * _TILE_ASPECT) * 1.25:
        return [(0, height)]
    tall = int(max(_SIDE, width * _TILE_ASPECT))
    step = int(tall * (1 - _TILE_OVERLAP))
    tops = range(0, max(1, height - int(tall * _TILE_OVERLAP)), step)
    return [(top, min(height, top + tall)) for top in tops]


def mean_confidence(page: Page) -> float:
    """Mean confidence of the lines, weighted by their length; 0 without lines."""
    letters = sum(len(line.text) for line in page.lines)
    return sum(len(line.text) * line.confidence for line in page.lines) / letters if letters else 0


def _evidence(page: Page) -> float:
    """How much text was read and how surely; compares two orientations of one page."""
    return sum(len(line.text) * max(0.0, line.confidence - 0.5) for line in page.lines)


def _is_sideways(page: Page) -> bool:
    """Say whether most words run down the page; the reader turns such crops itself."""
    words = [line.box for line in page.lines if len(line.text) > 2]  # noqa: PLR2004 - a word
    tall = sum(box.height > 1.5 * box.width for box in words)
    return tall > _SIDEWAYS_SHARE * len(words) > 0


def _moved(box: Box, scale: float, left: int, top: int) -> Box:
    """A box of the enlarged cut in the page's own pixels."""
    x0, y0, x1, y1, x2, y2, x3, y3 = (value / scale for value in box.corners)
    return Box((x0 + left, y0 + top, x1 + left, y1 + top, x2 + left, y2 + top, x3 + left, y3 + top))


def _parted(tile: Pixels, boxes: list[Boxes]) -> list[Boxes]:
    """Part boxes into which detection glued two rows of print."""
    if len(boxes) < _LINES_MIN:
        return boxes
    heights = [_height(box) for box in boxes]
    usual = float(np.median(heights))
    parted: list[Boxes] = []
    for box, height in zip(boxes, heights, strict=True):
        wide = float(np.linalg.norm(box[1] - box[0])) > 0.9 * height
        cut = _valley(tile, box) if height > _TWO_ROWS * usual and wide else None
        if cut is None:
            parted.append(box)
            continue
        left = box[0] + (box[3] - box[0]) * cut
        right = box[1] + (box[2] - box[1]) * cut
        parted.append(np.array((box[0], box[1], right, left), np.float32))
        parted.append(np.array((left, right, box[2], box[3]), np.float32))
    return parted


def _height(box: Boxes) -> float:
    return float(np.linalg.norm(box[3] - box[0]) + np.linalg.norm(box[2] - box[1])) / 2


def _valley(tile: Pixels, box: Boxes) -> float | None:
    """Where between two rows of ink a box is blank, as a share of its height; None if nowhere."""
    crop = get_rotate_crop_image(tile, box.copy())
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    _, ink = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    profile = cv2.blur(ink.mean(axis=1, dtype=np.float32).reshape(-1, 1), (1, 3)).ravel()
    height = len(profile)
    middle = profile[height * 3 // 10 : height * 7 // 10]
    if not len(middle):
        return None
    above, below = profile[: height * 4 // 10].max(), profile[height * 6 // 10 :].max()
    if middle.min() > _BLANK * min(above, below):
        return None
    return (height * 3 // 10 + float(np.argmin(middle))) / height


def _is_whole(box: Boxes, top: int, bottom: int, height: int) -> bool:
    """Leave out what an inner edge of a tile cut through; the neighbour tile has it whole."""
    cut_above = top > 0 and box[:, 1].min() <= 1
    cut_below = bottom < height and box[:, 1].max() >= bottom - top - 1
    return not (cut_above or cut_below)


def _without_doubles(boxes: list[Boxes]) -> list[int]:
    """Indices of the boxes without those that two tiles saw both."""
    kept: list[int] = []
    for index, box in enumerate(boxes):
        centre = box.mean(axis=0)
        for other in kept:
            low, high = boxes[other].min(axis=0), boxes[other].max(axis=0)
            if (low < centre).all() and (centre < high).all():
                break
        else:
            kept.append(index)
    return kept


def _box(points: Boxes) -> Box:
    x0, y0, x1, y1, x2, y2, x3, y3 = (round(float(value), 1) for value in points.reshape(8))
    return Box((x0, y0, x1, y1, x2, y2, x3, y3))
