"""Side by side: every cell cited, nothing where nothing is near, and a report's sentences beside the text itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests_support import GARDEN_DECLARATION, GARDEN_LAW, TopicEmbedder, make_edition

from index.build import build_index
from index.store import PassageIndex
from rag.answer import Support
from rag.beside import MOST_SOURCES, SideBySide
from rag.verify import citation_holds
from sources.edition import Edition

REPORT = """松林镇办了公园论坛

论坛通过了《松林宣言》，宣言说古树属于每一个人。

《松林宣言》说，各镇要在2031年前种下500棵橡树。

镇长没有提到它的经费。
"""
DIGEST = """松林宣言

参加的各镇认为，古树属于每一个人。

各镇决心在2030年前种下400棵橡树。
"""


@pytest.fixture
def texts(tmp_path: Path, embedder: TopicEmbedder) -> PassageIndex:
    """A law, a declaration in two languages, and a report that speaks of it."""
    editions = [
        make_edition("garden-law", "zh", GARDEN_LAW),
        make_edition("pinewood", "en", GARDEN_DECLARATION),
        make_edition("pinewood", "zh", DIGEST),
        make_edition("report", "zh", REPORT),
    ]
    names = {edition.source_id: {"zh": [], "en": []} for edition in editions} | {
        "pinewood": {"zh": ["松林宣言"], "en": ["The Pinewood Declaration"]}
    }
    build_index(editions, names, tmp_path / "index")
    return PassageIndex.open(tmp_path / "index")


def test_a_theme_in_several_texts(texts: PassageIndex) -> None:
    """A text that speaks of the theme is quoted, in text order; one that does not stays empty and says what is nearest."""
    law, declaration = SideBySide(texts).on_theme("罚款", ["garden-law", "pinewood"], "zh")
    assert [claim.text for claim in law.claims] == ["违反本办法的，处五十元以上二百元以下罚款。"]
    assert declaration.claims == ()
    assert declaration.nearest is not None
    assert citation_holds(declaration.nearest, texts)


def test_every_cell_is_cited_from_its_own_source(texts: PassageIndex) -> None:
    """No sentence without a citation, and none of another source."""
    cells = SideBySide(texts).on_theme("古树", ["garden-law", "pinewood", "report"], "zh")
    assert [cell.source_id for cell in cells] == ["garden-law", "pinewood", "report"]
    claims = [(cell.source_id, claim) for cell in cells for claim in cell.claims]
    assert {"pinewood", "report"} <= {source_id for source_id, _ in claims}
    for source_id, claim in claims:
        assert claim.support is Support.VERBATIM
        assert all(citation.source_id == source_id and citation_holds(citation, texts) for citation in claim.citations)
    for cell in cells:
        starts = [claim.citations[0].start for claim in cell.claims]
        assert starts == sorted(starts)


def test_unknown_and_surplus_texts_are_left_out(texts: PassageIndex) -> None:
    """A name that is no source is passed over, and so is one asked for twice."""
    cells = SideBySide(texts).on_theme("古树", ["report", "no-such", "report", "pinewood"], "zh")
    assert [cell.source_id for cell in cells] == ["report", "pinewood"]
    assert len(cells) <= MOST_SOURCES


def test_a_report_beside_the_text_itself(texts: PassageIndex) -> None:
    """Each sentence that names the text stands beside its closest passage; figures that the text has not are told."""
    same, altered = SideBySide(texts).mentions("report", "pinewood", ["p1", "p2", "p3"], "zh")
    assert same.said.text == "论坛通过了《松林宣言》，宣言说古树属于每一个人。"
    assert same.own is not None
    assert same.own.text == "参加的各镇认为，古树属于每一个人。"
    assert same.absent == ()
    assert altered.own is not None
    assert altered.own.text == "各镇决心在2030年前种下400棵橡树。"
    assert {"500", "2031"} <= set(altered.absent)
    for row in (same, altered):
        assert row.own is not None
        assert row.is_close == (row.closeness >= 0.8)
        assert all(citation_holds(claim.citations[0], texts) for claim in (row.said, row.own))


def test_nothing_where_nobody_speaks_of_it(texts: PassageIndex, garden_editions: list[Edition]) -> None:
    """No row for places that do not name the text, nor for a text that is not held."""
    beside = SideBySide(texts)
    assert beside.mentions("report", "pinewood", ["p3"], "zh") == ()
    assert beside.mentions("report", garden_editions[2].source_id, ["p2"], "zh") == ()
    assert beside.mentions("no-such", "pinewood", ["p1"], "zh") == ()
