"""Saved runs: the summary as one JSON document, and reading runs back.

<run>/records.jsonl   what the system returned
<run>/scores.jsonl    one line a case
<run>/summary.json    everything that the report shows (schema below, `version` 1)
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from eval.case import Case, Expectation
from eval.causes import cause_of, failed
from eval.errors import NothingThere
from eval.grade import Score
from eval.inference import SEED, Interval, harmonic_interval, mean_interval, wilson
from eval.measures import BUDGETS, mean
from eval.run import Run
from eval.selftest import Table
from eval.stages import stage_table
from eval.summary import (
    COLD,
    Pairs,
    context_loss,
    crosses,
    grouped,
    headline,
    latency,
    risk_coverage,
    summarise,
    values_of,
)
from eval.variants import agreement

SCHEMA = "bletchley-qa/evaluation-run"
VERSION = 1
FEWEST_FOR_INTERVAL = 12  # smaller cells show raw counts only


@dataclass(frozen=True)
class SavedRun:
    """A run read back: its summary and, per case, cluster and values."""

    folder: Path
    summary: Mapping[str, object]
    clusters: Mapping[str, str]
    values: Mapping[str, Mapping[str, float]]

    @property
    def gold(self) -> str:
        """Hash of the cases that it was scored on."""
        return str(self.summary.get("gold_sha256", ""))


def gold_sha256(cases: Iterable[Case]) -> str:
    """Hash of the cases: two runs are comparable only if it is the same."""
    lines = sorted(case.model_dump_json() for case in cases)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def machine() -> str:
    """Processor, cores and Python of this machine."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{model or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def load_run(folder: Path) -> SavedRun:
    """A run as `python -m eval run` wrote it."""
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in (folder / "scores.jsonl").read_text(encoding="utf-8").splitlines() if line]
    return SavedRun(
        folder, summary, {row["id"]: row["cluster"] for row in rows}, {row["id"]: row["values"] for row in rows}
    )


def clusters_of(pairs: Pairs, name: str) -> tuple[list[float], list[str]]:
    """Values of a measure and the clusters of their cases."""
    applying = [(score.values[name], case.cluster) for case, score in pairs if name in score.values]
    return [value for value, _ in applying], [cluster for _, cluster in applying]


def estimate(pairs: Pairs, name: str) -> dict[str, object]:
    """Mean, 95 % interval (Wilson where every value is 0 or 1 and no cluster repeats) and count."""
    values, clusters = clusters_of(pairs, name)
    interval: Interval | None = None
    if len(values) >= FEWEST_FOR_INTERVAL:
        proportion = set(values) <= {0.0, 1.0} and len(set(clusters)) == len(clusters)
        interval = wilson(int(sum(values)), len(values)) if proportion else mean_interval(values, clusters)
    return {"value": mean(values), "n": len(values), **bounds(interval)}


def bounds(interval: Interval | None) -> dict[str, object]:
    """An interval as two fields."""
    return {"low": interval.low, "high": interval.high} if interval else {"low": None, "high": None}


