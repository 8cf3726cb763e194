"""The comparison pages, over the bundled texts: as pages, and in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from ui_browser import visit
from ui_calls import call, run_apart

from index.default import open_or_build
from index.store import PassageIndex
from rag.answerer import Answerer
from rag.verify_export import verify_export
from sources.catalogue import load_catalogue
from ui.limits import Rates
from ui.pages.against_page import pairs_of
from ui.pages.compare_page import EXAMPLES, Wanted
from ui.running import Settings
from ui.server import create_app
from ui.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

THREE = ("genai-interim-measures", "deep-synthesis-provisions", "bletchley-declaration")
SIZES = [(1280, "zh-CN", "light"), (360, "zh-TW", "dark"), (1280, "en-GB", "dark"), (360, "en-GB", "light")]


@pytest.fixture(scope="module")
def bundled() -> PassageIndex:
    return open_or_build(None)


@pytest.fixture
def app(bundled: PassageIndex, tmp_path: Path) -> Any:
    settings = Settings(data_folder=tmp_path / "data", result_folders=(tmp_path / "runs",))
    return create_app(
        Service(Answerer(bundled), bundled, load_catalogue()), with_page=False, settings=settings
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_example_theme_fills_every_column(bundled: PassageIndex, language: str) -> None:
    """No example leads to an empty column."""
    beside = Service(Answerer(bundled), bundled, load_catalogue()).beside
    assert beside is not None
    for sources, themes in EXAMPLES:
        cells = beside.on_theme(themes[language], sources, language)
        assert [cell.source_id for cell in cells] == list(sources)
        assert all(cell.claims for cell in cells), themes[language]


def test_a_theme_page_cites_every_cell_and_can_be_taken_away(app: Any, bundled: PassageIndex, tmp_path: Path) -> None:
    """One column a text, in the order asked for; the export of the comparison verifies."""
    page = call(app, "GET", "/" + Wanted("内容标识", THREE).address, params=None).text
    assert re.findall(r'<section class="column(?: empty)?" data-source="([^"]+)"', page) == list(THREE)
    claims, markers = page.count('class="claim '), page.count('class="marker ')
    assert 0 < claims <= markers
    assert "这份文本里没有切题的句子" in page  # the declaration says nothing of labels
    taken = re.search(r"page/export/markdown\?answers=([0-9a-f]{16})", page)
    assert taken is not None
    export = call(app, "GET", "/page/export/markdown", params={"answers": taken[1], "language": "zh-CN"})
    path = tmp_path / "comparison.md"
    path.write_bytes(export.content)
    checked = verify_export(path, bundled.editions)
    assert checked.problems == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("theme=fines", "choose at least two texts"),
        ("source=eu-ai-act&source=us-eo-14110", "choose at least two texts"),
        ("theme=%3Cscript%3E&source=eu-ai-act&source=us-eo-14110", "&lt;script&gt;"),
        ("theme=fines&" + "&".join(f"source={name}" for name in (*THREE, "eu-ai-act", "us-eo-14110")), "first four"),
        ("theme=fines&source=no-such&source=eu-ai-act", "EU AI Act"),
    ],
)
def test_odd_wishes(app: Any, query: str, says: str) -> None:
    """What is missing is said; markup stays text; surplus and unknown texts do no harm."""
    page = call(app, "GET", f"/compare?language=en&{query}")
    assert page.status_code == 200
    assert says in page.text
    assert "<script>" not in page.text


def test_too_long_wishes_are_refused(app: Any) -> None:
    """Limits hold on theme and on the number of texts."""
    assert call(app, "GET", "/compare", params={"theme": "x" * 201}).status_code == 422
    assert call(app, "GET", "/compare", params={"theme": "x", "source": ["a"] * 61}).status_code == 422


def test_comparisons_are_rationed_for_others() -> None:
    """They search like questions do, so an address elsewhere gets its share of them."""
    passed: list[str] = []

    async def page(scope: Any, _receive: Any, _send: Any) -> None:
        passed.append(scope["path"])

    async def visits() -> None:
        rates = Rates(page, a_minute=2)
        for path in ("/compare", "/against", "/compare", "/sources"):
            scope = {"type": "http", "path": path, "client": ("203.0.113.9", 1), "headers": []}
            await rates(scope, lambda: None, lambda _message: anyio.sleep(0))  # type: ignore[arg-type, return-value]

    run_apart(visits())
    assert passed == ["/compare", "/against", "/sources"]


def test_the_report_against_every_document_it_names(app: Any, bundled: PassageIndex) -> None:
    """Every pair of the catalogue has a page; what is shown beside the report is the document's own, cited."""
    held = {edition.source_id for edition in bundled.editions.values()}
    pairs = pairs_of(load_catalogue(), held)
    assert len([pair for pair in pairs if pair.by == "summit-article"]) == 10
    rows = 0
    for pair in pairs:
        for language in ("zh-CN", "en"):
            page = call(app, "GET", "/" + pair.address + f"&language={language}").text
            found = page.split('<section class="against">')[1:]
            rows += len(found)
            for row in found:
                said, own = row.split('<div class="own">')
                assert f"source={pair.by}." in said
                assert re.search(rf"source={pair.of}\.", own) or 'class="standing none"' in own
    assert rows > 60
    unknown = call(app, "GET", "/against?by=x&of=%22%3E%3Cscript%3E&language=en").text
    assert "No sentence held here names this document" in unknown


