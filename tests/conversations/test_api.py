"""A program and the chat see what the other one books, by the examples of the document."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest

from tests.conversations.conftest import READ_SECONDS, ROOT, Talk

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]

TOKEN = re.compile(r"kvitto_[A-Za-z0-9_-]{43}")
LEDGER = re.compile(r"http://\S+/api/v1/ledgers/[0-9a-f]{24}")
EXAMPLES = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
SAMPLE = ROOT / "demo" / "samples" / "berlin-groceries.jpg"


async def _connect(talk: Talk) -> dict[str, str]:
    """Make a token in the chat; return what its message says."""
    made = await talk.press(await talk.say("/settings api"), "read and write")
    token, ledger = TOKEN.search(made.text), LEDGER.search(made.text)
    assert token
    assert ledger
    return {"TOKEN": token[0], "LEDGER": ledger[0]}


async def test_the_examples_of_the_document_work_and_the_chat_sees_them(
    ann: Talk, tmp_path: Path
) -> None:
    await ann.say("tea 3.20")
    variables = {**os.environ, **await _connect(ann)}
    shutil.copy(SAMPLE, tmp_path / "receipt.jpg")
    examples = EXAMPLES.findall((ROOT / "docs" / "api.md").read_text())
    assert len(examples) > 6
    script = tmp_path / "examples.sh"
    script.write_text("set -eu\n" + "\n".join(examples))
    process = await asyncio.create_subprocess_exec(
        "bash", "-x", str(script), cwd=tmp_path, env=variables,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, problems = await process.communicate()
    assert process.returncode == 0, problems.decode()[-2000:]
    assert "tea" in out.decode()
    assert (tmp_path / "ledger.csv").read_text().startswith("id,date,type,amount")

    # The receipt is read and booked by its caption, the sentence by the chat's grammar.
    await _wait_for(variables, "lunch with Bo")
    await ann.sim.quiet(1)
    seen = list(ann.chat.unread)
    ann.chat.unread.clear()
    for note, amount in (("taxi", "9.00"), ("lunch", "12.50"), ("rent", "850.00")):
        assert any(note in one.text and amount in one.text for one in seen), note
    assert "lunch with Bo" in (await ann.say("/list")).text


async def _wait_for(variables: Mapping[str, str], words: str) -> None:
    """Wait until the program sees an entry."""
    auth = {"Authorization": f"Bearer {variables['TOKEN']}"}
    async with aiohttp.ClientSession(headers=auth) as program, asyncio.timeout(READ_SECONDS):
        found: list[object] = []
        while not found:
            path = f"{variables['LEDGER']}/expenses"
            async with program.get(path, params={"q": words}) as answer:
                found = (await answer.json())["items"]
            await asyncio.sleep(0.2)


async def test_undo_in_the_chat_takes_back_what_a_program_did(
    ann: Talk, installation: Path
) -> None:
    await ann.say("/start")
    found = await _connect(ann)
    path, auth = f"{found['LEDGER']}/expenses", {"Authorization": f"Bearer {found['TOKEN']}"}
    async with aiohttp.ClientSession(headers=auth) as program:
        async with program.post(path, json={"amount": "7", "note": "kebab"}) as answer:
            made = await answer.json()
        card = await ann.hear()
        assert "kebab" in card.text
        async with program.patch(f"{path}/{made['id']}", json={"amount": "8"}) as answer:
            assert answer.status == 200
        edited = await ann.sim.edit_of(card)
        assert "8.00" in edited.text
        await ann.say("/undo")
        async with program.get(f"{path}/{made['id']}") as answer:
            assert (await answer.json())["amount"] == "7.00"
        # And what the chat changes, the program sees.
        await ann.say("9", reply_to=card)
        async with program.get(f"{path}/{made['id']}") as answer:
            assert (await answer.json())["amount"] == "9.00"
    told = await _read_history(ann, installation)
    heads = [line for line in told.splitlines() if line.startswith("#")]
    ways = (
        "by api  capture",
        "by api  correct  (undone)",
        "by chat  undo  of #2",
        "by chat  correct",
    )
    who = f"Ann ({ann.person.id})"
    assert [head.split("  ", 2)[2] for head in heads] == [f"{who}  {way}" for way in ways]
    assert "made: type expense, amount 7.00 EUR, currency EUR" in told
    assert f"entry {made['id']}: amount 7.00 EUR -> 8.00 EUR" in told
    assert f"entry {made['id']}: amount 8.00 EUR -> 7.00 EUR" in told


async def _read_history(talk: Talk, installation: Path) -> str:
    """Return what `kvitto history` prints beside the running bot."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "history", str(talk.chat.id), cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{installation}/kvitto.db"},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()
