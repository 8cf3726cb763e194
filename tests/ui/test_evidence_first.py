"""In a real browser: the evidence stands on the page before the first sentence of the answer. Order, not time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ui_browser import Serve, question, visit

from ui.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
NOTE_ORDER = """
    window.order = [];
    new MutationObserver(() => {
        for (const [name, selector] of [["evidence", ".exchange.pending .nearest a"], ["claim", ".exchange .claim"], ["whole", ".exchange:not(.pending)"]])
            if (!window.order.includes(name) && document.querySelector(selector)) window.order.push(name);
    }).observe(document, { childList: true, subtree: true, attributes: true });
"""


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_evidence_then_claims(
    browser: Browser, service: Service, serve_for_test: Serve, language: str, width: int
) -> None:
    """Passages are shown and open in the panel while the answer is still being made."""
    slow: Any = service.answerer
    slow.delay = 1.5
    with (
        serve_for_test(service) as address,
        visit(browser, address, language=language, width=width, script=NOTE_ORDER) as visitor,
    ):
        page = visitor.page
        page.fill("#question textarea", question(language))
        page.press("#question textarea", "Enter")
        page.wait_for_selector(".exchange.pending .nearest a")
        assert page.locator(".exchange .claim").count() == 0
        assert page.locator(".exchange.pending .nearest a").count() == 3
        page.wait_for_selector(".exchange:not(.pending)")
        assert page.evaluate("window.order") in (["evidence", "claim", "whole"], ["evidence", "claim"])