@pytest.fixture(scope="module")
def address(bundled: PassageIndex, serve_for_test: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    with serve_for_test(Service(Answerer(bundled), bundled, load_catalogue())) as served:
        yield served


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language", "look"), SIZES)
def test_compare_in_the_browser(
    browser: Browser, address: str, screenshots: Path, width: int, language: str, look: str
) -> None:
    """From the chat to an example theme; a marker opens its quote beside the columns; the address survives a reload."""
    with visit(browser, address, width=width, language=language, look=look) as visitor:
        page = visitor.page
        page.locator('.places a[href="compare"]').click()
        page.locator(".compare-form a.quiet").first.click()
        page.wait_for_selector(".columns .claim")
        assert page.locator(".column").count() == 3
        if width > 899:
            tops = {round(box["y"]) for box in (c.bounding_box() for c in page.locator(".column").all()) if box}
            assert len(tops) == 1
        page.screenshot(path=screenshots / f"compare-{width}-{language}-{look}.png", full_page=width < 900)
        second = page.locator("#comparison .claim").nth(1)
        second.locator("a.marker").first.click()
        assert visitor.marked() == second.locator("> span").inner_text()
        page.screenshot(path=screenshots / f"compare-source-{width}-{language}-{look}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.reload()
        assert visitor.marked() == page.locator("#comparison .claim").nth(1).locator("> span").inner_text()
        page.locator("#source-panel button.back").click()
        assert page.evaluate("document.activeElement.dataset.number") == "2"


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language", "look"), SIZES)
def test_against_in_the_browser(
    browser: Browser, address: str, screenshots: Path, width: int, language: str, look: str
) -> None:
    """Both sides of a row open in the panel; another document is one press away, and the language stays."""
    with visit(browser, address, width=width, language=language, look=look) as visitor:
        page = visitor.page
        page.goto(address + "/against")
        row = page.locator(".against").first
        for side in (".said", ".own"):
            row.locator(f"{side} a.marker").first.click()
            visitor.until(
                "quote => [...document.querySelectorAll('#source-panel mark')].map(mark => mark.textContent).join('') === quote",
                row.locator(f"{side} .claim > span").first.inner_text(),
            )
        page.screenshot(path=screenshots / f"against-{width}-{language}-{look}.png", full_page=width < 900)
        page.locator('.pairs a[href*="of=global-ai-governance-initiative"]').click()
        page.wait_for_selector('.pairs a[aria-current][href*="of=global-ai-governance-initiative"]')
        assert page.locator(".standing.close").count() > 5
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.browser
def test_compare_by_keyboard_alone(browser: Browser, address: str) -> None:
    """A theme, two texts, the result, a source and back, without a mouse."""
    with visit(browser, address, language="en-GB") as visitor:
        page = visitor.page
        page.goto(address + "/compare")

        def press_until(condition: str) -> None:
            for _ in range(60):
                page.keyboard.press("Tab")
                if page.evaluate(f"document.activeElement.matches({condition!r})"):
                    return
            raise AssertionError(condition)

        press_until("input[name=theme]")
        page.keyboard.type("international cooperation")
        for name in ("bletchley-declaration", "eu-ai-act"):
            press_until(f'input[value="{name}"]')
            page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_selector(".columns .claim")
        press_until("#comparison a.marker")
        assert page.locator("#comparison a.marker:focus + .peek").is_visible()
        page.keyboard.press("Enter")
        visitor.until("document.activeElement.id === 'panel-title'")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.matches('#comparison a.marker')")


@pytest.mark.browser
def test_an_answer_that_compares_leads_to_the_columns(browser: Browser, address: str) -> None:
    """From rows in the chat to the same texts side by side."""
    with visit(browser, address, language="en-GB") as visitor:
        answer = visitor.ask("Compare the Interim Measures and the Deep Synthesis Provisions on labelling.")
        answer.locator('.actions a[href^="compare?"]').click()
        visitor.page.wait_for_selector(".columns .claim")
        assert visitor.page.locator(".column").count() == 2
