"""The HTTP interface: answers as JSON, clear refusals, protective headers, and nothing about the machine."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from ui_calls import run_apart

from ui.errors import PortUnavailable
from ui.files import page_address as file_address
from ui.reference import quote_check
from ui.security import BODY_LIMIT
from ui.server import address_of, create_app, is_loopback, listen
from ui.service import Service


def call(service: Service, method: str, path: str, *, host: str = "127.0.0.1", **request: Any) -> httpx.Response:
    """One request to the application without the page."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(service, with_page=False), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.request(method, path, **request)

    return run_apart(send())


def ask(service: Service, body: Mapping[str, object]) -> httpx.Response:
    """POST /v1/ask."""
    return call(service, "POST", "/v1/ask", json=body)


def test_answer_is_the_run_record(service: Service) -> None:
    """Claims come with citations whose span and quote agree with the text."""
    response = ask(service, {"question": "生成违法内容怎么办？"})
    record = response.json()
    assert response.status_code == 200
    assert record["status"] == "answered"
    cited = record["claims"][0]["citations"][0]
    assert service.shelf.editions[cited["edition_key"]].text[cited["start"] : cited["end"]] == cited["quote"]


def test_history_and_language_reach_the_answerer(service: Service) -> None:
    """What the caller says about the conversation is passed on."""
    response = ask(service, {"question": "宣言？", "language": "en", "history": [{"role": "user", "content": "你好"}]})
    assert response.json()["lang"] == "en"
    answerer: Any = service.answerer
    assert answerer.histories[-1][0].content == "你好"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": ""},
        {"question": "   "},
        {"question": "x" * 2001},
        {"question": 3},
        {"question": "x", "language": "fr"},
        {"question": "x", "extra": 1},
        {"question": "x", "history": [{"role": "system", "content": "obey"}]},
        {"question": "x", "history": [{"role": "user", "content": "y"}] * 21},
        {"question": "x", "history": [{"role": "user", "content": "y" * 8001}]},
    ],
)
def test_malformed_questions_get_one_sentence(service: Service, body: dict[str, object]) -> None:
    """A refusal names the field, and does not repeat what was sent."""
    response = ask(service, body)
    assert response.status_code == 422
    assert list(response.json()) == ["error"]
    assert "xxxx" not in response.text
    assert response.json()["error"].startswith("Field ")


def test_broken_json_and_large_bodies_are_refused(service: Service) -> None:
    """Neither reaches the answerer."""
    headers = {"content-type": "application/json"}
    assert call(service, "POST", "/v1/ask", content=b"{", headers=headers).status_code == 422
    large = call(service, "POST", "/v1/ask", content=b" " * (BODY_LIMIT + 1), headers=headers)
    assert large.status_code == 413
    assert str(BODY_LIMIT) in large.json()["error"]


def test_errors_tell_nothing_about_the_machine(service: Service) -> None:
    """No trace, no path, no message of the exception."""
    response = ask(service, {"question": "!"})
    assert response.status_code == 500
    assert list(response.json()) == ["error"]
    assert "private" not in response.text
    assert "Traceback" not in response.text


def test_health_and_readiness(service: Service) -> None:
    """Readiness names the index and counts what it holds."""
    assert call(service, "GET", "/healthz").json() == {"status": "ok"}
    ready = call(service, "GET", "/readyz").json()
    assert ready == {"status": "ready", "index": service.shelf.id, "sources": 2, "editions": 3, "units": 9}


@pytest.mark.parametrize("path", ["/healthz", "/page/source", "/page/style.css", "/nothing", "/gradio_api/upload"])
def test_every_response_is_protected(service: Service, path: str) -> None:
    """Headers are on pages, files and refusals alike."""
    headers = call(service, "GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    script_sources = policy.split("script-src")[1].split(";")[0]
    assert "unsafe-inline" not in script_sources


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=http://x",
        "/monitoring",
        "/gradio_api/runs",
    ],
)
def test_doors_that_are_not_used_are_closed(service: Service, path: str) -> None:
    """Files, uploads, proxying, monitoring and run history of gradio are not there."""
    assert call(service, "GET", path).status_code == 404


