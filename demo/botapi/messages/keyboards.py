"""Check inline and reply keyboards, with Telegram's refusals."""

from __future__ import annotations

from typing import Any

import orjson

from demo.botapi.errors import bad_request
from demo.botapi.formatting.parse_html import check_link
from demo.botapi.requests.params import Params
from demo.botapi.world import JsonObject

CALLBACK_DATA_MAX_BYTES = 64
BUTTONS_MAX = 100
ROW_MAX = 8
MARKUP_MAX_BYTES = 10_240
"""Largest keyboard as JSON; the real server answers REPLY_MARKUP_TOO_LONG above it."""

PLACEHOLDER_MAX = 64

_ACTIONS = frozenset(
    [
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    ]
)
_KINDS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")


def read_markup(params: Params) -> JsonObject | None:
    """Return the checked `reply_markup` of a request, or None without one.

    Raises:
        ApiError: Telegram would refuse it.
    """
    markup = params.decoded("reply_markup", "reply keyboard markup")
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    kind = next((kind for kind in _KINDS if markup.get(kind)), None)
    if kind == "inline_keyboard":
        return {"inline_keyboard": _check_rows(markup["inline_keyboard"], _check_inline_button)}
    if kind == "keyboard":
        placeholder = str(markup.get("input_field_placeholder") or "")
        if len(placeholder) > PLACEHOLDER_MAX:
            raise bad_request("reply markup input field placeholder is too long")
        return {**markup, "keyboard": _check_rows(markup["keyboard"], _check_reply_button)}
    if kind:
        return markup
    # `{"inline_keyboard": []}` takes a keyboard away; anything else is ignored.
    return {"inline_keyboard": []} if "inline_keyboard" in markup else None


def _check_rows(rows: Any, check: Any) -> list[list[JsonObject]]:  # noqa: ANN401 - JSON
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
    checked = [[check(button) for button in row] for row in rows if row]
    # Telegram names neither bound; these are the ones at which it refuses.
    count = sum(len(row) for row in checked)
    is_too_long = (
        count > BUTTONS_MAX
        or any(len(row) > ROW_MAX for row in checked)
        or len(orjson.dumps(checked)) > MARKUP_MAX_BYTES
    )
    if is_too_long:
        raise bad_request("reply markup is too long")
    return checked


def _check_inline_button(button: Any) -> JsonObject:  # noqa: ANN401 - JSON
    if not isinstance(button, dict):
        raise bad_request(
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object"
        )
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    actions = _ACTIONS & button.keys()
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "callback_data" in actions:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= CALLBACK_DATA_MAX_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    if "url" in actions and check_link(str(button["url"])) is None:
        raise bad_request(
            f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
        )
    if "web_app" in actions:
        check_web_app(button["web_app"])
    return button


def check_web_app(web_app: Any) -> None:  # noqa: ANN401 - JSON
    """Refuse a Mini App without https; on this machine http is taken, as on Telegram's test servers."""
    url = str(web_app.get("url") if isinstance(web_app, dict) else "")
    if not url.startswith(("https://", "http://127.0.0.1:")):
        raise bad_request(f"Web App URL '{url}' is invalid: Only HTTPS links are allowed")


def _check_reply_button(button: Any) -> JsonObject:  # noqa: ANN401 - JSON
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse keyboard button: KeyboardButton must be an Object")
    if not button["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    return button
