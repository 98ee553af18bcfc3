"""Editing, deleting and answering messages on the page; albums, places and voice notes."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.demo.stage import BROWSER_MARKS, Stage, write

pytestmark = BROWSER_MARKS

PICTURES = """(element, names) => {
    const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
    const bytes = Uint8Array.from(atob(dot), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    for (const name of names) transfer.items.add(new File([bytes], name, { type: 'image/png' }));
    element.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
}"""


async def choose(page: Page, action: str, *, row: int = 0) -> None:
    """Open a message's actions and choose one."""
    own = page.locator(".row.is-mine").nth(row)
    await own.hover()
    await own.get_by_role("button", name=action).click()


async def test_the_pencil_edits_and_the_bot_gets_the_update(stage: Stage) -> None:
    page = await stage.look()
    await write(page, "coffee 4.50")

    await choose(page, "Edit")
    await write(page, "coffee 5.40")

    await expect(page.locator(".row:not(.is-mine) .text").last).to_have_text("edited: coffee 5.40")
    await expect(page.locator(".row.is-mine .meta")).to_contain_text("edited")


async def test_a_caption_is_added_and_taken_away(stage: Stage) -> None:
    page = await stage.look()
    await page.locator("#messages").evaluate(PICTURES, ["a.png"])
    await page.press("#composer-text", "Enter")
    await expect(page.locator(".row.is-mine .photo")).to_have_count(1)

    await choose(page, "Edit")
    await write(page, "lunch 12")
    await expect(page.locator(".row.is-mine .text")).to_have_text("lunch 12")
    await choose(page, "Edit")
    await page.fill("#composer-text", "")
    await page.get_by_role("button", name="Send", exact=True).click()

    await expect(page.locator(".row.is-mine .text")).to_have_count(0)
    await expect(page.locator(".row.is-mine .photo")).to_have_count(1)


async def test_a_message_is_deleted_after_a_question(stage: Stage) -> None:
    page = await stage.look()
    await write(page, "coffee 4.50")
    row = page.locator(".row.is-mine")

    await choose(page, "Delete")
    await page.locator("#alert").get_by_role("button", name="Cancel").click()
    await expect(row).to_have_count(1)
    await choose(page, "Reply")
    await choose(page, "Delete")
    await page.locator("#alert").get_by_role("button", name="Delete").click()

    await expect(row).to_have_count(0)
    await expect(page.locator(".context")).to_be_hidden()
    assert all(message.text != "coffee 4.50" for message in stage.sim.messages(stage.own_chat))


async def test_in_a_group_only_administrators_delete_what_others_wrote(stage: Stage) -> None:
    page = await stage.look()
    mia, jonas = (chat.user for chat in stage.sim.chats[:2])
    assert mia
    assert jonas
    stage.sim.say(mia, stage.group, "rent 850")
    await page.locator(f'[data-chat="{stage.group.id}"]').click()
    row = page.locator(".row", has_text="rent 850").first
    delete = row.get_by_role("button", name="Delete")

    await expect(delete).to_have_count(1)
    await page.get_by_label("Jonas").check(force=True)
    await expect(delete).to_have_count(0)
    await expect(row.get_by_role("button", name="Edit")).to_have_count(0)


async def test_pictures_dropped_together_are_an_album_that_answers(stage: Stage) -> None:
    page = await stage.look()
    await write(page, "coffee 4.50")
    await choose(page, "Reply")
    await page.locator("#messages").evaluate(PICTURES, ["a.png", "b.png"])
    await expect(page.locator(".attachment")).to_have_count(2)
    await page.get_by_label("Send as file").check()
    await write(page, "both")
    await expect(page.locator(".row.is-mine .file")).to_have_count(2)

    *_, first, second = [m for m in stage.sim.messages(stage.own_chat) if m.media]
    assert first.data["media_group_id"] == second.data["media_group_id"]
    assert first.data["document"]["mime_type"] == "image/png"
    assert first.data["reply_to_message"]["text"] == "coffee 4.50"


async def test_a_place_is_sent_by_a_click(stage: Stage) -> None:
    page = await stage.look()

    await page.get_by_role("button", name="Sydney").click()

    await expect(page.locator(".row.is-mine .place")).to_contain_text("33.8688° S, 151.2093° E")
    await expect(page.locator(".row:not(.is-mine) .text")).to_have_text("a place at -33.8688")
    row = page.locator(".row.is-mine")
    await row.hover()
    await expect(row.get_by_role("button", name="Edit")).to_have_count(0)


async def test_a_voice_note_is_recorded_played_and_can_be_cancelled(stage: Stage) -> None:
    page = await stage.look()
    record = page.get_by_role("button", name="Record your voice")
    await record.click()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator("#composer-text")).to_be_visible()
    await record.click()
    await expect(page.locator(".recording")).to_be_visible()
    await expect(page.get_by_role("timer")).to_have_text("0:01")

    await page.get_by_role("button", name="Send voice note").click()

    await expect(page.locator(".row:not(.is-mine) .text")).to_contain_text("a voice note of")
    await expect(page.locator(".row.is-mine .voice")).to_have_count(1)
    playable = "async (audio) => { await audio.play(); return audio.error === null; }"
    assert await page.locator(".row.is-mine .voice").evaluate(playable)


async def test_a_tap_opens_the_actions_on_a_phone(stage: Stage) -> None:
    page = await stage.look(380, 760, has_touch=True)
    await write(page, "coffee 4.50")
    actions = page.locator(".row.is-mine .actions")
    await expect(actions).to_be_hidden()

    await page.locator(".row.is-mine .bubble").tap()

    await expect(actions).to_be_visible()
    await actions.get_by_role("button", name="Edit").tap()
    await expect(page.locator("#composer-text")).to_have_value("coffee 4.50")
