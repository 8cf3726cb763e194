"""In a real browser: taking away, judging, surviving a reload, the sources, a text, the evaluation."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ui_browser import ENGLISH, TOKEN, Serve, guarded, question, send, until, visit

from rag.verify_export import verify_export
from ui.running import Settings
from ui.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
KEPT = "localStorage.getItem('bletchley-qa-conversation')"
SIZES = [(1280, "zh-CN"), (360, "zh-CN"), (1280, "en-GB"), (360, "en-GB")]


@pytest.fixture
def address(service: Service, serve_for_test: Serve, tmp_path: Path) -> Iterator[str]:
    """A server with a data folder of its own, where sources may be changed with the token."""
    with guarded(serve_for_test, service, tmp_path) as served:
        yield served


@pytest.mark.parametrize(("width", "language"), SIZES)
def test_take_away_judge_and_reload(
    browser: Browser, address: str, service: Service, tmp_path: Path, screenshots: Path, width: int, language: str
) -> None:
    """The file verifies, the verdict is kept, and a reload finds the conversation as it was."""
    with visit(browser, address, width=width, language=language) as visitor:
        page = visitor.page
        answer = visitor.ask(question(language))
        page.locator(".take-away summary").click()
        for name, ending in ((0, ".md"), (1, ".html"), (2, ".docx"), (5, ".bib")):
            with page.expect_download() as download:
                page.locator(".take-away a").nth(name).click()
            path = tmp_path / download.value.suggested_filename
            assert path.name.endswith(ending)
            download.value.save_as(path)
            assert verify_export(path, service.shelf.editions).problems == []
        answer.locator("[data-why]").click()
        answer.locator(".reason").select_option("incomplete")
        answer.locator(".comment").fill("缺一句 <b>")
        page.screenshot(path=screenshots / f"depth-answer-{width}-{language}.png", full_page=width < 900)
        answer.locator("[data-judge=bad]").click()
        visitor.until("document.querySelector('.feedback .thanks').textContent !== ''")
        row = json.loads((tmp_path / "data" / "feedback.jsonl").read_text(encoding="utf-8"))
        assert (row["verdict"], row["reason"], row["comment"]) == ("bad", "incomplete", "缺一句 <b>")
        assert row["question"] == question(language)
        before = page.locator(".exchange .claim").all_inner_texts()
        page.reload()
        page.wait_for_selector('.exchange[data-number="1"]:not(.pending)')
        assert page.locator(".exchange .claim").all_inner_texts() == before
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        visitor.ask(question(language))
        assert page.locator(".exchange").count() == 2
        kept = page.evaluate(KEPT)
        page.click("#clear")
        page.wait_for_selector(".welcome")
        visitor.until(f"kept => ({KEPT}) !== kept", kept)
        page.reload()
        page.wait_for_selector(".welcome")


def test_conversation_outlives_the_server(
    browser: Browser, service: Service, serve_for_test: Serve, tmp_path: Path
) -> None:
    """What the browser keeps is read by the next process too, and can still be taken away."""
    settings = Settings(data_folder=tmp_path)
    with serve_for_test(service, settings=settings) as first:
        port = int(first.rsplit(":", 1)[1])
        context = browser.new_context(locale="en-GB")
        page = context.new_page()
        page.goto(first)
        page.wait_for_selector(".welcome .example")
        kept = page.evaluate(KEPT)
        send(page, ENGLISH)
        page.wait_for_selector(".exchange:not(.pending)")
        until(page, f"kept => ({KEPT}) !== kept", kept)
    with serve_for_test(service, settings=settings, port=port) as second:
        assert second == first
        page.goto(second)
        page.wait_for_selector(".exchange:not(.pending)")
        page.locator(".take-away summary").click()
        with page.expect_download() as download:
            page.locator(".take-away a").first.click()
        assert download.value.suggested_filename.endswith(".md")
    context.close()


class Switching:
    """A service whose index is another one from a moment on."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def now(self) -> Service:
        return self.service


def test_a_new_index_keeps_the_conversation(
    browser: Browser, service: Service, serve_for_test: Serve, tmp_path: Path
) -> None:
    """Between two questions the index is rebuilt: both answers stay, each says which index it came from."""
    switching: Any = Switching(service)
    with (
        serve_for_test(switching, settings=Settings(data_folder=tmp_path)) as address,
        visit(browser, address, language="en-GB") as visitor,
    ):
        first = visitor.ask(ENGLISH)
        assert first.locator(".generation").inner_text() == "Index 0123456789ab"
        shelf: Any = copy.copy(service.shelf)
        shelf.id = "aaaaaaaaaaaaaaaa"
        switching.service = Service(type(service.answerer)(shelf), shelf, service.catalogue)
        second = visitor.ask(ENGLISH)
        assert second.locator(".generation").inner_text() == "Index aaaaaaaaaaaa"
        assert first.locator(".generation.old").inner_text().startswith("From an earlier index, 0123456789ab")
        visitor.page.reload()
        visitor.page.wait_for_selector('.exchange[data-number="2"]:not(.pending)')
        assert visitor.page.locator(".generation.old").count() == 1


