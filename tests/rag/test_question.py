"""Understanding: kinds, places named directly, names in both languages, follow-ups."""

from __future__ import annotations

import pytest

from index.analyser import fold
from index.default import open_or_build
from rag.kinds import AnswerKind, kind_of
from rag.knowledge import Knowledge
from rag.parts import parts_of
from rag.places import asked_locators, text_named
from rag.question import Turn, understand
from sources.terms import Term

TERMS = (
    Term("pinewood", "place", ("松林镇",), ("Pinewood",)),
    Term("oakham", "place", ("橡树镇",), ("Oakham",)),
    Term("forum", "event", ("公园论坛", "論壇會"), ("Park Forum", "PF")),
    Term("fine", "concept", ("罚款",), ("fine",)),
    Term("usa", "country", ("美国",), ("United States", "US")),
)
KNOWLEDGE = Knowledge(TERMS, {"garden-law": {"zh": ["园林管理办法", "园林办法"], "en": ["Garden Rules"]}})


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("公园论坛什么时候开幕？松林镇种了多少棵古树？", 2),
        ("公園論壇什麼時候開幕？松林鎮種了多少棵古樹？", 2),
        ("Where was the Park Forum held? How much did Pinewood pay?", 2),  # a name is a topic
        ("公园论坛什么时候开幕？谁定的？", 1),  # asks on about the same
    ],
)
def test_several_questions_are_told_apart(question: str, count: int) -> None:
    """In either script; a part without a topic of its own belongs to the one before."""
    assert len(parts_of(question, KNOWLEDGE)) == count


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("论坛的三个议题是什么？", AnswerKind.LIST),
        ("有哪些城市参加？", AnswerKind.LIST),
        ("What are the three themes?", AnswerKind.LIST),
        ("来了多少个城市？", AnswerKind.COUNT),
        ("How many towns came?", AnswerKind.COUNT),
        ("论坛什么时候开幕？", AnswerKind.WHEN),
        ("When does it apply?", AnswerKind.WHEN),
        ("谁说了这句话？", AnswerKind.WHO),
        ("Who said so?", AnswerKind.WHO),
        ("什么是古树？", AnswerKind.DEFINITION),
        ("What is an old tree?", AnswerKind.DEFINITION),
        ("为什么要养护古树？", AnswerKind.WHY),
        ("哪一条规定了罚款？", AnswerKind.LOCATE),
        ("Which article sets the fine?", AnswerKind.LOCATE),
        ("两份文件有什么不同？", AnswerKind.COMPARE),
        ("可以生火吗？", AnswerKind.YES_NO),
        ("镇长说了什么？", AnswerKind.FACT),
        ("算法推荐技术分哪几类？", AnswerKind.LIST),
        ("一共分几类？", AnswerKind.COUNT),
        ("两位园丁都叫什么？", AnswerKind.WHO),
        ("园艺师是什么职务？", AnswerKind.WHO),
        ("Which gardener planted it?", AnswerKind.FACT),
        ("Which official planted it?", AnswerKind.WHO),
        ("古树多长时间检查一次？", AnswerKind.WHEN),
        ("How often are old trees checked?", AnswerKind.WHEN),
        ("凭什么不许爬树？", AnswerKind.WHY),
        ("园林部门为啥要挂牌？", AnswerKind.WHY),
        ("Why train those who prune?", AnswerKind.WHY),
        ("What is the point of the fence?", AnswerKind.WHY),
        ("古树到底是啥？", AnswerKind.DEFINITION),
        ('"old tree" meaning', AnswerKind.DEFINITION),
        ("Who counts as a gardener?", AnswerKind.DEFINITION),
        ("遛狗管不管？", AnswerKind.YES_NO),
        ("遛狗违规不？", AnswerKind.YES_NO),
        ("I have a dog. Can I walk it here?", AnswerKind.YES_NO),
        ("Where does the fine go?", AnswerKind.WHERE),
        ("Where does the rule mention fines?", AnswerKind.LOCATE),
        ("两份规定差在哪？", AnswerKind.COMPARE),
    ],
)
def test_kind(question: str, kind: AnswerKind) -> None:
    assert kind_of(fold(question)) is kind


