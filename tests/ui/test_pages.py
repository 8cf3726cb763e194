"""The pages beside the chat: sources, texts, evaluation."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from ui_calls import call

from index.passage import Hit
from rag.answer import Answer, Claim, Status, Support
from rag.cite import citation
from sources.catalogue import Catalogue
from sources.edition import Edition, Origin, Unit, UnitKind
from ui.pages.evaluation_page import evaluation_page, newest_summary
from ui.running import Settings
from ui.server import create_app
from ui.service import Service


@pytest.mark.parametrize(
    ("language", "held", "none"), [("en", "digest", "no text held"), ("zh-TW", "摘要", "沒有保有文本")]
)
def test_sources_are_listed_with_what_is_held(app: Any, language: str, held: str, none: str) -> None:
    """Every source, its kinds of text with their dates, and links to read them."""
    page = call(app, "GET", "/sources", params={"language": language})
    assert page.status_code == 200
    assert 'href="sources/bletchley-declaration.en"' in page.text
    assert "2026-01-02" in page.text
    assert held in page.text
    assert page.cookies["interface_language"] == language
    assert "script-src 'self' 'nonce-" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"genai-interim-measures", "bletchley-declaration"}),
        ({"q": "interim"}, {"genai-interim-measures"}),
        ({"q": "灯塔 七部门"}, set()),
        ({"q": "國家互聯網"}, {"genai-interim-measures"}),
        ({"q": "国家互联网 七部门"}, {"genai-interim-measures"}),
        ({"in": "en"}, {"bletchley-declaration"}),
        ({"held": "nothing"}, set()),
        ({"legal": "in_force"}, {"genai-interim-measures"}),
        ({"q": "<script>", "legal": "'><script>"}, set()),
    ],
)
def test_search_and_filters(app: Any, query: dict[str, str], shown: set[str]) -> None:
    """What is typed is looked for in titles, short names and issuers; filters narrow it further."""
    page = call(app, "GET", "/sources", params=query).text
    assert {name for name in ("genai-interim-measures", "bletchley-declaration") if f'id="{name}"' in page} == shown
    assert "<script>" not in page.replace("<script src", "")


def test_a_text_is_read_with_outline_and_permalinks(app: Any) -> None:
    """Every unit has an address; the outline names the places; an unknown text is 404."""
    page = call(app, "GET", "/sources/genai-interim-measures.zh", params={"language": "zh-CN"}).text
    assert page.count('class="unit text"') == 3
    for locator in ("art11.1", "art12.1", "art13.1"):
        assert f'id="{locator}"' in page
        assert page.count(f'href="#{locator}"') == 2
        assert f'<span id="{locator[:5]}" class="place">' in page
    assert "现行有效" in page
    assert call(app, "GET", "/sources/no-such.zh").status_code == 404


HOSTILE = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "'\"><svg onload=alert(1)>", "</title><script>1</script>",
           "javascript:alert(1)", "{{7*7}}", "]]><b>")  # fmt: skip


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_texts_stay_text(settings: Settings, payload: str) -> None:
    """Title, address, headings and words of a text are shown, in the list, on its page and in an export; none is run."""
    text = payload + " 一\n\n" + payload
    units = (
        Unit("p1", UnitKind.TITLE, 0, len(payload) + 2, 0, (payload,)),
        Unit("p2", UnitKind.TEXT, len(payload) + 4, len(text), 0),
    )
    edition = Edition("hostile", "zh", Origin.OFFICIAL, payload, text, units, url=payload)
    shelf: Any = FakeShelf([edition])
    app = create_app(Service(FakeAnswerer(shelf), shelf, Catalogue(())), with_page=False, settings=settings)
    pages = [call(app, "GET", path, params={"q": ""}).text for path in ("/sources", "/sources/hostile.zh")]
    asked = call(app, "POST", "/v1/ask", json={"question": payload}).json()
    assert asked["claims"][0]["text"] == payload + " 一"
    pages.append(call(app, "GET", "/page/export/html", params={"answers": asked["id"]}).text)
    for page in pages:
        body = re.sub(r'<script nonce="[^"]+" src="[^"]+" defer></script>', "", page)
        assert not re.search(r"<(script|img|svg on|b>)", body)
        assert 'href="javascript' not in body
        assert html.escape(payload, quote=True) in body


class FakeShelf:
    """Given editions, and nothing found."""

    id = "fedcba987654"

    def __init__(self, editions: list[Edition]) -> None:
        self.editions = {edition.key: edition for edition in editions}

    def search(self, query: str, *, limit: int = 10) -> list[Hit]:
        return []


class FakeAnswerer:
    """Answers everything with the first unit of the first text."""

    def __init__(self, shelf: FakeShelf) -> None:
        self.edition = next(iter(shelf.editions.values()))

    def answer(self, question: str, **_: object) -> Answer:
        unit = self.edition.units[0]
        quoted = citation(self.edition, unit, unit.start, unit.end, "zh")
        return Answer(question, "zh", Status.ANSWERED, (Claim(quoted.quote, Support.VERBATIM, (quoted,), question),))


def test_evaluation_is_honest_without_results(app: Any) -> None:
    """No figures are made up where there are none."""
    page = call(app, "GET", "/evaluation", params={"language": "en"}).text
    assert "There is no evaluation here yet" in page
    assert "<table" not in page


def summary(**changes: object) -> dict[str, object]:
    estimate = {"value": 0.75, "n": 40, "low": 0.6, "high": 0.87}
    cell = {"n": 4, "passed": 3, "mean": 0.75}
    failure = {"id": "x", "cause": "retrieval", "lang": "zh", "question": "<b>问？", "answer": "", "status": "not_in_sources",
               "evidence": ["a p1"], "cited": []}  # fmt: skip
    return {
        "schema": "bletchley-qa/evaluation-run", "created": "2026-01-02T03:04:05+00:00", "split": "dev", "cases": 40,
        "commit": "abcdef", "index": "0123", "machine": "x86_64", "headline": {"A": estimate, "B": {**estimate, "low": None}},
        "primary": {"evidence_hit@2000c": estimate}, "types": [{"name": "fact", "zh": cell, "en": {**cell, "n": 0}}],
        "languages": [{"name": "zh", "zh": cell, "en": cell}], "failures": [failure], **changes,
    }  # fmt: skip


def test_evaluation_shows_the_newest_run(tmp_path: Path) -> None:
    """Figures with intervals, groups, failures; the newest by its own date; broken and foreign files are passed over."""
    for name, content in {
        "a": json.dumps(summary(created="2027-01-01", cases=41)),
        "b": json.dumps(summary()),
        "c": "{",
        "d": json.dumps({"schema": "other", "created": "2029"}),
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "summary.json").write_text(content, encoding="utf-8")
    newest = newest_summary([tmp_path])
    assert newest is not None
    assert newest["cases"] == 41
    page = evaluation_page([tmp_path], "en")
    assert "0.600 – 0.870" in page
    assert "3 / 4" in page
    assert "&lt;b&gt;问？" in page
    assert "<figure" not in page
    (tmp_path / "a" / "summary.json").write_text(json.dumps(summary(created="2028", split="test")), encoding="utf-8")
    assert "问？" not in evaluation_page([tmp_path], "en")
    (tmp_path / "a" / "summary.json").write_text(json.dumps(summary(created="2028", headline=3)), encoding="utf-8")
    assert "cannot be read" in evaluation_page([tmp_path], "en")


def test_committed_results_are_shown_until_there_is_a_run(tmp_path: Path) -> None:
    """The newest file of results, each system with its intervals; a run's report goes before it; a broken file is told."""
    estimate = {"value": 0.5, "n": 9, "low": 0.25, "high": 0.75}
    measures = dict.fromkeys(("H", "A", "B", "evidence_hit@4000c"), estimate)
    systems = [{"name": "own", "kind": "program", **measures},
               {"name": "<b>", "kind": "framework, on index 0", **measures, "H": {**estimate, "value": None}}]  # fmt: skip
    results = {"schema": "bletchley-qa/evaluation-results", "created": "2026-02-03", "commit": "abc", "machine": "m",
               "editions": {"bundled": {"cases": 7, "systems": systems}}}  # fmt: skip
    (tmp_path / "dev.json").write_text(json.dumps(results), encoding="utf-8")
    (tmp_path / "old.json").write_text(json.dumps({**results, "created": "2025", "editions": {}}), encoding="utf-8")
    (tmp_path / "other.json").write_text("[1", encoding="utf-8")
    page = evaluation_page([tmp_path], "en")
    assert "Bundled digests (7 questions)" in page
    assert "0.500" in page
    assert " 0.25–0.75" in page
    assert "&lt;b&gt;" in page
    assert ">framework<" in page
    assert "<td><span>–</span></td>" in page
    assert page.count('<svg viewBox="-5 0 130 14"') == 1  # drawn where there is a value
    (tmp_path / "dev.json").write_text(json.dumps({**results, "editions": [1]}), encoding="utf-8")
    assert "cannot be read" in evaluation_page([tmp_path], "en")
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "summary.json").write_text(json.dumps(summary()), encoding="utf-8")
    assert "0.600 – 0.870" in evaluation_page([tmp_path], "en")


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW"])
def test_committed_results_name_every_system_in_the_readers_language(language: str) -> None:
    """What ships is shown without English words: baselines and cheats are told by what they do."""
    page = evaluation_page([Path(__file__).parents[2] / "eval" / "results"], language)
    names = re.findall(r'<th scope="row">([^<]+)', page)
    assert len(names) > 20
    assert [name for name in names if not re.search("[\u4e00-\u9fff]", name)] == []


