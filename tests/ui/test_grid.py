"""Every feature of the page, one after another as a reader would come to them: in both languages, wide and narrow, light and dark."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ui_browser import Serve, Visit, visit

from index.default import open_or_build
from rag.answer import Answer
from rag.answerer import Answerer
from rag.question import Turn
from rag.verify_export import verify_export
from sources.catalogue import load_catalogue
from ui.running import Settings
from ui.service import Service
from ui.texts import supported, words

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
ASKED = {"zh": "峰会讨论的五大目标是什么？", "en": "What did the Bletchley Declaration call for?"}
OTHER = {"zh": "什么是前沿人工智能？", "en": "What is frontier AI?"}
UNKNOWN = {"zh": "峰会花了多少钱？", "en": "How much did the summit cost?"}
THEME = {"zh": "国际合作", "en": "international cooperation"}
COMPARED = ("bletchley-declaration", "global-ai-governance-initiative")
CHINESE = re.compile("[\u4e00-\u9fff]")
RESULTS = Path(__file__).parents[2] / "eval" / "results"


class Patient:
    """An answerer that takes its time when it is told to."""

    def __init__(self, answerer: Answerer) -> None:
        self.answerer = answerer
        self.delay = 0.0

    def answer(self, question: str, *, history: Sequence[Turn] = (), language: str | None = None) -> Answer:
        time.sleep(self.delay)
        return self.answerer.answer(question, history=history, language=language)


@pytest.fixture(scope="module")
def patient() -> Patient:
    return Patient(Answerer(open_or_build(None)))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def address(patient: Patient, data: Path, serve_for_test: Serve) -> Iterator[str]:
    """The bundled texts with the committed results, and a data folder of its own."""
    service = Service(patient, open_or_build(None), load_catalogue())
    with serve_for_test(service, settings=Settings(data_folder=data, result_folders=(RESULTS,))) as served:
        yield served


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_everything(
    browser: Browser, address: str, patient: Patient, data: Path, tmp_path: Path, language: str, width: int, look: str
) -> None:
    """What each step promises is on the screen; nothing is wider than the window, in the wrong language or complained of."""
    with visit(browser, address, width=width, look=look, language=language) as visitor:
        patient.delay = 0.0
        try:
            ask_stop_retry_and_edit(visitor, patient, language[:2])
            check_in_the_panel(visitor, address, language[:2])
            not_found(visitor, language)
            look_into_the_trace(visitor, language)
            take_away_and_judge(visitor, data, tmp_path, language)
            other_languages_keep_everything(visitor, language)
            compare(visitor, address, language[:2])
            read_the_sources(visitor, address, language)
            see_the_evaluation(visitor, address, language)
        finally:
            patient.delay = 0.0
        is_dark = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(251, 250, 246)"
        assert is_dark == (look == "dark")


def fits(visitor: Visit) -> bool:
    """Whether nothing is wider than the window."""
    return bool(visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def ask_stop_retry_and_edit(visitor: Visit, patient: Patient, own: str) -> None:
    page = visitor.page
    patient.delay = 5.0
    page.fill("#question textarea", ASKED[own])
    page.press("#question textarea", "Enter")
    page.wait_for_selector(".exchange.pending .nearest a")  # evidence stands there while the answer is made
    page.wait_for_selector("#send", state="hidden")
    page.click("#stop")
    page.wait_for_selector(".welcome .example")
    visitor.until("text => document.querySelector('#question textarea').value === text", ASKED[own])
    patient.delay = 0.0
    answer = visitor.ask(ASKED[own])
    claims = answer.locator(".claim").all_inner_texts()
    assert len(claims) == answer.locator("a.marker").count() > 2
    page.evaluate("document.querySelector('.exchange').dataset.before = 'yes'")
    page.click("#retry")
    visitor.until("!document.querySelector('.exchange[data-before]')")
    page.wait_for_selector('.exchange[data-number="1"]:not(.pending)')
    assert answer.locator(".claim").all_inner_texts() == claims
    visitor.ask(OTHER[own])
    page.click("#edit")
    visitor.until("document.querySelectorAll('.exchange').length === 1")
    assert page.input_value("#question textarea") == OTHER[own]
    page.fill("#question textarea", "")
    assert fits(visitor)


def check_in_the_panel(visitor: Visit, address: str, own: str) -> None:
    page = visitor.page
    answer = page.locator(".exchange").first
    second = answer.locator(".claim").nth(1)
    second.locator("a.marker").click()
    visitor.until(
        "text => [...document.querySelectorAll('#source-panel mark')].map((mark) => mark.textContent).join('\\n') === text",
        second.locator("> span").inner_text(),
    )
    claims = answer.locator(".claim > span").all_inner_texts()
    link = answer.locator('.actions a[href^="?q="]').get_attribute("href")
    page.click("#clear")
    page.wait_for_selector(".welcome .example")
    page.goto(f"{address}/{link}")
    page.wait_for_selector('.exchange[data-number="1"]:not(.pending)')
    assert page.locator(".exchange .claim > span").all_inner_texts() == claims
    assert fits(visitor)


def not_found(visitor: Visit, language: str) -> None:
    word = words(language)
    declined = visitor.ask(UNKNOWN[language[:2]])
    assert word["status_not_in_sources"] in declined.locator(".verdict").inner_text()
    assert declined.locator(".claim").count() == 0
    assert declined.locator(".nearest > ul > li").count() == declined.locator(".short").count() > 0
    assert word["settles_money"] in declined.locator(".settling").inner_text()
    assert fits(visitor)


def look_into_the_trace(visitor: Visit, language: str) -> None:
    word = words(language)
    drawer = visitor.page.locator(".exchange").last.locator(".trace")
    drawer.locator("summary").click()
    told = drawer.inner_text()
    for needed in (
        "trace_hits",
        "trace_rejected",
        "kind_count",
        "generator_extractive",
        "step_total",
        "reason_not_sure_enough_to_answer",
    ):
        assert word[needed] in told, needed
    assert drawer.locator("td a.source-link").count() > 10
    assert ".digest " not in told  # passages are called as people call them
    assert fits(visitor)


def take_away_and_judge(visitor: Visit, data: Path, folder: Path, language: str) -> None:
    page = visitor.page
    page.locator(".take-away summary").click()
    with page.expect_download() as download:
        page.locator(".take-away a").first.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    assert verify_export(path, open_or_build(None).editions).problems == []
    last = page.locator(".exchange").last
    last.locator("[data-why]").click()
    last.locator(".reason").select_option("should_have_answered")
    last.locator("[data-judge=bad]").click()
    visitor.until("document.querySelectorAll('.exchange')[1].querySelector('.thanks').textContent !== ''")
    assert last.locator(".thanks").inner_text() == words(language)["feedback_thanks"]
    row = json.loads((data / "feedback.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (row["question"], row["reason"]) == (UNKNOWN[language[:2]], "should_have_answered")


def other_languages_keep_everything(visitor: Visit, language: str) -> None:
    page = visitor.page
    before = page.locator(".exchange .claim > span").all_inner_texts()
    own = supported(language)
    for code, name in (("zh-TW", "繁體中文"), ("en", "English"), ("zh-CN", "简体中文"), (own, "")):
        page.get_by_text(name or {"en": "English", "zh-CN": "简体中文"}[own], exact=True).click()
        visitor.until("word => document.querySelector('#send').textContent.trim() === word", words(code)["send"])
        visitor.until("code => document.documentElement.lang === code", code)
        assert page.locator(".exchange .claim > span").all_inner_texts() == before
    buttons = " ".join(page.locator("#buttons button, #composer button, .places a").all_inner_texts())
    assert bool(CHINESE.search(buttons)) == (own != "en")


def compare(visitor: Visit, address: str, own: str) -> None:
    page = visitor.page
    page.goto(f"{address}/compare?theme={THEME[own]}&source={COMPARED[0]}&source={COMPARED[1]}")
    assert page.locator(".column .claim").count() >= 2
    claim = page.locator("#comparison .claim").first
    claim.locator("a.marker").click()
    assert visitor.marked() == claim.locator("> span").inner_text()
    assert fits(visitor)
    page.goto(f"{address}/against")
    assert page.locator(".against .said a.marker").count() > 5
    page.locator(".against .own a.marker").first.click()
    assert visitor.marked()
    assert fits(visitor)


def read_the_sources(visitor: Visit, address: str, language: str) -> None:
    page = visitor.page
    page.goto(f"{address}/sources?q=declaration")
    page.locator(".admin summary").click()
    page.locator("#new-files").set_input_files([{"name": "x.txt", "mimeType": "text/plain", "buffer": b""}])
    page.click("#add-files")
    page.wait_for_selector("#admin-log .problem")
    refused = page.locator("#admin-log .problem").inner_text()
    assert refused.startswith("x.txt")
    assert bool(CHINESE.search(refused)) == language.startswith("zh")
    visitor.complaints[:] = [text for text in visitor.complaints if "422" not in text]  # the refusal
    page.locator("#bletchley-declaration .editions a").first.click()
    page.wait_for_selector(".text .unit")
    page.locator(".outline a").nth(2).click()
    visitor.until("document.querySelector('.unit:target, .place:target') !== null")
    assert fits(visitor)


def see_the_evaluation(visitor: Visit, address: str, language: str) -> None:
    page = visitor.page
    page.goto(f"{address}/evaluation")
    assert page.locator("tr.own").count() == 2  # a table for each set of texts
    run = json.loads((RESULTS / "bundled" / "summary.json").read_text(encoding="utf-8"))
    assert page.locator("#failures").inner_text() == words(language)["failures"].format(count=len(run["failures"]))
    assert page.locator("svg").count() > 2  # plots and intervals
    assert words(language)["this_program"] in page.locator("tr.own").first.inner_text()
    assert re.search(r"0\.\d{3} 0\.\d\d–", page.locator("tr.own td").first.inner_text())
    assert fits(visitor)
