"""Everything by keyboard, and nothing serious for axe-core, which is fetched for the test run alone."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ui_browser import ENGLISH, Serve, guarded, question, send, visit

from index.default import open_or_build
from rag.answerer import Answerer
from sources.catalogue import load_catalogue
from ui.running import Settings
from ui.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
_ESTIMATE = {"value": 0.75, "n": 40, "low": 0.6, "high": 0.87}
_CELL = {"n": 4, "passed": 3, "mean": 0.75}
_SUMMARY = {
    "schema": "bletchley-qa/evaluation-run", "created": "2026-01-02", "split": "dev", "cases": 40, "commit": "abcdef",
    "index": "0123", "machine": "x86_64", "headline": dict.fromkeys("ABH", _ESTIMATE), "primary": {"g": _ESTIMATE},
    "types": [{"name": "list", "zh": _CELL, "en": _CELL}], "languages": [{"name": "zh", "zh": _CELL, "en": _CELL}],
    "failures": [{"id": "x", "cause": "not_retrieved", "type": "list", "lang": "zh", "question": "灯塔有多高？", "answer": "",
                  "status": "answered", "evidence": [], "cited": []}],
    "budgets": [[500, 0.5, 0.6], [2000, 0.75, 0.8]], "risk_coverage": [[0.5, 0.1], [1.0, 0.25]],
    "systems": {"echo": {"A": 0.0, "B": 1.0, "H": 0.0}},
}  # fmt: skip


@pytest.fixture
def address(service: Service, serve_for_test: Serve, tmp_path: Path) -> Iterator[str]:
    """A server with a data folder of its own, where sources may be changed with the token."""
    with guarded(serve_for_test, service, tmp_path) as served:
        yield served


def test_by_keyboard_alone(browser: Browser, address: str) -> None:
    """From the chat to a text and its places, and back to judging an answer, without a mouse."""

    def press_until(condition: str, key: str = "Tab") -> None:
        for _ in range(60):
            visitor.page.keyboard.press(key)
            if visitor.page.evaluate(f"document.activeElement.matches({condition!r})"):
                return
        raise AssertionError(condition)

    with visit(browser, address, language="en-GB") as visitor:
        page = visitor.page
        visitor.ask(ENGLISH)
        press_until("[data-why]", "Shift+Tab")
        page.keyboard.press("Enter")
        visitor.until("document.activeElement.matches('.reason')")
        press_until("[data-judge=bad]")
        page.keyboard.press("Enter")
        visitor.until("document.querySelector('.feedback .thanks').textContent !== ''")
        press_until('.places a[href="sources"]', "Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".source")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        press_until(".editions a")
        page.keyboard.press("Enter")
        page.wait_for_selector(".text .unit")
        press_until(".outline a")
        page.keyboard.press("Enter")
        visitor.until("document.querySelector('.unit:target') !== null")


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core's script, fetched by npm for the test alone; a skip where there is no npm or no registry."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so axe-core cannot be fetched")
    folder = tmp_path_factory.mktemp("axe")
    command = [
        npm,
        "install",
        "--prefix",
        str(folder),
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "axe-core@4",
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=90, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("the npm registry cannot be reached, so axe-core cannot be fetched")
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if done.returncode or not script.exists():
        pytest.skip("the npm registry cannot be reached, so axe-core cannot be fetched")
    return script.read_text(encoding="utf-8")


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_nothing_serious_for_axe(browser: Browser, address: str, axe: str, look: str, language: str) -> None:
    """Chat with an answer, sources, a text, evaluation: no serious or critical violation in what is ours."""
    context = browser.new_context(locale=language, color_scheme=look, bypass_csp=True)
    page = context.new_page()
    found: list[str] = []
    for path in ("/", "/sources", "/sources/genai-interim-measures.zh", "/evaluation"):
        page.goto(address + path)
        if path == "/":
            send(page, question(language))
            page.wait_for_selector(".exchange:not(.pending)")
            page.wait_for_selector("#source-panel mark")
            page.locator(".take-away summary").click()
            page.locator(".trace summary").click()
            page.locator("[data-why]").click()
        found += serious(page, axe, path)
    context.close()
    assert not found, "\n".join(found)


def serious(page: Page, axe: str, path: str) -> list[str]:
    """What axe-core finds serious or critical on the page as it is."""
    page.add_script_tag(content=axe)
    result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{path} {violation['id']}: {node['html'][:160]}"
        for violation in result["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(
    ("language", "look", "width"),
    [("zh-TW", "light", 1280), ("zh-CN", "dark", 360), ("en-GB", "light", 360), ("en-GB", "dark", 1280)],
)
def test_nothing_serious_over_the_bundled_texts(
    browser: Browser, serve_for_test: Serve, axe: str, tmp_path: Path, language: str, look: str, width: int
) -> None:
    """A declined question, a follow-up to put right, both comparisons with a source open, adding texts, plots."""
    bundled = open_or_build(None)
    servicing = Service(Answerer(bundled), bundled, load_catalogue())
    zh = language.startswith("zh")
    (tmp_path / "runs" / "one").mkdir(parents=True)
    (tmp_path / "runs" / "one" / "summary.json").write_text(json.dumps(_SUMMARY), encoding="utf-8")
    settings = Settings(data_folder=tmp_path / "data", result_folders=(tmp_path / "runs",))
    found: list[str] = []
    with serve_for_test(servicing, settings=settings) as served:
        context = browser.new_context(
            locale=language, color_scheme=look, bypass_csp=True, viewport={"width": width, "height": 800}
        )
        page = context.new_page()
        page.goto(served)
        for asked in (
            ("布莱奇利宣言说了什么？", "它的签署国有哪些？", "峰会花了多少钱？")
            if zh
            else ("What did the Bletchley Declaration call for?", "How much did the summit cost?", "And who signed it?")
        ):
            number = page.locator(".exchange").count() + 1
            send(page, asked)
            page.wait_for_selector(f'.exchange[data-number="{number}"]:not(.pending)')
        page.wait_for_selector("#source-panel .panel")
        found += serious(page, axe, "/")
        for path in ("/compare", "/compare?theme=x", "/against"):
            page.goto(served + path)
            found += serious(page, axe, path)
        page.goto(served + "/compare")
        page.locator(".compare-form a.quiet").first.click()
        for path in ("/compare with a source", "/against with a source"):
            page.locator("#comparison a.marker").first.click()
            page.wait_for_selector("#source-panel mark")
            found += serious(page, axe, path)
            page.goto(served + "/against")
        page.goto(served + "/sources")
        page.locator(".admin summary").click()
        found += serious(page, axe, "/sources")
        page.goto(served + "/evaluation")
        page.locator(".failure summary").click()
        found += serious(page, axe, "/evaluation")
        context.close()
    assert not found, "\n".join(found)
