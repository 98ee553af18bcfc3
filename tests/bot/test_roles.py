"""Many processes of all roles on one PostgreSQL, with SQS and S3: nothing is lost when one dies."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from bench.faults.rows import open_stage, roles
from ports.aws import AwsAccess
from storage.blobs.s3 import open_s3
from storage.sqs.api import open_api
from tests.aws import make_bucket, make_queue

pytestmark = pytest.mark.external


async def test_two_intakes_two_workers_and_a_scheduler_lose_and_double_nothing(
    postgres_url: str, aws: AwsAccess, tmp_path: Path
) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    store = f"s3://{await make_bucket(aws)}/receipts"
    queue_url = await make_queue(aws)
    async with (
        open_api(queue_url, aws) as api,
        open_stage(postgres_url, tmp_path, seed, rounds=1) as stage,
    ):

        async def count_in_sqs() -> int:
            answer = await api.call("GetQueueAttributes", AttributeNames=["All"])
            found = answer["Attributes"]
            hidden = int(found["ApproximateNumberOfMessagesNotVisible"])
            return int(found["ApproximateNumberOfMessages"]) + hidden

        stage.count_elsewhere = count_in_sqs
        stage.extra = {
            "QUEUE_URL": queue_url,
            "RECEIPT_STORE": store,
            "AWS_ENDPOINT_URL": aws.endpoint_url,
            "AWS_REGION": aws.region,
            "AWS_ACCESS_KEY_ID": aws.key_id,
            "AWS_SECRET_ACCESS_KEY": aws.secret_key,
            "LOG_LEVEL": "DEBUG",
        }
        for line in await roles(stage):
            assert line.is_kept, f"{line.row} {line.what}: {line.figures}"
        blobs = open_s3(store, aws, "aws:kms")
        kept = [key async for key in blobs.keys()]  # noqa: SIM118  # a method, no dict
        assert len(kept) >= len(stage.town.photos), "receipts are in S3"
    assert not (tmp_path / "receipts").exists()
    check_flows(tmp_path / "log")


def check_flows(log: Path) -> None:
    """An update that was stored in one process has the same id where it is handled and answered."""
    flows: dict[str, set[str]] = {}
    for line in log.read_text().splitlines():
        found = json.loads(line)
        if found["logger"] == "bot.telemetry":
            flows.setdefault(found["flow"], set()).add(f"{found['event']} {found['kind']}")
    # Intakes alone store, workers alone handle; a process that was killed logged less than it did.
    text = {"receive webhook", "handle update", "send answer"}
    whole = [flow for flow, steps in flows.items() if text <= steps]
    assert len(whole) > len([flow for flow in flows if flow.startswith("u")]) / 2
    assert all(flow.startswith("u") for flow in whole)
    photo = {*text, "job receipt", "handle event"}
    assert any(photo <= steps for steps in flows.values())
