"""Text in a picture: PP-OCRv6 through rapidocr, detection in tiles, recognition in one go.

Detection looks at pictures of at most 1280 pixels a side (a 40x4000 strip at full size took 88 s
and 4.8 GB); a strip longer than twice its width is therefore cut into overlapping tiles. The
package's own angle classifier is left out: pages are turned upright as a whole first. What the first
look misses gets a second one: small print is enlarged, and boxes so tall that
rows are glued or a stamp lies over them are looked into with colours faded.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from rapidocr import RapidOCR
from rapidocr.utils.process_img import get_rotate_crop_image

from ai.ocr.colour_filter import fade_colours
from ai.ocr.greek import repair_greek
from ai.ocr.orientation import Orientation, Pixels, turn_back
from ports.reading import Box, Page, TextRun

THREADS: Final = 2
_SIDE: Final = 1280
_TILE_ASPECT: Final = 2.0
_TILE_OVERLAP: Final = 0.12
_WORD_WIDTH_MIN: Final = 48
_SCORE_MIN: Final = 0.3
"""Lines read with less confidence than this are noise; the rules weigh all others."""
_READ: Final = 0.6
_UPSIDE_DOWN_BELOW: Final = 0.9
"""Mean confidence under which the opposite orientation is tried as well."""
_SAMPLE: Final = 12
"""Longest words by which the two orientations are compared."""
_LINES_MIN: Final = 3
_LINES_MAX: Final = 600
"""More boxes than any receipt page has; the rest of a wall of text is left out."""
_SIDEWAYS_SHARE: Final = 0.6
_SMALL_PRINT: Final = 19.0
"""Median height of boxes in pixels below which a page is looked at enlarged."""
_PRINT: Final = 30.0
_WORTH_ENLARGING: Final = 1.3
_CLOSER_PIXELS: Final = 1_900_000
_TWO_ROWS: Final = 1.55
"""A box this many times the median height may hold two rows of print."""
_ROW: Final = 0.75
"""Share of a tall box's height that the rows within it have at most."""
_TALL_MAX: Final = 6

Points = npt.NDArray[np.float32]
"""Four corners (x, y), clockwise from the text's upper left."""


@dataclass(frozen=True, slots=True)
class PageResult:
    """A page as read, its upright pixels (BGR), and the share of its words that nobody could read."""

    page: Page
    pixels: Pixels
    unread: float


@dataclass(frozen=True, slots=True)
class _Crop:
    """A picture to read, with how it lies on the page: page = view / scale + offset."""

    pixels: Pixels
    boxes: list[Points]
    scale: float = 1.0
    left: int = 0
    top: int = 0


