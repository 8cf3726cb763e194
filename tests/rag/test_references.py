"""References to sources without their names."""

from __future__ import annotations

import pytest

from index.analyser import fold
from rag.references import references, themes
from sources.catalogue import load_catalogue

HELD = [entry.id for entry in load_catalogue()]
CHINESE_RULES = {"genai-interim-measures", "algorithm-recommendation-provisions", "deep-synthesis-provisions"}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("拜登那道命令管不管开源模型？", [{"us-eo-14110"}]),
        ("特朗普的行政令废除了什么？", [{"us-eo-14179"}]),
        ("特朗普上台后拜登的AI行政令怎么样了？", [{"us-eo-14110"}]),
        ("管换脸的那部规章第几条讲标识？", [{"deep-synthesis-provisions"}]),
        (
            "管大模型的办法和管推荐的规定有什么不同？",
            [{"genai-interim-measures"}, {"algorithm-recommendation-provisions"}],
        ),
        ("What do China's rules say about minors?", [CHINESE_RULES]),
        ("Does Biden's executive order name a threshold?", [{"us-eo-14110"}]),
        ("首尔那份承诺有哪些企业签？", [{"frontier-ai-safety-commitments"}]),
        ("What do Beijing's deepfake rules require?", [{"deep-synthesis-provisions"}]),
    ],
)
def test_owner_or_theme_and_form_name_a_source(question: str, expected: list[set[str]]) -> None:
    found = references(fold(question), HELD, [])

    assert [set(reference.source_ids) for reference in found if reference.exact] == expected


@pytest.mark.parametrize(
    "question",
    [
        "哪些公司出席了峰会？",
        "什么是深度合成？",
        "用户能关掉推荐吗？",
        "宣言说了什么？",
        "Who signed it in order to act?",
        "Do recommendations change people's behaviour?",
    ],
)
def test_nothing_is_named_where_only_one_of_both_is_said(question: str) -> None:
    assert not [reference for reference in references(fold(question), HELD, []) if reference.exact]


def test_a_party_alone_leans_towards_its_sources() -> None:
    (reference,) = references(fold("欧盟要求什么时候报告严重事件？"), HELD, [])

    assert (reference.source_ids, reference.exact) == (frozenset({"eu-ai-act"}), False)


def test_parties_said_in_one_breath_mean_what_they_share() -> None:
    (reference,) = references(fold("What did China's ambassador to the UN warn of?"), HELD, [])

    assert reference.source_ids == frozenset({"china-unsc-ai-remarks"})


def test_spans_taken_by_names_are_left_alone() -> None:
    folded = fold("the EU AI Act")

    assert references(folded, HELD, [(0, len(folded))]) == []


def test_only_held_sources_are_meant() -> None:
    assert references(fold("拜登那道命令"), ["eu-ai-act"], []) == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("换脸视频要不要打标？", {"deep-synthesis-provisions"}),
        ("May a chatbot maker keep my data?", {"genai-interim-measures"}),
        ("峰会开了几天？", set()),
    ],
)
def test_a_theme_alone_points_to_its_source(question: str, expected: set[str]) -> None:
    assert themes(fold(question), HELD) == expected
    assert themes(fold(question), set(HELD) - expected) == set()
