"""Recognise text by PP-OCRv6 through rapidocr, in tiles and box by box.

Detection scales pictures to at most 1280 pixels a side (a 40x4000 strip at full size took 88 s and
4.8 GB), so a strip longer than twice its width is cut into overlapping tiles. The package's own angle
classifier is not used, because pages are turned upright as a whole first. Small print is detected
again enlarged, and boxes tall enough for glued rows or a stamp are detected again with colours faded.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
import rapidocr
from rapidocr import RapidOCR
from rapidocr.utils.process_img import get_rotate_crop_image

from ai.ocr.colour_filter import fade_colours
from ai.ocr.greek import repair_greek
from ai.ocr.orientation import Orientation, Pixels, turn_back
from ai.ocr.page import Crop, PageResult
from ai.ocr.sessions import open_session
from ports.reading import Box, Page, TextRun

THREADS: Final = 2
_DETECTION: Final = Path(rapidocr.__file__).parent / "models" / "PP-OCRv6_det_small.onnx"
_SIDE: Final = 1280
_TILE_ASPECT: Final = 2.0
_TILE_OVERLAP: Final = 0.12
_WORD_WIDTH_MIN: Final = 48
_SCORE_MIN: Final = 0.3
"""Lines of lower confidence are dropped as noise."""
_READ: Final = 0.6
_UPSIDE_DOWN_BELOW: Final = 0.9
"""Mean confidence below which the opposite orientation is tried as well."""
_SAMPLE: Final = 12
"""Number of longest words by which two orientations are compared."""
_LINES_MIN: Final = 3
_LINES_MAX: Final = 600
"""More boxes than any receipt has; further ones are left out."""
_SIDEWAYS_SHARE: Final = 0.6
_SMALL_PRINT: Final = 19.0
"""Median height of boxes in pixels below which a page is enlarged."""
_PRINT: Final = 30.0
_WORTH_ENLARGING: Final = 1.3
_CLOSER_PIXELS: Final = 1_900_000
_TWO_ROWS: Final = 1.55
"""Multiple of the median height from which a box may hold two rows."""
_ROW: Final = 0.75
"""Largest height of rows within a tall box, as a share of its height."""
_TALL_MAX: Final = 6

Points = npt.NDArray[np.float32]
"""Four corners (x, y), clockwise from the upper left of the text."""


@dataclass(frozen=True, slots=True)
class _View:
    """A part of the page, possibly enlarged; a point of the page is view / scale + offset."""

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
        self._detector.cfg.Det._set_flag(["allow_objects"], [True])  # noqa: SLF001 - for the session
        self._detector.cfg.Det.session = open_session(_DETECTION, THREADS)
        # One thread per word: two threads within a word wait for each other and take 1.7 times the
        # processor time (measured on 2 cores).
        self._recogniser = _load(1)
        self._executor = ThreadPoolExecutor(THREADS, "recognise")

    def read_page(self, pixels: Pixels) -> PageResult:
        """Read an RGB page of any orientation."""
        # The models were trained on OpenCV's order of channels.
        bgr = turn_back(pixels[:, :, ::-1], self._orientation.turn_of(pixels))
        boxes = self._detect(bgr)
        # The classifier sees a small square of the page and errs on long strips.
        if _are_sideways(boxes):
            bgr = turn_back(bgr, 90)
            boxes = self._detect(bgr)
        crops = self._read(self._view(bgr, boxes))
        lines = _lines(crops)
        doubtful = len(lines) < _LINES_MIN or mean_confidence(lines) < _UPSIDE_DOWN_BELOW
        if doubtful and self._is_upside_down(bgr, boxes):
            bgr = turn_back(bgr, 180)
            crops = self._read(self._view(bgr, self._detect(bgr)))
            lines = _lines(crops)
        height, width = bgr.shape[:2]
        unread = 1 - sum(line.confidence > _READ for line in lines) / max(1, len(crops))
        return PageResult(Page(width, height, tuple(lines)), bgr, tuple(crops), unread)

    def _view(self, bgr: Pixels, boxes: list[Points]) -> _View:
        """Return the whole page, or its printed part enlarged if the print is small."""
        whole = _View(bgr, boxes)
        if len(boxes) < _LINES_MIN:
            return whole
        height = float(np.median([_height(box) for box in boxes]))
        if height >= _SMALL_PRINT:
            return whole
        # Only the printed part is enlarged, which keeps the picture small on a large table.
        corners = np.concatenate(boxes)
        left, top = (max(0, int(value)) for value in corners.min(axis=0) - 2 * height)
        right, bottom = (int(value) for value in corners.max(axis=0) + 2 * height)
        cut = bgr[top:bottom, left:right]
        scale = min(_PRINT / height, (_CLOSER_PIXELS / (cut.shape[0] * cut.shape[1])) ** 0.5)
        if scale < _WORTH_ENLARGING:
            return whole
        larger: Any = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        closer = self._detect(larger)
        return _View(larger, closer, scale, left, top) if len(closer) >= len(boxes) else whole

    def _read(self, view: _View) -> list[Crop]:
        """Recognise a view's boxes and place them on the page."""
        crops = _cut(view.pixels, view.boxes)
        places = [_place(box, view) for box in view.boxes]
        return [
            Crop(crop, place, _line(text, place))
            for crop, place, text in zip(crops, places, self._recognise(crops), strict=True)
        ]

    def _detect(self, bgr: Pixels) -> list[Points]:
        """Detect the boxes of a page, tile by tile."""
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
        # The public method would crop each box a second time.
        detector = self._detector.text_det or self._detector._load_det_model()  # noqa: SLF001
        boxes = detector(bgr).boxes
        return [] if boxes is None else list(boxes)

    def _part_tall_boxes(self, bgr: Pixels, boxes: list[Points]) -> list[Points]:
        """Detect again within boxes that may hold several rows or lie under a stamp."""
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
            inside = self._rows_within(bgr, boxes[index], usual)
            if inside:
                parted.add(index)
                parts += inside
        kept = [box for index, box in enumerate(boxes) if index not in parted]
        return kept + [part for part in parts if not _lies_in(part, kept)]

    def _rows_within(self, bgr: Pixels, box: Points, usual: float) -> list[Points]:
        """Detect rows within a box, enlarged and with colours faded; empty for a single row."""
        # Detection needs some paper around the print.
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

    def _recognise(self, crops: Sequence[Pixels]) -> list[tuple[str, float]]:
        """Return text and confidence of each crop."""
        if not crops:
            return []
        self._recogniser._load_rec_model()  # noqa: SLF001 - before two threads would load it
        # Long words first, so that no thread is left alone with the longest one at the end.
        widest_first = sorted(range(len(crops)), key=lambda index: -_aspect(crops[index]))
        read = self._executor.map(lambda index: self._read_crop(crops[index]), widest_first)
        texts = dict(zip(widest_first, read, strict=True))
        return [texts[index] for index in range(len(crops))]

    def _read_crop(self, crop: Pixels) -> tuple[str, float]:
        result = self._recogniser.recognize_txt([crop])
        return repair_greek(result.txts[0].strip()), round(float(result.scores[0]), 4)

    def _is_upside_down(self, bgr: Pixels, boxes: list[Points]) -> bool:
        """Compare the longest words as they are with the same words upside down."""
        longest = sorted(boxes, key=lambda box: -float(np.linalg.norm(box[1] - box[0])))[:_SAMPLE]
        upright = _cut(bgr, longest)
        turned = [np.ascontiguousarray(crop[::-1, ::-1]) for crop in upright]
        return _evidence(self._recognise(turned)) > _evidence(self._recognise(upright))