class Engine:
    """The loaded models."""

    def __init__(self) -> None:
        self._orientation = Orientation(THREADS)
        self._detector = _load(THREADS)
        # Words are read side by side, one thread each: two threads within one word wait for each
        # other so much that they take 1.7 times the processor time (measured on 2 cores).
        self._recogniser = _load(1)
        self._executor = ThreadPoolExecutor(THREADS, "recognise")

    def read_page(self, pixels: Pixels) -> PageResult:
        """Read an RGB page however it is turned."""
        bgr = turn_back(pixels[:, :, ::-1], self._orientation.turn_of(pixels))
        boxes = self._detect(bgr)
        if _are_sideways(boxes):
            bgr = turn_back(bgr, 90)
            boxes = self._detect(bgr)
        lines = self._read(self._view(bgr, boxes))
        doubtful = len(lines) < _LINES_MIN or mean_confidence(lines) < _UPSIDE_DOWN_BELOW
        if doubtful and self._is_upside_down(bgr, boxes):
            bgr = turn_back(bgr, 180)
            lines = self._read(self._view(bgr, self._detect(bgr)))
        height, width = bgr.shape[:2]
        unread = 1 - sum(line.confidence > _READ for line in lines) / max(1, len(boxes), len(lines))
        return PageResult(Page(width, height, tuple(lines)), bgr, unread)

    def _view(self, bgr: Pixels, boxes: list[Points]) -> _Crop:
        """The page itself, or its print cut out and enlarged when it is small."""
        whole = _Crop(bgr, boxes)
        if len(boxes) < _LINES_MIN:
            return whole
        height = float(np.median([_height(box) for box in boxes]))
        if height >= _SMALL_PRINT:
            return whole
        corners = np.concatenate(boxes)
        left, top = (max(0, int(value)) for value in corners.min(axis=0) - 2 * height)
        right, bottom = (int(value) for value in corners.max(axis=0) + 2 * height)
        cut = bgr[top:bottom, left:right]
        scale = min(_PRINT / height, (_CLOSER_PIXELS / (cut.shape[0] * cut.shape[1])) ** 0.5)
        if scale < _WORTH_ENLARGING:
            return whole
        larger: Any = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        closer = self._detect(larger)
        return _Crop(larger, closer, scale, left, top) if len(closer) >= len(boxes) else whole

    def _read(self, view: _Crop) -> list[TextRun]:
        """Recognise a view's boxes and place them on the page."""
        lines = self._recognise(view.pixels, view.boxes)
        return [TextRun(line.text, _moved(line.box, view), line.confidence) for line in lines]

    def _detect(self, bgr: Pixels) -> list[Points]:
        """Find the boxes of a page, tile by tile."""
        height, width = bgr.shape[:2]
        found: list[Points] = []
        for top, bottom in tiles(height, width):
            found.extend(
                box + np.array((0, top), np.float32)
                for box in self._boxes_of(bgr[top:bottom])
                if _is_whole(box, top, bottom, height)
            )
        boxes = [found[index] for index in _without_doubles(found)[:_LINES_MAX]]
        return self._part_tall_boxes(bgr, boxes)

    def _boxes_of(self, bgr: Pixels) -> list[Points]:
        # The public way would crop each box a second time.
        detector = self._detector.text_det or self._detector._load_det_model()  # noqa: SLF001
        boxes = detector(bgr).boxes
        return [] if boxes is None else list(boxes)

    def _part_tall_boxes(self, bgr: Pixels, boxes: list[Points]) -> list[Points]:
        """Look again into boxes so tall that they may hold several rows or lie under a stamp."""
        if len(boxes) < _LINES_MIN:
            return boxes
        usual = float(np.median([_height(box) for box in boxes]))
        tall = [
            index
            for index, box in enumerate(boxes)
            if _height(box) > _TWO_ROWS * usual
            and float(np.linalg.norm(box[1] - box[0])) > _height(box)
        ]
        parts: list[Points] = []
        parted: set[int] = set()
        for index in tall[:_TALL_MAX]:
            inside = self._look_into(bgr, boxes[index], usual)
            if inside:
                parted.add(index)
                parts += inside
        kept = [box for index, box in enumerate(boxes) if index not in parted]
        return kept + [part for part in parts if not _lies_in(part, kept)]

    def _look_into(self, bgr: Pixels, box: Points, usual: float) -> list[Points]:
        """Detect within one box, enlarged and with colours faded; empty if it is one row."""
        margin = np.array((1.5 * usual, usual / 2), np.float32)
        left, top = np.maximum(0, box.min(axis=0) - margin).astype(int)
        right, bottom = (box.max(axis=0) + margin).astype(int)
        cut = fade_colours(bgr[top:bottom, left:right])
        scale = min(_PRINT / usual, _SIDE / max(cut.shape[:2]))
        larger: Any = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        rows = [row / scale + np.array((left, top), np.float32) for row in self._boxes_of(larger)]
        rows = [row.astype(np.float32) for row in rows if _height(row) > usual / 2]
        if len(rows) > 1 and float(np.median([_height(row) for row in rows])) < _ROW * _height(box):
            return rows
        return []

    def _recognise(
        self, bgr: Pixels, boxes: Sequence[Points], *, turned: bool = False
    ) -> list[TextRun]:
        crops = [get_rotate_crop_image(bgr, box.copy()) for box in boxes]
        if turned:
            crops = [np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops]
        if not crops:
            return []
        self._recogniser._load_rec_model()  # noqa: SLF001 - before two threads would load it
        widest_first = sorted(range(len(crops)), key=lambda index: -_aspect(crops[index]))
        read = self._executor.map(lambda index: self._read_crop(crops[index]), widest_first)
        texts = dict(zip(widest_first, read, strict=True))
        return [
            TextRun(text, _box(boxes[index]), score)
            for index, (text, score) in sorted(texts.items())
            if text and score >= _SCORE_MIN
        ]

    def _read_crop(self, crop: Pixels) -> tuple[str, float]:
        result = self._recogniser.recognize_txt([crop])
        return repair_greek(result.txts[0].strip()), round(float(result.scores[0]), 4)

    def _is_upside_down(self, bgr: Pixels, boxes: list[Points]) -> bool:
        """Compare the longest words as they stand with the same words turned about."""
        longest = sorted(boxes, key=lambda box: -float(np.linalg.norm(box[1] - box[0])))[:_SAMPLE]
        upright = self._recognise(bgr, longest)
        turned = self._recognise(bgr, longest, turned=True)
        return _evidence(turned) > _evidence(upright)


