"""The real program with a strict model server beside it: receipts, words, voices, caps, failures."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bench.faults.program import ROOT, Program
from demo.botapi.world import Chat, Message, User
from demo.server import DemoServer, open_demo
from demo.writing import write
from tests.cloud import openai_stub as stubs
from tests.cloud.openai_stub import KEY, Answer, Call, Stub, open_stub

pytestmark = pytest.mark.external

SAMPLE = ROOT / "demo" / "samples" / "berlin-groceries.jpg"
NAMES = (
    "currency", "subtotal", "discount", "tip", "service", "rounding", "paid", "change",
)  # fmt: skip


@pytest.fixture
async def demo() -> AsyncIterator[DemoServer]:
    async with open_demo() as server:
        yield server


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    async with open_stub() as server:
        yield server
        assert not server.faults


Start = Callable[..., Program]


@pytest.fixture
def start(demo: DemoServer, stub: Stub, sqlite_url: str, tmp_path: Path) -> Iterator[Start]:
    """Start the program with a model configured; it is stopped at the end, its log searched."""
    programs: list[Program] = []

    def begin(**settings: str) -> Program:
        program = Program(
            tmp_path,
            {
                "TELEGRAM_BOT_TOKEN": demo.token,
                "TELEGRAM_API_URL": demo.url,
                "DATABASE_URL": sqlite_url,
                "OPENAI_API_KEY": KEY,
                "OPENAI_BASE_URL": stub.url,
                "OPENAI_MODEL": "gpt-5.4-mini",
                "OPENAI_SPEECH_MODEL": "gpt-transcribe",
                "RECEIPT_READER": "local,vision",
                "CATEGORISER": "local,gpt",
                "LOG_LEVEL": "DEBUG",
                **settings,
            },
        )
        programs.append(program)
        program.start()
        return program

    yield begin
    for program in programs:
        stopped = program.stop()
        assert stopped.code == 0
    log = (tmp_path / "log").read_text()
    for secret in (KEY, "CANARY", "zorblax", "sk-"):
        assert secret not in log


def by_form(**answers: Answer) -> Answer:
    """Answer by what is asked for: `receipts`, `choices`, `entries`, or words that are heard."""

    async def answer(request: web.Request, call: Call) -> web.StreamResponse:
        name = next(iter(call.schema["properties"])) if call.schema else "heard"
        return await answers[name](request, call)

    return answer


def file_all(category: str) -> Answer:
    """File every line under one category."""

    async def answer(request: web.Request, call: Call) -> web.StreamResponse:
        lines = call.words.partition("Lines:")[2].strip().splitlines()
        choices = [{"line": n + 1, "category": category} for n in range(len(lines))]
        return await stubs.well({"choices": choices})(request, call)

    return answer


def seen(total: str) -> Answer:
    one: dict[str, Any] = dict.fromkeys(NAMES) | {
        "kind": "receipt", "merchant": "CANARY-OTHER-CHAT", "date": None, "total": total,
        "taxes": [], "items": [],
    }  # fmt: skip
    return stubs.well({"receipts": [one]})


def said(amount: str, note: str) -> Answer:
    entry = {"type": "expense", "amount": amount, "currency": None, "note": note, "date": None}
    return stubs.well({"entries": [entry]})


def speak(demo: DemoServer, user: User, chat: Chat, seconds: int = 3) -> Message:
    """Send a voice note."""
    telegram = demo.simulation.telegram
    stored = telegram.files.add("voice", b"OggS" + b"x" * 500, "voice.ogg", "audio/ogg")
    fields = {"voice": {**stored.to_json(), "duration": seconds, "mime_type": "audio/ogg"}}
    return write(telegram, user, chat, fields, None)


def labels(message: Message) -> list[str]:
    keyboard = message.data.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for line in keyboard for button in line]


async def test_models_help_and_are_never_believed_unasked(
    demo: DemoServer, stub: Stub, start: Start
) -> None:
    sim = demo.simulation
    ann = sim.add_user("CANARY-NAME", username="canary_user")
    chat = sim.private_chat(ann)
    stub.says(
        by_form(
            receipts=seen("1.00"),
            choices=file_all("entertainment"),
            entries=said("20", "lunch"),
            heard=stubs.well("taxi 9.50"),
        )
    )
    start(RECEIPT_READER="vision")

    # a category in doubt gets better, in the message that is there
    sim.say(ann, chat, "zorblax 12")
    [booked] = await sim.answers(chat)
    assert "12" in booked.text
    await sim.edit_of(booked)
    assert "Entertainment" in booked.text
    assert any("Entertainment" in label for label in labels(booked)) or labels(booked)

    # a hijacked model's total is asked, beside the printed one
    sim.photo(ann, chat, SAMPLE)
    [reading] = await sim.answers(chat)
    await sim.edit_of(reading)
    assert {"€18.08", "€1.00"} <= set(labels(reading))
    assert "CANARY" not in reading.text

    # a voice note is answered with what was heard
    speak(demo, ann, chat)
    [listening] = await sim.answers(chat)
    await sim.edit_of(listening)
    assert "taxi 9.50" in listening.text
    assert "9.50" in listening.text

    # only the question's own words went out
    out = "".join(json.dumps(call.body) for call in stub.calls if call.path != "/v1/x")
    for canary in ("CANARY-NAME", "canary_user", str(ann.id)):
        assert canary not in out
    assert sum("zorblax" in call.words for call in stub.calls) == 1, "no other entries"
    sim.say(ann, chat, "/list")
    [listed] = await sim.answers(chat)
    assert "18.08" not in listed.text
    assert "1.00" not in listed.text


async def test_refused_words_become_a_question_and_only_its_answer_books(
    demo: DemoServer, stub: Stub, start: Start
) -> None:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    stub.says(by_form(entries=said("20", "lunch"), choices=file_all("eating_out")))
    start()
    sim.say(ann, chat, "room 20 lunch at 12:30")
    [refused] = await sim.answers(chat)
    await sim.edit_of(refused)
    assert "Did you mean" in refused.text
    [button] = [label for label in labels(refused) if "20" in label]
    sim.press(ann, refused, button)
    await sim.edit_of(refused)
    assert "lunch" in refused.text


BROKEN: list[tuple[str, Answer]] = [
    ("busy", stubs.refused(429, "rate_limit_exceeded")),
    ("no quota", stubs.refused(429, "insufficient_quota")),
    ("a web page", stubs.page()),
    ("cut", stubs.raw('{"choices": [{"line"', finished=False)),
    ("nothing", stubs.empty()),
    ("another form", stubs.raw('{"answer": 42}')),
    ("silence", stubs.late(60, stubs.empty())),
    ("without end", stubs.endless(pause_seconds=0.01)),
]


async def test_everybody_is_answered_whatever_the_model_does(
    demo: DemoServer, stub: Stub, start: Start
) -> None:
    """F09: by rules or a question, within ten seconds, with at most two calls a message."""
    sim = demo.simulation
    start(AI_CHAT_DAILY_CALLS="1000")
    for number, (_, answer) in enumerate(BROKEN):
        person = sim.add_user(f"Person {number}")
        chat = sim.private_chat(person)
        stub.says(answer)
        before = len(stub.calls)
        sim.say(person, chat, f"zorblax{number} 12")
        [booked] = await sim.answers(chat)
        assert "12" in booked.text
        sim.say(person, chat, "room 20 lunch at 12:30")
        await sim.answers(chat)
        speak(demo, person, chat)
        [listening] = await sim.answers(chat)
        # A model that refuses at once is done before the first message left: then it says the end.
        if "type it" not in listening.text:
            await sim.edit_of(listening)
        assert "type it" in listening.text
        assert len(stub.calls) - before <= 6
    assert not sim.refusals()


async def test_a_chat_stops_at_its_cap_and_others_go_on(
    demo: DemoServer, stub: Stub, start: Start
) -> None:
    """X05: words stop costing, rules go on."""
    sim = demo.simulation
    ann, bo = sim.add_user("Ann"), sim.add_user("Bo")
    mine, other = sim.private_chat(ann), sim.private_chat(bo)
    stub.says(by_form(choices=file_all("entertainment")))
    start(AI_CHAT_DAILY_CALLS="5")
    for number in range(40):
        sim.say(ann, mine, f"zorblax{number} {number + 1}")
    await sim.answers(mine, count=40)
    async with asyncio.timeout(60):
        # Calls follow the answers; on a busy machine one may take its time.
        while len(stub.calls) < 5:  # noqa: ASYNC110 -- another process
            await asyncio.sleep(0.05)
    await sim.quiet(1.0)
    assert len(stub.calls) == 5
    sim.say(bo, other, "zorblaxity 7")
    [booked] = await sim.answers(other)
    await sim.edit_of(booked)
    assert len(stub.calls) == 6


async def test_without_a_key_voice_notes_are_answered_kindly_and_groups_are_left_alone(
    demo: DemoServer, stub: Stub, start: Start
) -> None:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat, group = sim.private_chat(ann), sim.add_group("Home", [ann])
    start(OPENAI_API_KEY="", OPENAI_BASE_URL="", RECEIPT_READER="local", CATEGORISER="local")
    speak(demo, ann, group)
    speak(demo, ann, chat)
    [answer] = await sim.answers(chat)
    assert "type it" in answer.text
    sim.say(ann, chat, "zorblax 12")
    await sim.answers(chat)
    await sim.quiet()
    assert not any("type it" in message.text for message in sim.sent(group))
    assert not stub.calls


@contextmanager
def environment(**settings: str) -> Iterator[dict[str, str]]:
    yield {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **settings}


async def test_the_check_has_a_line_for_each_reader(
    demo: DemoServer, stub: Stub, sqlite_url: str, tmp_path: Path
) -> None:
    def check(**more: str) -> tuple[int, dict[str, str | None]]:
        with environment(
            TELEGRAM_BOT_TOKEN=demo.token,
            TELEGRAM_API_URL=demo.url,
            DATABASE_URL=sqlite_url,
            OPENAI_API_KEY=KEY,
            OPENAI_BASE_URL=stub.url,
            RECEIPT_READER="local,vision",
            **more,
        ) as env:
            done = subprocess.run(
                [sys.executable, "-m", "bot", "check", "--json"],
                cwd=tmp_path, env=env, capture_output=True, text=True, timeout=180, check=False,
            )  # fmt: skip
        assert KEY not in done.stdout + done.stderr
        return done.returncode, {row["what"]: row["trouble"] for row in json.loads(done.stdout)}

    code, lines = await asyncio.to_thread(check)
    assert (code, lines["language model"], lines["paid calls"]) == (0, None, None)
    stub.models = ("another",)
    code, lines = await asyncio.to_thread(check)
    assert code == 1
    assert "OPENAI_MODEL" in (lines["language model"] or "")
    assert not stub.calls, "checking costs nothing"
