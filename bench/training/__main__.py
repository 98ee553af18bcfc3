"""Train the bundled category model and print what it measures on unseen lines (`make train`).

The weights of the receipt reader need read receipts first: see `bench/training/receipts.py`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    script = Path(__file__).parent / "categories.py"
    sys.exit(subprocess.run([sys.executable, script, *sys.argv[1:]], check=False).returncode)
