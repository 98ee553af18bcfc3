"""Hold the access to AWS, or to a server with the same interface."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AwsAccess:
    """Access to AWS; boto3 looks up empty fields (environment, profile, role)."""

    region: str = ""
    endpoint_url: str = ""
    key_id: str = ""
    secret_key: str = field(default="", repr=False)
