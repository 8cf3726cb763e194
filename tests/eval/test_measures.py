"""Retrieval measures: characters and units, budgets, and ties that cannot be broken in our favour."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eval.case import Case
from eval.gold import Gold, gold_of
from eval.measures import (
    character_recall,
    evidence_hit,
    precision_ceiling,
    retrieval_values,
    unit_ranking,
    within_budget,
)
from eval.spans import Span, merge_map
from sources.edition import Edition

Editions = dict[str, Edition]


@pytest.fixture
def gold(editions: Editions, new_case: Callable[..., Case]) -> Gold:
    """Either the fine, or the news and the opening hours together."""
    evidence = {
        "e1": {"source_id": "park-rules", "locator": "art3.1"},
        "e2": {"source_id": "park-news", "locator": "p1"},
        "e3": {"source_id": "park-rules", "locator": "art1.1"},
    }
    return gold_of(new_case(evidence=evidence, sufficient=[["e1"], ["e2", "e3"]]), editions)


def unit(editions: Editions, key: str, locator: str) -> tuple[str, Span]:
    found = editions[key].unit(locator)
    assert found is not None
    return key, (found.start, found.end)


def test_any_edition_of_any_sufficient_set_is_a_hit(editions: Editions, gold: Gold) -> None:
    assert evidence_hit(gold, merge_map([unit(editions, "park-rules.en.digest", "art3.1")])) == 1.0
    news, hours = unit(editions, "park-news.zh.digest", "p1"), unit(editions, "park-rules.zh", "art1.1")
    assert evidence_hit(gold, merge_map([news])) == 0.0
    assert evidence_hit(gold, merge_map([news, hours])) == 1.0


def test_four_fifths_of_the_characters_are_enough(editions: Editions, gold: Gold) -> None:
    key, (start, end) = unit(editions, "park-rules.zh", "art3.1")
    enough = start + -(-(end - start) * 4 // 5)
    assert evidence_hit(gold, {key: ((start, enough),)}) == 1.0
    assert evidence_hit(gold, {key: ((start, enough - 1),)}) == 0.0
    assert character_recall(gold, {key: ((start, start + (end - start) // 2),)}) == pytest.approx(0.5, abs=0.03)


def test_a_budget_cuts_before_the_passage_that_exceeds_it() -> None:
    ranking: list[tuple[str, Span]] = [("a", (0, 300)), ("a", (200, 500)), ("b", (0, 100)), ("a", (0, 10))]
    assert within_budget(ranking, 500) == {"a": ((0, 500),)}
    assert within_budget(ranking, 299) == {}
    assert within_budget(ranking, 600) == {"a": ((0, 500),), "b": ((0, 100),)}


def test_values_of_a_ranking(editions: Editions, gold: Gold) -> None:
    ranking = [unit(editions, "park-rules.zh", "art2.1"), unit(editions, "park-rules.zh", "art3.1")]
    values = retrieval_values(gold, ranking, editions)
    assert (values["evidence_hit@1"], values["evidence_hit@3"], values["evidence_hit@500c"]) == (0.0, 1.0, 1.0)
    assert values["unit_rr@10"] == 0.5


def test_equal_scores_keep_the_order_given(gold: Gold) -> None:
    # trec_eval orders ties by name, so a gold unit named last would rank first; ranks are passed instead.
    others = [("park-rules.zh", "art2.1"), ("park-rules.zh", "art2.2")]
    assert unit_ranking(gold, [*others, ("park-rules.zh", "art3.1")])["unit_rr@10"] == pytest.approx(1 / 3)


def test_nothing_retrieved_counts_0(editions: Editions, gold: Gold) -> None:
    assert set(retrieval_values(gold, [], editions).values()) == {0.0}


def test_passages_set_a_ceiling_to_precision(editions: Editions, gold: Gold) -> None:
    key, (start, end) = unit(editions, "park-rules.zh", "art3.1")
    assert precision_ceiling(gold, {key: [(start, end), (0, start)]}) == 1.0
    longer = (start, end + (end - start))
    assert precision_ceiling(gold, {key: [longer]}) == 0.5
    assert precision_ceiling(gold, {key: [(start, end), longer]}) == 0.5  # every passage that touches it counts
    digest = unit(editions, "park-rules.zh.digest", "art3.1")
    assert precision_ceiling(gold, {key: [longer], digest[0]: [digest[1]]}) == 1.0
    assert precision_ceiling(gold, {}) == 0.0
