"""The evaluation's own test: cheats fail and the gold is reachable."""

from __future__ import annotations

from eval.case import Case
from eval.run import run_system, score_run
from eval.selftest import degenerate_table, failures, unreached
from eval.summary import headline
from eval.systems import BASELINES, Bench
from index.store import PassageIndex


def test_cheats_score_next_to_nothing_and_the_oracle_everything(
    park_index: PassageIndex, tiny_cases: list[Case]
) -> None:
    table, oracle_run = degenerate_table(park_index, tiny_cases)
    assert list(failures(table)) == []
    assert list(unreached(oracle_run)) == []
    assert (table["oracle"]["A"], table["oracle"]["B"]) == (1.0, 1.0)
    assert table["abstain always"]["A"] == table["echo"]["A"] == 0.0
    assert table["right words, wrong citations"]["nugget_recall"] == 1.0
    assert table["right words, wrong citations"]["A"] == 0.0


def test_a_cheat_that_scores_is_named() -> None:
    row = {"A": 0.5, "B": 0.2, "H": 2 * 0.5 * 0.2 / 0.7}
    assert list(failures({"echo": row})) == ["echo: H 0.286, more than 0.1: the cases or the measures reward it."]
    assert len(list(failures({"oracle": row}))) == 1


def test_baselines_run_and_cite_exactly(park_index: PassageIndex, tiny_cases: list[Case]) -> None:
    bench = Bench(park_index)
    for name, system in BASELINES.items():
        run = run_system(name, lambda case, system=system: system(bench, case), tiny_cases, park_index.editions)
        assert all(score.values.get("citation_validity", 1.0) == 1.0 for _, score in run.pairs)
        assert headline(run.pairs)["A"] > 0.0


def test_missing_records_are_scored_as_empty(park_index: PassageIndex, tiny_cases: list[Case]) -> None:
    run = score_run("nothing", tiny_cases, {}, park_index.editions)
    assert headline(run.pairs) == {"A": 0.0, "B": 0.0, "H": 0.0}
    assert all(score.missing for _, score in run.pairs)


def test_cases_without_evidence_in_this_index_are_skipped_and_counted(
    park_index: PassageIndex, tiny_cases: list[Case]
) -> None:
    editions = {key: edition for key, edition in park_index.editions.items() if edition.source_id != "park-news"}
    run = score_run("nothing", tiny_cases, {}, editions)
    assert run.skipped == ["tiny-06", "tiny-07"]
    assert len(run.cases) == 10
