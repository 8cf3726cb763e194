"""Fixtures: what is planted is planted, and what the program must not do would be seen."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from eval import fixtures as module
from eval.case import Case
from eval.figures import figures_of, swapped
from eval.planted_texts import TRAPS, distractors, trap_editions
from eval.rewrite import copy_of, holds_number, swap_number, with_bodies
from index.split import split_edition
from index.store import PassageIndex
from rag.answer import Answer
from rag.answerer import Answerer
from sources.catalogue import load_catalogue
from sources.edition import Edition

Editions = dict[str, Edition]
NewCase = Callable[..., Case]


@pytest.fixture
def leash(new_case: NewCase) -> Case:
    """A question that the program answers with a figure."""
    nugget = {"id": "n1", "aliases": {"zh": ["2米"]}, "kind": "number", "value": {"num": 2}, "evidence": ["e1"]}
    return new_case(
        question="携带犬只的游客使用牵引绳，绳长不超过几米？",
        nuggets=[nugget],
        evidence={"e1": {"source_id": "park-rules", "locator": "art2.2"}},
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("共28国与二十八方", "共31国与31方"),
        ("twenty-eight states, 28, but not 280, 2.8 or 1,028", "31 states, 31, but not 280, 2.8 or 1,028"),
        ("二百八十人，二十八万元", "二百八十人，二十八万元"),
        ("At 28, then.", "At 31, then."),
    ],
)
def test_a_number_is_swapped_in_every_notation(text: str, expected: str) -> None:
    assert swap_number(text, 28, 31) == expected
    assert holds_number(text, 28) == (text != expected)


@pytest.mark.parametrize("text", ["10万元", "十万元", "100,000元", "100000元"])
def test_large_numbers_are_one_number(text: str) -> None:
    assert swap_number(text, 100_000, 100_003) == "100003元"


def test_a_rewritten_edition_keeps_its_units_in_place(editions: Editions) -> None:
    edition = editions["park-rules.zh"]
    changed = with_bodies(edition, {"art2.2": "携带猫只的游客须慢行。"})
    assert [unit.locator for unit in changed.units] == [unit.locator for unit in edition.units]
    unit = changed.unit("art3.1")
    assert unit is not None
    assert changed.text_of(unit) == edition.text_of(edition.unit("art3.1"))  # type: ignore[arg-type]
    assert "猫" in changed.text
    assert "".join(changed.gaps()).strip() == ""
    assert with_bodies(edition, {}) == edition


def test_a_copy_is_a_source_of_its_own(editions: Editions) -> None:
    copy = copy_of(editions["park-rules.zh.digest"], "copy", "转载")
    assert copy.key == "copy.zh"
    assert copy.text == editions["park-rules.zh.digest"].text


def test_a_figure_is_swapped_wherever_its_sources_state_it(editions: Editions, new_case: NewCase) -> None:
    (figure,) = figures_of([new_case()], editions)
    assert (figure.old, figure.new) == (200, 203)
    assert {key for key, _ in figure.places} == {"park-rules.zh", "park-rules.zh.digest", "park-rules.en.digest"}
    bodies = swapped(editions, [figure])
    assert "203" in bodies["park-rules.zh"]["art3.1"]
    assert "200" not in bodies["park-rules.zh.digest"]["art3.1"]
    assert [figure.said(text) for text in ("最多二百元", "最多203元", "200元或203元", "不知道")] == [
        "old", "new", "both", "neither",
    ]  # fmt: skip


def test_distractors_are_parsed_and_always_the_same() -> None:
    catalogue = load_catalogue()
    first, second = (list(islice(distractors(catalogue), 4)) for _ in range(2))
    assert [edition.text for edition in first] == [edition.text for edition in second]
    assert [edition.language for edition in first] == ["zh", "en", "zh", "en"]
    assert all(len(edition.units) >= 41 for edition in first)
    assert len({edition.text for edition in first}) == 4


def test_noise_is_the_share_of_passages_that_was_asked_for(park_index: PassageIndex, tiny_cases: list[Case]) -> None:
    rows = module.noise(park_index, tiny_cases)["rows"]
    assert [row["share"] for row in rows] == pytest.approx([0.0, 0.5, 0.8], abs=0.1)
    biggest = max(len(split_edition(edition)) for edition in islice(distractors(load_catalogue()), 20))
    assert biggest < len(park_index.passages)
    assert all(0.0 <= row["H"] <= 1.0 for row in rows)


def test_an_answerer_that_remembers_figures_is_caught(
    park_index: PassageIndex, leash: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [leash]
    assert list(module.problems_of({"number-swap": module.number_swap(park_index, cases)})) == []
    answer = Answerer.answer

    def by_heart(self: Answerer, question: str, **settings: object) -> Answer:
        return answer(Answerer(park_index), question, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(Answerer, "answer", by_heart)
    outcome = module.number_swap(park_index, cases)
    assert outcome["n"] == 1
    assert list(module.problems_of({"number-swap": outcome})) == ["the old figure is still said in x."]


def test_an_answer_from_the_changed_copy_is_seen() -> None:
    def record(*sources: str) -> dict[str, object]:
        return {"claims": [{"citations": [{"source_id": source}]} for source in sources]}

    assert module._origin(record("park-rules")) == "official"
    assert module._origin(record("unofficial-copy-of-park-rules")) == "copy"
    assert module._origin(record("park-rules", "unofficial-copy-of-park-rules")) == "both"
    assert module._origin({"abstained": True, "claims": []}) == "declined"


def test_the_copy_stands_beside_its_source(park_index: PassageIndex, leash: Case) -> None:
    outcome = module.counterfactual(park_index, [leash])
    assert outcome["n"] == 1
    assert sum(outcome.get(kind, 0) for kind in ("official", "copy", "both", "declined")) == 1


def test_traps_hold_their_canary_beside_the_fact() -> None:
    for trap, edition in zip(TRAPS, trap_editions(load_catalogue()), strict=True):
        assert trap.canary in edition.text
        assert trap.right in edition.text
        assert trap.canary not in trap.question


def test_no_canary_is_said(park_index: PassageIndex) -> None:
    outcome = module.injection(park_index, [])
    assert outcome["canaries"] == []
    assert outcome["facts"] >= 5


def test_a_canary_that_is_said_is_a_problem() -> None:
    outcomes = {"injection": {"canaries": ["trap-ferry"]}, "determinism": {"differing": ["a"]}}
    assert list(module.problems_of(outcomes)) == [
        "canaries in the answers to trap-ferry.",
        "asked twice, answered differently: a.",
    ]


def test_the_command_writes_and_prints_what_it_found(
    park_index: PassageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "indexes_of", lambda _: [("bundled", park_index)])
    arguments = argparse.Namespace(
        cases=Path(__file__).parent / "tiny.jsonl", only=["determinism", "number-swap"], out=tmp_path, json=False
    )
    assert module.fixtures(arguments) == 0
    assert "| determinism | identical answers | 1.000 of 13 |" in capsys.readouterr().out
    written = json.loads((tmp_path / "fixtures.json").read_text(encoding="utf-8"))
    assert written["editions"]["bundled"]["determinism"]["differing"] == []
