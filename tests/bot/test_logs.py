"""Logs never hold a secret, a message text or an amount, whoever writes them."""

from __future__ import annotations

import io
import json
import linecache
import logging
from typing import Literal

import pytest

from bot.ops.errors import describe_error, trace_error
from bot.ops.logs import get_logger, open_logs

TOKEN = "7000000001:AAH-canary-token-of-forty-characters-00"
SECRETS = [TOKEN, "hunter2-canary"]

pytestmark = pytest.mark.usefixtures("restored_logs")


@pytest.fixture(params=["text", "json"])
def written(request: pytest.FixtureRequest, restored_logs: None) -> io.StringIO:
    stream = io.StringIO()
    style: Literal["text", "json"] = request.param
    open_logs("DEBUG", style, SECRETS, stream)
    return stream


def test_known_secrets_are_taken_out_of_every_logger(written: io.StringIO) -> None:
    get_logger("bot").info("asked", url=f"https://api/bot{TOKEN}/getMe", password="hunter2-canary")
    logging.getLogger("foreign").warning("GET https://api/bot%s/getMe", TOKEN)
    logging.getLogger("foreign").warning("half: %s", TOKEN.partition(":")[2])
    assert "canary" not in written.getvalue()
    assert written.getvalue().count("[secret]") == 4


def test_what_looks_like_a_token_is_taken_out_too(written: io.StringIO) -> None:
    logging.getLogger("foreign").warning("bot99999999:BBH-some-other-token-nobody-told-us/x")
    logging.getLogger("foreign").warning("Bearer kvitto_%s", "some-token-of-the-api" + "x" * 22)
    assert "nobody-told-us" not in written.getvalue()
    assert "of-the-api" not in written.getvalue()


def test_exceptions_appear_without_their_words(written: io.StringIO) -> None:
    try:
        try:
            int("coffee 4.50")
        except ValueError as error:
            raise RuntimeError(TOKEN) from error
    except RuntimeError as error:
        get_logger("bot").error("failed", exc_info=error)
        logging.getLogger("asyncio").exception("Task exception was never retrieved", exc_info=error)
        logging.getLogger("foreign").exception("caught")
    text = written.getvalue()
    assert "coffee" not in text
    assert "canary" not in text
    assert text.count("RuntimeError") == 3
    assert "ValueError" in text
    assert "tests/bot/test_logs.py" in text


@pytest.mark.parametrize("name", ["telegram", "httpx", "aiosqlite", "sqlalchemy.engine"])
def test_loggers_that_print_parameters_stay_quiet(written: io.StringIO, name: str) -> None:
    logging.getLogger(name).debug("with parameters %s", {"text": "coffee 4.50"})
    logging.getLogger(name).info("with parameters %s", {"text": "coffee 4.50"})
    assert written.getvalue() == ""


def test_json_lines_are_json() -> None:
    stream = io.StringIO()
    open_logs("INFO", "json", SECRETS, stream)
    get_logger("bot").info("started", roles="web")
    line = json.loads(stream.getvalue())
    assert (line["event"], line["roles"], line["level"]) == ("started", "web", "info")


def test_a_described_error_leaves_no_source_in_memory() -> None:
    linecache.clearcache()
    try:
        json.loads("{")
    except ValueError as error:
        described, trace = describe_error(error), trace_error(error)
    assert described.startswith("JSONDecodeError at tests/bot/test_logs.py:")
    assert trace[-1].startswith("json/decoder.py:")
    assert not linecache.cache


def test_an_error_is_described_by_class_and_place() -> None:
    try:
        int("12.50 secret dinner")
    except ValueError as error:
        described = describe_error(error)
        trace = trace_error(error)
    assert described.startswith("ValueError at tests/bot/test_logs.py:")
    assert "dinner" not in described + "".join(trace)
