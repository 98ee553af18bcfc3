"""Starts a real server that speaks like S3 and SQS on a free port."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.free_ports import free_port
from ports.aws import AwsAccess
from storage.aws import AwsClient

START_SECONDS = 60
REGION = "eu-central-1"


@contextmanager
def running_aws(folder: Path) -> Iterator[AwsAccess]:
    """Run the server, which keeps everything in memory; yield the access to it."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (folder / "aws.log").open("wb") as log:
        environment = {**os.environ, "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": "67108864"}
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        _wait(server, port, folder / "aws.log")
        yield AwsAccess(REGION, f"http://127.0.0.1:{port}", "AKIATEST", "secret")
    finally:
        server.kill()
        server.wait()


async def make_bucket(aws: AwsAccess) -> str:
    """Make an empty bucket; return its name."""
    client = await AwsClient(aws, "s3", "RECEIPT_STORE", "files_unavailable", 60).open()
    name = f"receipts-{secrets.token_hex(4)}"
    place = {"LocationConstraint": aws.region}
    client.create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return name


async def make_queue(aws: AwsAccess) -> str:
    """Make a FIFO queue with a dead-letter queue after five tries; return its address."""
    client = await AwsClient(aws, "sqs", "QUEUE_URL", "queue_unavailable", 60).open()
    name = secrets.token_hex(4)
    dead = client.create_queue(QueueName=f"{name}-dead.fifo", Attributes={"FifoQueue": "true"})
    arn = client.get_queue_attributes(QueueUrl=dead["QueueUrl"], AttributeNames=["QueueArn"])
    policy = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": "5"}
    attributes = {"FifoQueue": "true", "RedrivePolicy": json.dumps(policy)}
    made = client.create_queue(QueueName=f"{name}.fifo", Attributes=attributes)
    return str(made["QueueUrl"])


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.05)
    message = f"the server did not start: {log.read_text(errors='replace')[-2000:]}"
    raise RuntimeError(message)
