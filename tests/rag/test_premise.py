"""Figures that a question takes for granted and the sources give differently."""

from __future__ import annotations

import pytest
from tests_support import make_edition

from rag.facts import counts, item_counts
from rag.kinds import AnswerKind
from rag.knowledge import Knowledge
from rag.premise import contradiction
from rag.question import Question, understand
from rag.reader import Candidate
from rag.retrieve import Place

PORTS = "港口大会\n\n大会有28个国家参加。\n\n大会来了150名代表。\n\n大会开了三天。"


def asked(text: str) -> Question:
    return understand(text, (), Knowledge((), {}))


def candidates(text: str = PORTS) -> list[Candidate]:
    """Every paragraph as a sentence, all equally good."""
    edition = make_edition("ports", "zh", text)
    return [
        Candidate(edition, unit, unit.start, unit.end, edition.text_of(unit), Place("ports", unit.locator, 1.0, ()), 1.0, 1.0, 1.0, 0.0)
        for unit in edition.units
        if unit.locator.startswith("p")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "locator"),
    [
        ("有30个国家参加大会吗？", "p1"),
        ("200名代表来干什么？", "p2"),
        ("有28个国家参加大会吗？", None),
        ("大会有什么？", None),
    ],
)
def test_the_sentence_with_another_figure_for_the_same_thing_corrects(question: str, locator: str | None) -> None:
    found = contradiction(asked(question), candidates())

    assert (found.unit.locator if found else None) == locator


def test_of_two_figures_that_are_wrong_the_better_sentence_corrects() -> None:
    """Whatever the order of the figures in the question, or of sets in the process."""
    question = asked("有30个国家和200名代表参加大会吗？")
    countries, delegates, _ = candidates()

    assert contradiction(question, [countries, delegates]) == countries
    assert contradiction(question, [delegates, countries]) == delegates


def test_what_is_counted_is_known_by_its_first_character_or_stem() -> None:
    assert counts("二十八个国家") == {("28", "国")} == counts("28国")
    assert counts("Eleven proposals and 16 companies on 2 May, under Article 5") >= {("11", "prop"), ("16", "comp")}
    assert counts("2023年11月") == frozenset()
    assert counts("on 30 October, at the 2025 summit") == frozenset()


@pytest.mark.parametrize(
    ("question", "corrected"),
    [("大会的七项主张是什么？", True), ("大会的十一项主张是什么？", False), ("大会的第七项主张是什么？", False), ("大会的七项罚款是什么？", False)],
)  # fmt: skip
def test_items_are_counted_by_what_names_them(question: str, corrected: bool) -> None:
    (told,) = candidates("港口大会\n\n大会提出11项港口安全主张。")

    assert (contradiction(asked(question), [told]) == told) is corrected
    assert item_counts("第七项主张", 1) == frozenset()


def test_a_why_question_may_presume_a_date() -> None:
    question = asked("为什么2021年开大会？")
    (told,) = candidates("港口大会\n\n大会于2023年举行。")

    assert question.kind is AnswerKind.WHY
    assert contradiction(question, [told]) == told


@pytest.mark.parametrize(
    "question", ["为什么2021年的港口大会开了三天？", "Why did the January 2021 meeting last three days?"]
)
def test_a_date_that_says_what_is_meant_is_no_premise(question: str) -> None:
    (told,) = candidates("港口大会\n\n大会于2023年举行。")

    assert contradiction(asked(question), [told]) is None
