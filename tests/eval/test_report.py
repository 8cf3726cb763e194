"""The report: measures beyond the headline, retrieval by stage, and the page in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.case import Case
from eval.gold import gold_of
from eval.grade import Score
from eval.judge.agreement import proxy_agreement
from eval.measures import character_iou
from eval.report import markdown_report, shown_values, stage_rows, write_reports
from eval.run import Run, run_answerer, save_run
from eval.saved import summary_of
from eval.selftest import degenerate_table
from eval.stages import ORDERS, stage_table
from eval.summary import conditioned_f, cross_lingual_gap
from eval.wording import lexical_support, name_values, three_gram_recall
from index.store import PassageIndex
from rag.answerer import Answerer
from sources.edition import Edition

Editions = dict[str, Edition]
NewCase = Callable[..., Case]


@pytest.fixture
def run(park_index: PassageIndex, tiny_cases: list[Case]) -> Run:
    return run_answerer(Answerer(park_index), tiny_cases, variants=True)


@pytest.fixture
def folder(run: Run, park_index: PassageIndex, tmp_path: Path) -> Path:
    table, _ = degenerate_table(park_index, run.cases)
    summary = summary_of(run, table, split="dev", commit="c0ffee", index_id="i")
    save_run(run, tmp_path, summary)
    write_reports(summary, tmp_path)
    return tmp_path


def test_titles_that_nothing_cited_holds() -> None:
    assert name_values("《甲》和《乙》", "见《甲》", "") == {"unsupported_names": 0.5}
    assert name_values("《甲》", "", "《甲》说什么？") == {"unsupported_names": 0.0}
    assert name_values("甲", "", "") == {}


@pytest.mark.parametrize(
    ("claim", "span", "supported"),
    [
        ("绳长不超过二米。", "携带犬只的游客应当使用牵引绳，绳长不超过二米。", True),
        ("绳长不超过三米。", "携带犬只的游客应当使用牵引绳，绳长不超过二米。", False),
        ("游客应当使用牵引绳，绳长不超过两米。", "携带犬只的游客应当使用牵引绳，绳长不超过2米。", True),
        ("The park closes at 9.", "It is the park that closes at 9 every day.", True),
        ("The park closes at 9.", "Dogs are welcome.", False),
        ("", "anything", False),
    ],
)
def test_support_by_words_and_numbers(claim: str, span: str, supported: bool) -> None:
    assert lexical_support(claim, span) is supported


def test_the_proxy_is_measured_on_hand_labels() -> None:
    found = proxy_agreement()
    assert found["n"] >= 40
    assert 0.0 < found["recall"] < found["precision"] <= 1.0


def test_three_grams_of_the_reference() -> None:
    assert three_gram_recall("最多二百元罚款", "二百元") == 1.0
    assert three_gram_recall("不知道", "二百元") == 0.0
    assert three_gram_recall("二百元", "") == 0.0


def test_intersection_over_union(editions: Editions, new_case: NewCase) -> None:
    gold = gold_of(new_case(), editions)
    unit = editions["park-rules.zh"].unit("art3.1")
    assert unit is not None
    whole = {"park-rules.zh": ((unit.start, unit.end),)}
    half = {"park-rules.zh": ((unit.start, (unit.start + unit.end) // 2),)}
    assert character_iou(gold, whole) == 1.0
    assert character_iou(gold, half) == pytest.approx(0.5, abs=0.05)
    assert character_iou(gold, {}) == 0.0


def scored(case: Case, *, abstained: bool = False, **values: float) -> tuple[Case, Score]:
    return case, Score(case.id, values, abstained=abstained)


def test_declining_counts_where_it_is_right(new_case: NewCase) -> None:
    none = new_case(id="n", expect="abstain", nuggets=[], sufficient=[])
    pairs = [
        scored(new_case(id="a"), nugget_f=0.5),
        scored(new_case(id="b"), nugget_f=0.9, abstained=True),
        scored(none, abstained=True),
        scored(none),
    ]
    assert conditioned_f(pairs) == {"idk_conditioned_f": pytest.approx(1.5 / 4)}


def test_the_gap_between_languages(new_case: NewCase) -> None:
    same, across = new_case(id="a"), new_case(id="b", source_langs=["en"])
    assert cross_lingual_gap([scored(same, g=0.75), scored(across, g=0.5)]) == {"cross_lingual_gap": 0.25}
    assert cross_lingual_gap([scored(same, g=0.75)]) == {}


def test_each_stage_orders_the_passages_its_own_way(run: Run) -> None:
    rows = {row["stage"]: row for row in stage_table(run)}
    assert list(rows) == list(ORDERS)
    values = {stage: row["all"]["value"] for stage, row in rows.items()}  # type: ignore[index]
    assert 0.0 < values["fused"] <= 1.0
    assert values["read"] == pytest.approx(
        sum(s.values["evidence_hit@2000c"] for c, s in run.pairs if c.sufficient)
        / sum(1 for c, _ in run.pairs if c.sufficient)
    )
    assert len(stage_rows(stage_table(run))) == 5


def test_a_system_without_ranks_has_no_stages(run: Run) -> None:
    bare = {name: {**record, "retrieved": [{"source_id": "park-rules"}]} for name, record in run.records.items()}
    assert stage_table(Run("peer", run.cases, bare, run.scores, (), run.editions)) == []
    assert stage_rows([]) == [["stage"]]


def test_markdown_is_not_escaped_as_html(folder: Path, run: Run) -> None:
    summary = summary_of(run, {}, split="dev", commit="", index_id="i")
    assert "&#39;" not in markdown_report(summary)
    labels = dict(shown_values(summary["values"]))  # type: ignore[arg-type]
    assert "." not in labels["cited characters, median"]


@pytest.mark.browser
def test_the_page_in_a_browser(folder: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium on this machine; install the package chromium to run the browser tests")
    complaints: list[str] = []
    requests: list[str] = []
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 400, "height": 800})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto((folder / "report.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        assert page.locator("svg").count() >= 4
        assert page.locator("td.heat").count() >= 10
        failure = page.locator("details").first
        failure.locator("summary").click()
        assert failure.locator("dt", has_text="expected").is_visible()
        cause = page.locator("a.cause").first
        assert page.locator(cause.get_attribute("href") or "").count() == 1
        browser.close()
    assert complaints == []
    assert all(url.startswith("file:") for url in requests)
