"""Questions put to the bundled index, each for one habit of the answer path that a made-up index would not try."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from index.store import PassageIndex
from rag.answer import Status
from rag.answerer import Answerer
from rag.fit import fit
from rag.knowledge import Knowledge
from rag.question import Turn, understand
from rag.wording import asked_number, counted_noun
from sources.data import CHECKOUT


@pytest.fixture(scope="module")
def answerer(bundled_index: PassageIndex) -> Answerer:
    return Answerer(bundled_index)


def cited(answerer: Answerer, question: str) -> list[tuple[str, str]]:
    answer = answerer.answer(question)
    return [(citation.source_id, citation.locator) for claim in answer.claims for citation in claim.citations]


@pytest.mark.parametrize(
    "question",
    [
        "张军大使在安理会提出了哪五点主张？",
        "Which five principles did Ambassador Zhang Jun set out in the Security Council?",
    ],
)
def test_a_list_asked_for_by_its_number_is_given_whole_and_in_order(answerer: Answerer, question: str) -> None:
    assert cited(answerer, question) == [("china-unsc-ai-remarks", f"p{number}") for number in range(5, 10)]


@pytest.mark.parametrize(
    "question", ["人工智能法中授权代表的五项任务是什么？", "Which five tasks must an authorised representative perform under the AI Act?"]
)  # fmt: skip
def test_of_two_lists_the_one_as_long_as_asked_for_is_given(answerer: Answerer, question: str) -> None:
    """Article 54 lists four tasks of the representatives of general-purpose models, and scores higher."""
    assert cited(answerer, question) == [("eu-ai-act", f"art22.3.{letter}") for letter in "abcde"]


@pytest.mark.parametrize("question", ["什么时候在布莱奇利开会？", "Was Tencent at Bletchley?"])
def test_what_happened_at_a_place_is_not_sought_in_the_text_named_after_it(answerer: Answerer, question: str) -> None:
    """The name of the place counts neither in finding passages nor in reading them."""
    assert {source for source, _ in cited(answerer, question)} == {"summit-article"}


def test_a_description_is_as_good_as_a_name(answerer: Answerer) -> None:
    described = cited(answerer, "联大那份文本第4段要提供什么？")

    assert {source for source, _ in described} == {"unga-res-78-265"}
    assert described == cited(answerer, "联合国大会第78/265号决议第4段要提供什么？")


@pytest.mark.parametrize(
    ("question", "sources"),
    [
        ("报道说中国提出了什么倡议？那份倡议怎么说发展中国家？", ["summit-article", "global-ai-governance-initiative"]),
        ("Executive Order 14179 revoked which order? What did that order say about red-teaming?", ["us-eo-14179", "us-eo-14110"]),
    ],
)  # fmt: skip
def test_a_later_part_that_points_back_is_sought_in_the_text_just_named(
    answerer: Answerer, question: str, sources: list[str]
) -> None:
    assert list(dict.fromkeys(source for source, _ in cited(answerer, question))) == sources


@pytest.mark.parametrize(
    ("folded", "number"),
    [
        ("哪5点主张", 5),
        ("五大目标是什么", 5),
        ("which eleven proposals", 11),
        ("article 5 applies", 0),
        ("有哪些原则", 0),
    ],
)
def test_number_of_things_asked_for(folded: str, number: int) -> None:
    assert asked_number(folded) == number


@pytest.mark.parametrize(
    ("folded", "noun"),
    [("how many delegates came?", "delegates"), ("有多少个国家签署", "国家"), ("how much is it?", "")],
)
def test_noun_to_be_counted(folded: str, noun: str) -> None:
    assert counted_noun(folded) == noun


def test_a_sentence_that_counts_what_is_asked_fits_better_than_any_figure(bundled_index: PassageIndex) -> None:
    knowledge = Knowledge.load(bundled_index.names)
    question = understand("How many organisations agreed to the commitments?", (), knowledge)

    counted, other, ordinal = (
        fit(question, sentence, knowledge)
        for sentence in ("16 organisations agreed.", "it was held on 21 may 2024.", "the third organisation agreed.")
    )

    assert counted > other
    assert counted > ordinal


@pytest.mark.parametrize(
    ("said", "question", "standalone"),
    [
        (
            ["谁率领中国代表团参加峰会？", "科技部副部长吴朝晖率团参加。"],
            "他是什么职务？",
            "他是什么职务？（吴朝晖）",
        ),
        (["暂行办法什么时候施行？", "……"], "违反了怎么罚？", "违反了怎么罚？（暂行办法）"),
        (
            ["What are the fines for prohibited practices in the AI Act?", "…", "And for SMEs?", "…"],
            "When do they apply?",
            "When do they apply? (AI Act)",
        ),
        (
            ["Do China's Interim Measures require labels?", "…"],
            "And across the EU, in what format do such outputs have to be marked?",
            None,
        ),
        (["What did Elon Musk say?", "…"], "Who else attended?", None),
    ],
)
def test_follow_ups_carry_on_names_and_what_was_left_out_before(
    bundled_index: PassageIndex, said: list[str], question: str, standalone: str | None
) -> None:
    history = [Turn("assistant" if number % 2 else "user", text) for number, text in enumerate(said)]

    assert understand(question, history, Knowledge.load(bundled_index.names)).standalone == standalone


@pytest.mark.parametrize("question", ["倡议是什么时候提出的？", "办法什么时候施行？", "When was the order signed?"])
def test_a_form_that_several_sources_have_is_asked_back(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question).status is Status.NEEDS_CLARIFICATION


@pytest.mark.parametrize(
    "question",
    [
        "什么是前沿人工智能？",  # no form
        "法案何时生效？",  # a form that one source has
        "办法对未成年人沉迷有什么要求？",  # more than the form and a verb
        "What is the US order?",  # whose
        "这份布莱奇利宣言警告了哪些风险？",  # a name after “this”
    ],
)
def test_a_question_that_says_which_is_not_asked_back(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question).status is not Status.NEEDS_CLARIFICATION


def test_an_item_named_by_its_number_is_given_alone(answerer: Answerer) -> None:
    assert set(cited(answerer, "全球人工智能治理倡议第五项主张是什么？")) == {
        ("global-ai-governance-initiative", "p4.5")
    }


def test_a_period_told_beside_its_subject_is_found(answerer: Answerer) -> None:
    (claim,) = answerer.answer("高风险AI系统的日志要保存多久？").claims

    assert "六个月" in claim.text


def test_a_post_that_no_sentence_speaks_of_is_declined(answerer: Answerer) -> None:
    assert answerer.answer("谁是谷歌的CEO？").status.abstained


def test_order_of_sets_in_a_process_changes_nothing() -> None:
    """Python orders sets of strings by a seed of the process; with 10 this question once got another answer."""
    asked = [sys.executable, "-m", "rag", "ask", "报道里讲的前沿AI和狭义AI，差别在哪儿？"]

    answers = {
        subprocess.run(
            asked, cwd=CHECKOUT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "10", "13", "34")
    }

    assert len(answers) == 1


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Where does the money go when an EU institution is fined?", ("eu-ai-act", "art100.6")),  # no sum is asked for
        (
            "Must a face-swap video be flagged in China?",
            ("deep-synthesis-provisions", "art17.1.3"),
        ),  # it names no country
        (
            "What are the six commitments of the GDI?",
            ("global-development-initiative", "p2"),
        ),  # another text has six too
        ("广岛准则要求的风险管理政策多久更新一次？", ("hiroshima-code-of-conduct", "item5.p4")),  # regularly, it says
        ("Who writes up model job descriptions for federal data scientists?", ("us-eo-14110", "sec10.2.f")),
    ],
)
def test_what_is_asked_for_is_not_mistaken(answerer: Answerer, question: str, place: tuple[str, str]) -> None:
    assert place in cited(answerer, question)


@pytest.mark.parametrize(
    ("question", "sources"),
    [
        ("The article says that a US institute for AI safety was announced. Which department runs it?", {"summit-article", "us-aisi"}),
        ("报道提到了全球人工智能治理倡议，它的第五项主张要求建立什么制度？", {"summit-article", "global-ai-governance-initiative"}),
    ],
)  # fmt: skip
def test_what_the_article_only_names_is_answered_from_the_text_it_names(
    answerer: Answerer, question: str, sources: set[str]
) -> None:
    assert {source for source, _ in cited(answerer, question)} == sources


@pytest.mark.parametrize("question", ["白宫人工智能委员会由谁出任主席？", "Who chairs the White House AI Council?"])
def test_who_holds_an_office_is_told_by_the_sentence_that_says_so(answerer: Answerer, question: str) -> None:
    assert ("us-eo-14110", "sec12.b") in cited(answerer, question)


@pytest.mark.parametrize("question", ["出席峰会的行业专家是哪几位？", "报道说哪几位专家到场？"])
def test_which_of_them_is_no_question_after_a_number(answerer: Answerer, question: str) -> None:
    assert ("summit-article", "p19") in cited(answerer, question)


@pytest.mark.parametrize(
    "question",
    [
        "What did Yann LeCun say at the summit?",  # named as present, not quoted
        "哪些国家对联大第78/265号决议投了弃权票？",
        "How many people work for the US AI Safety Institute?",
        "联合国人工智能高级别咨询机构的秘书处设在哪个城市？",
    ],
)
def test_a_sentence_without_what_is_asked_for_is_no_answer(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question).status is Status.NOT_IN_SOURCES


@pytest.mark.parametrize("question", ["What did Elon Musk say after the summit?", "马斯克在峰会后怎么说？"])
def test_what_a_person_said_is_found(answerer: Answerer, question: str) -> None:
    assert ("summit-article", "p23") in cited(answerer, question)


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("Who signed it?", Status.NEEDS_CLARIFICATION),
        ("How many days do they have?", Status.NEEDS_CLARIFICATION),
        ("帮我写一封求职信", Status.OUT_OF_SCOPE),
        ("Should I buy shares of AI companies?", Status.OUT_OF_SCOPE),
        ("谁签署了《布莱奇利宣言》？", Status.ANSWERED),
        ("Must they label deepfakes under the EU AI Act?", Status.ANSWERED),
    ],
)
def test_what_is_not_clear_or_no_question_to_the_texts(answerer: Answerer, question: str, status: Status) -> None:
    assert answerer.answer(question).status is status


def test_a_question_that_states_what_it_points_back_to_is_not_rewritten(answerer: Answerer) -> None:
    """Seen in the page: the text asked about before was added, and answered for."""
    history = (Turn("user", "违反算法推荐规定最多罚多少钱？"), Turn("assistant", "一万元以上十万元以下。"))
    answer = answerer.answer("报道提到了联合国的人工智能机构，谁担任它的联合主席？", history=history)
    assert answer.standalone is None
    assert {citation.source_id for claim in answer.claims for citation in claim.citations} == {
        "summit-article", "un-hlab-ai",
    }  # fmt: skip
    assert answerer.answer("它什么时候施行？", history=history).standalone is not None


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("How many tasks are there?", "the office has 5 tasks", "section 5 of order 14110 of 2023 sets tasks"),
        ("总部设在哪座城市？", "总部设在海牙市。", "各市场监督机构设有总部。"),
        ("园艺协会由谁出任主席？", "商务部部长担任园艺协会主席。", "商务部部长出席园艺协会会议。"),
    ],
)
def test_a_sentence_is_judged_by_what_is_asked_for(question: str, holds: str, lacks: str) -> None:
    knowledge = Knowledge.load({})
    asked = understand(question, (), knowledge)
    assert fit(asked, holds, knowledge) > 0
    assert fit(asked, lacks, knowledge) < fit(asked, holds, knowledge)
