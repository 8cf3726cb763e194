"""Lint refuses what would make a case unfair, and passes the cases beside these tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from eval.case import Case, load_cases, read_cases
from eval.errors import BrokenCase
from eval.lint import (
    case_problems,
    lint_cases,
    overlap_table,
    own_terms,
    paraphrase_problems,
    question_overlaps,
)
from eval.recheck import near_units, read_cleared, recheck_problems, write_cleared
from sources.edition import Edition, Origin, Unit, UnitKind

Editions = dict[str, Edition]
NewCase = Callable[..., Case]


def nugget(**changes: object) -> list[dict[str, object]]:
    return [{"id": "n1", "aliases": {"zh": ["200元"]}, "evidence": ["e1"], **changes}]


def test_the_tiny_cases_are_clean(tiny_cases: list[Case], editions: Editions) -> None:
    assert lint_cases(tiny_cases, editions) == []


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"expect": "abstain"}, "abstain case has nuggets"),
        ({"nuggets": []}, "no vital nugget"),
        ({"sufficient": []}, "without a sufficient set"),
        ({"expect": "refuse_injection"}, "no forbidden canary"),
        ({"checked_by": ""}, "'checked_by' is empty"),
        ({"checked_by": "author"}, "author and checker are both"),
        ({"type": "follow_up"}, "has no history"),
        ({"history": [{"role": "user", "content": "你好"}]}, "no standalone question"),
        ({"question": "罚款是二百元吗"}, "is in the question"),
        ({"question": "罚款是２００元吗"}, "is in the question"),  # full width, folded
        (
            {"history": [{"role": "user", "content": "罰二百元"}], "standalone": "罚多少"},
            "is in the question or its history",
        ),
        ({"nuggets": nugget(aliases={"zh": ["。"]})}, "no letter or digit"),
        ({"nuggets": nugget(value={"num": 300})}, "value 300 of nugget n1 is in none"),
        ({"nuggets": nugget(aliases={"zh": ["九百元"]})}, "stands in its evidence"),
        ({"forbidden": [{"aliases": ["200"]}]}, "right answers would hit it"),
        ({"evidence": {"e1": {"source_id": "nowhere", "locator": "p1"}}}, "no edition of source 'nowhere'"),
        (
            {"evidence": {"e1": {"source_id": "park-rules", "locator": "art99"}}},
            "no digest of 'park-rules' has 'art99'",
        ),
        (
            {"evidence": {"e1": {"source_id": "park-rules", "locator": "art3.1", "anchor": {"zh": "三百元"}}}},
            "stands 0 times",
        ),
    ],
)
def test_problems_are_named(editions: Editions, new_case: NewCase, changes: dict[str, object], part: str) -> None:
    assert any(part in problem for problem in case_problems(new_case(**changes), editions))


def test_problems_of_a_set(editions: Editions, new_case: NewCase) -> None:
    cases = [
        new_case(id="a", pair_id="t"),
        new_case(id="a", split="test", question="折断了树枝最多要交多少钱？"),
        new_case(id="b", pair_id="t", question="碰坏花草怎么办"),
    ]
    problems = "\n".join(lint_cases(cases, editions))
    assert "the id is used 2 times" in problems
    assert "cluster 'park-rules/art3' is in both splits" in problems
    assert "are not one zh and one en" in problems
    assert "ask nearly the same in different splits" in problems


def test_overlap_with_the_evidence(editions: Editions, new_case: NewCase) -> None:
    overlaps = question_overlaps([new_case(id="copied", question="违反第二条的人"), new_case(id="far")], editions)
    assert overlaps["copied"] == 1.0
    assert overlaps["far"] < 0.2


def test_a_broken_line_is_reported_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text('{"id": "a"}\nnot json\n', encoding="utf-8")
    cases, problems = read_cases([path])
    assert cases == []
    assert [problem.split(" ")[0] for problem in problems] == ["broken.jsonl:1", "broken.jsonl:2"]
    with pytest.raises(BrokenCase, match="broken.jsonl:1"):
        load_cases(path)


def test_evidence_must_be_listed(new_case: NewCase) -> None:
    with pytest.raises(ValueError, match="named but not listed"):
        new_case(sufficient=[["e7"]])


def test_too_few_paraphrased_questions_are_a_problem(new_case: NewCase) -> None:
    cases = [new_case(id=str(n), tags=["paraphrase"] if n < 2 else []) for n in range(10)]
    overlaps = {case.id: 0.1 for case in cases}
    assert list(paraphrase_problems(cases, overlaps)) == []
    assert "1 of 10 questions" in next(paraphrase_problems(cases, {**overlaps, "1": 0.3}))
    table = overlap_table(cases, overlaps)
    assert table[1][:2] == ["zh, paraphrased: 2", "2"]
    assert table[2][:2] == ["zh, others: 8", "8"]


def test_english_shares_words_not_letter_pairs() -> None:
    assert own_terms("What is the highest fine?", "en") == {"what", "highest", "fine"}
    assert own_terms("罚款多少", "zh") == {"罚款", "款多", "多少"}


def test_a_unit_added_near_an_unanswerable_question_is_noticed(editions: Editions, new_case: NewCase) -> None:
    case = new_case(
        id="none", question="管理处的门票多少钱一张？", expect="abstain", nuggets=[], sufficient=[], evidence={}
    )
    assert near_units([case], editions) == {}
    text = "管理处的门票二十元一张。"
    unit = Unit("p1", UnitKind.TEXT, 0, len(text), 0)
    added = Edition("park-prices", "zh", Origin.OFFICIAL, "票价", text, (unit,))
    found = near_units([case], {**editions, added.key: added})
    assert found == {"none": ["park-prices.zh p1"]}
    assert "none: expects declining, but 1 unread units are near (park-prices.zh p1)" in next(
        recheck_problems(found, {})
    )
    assert list(recheck_problems(found, found)) == []


def test_cleared_places_are_added_to_those_before(tmp_path: Path) -> None:
    path = tmp_path / "cleared.json"
    write_cleared({"a": ["x p1"]}, path)
    write_cleared({"a": ["x p2"], "b": ["y p1"]}, path)
    assert read_cleared(path) == {"a": ["x p1", "x p2"], "b": ["y p1"]}
    assert read_cleared(tmp_path / "none.json") == {}
