"""Open Mini Apps as Telegram does: by an address whose hash holds signed data about the person.

The data is signed with the bot's token, as Telegram signs it, so the bot's own check decides.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson

from demo.botapi.world import JsonObject, User
from demo.page_requests import ActionError
from demo.simulation import Simulation

HOST = "127.0.0.1"
VERSION = "9.1"
"""Version of the web app protocol of this client."""


def open_mini_app(
    simulation: Simulation, user: User, url: str, theme: JsonObject | None = None
) -> str:
    """Return the address that a client opens for a person, from a button with this address.

    A link of the form `https://t.me/<bot>?startapp=…` opens the address of the bot's menu button.

    Raises:
        ActionError: the address is not of this machine.
    """
    start_param = ""
    if urlsplit(url).hostname == "t.me":
        start_param = parse_qs(urlsplit(url).query).get("startapp", [""])[0]
        url = find_app(simulation)
    if urlsplit(url).hostname != HOST:
        raise ActionError("this demo opens pages of this machine only")
    fields = {
        "tgWebAppData": sign_init_data(simulation, user, start_param),
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": "weba",
        "tgWebAppThemeParams": orjson.dumps(theme or {}).decode(),
    }
    return f"{url}#{urlencode(fields)}"


def find_app(simulation: Simulation) -> str:
    """Return the address of the bot's menu button, empty where it has none."""
    button = simulation.telegram.profile.menu_buttons.get(0, {})
    return str(button.get("web_app", {}).get("url", ""))


def sign_init_data(simulation: Simulation, user: User, start_param: str = "") -> str:
    """Return the data about a person as a query string with its hash."""
    person = {
        "id": user.id,
        "first_name": user.first_name,
        "language_code": user.language_code,
        "allows_write_to_pm": True,
    }
    fields = {
        "query_id": secrets.token_urlsafe(16),
        "user": orjson.dumps(person).decode(),
        "auth_date": str(int(simulation.clock.seconds())),
        **({"start_param": start_param} if start_param else {}),
    }
    joined = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.digest(b"WebAppData", simulation.token.encode(), "sha256")
    fields["hash"] = hmac.new(key, joined.encode(), hashlib.sha256).hexdigest()
    return urlencode(fields)
