"""The committed figures, the README's table made from them, and records of other frameworks."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from eval import results_command
from eval.__main__ import main
from eval.answer import Record
from eval.case import CASES_FOLDER, Case, load_cases
from eval.errors import NothingThere
from eval.inputs import commit
from eval.peers import PEERS, record_of
from eval.results_file import (
    BEGIN,
    END,
    README,
    RESULTS_FOLDER,
    load_results,
    markdown,
    readme_block,
    stale,
    system_row,
    table,
    with_block,
    write_results,
)
from eval.run import score_run
from eval.runrecord import write_lines
from eval.saved import gold_sha256
from index.store import PassageIndex
from sources.edition import Edition


def test_the_readme_shows_the_committed_figures() -> None:
    assert readme_block(load_results()) in README.read_text(encoding="utf-8")


def test_the_committed_figures_are_of_these_cases_and_both_editions() -> None:
    results = load_results()
    assert results["gold_sha256"] == gold_sha256(load_cases(CASES_FOLDER, "dev"))
    for held in results["editions"].values():
        names = {system["name"] for system in held["systems"]}
        assert {"bletchley-qa", "bm25-passage", "dense-passage", "full-context", "return all", *PEERS} <= names
    assert set(results["editions"]) == {"bundled", "official"}


def test_the_committed_run_is_the_one_in_the_tables() -> None:
    summary = json.loads((RESULTS_FOLDER / "bundled" / "summary.json").read_text(encoding="utf-8"))
    (own,) = [row for row in load_results()["editions"]["bundled"]["systems"] if row["name"] == "bletchley-qa"]
    assert summary["gold_sha256"] == load_results()["gold_sha256"]
    assert summary["split"] == "dev"
    for name in ("A", "B", "H"):
        assert round(summary["headline"][name]["value"], 4) == round(own[name]["value"], 4)


def test_the_tables_are_those_of_the_figures() -> None:
    assert markdown(load_results()) == (RESULTS_FOLDER / "dev.md").read_text(encoding="utf-8")


def test_a_readme_that_says_something_else_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{BEGIN}\n| all is well |\n{END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr("eval.commands.README", readme)
    assert main(["report", "--readme", "--check"]) == 1
    assert main(["report", "--readme"]) == 0
    assert main(["report", "--readme", "--check"]) == 0
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "all is well" not in text


def test_a_readme_without_marks_is_refused() -> None:
    with pytest.raises(NothingThere, match="no marks"):
        with_block("no table here", "block")


def test_figures_that_no_longer_hold_are_named() -> None:
    row = {name: {"value": 0.5, "low": 0.4, "high": 0.6} for name in ("H", "A", "B")}
    results = {"gold_sha256": "g", "editions": {"bundled": {"systems": [{"name": "bletchley-qa", **row}]}}}
    assert stale(results, "g", {"H": 0.505, "A": 0.5, "B": 0.5}) == []
    assert "says A 0.500, this checkout has 0.600" in stale(results, "g", {"H": 0.5, "A": 0.6, "B": 0.5})[0]
    assert "other cases" in stale(results, "another", {})[0]


def passages(editions: dict[str, Edition]) -> list[tuple[str, int, str]]:
    edition = editions["park-rules.zh.digest"]
    unit = edition.unit("art3.1")
    assert unit is not None
    return [(edition.key, unit.start, edition.text_of(unit)), (edition.key, 0, edition.text[:20])]


def test_a_framework_is_scored_by_its_records(editions: dict[str, Edition], tiny_cases: list[Case]) -> None:
    case = next(case for case in tiny_cases if case.id == "tiny-01")
    record = record_of(case, passages(editions), editions)
    score = score_run("peer", [case], {case.id: record}, editions).scores[case.id]
    assert score.values["citation_validity"] == 1.0
    assert score.values["citation_recall"] == 1.0
    assert len(record["retrieved"]) == 2  # type: ignore[arg-type]


def test_a_passage_that_stands_elsewhere_is_a_broken_citation(
    editions: dict[str, Edition], tiny_cases: list[Case]
) -> None:
    shifted = [(key, start + 2, words) for key, start, words in passages(editions)]
    record = record_of(tiny_cases[0], shifted, editions)
    score = score_run("peer", tiny_cases[:1], {tiny_cases[0].id: record}, editions).scores[tiny_cases[0].id]
    assert score.values["citation_validity"] == 0.0


def test_no_passage_is_no_answer(editions: dict[str, Edition], tiny_cases: list[Case]) -> None:
    assert record_of(tiny_cases[0], [], editions)["abstained"] is True


@pytest.fixture
def asked(tmp_path: Path, park_index: PassageIndex, monkeypatch: pytest.MonkeyPatch) -> argparse.Namespace:
    """The command's arguments, with the park as the only index."""
    monkeypatch.setattr(results_command, "indexes_of", lambda _: [("bundled", park_index)])
    cases = Path(__file__).parent / "tiny.jsonl"
    return argparse.Namespace(cases=cases, index=None, peers=tmp_path / "records", out=tmp_path / "results", texts=None)


