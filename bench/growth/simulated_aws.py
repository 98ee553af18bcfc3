"""A FIFO queue of SQS and a bucket of S3 that cost next to nothing, so that a bench measures the bot.

    python -m bench.growth.simulated_aws PORT

The emulator of the tests is asked by four long polls at once here, in which it looks for messages without a
pause as soon as every waiting chat has one in hand; so it takes both cores, and a thousand texts take
minutes. The queue is that of the simulation (`bench.vopr.queue`), without faults. Signatures are not read.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import orjson
import uvloop

from bench.free_ports import free_port
from bench.load import ROOT
from bench.raw_http import RawHttp
from bench.vopr.faults import Faults
from bench.vopr.queue import SimulatedQueue
from bench.vopr.trace import Trace

START_SECONDS = 120


class Aws:
    """The queue, the objects of the bucket by their paths, and the polls that wait for messages."""

    def __init__(self) -> None:
        faults = Faults(random.Random(0), Trace(time.monotonic), is_on=False)
        self.queue = SimulatedQueue(faults, time.monotonic)
        self.objects: dict[str, bytes] = {}
        self.polls: dict[Connection, tuple[dict[str, Any], asyncio.TimerHandle]] = {}

    def serve_polls(self) -> None:
        """Give messages to whoever waits for some."""
        for connection, (asked, timer) in list(self.polls.items()):
            if connection.receive(asked):
                timer.cancel()
                del self.polls[connection]


class Connection(RawHttp):
    """One keep-alive connection."""

    def __init__(self, aws: Aws) -> None:
        super().__init__()
        self.aws = aws

    def connection_lost(self, error: Exception | None) -> None:
        _ = error
        if poll := self.aws.polls.pop(self, None):
            poll[1].cancel()

    def handle(self, head: bytes, body: bytes) -> None:
        verb, path = head.split(b" ", 2)[:2]
        target = head.lower().partition(b"x-amz-target: amazonsqs.")[2].split(b"\r\n", 1)[0]
        if target:
            self.ask(target.decode(), orjson.loads(body))
        else:
            self.store(verb.decode(), path.decode().partition("?")[0], body)

    def ask(self, operation: str, asked: dict[str, Any]) -> None:
        queue = self.aws.queue
        match operation:
            case "sendmessagebatch":
                queue.send(asked["Entries"])
                self.answer({"Successful": [{"Id": one["Id"]} for one in asked["Entries"]]})
            case "receivemessage":
                self.poll(asked)
            case "deletemessagebatch":
                queue.delete({one["ReceiptHandle"] for one in asked["Entries"]})
                self.answer({})
            case "changemessagevisibilitybatch":
                queue.hide(asked["Entries"])
                self.answer({})
            case "getqueueattributes":
                count = str(len(queue.messages))
                self.answer({"Attributes": {"ApproximateNumberOfMessages": count}})
            case _:
                self.write(b"400 Bad Request", b"{}")
        self.aws.serve_polls()

    def poll(self, asked: dict[str, Any]) -> None:
        """Answer with messages at once, else when there are some, else when the wait is over."""
        if not self.receive(asked):
            wait, loop = asked["WaitTimeSeconds"], asyncio.get_running_loop()
            self.aws.polls[self] = asked, loop.call_later(wait, self.give_up)

    def receive(self, asked: dict[str, Any]) -> bool:
        """Answer with messages; False when there are none that may be handed out."""
        found = self.aws.queue.receive(asked["MaxNumberOfMessages"], asked["VisibilityTimeout"])
        if found:
            self.answer({"Messages": found})
        return bool(found)

    def give_up(self) -> None:
        del self.aws.polls[self]
        self.answer({})

    def store(self, verb: str, path: str, body: bytes) -> None:
        objects = self.aws.objects
        if verb == "PUT":
            objects[path] = body
        elif verb == "DELETE":
            objects.pop(path, None)
        elif path not in objects:
            self.write(b"404 Not Found", b"", b"application/xml")
            return
        self.write(b"200 OK", objects[path] if verb == "GET" else b"", b"application/octet-stream")

    def answer(self, values: dict[str, Any]) -> None:
        self.write(b"200 OK", orjson.dumps(values), b"application/x-amz-json-1.0")


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    message = "the simulated AWS did not start"
    raise RuntimeError(message)


@contextlib.contextmanager
def running_aws() -> Iterator[dict[str, str]]:
    """Run the server with an empty queue; yield the settings with which Kvitto uses it."""
    port = free_port()
    command = [sys.executable, "-m", "bench.growth.simulated_aws", str(port)]
    process = subprocess.Popen(command, cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for_port(port)
        yield {
            "AWS_ENDPOINT_URL": url,
            "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "AKIATEST",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "QUEUE_URL": f"{url}/123456789012/bench.fifo",
            "RECEIPT_STORE": "s3://bench/receipts",
        }
    finally:
        process.kill()
        process.wait()


async def main() -> None:
    aws, loop = Aws(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(aws), "127.0.0.1", int(sys.argv[1]))
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
