"""The tray of files to send: a file that cannot be sent is marked and holds back no other."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.demo.answers import Draw
from tests.demo.stage import BROWSER_MARKS, Stage, write

pytestmark = BROWSER_MARKS

BAD = ("bad.jpg", "image/jpeg", b"no picture at all")

_DROP = """(element, given) => {
    const transfer = new DataTransfer();
    for (const [name, type, bytes] of given) {
        transfer.items.add(new File([Uint8Array.from(bytes)], name, { type }));
    }
    const init = { bubbles: true, cancelable: true, dataTransfer: transfer };
    element.dispatchEvent(new DragEvent('drop', init));
}"""


async def drop(page: Page, *files: tuple[str, str, bytes]) -> None:
    """Drop files, each a name, a type and its bytes, into the conversation at once."""
    given = [[name, kind, list(content)] for name, kind, content in files]
    await page.locator("#messages").evaluate(_DROP, given)


def own_messages(stage: Stage) -> list[tuple[str, str]]:
    """Return Mia's messages, each as its kind and its text or caption."""
    sent = stage.sim.messages(stage.own_chat)
    return [
        (message.media or "text", message.data.get("text") or message.data.get("caption") or "")
        for message in sent
        if message.sender_id != stage.sim.bot.id
    ]


async def test_a_bad_picture_is_marked_and_the_good_ones_go(stage: Stage, picture: Draw) -> None:
    page = await stage.look()
    problem = page.locator(".attachment-problem")
    await drop(page, BAD)
    await expect(problem).to_contain_text("bad.jpg cannot be opened as a picture.")
    await expect(page.get_by_label("Send", exact=True)).to_be_disabled()
    await expect(page.locator("#composer-text")).to_have_attribute("placeholder", "Message")

    await drop(page, ("a.png", "image/png", picture()), ("b.png", "image/png", picture()))
    await expect(page.locator(".attachment img")).to_have_count(2)
    await write(page, "both of them")

    await expect(page.locator(".row.is-mine .photo")).to_have_count(2)
    await expect(page.locator(".attachment")).to_have_count(0)
    await expect(problem).to_have_count(1)
    assert own_messages(stage) == [("photo", "both of them"), ("photo", "")]


async def test_a_text_goes_alone_beside_a_bad_picture(stage: Stage) -> None:
    page = await stage.look()
    await drop(page, BAD)
    # the text is sent, whether or not the page has checked the picture before
    await write(page, "coffee 4.50")
    await expect(page.locator(".row.is-mine .text")).to_have_text("coffee 4.50")
    await expect(page.locator(".attachment-problem")).to_have_count(1)
    await write(page, "taxi 12")

    await expect(page.locator(".row.is-mine .text").last).to_have_text("taxi 12")
    assert own_messages(stage) == [("text", "coffee 4.50"), ("text", "taxi 12")]


async def test_a_bad_picture_goes_as_a_file_or_away_with_one_click(stage: Stage) -> None:
    page = await stage.look()
    await drop(page, BAD, ("worse.png", "image/png", b""))

    await page.get_by_role("button", name="Send bad.jpg as a file").click()
    await expect(page.locator(".row:not(.is-mine) .text")).to_have_text("a file: bad.jpg")
    await page.get_by_role("button", name="Remove worse.png").click()

    await expect(page.locator(".attachments")).to_be_hidden()
    assert own_messages(stage) == [("document", "")]


async def test_what_only_the_server_refuses_comes_back_marked(stage: Stage, picture: Draw) -> None:
    # Browsers decode formats that the server does not; this one decodes everything.
    page = await stage.look()
    await page.evaluate("window.createImageBitmap = async () => ({ close() {} })")
    await drop(page, BAD, ("a.png", "image/png", picture()))
    await expect(page.locator(".attachment")).to_have_count(2)
    await write(page, "lunch 12")

    await expect(page.locator(".row.is-mine .photo")).to_have_count(1)
    await expect(page.locator(".attachment-problem")).to_contain_text("bad.jpg cannot be opened")
    await drop(page, ("bad2.jpg", "image/jpeg", b"none either"))
    await write(page, "tea 3")
    await expect(page.locator(".attachment-problem")).to_have_count(2)
    await expect(page.locator(".row.is-mine .text").last).to_have_text("tea 3")
    assert own_messages(stage) == [("photo", "lunch 12"), ("text", "tea 3")]


async def test_a_lost_send_comes_back_whole_and_goes_later(stage: Stage, picture: Draw) -> None:
    page = await stage.look()
    await drop(page, ("a.png", "image/png", picture()))
    await page.route("**/demo/upload", lambda route: route.fulfill(status=400, body="{}"))
    await write(page, "lunch 12")
    await expect(page.locator(".toast.is-error")).to_be_visible()
    await expect(page.locator("#composer-text")).to_have_value("lunch 12")
    await expect(page.locator(".attachment img")).to_have_count(1)

    await page.unroute("**/demo/upload")
    await page.press("#composer-text", "Enter")
    await expect(page.locator(".row.is-mine .photo")).to_have_count(1)
    assert own_messages(stage) == [("photo", "lunch 12")]


async def test_a_lost_change_stays_a_change(stage: Stage) -> None:
    page = await stage.look()
    await write(page, "coffee 4.50")
    await expect(page.locator(".row.is-mine")).to_have_count(1)
    await page.route("**/demo/edit", lambda route: route.fulfill(status=400, body="{}"))
    await page.press("#composer-text", "ArrowUp")
    await write(page, "coffee 5.40")
    await expect(page.locator("#composer-text")).to_have_value("coffee 5.40")
    await expect(page.locator(".context")).to_contain_text("Edit message")

    await page.unroute("**/demo/edit")
    await page.press("#composer-text", "Enter")
    await expect(page.locator(".row.is-mine .text")).to_have_text("coffee 5.40")
    assert own_messages(stage) == [("text", "coffee 5.40")]


async def test_more_than_ten_files_are_named_as_left_out(stage: Stage) -> None:
    page = await stage.look()
    await drop(page, *((f"{number}.pdf", "application/pdf", b"x") for number in range(12)))

    await expect(page.locator(".toast")).to_have_text("At most 10 at a time: 2 left out")
    await expect(page.locator(".attachment")).to_have_count(10)
