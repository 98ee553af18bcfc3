"""Announce the demo at once, then load and run it.

The imports of the demo take a second or more on a cold disk, and a person who sees nothing for that
long believes that nothing happens. So this file imports nothing of it before the first line is out.
"""

from __future__ import annotations

STARTING = "Starting the chat page and the bot …"
STOPPED = "Stopped. The demo's ledger and receipts are deleted."


def demo(port: int) -> int:
    """Serve chat page and bot until a signal; return the bot's exit code.

    Raises:
        SettingsError: the port cannot be used.
    """
    print(STARTING, flush=True)
    from bot.cli.demo_session import run_session  # noqa: PLC0415  # after the first line, as above

    try:
        code = run_session(port)
    except KeyboardInterrupt:
        # Ctrl+C came before the bot handled signals; the session has cleaned up all the same.
        code = 0
    print(STOPPED, flush=True)
    return code
