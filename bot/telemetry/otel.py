"""Send steps as spans by OpenTelemetry's protocol (OTLP over HTTP).

A flow is a trace. Its ids are digests of the flow's name, so every process gives the spans of one flow
the same trace and the same root, without handing anything on but that name.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import version

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from ports.telemetry import Step

PATH = "/v1/traces"
SEND_SECONDS = 5.0
CLOSE_SECONDS = 2.0
"""Seconds that a stop waits for the last spans."""
_SECOND = 1_000_000_000
"""Nanoseconds, in which spans count time."""
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)
_KINDS = {
    "receive": SpanKind.CONSUMER,
    "request": SpanKind.SERVER,
    "send": SpanKind.CLIENT,
}


class OtelTracer:
    """Takes steps and sends them in batches from a thread of its own."""

    def __init__(self, endpoint: str, headers: Mapping[str, str], *, roles: str) -> None:
        """Begin to send to an endpoint; `roles` tells the processes of an installation apart."""
        self._ids = _Ids()
        resource = {
            "service.name": "kvitto",
            "service.version": version("kvitto"),
            "kvitto.roles": roles,
        }
        self._provider = TracerProvider(
            sampler=ALWAYS_ON,
            # Not `Resource.create`, which would add names of the machine and its user.
            resource=Resource(resource),
            id_generator=self._ids,
            shutdown_on_exit=False,
        )
        self._exporter = OTLPSpanExporter(
            endpoint + PATH, headers=dict(headers), timeout=SEND_SECONDS
        )
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = self._provider.get_tracer("kvitto")

    def take(self, step: Step) -> None:
        """Turn one step into a span."""
        root = _root_of(step.flow)
        parent = None
        if step.begins_flow:
            self._ids.root = root
        else:
            parent = set_span_in_context(NonRecordingSpan(root))
        words = {"kvitto.flow": step.flow, "kvitto.outcome": step.outcome}
        span = self._tracer.start_span(
            step.name,
            context=parent,
            kind=_KINDS.get(step.name, SpanKind.INTERNAL),
            attributes={**words, "kvitto.kind": step.kind} if step.kind else words,
            start_time=int(step.began_at * _SECOND),
        )
        if step.outcome != "ok":
            span.set_status(StatusCode.ERROR)
        span.end(int((step.began_at + step.seconds) * _SECOND))

    def close(self) -> None:
        """Send what is left. The stop of the process never waits for a server that hangs."""
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(CLOSE_SECONDS)
        if closing.is_alive():
            # Else it would go on trying after the program has let go of it.
            self._exporter.shutdown()  # type: ignore[no-untyped-call]  # of the library


class _Ids(IdGenerator):
    """Gives the next span the ids of its flow's root; all other spans get ids by chance."""

    def __init__(self) -> None:
        self.root: SpanContext | None = None
        self._random = RandomIdGenerator()

    def generate_span_id(self) -> int:
        """Return the id of the span that is about to start."""
        root, self.root = self.root, None
        return root.span_id if root else self._random.generate_span_id()

    def generate_trace_id(self) -> int:
        """Return the id of a trace that begins; the SDK asks for it before the span's."""
        return self.root.trace_id if self.root else self._random.generate_trace_id()


def _root_of(flow: str) -> SpanContext:
    digest = sha256(flow.encode()).digest()
    trace_id, span_id = int.from_bytes(digest[:16]), int.from_bytes(digest[16:24])
    return SpanContext(trace_id, span_id, is_remote=True, trace_flags=_SAMPLED)
