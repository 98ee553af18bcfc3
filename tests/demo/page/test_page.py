"""The chat page in a real browser, with a small echoing bot behind it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import expect
from telegram import Bot

from tests.demo.stage import BROWSER_MARKS, Stage, write

pytestmark = BROWSER_MARKS


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
    await page.locator(".inline-keyboard").get_by_role("button", name="Delete").click()
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

    # a format that phones cannot send as a photo is sent as a file
    await place.evaluate(give, ["dataTransfer", "drop", "c.heic", "image/heic"])
    await expect(page.get_by_label("Send as file")).to_have_count(0)
    await field.press("Enter")
    await expect(page.locator(".row:not(.is-mine) .text").last).to_have_text("a file: c.heic")


async def test_own_messages_are_edited_and_answered(stage: Stage) -> None:
    page = await stage.look()
    await write(page, "coffee 4.50")
    row = page.locator(".row.is-mine")
    await expect(row).to_have_count(1)

    # as in the apps, the arrow key edits the latest own message
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
    await page.get_by_role("button", name="Next Sunday").click()
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


async def test_there_is_one_clock_of_24_hours(stage: Stage) -> None:
    stage.sim.clock.set(datetime(2026, 11, 21, 18, 5, tzinfo=UTC))
    page = await stage.look(zone="UTC")
    await write(page, "coffee 4.50")
    item = page.locator(f'[data-chat="{stage.own_chat.id}"]')

    await expect(page.locator(".row.is-mine time")).to_have_text("18:05")
    await expect(item.locator(".chat-item-time")).to_have_text("18:05")
    await expect(page.locator("#clock-time")).to_have_text("18:05")
    await expect(page.locator(".clock-face b")).to_have_text("18:05")
    assert "PM" not in await page.locator("body").inner_text()


async def test_a_time_stands_only_beside_a_message(stage: Stage) -> None:
    page = await stage.look()
    group = page.locator(f'[data-chat="{stage.group.id}"]')
    await expect(group).to_contain_text("with Mia, Jonas")
    await expect(group.locator(".chat-item-time")).to_have_count(0)

    await group.click()
    await write(page, "rent 850")
    await expect(group.locator(".chat-item-time")).to_have_count(1)


async def test_messages_of_a_moved_clock_are_ahead_once_it_is_back(stage: Stage) -> None:
    page = await stage.look()
    await write(page, "coffee 4.50")
    for _ in range(3):
        await page.get_by_role("button", name="+1 day").click()
    await expect(page.locator("#clock-ahead")).to_have_text("+3 days")
    # the day of the earlier message gets a new name
    await expect(page.locator(".day")).not_to_have_text("Today")
    await write(page, "taxi 12")
    time = page.locator(f'[data-chat="{stage.own_chat.id}"] .chat-item-time')
    await expect(time).to_have_text(re.compile(r"\d\d:\d\d"))

    await page.get_by_role("button", name="Back to real time").click()
    await expect(time).to_have_text("+3 days")
    await expect(page.locator(".day").first).to_have_text("Today")


async def test_short_code_stays_on_one_line_and_long_code_does_not(stage: Stage) -> None:
    page = await stage.look(380, 760)
    bot = Bot(stage.demo.token, base_url=f"{stage.demo.url}/bot")
    async with bot:
        for text in ("Send your first expense now, like <code>coffee 4.50</code>", "W" * 90):
            shown = text if "<" in text else f"<code>{text}</code>"
            await bot.send_message(stage.own_chat.id, shown, parse_mode="HTML")
    await expect(page.locator(".text code")).to_have_count(2)

    lines = "code => code.getClientRects().length"
    assert await page.locator(".text code").first.evaluate(lines) == 1
    assert await page.locator(".text code").last.evaluate(lines) > 1


async def test_dragging_is_only_offered_where_it_works(stage: Stage) -> None:
    wide = await stage.look()
    await expect(wide.get_by_text("drag it into the chat")).to_be_visible()
    for narrow in (await stage.look(380, 760), await stage.look(has_touch=True)):
        if await narrow.locator("#drawer").is_hidden():
            await narrow.get_by_role("button", name="Things to try").click()
        await expect(narrow.get_by_text("drag it into the chat")).to_be_hidden()
        await expect(narrow.get_by_text("tap the clip")).to_be_visible()
