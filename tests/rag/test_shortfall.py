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
from sources.edition import Origin

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
        ("How much did the oaks cost?", "pinewood.en", "p1", Shortfall(("oaks", "cost"), "count")),
        ("What do the towns say of old trees?", "pinewood.en", "p1", Shortfall()),
        ("When were the benches painted?", "pinewood.en", "p1", Shortfall(("benches", "painted"), "when")),
        ("谁画了公园的长椅？", "songlin.zh.digest", "p1", Shortfall(("画了公园", "长椅"), "who")),
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


def test_what_would_settle_it(texts: PassageIndex) -> None:
    """The sort of source asked for, and the official text where only its digest is held."""
    edition = texts.editions["songlin.zh.digest"]
    unit = edition.units[1]
    near = citation(edition, unit, unit.body, unit.end, "zh")
    understood = understand("松林宣言花了多少钱？", (), Knowledge((), texts.names))
    assert settling(understood, [near], texts) == Settling("count", (("songlin", "松林宣言"),))
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
    record = answer_record(declined)
    assert record["settling"] == {"kind": "count", "digests": [{"source_id": "songlin", "title": "松林宣言"}]}
    answered = answerer.answer("松林宣言决心种下多少棵橡树？")
    assert answered.status is Status.ANSWERED
    assert answered.shortfalls == ()
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
