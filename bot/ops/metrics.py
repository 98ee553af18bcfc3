"""Define figures for Prometheus, whose labels never name a chat or a person.

Depths of queues are read from the database when `/metrics` is asked for (`web.health`).
"""

from __future__ import annotations

from prometheus_client.metrics import Counter, Gauge, Histogram
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import CollectorRegistry

REGISTRY = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SLOW = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

RECEIVED = Counter(
    "kvitto_updates_received", "Updates stored in the inbox", ["way"], registry=REGISTRY
)
POLLS = Counter("kvitto_polls", "Answers to getUpdates", ["result"], registry=REGISTRY)
HANDLED = Counter(
    "kvitto_arrivals_handled", "Updates and events by outcome", ["result"], registry=REGISTRY
)
HANDLING_SECONDS = Histogram(
    "kvitto_handling_seconds", "One arrival, commit included", buckets=_FAST, registry=REGISTRY
)
PRESSES = Counter("kvitto_presses_answered", "Button presses", ["result"], registry=REGISTRY)
SENDS = Counter("kvitto_sends", "Outgoing messages by outcome", ["result"], registry=REGISTRY)
SEND_SECONDS = Histogram(
    "kvitto_send_seconds", "One call that sends or edits", buckets=_FAST, registry=REGISTRY
)
DELIVERY_SECONDS = Histogram(
    "kvitto_delivery_seconds",
    "From the commit of a message to its sending",
    buckets=(*_FAST, 30.0, 60.0, 300.0),
    registry=REGISTRY,
)
JOBS = Counter("kvitto_jobs", "Jobs by kind and outcome", ["kind", "result"], registry=REGISTRY)
JOB_SECONDS = Histogram(
    "kvitto_job_seconds", "One job's work", ["kind"], buckets=_SLOW, registry=REGISTRY
)
INBOX_DEPTH = Gauge("kvitto_inbox_depth", "Arrivals that wait", registry=REGISTRY)
OUTBOX_DEPTH = Gauge("kvitto_outbox_depth", "Messages that are not sent", registry=REGISTRY)
JOBS_DEPTH = Gauge("kvitto_jobs_depth", "Jobs that wait or are under way", registry=REGISTRY)
POLLING = Gauge(
    "kvitto_polling",
    "1 while Telegram gives this process updates, or posts them where it said",
    registry=REGISTRY,
)


def render_metrics() -> bytes:
    """Return all figures in Prometheus' text format."""
    # Brings servers of the standard library along, which a process that nobody asks needs not.
    from prometheus_client.exposition import generate_latest  # noqa: PLC0415

    return generate_latest(REGISTRY)