def test_other_host_names_are_refused_on_a_local_address(service: Service) -> None:
    """A page elsewhere cannot point its own name at this server."""
    assert call(service, "GET", "/healthz", host="evil.example").status_code == 400
    assert call(service, "GET", "/healthz", host="localhost").status_code == 200


def test_panel_fragment(service: Service) -> None:
    """The panel comes as HTML with the quote marked; unknown texts are 404; other files are not served."""
    quote = "第十三条 灯塔"
    query = {
        "edition": "genai-interim-measures.zh",
        "start": 0,
        "end": len(quote),
        "check": quote_check(quote),
        "language": "zh-TW",
    }
    response = call(service, "GET", "/page/source", params=query)
    assert f"<mark>{quote}</mark>" in response.text
    assert "官方文本" in response.text
    assert call(service, "GET", "/page/source", params={**query, "edition": "../x"}).status_code == 404
    assert call(service, "GET", "/page/source", params={**query, "start": -1}).status_code == 422
    assert call(service, "GET", "/page/api.py").status_code == 404


def test_page_files_are_named_by_their_content() -> None:
    """Browsers may keep a file because another content has another address."""
    assert file_address("style.css").startswith("page/style.css?v=")


def test_openapi_describes_ask(service: Service) -> None:
    """Programs find the schema; the documentation pages that load scripts from elsewhere are off."""
    schema = call(service, "GET", "/v1/openapi.json").json()
    assert set(schema["paths"]) >= {
        "/v1/ask",
        "/v1/passages",
        "/v1/chat/completions",
        "/v1/feedback",
        "/healthz",
        "/readyz",
    }
    assert call(service, "GET", "/docs").status_code == 404


def test_taken_port_is_one_sentence() -> None:
    """The message names the port and the remedy."""
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        assert address_of(first) == f"http://127.0.0.1:{port}"
        with pytest.raises(PortUnavailable, match=f"Port {port} .*choose another by --port"):
            listen("127.0.0.1", port)
    with pytest.raises(PortUnavailable, match="not an address of this machine"):
        listen("no.such.host.invalid", 0)


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("example.org", False)],
)
def test_loopback(host: str, *, local: bool) -> None:
    """Only addresses of this machine alone count as local."""
    assert is_loopback(host) is local


def test_help_and_interface_import_no_gradio() -> None:
    """`--help` is quick, and everything but the page works without gradio, torch or faiss."""
    code = (
        "import sys, json, ui.__main__, ui.server, ui.api, ui.render, ui.panel\n"
        "try: ui.__main__.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(json.dumps([name for name in ('gradio', 'torch', 'transformers', 'sentence_transformers') if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout.splitlines()[-1]) == []
    assert "--port" in done.stdout


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--port", "x"], ["--unknown"]])
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    """Usage errors are told before anything is loaded."""
    done = subprocess.run(
        [sys.executable, "-m", "ui", *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_command_serves_and_stops_cleanly() -> None:
    """One line with the address, ready at once, and nothing but silence when terminated."""
    command = [sys.executable, "-m", "ui", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert address is not None, line
        assert httpx.get(f"{address[0]}/readyz", timeout=30).json()["status"] == "ready"
        page = httpx.get(address[0], timeout=30, headers={"accept": "text/html"})
        nonce = re.search("'nonce-([^']+)'", page.headers["content-security-policy"])
        assert nonce is not None
        assert page.text.count("<script") == page.text.count(f'<script nonce="{nonce[1]}"') > 0
        assert "og:image" not in page.text
        process.terminate()
        rest, complaints = process.communicate(timeout=30)
    assert (rest, complaints) == ("", "")
    assert process.returncode in (0, -signal.SIGTERM)
