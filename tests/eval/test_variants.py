"""Variants are made by rule, change only the writing, and are compared by what was answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from eval.case import Case
from eval.testreads import log_test_read
from eval.variants import agreement, capitals, full_width, slip, traditional, variants_of

NewCase = Callable[..., Case]


def test_each_rule_by_example() -> None:
    assert traditional("人工智能峰会", "x") == "人工智能峯會"
    assert full_width("AI 17?", "x") == "ＡＩ　１７？"
    assert capitals("What for?", "x") == "WHAT FOR?"
    assert slip("who was the chairman", "x") == "who was the chaimran"
    assert slip("who was it", "x") == "who was it"


def test_variants_leave_out_conversations_refusals_and_what_does_not_change(tiny_cases: list[Case]) -> None:
    made = variants_of(tiny_cases)
    assert all(case.expect.value == "answer" and not case.history for case in made)
    questions = {case.id: case.question for case in tiny_cases}
    assert all(case.question != questions[case.id.split("#")[0]] for case in made)
    assert len({case.id for case in made}) == len(made)


def test_agreement_counts_nuggets_not_words(new_case: NewCase) -> None:
    records = {
        "x": {"answer": "罚款二百元"},
        "x#variant-traditional": {"answer": "200元"},
        "x#variant-full-width": {"answer": "不知道"},
    }
    found = agreement([new_case()], records)
    assert (found["n"], found["value"], found["changed"]) == (2, 0.5, ["x#variant-full-width"])


def test_every_reading_of_the_test_split_is_logged(tmp_path: Path) -> None:
    path = tmp_path / "TEST_READS.md"
    for reason in ("release", "a | b"):
        log_test_read(reason, "c0ffee", path, datetime(2026, 1, 2, tzinfo=UTC))
    assert path.read_text(encoding="utf-8").splitlines()[-2:] == [
        "| 2026-01-02 | c0ffee | release |",
        "| 2026-01-02 | c0ffee | a / b |",
    ]
