"""Evidence lies in every edition of its source, and finding one place of it is finding it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eval.case import Case, Evidence
from eval.gold import Place, gold_of, places_of
from sources.edition import Edition

Editions = dict[str, Edition]


def places(editions: Editions, locator: str, **anchor: str) -> list[Place]:
    evidence = Evidence.model_validate({"source_id": "park-rules", "locator": locator, "anchor": anchor})
    return list(places_of(evidence, editions.values()))


def words(editions: Editions, place: Place) -> str:
    return "|".join(editions[place.edition_key].text[start:end] for start, end in place.spans)


def test_a_unit_has_a_place_in_every_edition(editions: Editions) -> None:
    found = places(editions, "art3.1")
    assert [place.edition_key for place in found] == ["park-rules.zh", "park-rules.zh.digest", "park-rules.en.digest"]
    assert words(editions, found[2]) == "Whoever breaks article 2 is fined between 50 and 200 yuan by the park office."


def test_an_anchor_narrows_the_digest_and_not_the_official_text(editions: Editions) -> None:
    found = places(editions, "art1.1", zh="晚上9点关门")
    assert [words(editions, place) for place in found[:2]] == [
        "第一条 公园在每年三月一日至十月三十一日开放，开放时间为早上六时至晚上九时。",
        "晚上9点关门",
    ]


def test_an_official_unit_takes_its_points_along(editions: Editions) -> None:
    assert places(editions, "art4")[0].locators == ("art4", "art4.1", "art4.2", "art4.3")


def test_a_digest_without_the_point_offers_the_unit_above(editions: Editions) -> None:
    assert [place.locators for place in places(editions, "art4.2")] == [("art4.2",), ("art4",), ("art4",)]


def test_an_article_without_own_words_is_its_paragraphs(editions: Editions) -> None:
    assert places(editions, "art2")[1].locators == ("art2.1", "art2.2")


@pytest.mark.parametrize(("source", "reachable"), [("park-rules", True), ("elsewhere", False)])
def test_gold_is_reachable_only_where_its_source_is_held(
    editions: Editions, new_case: Callable[..., Case], source: str, reachable: bool
) -> None:
    case = new_case(evidence={"e1": {"source_id": source, "locator": "art3.1"}})
    assert gold_of(case, editions).reachable is reachable