def _cut(bgr: Pixels, boxes: Sequence[Points]) -> list[Pixels]:
    """Cut out boxes, each rectified to a horizontal strip."""
    return [get_rotate_crop_image(bgr, box.copy()) for box in boxes]


def _line(read: tuple[str, float], box: Box) -> TextRun | None:
    text, confidence = read
    return TextRun(text, box, confidence) if text and confidence >= _SCORE_MIN else None


def _lines(crops: Sequence[Crop]) -> list[TextRun]:
    return [crop.line for crop in crops if crop.line]


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
    """Cut a page into overlapping bands that detection need not shrink much."""
    if height <= max(_SIDE, width * _TILE_ASPECT) * 1.25:
        return [(0, height)]
    tall = int(max(_SIDE, width * _TILE_ASPECT))
    step = int(tall * (1 - _TILE_OVERLAP))
    tops = range(0, max(1, height - int(tall * _TILE_OVERLAP)), step)
    return [(top, min(height, top + tall)) for top in tops]


def mean_confidence(lines: Sequence[TextRun]) -> float:
    """Return the mean confidence of lines, weighted by their length; 0 without lines."""
    letters = sum(len(line.text) for line in lines)
    return sum(len(line.text) * line.confidence for line in lines) / letters if letters else 0.0


def _evidence(read: Sequence[tuple[str, float]]) -> float:
    """Sum up length and confidence of texts, to compare two orientations of a page."""
    return sum(len(text) * max(0.0, confidence - 0.5) for text, confidence in read)


def _are_sideways(boxes: list[Points]) -> bool:
    """Return whether most words run down the page."""
    long = [
        (float(np.linalg.norm(box[1] - box[0])), _height(box)) for box in boxes if len(boxes) > 1
    ]
    long = [(wide, tall) for wide, tall in long if max(wide, tall) > 2 * min(wide, tall)]
    return sum(tall > wide for wide, tall in long) > _SIDEWAYS_SHARE * len(long) > 0


def _height(box: Points) -> float:
    return float(np.linalg.norm(box[3] - box[0]) + np.linalg.norm(box[2] - box[1])) / 2


def _lies_in(box: Points, others: list[Points]) -> bool:
    """Return whether the centre of a box lies in another box.

    Tests the tilted box and not its upright frame, which on tilted paper also holds the centre of the
    next line.
    """
    x, y = (float(value) for value in box.mean(axis=0))
    return any(cv2.pointPolygonTest(other, (x, y), measureDist=False) > 0 for other in others)


def _is_whole(box: Points, top: int, bottom: int, height: int) -> bool:
    """Return whether no inner edge of the tile cuts the box; else the neighbour tile has it whole."""
    cut_above = top > 0 and np.min(box[:, 1]) <= 1
    cut_below = bottom < height and np.max(box[:, 1]) >= bottom - top - 1
    return not (cut_above or cut_below)


def _without_doubles(boxes: list[Points]) -> list[int]:
    """Return the indices of boxes, each box of two tiles once."""
    kept: list[int] = []
    for index, box in enumerate(boxes):
        if not _lies_in(box, [boxes[other] for other in kept]):
            kept.append(index)
    return kept


def _place(points: Points, view: _View) -> Box:
    """Return a box of a view in the page's own pixels."""
    offset = np.array((view.left, view.top), np.float32)
    x0, y0, x1, y1, x2, y2, x3, y3 = (
        round(float(value), 1) for value in (points / view.scale + offset).reshape(8)
    )
    return Box((x0, y0, x1, y1, x2, y2, x3, y3))
