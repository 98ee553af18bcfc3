"""Fade coloured ink over black print, such as stamps, ballpoint and highlighters."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from ai.ocr.orientation import Pixels

_PAPER_PERCENTILE: Final = 80


def fade_colours(bgr: Pixels) -> Pixels:
    """Take the brightest channel of each pixel, which pales coloured ink and keeps black print.

    The paper is made white first, so that tinted light is not taken for ink.
    """
    paper = np.percentile(bgr.reshape(-1, 3), _PAPER_PERCENTILE, axis=0).clip(60, 255)
    # Red ink is bright in red, blue ink in blue; black is dark in all three.
    brightest = np.minimum(bgr * (255.0 / paper).astype(np.float32), 255).max(axis=2)
    grey = brightest.astype(np.uint8)
    return np.asarray(cv2.merge((grey, grey, grey)), np.uint8)
