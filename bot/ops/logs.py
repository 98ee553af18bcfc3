"""Write logs as text or JSON that never hold a secret, a message text or an amount.

Every logger of the process, foreign ones included, writes through one handler. Its last step takes
out every known secret and whatever looks like a bot token; exceptions appear as class and places,
without their messages (`bot.ops.errors` says why). Each line names the flow that it belongs to
(`ports.telemetry.flows`), and each error is told to `ports.telemetry.REPORTERS`. Loggers that print parameters when they are asked
for details (SQL, API calls) stay at WARNING whatever the level.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.ops.errors import describe_error, trace_error
from ports.telemetry import REPORTERS, Fault
from ports.telemetry.flows import current_flow

# A bot's token, or one of the API.
_TOKEN = re.compile(r"(?<!\d)\d{5,20}:[A-Za-z0-9_-]{20,}|kvitto_[A-Za-z0-9_-]{20,}")
_SECRET_LENGTH_MIN = 4
# At DEBUG or INFO these print request URLs, SQL parameters or message texts.
_TALKATIVE = (
    "aiohttp",
    "aiosqlite",
    "alembic",
    "apscheduler",
    "asyncio",
    "asyncpg",
    "botocore",
    "boto3",
    "httpcore",
    "httpcore2",
    "httpx",
    "httpx2",
    "mcp",
    "openai",
    "opentelemetry",
    "PIL",
    "sentry_sdk",
    "sqlalchemy",
    "telegram",
    "urllib3",
)


_FAULTS = ("error", "critical")
_FACTS = ("error_id", "kind", "tries", "code", "part", "table", "job", "method", "remedy")
"""Fields of a line that a report may hold: ids, counts and words of the program."""
_OURS = ("ai", "bot", "handlers", "kvitto", "replies", "scheduler", "services", "storage", "web")
_OF_REPORTERS = ("opentelemetry", "sentry_sdk", "urllib3")
"""Loggers of the plugs themselves, whose trouble must not be told to them."""


class _Redactor:
    """Takes known secrets out of a finished line."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # Longest first, since a secret that contains another must be replaced as a whole. Shorter
        # ones than four characters would blot out ordinary words.
        known = sorted({s for s in secrets if len(s) >= _SECRET_LENGTH_MIN}, key=len, reverse=True)
        # A token also appears without its bot id, after the colon.
        halves = [s.partition(":")[2] for s in known if _TOKEN.fullmatch(s)]
        parts = "|".join(re.escape(s) for s in [*known, *halves])
        self._known = re.compile(parts) if parts else None

    def __call__(self, line: str) -> str:
        if self._known:
            line = self._known.sub("[secret]", line)
        return _TOKEN.sub("[token]", line)


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Renders a record, then redacts what came out."""

    redact: _Redactor

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line."""
        return self.redact(super().format(record))


def open_logs(
    level: str,
    style: Literal["text", "json"],
    secrets: Iterable[str],
    stream: TextIO | None = None,
) -> None:
    """Send every log of this process to a stream (stderr by default), in one style."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_messages,
        _add_flow,
        _report_fault,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = _Formatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    formatter.redact = _Redactor(secrets)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    # Replaced, because a library that called `basicConfig` would print around the redactor.
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    sys.excepthook = _log_uncaught


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger


def _without_messages(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its class and places."""
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    if isinstance(raised, tuple):
        raised = raised[1]
    if isinstance(raised, BaseException):
        event["error"] = describe_error(raised)
        event["trace"] = trace_error(raised)
    return event


def _add_flow(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Name the flow in which something was logged."""
    if flow := current_flow():
        event.setdefault("flow", flow)
    return event


def _report_fault(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Tell the reporters of an error, by the program's own names and numbers."""
    logger = str(event.get("logger", ""))
    if REPORTERS and event["level"] in _FAULTS and not logger.startswith(_OF_REPORTERS):
        fault = Fault(
            event=_name_event(event, logger),
            logger=logger,
            flow=str(event.get("flow", "")),
            error=str(event.get("error", "")),
            places=tuple(event.get("trace", ())),
            facts={name: event[name] for name in _FACTS if name in event},
        )
        for reporter in REPORTERS:
            reporter.report(fault)
    return event


def _name_event(event: EventDict, logger: str) -> str:
    """Return the constant name of a log line; a line of a library has its logger's."""
    record = event.get("_record")
    if record is None:
        return str(event["event"])
    ours = logger.partition(".")[0] in _OURS
    # The template, since the arguments of a line may be anything.
    return str(record.msg) if ours else logger


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    get_logger("kvitto").critical("uncaught", exc_info=error.with_traceback(trace))
