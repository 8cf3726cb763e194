"""Questions that state what one text says and ask what another one tells."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests_support import TopicEmbedder, make_edition

from index.analyser import fold
from index.build import build_index
from index.store import PassageIndex
from rag.answer import Status
from rag.answerer import Answerer
from rag.parts import stated_before_asking

PAPER = "松林通讯\n\n镇上种了花。\n\n通讯说，镇里欢迎《绿地新规》施行。\n"
LAW = "园林管理办法\n\n第一条 为保护古树，制定本办法。\n\n第二条 办法自2023年5月1日起施行。\n"
NAMES = {"pine-paper": {"zh": ["松林通讯"]}, "garden-law": {"zh": ["园林管理办法", "绿地新规"]}}


@pytest.fixture
def answerer(tmp_path: Path, embedder: TopicEmbedder) -> Answerer:
    build_index([make_edition("pine-paper", "zh", PAPER), make_edition("garden-law", "zh", LAW)], NAMES, tmp_path)
    return Answerer(PassageIndex.open(tmp_path))


def cited(answerer: Answerer, question: str) -> list[tuple[str, str]]:
    answer = answerer.answer(question)
    assert answer.status is Status.ANSWERED
    return [(citation.source_id, citation.locator) for claim in answer.claims for citation in claim.citations]


def test_what_one_text_names_is_looked_up_in_the_other(answerer: Answerer) -> None:
    assert cited(answerer, "松林通讯说镇里欢迎一部新规，它自哪天起施行？") == [
        ("pine-paper", "p2"),
        ("garden-law", "p2"),
    ]


def test_a_question_about_one_text_stays_there(answerer: Answerer) -> None:
    assert {source for source, _ in cited(answerer, "松林通讯说镇里欢迎什么？")} == {"pine-paper"}


@pytest.mark.parametrize(
    ("question", "stated"),
    [
        ("松林通讯说来了新规，它何时施行？", "松林通讯说来了新规,"),
        ("The paper reports a rule which the town welcomes. When does it apply?", "the paper reports a rule which the town welcomes. "),
        ("The paper reports a new rule, so who enforces it, and how?", "the paper reports a new rule, "),
        ("According to the paper, who enforces it?", ""),
        ("如果古树倒了，找谁？", ""),
        ("新规呢，何时施行？", ""),
        ("新规何时施行，谁来管？", ""),
        ("Oaks: who plants them?", ""),
        ("新规来了，很好。", ""),
    ],
)  # fmt: skip
def test_what_is_stated_before_it_is_asked(question: str, stated: str) -> None:
    assert stated_before_asking(fold(question)) == stated
