"""No test reaches beyond this machine, nor spends money: a socket to anywhere else is an error.

An audit hook cannot be taken off and sees every library's sockets, asyncio's and urllib3's alike.
"""

from __future__ import annotations

import ipaddress
import os
import sys

_ON = {"guard": False}
_OURS = ("OPENAI_", "AWS_", "GEMINI_")


def forbid_network() -> None:
    """Let nothing but this machine be reached from here on, and take every key away."""
    for name in [name for name in os.environ if name.startswith(_OURS)]:
        del os.environ[name]
    # boto3 would otherwise ask the address of EC2's metadata for keys.
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    if not _ON["guard"]:
        _ON["guard"] = True
        sys.addaudithook(_look)


def is_near(host: object) -> bool:
    """Return whether an address is of this machine."""
    if not isinstance(host, str) or host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback or host == "0.0.0.0"  # noqa: S104
    except ValueError:
        return False


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not is_near(address[0]):
            message = f"a test reaches for {address[0]}"
            raise AssertionError(message)
    elif event == "socket.getaddrinfo" and not is_near(arguments[0]):
        message = f"a test asks where {arguments[0]!s} is"
        raise AssertionError(message)
