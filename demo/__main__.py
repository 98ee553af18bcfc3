"""Run the chat page and the Bot API alone, for a bot that is started by hand."""

from __future__ import annotations

import argparse
import asyncio
import sys

from demo.household import add_household
from demo.server import open_demo
from demo.simulation import Simulation


async def serve(port: int) -> None:
    """Serve until interrupted."""
    simulation = Simulation()
    add_household(simulation)
    async with open_demo(port, simulation=simulation) as demo:
        lines = (
            f"Chat page:  {demo.url}",
            f"TELEGRAM_API_URL={demo.url}",
            f"TELEGRAM_BOT_TOKEN={demo.token}",
        )
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8090, help="0 takes a free one")
    try:
        asyncio.run(serve(parser.parse_args().port))
    except KeyboardInterrupt:
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
