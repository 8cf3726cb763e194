"""Questions asked of texts that are held in the other language alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests_support import make_edition

from index.analyser import fold
from index.build import build_index
from index.store import PassageIndex
from rag.answer import Status
from rag.answerer import Answerer
from rag.blocks import Sentence, sentences_of_block
from rag.interlingual import said_across

HANDBOOK = make_edition(
    "handbook",
    "en",
    """Handbook of the harbour library

The library opens at nine in the morning and closes at eight in the evening, except on Sundays.

Readers may borrow ten books at a time and keep each of them for three weeks.

A lost book must be replaced, or its price paid, within one month.

Dogs and other animals wait outside; guide dogs for blind readers are welcome.

The roof garden is closed in winter because the stairs freeze.

Children under twelve come with an adult, who answers for what they break.

Old maps are shown on request in the reading room on the second floor.
""",
)
ASKED = {
    "读者一次可以借多少本书？": "borrow ten books",
    "丢失的书要怎么赔偿？": "lost book",
    "冬天花园为什么关闭？": "roof garden",
    "旧地图在哪里可以看？": "Old maps",
}


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    folder = tmp_path_factory.mktemp("handbook")
    build_index([HANDBOOK], {"handbook": {"en": [HANDBOOK.title]}}, folder)
    return PassageIndex.open(folder)


def _sentences() -> list[Sentence]:
    return [s for unit in HANDBOOK.units for s in sentences_of_block(HANDBOOK, unit.locator, None)]


@pytest.mark.parametrize(("question", "quote"), ASKED.items())
def test_the_sentence_that_answers_says_most_of_a_question_in_the_other_language(question: str, quote: str) -> None:
    sentences = _sentences()
    shares = said_across(fold(question), sentences)
    best = max(zip(shares, sentences, strict=True), key=lambda pair: pair[0])
    assert quote in best[1].text
    assert 0.5 < best[0] <= 1.0


def test_headings_say_a_word_for_the_sentences_below_them() -> None:
    sentences = _sentences()
    untitled = [replace(sentence, edition=replace(sentence.edition, title="")) for sentence in sentences]
    below = [place for place, sentence in enumerate(sentences) if "harbour" not in sentence.text]
    shares, alone = said_across("港口", sentences), said_across("港口", untitled)
    assert below
    assert all(shares[place] > alone[place] for place in below)


@pytest.mark.parametrize("question", ["", "？", "𓀀𓀁"])
def test_a_question_without_a_known_word_is_said_nowhere(question: str) -> None:
    sentences = _sentences()
    assert said_across(question, sentences) == [0.0] * len(sentences)


@pytest.mark.parametrize(("question", "quote"), ASKED.items())
def test_a_chinese_question_is_answered_from_an_english_text(handbook: PassageIndex, question: str, quote: str) -> None:
    answer = Answerer(handbook).answer(question)
    assert answer.status is Status.ANSWERED
    assert quote in answer.claims[0].citations[0].quote


@pytest.mark.parametrize("question", ["图书馆馆长的工资是多少？", "谁设计了图书馆的大楼？"])
def test_what_the_english_text_does_not_tell_is_declined(handbook: PassageIndex, question: str) -> None:
    assert Answerer(handbook).answer(question).status.abstained


def test_out_of_scope_is_told_of_the_text_at_hand(handbook: PassageIndex) -> None:
    answer = Answerer(handbook).answer("谁是馆长？")
    assert answer.status is Status.OUT_OF_SCOPE
    assert "峰会" not in answer.reason  # which is the library's subject, not this text's
