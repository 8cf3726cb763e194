"""A hundred and fifty hostile texts by every way into the page: nothing runs, nothing is fetched, the policy is silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ui_browser import TOKEN, Serve, Visit, guarded, visit
from ui_hostile import PANEL, SHOWN, hostile_service
from ui_payloads import LEAK, PAYLOADS

from index.store import PassageIndex
from rag.answerer import Answerer
from rag.export.formats import FORMATS
from rag.export.note import Conversation
from rag.generate import Message
from sources.catalogue import Catalogue
from ui.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REPORTS = """
    window.reported = [];
    document.addEventListener("securitypolicyviolation", (event) => window.reported.push(event.violatedDirective + " " + event.blockedURI));
"""
# Elements and attributes that our own pages never put among texts; each would be a text that was believed.
FOREIGN = """selector => [...document.querySelectorAll(selector)].flatMap(place => [...place.querySelectorAll("*")]).filter(node =>
    node.matches("script, style, link, meta, base, iframe, frame, object, embed, img, image, svg, math, video, audio, form, dialog, portal, template, marquee")
    || [...node.attributes].some(a => a.name.startsWith("on") || (
        /^(xlink:)?(href|src|action|formaction|data|poster|background|ping)$/.test(a.name)
        && /^\\s*((javascript|data|vbscript):|(http:)?\\/\\/203\\.0\\.113\\.7)/i.test(a.value))
        || (/^(style|srcset|srcdoc)$/.test(a.name) && /203\\.0\\.113\\.7|javascript:/i.test(a.value)))
).map(node => node.outerHTML.slice(0, 200))"""


def harmless(visitor: Visit, selector: str = ".conversation, #source-panel, main") -> None:
    """Nothing of what is shown came alive."""
    page = visitor.page
    assert page.evaluate("window.executed") is None
    assert page.evaluate("window.reported") == []
    assert page.evaluate(FOREIGN, selector) == []


@pytest.fixture
def watched(browser: Browser) -> Callable[..., Any]:
    """A visitor whose page notes what the policy reports; `visit` itself asserts the network log and the console."""

    def arrive(address: str, **options: Any) -> Any:
        return visit(browser, address, script=REPORTS, **options)

    return arrive


def test_the_probe_would_notice(browser: Browser) -> None:
    """Without our policy and escaping the same payloads run and ask the network: the check can fail."""
    page = browser.new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/*", lambda route: route.abort())
    page.set_content("<main></main>")
    page.evaluate("texts => { document.querySelector('main').innerHTML = texts.join('') }", list(PAYLOADS[20:40]))
    page.wait_for_function("window.executed === true")
    page.evaluate("text => { document.querySelector('main').innerHTML = text }", f"<img src={LEAK}>")
    page.wait_for_timeout(200)
    assert page.evaluate(FOREIGN, "main") != []
    assert any(url.startswith(LEAK) for url in asked)
    page.context.close()


def test_questions(watched: Callable[..., Any], service: Service, serve_for_test: Serve) -> None:
    """Typed, shown as typed, kept by the browser and shown again."""
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 100
    with serve_for_test(service) as address, watched(address, language="en-GB") as visitor:
        for number, payload in enumerate(PAYLOADS, 1):
            asked = visitor.ask(payload)
            shown = asked.locator("h2 span").last.evaluate("node => node.textContent")
            assert shown.split() == payload.split(), number
            if number % 15 == 0 or number == len(PAYLOADS):
                harmless(visitor)
                visitor.page.reload()  # what the browser kept is read again
                visitor.page.wait_for_selector(".exchange")
                harmless(visitor)
                visitor.page.click("#clear")
                visitor.page.wait_for_selector(".welcome")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_texts_titles_catalogue_and_models(watched: Callable[..., Any], serve_for_test: Serve, language: str) -> None:
    """As claim, heading, quote, reason, rewritten question, generator, passage, title, issuer and note; in the panel too."""
    with serve_for_test(hostile_service()) as address, watched(address, language=language) as visitor:
        page = visitor.page
        for part in range(-(-len(PAYLOADS) // SHOWN)):
            answer = visitor.ask(f"part {part}")
            expected = PAYLOADS[part * SHOWN : (part + 1) * SHOWN]
            shown = answer.locator(".claim > span:first-child").evaluate_all(
                "nodes => nodes.map(node => node.textContent)"
            )
            assert [text.split() for text in shown] == [payload.split() for payload in expected]
            harmless(visitor)
            for number in range(len(expected)):
                fragment = answer.locator("a.marker").nth(number).get_attribute("href")
                page.evaluate(
                    'fragment => { document.querySelector(`a.marker[href="${fragment}"]`).click() }', fragment
                )
                visitor.until(PANEL, expected[number])
            harmless(visitor)
        for trace in page.locator("details.trace > summary").all():
            trace.click()
        harmless(visitor)
        for path in (
            "/sources",
            "/sources/hostile.en",
            "/sources?q=%3Csvg+onload%3Dwindow.executed%3Dtrue%3E",
            "/evaluation",
        ):
            page.goto(address + path)
            page.wait_for_selector("main")
            harmless(visitor, "main article, main .text, main .outline, main .facts, h1")


class Copyist:
    """A model that repeats hostile words, beside what it was shown, with markers."""

    name = "<img src=x onerror=window.executed=true>"

    def __init__(self) -> None:
        self.asked = 0

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Ten payloads a reply, each alone, in a true sentence, and as a marker."""
        del messages
        for payload in PAYLOADS[self.asked * 10 : self.asked * 10 + 10]:
            yield f"违反本办法的，处五十元以上二百元以下罚款{payload}[1]。\n{payload}[1][2]\n[{payload}]\n"
        yield "违反本办法的，处五十元以上二百元以下罚款[1]。"
        self.asked += 1


