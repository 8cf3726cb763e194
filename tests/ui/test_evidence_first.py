"""In a real browser: the evidence stands on the page before the first sentence of the answer. Order, not time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ui_browser import Serve, question, send, visit

from ui.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
# Noted as it happens: a browser that is kept waiting may miss the moment between evidence and answer.
NOTE_ORDER = """
    window.order = [];
    window.shown = [];
    const evidence = ".exchange.pending .nearest a";
    const stages = [["evidence", evidence], ["claim", ".exchange .claim"], ["whole", ".exchange:not(.pending)"]];
    new MutationObserver(() => {
        for (const [name, selector] of stages)
            if (!window.order.includes(name) && document.querySelector(selector)) window.order.push(name);
        const passages = document.querySelectorAll(evidence).length;
        if (passages) window.shown.push([passages, document.querySelectorAll(".exchange .claim").length]);
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
        send(page, question(language))
        page.wait_for_selector(".exchange:not(.pending)")
        assert page.evaluate("window.order") in (["evidence", "claim", "whole"], ["evidence", "claim"])
        assert [3, 0] in page.evaluate("window.shown")
