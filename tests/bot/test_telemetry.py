"""Traces and fault reports reach real receivers, hold nothing of people, and cost nothing when off."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bot.ops.logs import open_logs
from bot.setup.setting_fields import SecretText
from bot.setup.settings import Settings
from bot.telemetry.opening import open_telemetry
from demo.server import open_demo
from ports.queue import Delivery
from ports.telemetry import REPORTERS, TRACERS, record_step
from ports.telemetry.flows import enter_flow
from ports.units import UnitOfWork
from storage import open_database
from tests.bot.parts import echo, open_parts

ROOT = Path(__file__).resolve().parents[2]
SECRET_WORDS = "coffee 4.50 with Ann"
KEY = "canary-of-a-key"


@dataclass(slots=True)
class Receiver:
    """A server of the test's own that keeps what is posted to it."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    answers: bool = True


@contextmanager
def running(*, answers: bool = True) -> Iterator[Receiver]:
    """Listen on a port of this machine."""
    receiver = Receiver(answers=answers)
    stopped = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            receiver.headers.append({n.lower(): v for n, v in self.headers.items()})
            receiver.bodies.append(body)
            if not receiver.answers:
                stopped.wait(60)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:  # noqa: ANN401  # of the base class
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def settings(**given: Any) -> Settings:  # noqa: ANN401  # of every type
    return Settings(**given)


def spans_in(receiver: Receiver) -> list[Any]:
    found = []
    for body in receiver.bodies:
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                found += scope.spans
    return found


async def fail_on_secrets(delivery: Delivery, unit: UnitOfWork) -> None:
    if SECRET_WORDS in delivery.inbox_message.body:
        int(SECRET_WORDS)
    await echo(delivery, unit)


@pytest.mark.usefixtures("restored_logs")
async def test_an_update_is_one_trace_and_its_failure_one_report(
    sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with running() as traces, running() as faults:
        given = settings(
            otel_exporter_otlp_endpoint=traces.url,
            otel_exporter_otlp_headers=SecretText(f"authorization=Bearer%20{KEY}"),
            sentry_dsn=SecretText(f"{faults.url.replace('//', f'//{KEY}@')}/7"),
        )
        async with open_demo() as demo, open_database(sqlite_url) as database:
            open_logs("INFO", "json", [demo.token, *given.secrets()])
            ann = demo.simulation.add_user("Ann")
            chat = demo.simulation.private_chat(ann)
            with open_telemetry(given, "worker"):
                async with open_parts(demo, database, fail_on_secrets, backoff=lambda _: 0.01):
                    demo.simulation.say(ann, chat, "hello")
                    (answer,) = await demo.simulation.answers(chat)
                    assert answer.text == "echo hello"
                    demo.simulation.say(ann, chat, SECRET_WORDS)
                    (sorry,) = await demo.simulation.answers(chat)
                    assert sorry.text.startswith("sorry")
                # What waits leaves when the program ends.
                await asyncio.sleep(0)
            token = demo.token
    check_traces(traces)
    check_faults(faults, sorry.text.removeprefix("sorry "))
    sent = b"".join([*traces.bodies, *faults.bodies])
    logged = capsys.readouterr().err
    assert '"flow": "u' in logged
    for secret in (SECRET_WORDS, "coffee", "Ann", token, token.partition(":")[2], "hello"):
        assert secret.encode() not in sent, secret
        assert secret == "Ann" or secret not in logged, secret


def check_traces(receiver: Receiver) -> None:
    assert receiver.headers[0]["authorization"] == f"Bearer {KEY}"
    spans = spans_in(receiver)
    first = min(span.start_time_unix_nano for span in spans)
    told = next(s for s in spans if s.start_time_unix_nano == first)
    mine = [span for span in spans if span.trace_id == told.trace_id]
    assert sorted(span.name for span in mine) == ["handle", "receive", "send"]
    flow = next(a.value.string_value for a in told.attributes if a.key == "kvitto.flow")
    digest = sha256(flow.encode()).digest()
    assert told.trace_id == digest[:16], "another process finds the same trace by the flow alone"
    root = next(span for span in mine if span.name == "receive")
    assert (root.span_id, root.parent_span_id) == (digest[16:24], b"")
    for span in mine:
        assert span.end_time_unix_nano >= span.start_time_unix_nano
        if span is not root:
            assert span.parent_span_id == root.span_id
            assert span.span_id != root.span_id
    failed = [span for span in spans if span.status.code == 2]
    assert {span.name for span in failed} == {"handle"}
    assert len(failed) == 5, "every try"


def check_faults(receiver: Receiver, error_id: str) -> None:
    events = [json.loads(body.split(b"\n")[2]) for body in receiver.bodies]
    assert len(events) == 5, "every try"
    last = next(event for event in events if event["tags"]["error_id"] == error_id)
    assert last["tags"]["flow"].startswith("u")
    assert last["logger"] == "bot.engine.worker"
    (raised,) = last["exception"]["values"]
    assert raised["type"] == "ValueError"
    frame = raised["stacktrace"]["frames"][-1]
    assert frame["filename"] == "tests/bot/test_telemetry.py"
    assert frame["function"] == "fail_on_secrets"
    assert "vars" not in frame
    assert not last.get("server_name")
    assert {"user", "request", "breadcrumbs", "modules", "extra"}.isdisjoint(
        name for name in last if last[name]
    )


@pytest.mark.usefixtures("restored_logs")
def test_a_library_is_reported_by_its_name_alone(capsys: pytest.CaptureFixture[str]) -> None:
    import logging

    with running() as faults:
        dsn = SecretText(faults.url.replace("//", f"//{KEY}@") + "/7")
        open_logs("INFO", "json", [])
        with open_telemetry(settings(sentry_dsn=dsn), "worker"):
            enter_flow("u7")
            logging.getLogger("asyncio").error(f"Task failed: {SECRET_WORDS}")  # noqa: G004  # as libraries do
            logging.getLogger("web.app").error("request failed, error id %s", SECRET_WORDS)
            # The plugs' own trouble would come back to them without end.
            logging.getLogger("sentry_sdk.errors").error("not sent")
        enter_flow("")
    capsys.readouterr()
    events = [json.loads(body.split(b"\n")[2]) for body in faults.bodies]
    told = [event["message"] for event in events]
    assert told == ["asyncio", "request failed, error id %s"]
    assert b"coffee" not in b"".join(faults.bodies)


def test_servers_that_hang_or_are_gone_hold_nothing_up() -> None:
    with running(answers=False) as hanging:
        given = settings(
            otel_exporter_otlp_endpoint=hanging.url,
            sentry_dsn=SecretText("http://key@127.0.0.1:9/7"),
        )
        with open_telemetry(given, "worker"):
            began = time.thread_time()
            for number in range(3000):
                record_step("handle", time.time(), flow=f"u{number}")
            taken = time.thread_time() - began
            senders = [t for t in threading.enumerate() if t.name.startswith("OtelBatch")]
            assert senders
            closing = time.monotonic()
        closed = time.monotonic() - closing
    # Generous, as machines are; each step takes some microseconds.
    assert taken < 3000 * 0.002
    assert closed < 30, "the server would hang for a minute"
    for sender in senders:
        sender.join(15)
        assert not sender.is_alive(), "it gives up what it could not send"
    assert not TRACERS
    assert not REPORTERS
