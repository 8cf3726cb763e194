"""`python -m eval results`: every system over both sets of editions, into eval/results."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from eval.answer import Record
from eval.case import Case
from eval.documents import write_json
from eval.errors import NothingThere
from eval.gold import gold_of
from eval.inputs import cases_of, commit, indexes_of, progress_bar
from eval.measures import mean, precision_ceiling
from eval.results_file import SCHEMA, Results, load_results, markdown, stamp, system_row, write_results
from eval.run import Run, run_answerer, score_run
from eval.runrecord import read_records
from eval.saved import gold_sha256, summary_of
from eval.selftest import degenerate_table, run_systems
from eval.spans import Span
from eval.systems import BASELINES, DEGENERATE, Bench, oracle
from index.store import PassageIndex
from rag.answerer import Answerer

REPORTED = "bundled"  # its answers are our own words and may be committed; those over official texts quote them
KINDS: dict[str, dict[str, Callable[[Bench, Case], Record]]] = {
    "baseline": BASELINES,
    "degenerate": DEGENERATE,
    "oracle": {"oracle": oracle},
}


def results(arguments: argparse.Namespace) -> int:
    """Score every system on dev; the frameworks from records, or as they were last scored on the same cases."""
    cases = cases_of(arguments)
    gold = gold_sha256(cases)
    before = _before(arguments.out, gold)
    editions: dict[str, object] = {}
    for name, passage_index in indexes_of(arguments):
        own = run_answerer(Answerer(passage_index), cases, progress_bar(name))
        rows = [system_row(own, "program"), *_plain_rows(passage_index, cases)]
        rows[1:1] = list(_peer_rows(arguments.peers, name, passage_index, cases, before))
        if name == REPORTED:
            save_summary(own, passage_index, arguments.out / name)
        editions[name] = {
            "index": passage_index.id, "cases": len(own.cases), "skipped": len(own.skipped), "systems": rows,
            "precision_ceiling": _ceiling(passage_index, own.cases),
        }  # fmt: skip
    made: Results = {
        "schema": SCHEMA,
        "version": 1,
        **stamp(cases, commit()),
        "editions": editions,
    }
    write_results(made, arguments.out)
    print(markdown(made))
    print(f"Written to {arguments.out}: dev.json, dev.md, {REPORTED}/summary.json.")
    print("The README's table: python -m eval report --readme")
    return 0


def save_summary(own: Run, passage_index: PassageIndex, folder: Path) -> None:
    """The run in full, by type and language and with its failures, for the evaluation page of a fresh checkout."""
    systems = degenerate_table(passage_index, own.cases)[0]
    summary = summary_of(own, systems, split="dev", commit=commit(), index_id=passage_index.id)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "summary.json", summary)


def _ceiling(passage_index: PassageIndex, cases: Sequence[Case]) -> float:
    """Mean P_Ω of the index's own passages over the cases with evidence."""
    spans: dict[str, list[Span]] = {}
    for passage in passage_index.passages:
        spans.setdefault(passage.edition_key, []).append((passage.start, passage.end))
    golds = [gold for case in cases if (gold := gold_of(case, passage_index.editions)).sufficient]
    return mean(precision_ceiling(gold, spans) for gold in golds) or 0.0


def _before(folder: Path, gold: str) -> Results:
    """The figures that stand there now, if they are of the same cases."""
    try:
        held = load_results(folder)
    except NothingThere:
        return {"editions": {}}
    return held if held["gold_sha256"] == gold else {"editions": {}}


def _plain_rows(passage_index: PassageIndex, cases: Sequence[Case]) -> Iterator[dict[str, object]]:
    for kind, systems in KINDS.items():
        yield from (system_row(run, kind) for run in run_systems(systems, passage_index, cases).values())


def _peer_rows(
    folder: Path | None, name: str, passage_index: PassageIndex, cases: Sequence[Case], before: Results
) -> Iterator[dict[str, object]]:
    """The frameworks, from the records below `folder`; else their earlier figures, with their index."""
    if folder is None:
        earlier = before["editions"].get(name, {"systems": []})["systems"]
        yield from (dict(row) for row in earlier if row["kind"] == "framework")
    for path in sorted((folder / name).glob("*.jsonl")) if folder else ():
        records = read_records(path)
        asked_of = {str(record.get("versions", {}).get("index")) for record in records.values()}  # type: ignore[attr-defined]
        if asked_of != {passage_index.id}:
            raise NothingThere(
                f"{str(path)!r} is of index {', '.join(sorted(asked_of))}, not {passage_index.id}; "
                "write the records again with: python -m eval peers"
            )
        row = system_row(score_run(path.stem, cases, records, passage_index.editions), "framework")
        yield {**row, "index": passage_index.id}
