"""Ablation: the same development questions with one part of the program switched off, against the whole program.

Differences are paired, with 95 % cluster-bootstrap intervals; nothing is adjusted for the number of parts.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from eval.case import Case
from eval.compare import Difference, difference_of
from eval.documents import print_document, write_document
from eval.inputs import cases_of, commit, indexes_of, progress_bar
from eval.report import markdown_table
from eval.results_file import stamp
from eval.run import Run, run_answerer
from eval.summary import headline
from eval.switched import PARTS, applies
from index.store import PassageIndex
from rag.answerer import Answerer

MEASURES = ("g", "refusal", "evidence_hit@2000c")


def ablations(passage_index: PassageIndex, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """The whole program and every ablation that applies: A, B, H and differences to the whole."""
    whole = run_answerer(Answerer(passage_index), cases, progress_bar("whole"))
    rows = [_row("whole program", whole, whole)]
    for part, switched in PARTS.items():
        if applies(part, passage_index):
            with switched(passage_index) as answerer:
                rows.append(_row(part, run_answerer(answerer, cases, progress_bar(part)), whole))
    return rows


def _row(name: str, run: Run, whole: Run) -> dict[str, Any]:
    before, after = ({case.id: score.values for case, score in r.pairs} for r in (whole, run))
    # Without a part some evidence may be held nowhere: such a case counts 0, not as left out.
    after = {case_id: after.get(case_id, dict.fromkeys(values, 0.0)) for case_id, values in before.items()}
    clusters = {case.id: case.cluster for case in whole.cases}
    found = {measure: difference_of(measure, before, after, clusters) for measure in MEASURES}
    differences = {measure: _shown(d) for measure, d in found.items() if d is not None}
    return {"name": name, **headline(run.pairs), "skipped": len(run.skipped), "differences": differences}


def _shown(difference: Difference) -> dict[str, float | None]:
    interval = difference.interval
    return {
        "difference": difference.difference,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "p": difference.p,
    }


def ablate(arguments: argparse.Namespace) -> int:
    """Print the table of ablations on each set of editions."""
    cases = cases_of(arguments)
    editions = {name: ablations(passage_index, cases) for name, passage_index in indexes_of(arguments)}
    document = {**stamp(cases, commit()), "editions": editions}
    text = markdown(document)
    if arguments.out:
        write_document(arguments.out, "ablations", document, text)
    print_document(document, text, as_json=arguments.json)
    return 0


def markdown(document: Mapping[str, Any]) -> str:
    """The tables."""
    parts = [f"# Ablations\n\n{document['created']} · commit {document['commit'][:12] or '–'} · development cases"]
    for name, rows in document["editions"].items():
        head = ["", "H", "A", "B", "Δ A (p)", "Δ B (p)", "Δ evidence found (p)"]
        table = [head]
        for row in rows:
            changes = [_change(row, measure) for measure in MEASURES]
            table.append([row["name"], *(f"{row[figure]:.3f}" for figure in ("H", "A", "B")), *changes])
        parts.append(f"## {name.capitalize()} editions\n\n{markdown_table(table)}")
    return "\n\n".join(parts) + "\n"


def _change(row: Mapping[str, Any], measure: str) -> str:
    change = row["differences"].get(measure)
    if change is None or row["name"] == "whole program":
        return "–"
    interval = "" if change["low"] is None else f" [{change['low']:+.3f}, {change['high']:+.3f}]"
    return f"{change['difference']:+.3f}{interval} ({change['p']:.3f})"
