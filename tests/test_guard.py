"""The guard that no test reaches beyond this machine holds for every kind of client."""

from __future__ import annotations

import asyncio
import os
import socket

import pytest


def test_a_plain_socket_reaches_nothing_outside() -> None:
    with socket.socket() as plain, pytest.raises(AssertionError, match="reaches for"):
        plain.connect(("192.0.2.1", 443))


async def test_asyncio_asks_for_no_address_outside() -> None:
    with pytest.raises(AssertionError, match="asks where"):
        await asyncio.open_connection("api.openai.com", 443)


def test_no_key_of_the_machine_is_seen() -> None:
    assert not [name for name in os.environ if name.startswith("OPENAI_")]
