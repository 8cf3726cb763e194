"""Retrieval measures, in characters and in units, so that no way of splitting passages is favoured.

EvHit@k = 1 iff some sufficient set has every member covered to at least 0.8 by the first k passages.
CharRecall@k = max over sufficient sets of covered characters / characters, each piece at its best place.
IoU@k = gold ∩ retrieved / gold ∪ retrieved, of the editions that were retrieved from (a digest found is not charged
with the official text).
CharPrecision@k = gold characters among the retrieved / retrieved characters (spans merged: Johnson et al.'s
LegalBench-RAG counts overlapping passages twice, which lets recall exceed 1).
At a budget of b characters: the same for the largest k whose merged length is at most b.
Ranking of units: nDCG@10, RR@10, R@5 by ir-measures; scores are −rank, because trec_eval breaks ties.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from eval.gold import Gold, Place
from eval.runrecord import Cited, placed
from eval.spans import Span, SpanMap, coverage, length, length_map, merge, merge_map, overlap, overlap_map
from sources.edition import Edition, UnitKind

FOUND = 0.8
DEPTHS = (1, 3, 5, 10)
BUDGETS = (500, 1000, 2000, 4000)
Placed = tuple[str, Span]


def placed_retrieved(retrieved: Sequence[Cited], editions: Mapping[str, Edition]) -> list[Placed]:
    """Retrieved spans that exist, in order."""
    return [place for cited in retrieved if (place := placed(cited, editions)) is not None]


def best_coverage(places: Sequence[Place], spans: SpanMap) -> tuple[float, int, int]:
    """(coverage, covered characters, characters) of the best-covered place of one piece of evidence."""
    best = (0.0, 0, min((length(place.spans) for place in places), default=0))
    for place in places:
        found = spans.get(place.edition_key, ())
        share = coverage(place.spans, found)
        if share > best[0]:
            best = (share, overlap(place.spans, found), length(place.spans))
    return best


def evidence_hit(gold: Gold, spans: SpanMap) -> float:
    """1 iff every member of some sufficient set is covered to at least 0.8."""
    covered = {name: best_coverage(gold.places.get(name, ()), spans)[0] >= FOUND for name in gold.required}
    return float(any(group and all(covered[name] for name in group) for group in gold.sufficient))


def character_recall(gold: Gold, spans: SpanMap) -> float:
    """Largest share of a sufficient set's characters that was found."""
    best = {name: best_coverage(gold.places.get(name, ()), spans) for name in gold.required}
    shares = []
    for group in gold.sufficient:
        total = sum(best[name][2] for name in group)
        shares.append(sum(best[name][1] for name in group) / total if total else 0.0)
    return max(shares, default=0.0)


def character_precision(gold: Gold, spans: SpanMap) -> float:
    """Share of the retrieved characters that are gold."""
    total = length_map(spans)
    return overlap_map(gold.span_map, spans) / total if total else 0.0


def character_iou(gold: Gold, spans: SpanMap) -> float:
    """|gold ∩ retrieved| / |gold ∪ retrieved|, over the editions that were retrieved from."""
    own = {key: spans_of for key, spans_of in gold.span_map.items() if key in spans}
    shared = overlap_map(own, spans)
    union = length_map(own) + length_map(spans) - shared
    return shared / union if union else 0.0


def precision_ceiling(gold: Gold, passages: Mapping[str, Sequence[Span]]) -> float:
    """P_Ω: precision if every passage that touches the evidence, and no other, were retrieved (Chroma's report).

    `passages` are spans per edition. Each piece of evidence is taken in the edition where the passages fit it best.
    """
    best: dict[str, tuple[int, int]] = {}
    for name in gold.required:
        for place in gold.places.get(name, ()):
            touching = [s for s in passages.get(place.edition_key, ()) if overlap(place.spans, (s,))]
            found = merge(touching)
            share = (overlap(place.spans, found), length(found))
            if share[1] and share[0] * best.get(name, (0, 1))[1] > best.get(name, (0, 1))[0] * share[1]:
                best[name] = share
    ceilings = [
        sum(best[name][0] for name in group) / sum(best[name][1] for name in group)
        for group in gold.sufficient
        if group and all(name in best for name in group)
    ]
    return max(ceilings, default=0.0)


def within_budget(retrieved: Sequence[Placed], budget: int) -> SpanMap:
    """The longest beginning of the ranking whose merged length is at most the budget."""
    kept: SpanMap = {}
    for depth in range(1, len(retrieved) + 1):
        spans = merge_map(retrieved[:depth])
        if length_map(spans) > budget:
            break
        kept = spans
    return kept


def ranked_units(retrieved: Sequence[Placed], editions: Mapping[str, Edition]) -> list[tuple[str, str]]:
    """Units of text that the retrieved spans touch, in order of first touch."""
    order: dict[tuple[str, str], None] = {}
    for key, (start, end) in retrieved:
        for unit in editions[key].units_between(start, end):
            if unit.kind is UnitKind.TEXT:
                order.setdefault((key, unit.locator))
    return list(order)


def unit_ranking(gold: Gold, units: Sequence[tuple[str, str]]) -> dict[str, float]:
    """nDCG@10, RR@10 and R@5 of a ranking of units; units in a sufficient set weigh 2, related ones 1."""
    wanted = [Qrel("q", "|".join(unit), 2) for unit in sorted(gold.units)]
    wanted += [Qrel("q", "|".join(unit), 1) for unit in sorted(gold.related_units)]
    run = [ScoredDoc("q", "|".join(unit), -float(rank)) for rank, unit in enumerate(units)]
    names = {nDCG @ 10: "unit_ndcg@10", RR(rel=2) @ 10: "unit_rr@10", R(rel=2) @ 5: "unit_recall@5"}
    if not wanted or not run:
        return dict.fromkeys(names.values(), 0.0)
    values = ir_measures.calc_aggregate(list(names), wanted, run)
    return {names[measure]: float(value) for measure, value in values.items()}


def retrieval_values(gold: Gold, retrieved: Sequence[Placed], editions: Mapping[str, Edition]) -> dict[str, float]:
    """All retrieval measures of one case."""
    values: dict[str, float] = {}
    for depth in DEPTHS:
        spans = merge_map(retrieved[:depth])
        values[f"evidence_hit@{depth}"] = evidence_hit(gold, spans)
        values[f"char_recall@{depth}"] = character_recall(gold, spans)
        values[f"char_precision@{depth}"] = character_precision(gold, spans)
        values[f"char_iou@{depth}"] = character_iou(gold, spans)
    for budget in BUDGETS:
        affordable = within_budget(retrieved, budget)
        values[f"evidence_hit@{budget}c"] = evidence_hit(gold, affordable)
        values[f"char_recall@{budget}c"] = character_recall(gold, affordable)
        values[f"char_precision@{budget}c"] = character_precision(gold, affordable)
    return values | unit_ranking(gold, ranked_units(retrieved, editions))


def mean(values: Iterable[float]) -> float | None:
    """Arithmetic mean, None of nothing."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else None
