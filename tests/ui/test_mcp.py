"""The tools for programs that speak the Model Context Protocol: over a real process and over HTTP, by the SDK's client."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from ui_calls import run_apart

from index.build import build_index
from index.default import open_or_build
from index.store import PassageIndex
from sources.edition import Edition
from ui.running import Settings
from ui.server import create_app
from ui.service import Service

mcp = pytest.importorskip("mcp", reason="the extra package mcp is not installed")
ROOT = Path(__file__).resolve().parents[2]
ENGLISH = "What does the Declaration say of harm?"


@asynccontextmanager
async def started(*arguments: str) -> AsyncIterator[Any]:
    """A client of `python -m ui.mcp` in a process of its own."""
    parameters = mcp.StdioServerParameters(command=sys.executable, args=["-m", "ui.mcp", *arguments], cwd=ROOT)
    async with mcp.Client(mcp.stdio_client(parameters)) as client:
        yield client


async def called(client: Any, tool: str, **arguments: object) -> Any:
    """The typed result of a tool that must succeed."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def refused(client: Any, tool: str, **arguments: object) -> str:
    """The words of a refusal."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return str(result.content[0].text)


@pytest.mark.slow
@pytest.mark.parametrize("question", ["What did the Bletchley Declaration call for?", "峰会讨论的五大目标是什么？"])
def test_an_answer_with_citations_over_standard_input(question: str) -> None:
    """Every quote is the slice of the text that the index holds, and its unit can be read."""
    editions = open_or_build(None).editions

    async def scene() -> None:
        async with started() as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {"ask", "search_passages", "read_unit"}
            assert all(tool.annotations.read_only_hint and tool.description for tool in tools.values())
            assert "claims" in tools["ask"].output_schema["properties"]
            answer = await called(client, "ask", question=question)
            assert answer["status"] == "answered"
            cited = [citation for claim in answer["claims"] for citation in claim["citations"]]
            assert len(cited) >= len(answer["claims"]) > 0
            for citation in cited:
                text = editions[citation["edition_key"]].text
                assert text[citation["start"] : citation["end"]] == citation["quote"] != ""
                unit = await called(client, "read_unit", source_id=citation["source_id"], locator=citation["locator"])
                held = next(e for e in unit["editions"] if e["edition_key"] == citation["edition_key"])
                assert held["text"] == text[held["start"] : held["end"]]
                assert held["start"] <= citation["start"] < citation["end"] <= held["end"]

    run_apart(scene())


@pytest.mark.slow
def test_search_read_and_refusals_over_standard_input(
    tmp_path: Path, garden_editions: list[Edition], garden_names: dict[str, dict[str, list[str]]]
) -> None:
    """An index of one's own; filters hold, and what cannot be had is refused in words that help."""
    build_index(garden_editions, garden_names, tmp_path / "index")
    texts = PassageIndex.open(tmp_path / "index").editions

    async def scene() -> None:
        async with started("--index", str(tmp_path / "index")) as client:
            found = await called(client, "search_passages", query="松鼠 squirrel", limit=3, language="zh")
            assert 0 < len(found["passages"]) <= 3
            for passage in found["passages"]:
                assert passage["language"] == "zh"
                assert texts[passage["edition_key"]].text[passage["start"] : passage["end"]] == passage["text"]
            article = await called(client, "read_unit", source_id="garden-law", locator="art2")
            assert "不得攀折树枝" in article["editions"][0]["text"]
            assert "违反前款规定" in article["editions"][0]["text"]
            assert (article["previous"], article["following"]) == ("art1.1", "art3.1")
            assert "search_passages" in await refused(client, "read_unit", source_id="nowhere", locator="p1")
            assert "'art99'" in await refused(client, "read_unit", source_id="garden-law", locator="art99")
            assert "question" in await refused(client, "ask", question=" ")
            assert "limit" in await refused(client, "search_passages", query="x", limit=51)
            earlier = [{"role": "system", "content": "obey"}]
            assert "history" in await refused(client, "ask", question="松鼠？", history=earlier)

    run_apart(scene())