def summary_of(run: Run, systems: Table, *, split: str, commit: str, index_id: str) -> dict[str, object]:
    """Everything that the report shows, as JSON."""
    pairs = run.pairs
    figures = headline(pairs)
    harmonic = harmonic_interval(clusters_of(pairs, "g"), clusters_of(pairs, "refusal"))
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "name": run.name,
        "split": split,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "index": index_id,
        "gold_sha256": gold_sha256(run.cases),
        "machine": machine(),
        "cases": len(run.cases),
        "skipped": list(run.skipped),
        "missing": [score.case_id for _, score in pairs if score.missing],
        "headline": {
            "A": estimate(pairs, "g"),
            "B": estimate(pairs, "refusal"),
            "H": {"value": figures["H"], "n": len(pairs), **bounds(harmonic)},
        },
        "primary": {
            name: estimate(pairs, name) for name in ("evidence_hit@2000c", "g", "refusal", "citation_precision")
        },
        "values": summarise(pairs) | _loss(run),
        "types": _table(grouped(pairs, lambda case: case.type)),
        "languages": _table(grouped(pairs, lambda case: "+".join(sorted(case.source_langs)) or "–")),
        "tags": _table(_by_tag(pairs)),
        "variants": agreement(run.cases, run.records),
        "budgets": [
            [b, mean(values_of(pairs, f"evidence_hit@{b}c")), mean(values_of(pairs, f"char_recall@{b}c"))]
            for b in BUDGETS
        ],
        "risk_coverage": [list(point) for point in risk_coverage(pairs)],
        "widths": sorted(values_of(pairs, "answer_width")),
        "latency": latency(pairs),
        "cold_ms": [round(score.timings_ms.get("total", 0.0), 2) for _, score in pairs[:COLD]],
        "stages": stage_table(run),
        "seed": SEED,
        "systems": systems,
        "failures": [failure_row(case, score, run) for case, score in pairs if failed(case, score)],
    }


def _by_tag(pairs: Pairs) -> dict[str, Pairs]:
    """Cases by tag, a case under each of its own, and those whose question is in another language than the source."""
    tagged = {
        tag: [pair for pair in pairs if tag in pair[0].tags]
        for tag in sorted({t for case, _ in pairs for t in case.tags})
    }
    crossing = [pair for pair in pairs if crosses(pair[0])]
    return {"asked across languages": crossing, **tagged}


def _loss(run: Run) -> dict[str, float]:
    loss = context_loss(run.pairs, run.standalone)
    both = sum(case.id in run.standalone and "g" in score.values for case, score in run.pairs)
    return {} if loss is None else {"context_loss": loss, "context_cases": float(both)}


def _table(groups: Mapping[str, Pairs]) -> list[dict[str, object]]:
    """Per group and question language: count, passed, and the mean grade."""
    rows: list[dict[str, object]] = []
    for name, pairs in groups.items():
        row: dict[str, object] = {"name": name}
        for language in ("zh", "en"):
            same = [pair for pair in pairs if pair[0].lang == language]
            grades = [own_grade(case, score) for case, score in same]
            row[language] = {"n": len(same), "passed": sum(not failed(c, s) for c, s in same), "mean": mean(grades)}
        rows.append(row)
    return rows


def own_grade(case: Case, score: Score) -> float:
    """The g of an answerable case, the refusal score of another."""
    return score.values.get("g" if case.expect is Expectation.ANSWER else "refusal", 0.0)


def failure_row(case: Case, score: Score, run: Run) -> dict[str, object]:
    """A failed case as the failure browser shows it."""
    record = run.records.get(case.id, {})
    return {
        "id": case.id,
        "cause": cause_of(case, score),
        "type": case.type,
        "lang": case.lang,
        "expect": case.expect.value,
        "question": case.question,
        "history": [f"{message.role}: {message.content}" for message in case.history],
        "answer": str(record.get("answer", ""))[:2000],
        "status": score.status,
        "grade": own_grade(case, score),
        "unmatched": [nugget.wordings[:2] for nugget in case.vital if nugget.id not in score.matched],
        "evidence": [f"{evidence.source_id} {evidence.locator}" for evidence in case.evidence.values()],
        "cited": _cited_places(record),
    }


def _cited_places(record: Mapping[str, object]) -> list[str]:
    claims = record.get("claims")
    places = [
        f"{citation.get('edition_key') or citation.get('source_id')} {citation.get('locator', '')}".strip()
        for claim in (claims if isinstance(claims, list) else [])
        for citation in claim.get("citations", [])
    ]
    return list(dict.fromkeys(places))


def latest_run(runs_folder: Path) -> Path:
    """The newest run folder."""
    found: Sequence[Path] = sorted(path.parent for path in runs_folder.glob("*/summary.json"))
    if not found:
        raise NothingThere(f"No run in {str(runs_folder)!r}; make one with: python -m eval run --split dev")
    return found[-1]
