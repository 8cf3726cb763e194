"""The OpenAPI description: true of what is returned, and readable without a script or another host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ui_browser import Serve, visit
from ui_calls import call

from ui.routes.schemas import AskRecord, PassagesRecord, Refusal
from ui.service import Service

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

QUESTIONS = ["What does the Declaration say of harm?", "宣言说了什么？", "谁赢了世界杯？", "那宣言呢？"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_as_described(app: Any, question: str) -> None:
    """Every described field is there with its type, answered or declined."""
    record = call(app, "POST", "/v1/ask", json={"question": question}).json()
    described = AskRecord.model_validate(record).model_dump(mode="json")
    assert {name: record[name] for name in described if name not in ("claims", "nearest", "retrieved")} == {
        name: value for name, value in described.items() if name not in ("claims", "nearest", "retrieved")
    }
    for kind in ("claims", "nearest", "retrieved"):
        assert [
            {name: row[name] for name in told} for row, told in zip(record[kind], described[kind], strict=True)
        ] == (described[kind])


def test_passages_and_refusals_are_as_described(app: Any) -> None:
    """The same for what a search finds and for what is refused."""
    found = call(app, "GET", "/v1/passages", params={"q": "灯"}).json()
    assert PassagesRecord.model_validate(found).model_dump(mode="json") == found
    refused = call(app, "POST", "/v1/ask", json={}).json()
    assert Refusal.model_validate(refused).model_dump() == refused


def test_the_page_names_every_address_and_field(app: Any) -> None:
    """Nothing of the schema is left out of the page."""
    page = call(app, "GET", "/api").text
    schema = call(app, "GET", "/v1/openapi.json").json()
    for path, methods in schema["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code>" in page
    for field in ("question", "history[].role", "claims[].citations[].quote", "passages[].text", "error", "limit"):
        assert f"<code>{field}</code>" in page
    assert "zh | en or null" in page
    assert "at most 2000 characters" in page
    assert "text/event-stream" in page


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_in_a_browser(
    browser: Browser, service: Service, serve_for_test: Serve, screenshots: Path, width: int
) -> None:
    """No request but to this server (the visit asserts it), no script of another, and it fits a phone."""
    with (
        serve_for_test(service, with_page=True) as address,
        visit(browser, address, width=width, language="en-GB") as visitor,
    ):
        page = visitor.page
        page.goto(f"{address}/api")
        page.locator('a[href="#ask_v1_ask_post"]').click()
        page.locator("#ask_v1_ask_post summary").first.click()
        assert page.get_by_text("claims[].citations[].quote").first.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.screenshot(path=screenshots / f"api-{width}.png")
