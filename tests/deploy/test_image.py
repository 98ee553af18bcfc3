"""Dockerfile, compose.yaml and the unit of systemd, as far as they can be read without a builder.

`python -m bench.container` does the Dockerfile's steps and runs the result.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.container import read_dockerfile
from bot.cli.commands import find_command
from bot.setup.roles import ROLES
from bot.setup.secret_files import FILE_NAMES
from bot.setup.settings import DECLARED

ROOT = Path(__file__).resolve().parents[2]
KNOWN = {name.upper() for name in [*DECLARED, *FILE_NAMES]}
OF_OTHERS = {"PATH", "HOME", "PYTHONDONTWRITEBYTECODE"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
STEPS = list(read_dockerfile((ROOT / "Dockerfile").read_text()))
LOCKED = r"^([a-z0-9][a-z0-9._-]*==\S+)"


def find_step(instruction: str) -> str:
    return next(words for name, words in reversed(STEPS) if name == instruction)


def test_the_image_holds_every_package_of_the_program() -> None:
    packages = {p.rstrip("*") for p in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]}
    allowed = set(re.findall(r"^!(\w+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert allowed - {"LICENSE"} == packages


def test_the_image_installs_the_locked_versions_and_nothing_of_tests() -> None:
    everything = (ROOT / "requirements.lock").read_text()
    running = (ROOT / "requirements-run.lock").read_text()
    pinned = re.findall(LOCKED, running, re.MULTILINE)
    assert set(pinned) < set(re.findall(LOCKED, everything, re.MULTILINE)), "run `make lock`"
    names = {pin.partition("==")[0] for pin in pinned}
    wanted = {re.split(r"[^\w.-]", line)[0] for line in PROJECT["project"]["dependencies"]}
    assert wanted <= names, "run `make lock`"
    assert not names & {"pytest", "mypy", "ruff", "moto", "playwright", "cfn-lint"}
    # Hashes are taken from the same files.
    assert set(re.findall(r"sha256:\w+", running)) <= set(re.findall(r"sha256:\w+", everything))


def test_the_image_runs_as_nobody_in_particular() -> None:
    assert find_step("USER") == "10001:10001"
    assert find_step("VOLUME") == "/data"
    assert find_step("HEALTHCHECK").endswith('CMD ["kvitto", "healthz"]')
    # Relative defaults of the settings are below it.
    assert find_step("WORKDIR") == "/"
    for name in re.findall(r"(\w+)=", find_step("ENV")):
        assert name in KNOWN | OF_OTHERS


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_is_walled_in(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"\$\{[A-Z]+_IMAGE:-[\w.:-]+\}", service["image"])
    assert "ports" not in service
    assert all(volume.split(":")[0] in COMPOSE["volumes"] for volume in service["volumes"])


def test_one_service_starts_by_itself() -> None:
    alone = [name for name, service in COMPOSE["services"].items() if "profiles" not in service]
    assert alone == ["kvitto"]
    # The password may be missing where no PostgreSQL is wanted.
    assert ":?" not in (ROOT / "compose.yaml").read_text()


def test_compose_and_systemd_use_commands_and_settings_that_exist() -> None:
    for name, service in COMPOSE["services"].items():
        if name != "postgres":
            assert set(service.get("environment", {})) <= KNOWN
            find_command(service.get("command", ["run"]))
    unit = (ROOT / "deploy" / "kvitto.service").read_text()
    assert set(re.findall(r"^Environment=(\w+)=", unit, re.MULTILINE)) <= KNOWN
    (command,) = re.findall(r"^ExecStart=\S+/kvitto (.+)$", unit, re.MULTILINE)
    find_command(command.split())


def test_every_role_has_a_service_in_the_profile_scale() -> None:
    scaled = [s for s in COMPOSE["services"].values() if s.get("profiles") == ["scale"]]
    commands = [service.get("command", []) for service in scaled]
    assert sorted(c[-1] for c in commands if c[:2] == ["run", "--role"]) == sorted(ROLES)


def test_the_images_version_is_the_programs() -> None:
    version = PROJECT["project"]["version"]
    assert COMPOSE["services"]["kvitto"]["image"] == f"${{KVITTO_IMAGE:-kvitto:{version}}}"


@pytest.mark.parametrize("name", ["ci", "nightly"])
def test_the_workflow_grants_little_and_pins_its_actions(name: str) -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yaml").read_text())
    assert workflow["permissions"] == {"contents": "read"}
    used = [s["uses"] for job in workflow["jobs"].values() for s in job["steps"] if "uses" in s]
    assert used
    assert [action for action in used if not re.search(r"@[0-9a-f]{40}$", action)] == []
    # A pull request's title in a script would run as code.
    scripts = [s["run"] for job in workflow["jobs"].values() for s in job["steps"] if "run" in s]
    assert not any("${{" in script for script in scripts)
