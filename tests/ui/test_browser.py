"""The page in a real browser: ask, check, decline, by mouse and keyboard, wide and narrow, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from ui_browser import CHINESE, ENGLISH, EXECUTED, send, visit

from index.default import open_or_build
from rag.answerer import Answerer
from sources.catalogue import load_catalogue
from ui.examples import THEMES
from ui.script import in_script
from ui.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(("language", "question", "word"), [("zh-CN", CHINESE, "原文"), ("en-GB", ENGLISH, "verbatim")])
def test_ask_and_check(
    browser: Browser,
    page_address: str,
    screenshots: Path,
    width: int,
    look: str,
    language: str,
    question: str,
    word: str,
) -> None:
    """Each sentence is cited, the first citation opens by itself, and what is marked is the quote."""
    with visit(browser, page_address, width=width, look=look, language=language) as visitor:
        answer = visitor.ask(question)
        assert f"[1 ✓ {word}]" in " ".join(answer.locator("a.marker").first.inner_text().split())
        assert answer.locator(".claim").count() == answer.locator("a.marker").count()
        first = answer.locator(".claim > span").first.inner_text()
        assert visitor.marked() == first
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        is_dark = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(251, 250, 246)"
        assert is_dark == (look == "dark")
        visitor.page.screenshot(path=screenshots / f"ask-{width}-{look}-{language}.png", full_page=width < 900)


def test_click_opens_that_citation_and_back_returns(browser: Browser, page_address: str) -> None:
    """A marker opens its own quote, by mouse and by keyboard; Escape returns to the marker; back goes back."""
    with visit(browser, page_address, language="en-GB") as visitor:
        answer = visitor.ask(ENGLISH)
        first = visitor.marked()
        answer.locator("a.marker").nth(1).click()
        visitor.until("document.querySelector('#source-panel mark').textContent.startsWith('We resolve')")
        assert answer.locator("a.marker").nth(1).get_attribute("aria-current") == "true"
        answer.locator("a.marker").first.focus()
        visitor.page.keyboard.press("Enter")
        visitor.until("document.activeElement.id === 'panel-title'")
        assert visitor.marked() == first
        visitor.page.keyboard.press("Escape")
        assert visitor.page.evaluate("document.activeElement.dataset.number") == "1"
        visitor.page.go_back()
        visitor.until("document.querySelector('#source-panel mark').textContent.startsWith('We resolve')")


def test_hover_shows_the_whole_quote(browser: Browser, page_address: str) -> None:
    """The quote beside the pointer lies within the window and on top of everything."""
    with visit(browser, page_address, language="en-GB") as visitor:
        marker = visitor.ask(ENGLISH).locator("a.marker").first
        marker.hover()
        peek = marker.locator("xpath=following-sibling::*[1]")
        assert "There is potential" in peek.inner_text()
        box = peek.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= 1280
        corners = [(box["x"] + 4, box["y"] + 4), (box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)]
        for x, y in corners:
            assert visitor.page.evaluate(
                """([x, y]) => { const peek = document.querySelector('.marker + .peek'); peek.style.pointerEvents = 'auto';
                   return peek.contains(document.elementFromPoint(x, y)); }""",
                [x, y],
            )


def test_keyboard_alone(browser: Browser, page_address: str) -> None:
    """From arriving to reading the source without a mouse."""
    with visit(browser, page_address, language="en-GB") as visitor:
        visitor.until("document.activeElement.tagName === 'TEXTAREA'")
        visitor.page.keyboard.type(ENGLISH)
        visitor.page.keyboard.press("Enter")
        visitor.page.wait_for_selector(".exchange:not(.pending)")
        for _ in range(40):
            visitor.page.keyboard.press("Shift+Tab")
            if visitor.page.evaluate("document.activeElement.matches('a.marker')"):
                break
        visitor.page.keyboard.press("Enter")
        visitor.until("document.activeElement.id === 'panel-title'")


def test_enter_does_not_send_while_composing(browser: Browser, page_address: str) -> None:
    """The Enter that ends an input method's composition chooses a word; the next one sends."""
    with visit(browser, page_address) as visitor:
        visitor.page.fill("#question textarea", CHINESE)
        for kind in ("keydown", "keypress"):
            for extra in ("isComposing: true", "keyCode: 229"):
                visitor.page.evaluate(
                    f"""document.querySelector('#question textarea').dispatchEvent(
                        new KeyboardEvent('{kind}', {{ key: 'Enter', bubbles: true, cancelable: true, {extra} }}))"""
                )
        session = visitor.page.context.new_cdp_session(visitor.page)
        visitor.page.focus("#question textarea")
        session.send("Input.imeSetComposition", {"text": "ni", "selectionStart": 2, "selectionEnd": 2})
        session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": 229})
        session.send("Input.insertText", {"text": "你"})
        visitor.ask(CHINESE)
        visitor.ask(ENGLISH)
        assert visitor.page.locator(".asked h2").all_inner_texts() == [CHINESE, ENGLISH]  # nothing was sent before