@pytest.mark.parametrize(("width", "language"), SIZES)
def test_sources_are_found_read_and_added(
    browser: Browser, address: str, tmp_path: Path, screenshots: Path, width: int, language: str
) -> None:
    """From the chat to the sources, to one text and its places; a file is refused, then added, and a build shown."""
    with visit(browser, address, width=width, language=language) as visitor:
        page = visitor.page
        page.locator('.places a[href="sources"]').click()
        page.wait_for_selector(".source")
        page.fill("input[name=q]", "interim")
        page.press("input[name=q]", "Enter")
        page.wait_for_url(re.compile("q=interim"))
        assert page.locator(".source").count() == 1
        page.locator(".admin summary").click()
        page.locator("#new-files").set_input_files(
            [{"name": "灯塔.txt", "mimeType": "text/plain", "buffer": "灯塔有一百级台阶，每晚点灯。".encode()}]
        )
        page.click("#add-files")
        page.wait_for_selector("#admin-log .problem")
        page.fill("#admin-token", TOKEN)
        page.locator("#new-files").set_input_files(
            [
                {"name": "灯塔.txt", "mimeType": "text/plain", "buffer": "灯塔有一百级台阶，每晚点灯。".encode()},
                {"name": "空.txt", "mimeType": "text/plain", "buffer": b""},
            ]
        )
        page.click("#add-files")
        visitor.until("document.querySelectorAll('#admin-log li').length === 3")
        assert list((tmp_path / "data" / "texts").glob("*.txt"))
        visitor.until("!document.querySelector('#rebuild').disabled")
        page.click("#rebuild")
        page.wait_for_selector("#admin-log .good")
        page.screenshot(path=screenshots / f"depth-sources-{width}-{language}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        visitor.complaints[:] = [text for text in visitor.complaints if not re.search("40[12]|422", text)]  # refusals
        page.locator(".editions a").first.click()
        page.wait_for_selector(".text .unit")
        page.locator(".outline a").nth(1).click()
        assert page.evaluate("document.querySelector('.unit:target').id") == "art12.1"
        page.screenshot(path=screenshots / f"depth-text-{width}-{language}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.locator(".languages a").nth(1).click()
        visitor.until("document.documentElement.lang === 'zh-TW'")


@pytest.mark.parametrize(("width", "language"), SIZES)
def test_evaluation_page(
    browser: Browser, address: str, tmp_path: Path, screenshots: Path, width: int, language: str
) -> None:
    """Honest without results; with them, figures that fit the window."""
    with visit(browser, address, width=width, language=language) as visitor:
        page = visitor.page
        page.goto(address + "/evaluation")
        assert "python -m eval run" in page.locator(".none").inner_text()
        estimate = {"value": 0.75, "n": 40, "low": 0.6, "high": 0.87}
        cell = {"n": 4, "passed": 3, "mean": 0.75}
        failure = {"id": "x", "cause": "retrieval", "lang": "zh", "question": "灯塔有多高？", "answer": "没有说明。", "status": "answered",
                   "evidence": ["lighthouse p1"], "cited": ["harbour p2"]}  # fmt: skip
        summary = {
            "schema": "bletchley-qa/evaluation-run", "created": "2026-01-02T03:04:05+00:00", "split": "dev", "cases": 40,
            "commit": "abcdef", "index": "0123", "machine": "x86_64, 2 cores", "headline": dict.fromkeys("ABH", estimate),
            "primary": {"evidence_hit@2000c": estimate, "citation_precision": estimate},
            "types": [{"name": "single_fact", "zh": cell, "en": cell}], "languages": [{"name": "zh", "zh": cell, "en": cell}],
            "failures": [failure, {**failure, "cause": "over_abstained", "type": "why", "lang": "en", "question": "How tall?"}],
            "budgets": [[500, 0.5, 0.6], [2000, 0.75, 0.8]], "risk_coverage": [[0.5, 0.1], [1.0, 0.25]],
        }  # fmt: skip
        (tmp_path / "runs" / "one").mkdir(parents=True)
        (tmp_path / "runs" / "one" / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
        page.reload()
        page.locator(".failure summary").first.click()
        assert page.locator("figure.plot svg").count() == 2
        assert "0.600 – 0.870" in page.locator("table").first.inner_text()
        page.screenshot(path=screenshots / f"depth-evaluation-{width}-{language}.png", full_page=True)
        page.select_option("select[name=cause]", "over_abstained")
        page.locator(".filters button").click()
        page.wait_for_url(re.compile("cause=over_abstained"))
        assert page.locator(".failure").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
