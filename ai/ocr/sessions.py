"""Open models so that they hold no more memory than they need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime


def open_session(model: Path, threads: int) -> Any:  # noqa: ANN401 - the package ships no types
    """Load a model that runs a few times a page."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # An arena never returns memory.
    options.enable_cpu_mem_arena = False
    # A pattern of the last run puts all layers into one block, which is 1.4 times what they need one after
    # the other.
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
