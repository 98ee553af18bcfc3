"""Mini Apps of the simulated Telegram: their address, their signed data, and the button that opens them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.telegram.api import BotApi
from bot.telegram.introduction import introduce
from demo.mini_apps import open_mini_app
from demo.page_requests import ActionError
from demo.server import open_demo
from ledger.errors import LoginRefusedError
from services.access.init_data import build_keys, check_init_data

APP = "http://127.0.0.1:8080/app"


async def test_the_menu_button_opens_the_page_with_data_that_the_bot_believes() -> None:
    async with open_demo() as demo, BotApi(demo.url, demo.token) as api:
        await introduce(api, APP)
        mia = demo.simulation.add_user("Mia", language_code="de")
        link = f"https://t.me/{demo.simulation.bot.username}?startapp=abc_-1"
        address = urlsplit(open_mini_app(demo.simulation, mia, link, {"bg_color": "#000000"}))
        assert address._replace(fragment="").geturl() == APP
        raw = parse_qs(address.fragment)["tgWebAppData"][0]
        now = demo.simulation.clock.now()
        checked = check_init_data(raw, build_keys(demo.token), now)
        assert (checked.user_id, checked.name, checked.language) == (mia.id, "Mia", "de")
        assert checked.start_param == "abc_-1"
        with pytest.raises(LoginRefusedError):
            check_init_data(raw.replace("Mia", "Max"), build_keys(demo.token), now)
        with pytest.raises(ActionError):
            open_mini_app(demo.simulation, mia, "https://evil.org/app")


async def test_without_a_public_address_the_button_lists_the_commands() -> None:
    async with open_demo() as demo, BotApi(demo.url, demo.token) as api:
        await introduce(api, APP)
        await introduce(api)
        assert await api.call("getChatMenuButton", {}) == {"type": "commands"}
