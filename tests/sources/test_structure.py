"""Structure parsers: every unit is found where it stands, and no character is lost."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests_support import GARDEN_DECLARATION, GARDEN_LAW, GARDEN_NEWS

from sources.edition import Edition, Origin, Unit, UnitKind
from sources.numerals import chinese_to_int, roman_to_int
from sources.structure import SourceKind, detect_kind, parse_units
from sources.structure.markers import Ladder

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

REGULATION = """REGULATION (EU) 1/2030

of 1 May 2030

Whereas:

(1) Parks are good.

(2) Trees need water (1).

HAVE ADOPTED THIS REGULATION:

CHAPTER I

GENERAL

Article 1

Scope

This Regulation applies to parks.

It does not apply to private gardens.

Article 2

Prohibited acts

1. The following is prohibited:

(a) lighting fires;

(g) feeding:

(h) climbing, save for:

(i) rescue of animals;

(ii) rescue of people;

Point (h) is without prejudice to other rules.

2. Member States may decide otherwise.

Article 3

Definitions

For this Regulation:

(1) ‘tree’ means a tall plant;

(2) ‘park’ means any of the following:

(a) a town park;

Done at Pinewood, 1 May 2030.

(1) OJ L 1, 1.1.2030, p. 1.

ANNEX I

List of parks

Section A — Town parks

1. Oak park:

(a) north;

ANNEX II

Trees

— oak,

— elm.
"""

ORDER = """Executive Order 1 of May 1, 2030

Parks

Section 1. Purpose. Parks are good.

They must stay so.

Sec. 2. Duties.

2.1. Watering. (a) Within 30 days of this order the Secretary shall:

(i) water the trees; and

(ii) report:

(A) weekly; and

(B) yearly.

Both reports are public.

(b) The Director shall help.

