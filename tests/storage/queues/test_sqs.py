"""SQS in front of the inbox: batches, what nobody can read, outages, kills, and backlogs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from ledger.errors import SettingsError, UnavailableError
from ports.aws import AwsAccess
from ports.queue import InboxMessage
from storage import Database, open_database
from storage.sqs.api import SqsApi, open_api
from storage.sqs.inbox import SqsInbox
from storage.sqs.receiving import SqsReceiver
from storage.sqs.sending import BYTES_MAX, BatchSender
from tests.aws import make_queue
from tests.storage.samples import NOW, update

pytestmark = pytest.mark.external


@pytest.fixture
async def api(aws: AwsAccess) -> AsyncIterator[SqsApi]:
    async with open_api(await make_queue(aws), aws) as opened:
        yield opened


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    async with open_database(sqlite_url) as opened:
        yield opened


@dataclass(slots=True)
class Watched:
    """An API that notes its calls, and fails those that are named."""

    api: SqsApi
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    noted: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def call(self, operation: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        if operation in self.failing:
            raise UnavailableError("queue_unavailable")
        self.calls.append((operation, arguments))
        answer = await self.api.call(operation, **arguments)
        self.noted.put_nowait(operation)
        return answer

    def batches(self, operation: str) -> list[list[dict[str, Any]]]:
        return [call["Entries"] for name, call in self.calls if name == operation]


@dataclass(slots=True)
class Away:
    """A database that is away until it is back."""

    database: Database
    back: asyncio.Event = field(default_factory=asyncio.Event)

    async def add(self, messages: list[InboxMessage], **options: Any) -> int:  # noqa: ANN401
        if not self.back.is_set():
            raise UnavailableError("database_unavailable")
        return await self.database.inbox.add(messages, **options)

    async def count(self) -> int:
        raise UnavailableError("database_unavailable")


def receiver_of(api: Any, inbox: Any, **options: Any) -> SqsReceiver:  # noqa: ANN401
    return SqsReceiver(api, inbox, lambda: NOW, lambda: None, **options)


async def drain(receiver: SqsReceiver) -> list[int]:
    new = []
    while (moved := await receiver.receive(wait_seconds=0)) is not None:
        new.append(moved)
    return new


async def test_batches_fill_up_and_keep_each_chats_order(api: SqsApi, database: Database) -> None:
    watched = Watched(api)
    inbox = SqsInbox(watched, BatchSender(watched), database.inbox)  # type: ignore[arg-type]
    page = [update(number, number % 3) for number in range(35)]
    posts = [update(100 + number, 50 + number) for number in range(20)]
    await asyncio.gather(
        inbox.add(page, now=NOW, offset=35), *(inbox.add([each], now=NOW) for each in posts)
    )
    sent = watched.batches("SendMessageBatch")
    assert sum(map(len, sent)) == 55
    assert max(map(len, sent)) == 10
    assert len(sent) <= 9
    assert [len(batch) for batch in sent if int(batch[0]["MessageGroupId"]) >= 50] == [10, 10], (
        "single posts share batches"
    )
    first = sent[0][0]
    assert (first["MessageGroupId"], first["MessageDeduplicationId"]) == ("0", "u0")
    assert await inbox.count() == 55
    assert await inbox.offset() == 35
    await drain(receiver_of(api, database.inbox))
    found = await database.inbox.claim(now=NOW, partitions=99, lease_seconds=60)
    for chat in range(3):
        keys = [int(d.inbox_message.key[1:]) for d in found if d.inbox_message.partition == chat]
        assert keys == list(range(chat, 35, 3))


async def test_a_batch_stays_below_what_sqs_takes_and_larger_messages_go_around_it(
    api: SqsApi, database: Database
) -> None:
    watched = Watched(api)
    inbox = SqsInbox(watched, BatchSender(watched), database.inbox)  # type: ignore[arg-type]
    sizes = [BYTES_MAX // 3] * 5 + [BYTES_MAX + 1]
    messages = [InboxMessage(f"u{n}", n, "ä" * (size // 2)) for n, size in enumerate(sizes)]
    await inbox.add(messages, now=NOW)
    assert [len(batch) for batch in watched.batches("SendMessageBatch")] == [2, 2, 1]
    assert await database.inbox.count() == 1
    await drain(receiver_of(api, database.inbox))
    assert await database.inbox.count() == 6


async def test_what_nobody_can_read_is_put_aside_and_nothing_else(
    api: SqsApi, database: Database
) -> None:
    inbox = SqsInbox(api, BatchSender(api), database.inbox)
    await inbox.add([update(1, 1)], now=NOW)
    for number, body in enumerate(("{", '["u9"]', "[1,2,3,4]", '["u9",1,"spell","x"]')):
        key = f"poison{number}"
        await api.call(
            "SendMessage", MessageBody=body, MessageGroupId=key, MessageDeduplicationId=key
        )
    await inbox.add([update(2, 2)], now=NOW)
    # Visible again at once, in place of five times twenty seconds.
    receiver = receiver_of(api, database.inbox, visibility_seconds=0)
    assert sum(await drain(receiver)) == 2
    found = await api.call(
        "GetQueueAttributes", AttributeNames=["RedrivePolicy", "ApproximateNumberOfMessages"]
    )
    assert found["Attributes"]["ApproximateNumberOfMessages"] == "0"
    dead = api.queue_url.replace(".fifo", "-dead.fifo")
    put_aside = await SqsApi(api.http, dead, api.endpoint, api.signer, api.credentials).call(
        "ReceiveMessage", MaxNumberOfMessages=10
    )
    assert len(put_aside["Messages"]) == 4


async def test_a_kill_before_the_deletion_doubles_nothing(api: SqsApi, database: Database) -> None:
    inbox = SqsInbox(api, BatchSender(api), database.inbox)
    await inbox.add([update(1, 1), update(2, 1)], now=NOW)
    killed = Watched(api, failing={"DeleteMessageBatch"})
    with pytest.raises(UnavailableError):
        await receiver_of(killed, database.inbox, visibility_seconds=0).receive(wait_seconds=0)
    assert await database.inbox.count() == 2
    again = await drain(receiver_of(api, database.inbox))
    assert again
    assert not any(again)
    assert await inbox.count() == 2


async def test_while_the_database_is_away_intake_goes_on_and_messages_are_kept_in_hand(
    api: SqsApi, database: Database
) -> None:
    away, watched = Away(database), Watched(api)
    inbox = SqsInbox(api, BatchSender(api), away)  # type: ignore[arg-type]
    await inbox.add([update(1, 1)], now=NOW)
    assert await inbox.count() == 1
    slow = receiver_of(watched, away, visibility_seconds=5, extend_seconds=0.2)
    running = asyncio.create_task(slow.run())
    async with asyncio.timeout(60):
        for _ in range(30):
            while await watched.noted.get() != "ChangeMessageVisibilityBatch":
                pass
        other = receiver_of(api, database.inbox)
        assert await drain(other) == [], "it was extended beyond its five seconds"
        away.back.set()
        while await watched.noted.get() != "DeleteMessageBatch":
            pass
    assert await database.inbox.count() == 1
    await slow.stop(5)
    assert running.cancelled() or running.done()
    assert await drain(other) == []


async def test_a_stop_gives_back_what_is_in_hand(api: SqsApi, database: Database) -> None:
    away = Away(database)
    inbox = SqsInbox(api, BatchSender(api), database.inbox)
    await inbox.add([update(1, 1), update(2, 2)], now=NOW)
    stopped = receiver_of(api, away)
    running = asyncio.create_task(stopped.run())
    async with asyncio.timeout(60):
        # A call that is cut off may have received one, which SQS then gives to nobody for a while.
        while sum(map(len, stopped._in_hand.values())) < 2:  # noqa: ASYNC110 - it raises no event
            await asyncio.sleep(0.02)
        await stopped.stop(5)
    assert running.cancelled() or running.done()
    assert sum(await drain(receiver_of(api, database.inbox))) == 2


async def test_a_chats_backlog_never_stands_before_another_chat(
    api: SqsApi, database: Database
) -> None:
    inbox = SqsInbox(api, BatchSender(api), database.inbox)
    await inbox.add([*(update(number, 7) for number in range(40)), update(999, 8)], now=NOW)
    await drain(receiver_of(api, database.inbox))
    # No message was handled, and yet SQS is empty and the other chat is next.
    attributes = await api.call("GetQueueAttributes", AttributeNames=["All"])
    assert attributes["Attributes"]["ApproximateNumberOfMessages"] == "0"
    found = await database.inbox.claim(now=NOW, partitions=2, lease_seconds=60)
    assert {delivery.inbox_message.partition for delivery in found} == {7, 8}


async def test_a_wrong_queue_stops_the_start_and_an_outage_does_not(
    aws: AwsAccess, database: Database
) -> None:
    from bot.setup.queues import open_queue
    from bot.setup.setting_fields import SecretText
    from bot.setup.settings import Settings

    def settings(url: str, endpoint: str) -> Settings:
        named = {"queue_url": url, "aws_endpoint_url": endpoint, "aws_region": aws.region}
        key, secret = SecretText("AKIATEST"), SecretText("secret")
        return Settings(**named, aws_access_key_id=key, aws_secret_access_key=secret)  # type: ignore[arg-type]  # texts of other kinds

    wake = asyncio.Event()
    gone = settings(f"{aws.endpoint_url}/123456789012/gone.fifo", aws.endpoint_url)
    with pytest.raises(SettingsError) as caught:
        async with open_queue(gone, database.inbox, wake):
            pass
    assert caught.value.values["name"] == "QUEUE_URL"
    away = settings("http://127.0.0.1:9/1/a.fifo", "")
    async with open_queue(away, database.inbox, wake) as queue:
        with pytest.raises(UnavailableError):
            await queue.inbox.add([update(1)], now=NOW)


async def test_a_stop_while_sqs_does_not_answer_leaves_no_task_behind(database: Database) -> None:
    from bot.setup.queues import open_queue
    from bot.setup.setting_fields import SecretText
    from bot.setup.settings import Settings

    asked = asyncio.Semaphore(0)

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while b"GetQueueAttributes" in await reader.readuntil(b"\r\n\r\n"):
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{"Attributes":{}}')
            await reader.read(99_999)
        asked.release()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(hang, "127.0.0.1", 0) as server, asyncio.timeout(60):
        port = server.sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}/1/a.fifo"
        settings = Settings(
            queue_url=url,
            aws_region="eu-central-1",
            aws_access_key_id=SecretText("a"),
            aws_secret_access_key=SecretText("b"),
        )
        async with open_queue(settings, database.inbox, asyncio.Event()) as queue:
            assert queue.receiver is not None
            adding = [
                asyncio.create_task(queue.inbox.add([update(n, n)], now=NOW)) for n in range(30)
            ]
            running = asyncio.create_task(queue.receiver.run())
            for _ in range(4):
                await asked.acquire()
            await queue.receiver.stop(1)
        outcomes = await asyncio.gather(*adding, running, return_exceptions=True)
        assert {type(each) for each in outcomes} <= {UnavailableError, asyncio.CancelledError}
        with pytest.raises(UnavailableError):
            await queue.inbox.add([update(99)], now=NOW)
    left = {task.get_name() for task in asyncio.all_tasks()}
    assert not [name for name in left if name.startswith("sqs")]
