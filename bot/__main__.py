"""Run `kvitto` or `python -m bot`, and turn failures into one line and an exit code.

Exit codes: 0 fine, 1 a failure that is named on stderr, 2 wrong usage. No command ever ends in a
traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from bot.cli.commands import find_command
from bot.ops.errors import describe_error, explain_error
from bot.ops.failpoints import arm_from
from ledger.errors import LedgerError

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    command = find_command(sys.argv[1:] if arguments is None else arguments)
    try:
        arm_from(os.environ)
        return command()
    except LedgerError as error:
        print(f"kvitto: {explain_error(error)}", file=sys.stderr)  # noqa: T201  # a command speaks
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader closed the pipe (`| head`), so further output has no receiver.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # noqa: BLE001  # its words may hold a secret or a person's text
        print(f"kvitto: unexpected: {describe_error(error)}", file=sys.stderr)  # noqa: T201  # as above
    return 1


if __name__ == "__main__":
    sys.exit(main())
