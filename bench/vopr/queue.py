# ruff: noqa: ANN401 - JSON
"""Simulate a FIFO queue of SQS, which outlives the program.

It has what `storage.sqs` relies on: groups in order, deduplication for five minutes, invisibility, and a
redrive policy that puts a message aside after many receives.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bench.vopr.faults import Faults
from ledger.errors import UnavailableError
from storage.sqs.api import TROUBLE, Answer, SqsApi

DEDUPLICATION_SECONDS = 300.0
RECEIVES_MAX = 100
"""As `deploy/cloudformation.yaml` has it."""
LOOK_SECONDS = 0.25
LATENCY_SECONDS = 0.01
SLOW_SECONDS = 8.0


@dataclass
class _Message:
    number: int
    group: str
    body: str
    visible_at: float = 0.0
    receives: int = 0
    handle: str = ""


@dataclass
class SimulatedQueue:
    """The server."""

    faults: Faults
    clock: Any
    messages: list[_Message] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    """Bodies that the redrive policy took away; the bot wrote all of them, so none may be here."""
    _seen: dict[str, float] = field(default_factory=dict)
    _number: int = 0

    def send(self, entries: list[dict[str, str]]) -> Answer:
        """Take messages; those whose key came within five minutes are dropped."""
        for entry in entries:
            key, now = entry["MessageDeduplicationId"], self.clock()
            is_known = now - self._seen.get(key, -DEDUPLICATION_SECONDS) < DEDUPLICATION_SECONDS
            if is_known and not self.faults.hits("queue_doubled"):
                continue
            self._seen[key] = now
            copies = 2 if self.faults.hits("queue_doubled") else 1
            for _ in range(copies):
                self._number += 1
                message = _Message(self._number, entry["MessageGroupId"], entry["MessageBody"])
                self.messages.append(message)
        return {}

    def receive(self, most: int, visibility: float) -> list[dict[str, str]]:
        """Hand out messages; a group with an invisible message waits."""
        now, busy, batch = self.clock(), set[str](), list[_Message]()
        for message in list(self.messages):
            if message.visible_at > now:
                busy.add(message.group)
            elif message.group not in busy and len(batch) < most:
                if message.receives >= RECEIVES_MAX:
                    self.messages.remove(message)
                    self.set_aside.append(message.body)
                else:
                    batch.append(message)
        for message in batch:
            message.receives += 1
            message.visible_at = now + visibility
            message.handle = f"{message.number}.{message.receives}"
        return [
            {"MessageId": str(one.number), "ReceiptHandle": one.handle, "Body": one.body}
            for one in batch
        ]

    def delete(self, handles: set[str]) -> None:
        """Delete messages by their newest receipt handles."""
        self.messages = [one for one in self.messages if one.handle not in handles]

    def hide(self, entries: list[dict[str, Any]]) -> None:
        """Change how long messages stay invisible."""
        seconds = {entry["ReceiptHandle"]: entry["VisibilityTimeout"] for entry in entries}
        for message in self.messages:
            if message.handle in seconds:
                message.visible_at = self.clock() + seconds[message.handle]


class SimulatedSqs(SqsApi):
    """The client of the simulated queue."""

    def __init__(self, server: SimulatedQueue) -> None:
        # The base is frozen; of its fields none is used here.
        object.__setattr__(self, "server", server)

    server: SimulatedQueue

    async def call(self, operation: str, *, wait_seconds: float = 0, **arguments: Any) -> Answer:
        """Call an operation; see `SqsApi.call`."""
        faults = self.server.faults
        await asyncio.sleep(SLOW_SECONDS if faults.hits("queue_slow") else LATENCY_SECONDS)
        if faults.hits("queue_failed"):
            raise UnavailableError(TROUBLE, remedy="simulated")
        answer = await self._perform(operation, wait_seconds, arguments)
        if faults.hits("queue_answer_lost"):
            raise UnavailableError(TROUBLE, remedy="simulated")
        return answer

    async def _perform(
        self, operation: str, wait_seconds: float, arguments: dict[str, Any]
    ) -> Answer:
        server = self.server
        match operation:
            case "SendMessageBatch":
                return server.send(arguments["Entries"])
            case "ReceiveMessage":
                return {"Messages": await self._receive(wait_seconds, arguments)}
            case "DeleteMessageBatch":
                server.delete({entry["ReceiptHandle"] for entry in arguments["Entries"]})
            case "ChangeMessageVisibilityBatch":
                server.hide(arguments["Entries"])
            case "GetQueueAttributes":
                return {"Attributes": {"ApproximateNumberOfMessages": len(server.messages)}}
            case _:
                raise NotImplementedError(operation)
        return {}

    async def _receive(self, wait_seconds: float, arguments: dict[str, Any]) -> Any:
        server, until = self.server, self.server.clock() + wait_seconds
        while True:
            most, seconds = arguments["MaxNumberOfMessages"], arguments["VisibilityTimeout"]
            batch = server.receive(most, seconds)
            if batch or server.clock() >= until:
                return batch
            await asyncio.sleep(LOOK_SECONDS)
