"""Signatures of requests to SQS, compared with botocore's."""

from __future__ import annotations

import random

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from storage.sqs.signing import CONTENT_TYPE, build_signer

ENDPOINTS = (
    "https://sqs.eu-central-1.amazonaws.com",
    "https://sqs.eu-central-1.amazonaws.com:443/",
    "https://SQS.example.com:8443",
    "http://127.0.0.1:4566",
    "http://[::1]:4566",
    "http://localhost:4566/sqs and~more",
)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("token", [None, "token/of+a=role"])
def test_a_signature_is_that_of_botocore(endpoint: str, token: str | None) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    rng = random.Random(seed)
    for number in range(20):
        keys = Credentials(f"AKIA{number}", f"secret/{rng.random()}+ä", token)
        region = rng.choice(["eu-central-1", "us-east-1"])
        body, operation = rng.randbytes(rng.randrange(5000)), "SendMessageBatch"
        headers = {"Content-Type": CONTENT_TYPE, "X-Amz-Target": f"AmazonSQS.{operation}"}
        request = AWSRequest("POST", endpoint, headers=headers, data=body)
        SigV4Auth(keys, "sqs", region).add_auth(request)
        moment = request.headers["X-Amz-Date"]
        found = build_signer(endpoint, region).sign(keys, operation, body, moment)
        # A client names the host by itself, so botocore signs it and leaves it out.
        del found["host"]
        assert found == {name.lower(): value for name, value in request.headers.items()}
