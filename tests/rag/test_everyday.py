"""Everyday words: what the lists may hold, and what they change."""

from __future__ import annotations

from collections import Counter

import pytest

from index.analyser import fold, stems, terms_of_folded
from index.default import open_or_build
from rag import everyday
from rag.answerer import Answerer
from rag.coverage import sought
from rag.everyday import rewordings
from rag.knowledge import Knowledge
from rag.question import understand
from sources.library import digest_files, read_digest

MOST_MEANT = 3


def entries(language: str) -> list[tuple[str, str]]:
    """(word of the texts, what people say) of one list."""
    lines = (everyday.FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    return [
        (word, said) for word, _, sayings in (line.partition(" = ") for line in lines) for said in sayings.split(", ")
    ]


@pytest.fixture(scope="module")
def digests() -> dict[str, str]:
    rows = [entry for source, paths in digest_files().items() for entry in read_digest(source, paths)]
    return {language: fold("\n".join(row.texts[language] for row in rows)) for language in ("zh", "en")}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_are_of_the_texts_and_sayings_are_not_the_words(language: str, digests: dict[str, str]) -> None:
    found = entries(language)

    assert all(
        fold(word) == word and fold(said) == said for word, said in found
    )  # read as they stand, not folded again
    assert [word for word, _ in found if word not in digests[language]] == []
    assert [word for word, said in found if word == said] == []
    assert len(found) == len(set(found))
    assert {said: times for said, times in Counter(said for _, said in found).items() if times > MOST_MEANT} == {}


def test_the_longest_saying_counts_and_words_of_the_question_are_not_repeated() -> None:
    assert [one.said for one in rewordings("外资投大模型罚多少钱", "zh")] == ["外资", "大模型", "罚多少钱"]
    meant = {one.said: one.meant for one in rewordings("do face-swap apps need a deep synthesis label?", "en")}
    assert all("deep synthesis" not in words for words in meant.values())


def test_sayings_in_english_count_in_any_form() -> None:
    said = next(said for word, said in entries("en") if word == "penalty" and " " not in said)

    assert any("penalty" in one.meant for one in rewordings(f"{stems([said])[0]}s", "en"))


def test_a_latin_saying_in_chinese_is_a_whole_word() -> None:
    said = next(said for _, said in entries("zh") if said.isascii() and said.isalpha())

    assert said in [one.said for one in rewordings(f"用{said}行吗", "zh")]
    assert said not in [one.said for one in rewordings(f"用x{said}行吗", "zh")]


def test_a_saying_inside_the_name_of_a_source_is_no_everyday_word() -> None:
    knowledge = Knowledge.load(open_or_build(None).names)

    named = understand("深度合成管理规定第十二条", (), knowledge)

    assert {one.said for one in named.rewordings}.isdisjoint({"合成", "管理", "规定"})


def test_a_sentence_covers_an_everyday_word_by_any_word_meant() -> None:
    passage_index = open_or_build(None)
    question = understand("换脸的东西要打标吗？", (), Knowledge.load(passage_index.names))
    wanted = sought(question, passage_index.lexical)

    assert wanted.meant
    for word, ways in wanted.meant.items():
        assert wanted.weights[word] > 0
        assert all(word in wanted.held_by(way) for way in ways)
        assert word not in wanted.held_by(frozenset(terms_of_folded("完全无关")))
    assert sum(wanted.weights.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("大数据杀熟违规吗？", ("algorithm-recommendation-provisions", "art21.1")),
        ("外资能不能投大模型？", ("genai-interim-measures", "art23.2")),
    ],
)
def test_everyday_words_find_what_they_mean(
    question: str, place: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cited() -> set[tuple[str, str]]:
        answer = Answerer(open_or_build(None)).answer(question)
        return {(citation.source_id, citation.locator) for claim in answer.claims for citation in claim.citations}

    assert place in cited()
    monkeypatch.setattr(everyday, "_sayings", lambda _: ({}, 0))
    assert place not in cited()
