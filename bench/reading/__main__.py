"""The three readers on the development sets, with the issue's figures beside.

    python -m bench.reading [texts receipts categories] [--from FOLDER]

Receipts take about a second each on a quiet machine; --from judges readings that were kept (see
bench/reading/receipts.py) and reads only a few again, for the time. Needs ../shared beside the
project; without it, it says so and measures nothing.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

PARTS = ("texts", "categories", "receipts")
SHARED = Path(__file__).resolve().parents[3] / "shared"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--from", dest="kept", type=Path, help="readings that were kept")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if not SHARED.exists():
        print(f"skipped: {SHARED}, the development data beside the project, is not here")
        return 0
    for part in options.parts or PARTS:
        if part == "texts":
            from bench.reading import texts  # noqa: PLC0415  # each part loads what it needs

            texts.main()
        elif part == "categories":
            from bench.reading import categories  # noqa: PLC0415  # as above

            categories.main()
        else:
            from bench.reading import receipts  # noqa: PLC0415  # as above

            receipts.main(["--from", str(options.kept)] if options.kept else [])
    return 0


if __name__ == "__main__":
    sys.exit(main())