def test_failures_are_looked_through(app: Any, settings: Settings) -> None:
    """By cause, kind and language, with their numbers; each can be asked again; odd wishes show nothing and do no harm."""

    def row(name: str, cause: str, kind: str, lang: str) -> dict[str, object]:
        return {"id": name, "cause": cause, "type": kind, "lang": lang, "question": f"问 {name}&?", "answer": "", "status": "answered",
                "evidence": [], "cited": []}  # fmt: skip

    rows = [
        row("a", "not_retrieved", "list", "zh"),
        row("b", "not_retrieved", "why", "en"),
        row("c", "over_abstained", "why", "zh"),
    ]
    folder = settings.result_folders[0] / "one"
    folder.mkdir(parents=True)
    (folder / "summary.json").write_text(json.dumps(summary(failures=rows)), encoding="utf-8")

    def shown(**query: str) -> str:
        page = call(app, "GET", "/evaluation", params={"language": "en", **query}).text
        return "".join(sorted(re.findall(r"问 (\w)&amp;\?</span>", page)))

    assert shown() == "abc"
    assert shown(cause="not_retrieved") == "ab"
    assert shown(kind="why", lang="zh") == "c"
    assert shown(cause="'><script>") == ""
    page = call(app, "GET", "/evaluation", params={"language": "en"}).text
    assert "declined, though answerable (1)" in page
    assert "./?q=%E9%97%AE+a%26%3F" in page
    assert "<script>" not in page


