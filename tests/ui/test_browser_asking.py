"""In a real browser, over the bundled texts: input methods, asking again, declined questions, reloads, the panel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from ui_browser import send, visit

from index.default import open_or_build
from index.store import PassageIndex
from rag.answerer import Answerer
from sources.catalogue import load_catalogue
from ui.examples import THEMES
from ui.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
SIZES = [(1280, "zh-CN", "light"), (360, "zh-TW", "dark"), (1280, "en-GB", "dark"), (360, "en-GB", "light")]
FIRST = {"zh": "《布莱奇利宣言》对前沿人工智能开发者有什么要求？", "en": "What did the Bletchley Declaration call for?"}
FOLLOW = {"zh": "它的签署国有哪些？", "en": "And who signed it?"}
INSTEAD = {"zh": "什么是前沿人工智能？", "en": "What is frontier AI?"}
UNKNOWN = {"zh": "峰会花了多少钱？", "en": "How much did the summit cost?"}
SAYS = {
    "zh-CN": ("没有写明金额", "写明金额的预算"),
    "zh-TW": ("沒有寫明金額", "寫明金額的預算"),
    "en-GB": ("gives no sum of money", "gives the sum"),
}


@pytest.fixture(scope="module")
def bundled() -> PassageIndex:
    return open_or_build(None)


@pytest.fixture(scope="module")
def address(bundled: PassageIndex, serve_for_test: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    with serve_for_test(Service(Answerer(bundled), bundled, load_catalogue())) as served:
        yield served


@pytest.mark.parametrize("width", [1280, 360])
def test_an_input_method_may_use_enter(browser: Browser, address: str, width: int) -> None:
    """Enter while a word is being composed sends nothing; what was composed is sent whole by the next one."""
    with visit(browser, address, width=width) as visitor:
        page = visitor.page
        keyboard = page.context.new_cdp_session(page)
        page.focus("#question textarea")
        page.evaluate(
            """() => { window.heard = [];
            for (const kind of ['compositionstart', 'compositionend', 'keydown', 'keypress'])
              window.addEventListener(kind, (event) => window.heard.push([kind, event.key ?? '', !!event.isComposing]), true); }"""
        )
        for pinyin in ("s", "sh", "shen", "shenme"):
            keyboard.send(
                "Input.imeSetComposition",
                {"text": pinyin, "selectionStart": len(pinyin), "selectionEnd": len(pinyin)},
            )
        for code in (13, 229):
            for kind in ("rawKeyDown", "keyUp"):
                pressed = {"type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": code}
                keyboard.send("Input.dispatchKeyEvent", pressed)
        heard = page.evaluate("window.heard")
        assert ["compositionstart", "", False] in heard
        assert ["keydown", "Enter", True] in heard  # the browser itself says that a word is being composed
        keyboard.send("Input.insertText", {"text": "什么是前沿人工智能"})
        assert any(kind == "compositionend" for kind, _, _ in page.evaluate("window.heard"))
        assert page.input_value("#question textarea") == "什么是前沿人工智能"
        page.keyboard.press("Shift+Enter")
        page.keyboard.press("Enter")
        page.wait_for_selector(".exchange:not(.pending)")
        visitor.ask(INSTEAD["en"])
        asked = page.locator(".asked h2").all_inner_texts()  # whatever was sent too early would stand here as well
        assert [text.strip() for text in asked] == ["什么是前沿人工智能", INSTEAD["en"]]


@pytest.mark.parametrize(("width", "language", "look"), SIZES)
def test_a_rewritten_question_can_be_put_right(
    browser: Browser, address: str, screenshots: Path, width: int, language: str, look: str
) -> None:
    """What a follow-up was understood as is shown; put right, the same question is answered anew in its place."""
    own = language[:2]
    with visit(browser, address, width=width, language=language, look=look) as visitor:
        page = visitor.page
        visitor.ask(FIRST[own])
        follow = visitor.ask(FOLLOW[own])
        before = follow.locator(".claim").first.inner_text()
        assert follow.locator(".rewritten q").inner_text() != FOLLOW[own]
        page.keyboard.press("Shift+Tab")
        for _ in range(60):
            page.keyboard.press("Shift+Tab")
            if page.evaluate("document.activeElement.matches('.restate summary')"):
                break
        page.keyboard.press("Enter")
        page.screenshot(path=screenshots / f"restate-{width}-{language}-{look}.png")
        field = follow.locator(".restate input")
        assert field.input_value() == follow.locator(".rewritten q").inner_text()
        field.fill(INSTEAD[own])
        field.press("Enter")
        visitor.until("text => document.querySelectorAll('.rewritten q')[0]?.textContent === text", INSTEAD[own])
        visitor.until("!document.querySelector('.exchange.pending')")
        assert page.locator(".exchange").count() == 2
        assert page.locator(".exchange").nth(1).locator("h2").inner_text().endswith(FOLLOW[own])
        assert page.locator(".exchange").nth(1).locator(".claim").first.inner_text() != before
        page.locator(".exchange").nth(1).locator("[data-judge=good]").click()
        visitor.until("document.querySelectorAll('.feedback .thanks')[1].textContent !== ''")


@pytest.mark.parametrize(("width", "language", "look"), SIZES)
def test_a_declined_question_tells_why_and_what_would_settle_it(
    browser: Browser, address: str, screenshots: Path, width: int, language: str, look: str
) -> None:
    """Status in words and sign, each nearest passage with what it lacks, the sort of source; a reload keeps all of it."""
    why, what = SAYS[language]
    with visit(browser, address, width=width, language=language, look=look) as visitor:
        page = visitor.page
        declined = visitor.ask(UNKNOWN[language[:2]])
        assert declined.locator(".verdict .sign").inner_text() == "○"
        assert declined.locator(".claim").count() == 0
        for _ in range(2):
            assert page.locator(".nearest > ul > li").count() == page.locator(".nearest .short").count() > 1
            assert why in page.locator(".nearest .short").first.inner_text()
            assert what in page.locator(".settling").inner_text()
            page.screenshot(path=screenshots / f"declined-{width}-{language}-{look}.png", full_page=width < 900)
            page.reload()
            page.wait_for_selector('.exchange[data-number="1"]:not(.pending)')
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.locator('.settling a[href="sources#change"]').click()
        page.wait_for_selector(".source")


def test_the_open_source_survives_a_reload(browser: Browser, address: str) -> None:
    """With a conversation on the page, the citation that was open is open again, not the first one."""
    with visit(browser, address, language="en-GB") as visitor:
        page = visitor.page
        answer = visitor.ask(FIRST["en"])
        first = visitor.marked()
        third = answer.locator("a.marker").nth(2)
        third.click()
        visitor.until("quote => document.querySelector('#source-panel mark')?.textContent !== quote", first)
        opened = visitor.marked()
        page.reload()
        page.wait_for_selector('.exchange[data-number="1"]:not(.pending)')
        visitor.until("quote => document.querySelector('#source-panel mark')?.textContent === quote", opened)
        visitor.until("document.querySelector('a.marker[aria-current]')?.dataset.number === '3'")
        assert visitor.marked() == opened
        visitor.ask(INSTEAD["en"])  # what is asked next opens its own first citation
        visitor.until("quote => document.querySelector('#source-panel mark')?.textContent !== quote", opened)


@pytest.mark.parametrize(("width", "language", "look"), SIZES)
def test_the_panel_sets_the_texts_side_by_side(
    browser: Browser, address: str, screenshots: Path, width: int, language: str, look: str
) -> None:
    """The cited unit beside its counterpart, in two columns where there is room; the quote can be copied with its place."""
    with visit(browser, address, width=width, language=language, look=look) as visitor:
        page = visitor.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        visitor.ask(FIRST[language[:2]])
        quote = visitor.marked()
        pair = page.locator("#source-panel .beside .parallel")
        boxes = [box for box in (part.bounding_box() for part in pair.all()) if box]
        assert len(boxes) == (2 if width == 1280 else 1)  # on a phone the cited unit stands just above
        assert len({box["y"] for box in boxes}) == 1
        assert quote in pair.first.inner_text()
        page.locator("#source-panel [data-copy]").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(f"“{quote}”")
        assert "gov.uk" in copied
        official = page.locator("#source-panel a.official")
        assert "#:~:text" not in (official.get_attribute("href") or "")  # a digest's words do not stand on that page
        assert official.get_attribute("rel") == "noreferrer noopener"
        page.screenshot(path=screenshots / f"panel-{width}-{language}-{look}.png", full_page=width < 900)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_trace_survives_a_reload(browser: Browser, address: str) -> None:
    """Rewritten question, ranks by method, what was not used and why, and the times, before and after."""
    with visit(browser, address) as visitor:
        page = visitor.page
        visitor.ask(FIRST["zh"])
        follow = visitor.ask(FOLLOW["zh"])
        rewritten = follow.locator(".rewritten q").inner_text()
        told = ""
        for _ in range(2):
            drawer = page.locator(".exchange").nth(1).locator(".trace")
            drawer.locator("summary").click()
            text = drawer.inner_text()
            for needed in (rewritten, "未采用的段落及原因", "同一文本有更合适的段落", "检索 ", "合计 "):
                assert needed in text, needed
            assert re.search(r"#\d+ \(\d", text)
            timeless = re.sub(r"\d+\.\d\b", "…", text)  # the question is asked again, and takes its own time
            assert not told or timeless == told
            told = timeless
            page.reload()
            page.wait_for_selector('.exchange[data-number="2"]:not(.pending)')


def test_an_answer_has_an_address(browser: Browser, address: str) -> None:
    """The link of an answer, opened by somebody else, shows the same sentences with the same citations."""
    with visit(browser, address, language="en-GB") as visitor:
        visitor.ask(FIRST["en"])
        follow = visitor.ask(FOLLOW["en"])
        claims = follow.locator(".claim").all_inner_texts()
        link = follow.locator('.actions a[href^="?q="]').get_attribute("href") or ""
        assert "declaration" in unquote(link).lower()
    with visit(browser, address, language="en-GB", path="/" + link) as other:
        other.page.wait_for_selector('.exchange[data-number="1"]:not(.pending)')
        assert other.page.locator(".claim").all_inner_texts() == claims


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(
    "place", ["eu-ai-act.zh.digest#art50.1", "eu-ai-act.zh.digest#art50", "us-eo-14110.en.digest#sec10.1.b"]
)
def test_a_link_to_a_place_leads_there_in_a_long_text(browser: Browser, address: str, width: int, place: str) -> None:
    """Also after a reload, where the browser goes back to the pixel that it was at."""
    top = "document.getElementById(decodeURIComponent(location.hash.slice(1))).getBoundingClientRect().top"
    with visit(browser, address, width=width) as visitor:
        visitor.page.goto(f"{address}/sources/{place}")
        visitor.page.wait_for_timeout(500)
        assert abs(visitor.page.evaluate(top)) < 40
        visitor.page.reload()
        visitor.page.wait_for_timeout(500)
        assert abs(visitor.page.evaluate(top)) < 40


@pytest.mark.parametrize(("width", "language", "look"), SIZES)
def test_examples_retry_edit_and_clear(browser: Browser, address: str, width: int, language: str, look: str) -> None:
    """Examples in both languages by theme; the last question asked again, taken back for editing, and all cleared."""
    own = language[:2]
    with visit(browser, address, width=width, language=language, look=look) as visitor:
        page = visitor.page
        assert page.locator(".theme").count() == len(THEMES)
        for code in ("zh", "en"):
            assert page.locator(f".example[lang={code}]").count() == sum(len(theme.questions[code]) for theme in THEMES)
        first = page.locator(".example").first
        assert first.get_attribute("lang") == own
        asked = first.inner_text()
        first.click()
        page.wait_for_selector('.exchange[data-number="1"]:not(.pending)')
        claims = page.locator(".claim").all_inner_texts()
        assert page.locator(".status.well .sign").inner_text() == "✓"
        page.evaluate("document.querySelector('.exchange').dataset.before = 'yes'")
        page.click("#retry")
        visitor.until("!document.querySelector('.exchange[data-before]')")
        page.wait_for_selector('.exchange[data-number="1"]:not(.pending)')
        assert page.locator(".claim").all_inner_texts() == claims
        page.click("#edit")
        page.wait_for_selector(".welcome")
        assert page.input_value("#question textarea") == asked
        page.press("#question textarea", "Enter")
        page.wait_for_selector('.exchange[data-number="1"]:not(.pending)')
        page.click("#clear")
        page.wait_for_selector(".welcome")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("width", "language", "look"), SIZES)
def test_stop_while_searching(
    browser: Browser, service: Service, serve_for_test: Callable[..., AbstractContextManager[str]],
    screenshots: Path, width: int, language: str, look: str,
) -> None:  # fmt: skip
    """Evidence is on the screen while the answer is not; stopping gives the question back, and it can be asked again."""
    slow: Any = service.answerer
    slow.delay = 4.0
    with (
        serve_for_test(service) as served,
        visit(browser, served, width=width, language=language, look=look) as visitor,
    ):
        page = visitor.page
        send(page, FIRST[language[:2]])
        page.wait_for_selector(".exchange.pending .nearest li")
        assert page.locator(".searching .pulse").count() == 1
        page.wait_for_selector("#send", state="hidden")
        page.screenshot(path=screenshots / f"searching-{width}-{language}-{look}.png")
        page.click("#stop")
        page.wait_for_selector(".welcome")
        assert page.input_value("#question textarea") == FIRST[language[:2]]
        slow.delay = 0.0
        visitor.ask(FIRST[language[:2]])
