"""Set the bot's command menu and descriptions at Telegram, per language, and its menu button.

Done at each start, because words change with releases. It is a courtesy: what fails is logged and
left for the next start.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.engine.partitions import Telegram
from bot.ops.logs import get_logger
from bot.telegram.api import TelegramRefusedError, TelegramUnreachableError
from ledger.settings import Settings
from presentation import views
from presentation.localizer import localizer_for
from presentation.translations import FALLBACK, spoken

_log = get_logger("bot.telegram.introduction")


async def introduce(telegram: Telegram, app_url: str = "") -> None:
    """Set menu and descriptions; the words without a language code are everybody else's.

    The menu button of private chats opens the page at `app_url`, or lists the commands without one.
    """
    try:
        for method, payload in (*_words(), _menu_button(app_url)):
            await telegram.call(method, payload)
    except (TelegramRefusedError, TelegramUnreachableError) as error:
        _log.warning("introduction_left_out", error=type(error).__name__)


def _words() -> Iterator[tuple[str, dict[str, Any]]]:
    for language, _ in spoken():
        t = localizer_for(Settings(currency="EUR", timezone="UTC", language=language))
        to = {} if language == FALLBACK else {"language_code": language}
        commands = [{"command": name, "description": words} for name, words in views.menu(t)]
        short, long = views.about(t)
        yield "setMyCommands", {"commands": commands, **to}
        yield "setMyShortDescription", {"short_description": short, **to}
        yield "setMyDescription", {"description": long, **to}


def _menu_button(app_url: str) -> tuple[str, dict[str, Any]]:
    """Return the call that sets the button; Telegram has one for all languages."""
    button: dict[str, Any] = {"type": "commands"}
    if app_url:
        words = localizer_for(Settings(currency="EUR", timezone="UTC", language=FALLBACK))
        button = {
            "type": "web_app",
            "text": words.plain("app.menu"),
            "web_app": {"url": app_url},
        }
    return "setChatMenuButton", {"menu_button": button}
