"""The gate lets an equal run pass and catches every injected regression."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from eval.answer import Record
from eval.case import Case
from eval.compare import compare_runs, flipped
from eval.errors import NotComparable
from eval.gate import baseline_problems, invariant_problems, loose_claims, make_baseline, silent_methods, write_baseline
from eval.report import html_comparison, write_reports
from eval.run import Run, run_system, save_run, score_run
from eval.saved import SavedRun, load_run, summary_of
from eval.systems import Bench, oracle
from index.store import PassageIndex


@pytest.fixture
def many_cases(tiny_cases: list[Case]) -> list[Case]:
    """The tiny cases five times over, so that intervals can be narrow."""
    return [
        case.model_copy(update={"id": f"{case.id}-{i}", "cluster": f"{case.cluster}-{i}", "pair_id": None})
        for i in range(5)
        for case in tiny_cases
    ]


@pytest.fixture
def honest(park_index: PassageIndex, many_cases: list[Case]) -> Run:
    bench = Bench(park_index)
    return run_system("honest", lambda case: oracle(bench, case), many_cases, park_index.editions)


def changed(run: Run, park_index: PassageIndex, change: Callable[[Record], None]) -> Run:
    records = copy.deepcopy(dict(run.records))
    for record in records.values():
        change(record)
    return score_run("changed", run.cases, records, park_index.editions)


def always_decline(record: Record) -> None:
    record.update(status="not_in_sources", answer="", claims=[])


def always_answer(record: Record) -> None:
    record.update(status="answered", abstained=False, answer=record["answer"] or "二百元")


def shuffle_spans(record: Record) -> None:
    for claim in record["claims"]:  # type: ignore[attr-defined]
        for citation in claim["citations"]:
            citation["start"] += 3
            citation["end"] += 3


def forget_evidence(record: Record) -> None:
    record["retrieved"] = []


def drop_claims(record: Record) -> None:
    record["claims"] = []


def answer_at_length(record: Record) -> None:
    record["answer"] = str(record["answer"]) + "这句话与问题无关。" * 60 if record["answer"] else ""


def test_an_equal_run_raises_no_alarm(park_index: PassageIndex, honest: Run) -> None:
    baseline = json.loads(json.dumps(make_baseline(honest, "c0ffee")))
    again = changed(honest, park_index, lambda record: None)
    assert list(baseline_problems(again, baseline)) == []
    assert list(invariant_problems(again, honest.records)) == []


@pytest.mark.parametrize(
    "change", [always_decline, always_answer, shuffle_spans, forget_evidence, drop_claims, answer_at_length]
)
def test_injected_regressions_are_caught(
    park_index: PassageIndex, honest: Run, change: Callable[[Record], None]
) -> None:
    worse = changed(honest, park_index, change)
    problems = [*baseline_problems(worse, make_baseline(honest, "")), *invariant_problems(worse, worse.records)]
    assert problems


def test_swapped_citations_are_caught(park_index: PassageIndex, honest: Run) -> None:
    records = copy.deepcopy(dict(honest.records))
    answered = [record for record in records.values() if record["claims"]]
    claims = [record["claims"] for record in answered]
    for record, other in zip(answered, [*claims[7:], *claims[:7]], strict=True):
        record["claims"] = other
    swapped = score_run("swapped", honest.cases, records, park_index.editions)
    assert any(
        "g fell" in problem or "must pass" in problem
        for problem in baseline_problems(swapped, make_baseline(honest, ""))
    )


def test_a_baseline_of_other_cases_is_refused(honest: Run) -> None:
    problems = list(baseline_problems(honest, {**make_baseline(honest, ""), "gold_sha256": "other"}))
    assert problems == ["The baseline is of other cases; write a new one with: python -m eval gate --write-baseline"]


def test_asked_twice_must_be_the_same(honest: Run) -> None:
    other = {case_id: {**record, "answer": "anders"} for case_id, record in honest.records.items()}
    assert sum("answered differently" in problem for problem in invariant_problems(honest, other)) == len(honest.cases)


def test_time_may_differ_between_two_answers(honest: Run) -> None:
    slower = {case_id: {**record, "timings_ms": {"total": 1.0}} for case_id, record in honest.records.items()}
    assert list(invariant_problems(honest, slower)) == []


def test_a_search_method_that_is_down_is_named() -> None:
    hits = [{"scores": {"lexical": 1.5, "dense": 0.0}}, {"scores": {"lexical": 0.5, "dense": 0.0}}]
    assert list(silent_methods([{"retrieved": hits}, {"retrieved": []}])) == ["dense"]


def test_a_verbatim_claim_must_stand_in_its_quote() -> None:
    claims = [
        {"text": "甲", "support": "verbatim", "citations": [{"quote": "甲乙"}]},
        {"text": "丙", "support": "verbatim", "citations": []},
    ]
    assert list(loose_claims({"claims": claims})) == ["丙"]


def test_baseline_on_disk(tmp_path: Path, honest: Run) -> None:
    write_baseline(tmp_path / "baseline.json", make_baseline(honest, "c0ffee"))
    stored: Mapping[str, object] = json.loads((tmp_path / "baseline.json").read_text(encoding="utf-8"))
    assert list(baseline_problems(honest, stored)) == []


def saved(run: Run, folder: Path) -> SavedRun:
    summary = summary_of(run, {"oracle": {"A": 1.0, "B": 1.0, "H": 1.0}}, split="dev", commit="c0ffee", index_id="i")
    save_run(run, folder, summary)
    write_reports(summary, folder)
    return load_run(folder)


def test_reports_are_self_contained_and_escape_what_was_said(
    tmp_path: Path, park_index: PassageIndex, honest: Run
) -> None:
    def mark_up(record: Record) -> None:
        record.update(answer="<script>alert(1)</script>")

    run = saved(changed(honest, park_index, mark_up), tmp_path)
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "折了树枝最多要交多少钱？" in page
    assert page.count("<svg") >= 3
    assert "http://" not in page
    assert "https://" not in page
    assert "| A | 0.000" in (run.folder / "report.md").read_text(encoding="utf-8")


def test_two_runs_are_compared_case_by_case(tmp_path: Path, park_index: PassageIndex, honest: Run) -> None:
    first = saved(honest, tmp_path / "a")
    second = saved(changed(honest, park_index, always_decline), tmp_path / "b")
    by_name = {difference.measure: difference for difference in compare_runs(first, second)}
    g = by_name["g"]
    assert (g.primary, g.difference, g.wins, g.losses, g.n) == (True, -1.0, 0, 40, 40)
    assert g.adjusted_p is not None
    assert g.adjusted_p < 0.001
    assert by_name["citation_precision"].second == 0.0  # what was not answered counts as nothing gained
    assert by_name["nugget_f"].adjusted_p is None
    gained, lost = flipped(first, second)
    assert gained == []
    assert len(lost) == 45
    assert "tiny-01-0" in html_comparison(first, second, list(by_name.values()))


def test_runs_of_other_cases_are_not_compared(tmp_path: Path, honest: Run, park_index: PassageIndex) -> None:
    fewer = score_run("fewer", honest.cases[:30], honest.records, park_index.editions)
    first, second = saved(honest, tmp_path / "a"), saved(fewer, tmp_path / "b")
    with pytest.raises(NotComparable, match="30 case ids"):
        compare_runs(first, second)