def test_plots_hold_every_point(tmp_path: Path) -> None:
    """Each point of the report lies on the line, within the picture; the picture is told in words too."""
    budgets, risk = [[500, 0.5, 0.25], [1000, 0.75, 1.0]], [[0.5, 0.0], [1.0, 0.5]]
    systems = {"echo": {"A": 0.0, "B": 1.0, "H": 0.0}}
    (tmp_path / "a").mkdir()
    content = summary(budgets=budgets, risk_coverage=risk, systems=systems)
    (tmp_path / "a" / "summary.json").write_text(json.dumps(content), encoding="utf-8")
    page = evaluation_page([tmp_path], "en")
    lines = [
        [tuple(map(float, point.split(","))) for point in line.split()]
        for line in re.findall(r'points="([^"]+)"', page)
    ]
    assert [len(line) for line in lines] == [2, 2, 2]
    assert all(0 <= x <= 420 and 0 <= y <= 190 for line in lines for x, y in line)
    assert lines[0][0][1] > lines[0][1][1]  # higher values stand higher
    assert "loss (1 − grade) 0.00 → 0.50" in page
    assert '<th scope="row">repeats the question</th><td>0.000</td><td>1.000</td>' in page


def test_our_own_sentences_are_in_the_readers_script(service: Service) -> None:
    """What the program says is in traditional characters for who reads them; a quote never is changed."""
    from ui.conversation import Exchange
    from ui.render import conversation_page

    declined = service.answerer.answer("谁赢了？")
    assert "所收文本没有说明这一点" in conversation_page((Exchange("谁赢了？", declined),), "zh-CN")
    assert "所收文本沒有說明這一點" in conversation_page((Exchange("谁赢了？", declined),), "zh-TW")
    quoted = service.answerer.answer("看到违法内容怎么办？")
    assert quoted.claims[0].text in conversation_page((Exchange("q", quoted),), "zh-TW")