def _load(threads: int) -> Any:  # noqa: ANN401 - the package ships no types
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.use_preprocess_img": False,
            "Det.limit_type": "max",
            "Det.limit_side_len": _SIDE,
            # Hardly any padding: the default pads each word to 320 pixels, most are shorter.
            "Rec.rec_img_shape": [3, 48, _WORD_WIDTH_MIN],
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _aspect(crop: Pixels) -> float:
    return float(crop.shape[1] / crop.shape[0])


def tiles(height: int, width: int) -> list[tuple[int, int]]:
    """Cut a page into overlapping bands that detection can look at without shrinking them much."""
    if height <= max(_SIDE, width * _TILE_ASPECT) * 1.25:
        return [(0, height)]
    tall = int(max(_SIDE, width * _TILE_ASPECT))
    step = int(tall * (1 - _TILE_OVERLAP))
    tops = range(0, max(1, height - int(tall * _TILE_OVERLAP)), step)
    return [(top, min(height, top + tall)) for top in tops]


def mean_confidence(lines: Sequence[TextRun]) -> float:
    """Mean confidence of lines, weighted by their length; 0 without lines."""
    letters = sum(len(line.text) for line in lines)
    return sum(len(line.text) * line.confidence for line in lines) / letters if letters else 0.0


def _evidence(lines: Sequence[TextRun]) -> float:
    """How much text was read and how surely; compares two orientations of one page."""
    return sum(len(line.text) * max(0.0, line.confidence - 0.5) for line in lines)


def _are_sideways(boxes: list[Points]) -> bool:
    """Say whether most words run down the page."""
    long = [
        (float(np.linalg.norm(box[1] - box[0])), _height(box)) for box in boxes if len(boxes) > 1
    ]
    long = [(wide, tall) for wide, tall in long if max(wide, tall) > 2 * min(wide, tall)]
    return sum(tall > wide for wide, tall in long) > _SIDEWAYS_SHARE * len(long) > 0


def _height(box: Points) -> float:
    return float(np.linalg.norm(box[3] - box[0]) + np.linalg.norm(box[2] - box[1])) / 2


def _lies_in(box: Points, others: list[Points]) -> bool:
    """Say whether the middle of a box lies in another one.

    In the box itself, not in the upright frame around it: the frame of a long line on tilted paper
    holds the middle of the next line as well.
    """
    x, y = (float(value) for value in box.mean(axis=0))
    return any(cv2.pointPolygonTest(other, (x, y), measureDist=False) > 0 for other in others)


def _is_whole(box: Points, top: int, bottom: int, height: int) -> bool:
    """Leave out what an inner edge of a tile cut through; the neighbour tile has it whole."""
    cut_above = top > 0 and np.min(box[:, 1]) <= 1
    cut_below = bottom < height and np.max(box[:, 1]) >= bottom - top - 1
    return not (cut_above or cut_below)


def _without_doubles(boxes: list[Points]) -> list[int]:
    """Indices of the boxes without those that two tiles saw both."""
    kept: list[int] = []
    for index, box in enumerate(boxes):
        if not _lies_in(box, [boxes[other] for other in kept]):
            kept.append(index)
    return kept


def _moved(box: Box, view: _Crop) -> Box:
    """A box of a view in the page's own pixels."""
    x0, y0, x1, y1, x2, y2, x3, y3 = (round(value / view.scale, 1) for value in box.corners)
    left, top = view.left, view.top
    return Box((x0 + left, y0 + top, x1 + left, y1 + top, x2 + left, y2 + top, x3 + left, y3 + top))


def _box(points: Points) -> Box:
    x0, y0, x1, y1, x2, y2, x3, y3 = (round(float(value), 1) for value in points.reshape(8))
    return Box((x0, y0, x1, y1, x2, y2, x3, y3))
