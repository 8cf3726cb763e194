"""Retrieval by stage and by pair of languages: in which order each stage put the passages that were retrieved.

Only the passages of the record are ordered, so a stage that would have found others is not credited for them; the
baselines `bm25-…` and `dense-…` are the stages alone, over the whole index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from eval.answer import Record
from eval.case import Case
from eval.gold import gold_of
from eval.measures import evidence_hit, mean, within_budget
from eval.run import Run
from eval.runrecord import parse_record, placed
from sources.edition import Edition

BUDGET = 2000  # characters
_Order = Callable[[Mapping[str, Any]], float]
ORDERS: dict[str, _Order] = {
    "lexical": lambda hit: hit["ranks"]["lexical"],
    "dense": lambda hit: hit["ranks"]["dense"],
    "fused": lambda hit: -hit["score"],
    "read": lambda hit: 0.0,  # the order of the record itself
}
PAIRS = (("zh", "zh"), ("zh", "en"), ("en", "en"), ("en", "zh"))  # (question, source)


def stage_table(run: Run) -> list[dict[str, object]]:
    """evidence_hit@2000c of every stage, over all cases and by (question language, source language)."""
    kept = [(case, run.records.get(case.id, {})) for case in run.cases]
    ranked = [(case, hits) for case, record in kept if case.sufficient and (hits := _ranked(record))]
    if not ranked:
        return []
    rows: list[dict[str, object]] = []
    for stage, order in ORDERS.items():
        found = [(case, _hit(case, sorted(hits, key=order), run.editions)) for case, hits in ranked]
        row: dict[str, object] = {"stage": stage, "all": {"value": mean(h for _, h in found), "n": len(found)}}
        for asked, source in PAIRS:
            own = [hit for case, hit in found if case.lang == asked and case.source_langs == [source]]
            row[f"{asked} → {source}"] = {"value": mean(own), "n": len(own)}
        rows.append(row)
    return rows


def _ranked(record: Record) -> list[Mapping[str, Any]]:
    hits = record.get("retrieved")
    listed = hits if isinstance(hits, list) else []
    return listed if all("ranks" in hit and "score" in hit for hit in listed) else []


def _hit(case: Case, hits: Sequence[Mapping[str, Any]], editions: Mapping[str, Edition]) -> float:
    cited = parse_record({"retrieved": list(hits)}).retrieved
    spans = [place for item in cited if (place := placed(item, editions)) is not None]
    return evidence_hit(gold_of(case, editions), within_budget(spans, BUDGET))
