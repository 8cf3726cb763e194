"""Passages: exact slices along the text's own structure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_support import GARDEN_LAW, make_edition

from index.split import LONGEST, block_locator, split_edition
from sources.edition import Edition, Origin, UnitKind
from sources.structure import parse_units


@pytest.mark.parametrize(
    ("locator", "block"),
    [
        ("art5.1.c.i", "art5.1"), ("art14.2", "art14.2"), ("art4", "art4"), ("art3.63", "art3.63"), ("recital9", "recital9"),
        ("recital9.p2", "recital9"), ("p4.2", "p4"), ("item6.a", "item6"), ("item1.p2", "item1"), ("sec4.2.b.i", "sec4.2.b"),
        ("sec2.a", "sec2.a"), ("sec1", "sec1"), ("sec1.p2", "sec1.p2"), ("annexIII.1.a", "annexIII.1"), ("annexII.b3", "annexII"),
        ("annexI.A.3", "annexI.A.3"), ("annexVII.3.1.a", "annexVII.3"), ("annexXIII.b", "annexXIII"), ("pre.2", "pre.2"),
    ],
)  # fmt: skip
def test_block_is_the_place_a_person_would_cite(locator: str, block: str) -> None:
    assert block_locator(locator) == block


def test_law_paragraph_with_its_items_is_one_passage_and_none_crosses_an_article() -> None:
    passages = split_edition(make_edition("garden-law", "zh", GARDEN_LAW))
    assert [(passage.locator, passage.context) for passage in passages] == [
        ("art1.1", "园林管理办法 › 第一章 总则"),
        ("art2.1", "园林管理办法 › 第一章 总则"),
        ("art2.2", "园林管理办法 › 第一章 总则"),
        ("art3.1", "园林管理办法 › 第一章 总则"),
    ]
    assert "松鼠" in passages[1].text


@given(st.lists(st.text("甲乙丙。，（一）第二条\n ", min_size=1, max_size=200), min_size=1, max_size=12))
def test_passages_are_slices_that_cover_every_text_unit_once(lines: list[str]) -> None:
    text = "\n".join(["标题", *lines])
    edition = Edition("x", "zh", Origin.OFFICIAL, "标题", text, parse_units(text, "标题"))
    passages = split_edition(edition)
    assert all(text[passage.start : passage.end] == passage.text for passage in passages)
    covered = [unit.locator for passage in passages for unit in edition.units_between(passage.start, passage.end)]
    assert [at for at in covered if edition.unit(at).kind is UnitKind.TEXT] == [  # type: ignore[union-attr]
        unit.locator for unit in edition.units if unit.kind is UnitKind.TEXT
    ]
    for passage in passages:
        units = edition.units_between(passage.start, passage.end)
        assert len(passage.text) <= LONGEST["zh"] or len(units) == 1


def test_identity_depends_on_text_and_place_only() -> None:
    first = split_edition(make_edition("garden-law", "zh", GARDEN_LAW))
    again = split_edition(make_edition("garden-law", "zh", GARDEN_LAW))
    changed = split_edition(make_edition("garden-law", "zh", GARDEN_LAW.replace("五十元", "六十元")))
    assert [p.id for p in first] == [p.id for p in again]
    assert [a.id == b.id for a, b in zip(first, changed, strict=True)] == [True, True, True, False]
