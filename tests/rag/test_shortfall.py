"""Why nearest passages are no answer, and what would settle the question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests_support import GARDEN_DECLARATION, TopicEmbedder, make_edition

from index.build import build_index
from index.store import PassageIndex
from rag.answer import Settling, Shortfall, Status
from rag.answerer import Answerer
from rag.cite import citation
from rag.everyday import Rewording
from rag.knowledge import Knowledge
from rag.question import understand
from rag.record import answer_record
from rag.shortfall import settling, shortfall
from rag.sorts import Sort
from sources.edition import Origin
from sources.terms import Term

DIGEST = "松林宣言\n\n参加的各镇认为，古树属于每一个人。\n\n各镇决心在2030年前种下400棵橡树。"


@pytest.fixture
def texts(tmp_path: Path, embedder: TopicEmbedder) -> PassageIndex:
    """A declaration held in English, and another of which only a digest is held."""
    editions = [
        make_edition("pinewood", "en", GARDEN_DECLARATION),
        make_edition("songlin", "zh", DIGEST, Origin.DIGEST),
    ]
    names = {"pinewood": {"en": ["Pinewood Declaration"]}, "songlin": {"zh": ["松林宣言"]}}
    build_index(editions, names, tmp_path / "index")
    return PassageIndex.open(tmp_path / "index")


@pytest.mark.parametrize(
    ("question", "key", "locator", "expected"),
    [
        ("How much did the oaks cost?", "pinewood.en", "p1", Shortfall(("oaks", "cost"), "money")),
        ("What do the towns say of old trees?", "pinewood.en", "p1", Shortfall()),
        ("When were the benches painted?", "pinewood.en", "p1", Shortfall(("benches", "painted"), "when")),
        ("谁画了公园的长椅？", "songlin.zh.digest", "p1", Shortfall(("公园", "长椅"), "who")),
        ("松林宣言怎么说古树？", "songlin.zh.digest", "p1", Shortfall()),
        ("谁画了公园的长椅？", "pinewood.en", "p1", Shortfall((), "who")),  # words of two languages are not compared
    ],
)
def test_what_a_passage_lacks(texts: PassageIndex, question: str, key: str, locator: str, expected: Shortfall) -> None:
    """Words that are not there, and the sort of thing asked for."""
    edition = texts.editions[key]
    unit = edition.unit(locator)
    assert unit is not None
    knowledge = Knowledge((), texts.names)
    understood = understand(question, (), knowledge)
    near = citation(edition, unit, unit.body, unit.end, understood.language)
    assert shortfall(understood, near, texts, knowledge) == expected


PEOPLE = (
    Term("mara", "person", ("马拉",), ("Mara Oakes",)),
    Term("norland", "country", ("北国",), ("Norland",)),
)


@pytest.mark.parametrize(
    ("question", "locator", "sort"),
    [
        ("What did Mara Oakes say of old trees?", "p1", Sort.SPEAKER),
        ("Which countries planted old trees?", "p1", Sort.COUNTRY),
        ("Who chairs the towns?", "p1", Sort.OFFICE),
        ("How many minutes did the towns meet?", "p2", Sort.MEASURE),
        ("How many people planted the old trees?", "p1", Sort.PEOPLE),
        ("Which city planted the old trees?", "p1", Sort.CITY),
        ("How many trees are old?", "p1", Sort.COUNT),
        ("What percentage of the trees is old?", "p1", Sort.SHARE),
        ("How old is Mara Oakes?", "p1", Sort.AGE),
        ("Which university studied the trees?", "p1", Sort.UNIVERSITY),
        ("Who is the CEO of the towns?", "p1", Sort.POST),
        ("Who was the founder of the towns?", "p1", Sort.FOUNDER),
        ("Which scientists studied old trees?", "p1", Sort.PERSON),
    ],
)
def test_what_sort_of_thing_a_passage_lacks(texts: PassageIndex, question: str, locator: str, sort: Sort) -> None:
    """Every rule of fit that declines has a name of its own."""
    edition = texts.editions["pinewood.en"]
    unit = edition.unit(locator)
    assert unit is not None
    knowledge = Knowledge(PEOPLE, texts.names)
    understood = understand(question, (), knowledge)
    near = citation(edition, unit, unit.body, unit.end, "en")
    assert shortfall(understood, near, texts, knowledge).lacks == sort
    assert settling(understood, [near], texts).kind == sort


def test_a_speakers_own_words_lack_nothing(tmp_path: Path, embedder: TopicEmbedder) -> None:
    """Sentence by sentence: that somebody else speaks beside the person named makes it no word of theirs."""
    hers = "Trees\n\nMara Oakes said that old trees matter.\n\nMara Oakes came late. The mayor said that trees matter."
    build_index([make_edition("talk", "en", hers)], {}, tmp_path / "index")
    held = PassageIndex.open(tmp_path / "index")
    edition = held.editions["talk.en"]
    knowledge = Knowledge(PEOPLE, held.names)
    understood = understand("What did Mara Oakes say of old trees?", (), knowledge)
    found = [
        shortfall(understood, citation(edition, unit, unit.body, unit.end, "en"), held, knowledge).lacks
        for unit in (edition.unit("p1"), edition.unit("p2"))
        if unit is not None
    ]
    assert found == ["", "speaker"]


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("北国首席园丁的古树有多少？", ("北国", "首席园丁")),  # a name stands apart
        ("各镇申请了古树吗？", ("申请",)),  # 请 asks elsewhere
        ("古树是谁种下的，既然它们属于每一个人？", ("种下",)),
    ],
)
def test_missing_words_are_whole(texts: PassageIndex, question: str, missing: tuple[str, ...]) -> None:
    """Of a run of Chinese characters only what the passage does not hold, cut where words end."""
    edition = texts.editions["songlin.zh.digest"]
    unit = edition.unit("p1")
    assert unit is not None
    knowledge = Knowledge(PEOPLE, texts.names)
    near = citation(edition, unit, unit.body, unit.end, "zh")
    assert shortfall(understand(question, (), knowledge), near, texts, knowledge).missing == missing


def test_what_would_settle_it(texts: PassageIndex) -> None:
    """The sort of source asked for, and the official text where only its digest is held."""
    edition = texts.editions["songlin.zh.digest"]
    unit = edition.units[1]
    near = citation(edition, unit, unit.body, unit.end, "zh")
    understood = understand("松林宣言花了多少钱？", (), Knowledge((), texts.names))
    assert settling(understood, [near], texts) == Settling("money", (("songlin", "松林宣言"),))
    official = texts.editions["pinewood.en"]
    held = citation(official, official.units[1], official.units[1].body, official.units[1].end, "zh")
    assert settling(understood, [held], texts).digests == ()


def test_a_declined_answer_tells_it(texts: PassageIndex) -> None:
    """One shortfall a nearest passage, in the record as well; an answered question has none."""
    answerer = Answerer(texts)
    declined = answerer.answer("松林宣言花了多少钱？")
    assert declined.status is Status.NOT_IN_SOURCES
    assert len(declined.shortfalls) == len(declined.nearest) > 0
    assert all(found.missing or found.lacks for found in declined.shortfalls)
    assert {rejection.reason for rejection in declined.rejected} == {"not sure enough to answer"}
    record = answer_record(declined)
    assert record["settling"] == {"kind": "money", "digests": [{"source_id": "songlin", "title": "松林宣言"}]}
    answered = answerer.answer("松林宣言决心种下多少棵橡树？")
    assert answered.status is Status.ANSWERED
    assert answered.shortfalls == ()
    assert "not sure enough to answer" not in {rejection.reason for rejection in answered.rejected}
    assert answered.settling is None


def test_a_word_meant_is_as_good_as_the_one_said(texts: PassageIndex) -> None:
    """What the text does not hold in any words is named in one piece, as it was said."""
    edition = texts.editions["songlin.zh.digest"]
    unit = edition.unit("p1")
    assert unit is not None
    knowledge = Knowledge((), texts.names)
    near = citation(edition, unit, unit.body, unit.end, "zh")
    understood = understand("树属于大数据杀熟吗？", (), knowledge)
    assert understood.rewordings
    assert shortfall(understood, near, texts, knowledge).missing == ("大数据杀熟",)
    meant = replace(understood, rewordings=(Rewording("大数据杀熟", ("古树",)),))
    assert shortfall(meant, near, texts, knowledge).missing == ()


def test_a_place_that_is_not_there_is_not_missed_as_a_number(bundled_index: PassageIndex) -> None:
    answer = Answerer(bundled_index).answer("《生成式人工智能服务管理暂行办法》第三十条说了什么？")
    assert answer.nearest
    assert not any("30" in lack.missing for lack in answer.shortfalls)
