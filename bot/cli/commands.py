"""Parse the command line and find the function of a command.

Each command's function is imported when it is chosen, so that `kvitto failpoints` does not load a
framework.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from bot.setup.roles import ROLES, parse_roles
from ledger.formats.known import FORMAT_NAMES

READABLE = ("texts", "receipts", "categories", "questions")

Command = Callable[[], int]


def find_command(arguments: Sequence[str]) -> Command:
    """Parse a command line; wrong usage ends the program with code 2."""
    if arguments[:1] == ["read"] and len(arguments) > 1 and arguments[1] in READABLE:
        # These parse what follows themselves.
        rest = list(arguments[2:])
        return lambda: _call(f"read_{arguments[1]}", "main", rest)
    options = vars(_parser().parse_args(arguments))
    module, function = options.pop("does")
    return lambda: _call(module, function, **options)


def _call(module: str, function: str, *arguments: object, **options: object) -> int:
    code: int = getattr(import_module(f"bot.cli.{module}"), function)(*arguments, **options)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kvitto", description="A Telegram bot that turns words and receipts into a ledger."
    )
    parser.add_argument("--version", action="version", version=f"kvitto {version('kvitto')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, does: tuple[str, str], words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words)
        added.set_defaults(does=does)
        return added

    run = add("run", ("run", "run"), "run the bot")
    run.add_argument(
        "--role",
        dest="roles",
        type=_roles,
        default=frozenset(ROLES),
        metavar="ROLE",
        help="one or more of " + ", ".join(ROLES) + ", separated by commas (default: all)",
    )
    demo = add("demo", ("demo", "demo"), "run the bot on a local Bot API server with a chat page")
    demo.add_argument("--port", type=_port, default=8090, help="where the page is (default 8090)")
    add("mcp", ("mcp.serve", "serve"), "serve a ledger to programs that speak MCP, over stdio")
    add("migrate", ("database", "migrate"), "bring the database to the newest schema")
    check = add("check", ("check", "check"), "try every configured dependency")
    check.add_argument("--ledger", action="store_true", help="look for damage in the data instead")
    check.add_argument("--json", dest="as_json", action="store_true", help="print JSON")
    healthz = add("healthz", ("healthz", "healthz"), "ask the running process for its health")
    healthz.add_argument(
        "--live", action="store_true", help="whether it runs at all, also without Telegram"
    )
    export = add("export", ("export", "export"), "write a chat's ledger to a file")
    export.add_argument("chat_id", type=int, metavar="CHAT_ID")
    export.add_argument("--format", dest="form", default="csv", help=", ".join(FORMAT_NAMES))
    export.add_argument("--out", type=Path, help="the file to write (default: standard output)")
    backup = add("backup", ("backup", "backup"), "save database and receipts to a file")
    backup.add_argument("file", type=Path, metavar="FILE")
    restore = add("restore", ("backup", "restore"), "bring a backup back")
    restore.add_argument("file", type=Path, metavar="FILE")
    moving = add("move", ("upkeep.move", "move"), "copy everything into an empty PostgreSQL")
    moving.add_argument(
        "--to",
        dest="target",
        required=True,
        metavar="URL",
        help="postgresql://user@host/name; the password comes from PGPASSWORD or ~/.pgpass",
    )
    add(
        "reseal",
        ("upkeep.reseal", "reseal"),
        "rewrite the receipt folder with the first RECEIPT_KEY",
    )
    history = add(
        "history",
        ("upkeep.history", "history"),
        "every change of a chat's ledger: when, who, by which way, before and after",
    )
    history.add_argument("chat_id", type=int, metavar="CHAT_ID")
    history.add_argument("--entry", metavar="ID", help="only changes of this entry")
    history.add_argument("--json", dest="as_json", action="store_true", help="print JSON lines")
    _add_dead_letters(add("dead-letters", ("letters", "letters"), "what failed for good"))
    models = add("models", ("models", "models"), "the trained models, and a challenger's record")
    models.add_argument(
        "action",
        nargs="?",
        choices=("promote", "drop", "revert"),
        help="let the challenger decide, take it away, or go back to the model before it",
    )
    add("failpoints", ("failpoints", "failpoints"), "list the points where a test may end us")
    read = add("read", ("read", "read"), "the program's reading without a chat")
    read.add_argument("what", choices=READABLE)
    return parser


def _add_dead_letters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "retry", "drop"))
    parser.add_argument("ids", nargs="*", metavar="ID", help="as listed; none, or `all`: every one")


def _roles(text: str) -> frozenset[str]:
    roles = parse_roles(text)
    if roles is None:
        message = "must be one or more of " + ", ".join(ROLES)
        raise argparse.ArgumentTypeError(message)
    return roles


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:  # noqa: PLR2004  # the range of ports
        raise ValueError
    return port
