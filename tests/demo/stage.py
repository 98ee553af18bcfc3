"""A stage for the chat page: a demo, a small echoing bot behind it, and a real browser."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, Page
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)

from demo.botapi.world import Chat
from demo.server import DemoServer
from demo.simulation import Simulation

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# The browser has no network, because it may request nothing but the page.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A simulated microphone that beeps, allowed without a prompt.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]

BROWSER_MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.asyncio(loop_scope="module"),
]


async def echo(bot: Bot, update: Update) -> None:
    """Answer every update so that the page's features are visible."""
    if query := update.callback_query:
        await query.answer(
            "Deleted for good" if query.data == "alert" else "Noted",
            show_alert=query.data == "alert",
        )
        await query.edit_message_text("changed by a button")
        return
    message = update.effective_message
    is_service = message is not None and message.new_chat_members
    if update.edited_message and message is not None:
        await bot.send_message(message.chat_id, f"edited: {message.text or message.caption}")
    elif message is not None and not is_service:
        await answer(bot, message)


async def answer(bot: Bot, message: Message) -> None:
    chat_id, text = message.chat_id, message.text or ""
    if text == "/keyboard":
        await bot.send_message(
            chat_id, "Which?", reply_markup=ReplyKeyboardMarkup([["EUR", "USD"]])
        )
    elif text in ("EUR", "USD"):
        await bot.send_message(chat_id, f"You took {text}", reply_markup=ReplyKeyboardRemove())
    elif text == "/export":
        await bot.send_document(chat_id, b"id,date\r\n", filename="kvitto.csv", caption="Yours")
    elif message.location:
        await bot.send_message(chat_id, f"a place at {message.location.latitude}")
    elif message.voice:
        await bot.send_message(chat_id, f"a voice note of {message.voice.file_size} bytes")
    elif message.photo:
        await bot.send_message(chat_id, "a photo", reply_to_message_id=message.message_id)
    elif message.document:
        await bot.send_message(chat_id, f"a file: {message.document.file_name}")
    else:
        buttons = [
            [InlineKeyboardButton("Note", callback_data="note")],
            [InlineKeyboardButton("Delete", callback_data="alert")],
        ]
        escaped = text.replace("&", "&amp;").replace("<", "&lt;")
        await bot.send_message(
            chat_id,
            f"<b>heard</b> {escaped}",
            parse_mode="HTML",
            reply_markup=InlineKeyboardMarkup(buttons),
        )


async def poll(bot: Bot) -> None:
    offset = 0
    while True:
        for update in await bot.get_updates(offset=offset, timeout=20):
            offset = update.update_id + 1
            await echo(bot, update)


@dataclass
class Stage:
    """A demo with a bot and with open pages."""

    demo: DemoServer
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    @property
    def sim(self) -> Simulation:
        return self.demo.simulation

    @property
    def own_chat(self) -> Chat:
        return self.sim.chats[0]

    @property
    def group(self) -> Chat:
        return next(chat for chat in self.sim.chats if chat.is_group)

    async def look(
        self,
        width: int = 1280,
        height: int = 900,
        scheme: str = "light",
        *,
        zone: str | None = None,
        has_touch: bool = False,
    ) -> Page:
        """Open the page in a new window.

        Args:
            width: Of the window, in pixels.
            height: The same.
            scheme: What the system prefers: light or dark.
            zone: The browser's time zone; the machine's own without one.
            has_touch: A phone or tablet, without a mouse.
        """
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            timezone_id=zone,
            has_touch=has_touch,
            is_mobile=has_touch,
        )
        page = await context.new_page()
        self.pages.append(page)
        page.on("console", lambda line: self._complain(line.type, line.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((self.demo.url, "blob:"))
                else self.complaints.append(request.url)
            ),
        )
        await page.goto(self.demo.url)
        await page.wait_for_selector(".chat-item", state="attached")
        return page

    def _complain(self, kind: str, text: str) -> None:
        # A refused action is a 400 in the console; the page shows its reason to the person.
        if kind in ("error", "warning") and "400" not in text:
            self.complaints.append(text)


async def write(page: Page, text: str) -> None:
    await page.fill("#composer-text", text)
    await page.press("#composer-text", "Enter")
