"""What the bundled index says of texts and places: which there are, which still hold, when they were issued."""

from __future__ import annotations

import pytest

from index.store import PassageIndex
from rag.answer import Status
from rag.answerer import Answerer


@pytest.fixture(scope="module")
def answerer(bundled_index: PassageIndex) -> Answerer:
    return Answerer(bundled_index)


def cited(answerer: Answerer, question: str) -> list[tuple[str, str]]:
    answer = answerer.answer(question)
    return [(citation.source_id, citation.locator) for claim in answer.claims for citation in claim.citations]


@pytest.mark.parametrize(
    ("question", "first"), [("第十四条说了什么？", "algorithm-recommendation-provisions"), ("What does Article 14 say?", "eu-ai-act")]
)  # fmt: skip
def test_a_place_that_several_sources_have_is_shown_in_each(answerer: Answerer, question: str, first: str) -> None:
    answer = answerer.answer(question)
    places = cited(answerer, question)
    assert places[0][0] == first
    assert {source for source, _ in places} == {
        "algorithm-recommendation-provisions", "deep-synthesis-provisions", "eu-ai-act", "genai-interim-measures",
    }  # fmt: skip
    assert all(locator.split(".")[0] == "art14" for _, locator in places)
    assert all("14" in claim.heading or "十四" in claim.heading for claim in answer.claims)


@pytest.mark.parametrize(
    "question",
    [
        "拜登的行政命令还有效吗？",
        "14110号行政令是谁废除的？",
        "特朗普上台后，拜登的AI行政令怎么样了？",
        "Is Biden's AI order still in force?",
        "Has EO 14110 been revoked?",
        "Which order revoked Biden's executive order on AI?",
        "What happened to Biden's AI order?",
    ],
)
def test_whether_a_text_still_holds_is_told_by_the_one_that_revokes_it(answerer: Answerer, question: str) -> None:
    assert cited(answerer, question)[0] == ("us-eo-14179", "sec5.a")


@pytest.mark.parametrize("question", ["Is Executive Order 14179 still in force?", "《布莱奇利宣言》还有效吗？"])
def test_a_text_cannot_tell_whether_it_still_holds(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question).status is Status.NOT_IN_SOURCES


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("《生成式人工智能服务管理暂行办法》第三十条说了什么？", "没有第三十条"),
        ("全球人工智能治理倡议的第十五项主张是什么？", "没有第15项"),
        ("What does Article 200 of the EU AI Act say?", "has no Art. 200"),
    ],
)
def test_a_place_that_its_text_does_not_have_is_not_answered_from_another(
    answerer: Answerer, question: str, told: str
) -> None:
    answer = answerer.answer(question)
    assert answer.status is Status.NOT_IN_SOURCES
    assert told in answer.reason


@pytest.mark.parametrize(
    "question",
    [
        "刑法第十条说了什么？",
        "网络安全法第二十一条规定了什么？",
        "GDPR第十条说了什么？",
        "What does Article 10 of the GDPR say?",
        "What does the Constitution's Article 10 say?",
    ],
)
def test_a_place_of_a_text_that_is_not_held_is_not_answered_from_another(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question).status is Status.NOT_IN_SOURCES


@pytest.mark.parametrize(
    "question", ["算法规定第十条说了什么？", "What does Article 5 of the European AI law prohibit?"]
)
def test_a_text_named_in_part_is_still_the_one_meant(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question).status is Status.ANSWERED


@pytest.mark.parametrize("question", ["峰会第三天讨论了什么？", "What was discussed on the third day of the summit?"])
def test_a_third_day_of_two_is_corrected(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question)
    assert answer.status is Status.PREMISE_REJECTED
    assert answer.claims[0].citations[0].locator == "p19"


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("峰会第一天讨论了什么？", ["开幕当天"]),
        ("峰会第一天和第二天分别讨论了什么？", ["开幕当天", "第二天"]),
        ("What was discussed on day one and day two of the summit?", ["opening day", "second day"]),
    ],
)
def test_each_day_asked_about_is_told(answerer: Answerer, question: str, days: list[str]) -> None:
    answer = answerer.answer(question)
    assert answer.status is Status.ANSWERED
    assert all(day in answer.text for day in days)


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("布莱奇利宣言是什么时候发布的？", [("china-france-ai-joint-statement", "item6")]),
        ("When was the Bletchley Declaration signed?", [("china-france-ai-joint-statement", "item6")]),
        ("14110号行政令何时签署？", [("us-eo-14179", "sec5.a")]),
        ("When was Executive Order 14110 signed?", [("us-eo-14179", "sec5.a")]),
        ("14179号行政令何时签署？", [("us-eo-14179", "pre.1")]),
    ],
)
def test_a_date_that_a_text_does_not_tell_of_itself_is_told_by_another(
    answerer: Answerer, question: str, places: list[tuple[str, str]]
) -> None:
    assert cited(answerer, question) == places


@pytest.mark.parametrize(
    "question",
    ["谁是英国首相？", "Who is the UK prime minister?", "下一届峰会在哪里举行？", "暂行办法是什么时候公布的？"],
)
def test_nobody_and_no_place_is_made_up(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question).status is Status.NOT_IN_SOURCES


@pytest.mark.parametrize(
    "question",
    [
        "算法推荐规定里谁可以撤销备案？",
        "《生成式人工智能服务管理暂行办法》目前对数据标注的要求如何？",
        "What does Article 5 of Chapter II say?",
    ],
)
def test_what_only_looks_like_such_a_question_is_answered(answerer: Answerer, question: str) -> None:
    """Each was declined for a while: something within a text is revoked, something is so at present, a chapter is no text."""
    assert answerer.answer(question).status is Status.ANSWERED


def test_a_point_that_is_counted_otherwise_is_not_called_missing(answerer: Answerer) -> None:
    assert "没有第" not in answerer.answer("欧盟人工智能法案第五条第一款第一项说了什么？").reason
    assert "has no" not in answerer.answer("What does Article 5(20) of the EU AI Act say?").reason
    assert "没有第十四条第五款" in answerer.answer("《生成式人工智能服务管理暂行办法》第十四条第五款说了什么？").reason