def test_models_behind_verification(
    watched: Callable[..., Any], serve_for_test: Serve, garden_index: PassageIndex
) -> None:
    """What a hostile model writes goes through the real answer path: withheld or shown as text, never alive."""
    model = Copyist()
    service = Service(Answerer(garden_index, model), garden_index, Catalogue(()))
    with serve_for_test(service) as address, watched(address) as visitor:
        for _ in range(len(PAYLOADS) // 10):
            visitor.ask("违反办法罚款多少？")
            harmless(visitor)
    assert model.asked == len(PAYLOADS) // 10


def test_file_names_and_what_is_told_of_files(
    watched: Callable[..., Any], service: Service, serve_for_test: Serve, tmp_path: Path
) -> None:
    """Files under hostile names, with hostile words in them: refused or taken, told of in words, listed, harmless."""
    with guarded(serve_for_test, service, tmp_path) as address, watched(f"{address}") as visitor:
        page = visitor.page
        page.goto(f"{address}/sources")
        page.locator(".admin summary").first.click()
        page.fill("#admin-token", TOKEN)
        names = [f"{payload.replace('/', '∕').replace(chr(0), '')[:80]}.txt" for payload in PAYLOADS]
        files = [
            {"name": name, "mimeType": "text/plain", "buffer": f"{payload}\n\n灯塔有一百级台阶。".encode()}
            for name, payload in zip(names, PAYLOADS, strict=True)
        ]
        for start in range(0, len(files), 25):
            before = page.locator("#admin-log li").count()
            page.locator("#new-files").set_input_files(files[start : start + 25])  # type: ignore[arg-type]
            page.click("#add-files")
            wanted = before + len(files[start : start + 25])
            visitor.until(f"document.querySelectorAll('#admin-log li').length >= {wanted}")
            visitor.until("!document.querySelector('#add-files').disabled")
            harmless(visitor, "#admin-log, main article")
        page.goto(f"{address}/sources")
        page.wait_for_selector(".source")
        harmless(visitor, "main article")
        visitor.complaints[:] = [text for text in visitor.complaints if "status of 4" not in text]  # refusals, as meant


def test_exports_opened_as_pages(browser: Browser, tmp_path: Path) -> None:
    """A conversation taken away as HTML and opened from a disk, where no policy of ours protects it."""
    service = hostile_service()
    parts = -(-len(PAYLOADS) // SHOWN)
    answers = [service.answerer.answer(f"part {part}") for part in range(parts)]
    conversation = Conversation(answers, service.shelf.editions, service.catalogue, "en", date(2026, 1, 2))
    path = tmp_path / "conversation.html"
    path.write_bytes(FORMATS["html"].encode(conversation))
    page = browser.new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_timeout(500)
    assert page.evaluate("window.executed") is None
    assert page.evaluate(FOREIGN, "body") == []
    assert asked == [path.as_uri()]
    assert page.locator(".claim").count() == len(PAYLOADS)
    page.context.close()
