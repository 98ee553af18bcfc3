"""The template for AWS is deployed against an emulator, as far as that one knows its resources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ports.aws import AwsAccess
from storage.blobs.s3 import open_s3

pytestmark = pytest.mark.external

PATH = Path(__file__).resolve().parents[2] / "deploy" / "cloudformation.yaml"
UNKNOWN = {
    "AWS::CloudWatch::Alarm",
    "AWS::IAM::RolePolicy",
    "AWS::Logs::MetricFilter",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SecretsManager::Secret",
}
"""Kinds of resources that the emulator passes over. What it learns leaves this list, or the test fails."""
NAMELESS = {"Files", "FilesAccess"}
"""Resources whose attributes the emulator does not give; the copy of the template has a text instead."""


def build_copy(template: Any) -> Any:  # noqa: ANN401  # JSON
    """Return the template as JSON, without what the emulator cannot look up."""
    if isinstance(template, list):
        return [build_copy(one) for one in template]
    if not isinstance(template, dict):
        return template
    if template.get("Fn::GetAtt", [""])[0] in NAMELESS:
        return "arn:aws:elasticfilesystem:eu-central-1:1:unknown"
    copy = {str(name): build_copy(value) for name, value in template.items()}
    if copy.get("Type") == "AWS::SQS::Queue":
        # AWS names a queue itself, with the ending that its kind needs; the emulator leaves that out.
        copy["Properties"]["QueueName"] = f"stack-{len(json.dumps(copy))}.fifo"
    return copy


class Account:
    """Clients of the emulated account, with what a stack finds there."""

    def __init__(self, access: AwsAccess) -> None:
        self.access = access

    def client(self, service: str) -> Any:  # noqa: ANN401  # boto3 has no types
        """Return a client of a service."""
        import boto3

        return boto3.client(
            service,
            region_name=self.access.region,
            endpoint_url=self.access.endpoint_url,
            aws_access_key_id=self.access.key_id,
            aws_secret_access_key=self.access.secret_key,
        )

    def surroundings(self) -> dict[str, str]:
        """Make what the parameters name."""
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        nets = [
            ec2.create_subnet(
                VpcId=vpc,
                CidrBlock=f"10.0.{number}.0/24",
                AvailabilityZone=f"{self.access.region}{'ab'[number % 2]}",
            )["Subnet"]["SubnetId"]
            for number in range(4)
        ]
        token = self.client("secretsmanager").create_secret(Name="token", SecretString="1:a")
        name = "kvitto.example.org"
        certificate = self.client("acm").request_certificate(DomainName=name)
        return {
            "Image": "kvitto@sha256:" + "0" * 64,
            "Vpc": vpc,
            "PrivateSubnets": ",".join(nets[:2]),
            "PublicSubnets": ",".join(nets[2:]),
            "CertificateArn": certificate["CertificateArn"],
            "TelegramBotTokenSecret": token["ARN"],
            "TelegramWebhookUrl": f"https://{name}/telegram",
            "PublicUrl": f"https://{name}",
            "AlarmEmail": "operator@example.org",
            "SettingsFile": "arn:aws:s3:::settings/kvitto.env",
        }


async def test_the_stack_is_made_and_its_bucket_and_queue_serve_us(aws: AwsAccess) -> None:
    from cfnlint.decode import decode

    found, _ = decode(str(PATH))
    copy, account = build_copy(found), Account(aws)
    cloud = account.client("cloudformation")
    cloud.create_stack(
        StackName="kvitto",
        TemplateBody=json.dumps(copy),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in account.surroundings().items()
        ],
        Capabilities=["CAPABILITY_IAM"],
    )
    listed = cloud.list_stack_resources(StackName="kvitto")["StackResourceSummaries"]
    made = {one["LogicalResourceId"]: one for one in listed if one.get("LogicalResourceId")}
    # The intake polls, so it is left out where a webhook takes updates in.
    wanted = {name: one for name, one in copy["Resources"].items() if not name.startswith("Intake")}
    missing = {wanted[name]["Type"] for name in wanted.keys() - made.keys()}
    assert missing == UNKNOWN
    queue = account.client("sqs").get_queue_attributes(
        QueueUrl=made["Queue"]["PhysicalResourceId"], AttributeNames=["All"]
    )["Attributes"]
    assert json.loads(queue["RedrivePolicy"])["maxReceiveCount"] == 100
    assert queue["FifoQueue"] == "true"
    blobs = open_s3(f"s3://{made['Bucket']['PhysicalResourceId']}/receipts", aws, "aws:kms")
    key = await blobs.put(b"receipt", media_type="image/jpeg")
    assert await blobs.get(key) == b"receipt"
