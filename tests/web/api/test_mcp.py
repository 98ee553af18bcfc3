"""`kvitto mcp` is tried with the SDK's own client, over stdio, against the real API."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.__main__ import main
from tests.web.api.stage import ApiStage

if TYPE_CHECKING:
    from mcp import Client

pytest.importorskip("mcp", reason="needs the extra kvitto[mcp], which `make install` brings")

READS = {"search_entries", "get_entry", "summary", "ask", "budgets"}
Connect = Callable[[str, str], AbstractAsyncContextManager["Client"]]


@pytest.fixture
def connect(api: ApiStage, tmp_path: Path) -> Connect:
    """Starts the server with the token of a login, as a program would."""

    @asynccontextmanager
    async def start(login: str, ledger: str) -> AsyncIterator[Client]:
        from mcp import Client, StdioServerParameters, stdio_client

        token = tmp_path / "token"
        token.write_text(api.logins[login].removeprefix("Bearer "))
        environment = {
            "MCP_LEDGER_URL": f"{api.url}/ledgers/{ledger}",
            "MCP_TOKEN_FILE": str(token),
        }
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "bot", "mcp"], env=environment, cwd=tmp_path
        )
        with (tmp_path / "log").open("w") as log:
            async with Client(stdio_client(server, errlog=log)) as client:
                yield client
        written = (tmp_path / "log").read_text()
        assert "Traceback" not in written
        assert token.read_text() not in written

    return start


async def _ask(client: Client, tool: str, **arguments: object) -> dict[str, Any]:
    found = await client.call_tool(tool, arguments)
    assert not found.is_error, found.content
    assert found.structured_content is not None
    return dict(found.structured_content)


async def _fail(client: Client, tool: str, **arguments: object) -> str:
    found = await client.call_tool(tool, arguments)
    assert found.is_error, found.content
    return str(found.content[0].model_dump()["text"])


async def test_a_writing_token_reads_books_changes_and_deletes(
    api: ApiStage, connect: Connect
) -> None:
    async with connect("of-group", api.group) as client:
        tools = {one.name: one for one in (await client.list_tools()).tools}
        assert set(tools) == READS | {"add_entry", "change_entry", "delete_entry"}
        hints = tools["search_entries"].annotations
        assert hints is not None
        assert hints.read_only_hint

        made = await _ask(client, "add_entry", sentence="coffee 4.50; taxi 9", source_id="a")
        again = await _ask(client, "add_entry", sentence="coffee 4.50; taxi 9", source_id="a")
        assert again == made
        assert {one["amount"] for one in made["items"]} == {"4.50", "9.00"}
        # The chat sees what a program books.
        assert any("taxi" in str(one.payload["text"]) for one in await api.told())

        found = await _ask(client, "search_entries", which={"q": "coffee"})
        entry_id = found["items"][0]["id"]
        assert found["next"] is None
        asked = await _ask(client, "ask", question="how much this month?")
        assert asked["total"] == {"amount": "13.50", "currency": "EUR"}
        assert (asked["state"], asked["count"]) == ("answered", 2)
        assert "<b>" not in asked["text"]
        assert (await _ask(client, "summary"))["spent"] == "13.50"
        assert (await _ask(client, "budgets"))["items"] == []

        before = await _ask(client, "get_entry", entry_id=entry_id)
        given = {"entry_id": entry_id, "version": before["version"]}
        changed = await _ask(client, "change_entry", **given, changes={"amount": "5.20"})
        assert changed["entry"]["amount"] == "5.20"
        late = await _fail(client, "delete_entry", **given)
        assert "changed meanwhile" in late
        await _ask(client, "delete_entry", entry_id=entry_id, version=changed["version"])
        assert "404" in await _fail(client, "get_entry", entry_id=entry_id)

        unclear = await _fail(client, "add_entry", sentence="hello there")
        assert "unclear, 422" in unclear
        assert "refused" in unclear
        wrong = await _fail(client, "change_entry", **given, changes={"amount": "-5"})
        assert "more than 0" in wrong or "digits" in wrong
        assert "period" in await _fail(client, "summary", period="yesterweek")
        # The server goes away; the client is told what to look at.
        api.site.backend = None
        assert "503" in await _fail(client, "budgets")


async def test_a_token_has_the_tools_of_its_scopes(api: ApiStage) -> None:
    from bot.cli.mcp.calls import open_calls
    from bot.cli.mcp.tools import list_tools

    expected = {"reader": (api.home, READS), "shortcut": (api.home, {"add_entry"})}
    for login, (ledger, names) in expected.items():
        token = api.logins[login].removeprefix("Bearer ")
        async with open_calls(f"{api.url}/ledgers/{ledger}", token) as calls:
            tools = list_tools(calls, await calls.find_scopes())
            assert {run.__name__ for run, _ in tools} == names


@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        ("", "kvitto_x", "MCP_LEDGER_URL is missing"),
        ("https://example.org/api/v1/ledgers/" + "a" * 24, "", "MCP_TOKEN is missing"),
        ("http://example.org/api/v1/ledgers/" + "a" * 24, "kvitto_x", "by https"),
        ("https://example.org/", "kvitto_x", "MCP_LEDGER_URL is wrong"),
        ("http://127.0.0.1:9/api/v1/ledgers/" + "a" * 24, "kvitto_x", "is kvitto running"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(
    url: str,
    token: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MCP_LEDGER_URL", url)
    monkeypatch.setenv("MCP_TOKEN", token)
    assert main(["mcp"]) == 1
    line = capsys.readouterr().err
    assert said in line
    assert "kvitto_x" not in line


def test_a_plain_install_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    # How Python itself keeps a module from being found.
    monkeypatch.setitem(sys.modules, "mcp", None)
    assert main(["mcp"]) == 1
    assert "pip install 'kvitto[mcp]'" in capsys.readouterr().err


async def test_a_token_of_another_ledger_is_refused(api: ApiStage) -> None:
    from bot.cli.mcp.calls import open_calls
    from ledger.errors import LoginRefusedError

    for ledger, login in ((api.home, "of-group"), (api.group, "reader")):
        token = api.logins[login].removeprefix("Bearer ")
        async with open_calls(f"{api.url}/ledgers/{ledger}", token) as calls:
            with pytest.raises(LoginRefusedError):
                await calls.find_scopes()
