"""The template for AWS is sound, and each of its parameters and variables is a setting of ours."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from bot.cli.commands import find_command
from bot.mail.servers import parse_server
from bot.setup.roles import ROLES
from bot.setup.secret_files import SECRETS
from bot.setup.settings import DECLARED, Settings
from bot.setup.site import build_page
from storage.database.upkeep.pruning import MESSAGE_DAYS
from web.app import build_public_app
from web.calendar import CalendarFeed
from web.health import Health
from web.site import Site
from web.webhook import Webhook

PATH = Path(__file__).resolve().parents[2] / "deploy" / "cloudformation.yaml"
SURROUNDINGS = {
    "Image", "Vpc", "PrivateSubnets", "PublicSubnets", "CertificateArn", "Workers", "DatabaseClass",
    "AlarmEmail", "Plugs", "SettingsFile",
}  # fmt: skip
"""Parameters that describe where Kvitto runs; all others are settings."""


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    from cfnlint.decode import decode  # three seconds, of one process only

    found, errors = decode(str(PATH))
    assert not errors
    assert found is not None
    return dict(found)


def list_containers(template: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        container
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ECS::TaskDefinition"
        for container in resource["Properties"]["ContainerDefinitions"]
    ]


def list_names(container: dict[str, Any], kind: str) -> list[str]:
    """Return the variables; one may be wrapped in a condition."""
    plain = [one["Fn::If"][1] if "Fn::If" in one else one for one in container[kind]]
    return [one["Name"] for one in plain]


def test_the_template_is_clean() -> None:
    from cfnlint.api import ManualArgs, lint

    assert lint(PATH.read_text(), config=ManualArgs(regions=["eu-central-1"])) == []


def test_every_parameter_is_a_setting_or_describes_the_surroundings(
    template: dict[str, Any],
) -> None:
    for name in set(template["Parameters"]) - SURROUNDINGS:
        snake = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name.removesuffix("Secret")).lower()
        assert snake in DECLARED
        assert name.endswith("Secret") == (snake in SECRETS)
        reference = f"!Ref {name}"
        assert f"{{Name: {snake.upper()}, Value" in PATH.read_text()
        assert reference in PATH.read_text()


def test_every_variable_is_a_setting_and_secrets_are_no_plain_ones(
    template: dict[str, Any],
) -> None:
    for container in list_containers(template):
        plain = {name.lower() for name in list_names(container, "Environment")}
        secret = {name.lower() for name in list_names(container, "Secrets")}
        assert plain <= set(DECLARED) - set(SECRETS)
        assert {"telegram_bot_token", "database_url"} <= secret <= set(SECRETS)


def test_settings_without_a_parameter_come_from_one_file(template: dict[str, Any]) -> None:
    given = {"Fn::If": ["HasSettings", [{"Type": "s3", "Value": {"Ref": "SettingsFile"}}]]}
    for container in list_containers(template):
        condition, files, otherwise = container["EnvironmentFiles"]["Fn::If"]
        assert [condition, files] == given["Fn::If"]
        assert otherwise == {"Ref": "AWS::NoValue"}
        # A variable wins over the file, so what the stack decides stays decided.
        assert {"DATABASE_URL", "TELEGRAM_BOT_TOKEN"} <= set(list_names(container, "Secrets"))


def test_tasks_reach_the_mail_servers_that_the_file_may_name(template: dict[str, Any]) -> None:
    rules = template["Resources"]["TaskGroup"]["Properties"]["SecurityGroupEgress"]
    mail = {rule["Fn::If"][1]["FromPort"] for rule in rules if "Fn::If" in rule}
    sending = [parse_server(f"{scheme}://host", "smtp") for scheme in ("smtp", "smtps")]
    reading = [parse_server(f"{scheme}://a:b@host/c", "imap") for scheme in ("imap", "imaps")]
    assert mail == {server.port for server in [*sending, *reading]}


def test_every_role_has_a_service_and_every_command_exists(template: dict[str, Any]) -> None:
    commands = [container["Command"] for container in list_containers(template)]
    assert {command[-1] for command in commands} == {"migrate", *ROLES}
    for command in commands:
        find_command(command)


def test_the_tasks_of_all_roles_differ_in_little(template: dict[str, Any]) -> None:
    # The language of templates has no way to share them, so copies could drift apart.
    found = [list_names(container, "Environment") for container in list_containers(template)]
    assert all(names == found[0] for names in found)


def list_conditions(template: dict[str, Any], kind: str) -> dict[str, str | None]:
    """The conditions of the resources of a kind, by their names."""
    return {
        name: resource.get("Condition")
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def test_the_page_needs_no_webhook_and_the_webhook_no_page(template: dict[str, Any]) -> None:
    services = list_conditions(template, "AWS::ECS::Service")
    assert services["WebService"] == "IsPublic"
    assert services["IntakeService"] == "IsPolling"
    assert services["WorkerService"] is services["SchedulerService"] is None
    public = template["Conditions"]["IsPublic"]["Fn::Or"]
    assert {one["Condition"] for one in public} == {"HasWebhook", "HasPage"}
    rules = list_conditions(template, "AWS::ElasticLoadBalancingV2::ListenerRule")
    assert rules == {"Forwarding": "HasWebhook", "ForwardingOfPage": "HasPage"}


def test_the_balancer_forwards_every_public_path_and_no_other(template: dict[str, Any]) -> None:
    site = Site("https://kvitto.example.org", build_page(Settings()))
    app = build_public_app(
        Health(_nothing, _nothing), Webhook("secret", _nothing), CalendarFeed(_nothing), site
    )
    paths = {resource.canonical for resource in app.router.resources()} - {"/healthz"}
    patterns = [
        pattern
        for rule in template["Resources"].values()
        if rule["Type"] == "AWS::ElasticLoadBalancingV2::ListenerRule"
        for pattern in rule["Properties"]["Conditions"][0]["PathPatternConfig"]["Values"]
    ]
    lost = [path for path in paths if not any(fnmatchcase(path, one) for one in patterns)]
    assert lost == []
    for pattern in patterns:
        assert any(fnmatchcase(path, pattern) for path in paths), pattern
    assert not any(fnmatchcase(path, one) for path in ("/metrics", "/readyz") for one in patterns)


async def _nothing(*_: object) -> Any:  # noqa: ANN401  # whatever is not asked
    """Stands for what a test of paths never asks."""


def test_nothing_is_watched_twice(template: dict[str, Any]) -> None:
    alarms = [
        json.dumps([r["Properties"]["MetricName"], r["Properties"].get("Dimensions")])
        for r in template["Resources"].values()
        if r["Type"] == "AWS::CloudWatch::Alarm"
    ]
    assert len(set(alarms)) == len(alarms)


def test_s3_and_sqs_can_be_left_out(template: dict[str, Any]) -> None:
    for resource in template["Resources"].values():
        if resource["Type"].startswith(("AWS::S3::", "AWS::SQS::")):
            assert resource["Condition"] == "WithPlugs"
    dead = template["Resources"]["Queue"]["Properties"]["RedrivePolicy"]
    assert dead["maxReceiveCount"] == 100, (
        "a program that dies at each start must put nothing aside"
    )
    kept = template["Resources"]["DeadLetters"]["Properties"]["MessageRetentionPeriod"]
    assert timedelta(seconds=kept) == timedelta(days=MESSAGE_DAYS), "texts are kept no longer"


def test_rights_name_what_they_are_for(template: dict[str, Any]) -> None:
    text = PATH.read_text()
    assert not re.search(r"Action: \[?\"?\*", text)
    # Textract has no resources, and the bucket's only other star denies.
    assert re.findall(r'Resource: "\*"', text) == ['Resource: "*"']
