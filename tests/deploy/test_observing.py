"""Every figure and label of dashboard and alerts exists in `/metrics`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.ops.metrics import REGISTRY

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
_FIGURE = re.compile(r"\b(?:kvitto|process|python)_[a-z_]+")
_SAMPLE_SUFFIXES = {
    "counter": ("_total",),
    "histogram": ("_bucket", "_sum", "_count"),
    "gauge": ("",),
}


def list_alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def list_panels() -> list[dict[str, Any]]:
    panels: list[dict[str, Any]] = json.loads((DEPLOY / "grafana.json").read_text())["panels"]
    return panels


def list_expressions() -> list[str]:
    shown = [target["expr"] for panel in list_panels() for target in panel["targets"]]
    return shown + [rule["expr"] for rule in list_alerts()]


@pytest.fixture(scope="module")
def figures() -> set[str]:
    """The names under which samples are served."""
    return {
        metric.name + suffix
        for metric in REGISTRY.collect()
        for suffix in _SAMPLE_SUFFIXES.get(metric.type, ())
    }


@pytest.mark.parametrize("expression", list_expressions())
def test_every_figure_is_served(expression: str, figures: set[str]) -> None:
    named = set(_FIGURE.findall(expression))
    assert named or expression.startswith("up")
    assert named <= figures


def test_every_figure_of_ours_is_on_the_dashboard() -> None:
    shown = " ".join(list_expressions())
    ours = [metric.name for metric in REGISTRY.collect() if metric.name.startswith("kvitto_")]
    assert [name for name in ours if name not in shown] == []


def test_every_outcome_that_an_alert_counts_is_counted() -> None:
    source = "".join(p.read_text() for p in (DEPLOY.parent / "bot").rglob("*.py"))
    for expression in list_expressions():
        for values in re.findall(r'result=~?"([^"]+)"', expression):
            assert [v for v in values.split("|") if f'"{v}"' not in source] == []


def test_what_alerts_compare_has_labels_alike() -> None:
    # `max(a) > 1 and deriv(b[10m]) > 0` never fires: the left side has no labels, so no row of the right fits.
    for rule in list_alerts():
        sides = re.split(r" (?:and|or|unless) ", rule["expr"])
        assert len(sides) == 1 or all(side.startswith(("max(", "sum(")) for side in sides)


def test_every_alert_says_what_to_do() -> None:
    for rule in list_alerts():
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["remedy"]
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_panels_have_places_of_their_own() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in list_panels()]
    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in list_panels()}) == len(places)