def test_examples_followups_retry_edit_and_clear(browser: Browser, page_address: str) -> None:
    """One press asks an example; the last question can be asked again, edited, and everything cleared."""
    with visit(browser, page_address) as visitor:
        page = visitor.page
        page.locator(".example").first.click()
        page.wait_for_selector(".exchange:not(.pending)")
        follow = visitor.ask("那宣言呢？")
        assert "《布莱奇利宣言》怎么说？" in follow.locator(".rewritten").inner_text()
        assert "转述" in follow.locator("a.marker").inner_text()
        assert "There is potential" in follow.locator("blockquote").inner_text()
        page.evaluate("document.querySelectorAll('.exchange')[1].dataset.before = 'yes'")
        page.click("#retry")
        visitor.until("!document.querySelector('.exchange[data-before]')")
        page.wait_for_selector('.exchange[data-number="2"]:not(.pending)')
        page.click("#edit")
        visitor.until("document.querySelectorAll('.exchange').length === 1")
        assert page.input_value("#question textarea") == "那宣言呢？"
        page.click("#clear")
        page.wait_for_selector(".welcome")


def test_declined_question_says_so(browser: Browser, page_address: str, screenshots: Path) -> None:
    """The status is in words, with the nearest passages, and no claim."""
    with visit(browser, page_address) as visitor:
        declined = visitor.ask("谁赢了世界杯？")
        assert "文本中没有" in declined.locator(".verdict").inner_text()
        assert declined.locator(".claim").count() == 0
        declined.locator(".nearest a").first.click()
        assert visitor.marked() == "Many risks are international in nature."
        declined.locator(".trace summary").click()
        visitor.page.screenshot(path=screenshots / "declined.png")


def test_language_switch_keeps_the_conversation_and_is_remembered(
    browser: Browser, page_address: str, screenshots: Path
) -> None:
    """Every word changes, the answers stay, and the choice holds for the next visit."""
    with visit(browser, page_address) as visitor:
        visitor.ask(CHINESE)
        for name, send in (("English", "Ask"), ("繁體中文", "送出")):
            visitor.page.get_by_text(name, exact=True).click()
            visitor.until(f"document.querySelector('#send').textContent.trim() === '{send}'")
            assert visitor.page.locator(".exchange").count() == 1
            visitor.page.screenshot(path=screenshots / f"language-{send}.png")
        visitor.until("document.cookie.includes('zh-TW')")
        visitor.page.goto(page_address)
        visitor.until("document.querySelector('#send')?.textContent.trim() === '送出'")


def test_links_survive_a_reload(browser: Browser, page_address: str) -> None:
    """The panel opens again after a reload, and the address of an answer asks its question."""
    with visit(browser, page_address, language="en-GB", path="/?q=What+does+the+Declaration+say%3F") as visitor:
        visitor.page.wait_for_selector(".exchange:not(.pending)")
        first = visitor.marked()
        address = visitor.page.url
        assert "#source=bletchley-declaration.en" in address
        visitor.page.goto(page_address + "/" + address[address.index("#") :])
        visitor.page.reload()
        assert visitor.marked() == first


