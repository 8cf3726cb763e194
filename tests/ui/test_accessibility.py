"""Everything by keyboard, and nothing serious for axe-core, which is fetched for the test run alone."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ui_browser import ENGLISH, Serve, guarded, question, visit

from ui.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


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
            page.fill("#question textarea", question(language))
            page.press("#question textarea", "Enter")
            page.wait_for_selector(".exchange:not(.pending)")
            page.wait_for_selector("#source-panel mark")
            page.locator(".take-away summary").click()
            page.locator(".trace summary").click()
            page.locator("[data-why]").click()
        page.add_script_tag(content=axe)
        result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        for violation in result["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found += [f"{path} {violation['id']}: {node['html'][:160]}" for node in violation["nodes"]]
    context.close()
    assert found == []
