"""Switch on the plugs of `ports.telemetry` that the settings name, and import no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec

from bot.setup.settings import Settings
from bot.telemetry.debug_log import LogTracer
from ledger.errors import SettingsError
from ports.telemetry import REPORTERS, TRACERS, FaultReporter, Tracer


@contextmanager
def open_telemetry(settings: Settings, roles: str) -> Iterator[None]:
    """Send traces and faults where the settings say; at the end what is left goes out.

    Raises:
        SettingsError: a setting needs an extra that is not installed.
    """
    with ExitStack() as stack:
        for tracer in _build_tracers(settings, roles):
            stack.callback(tracer.close)
            stack.callback(TRACERS.remove, tracer)
            TRACERS.append(tracer)
        for reporter in _build_reporters(settings, roles):
            stack.callback(reporter.close)
            stack.callback(REPORTERS.remove, reporter)
            REPORTERS.append(reporter)
        yield


def _build_tracers(settings: Settings, roles: str) -> Iterator[Tracer]:
    if settings.log_level == "DEBUG":
        yield LogTracer()
    if endpoint := settings.otel_exporter_otlp_endpoint:
        _require("opentelemetry", "otel", "OTEL_EXPORTER_OTLP_ENDPOINT")
        from bot.telemetry.otel import OtelTracer  # noqa: PLC0415 -- only where configured

        yield OtelTracer(endpoint, settings.otel_headers, roles=roles)


def _build_reporters(settings: Settings, roles: str) -> Iterator[FaultReporter]:
    if settings.sentry_dsn is not None:
        _require("sentry_sdk", "sentry", "SENTRY_DSN")
        from bot.telemetry.sentry import SentryReporter  # noqa: PLC0415 -- only where configured

        yield SentryReporter(settings.sentry_dsn.get_secret_value(), roles=roles)


def _require(package: str, extra: str, setting: str) -> None:
    if find_spec(package) is None:
        remedy = f"install the extra that it needs: pip install 'kvitto[{extra}]'"
        raise SettingsError("setting_wrong", name=setting, remedy=remedy)
