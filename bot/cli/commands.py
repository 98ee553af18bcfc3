"""Parse the command line and find the function of a command.

Each command's function is imported when it is chosen, so that `kvitto failpoints` does not load a
framework.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.setup.roles import ROLES, parse_roles
from ledger.formats.known import FORMAT_NAMES, find_format

READABLE = ("texts", "receipts", "categories", "questions")

Command = Callable[[], int]
Argument = Callable[[argparse.ArgumentParser], object]
"""Adds an argument to the parser of a command."""


def _argument(*names: str, **options: Any) -> Argument:  # noqa: ANN401  # as argparse takes them
    return lambda parser: parser.add_argument(*names, **options)


@dataclass(frozen=True, slots=True)
class _Row:
    """A command: its name, its module and function below `bot.cli`, what it does, its arguments."""

    name: str
    does: tuple[str, str]
    words: str
    arguments: tuple[Argument, ...] = ()


def find_command(arguments: Sequence[str]) -> Command:
    """Parse a command line; wrong usage ends the program with code 2."""
    if arguments[:1] == ["read"] and len(arguments) > 1 and arguments[1] in READABLE:
        # These parse what follows themselves.
        rest = list(arguments[2:])
        return lambda: _call(f"read_{arguments[1]}", "main", rest)
    options = vars(_build_parser().parse_args(arguments))
    module, function = options.pop("does")
    return lambda: _call(module, function, **options)


def _call(module: str, function: str, *arguments: object, **options: object) -> int:
    code: int = getattr(import_module(f"bot.cli.{module}"), function)(*arguments, **options)
    return code


def _read_roles(text: str) -> frozenset[str]:
    roles = parse_roles(text)
    if roles is None:
        message = "must be one or more of " + ", ".join(ROLES)
        raise argparse.ArgumentTypeError(message)
    return roles


def _read_port(text: str) -> int:
    port = int(text) if text.isdecimal() else -1
    if not 0 <= port <= 65535:  # noqa: PLR2004  # the range of ports
        message = "must be a port, 0 to 65535"
        raise argparse.ArgumentTypeError(message)
    return port


def _read_format(text: str) -> str:
    found = find_format(text)
    if found is None:
        message = f"{text!r} is not one of {', '.join(FORMAT_NAMES)}"
        raise argparse.ArgumentTypeError(message)
    return found


_ROLE = _argument(
    "--role",
    dest="roles",
    type=_read_roles,
    default=frozenset(ROLES),
    metavar="ROLE",
    help="one or more of " + ", ".join(ROLES) + ", separated by commas (default: all)",
)
_PORT = _argument("--port", type=_read_port, default=8090, help="where the page is (default 8090)")
_LEDGER = _argument("--ledger", action="store_true", help="look for damage in the data instead")
_LIVE = _argument(
    "--live", action="store_true", help="whether it runs at all, also without Telegram"
)
_CHAT_ID = _argument("chat_id", type=int, metavar="CHAT_ID")
_FORMAT = _argument(
    "--format",
    dest="form",
    type=_read_format,
    default="csv",
    metavar="FORM",
    help=", ".join(FORMAT_NAMES),
)
_OUT = _argument("--out", type=Path, help="the file to write (default: standard output)")
_FILE = _argument("file", type=Path, metavar="FILE")
_TARGET = _argument(
    "--to",
    dest="target",
    required=True,
    metavar="URL",
    help="postgresql://user@host/name; the password comes from PGPASSWORD or ~/.pgpass",
)
_ENTRY = _argument("--entry", metavar="ID", help="only changes of this entry")
_LETTERS = (
    _argument("action", choices=("list", "retry", "drop")),
    _argument("ids", nargs="*", metavar="ID", help="as listed; none, or `all`: every one"),
)
_MODEL_ACTION = _argument(
    "action",
    nargs="?",
    choices=("promote", "drop", "revert"),
    help="let the challenger decide, take it away, or go back to the model before it",
)
_READABLE = _argument("what", choices=READABLE)


def _as_json(words: str) -> Argument:
    return _argument("--json", dest="as_json", action="store_true", help=words)


_COMMANDS = (
    _Row("run", ("run", "run"), "run the bot", (_ROLE,)),
    _Row(
        "demo", ("demo", "demo"), "run the bot on a local Bot API server with a chat page", (_PORT,)
    ),
    _Row("mcp", ("mcp.serve", "serve"), "serve a ledger to programs that speak MCP, over stdio"),
    _Row("migrate", ("database", "migrate"), "bring the database to the newest schema"),
    _Row(
        "check",
        ("check", "check"),
        "try every configured dependency",
        (_LEDGER, _as_json("print JSON")),
    ),
    _Row("healthz", ("healthz", "healthz"), "ask the running process for its health", (_LIVE,)),
    _Row(
        "export", ("export", "export"), "write a chat's ledger to a file", (_CHAT_ID, _FORMAT, _OUT)
    ),
    _Row("backup", ("backup", "backup"), "save database and receipts to a file", (_FILE,)),
    _Row("restore", ("backup", "restore"), "bring a backup back", (_FILE,)),
    _Row("move", ("upkeep.move", "move"), "copy everything into an empty PostgreSQL", (_TARGET,)),
    _Row(
        "reseal",
        ("upkeep.reseal", "reseal"),
        "rewrite the receipt folder with the first RECEIPT_KEY",
    ),
    _Row(
        "history",
        ("upkeep.history", "history"),
        "every change of a chat's ledger: when, who, by which way, before and after",
        (_CHAT_ID, _ENTRY, _as_json("print JSON lines")),
    ),
    _Row("dead-letters", ("letters", "letters"), "what failed for good", _LETTERS),
    _Row(
        "models",
        ("models", "models"),
        "the trained models, and a challenger's record",
        (_MODEL_ACTION,),
    ),
    _Row("failpoints", ("failpoints", "failpoints"), "list the points where a test may end us"),
    _Row("read", ("read", "read"), "the program's reading without a chat", (_READABLE,)),
)
"""Every command, in the order in which `--help` lists them."""


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kvitto", description="A Telegram bot that turns words and receipts into a ledger."
    )
    parser.add_argument("--version", action="version", version=f"kvitto {version('kvitto')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for row in _COMMANDS:
        added = commands.add_parser(row.name, help=row.words, description=row.words)
        added.set_defaults(does=row.does)
        for add in row.arguments:
            add(added)
    return parser