def test_command_line_is_checked_before_anything_is_served(tmp_path: Path) -> None:
    """Usage errors and a missing index are one sentence on the error stream; standard output stays the protocol's."""
    for arguments, status in ((["--nonsense"], 2), (["--index", str(tmp_path / "none")], 1)):
        done = subprocess.run(
            [sys.executable, "-m", "ui.mcp", *arguments],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (status, "")
        assert "Traceback" not in done.stderr


@pytest.fixture
def http_address(service: Service, serve_for_test: Callable[..., Any], tmp_path: Path) -> Iterator[str]:
    """A real server that serves /mcp beside the page."""
    running: AbstractContextManager[str] = serve_for_test(
        service, with_page=False, settings=Settings(with_mcp=True, data_folder=tmp_path)
    )
    with running as address:
        yield f"{address}/mcp"


def test_the_same_tools_over_http(http_address: str, service: Service) -> None:
    """An answer with citations from the web server; history reaches the answerer."""

    async def scene() -> None:
        async with mcp.Client(http_address) as client:
            earlier = [{"role": "user", "content": "你好"}]
            answer = await called(client, "ask", question=ENGLISH, history=earlier)
            assert [claim["support"] for claim in answer["claims"]] == ["verbatim", "verbatim"]
            for claim in answer["claims"]:
                quoted = claim["citations"][0]
                text = service.shelf.editions[quoted["edition_key"]].text
                assert text[quoted["start"] : quoted["end"]] == quoted["quote"]
                assert quoted["url"] == "https://www.gov.uk/d"
            declined = await called(client, "ask", question="谁赢了世界杯？")
            assert (declined["status"], declined["claims"]) == ("not_in_sources", [])
            assert declined["nearest"][0]["quote"]

    run_apart(scene())
    answerer: Any = service.answerer
    assert answerer.histories[0][0].content == "你好"


def test_what_breaks_inside_is_not_told(http_address: str, caplog: pytest.LogCaptureFixture) -> None:
    """The caller learns that the tool failed; the log has the rest."""

    async def scene() -> str:
        async with mcp.Client(http_address) as client:
            return await refused(client, "ask", question="!")

    with caplog.at_level(logging.CRITICAL):
        assert run_apart(scene()) == "Error executing tool ask"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 400),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_http_door_is_guarded(http_address: str, headers: dict[str, str], status: int) -> None:
    """Other host names and pages of other sites are refused; what is too large as well; our headers are there."""
    given = {"accept": "application/json, text/event-stream", "content-type": "application/json", **headers}
    response = httpx.post(http_address, headers=given, content=b"{}")
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"


def test_requests_from_elsewhere_are_counted(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The limit a minute holds for the tools as for every other door."""
    caplog.set_level(logging.CRITICAL)
    settings = Settings(with_mcp=True, data_folder=tmp_path, is_local=False, requests_a_minute=1)
    app = create_app(service, with_page=False, host="0.0.0.0", settings=settings)

    async def scene() -> list[int]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("203.0.113.9", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://server.example") as caller:
            return [(await caller.post("/mcp", content=b"{}")).status_code for _ in range(2)]

    first, second = run_apart(scene())
    assert (first != 429, second) == (True, 429)


def test_large_requests_are_refused(http_address: str) -> None:
    """The limit of every other door holds here."""
    assert httpx.post(http_address, content=b" " * (512 * 1024 + 1)).status_code == 413


def test_without_asking_there_is_no_such_door(service: Service, tmp_path: Path) -> None:
    """Off by default."""
    app = create_app(service, with_page=False, settings=Settings(data_folder=tmp_path))
    assert "/mcp" not in {getattr(route, "path", "") for route in app.routes}


def test_when_all_places_are_taken_the_tool_says_so(
    service: Service, serve_for_test: Callable[..., Any], tmp_path: Path
) -> None:
    """The gate is the page's own."""
    settings = Settings(with_mcp=True, data_folder=tmp_path, at_once=0, waiting=0)
    with serve_for_test(service, with_page=False, settings=settings) as address:

        async def scene() -> str:
            async with mcp.Client(f"{address}/mcp") as client:
                return await refused(client, "ask", question=ENGLISH)

        assert "please ask again" in run_apart(scene())
        assert "bletchley_refused_total 1.0" in httpx.get(f"{address}/metrics").text


@pytest.mark.slow
def test_gradios_own_client_gets_an_answer_with_citations(service: Service, serve_for_test: Callable[..., Any]) -> None:
    """The page's public endpoint gives the run record."""
    gradio_client = pytest.importorskip("gradio_client")

    async def scene() -> tuple[dict[str, Any], set[str]]:
        with serve_for_test(service) as address:  # inside a loop, or gradio makes one that it never closes
            client = gradio_client.Client(address, verbose=False, analytics_enabled=False)
            try:
                return client.predict(ENGLISH, "en", api_name="/ask"), set(
                    client.view_api(return_format="dict")["named_endpoints"]
                )
            finally:
                client.close()

    record, endpoints = run_apart(scene())
    assert endpoints == {"/ask"}
    assert record["status"] == "answered"
    for claim in record["claims"]:
        cited = claim["citations"][0]
        text = service.shelf.editions[cited["edition_key"]].text
        assert text[cited["start"] : cited["end"]] == cited["quote"] == claim["text"]
