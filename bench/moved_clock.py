"""The real program at another time: `python -m bench.moved_clock SECONDS run …`.

SECONDS is how far the program's clock is ahead of the machine's; it may be negative.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from bot.__main__ import main
from bot.ops.clock import move_clock

if __name__ == "__main__":
    move_clock(timedelta(seconds=float(sys.argv[1])))
    sys.exit(main(sys.argv[2:]))
