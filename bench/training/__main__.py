"""Train what Kvitto learns from data, and report what it is worth on lines that did not train it.

    python -m bench.training [texts categories receipts] [--check] [--challenger FOLDER]     (`make train`)

`--check` measures and writes nothing. `--challenger` writes the category model into a folder
(`data/models/challenger` beside the database) instead of the bundled place: there it answers in the
shadow of the one that decides, see `kvitto models`. Receipts are read once and kept in
build/readings; as long as the reader's code stays the same, the next training starts from there.
Needs ../shared beside the project; without it, it says so and trains nothing.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

PARTS = ("texts", "categories", "receipts")
ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
READINGS = ROOT / "build" / "readings"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.training", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--check", action="store_true", help="measure and write nothing")
    parser.add_argument("--challenger", type=Path, help="where the category model goes")
    parser.add_argument("--readings", type=Path, default=READINGS, help="where readings are kept")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if not SHARED.exists():
        print(f"skipped: {SHARED}, the development data beside the project, is not here")
        return 0
    for part in options.parts or PARTS:
        if part == "texts":
            train_texts(check=options.check)
        elif part == "categories":
            train_categories(options.challenger, check=options.check)
        else:
            train_receipts(options.readings, check=options.check)
    return 0


def train_texts(*, check: bool) -> None:
    from bench.training import texts  # noqa: PLC0415  # scipy, only where it trains

    texts.main(["--check"] if check else [])


def train_categories(challenger: Path | None, *, check: bool) -> None:
    from bench.training import categories  # noqa: PLC0415  # scikit-learn, only where it trains

    categories.main(challenger or categories.DATA, check=check)


def train_receipts(folder: Path, *, check: bool) -> None:
    from bench.reading.receipts import keep_all, load_truths  # noqa: PLC0415  # the OCR engine
    from bench.training import receipts  # noqa: PLC0415  # as above

    effort = keep_all(load_truths(), folder)
    print(f"receipts read: {len(effort.seconds)}, the others were kept in {folder}", flush=True)
    receipts.main([str(folder), "--check"] if check else [str(folder)])


if __name__ == "__main__":
    sys.exit(main())