THE WHITE HOUSE,
"""


def locators(text: str, kind: SourceKind | None = None) -> list[str]:
    return [unit.locator for unit in parse_units(text, text.split("\n", 1)[0], kind)]


def edition_of(text: str, units: tuple[Unit, ...]) -> Edition:
    return Edition("x", "en", Origin.OFFICIAL, "x", text, units)


def test_chinese_law_has_articles_paragraphs_and_items() -> None:
    assert locators(GARDEN_LAW) == [
        "title", "h1", "art1.1", "art2.1", "art2.1.1", "art2.1.2", "art2.1.3", "art2.2", "art3.1",
    ]  # fmt: skip


def test_news_paragraph_with_inline_list_is_cut_into_its_members() -> None:
    assert locators(GARDEN_NEWS) == ["title", "p1", "p2", "p2.1", "p2.2", "p2.3", "p3"]


def test_names_under_a_colon_are_members_of_their_paragraph() -> None:
    assert locators(GARDEN_DECLARATION)[-4:] == ["p3", "p3.1", "p3.2", "p3.3"]


def test_regulation_tells_letter_i_from_numeral_i_and_keeps_flush_text() -> None:
    found = locators(REGULATION)
    assert detect_kind(REGULATION) is SourceKind.EU_REGULATION
    assert [at for at in found if at.startswith("art")] == [
        "art1.title", "art1", "art1.p2",
        "art2.title", "art2.1", "art2.1.a", "art2.1.g", "art2.1.h", "art2.1.h.i", "art2.1.h.ii", "art2.1.h.p2", "art2.2",
        "art3.title", "art3", "art3.1", "art3.2", "art3.2.a",
    ]  # fmt: skip
    assert [at for at in found if at.startswith(("recital", "annex", "fn"))] == [
        "recital1", "recital2", "fn1",
        "annexI.title", "annexI.A.title", "annexI.A.1", "annexI.A.1.a", "annexII.title", "annexII.b1", "annexII.b2",
    ]  # fmt: skip


def test_order_splits_headings_from_text_on_the_same_line() -> None:
    assert locators(ORDER) == [
        "title", "pre.1", "sec1.title", "sec1", "sec1.p2", "sec2.title", "sec2.1.title", "sec2.1.a", "sec2.1.a.i",
        "sec2.1.a.ii", "sec2.1.a.ii.A", "sec2.1.a.ii.B", "sec2.1.a.ii.p2", "sec2.1.b", "end.1",
    ]  # fmt: skip


@pytest.mark.parametrize("text", [GARDEN_LAW, GARDEN_NEWS, GARDEN_DECLARATION, REGULATION, ORDER])
def test_body_leaves_out_the_label(text: str) -> None:
    for unit in parse_units(text, text.split("\n", 1)[0]):
        assert unit.start <= unit.body < unit.end
        assert not re.match(r"^(第\S+条|（\S+）|\([a-z0-9]+\)|\d+\.) ", text[unit.body : unit.end])


_LINES = st.sampled_from(
    ["第一条 甲", "第二条　乙", "（一）丙", "(a) x", "(i) y", "(1) z", "Article 1", "Sec. 2. Title. (a) text", "1. one", "— dash",
     "# head", "## sub", "ANNEX I", "Whereas:", "HAVE ADOPTED THIS REGULATION:", "plain text.", "列表如下：", "第一，甲；第二，乙。",
     "二、小标题", "Done at X", "4.1. Sub. (b) text", "THE WHITE HOUSE,", "", "  ", "I. roman", "lower case", "CHAPTER I", "Section A"]
) | st.text(st.characters(exclude_categories=("Cs",)), max_size=30)  # fmt: skip


@example(["第一条 甲", "1. one", "（一）丙", "1. one"], None)  # a number after a point of the item before
@given(st.lists(_LINES, min_size=1, max_size=30), st.sampled_from([None, *SourceKind]))
def test_units_of_any_text_join_to_the_text(lines: list[str], kind: SourceKind | None) -> None:
    """In order, no overlap, no locator twice, only white space between them: no character lost or doubled."""
    text = "\n".join(lines)
    units = parse_units(text, "no such title", kind)
    edition = edition_of(text, units)
    assert all(not gap.strip() for gap in edition.gaps())
    assert all(a.end <= b.start for a, b in pairwise(units))
    assert len({unit.locator for unit in units}) == len(units)
    joined = "".join(
        gap + (text[u.start : u.end] if u else "") for gap, u in zip(edition.gaps(), [*units, None], strict=True)
    )
    assert joined == text


@given(st.integers(1, 999))
def test_chinese_numerals_read_back(number: int) -> None:
    from sources.locator import chinese_number

    assert chinese_to_int(chinese_number(number)) == number


def test_roman_numerals() -> None:
    assert [roman_to_int(numeral) for numeral in ("i", "iv", "ix", "xiv", "XL", "q")] == [1, 4, 9, 14, 40, 0]


def test_ladder_counts_double_letters() -> None:
    ladder = Ladder()
    markers = ["a", "b", "h", "i", "j", "z", "aa", "bb"]
    for position, marker in enumerate(markers):
        ladder.enter(marker, markers[position + 1 :])
        assert ladder.path == [marker]


EXPECTED = {
    "genai-interim-measures.zh": {"articles": 24},
    "genai-interim-measures.en": {"articles": 24},
    "algorithm-recommendation-provisions.zh": {"articles": 35},
    "deep-synthesis-provisions.zh": {"articles": 25},
    "global-ai-governance-initiative.zh": {"proposals": 11},
    "global-ai-governance-initiative.en": {"proposals": 11},
    "us-eo-14110.en": {"sections": 13},
    "eu-ai-act.en": {"recitals": 180, "articles": 113, "annexes": 13},
    "bletchley-declaration.en": {"parties": 29},
}


def count(units: tuple[Unit, ...], what: str) -> int:
    patterns = {
        "articles": r"^(art\d+)", "sections": r"^(sec\d+)", "recitals": r"^(recital\d+)", "annexes": r"^(annex[IVX]+)",
        "proposals": r"^(p4\.\d+)$", "parties": r"^(p11\.\d+)$",
    }  # fmt: skip
    matches = (re.match(patterns[what], unit.locator) for unit in units)
    return len({match[1] for match in matches if match})


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the official texts (../shared/corpus) are not on this machine")
def test_official_texts_have_all_their_parts(capsys: pytest.CaptureFixture[str]) -> None:
    for path in sorted(CORPUS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        title = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["title"]
        units = parse_units(text, title)
        assert all(not gap.strip() for gap in edition_of(text, units).gaps()), path.name
        expected = EXPECTED.get(path.stem, {})
        found = {what: count(units, what) for what in expected}
        with capsys.disabled():
            print(f"\n{path.stem:50} {detect_kind(text).value:14} {len(units):5} units  {found or ''}", end="")
        assert found == expected, path.name
        assert sum(unit.kind is UnitKind.TITLE for unit in units) == 1