@pytest.mark.parametrize(
    ("question", "locators"),
    [
        ("第十四条说了什么", ("art14",)),
        ("第14條第二款", ("art14.2",)),
        ("第四条第（三）项", ("art4.1.3",)),
        ("Art. 5(1)(a)", ("art5.1.a",)),
        ("Article 14, paragraph 2", ("art14.2",)),
        ("What does Sec. 4.2(b)(i) say?", ("sec4.2.b.i",)),
        ("recital 12 and Annex III", ("recital12", "annexIII")),
        ("附件三", ("annexIII",)),
        ("10月14日开会", ()),
    ],
)
def test_places_named_directly(question: str, locators: tuple[str, ...]) -> None:
    assert asked_locators(fold(question)) == locators


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("请问公司法第14条怎么规定的？", "公司"),
        ("民法典第一千条", "民法"),
        ("《网络安全法》第二十一条", "网络安全"),
        ("GDPR第十条", "gdpr"),
        ("What does Article 10 of the GDPR say?", "gdpr"),
        ("What does the GDPR's Article 22 say?", "gdpr"),
        ("第十条说了什么", ""),
        ("这部法第十条", ""),
        ("What does Article 5 say?", ""),
        ("What does Article 5 of the act prohibit?", ""),
    ],
)
def test_text_that_a_place_is_said_to_be_of(question: str, named: str) -> None:
    assert text_named(fold(question)) == named


def test_names_are_found_in_any_script_and_only_whole_latin_words() -> None:
    found = [mention.alias for mention in KNOWLEDGE.mentions("《園林管理辦法》和 PF，Pinewoods 与 US towns")]
    assert found == ["园林管理办法", "pf", "pinewood", "us"]
    assert KNOWLEDGE.mentions("tell us about pfx") == []


def test_scope_is_the_source_that_the_question_names() -> None:
    assert understand("《园林办法》第三条", (), KNOWLEDGE).scope == {"garden-law"}


@pytest.mark.parametrize(
    ("earlier", "question", "standalone"),
    [
        ("松林镇种了多少棵树？", "那橡树镇呢？", "橡树镇种了多少棵树？"),
        ("How many trees did Pinewood plant?", "What about Oakham?", "How many trees did Oakham plant?"),
        ("公园论坛在哪里开？", "那罚款呢？", "罚款？（公园论坛在哪里开）"),
        ("公园论坛在哪里开？", "它什么时候开幕？", "它什么时候开幕？（公园论坛）"),
        ("Where was the Park Forum held?", "Who opened it?", "Who opened it? (Park Forum)"),
        ("公園論壇在哪裡開？", "這個論壇什麼時候開幕？", "這個論壇什麼時候開幕？（公園論壇）"),
        ("公園論壇在哪裡開？", "還有誰？", "還有誰？（公園論壇）"),
        ("公园论坛在哪里开？", "松林镇的镇长是谁？", None),
        (
            "Where was the Park Forum held?",
            "How many oaks did the towns of the valley decide to plant before 2030?",
            None,
        ),
    ],
)
def test_follow_up_is_rewritten_and_a_stand_alone_question_is_not(
    earlier: str, question: str, standalone: str | None
) -> None:
    history = [Turn("user", earlier), Turn("assistant", "……")]
    assert understand(question, history, KNOWLEDGE).standalone == standalone


@pytest.mark.parametrize(
    ("question", "equals"),
    [
        ("联大决议和布莱奇利宣言，谈的是同一类AI么？", True),
        ("At what compute do Biden's AI order and the EU AI Act each kick in?", True),
        ("隐私上，全球人工智能治理倡议、广岛行为准则各写了什么？", True),
        ("中法联合声明对布莱奇利宣言怎么说？", False),
        ("What does the China–France statement say about the Bletchley Declaration?", False),
        ("据报道，《布莱奇利宣言》由多少方签署？", False),
        ("宣言和我有什么关系？", False),
    ],
)
def test_two_sources_named_as_equals_are_set_side_by_side(question: str, equals: bool) -> None:
    knowledge = Knowledge.load(open_or_build(None).names)

    assert understand(question, (), knowledge).sets_side_by_side is equals
