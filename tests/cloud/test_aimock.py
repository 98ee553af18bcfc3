"""A second opinion on how OpenAI's interface is spoken: npm's aimock, where it is installed.

npm install --prefix /tmp/aimock @copilotkit/aimock && AIMOCK=/tmp/aimock make test
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ai.language.client import LanguageModel
from ai.language.question import Access
from ai.metering import Meter
from ai.speech import OpenAiSpeechToText
from ai.text.gpt import GptTextExtractor
from bench.free_ports import free_port
from tests.cloud.purse import NOW, Purse

SERVER = Path(os.environ.get("AIMOCK", ".")) / "node_modules" / ".bin" / "llmock"

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(
        not (SERVER.exists() and shutil.which("node")),
        reason="needs Node and npm's @copilotkit/aimock below the folder that AIMOCK names",
    ),
]
ENTRY = {"type": "expense", "amount": "20", "currency": None, "note": "lunch", "date": None}
FIXTURES = {
    "fixtures": [
        {
            "match": {"userMessage": "room 20"},
            "response": {"content": json.dumps({"entries": [ENTRY]})},
        },
        {
            "match": {"userMessage": "nonsense"},
            "response": {"content": "I would rather talk about the weather."},
        },
        {
            "match": {"userMessage": "broken"},
            "response": {"error": {"message": "down", "type": "server_error"}, "status": 503},
        },
        {"match": {"endpoint": "transcription"}, "response": {"transcription": {"text": "taxi 9"}}},
    ]
}


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    (tmp_path / "fixtures.json").write_text(json.dumps(FIXTURES))
    port = free_port()
    command = [str(SERVER.resolve()), "--fixtures", str(tmp_path), "--port", str(port), "--strict"]
    quiet = asyncio.subprocess.DEVNULL
    server = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet)
    try:
        async with asyncio.timeout(60):
            while not await _listens(port):  # noqa: ASYNC110 -- another process
                await asyncio.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        await server.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@pytest.mark.parametrize("by_responses", [True, False], ids=["responses", "chat"])
async def test_aimock_understands_what_we_send_and_we_what_it_says(
    url: str, *, by_responses: bool
) -> None:
    access = Access("key", url, speech_model="whisper-1")
    model = LanguageModel(access, Meter(Purse(), lambda: NOW), by_responses=by_responses)
    reader = GptTextExtractor(model)

    async def read(text: str) -> list[str]:
        found = await reader.read(text, today=NOW.date(), currency="EUR", language="en", chat_id=1)
        return [f"{one.amount} {one.note}" for one in found]

    assert await read("room 20 at noon") == ["20 lunch"]
    for words in ("nonsense 1", "broken 1"):
        with pytest.raises(Exception, match="ai_"):
            await read(words)
    assert (
        await OpenAiSpeechToText(model).transcribe(b"OggS" + b"x" * 99, seconds=2, chat_id=1)
        == "taxi 9"
    )
    await model.close()
