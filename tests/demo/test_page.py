"""The chat page in a real browser, with a small echoing bot behind it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)

from demo.botapi.world import Chat
from demo.household import add_household
from demo.server import DemoServer, open_demo
from demo.simulation import Simulation

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# The network is closed to the browser: nothing but the page may be asked for.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.asyncio(loop_scope="module"),
]


async def echo(bot: Bot, update: Update) -> None:
    """Answer everything in a way that shows what the page can."""
    if query := update.callback_query:
        await query.answer(
            "Deleted for good" if query.data == "alert" else "Noted",
            show_alert=query.data == "alert",
        )
        await query.edit_message_text("changed by a button")
        return
    message = update.effective_message
    is_said = message is not None and (message.text or message.photo or message.document)
    if message is not None and update.message is not None and is_said:
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
    """A demo with its bot, and pages that look at it."""

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

    async def look(self, width: int = 1280, height: int = 900, scheme: str = "light") -> Page:
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
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
        # A refused wish shows as a 400 in the console; the page tells the person about it.
        if kind in ("error", "warning") and "400" not in text:
            self.complaints.append(text)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    simulation = Simulation()
    add_household(simulation)
    async with open_demo(simulation=simulation) as demo:
        bot = Bot(demo.token, base_url=f"{demo.url}/bot", base_file_url=f"{demo.url}/file/bot")
        async with bot:
            await bot.set_my_commands(
                [BotCommand("summary", "Totals"), BotCommand("settings", "Currency and more")]
            )
            polling = asyncio.create_task(poll(bot))
            it = Stage(demo, browser)
            yield it
            for page in it.pages:
                await page.context.close()
            polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling
    assert it.complaints == []


async def write(page: Page, text: str) -> None:
    await page.fill("#composer-text", text)
    await page.press("#composer-text", "Enter")


async def test_a_text_is_answered_with_formatting(stage: Stage) -> None:
    page = await stage.look()

    await write(page, "coffee 4.50")

    await expect(page.locator(".row.is-mine .text")).to_have_text("coffee 4.50")
    await expect(page.locator(".row:not(.is-mine) .text strong")).to_have_text("heard")
    await expect(page.locator("#composer-text")).to_have_value("")


async def test_markup_in_names_and_texts_stays_text(stage: Stage) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    eve = stage.sim.add_user(hostile)
    mallory = stage.sim.add_user("Mallory")
    group = stage.sim.add_group(hostile, [eve, mallory])
    stage.sim.say(eve, group, f"{hostile} https://x.org/?<b> {hostile}")
    stage.sim.document(eve, group, b"x", file_name=f"{hostile}.pdf", caption=hostile)
    page = await stage.look()

    await page.locator(f'[data-chat="{group.id}"]').click()
    await page.get_by_label("Mallory").check(force=True)

    await expect(page.locator("#chat-title")).to_have_text(hostile)
    await expect(page.locator(".row").first).to_contain_text(hostile)
    assert await page.locator("#messages img[src='x'], #chat-list img[src='x']").count() == 0
    assert await page.locator("[onerror]").count() == 0


async def test_only_safe_links_become_links(stage: Stage) -> None:
    bot = Bot(stage.demo.token, base_url=f"{stage.demo.url}/bot")
    async with bot:
        await bot.send_message(
            stage.own_chat.id,
            '<a href="javascript://x.org/%0aalert(1)">a</a> <a href="https://x.org/">b</a>',
            parse_mode="HTML",
        )
    page = await stage.look()

    await expect(page.locator(".row .text")).to_have_text("a b")
    links = page.locator(".row .text a")
    addresses = [await link.get_attribute("href") for link in await links.all()]
    assert not any(address and address.startswith("javascript") for address in addresses)
    assert await links.last.get_attribute("rel") == "noopener noreferrer"


async def test_buttons_answer_with_toast_alert_and_edit(stage: Stage) -> None:
    page = await stage.look()
    await write(page, "taxi 12")

    await page.get_by_role("button", name="Note").click()
    await expect(page.locator(".toast")).to_have_text("Noted")
    await expect(page.locator(".row:not(.is-mine) .text")).to_have_text("changed by a button")
    await expect(page.locator(".meta").last).to_contain_text("edited")

    await write(page, "taxi 13")
    await page.get_by_role("button", name="Delete").click()
    await expect(page.locator("#alert")).to_contain_text("Deleted for good")
    await page.get_by_role("button", name="OK").click()
    await expect(page.locator("#alert")).to_be_hidden()


async def test_commands_are_completed_by_keyboard(stage: Stage) -> None:
    page = await stage.look()
    await page.locator("#composer-text").press_sequentially("/s")
    options = page.get_by_role("option")
    await expect(options).to_have_count(2)

    await page.press("#composer-text", "ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await page.press("#composer-text", "Tab")

    await expect(page.locator("#composer-text")).to_have_value("/settings ")
    await expect(options).to_have_count(0)


async def test_a_sample_receipt_is_sent_by_a_click(stage: Stage) -> None:
    page = await stage.look()

    await page.get_by_role("button", name="Groceries, Berlin").click()
    await expect(page.locator(".row.is-mine .photo img")).to_be_visible()
    await expect(page.locator(".row:not(.is-mine) .text")).to_have_text("a photo")
    await page.get_by_role("button", name="Online order, US").click()
    await expect(page.locator(".row:not(.is-mine) .text").last).to_have_text(
        "a file: portland-order.pdf"
    )

    loaded = "image => image.complete && image.naturalWidth > 600"
    assert await page.locator(".photo img").evaluate(loaded)


async def test_files_are_dropped_pasted_and_picked(stage: Stage) -> None:
    page = await stage.look()
    give = """(element, [kind, event, name, type]) => {
        const transfer = new DataTransfer();
        const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
        const bytes = Uint8Array.from(atob(dot), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type }));
        const init = { bubbles: true, cancelable: true };
        init[kind] = transfer;
        element.dispatchEvent(new (kind === 'clipboardData' ? ClipboardEvent : DragEvent)(event, init));
    }"""
    place = page.locator("#messages")
    field = page.locator("#composer-text")
    attached = page.locator(".attachment")

    await place.evaluate(give, ["dataTransfer", "drop", "a.png", "image/png"])
    await expect(attached).to_have_count(1)
    await field.evaluate(give, ["clipboardData", "paste", "b.png", "image/png"])
    await expect(attached).to_have_count(2)
    await write(page, "both of them")
    await expect(page.locator(".row.is-mine .photo")).to_have_count(2)
    await expect(attached).to_have_count(0)

    # what a phone cannot send as a photo goes as a file
    await place.evaluate(give, ["dataTransfer", "drop", "c.heic", "image/heic"])
    await expect(page.get_by_label("Send as file")).to_have_count(0)
    await field.press("Enter")
    await expect(page.locator(".row:not(.is-mine) .text").last).to_have_text("a file: c.heic")


async def test_own_messages_are_edited_and_answered(stage: Stage) -> None:
    page = await stage.look()
    await write(page, "coffee 4.50")
    row = page.locator(".row.is-mine")
    await expect(row).to_have_count(1)

    # the arrow opens the latest own message, as the apps do
    await page.press("#composer-text", "ArrowUp")
    await expect(page.locator("#composer-text")).to_have_value("coffee 4.50")
    await write(page, "coffee 5.40")
    await expect(row.locator(".text")).to_have_text("coffee 5.40")
    await expect(row.locator(".meta")).to_contain_text("edited")

    await row.hover()
    await row.get_by_role("button", name="Reply").click()
    await write(page, "that one")
    await expect(page.locator(".row.is-mine .quote").last).to_contain_text("coffee 5.40")


async def test_two_people_write_in_a_group(stage: Stage) -> None:
    page = await stage.look()
    await page.locator(f'[data-chat="{stage.group.id}"]').click()
    await write(page, "rent 850")
    await page.get_by_label("Jonas").check(force=True)
    await write(page, "milk 2")

    await expect(page.locator(".row.is-mine .text").last).to_have_text("milk 2")
    await expect(page.locator(".author").first).to_have_text("Mia")
    texts = [
        (message.data["from"]["first_name"], message.text)
        for message in stage.sim.messages(stage.group)
        if message.sender_id != stage.sim.bot.id and message.text
    ]
    assert texts == [("Mia", "rent 850"), ("Jonas", "milk 2")]


async def test_a_reply_keyboard_comes_and_goes(stage: Stage) -> None:
    page = await stage.look()
    await write(page, "/keyboard")
    await page.get_by_role("button", name="USD").click()

    await expect(page.locator(".row:not(.is-mine) .text").last).to_have_text("You took USD")
    await expect(page.locator(".reply-keyboard")).to_have_count(0)


async def test_an_export_can_be_saved(stage: Stage) -> None:
    page = await stage.look()
    await write(page, "/export")
    async with page.expect_download() as saving:
        await page.locator(".file").click()
    download = await saving.value

    assert download.suggested_filename == "kvitto.csv"
    assert (await download.path()).read_bytes() == b"id,date\r\n"


async def test_the_clock_is_moved(stage: Stage) -> None:
    page = await stage.look()
    await expect(page.locator("#clock-ahead")).to_be_hidden()

    await page.get_by_role("button", name="+1 day").click()
    await expect(page.locator("#clock-ahead")).to_have_text("+24 h")
    await page.get_by_role("button", name="Sunday evening").click()
    await expect(page.locator("#clock-ahead")).not_to_have_text("+24 h")
    assert stage.sim.clock.shift.days >= 1
    await page.get_by_role("button", name="Back to real time").click()
    await expect(page.locator("#clock-ahead")).to_be_hidden()


async def test_people_and_groups_are_added(stage: Stage) -> None:
    page = await stage.look()
    await page.get_by_role("button", name="Add a person or group").click()
    await page.get_by_label("Name", exact=True).fill("Zoé")
    await page.get_by_label("Language of their Telegram").select_option("fr")
    await page.get_by_role("button", name="Add person").click()
    await expect(page.locator(".chat-item-name").last).to_have_text("Kvitto · Zoé")

    await page.get_by_role("button", name="Add a person or group").click()
    await page.get_by_label("Name of the group").fill("Trip")
    await page.get_by_role("button", name="Add group").click()
    await expect(page.locator(".chat-item-name").last).to_have_text("Trip")
    assert {stage.sim.user(user_id).first_name for user_id in stage.sim.chats[-1].members} == {
        "Mia",
        "Jonas",
        "Zoé",
        "Kvitto",
    }


async def test_what_happens_elsewhere_is_counted_and_shown_live(stage: Stage) -> None:
    page = await stage.look()
    mia = stage.own_chat.user
    assert mia is not None
    stage.sim.say(mia, stage.group, "hello over there")

    await expect(page.locator(f'[data-chat="{stage.group.id}"] .badge')).to_have_text("2")
    message = stage.sim.say(mia, stage.own_chat, "here")
    await expect(page.locator(".row.is-mine .text")).to_have_text("here")
    stage.sim.delete(message)
    await expect(page.locator(".row.is-mine")).to_have_count(0)


async def test_on_a_phone_chats_and_conversation_take_turns(stage: Stage) -> None:
    page = await stage.look(360, 740)
    await expect(page.locator("#composer-text")).to_be_visible()
    await expect(page.locator("#drawer")).to_be_hidden()

    await page.get_by_role("button", name="Back to the chats").click()
    await expect(page.locator("#composer-text")).to_be_hidden()
    await page.locator(f'[data-chat="{stage.group.id}"]').click()
    await expect(page.locator("#chat-title")).to_have_text("Household")
    await page.get_by_role("button", name="Things to try").click()
    await page.get_by_role("button", name="Ramen, Osaka").click()
    await expect(page.locator("#drawer")).to_be_hidden()
    await expect(page.locator(".row.is-mine .photo")).to_be_visible()


@pytest.mark.parametrize("width", [320, 800])
async def test_nothing_is_wider_than_the_window(stage: Stage, width: int) -> None:
    page = await stage.look(width, 700)
    await write(page, "W" * 600)
    await expect(page.locator(".row.is-mine")).to_have_count(1)

    overflow = "() => document.documentElement.scrollWidth - window.innerWidth"
    assert await page.evaluate(overflow) <= 0
    inside = "list => list.scrollWidth - list.clientWidth"
    assert await page.locator("#messages").evaluate(inside) <= 0


async def test_the_theme_follows_the_system_until_one_chooses(stage: Stage) -> None:
    page = await stage.look(scheme="dark")
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "dark")

    await page.get_by_role("button", name="Switch between light and dark").click()
    await expect(root).to_have_attribute("data-theme", "light")
    await page.reload()
    await expect(root).to_have_attribute("data-theme", "light")


async def test_everything_is_reached_without_a_mouse(stage: Stage) -> None:
    page = await stage.look()
    await write(page, "tea 3")
    button = page.get_by_role("button", name="Note")
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".row:not(.is-mine) .text")).to_have_text("changed by a button")

    named = """() => [...document.querySelectorAll('button, a, input, textarea, select')]
        .filter((part) => part.offsetParent !== null && part.tabIndex >= 0)
        .filter((part) => !(part.textContent.trim() || part.getAttribute('aria-label')
            || part.title || part.labels?.length))
        .map((part) => part.outerHTML)"""
    assert await page.evaluate(named) == []


async def test_a_lost_connection_is_found_again(stage: Stage) -> None:
    page = await stage.look()
    await page.context.set_offline(offline=True)
    await page.context.set_offline(offline=False)
    mia = stage.own_chat.user
    assert mia is not None
    stage.sim.say(mia, stage.own_chat, "still there?")
    await expect(page.locator(".row.is-mine .text")).to_have_text("still there?")