def test_stop_gives_the_question_back(browser: Browser, service: Service, serve_for_test: Callable[..., Any]) -> None:
    """A slow answer can be stopped; the question is in the box again and another can be asked."""
    slow: Any = service.answerer
    slow.delay = 3.0
    running: AbstractContextManager[str] = serve_for_test(service)
    with running as address, visit(browser, address, language="en-GB") as visitor:
        send(visitor.page, ENGLISH)
        visitor.page.wait_for_selector(".exchange.pending")
        visitor.page.click("#stop")
        visitor.page.wait_for_selector(".welcome")
        assert visitor.page.input_value("#question textarea") == ENGLISH
        slow.delay = 0.0
        visitor.ask(ENGLISH)


def test_payloads_run_nothing(browser: Browser, page_address: str) -> None:
    """A question made of markup is shown as what was typed; the policy has nothing to report."""
    payload = f"<img src=x onerror='{EXECUTED}'><script>{EXECUTED}</script><svg onload={EXECUTED}>[x](javascript:{EXECUTED}) $$x$$ **b**"
    with visit(browser, page_address, path="/?q=%3Cscript%3Ewindow.executed%3Dtrue%3C%2Fscript%3E") as visitor:
        visitor.page.wait_for_selector(".exchange:not(.pending)")
        asked = visitor.ask(payload)
        assert asked.locator("h2").inner_text() == payload
        assert visitor.page.evaluate("window.executed") is None
        assert visitor.page.locator(".conversation :is(img, script, svg, strong)").count() == 0


REAL_QUESTIONS = [
    ("zh-CN", "峰会讨论的五大目标是什么？", 5),
    ("en-GB", "What did the Bletchley Declaration call for?", 1),
]


def bundled() -> Service:
    passage_index = open_or_build(None)
    return Service(Answerer(passage_index), passage_index, load_catalogue())


@pytest.fixture(scope="module")
def real_address(serve_for_test: Callable[..., Any]) -> Iterator[str]:
    """The application over the bundled index."""
    with serve_for_test(bundled()) as address:
        yield address


def test_every_example_is_answered(serve_for_test: Callable[..., Any]) -> None:
    """No example leads a new reader to an empty answer, in either script."""
    own = [question for theme in THEMES for questions in theme.questions.values() for question in questions]
    with serve_for_test(bundled(), with_page=False) as address:
        for question in dict.fromkeys([*own, *(in_script(question, "zh-TW") for question in own)]):
            record = httpx.post(f"{address}/v1/ask", json={"question": question}, timeout=90).json()
            assert record["status"] in ("answered", "partial"), question


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(("language", "question", "least"), REAL_QUESTIONS)
def test_bundled_texts_answer(
    browser: Browser, real_address: str, screenshots: Path, width: int, language: str, question: str, least: int
) -> None:
    """A fresh checkout answers from the bundled digests: every sentence cited, every quote marked where it stands."""
    with visit(browser, real_address, width=width, language=language) as visitor:
        answer = visitor.ask(question)
        claims = answer.locator(".claim")
        assert claims.count() >= least
        visitor.page.screenshot(path=screenshots / f"real-{width}-{language}.png", full_page=width < 900)
        for number in range(claims.count()):
            marker = claims.nth(number).locator("a.marker").first
            span = re.search(r"start=(\d+)&end=(\d+)", marker.get_attribute("href") or "")
            assert span is not None
            marker.click()
            visitor.until("fragment => location.hash === fragment", marker.get_attribute("href"))
            expected = claims.nth(number).locator("> span").inner_text()
            visitor.until(
                "quote => [...document.querySelectorAll('#source-panel mark')].map(mark => mark.textContent).join('\\n') === quote",
                expected,
            )
