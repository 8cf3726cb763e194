"""Spans: merged before they are counted, so that no recall exceeds 1."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from eval.spans import contains, coverage, intersect, length, merge, merge_map, overlap, overlap_map

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=12)


def characters(raw: list[tuple[int, int]]) -> set[int]:
    return {position for start, end in raw for position in range(start, end)}


@given(spans)
def test_merging_keeps_exactly_the_characters(raw: list[tuple[int, int]]) -> None:
    merged = merge(raw)
    assert characters(list(merged)) == characters(raw)
    assert length(merged) == len(characters(raw))
    assert all(left[1] < right[0] for left, right in pairwise(merged))


@given(spans, spans)
def test_overlap_is_the_size_of_the_intersection(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    shared = intersect(merge(left), merge(right))
    assert characters(list(shared)) == characters(left) & characters(right)
    assert overlap(merge(left), merge(right)) == len(characters(left) & characters(right))


@given(spans, spans)
def test_recall_never_exceeds_one(gold: list[tuple[int, int]], found: list[tuple[int, int]]) -> None:
    assert 0.0 <= coverage(merge(gold), merge(found)) <= 1.0
    assert coverage(merge(gold), merge(gold + found)) == (1.0 if merge(gold) else 0.0)


@given(spans, spans)
def test_more_retrieved_never_lowers_recall(gold: list[tuple[int, int]], found: list[tuple[int, int]]) -> None:
    assert coverage(merge(gold), merge(found)) >= coverage(merge(gold), merge(found[:-1]))


def test_overlapping_passages_count_once() -> None:
    assert merge([(0, 10), (5, 15), (15, 20), (30, 30)]) == ((0, 20),)


def test_containment_ignores_the_line_break_between_units() -> None:
    assert contains(((0, 5), (6, 12)), (3, 9))
    assert not contains(((0, 5), (6, 12)), (3, 13))
    assert not contains((), (0, 1))


def test_editions_are_counted_apart() -> None:
    left = merge_map([("a", (0, 4)), ("b", (0, 4)), ("a", (2, 6))])
    assert left == {"a": ((0, 6),), "b": ((0, 4),)}
    assert overlap_map(left, {"a": ((5, 9),), "c": ((0, 9),)}) == 1
