"""In a real browser: the evidence stands on the page before the first sentence of the answer. Order, not time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ui_browser import PATIENCE, Serve, question, send, visit

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


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 360), ("en-GB", 1280)])
def test_evidence_does_not_wait_for_gradio(
    browser: Browser, service: Service, serve_for_test: Serve, language: str, width: int
) -> None:
    """While gradio's event is held up the passages stand there; a stop pressed meanwhile is kept until it can be done."""
    slow: Any = service.answerer
    with serve_for_test(service) as address, visit(browser, address, language=language, width=width) as visitor:
        page = visitor.page
        visitor.ask(question(language))
        slow.delay = 3.0
        held: list[Any] = []
        page.route("**/gradio_api/queue/join*", lambda route: held.append(route))
        page.fill("#question textarea", question(language))
        page.press("#question textarea", "Enter")
        page.wait_for_selector('.exchange[data-early][data-number="2"] .nearest a')
        assert page.locator(".exchange").count() == 2
        assert page.locator("#stop").is_visible()
        page.click("#stop")
        assert page.locator(".exchange[data-early]").count() == 1
        page.unroute("**/gradio_api/queue/join*")  # which lets those go that are held
        visitor.until("!document.querySelector('.exchange[data-early], .exchange.pending')")
        assert page.locator(".exchange").count() == 1
        assert page.input_value("#question textarea") == question(language)


def test_without_the_early_evidence_nothing_is_lost(browser: Browser, page_address: str) -> None:
    """Where the page's own request is refused, gradio brings the same."""
    with visit(browser, page_address, script=NOTE_ORDER) as visitor:
        visitor.page.route("**/page/evidence", lambda route: route.fulfill(status=503, json={"error": "later"}))
        visitor.ask(question("zh-CN"))
        assert "evidence" in visitor.page.evaluate("window.order")
        visitor.complaints[:] = [text for text in visitor.complaints if "503" not in text]


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_a_question_asked_before_the_visit_opened_is_not_lost(
    browser: Browser, page_address: str, language: str
) -> None:
    """On a slow line the page is seen before it knows its reader: Enter is kept until it does."""
    context = browser.new_context(locale=language)
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    held: list[Any] = []
    page.route("**/gradio_api/queue/join*", lambda route: held.append(route))
    page.goto(page_address)
    page.wait_for_selector("#language input", state="attached")
    while not held:
        page.wait_for_timeout(30)
    send(page, question(language))
    page.press("#question textarea", "Enter")
    assert page.locator(".exchange").count() == 0
    page.unroute("**/gradio_api/queue/join*")  # which lets those go that are held
    page.wait_for_selector('.exchange[data-number="1"]:not(.pending)')
    assert page.locator(".exchange").count() == 1
    context.close()


LATE_FRAMES = """
    const frame = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (draw) => setTimeout(() => frame(draw), window.lateness ?? 0);
"""


def test_a_question_right_after_an_answer_is_sent(browser: Browser, service: Service, serve_for_test: Serve) -> None:
    """Also where the browser is too busy to have followed that the answer is whole."""
    slow: Any = service.answerer
    slow.delay = 1.0
    with serve_for_test(service) as address, visit(browser, address, script=LATE_FRAMES) as visitor:
        send(visitor.page, question("zh-CN"))
        visitor.until("document.body.classList.contains('asking')")
        visitor.page.evaluate("window.lateness = 3000")
        visitor.page.wait_for_selector(".exchange:not(.pending)")
        visitor.ask(question("en-GB"))


def test_what_is_typed_while_an_answer_arrives_stays(browser: Browser, service: Service, serve_for_test: Serve) -> None:
    """No step of an answer, and no repetition of its last one, empties the question box."""
    slow: Any = service.answerer
    slow.delay = 1.0
    with serve_for_test(service) as address, visit(browser, address) as visitor:
        page = visitor.page
        send(page, question("zh-CN"))
        visitor.until("document.querySelector('#question textarea').value === ''")
        page.fill("#question textarea", "next")
        page.wait_for_selector(".exchange:not(.pending)")
        page.wait_for_timeout(1000)  # in which the event ends
        assert page.input_value("#question textarea") == "next"
        page.click("#retry")
        page.wait_for_selector(".exchange.pending")
        page.wait_for_selector(".exchange:not(.pending)")
        assert page.input_value("#question textarea") == "next"
