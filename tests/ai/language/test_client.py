"""The language model's client against a strict server: every failure is one error, in time."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import pytest
from pydantic import BaseModel, ConfigDict

from ai.circuit_breaker import FAILURES_MAX, CircuitBreaker
from ai.language.question import Access, Question
from ledger.errors import UnavailableError
from tests.cloud import openai_stub as stubs
from tests.cloud.openai_stub import Answer, Stub, open_stub
from tests.cloud.purse import Purse, open_model


class Colour(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    shade: str | None


RED = {"name": "red", "shade": None}
CHAT = 77


def question(words: str = "Which colour?", picture: bytes | None = None) -> Question[Colour]:
    return Question("text", CHAT, "Name the colour.", words, Colour, 200, picture)


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    async with open_stub() as server:
        yield server
        assert not server.faults


@pytest.mark.parametrize("by_responses", [True, False], ids=["responses", "chat"])
async def test_an_answer_comes_in_its_form_and_is_billed(stub: Stub, *, by_responses: bool) -> None:
    stub.says(stubs.well(RED, read=1000, written=50))
    purse = Purse()
    async with open_model(stub, purse, by_responses=by_responses) as model:
        assert await model.ask(question()) == Colour(name="red", shade=None)
    [call] = stub.calls
    assert call.path.endswith("/responses" if by_responses else "/chat/completions")
    assert purse.settled[0].succeeded
    assert (purse.settled[0].input_tokens, purse.settled[0].output_tokens) == (1000, 50)
    assert purse.planned[0].chat_id == CHAT


async def test_other_servers_are_asked_by_chat_and_openai_by_responses(stub: Stub) -> None:
    assert Access("k").is_openai
    assert not Access("k", stub.url).is_openai
    stub.says(stubs.well(RED))
    async with open_model(stub, by_responses=None) as model:
        await model.ask(question())
    assert stub.calls[0].path.endswith("/chat/completions")


async def test_a_server_that_does_not_know_responses_is_asked_by_chat_from_then_on(
    stub: Stub,
) -> None:
    stub.knows_responses = False
    stub.says(stubs.well(RED))
    purse = Purse()
    async with open_model(stub, purse) as model:
        for _ in range(3):
            assert (await model.ask(question())).name == "red"
    assert [call.path for call in stub.calls] == ["/v1/chat/completions"] * 3
    assert len(purse.planned) == 4, "the first question took two tries"


BAD: list[tuple[str, Answer, int]] = [
    # what the server does, and how many calls that may take
    ("busy", stubs.refused(429, "rate_limit_exceeded", retry_after="0"), 2),
    ("busy for long", stubs.refused(429, "rate_limit_exceeded", retry_after="30"), 1),
    ("no quota", stubs.refused(429, "insufficient_quota"), 1),
    ("wrong key", stubs.refused(401, "invalid_api_key"), 1),
    ("broken", stubs.refused(500, "server_error"), 2),
    ("overloaded", stubs.refused(503, "overloaded"), 2),
    ("refused", stubs.refused(400, "invalid_request_error"), 1),
    ("moved", stubs.refused(302, location="http://127.0.0.1:9/"), 1),
    ("a web page", stubs.page(), 1),
    ("a web page of a proxy", stubs.page(502), 2),
    ("nothing", stubs.empty(), 1),
    ("no JSON", stubs.raw("Sure! The colour is red."), 1),
    ("another form", stubs.raw('{"colour": "red"}'), 1),
    ("more than the form", stubs.raw('{"name": "red", "shade": null, "notes": "sk-x"}'), 1),
    ("another type", stubs.raw('{"name": 7, "shade": null}'), 1),
    ("a list", stubs.raw("[1, 2, 3]"), 1),
    ("deep nesting", stubs.raw("[" * 5000), 1),
    ("cut JSON", stubs.cut(RED), 1),
    ("declined", stubs.declined(), 1),
    ("hangs up", stubs.dropped(), 2),
    ("an endless answer", stubs.endless(), 2),
    ("a trickle", stubs.endless(pause_seconds=0.05), 1),
    ("silence", stubs.late(60, stubs.well(RED)), 1),
]


@pytest.mark.parametrize("by_responses", [True, False], ids=["responses", "chat"])
@pytest.mark.parametrize(("answer", "calls"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
async def test_every_failure_is_one_error_in_time_and_at_most_two_calls(
    stub: Stub, answer: Answer, calls: int, *, by_responses: bool
) -> None:
    stub.says(answer)
    purse = Purse()
    async with open_model(stub, purse, by_responses=by_responses) as model:
        started = time.monotonic()
        with pytest.raises(UnavailableError):
            await model.ask(question(), seconds=1.5)
        assert time.monotonic() - started < 30
    assert len(stub.calls) <= calls
    assert len(purse.planned) == len(purse.settled), "every call is settled"


async def test_a_second_try_may_go_well(stub: Stub) -> None:
    stub.says(stubs.refused(500), stubs.well(RED))
    async with open_model(stub) as model:
        assert (await model.ask(question())).name == "red"


async def test_a_server_that_fails_is_left_alone_for_a_while_then_tried_by_one(stub: Stub) -> None:
    now = [0.0]
    stub.says(stubs.refused(400))
    async with open_model(stub, new_breaker=lambda: CircuitBreaker(lambda: now[0])) as model:
        for _ in range(20):
            with pytest.raises(UnavailableError):
                await model.ask(question())
        assert len(stub.calls) == FAILURES_MAX
        now[0] = 61
        stub.says(stubs.late(0.1, stubs.well(RED)))
        answers = await asyncio.gather(
            *(model.ask(question()) for _ in range(5)), return_exceptions=True
        )
        assert sum(isinstance(answer, Colour) for answer in answers) == 1, "one looks whether"
        assert (await model.ask(question())).name == "red"


async def test_a_wrong_key_is_believed_at_once(stub: Stub) -> None:
    async with open_model(stub, key="sk-wrong") as model:
        for _ in range(5):
            with pytest.raises(UnavailableError):
                await model.ask(question())
        assert model.breaker_for("text").open_until > time.monotonic() + 500
        assert not model.breaker_for("vision").is_open, "each service rests for itself"
        with pytest.raises(UnavailableError) as raised:
            await model.check()
    assert "OPENAI_API_KEY" in str(raised.value.values["remedy"])


async def test_no_call_is_made_beyond_the_cap(stub: Stub) -> None:
    stub.says(stubs.refused(500))
    purse = Purse(calls_max=3)
    async with open_model(stub, purse) as model:
        model.breaker_for("text").failures = -1000
        for _ in range(50):
            with pytest.raises(UnavailableError):
                await model.ask(question())
    assert len(stub.calls) == 3


async def test_what_a_call_may_cost_is_reserved_at_its_most(stub: Stub) -> None:
    stub.says(stubs.well(RED, read=20, written=10))
    asked = question("colour " * 100)
    assert asked.count_tokens() > 200
    assert question(picture=b"x").count_tokens() >= question().count_tokens() + 2500
    openai = Access("k", model="gpt-5.4-mini").price
    assert openai.tokens(1_000_000, 0) == 750_000
    assert Access("k", stub.url).price.tokens(10**6, 10**6) == 0, "our own machine is free"


async def test_nothing_that_was_said_stands_in_the_log(
    stub: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "ai")
    for answer in (stubs.raw("CANARY-ANSWER"), stubs.refused(400, "CANARY-CODE"), stubs.page()):
        stub.says(answer)
        async with open_model(stub) as model:
            with pytest.raises(UnavailableError):
                await model.ask(question("CANARY-QUESTION"))
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("ai"))
    assert "failed" in ours
    assert "CANARY" not in ours
    assert stubs.KEY not in caplog.text


async def test_a_voice_is_heard(stub: Stub) -> None:
    stub.says(stubs.well("coffee four fifty"))
    purse = Purse()
    async with open_model(stub, purse) as model:
        words = await model.transcribe(
            b"OggS...", name="voice.ogg", voice_seconds=3, chat_id=CHAT, seconds=5
        )
    assert words == "coffee four fifty"
    assert stub.calls[0].body == {
        "model": "gpt-transcribe", "response_format": "json", "name": "voice.ogg"
    }  # fmt: skip
    assert purse.planned[0].service == "speech"


@pytest.mark.parametrize(
    "answer",
    [stubs.refused(429, "insufficient_quota"), stubs.page(), stubs.empty(), stubs.endless()],
    ids=["no quota", "a web page", "nothing", "endless"],
)
async def test_a_voice_that_is_not_heard_is_one_error(stub: Stub, answer: Answer) -> None:
    stub.says(answer)
    async with open_model(stub) as model:
        with pytest.raises(UnavailableError):
            await model.transcribe(
                b"OggS", name="voice.ogg", voice_seconds=3, chat_id=1, seconds=1.5
            )


async def test_the_check_names_a_model_that_is_not_offered(stub: Stub) -> None:
    async with open_model(stub) as model:
        assert await model.check() == "gpt-5.4-mini"
        stub.models = ("another",)
        with pytest.raises(UnavailableError) as raised:
            await model.check()
    assert "OPENAI_MODEL" in str(raised.value.values["remedy"])


def test_openai_is_not_imported_before_it_is_asked() -> None:
    code = (
        "import sys, ai.language.client, ai.ocr.vision, ai.ocr.textract, ai.text.gpt, ai.speech, "
        "ai.categories.gpt; print([n for n in ('openai', 'boto3', 'httpx2') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
