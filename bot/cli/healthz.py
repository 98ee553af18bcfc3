"""Ask the process on this machine whether it works (`kvitto healthz`), for a container's probe."""

from __future__ import annotations

from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from bot.setup.settings import read_settings
from ledger.errors import SettingsError

SECONDS = 5.0
BODY_BYTES_MAX = 4096
# An address to listen on is not always one to connect to.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # names of addresses


def healthz(*, live: bool) -> int:
    """Print the answer of `/readyz`, or of `/healthz` with `live`; return 0 when it is 200.

    Raises:
        SettingsError: the settings leave the process without an address for probes.
    """
    settings = read_settings()
    host, port = settings.ops_address or (settings.http_host, settings.http_port)
    if not port:
        remedy = "set it to a port, where probes are answered"
        raise SettingsError("setting_wrong", name="OPS_PORT", remedy=remedy)
    address = (_EVERYWHERE.get(host, host), port)
    try:
        status, body = _get(address, "/healthz" if live else "/readyz")
    except (OSError, HTTPException):
        print(f"nothing answers at {address[0]} port {port}")
        return 1
    print(body)
    return 0 if status == HTTPStatus.OK else 1


def _get(address: tuple[str, int], path: str) -> tuple[int, str]:
    """Return status and text. Without urllib, which would ask a proxy of the environment."""
    connection = HTTPConnection(*address, timeout=SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(BODY_BYTES_MAX).decode(errors="replace")
    finally:
        connection.close()