def names(results: Any) -> list[str]:
    return [system["name"] for system in results["editions"]["bundled"]["systems"]]


def test_results_keep_the_frameworks_while_the_cases_are_the_same(
    asked: argparse.Namespace, park_index: PassageIndex, tiny_cases: list[Case], editions: dict[str, Edition]
) -> None:
    def written(index: str) -> None:
        records: list[Record] = [
            {**record_of(case, passages(editions), editions), "versions": {"index": index}} for case in tiny_cases
        ]
        (asked.peers / "bundled").mkdir(parents=True, exist_ok=True)
        write_lines(asked.peers / "bundled" / "langchain-default.jsonl", records)

    written("another")
    with pytest.raises(NothingThere, match="is of index another"):
        results_command.results(asked)
    written(park_index.id)
    assert results_command.results(asked) == 0
    first = load_results(asked.out)
    assert json.loads((asked.out / "bundled" / "summary.json").read_text(encoding="utf-8"))["types"]
    assert names(first)[:2] == ["bletchley-qa", "langchain-default"]
    assert {"bm25-passage", "full-context", "abstain always", "oracle"} <= set(names(first))
    asked.peers = None
    assert results_command.results(asked) == 0
    assert load_results(asked.out)["editions"] == first["editions"]
    park = dict(first["editions"]["bundled"], index="newer")
    assert [row[1] for row in table(park)[1:3]] == ["program", f"framework, on index {park_index.id}"]
    held = json.loads((asked.out / "dev.json").read_text(encoding="utf-8"))
    (asked.out / "dev.json").write_text(json.dumps({**held, "gold_sha256": "other"}), encoding="utf-8")
    assert results_command.results(asked) == 0
    assert "langchain-default" not in names(load_results(asked.out))


def test_rounded_figures_read_back(tmp_path: Path, tiny_cases: list[Case], editions: dict[str, Edition]) -> None:
    row = system_row(score_run("none", tiny_cases, {}, editions), "baseline")
    held = {"index": "i", "cases": 12, "skipped": 0, "systems": [row], "precision_ceiling": 0.5}
    results = {"created": "d", "commit": "c", "gold_sha256": "g", "machine": "m", "editions": {"bundled": held}}
    write_results(results, tmp_path)
    assert load_results(tmp_path)["editions"]["bundled"]["systems"][0]["A"]["value"] == 0.0
    assert "| none | baseline | 0.000" in (tmp_path / "dev.md").read_text(encoding="utf-8")


def test_the_commit_is_read_in_a_worktree_too(tmp_path: Path) -> None:
    git = tmp_path / "main" / ".git"
    (git / "worktrees" / "w").mkdir(parents=True)
    (git / "worktrees" / "w" / "HEAD").write_text("ref: refs/heads/branch\n", encoding="utf-8")
    (git / "worktrees" / "w" / "commondir").write_text("../..\n", encoding="utf-8")
    (git / "packed-refs").write_text("# pack\nc0ffee refs/heads/branch\n", encoding="utf-8")
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / ".git").write_text(f"gitdir: {git / 'worktrees' / 'w'}\n", encoding="utf-8")
    assert commit(tmp_path / "w") == "c0ffee"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "refs" / "heads" / "branch").write_text("beef\n", encoding="utf-8")
    assert commit(tmp_path / "w") == "beef"
    assert commit(tmp_path / "nowhere") == ""
