"""Known questions: what is packed is what was written, and a question finds its unit by one like it."""

from __future__ import annotations

import filecmp
import math
from pathlib import Path

import numpy as np
import pytest
from library_questions import ask_all, readers_questions

from eval.leaks import near_duplicates
from index.analyser import fold
from index.embedder import bundled_embedder
from index.store import PassageIndex
from rag.answerer import Answerer
from rag.kinds import AnswerKind
from rag.knowledge import Knowledge
from rag.known_questions import FOLDER, KnownQuestions, compared, known_questions, pack
from rag.question import understand
from rag.sentences import sentence_spans
from sources.catalogue import load_catalogue
from sources.known_questions import KnownQuestion, load_known_questions
from sources.library import LANGUAGES, digest_files, read_digest

QUESTIONS = load_known_questions()
NOTHING_NAMED: tuple[()] = ()
TINY = [
    KnownQuestion("park-rules", "art3.1", 1, "en", "How much does breaking branches cost?"),
    KnownQuestion("park-rules", "art3.1", 2, "en", "Who collects the money for broken branches?"),
    KnownQuestion("park-rules", "art4.1", 0, "en", "When do the gates close?"),
]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load({entry.id: entry.names() for entry in load_catalogue()})


@pytest.fixture
def tiny(tmp_path: Path) -> KnownQuestions:
    pack(TINY, lambda _: NOTHING_NAMED, tmp_path / "en")
    return KnownQuestions(tmp_path / "en")


def test_every_question_points_to_a_sentence_of_its_digest() -> None:
    sentences = {
        (source_id, entry.locator, language): len(sentence_spans(text, language))
        for source_id, paths in digest_files().items()
        for entry in read_digest(source_id, paths)
        for language, text in entry.texts.items()
    }
    astray = [q for q in QUESTIONS if q.sentence > sentences.get((q.source_id, q.locator, q.language), -1)]
    assert astray == []


def test_no_question_stands_twice_in_a_source_and_language() -> None:
    asked = [(question.source_id, question.locator, question.text) for question in QUESTIONS]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_packed_is_what_is_written(language: str, knowledge: Knowledge, tmp_path: Path) -> None:
    """Run tools/pack_questions.py after a change of the questions, the term sheet, the word lists or the encoder."""
    pack([q for q in QUESTIONS if q.language == language], knowledge.mentions, tmp_path / language)
    names = sorted(path.name for path in (FOLDER / language).iterdir())
    assert filecmp.cmpfiles(tmp_path / language, FOLDER / language, names, shallow=False) == (names, [], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_known_question_finds_its_own_unit(language: str, knowledge: Knowledge) -> None:
    sample = [question for question in QUESTIONS if question.language == language][::61]
    known = known_questions(language)
    for question in sample:
        found = known.units_like(question.text, knowledge.mentions(question.text), known.source_ids)
        likeness = found[question.source_id, question.locator]
        assert likeness.best == pytest.approx(1.0, abs=0.02), question
        assert likeness.sentences[question.sentence] == likeness.best


def test_likeness_is_the_formula(tiny: KnownQuestions) -> None:
    text = "What does it cost to break a branch?"
    terms, folded = compared(text, NOTHING_NAMED, "en")
    held = [compared(question.text, NOTHING_NAMED, "en")[0] for question in TINY]

    def rarity(term: str) -> float:
        holders = sum(term in each for each in held)
        return math.log(1 + (len(held) - holders + 0.5) / (holders + 0.5)) * (1.0 if holders else 0.5)

    def length(words: frozenset[str]) -> float:
        return math.sqrt(sum(rarity(word) ** 2 for word in words))

    vector = bundled_embedder().encode([folded])[0]
    others = bundled_embedder().encode([fold(question.text) for question in TINY])
    expected = [
        0.6 * sum(rarity(term) ** 2 for term in terms & each) / (length(terms) * length(each))
        + 0.4 * float(other @ vector)
        for each, other in zip(held, others, strict=True)
    ]
    assert np.allclose(tiny.likeness(terms, vector), expected, atol=0.01)  # vectors are kept in one byte a value


def test_a_unit_is_told_by_its_questions_sentences_and_kinds(tiny: KnownQuestions) -> None:
    found = tiny.units_like("How much does breaking a branch cost?", NOTHING_NAMED, tiny.source_ids)
    assert next(iter(found)) == ("park-rules", "art3.1")
    likeness = found["park-rules", "art3.1"]
    assert likeness.best == likeness.sentences[1] == likeness.kinds[AnswerKind.COUNT]
    assert likeness.sentences[2] == likeness.kinds[AnswerKind.WHO] < likeness.best
    assert likeness.unit == pytest.approx(likeness.best + 0.25 * likeness.sentences[2])


def test_words_asked_are_those_of_the_unit_alone(tiny: KnownQuestions) -> None:
    assert {"break", "branch", "cost", "money", "collect"} <= tiny.words_asked(("park-rules", "art3.1"))
    assert "gate" not in tiny.words_asked(("park-rules", "art3.1"))
    assert tiny.words_asked(("park-rules", "art9")) == frozenset()


def test_the_name_of_a_source_does_not_make_questions_alike(knowledge: Knowledge) -> None:
    plain = "Must a chatbot say that it is a machine?"
    named = "Under the EU AI Act, must a chatbot say that it is a machine?"
    terms, _ = compared(plain, knowledge.mentions(plain), "en")
    with_name, _ = compared(named, knowledge.mentions(named), "en")
    assert with_name - terms <= {"under"}


def test_units_of_sources_that_are_not_indexed_are_not_known() -> None:
    text = "峰会讨论的五大目标是什么？"
    everything = Knowledge.load({entry.id: entry.names() for entry in load_catalogue()})
    nothing = Knowledge.load({"own-notes": {"zh": ["笔记"]}})
    assert any(source_id == "summit-article" for source_id, _ in understand(text, (), everything).known)
    assert understand(text, (), nothing).known == {}
    assert understand(text, (), Knowledge.load(everything_names(), known_questions=False)).known == {}


def everything_names() -> dict[str, dict[str, list[str]]]:
    return {entry.id: entry.names() for entry in load_catalogue()}


def test_readers_questions_are_answered_by_known_ones(bundled_index: PassageIndex) -> None:
    questions = [question for question in readers_questions() if not question.held_out and question.targets][::5]
    bare = Answerer(bundled_index, knowledge=Knowledge.load(bundled_index.names, known_questions=False))
    right = {
        name: sum(one.right for one in ask_all(answerer, questions))
        for name, answerer in (("with", Answerer(bundled_index)), ("without", bare))
    }
    assert right["with"] >= right["without"] + 0.05 * len(questions)


def test_no_known_question_is_nearly_one_that_is_kept_out_of_sight() -> None:
    held_out = [question.text for question in readers_questions() if question.held_out]
    assert near_duplicates(held_out, QUESTIONS) == []
