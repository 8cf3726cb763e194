"""Arithmetic on character spans: merge first, then count, so that no character counts twice.

A span is `(start, end)` with start < end; `Spans` are merged: sorted, apart, not touching. Places in several
editions are a mapping from edition key to `Spans`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
Spans: TypeAlias = tuple[Span, ...]
SpanMap: TypeAlias = Mapping[str, Spans]


def merge(spans: Iterable[Span]) -> Spans:
    """The union of spans; empty and reversed ones are dropped."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def length(spans: Spans) -> int:
    """Characters in merged spans."""
    return sum(end - start for start, end in spans)


def intersect(left: Spans, right: Spans) -> Spans:
    """What two merged sets share."""
    shared: list[Span] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            shared.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(shared)


def overlap(left: Spans, right: Spans) -> int:
    """Number of shared characters of two merged sets."""
    return length(intersect(left, right))


def coverage(target: Spans, spans: Spans) -> float:
    """Share of the target's characters that lie in `spans`; 0 for an empty target."""
    return overlap(target, spans) / length(target) if target else 0.0


def contains(outer: Spans, inner: Span) -> bool:
    """Whether one span lies wholly within merged spans, gaps between neighbours not counted."""
    return (
        bool(outer)
        and outer[0][0] <= inner[0]
        and inner[1] <= outer[-1][1]
        and any(start < inner[1] and inner[0] < end for start, end in outer)
    )


def merge_map(places: Iterable[tuple[str, Span]]) -> dict[str, Spans]:
    """Merged spans per edition."""
    grouped: dict[str, list[Span]] = {}
    for key, span in places:
        grouped.setdefault(key, []).append(span)
    return {key: merge(spans) for key, spans in grouped.items()}


def length_map(places: SpanMap) -> int:
    """Characters in all editions together."""
    return sum(length(spans) for spans in places.values())


def overlap_map(left: SpanMap, right: SpanMap) -> int:
    """Characters shared in all editions together."""
    return sum(overlap(spans, right.get(key, ())) for key, spans in left.items())
