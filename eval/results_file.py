"""The committed figures: every system on the development cases, over both sets of editions, with intervals.

    eval/results/dev.json   {"schema", "version", "created", "commit", "split", "gold_sha256", "machine", "editions"}
    eval/results/dev.md     the same as tables
    README.md               the block between the two marks is written from dev.json, and a test holds it to that

`editions` maps "bundled" and "official" to {"index", "cases", "skipped", "systems"}; a system has `name`, `kind` and,
for each measure, {"value", "low", "high", "n"}.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.case import Case
from eval.documents import write_document
from eval.errors import NothingThere
from eval.inference import harmonic_interval
from eval.report import figure, markdown_table
from eval.run import Run
from eval.saved import bounds, clusters_of, estimate, gold_sha256, machine
from eval.summary import headline

SCHEMA = "bletchley-qa/evaluation-results"
RESULTS_FOLDER = Path(__file__).parent / "results"
README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN, END = "<!-- results: written by python -m eval report --readme -->", "<!-- end of results -->"
MEASURES = (
    "evidence_hit@2000c",
    "evidence_hit@4000c",
    "citation_recall",
    "citation_precision",
    "nugget_f",
    "abstained",
)
ALLOWED_DRIFT = 0.01  # of A, B and H between the committed figures and those of this checkout
Results = Mapping[str, Any]
_SHOWN = {  # systems of the README's table
    "bletchley-qa": "this program",
    "bm25-passage": "BM25, best passage",
    "bm25-3-sentences": "BM25, three sentences",
    "dense-passage": "dense, best passage",
    "full-context": "all texts read, three sentences",
    "langchain-default": "LangChain, defaults, best passage",
    "langchain-tutorial": "LangChain, its tutorial's settings",
    "llamaindex-default": "LlamaIndex, defaults, best passage",
    "return all": "everything returned",
    "abstain always": "always declines",
}


def system_row(run: Run, kind: str) -> dict[str, object]:
    """All figures of one system."""
    sides = clusters_of(run.pairs, "g"), clusters_of(run.pairs, "refusal")
    h: dict[str, object] = {"value": headline(run.pairs)["H"], "n": len(run.pairs), **bounds(harmonic_interval(*sides))}
    row: dict[str, object] = {"name": run.name, "kind": kind, "H": h}
    row |= {"A": estimate(run.pairs, "g"), "B": estimate(run.pairs, "refusal")}
    return row | {name: estimate(run.pairs, name) for name in MEASURES}


def stamp(cases: Sequence[Case], commit: str) -> dict[str, object]:
    """What committed figures are of: day, commit, cases, machine."""
    return {
        "created": datetime.now(UTC).date().isoformat(),
        "commit": commit,
        "split": "dev",
        "gold_sha256": gold_sha256(cases),
        "machine": machine(),
    }


def load_results(folder: Path = RESULTS_FOLDER) -> Results:
    """The committed figures."""
    path = folder / "dev.json"
    if not path.exists():
        raise NothingThere(f"No results at {str(path)!r}; make them with: python -m eval results")
    loaded: Results = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def write_results(results: Results, folder: Path = RESULTS_FOLDER) -> None:
    """dev.json and, made from the same rounded figures, dev.md."""
    kept = _rounded(results)
    write_document(folder, "dev", kept, markdown(kept))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value


def markdown(results: Results) -> str:
    """The tables, one a set of editions."""
    parts = [
        "# Results on the development cases",
        f"{results['created']} · commit {results['commit'][:12] or '–'} · gold {results['gold_sha256'][:12]} · "
        f"{results['machine']} · 95 % cluster-bootstrap intervals, 10,000 resamples, fixed seed.",
        "Written by `python -m eval results`. The frameworks answer with their best passage as it stands, without the "
        "language model that they are made to feed: `evidence_hit` compares their retrieval, A, B and H only what a "
        "reader would see without one.",
    ]
    for name, held in results["editions"].items():
        parts += [f"## {name.capitalize()} editions", _about(held), markdown_table(table(held))]
    return "\n\n".join(parts) + "\n"


def _about(held: Results) -> str:
    about = f"Index {held['index']}, {held['cases']} cases, {held['skipped']} skipped (no evidence in this index)."
    return f"{about} Ceiling that its passages set to precision (P_Ω): {held['precision_ceiling']:.3f}."


def table(held: Results) -> list[list[str]]:
    """Systems by measures, as strings with intervals."""
    names = ("H", "A", "B", *MEASURES)
    rows = [["system", "kind", *names]]
    for system in held["systems"]:
        older = system.get("index", held["index"]) != held["index"]
        kind = f"{system['kind']}, on index {system['index']}" if older else system["kind"]
        rows.append([system["name"], kind, *(figure(system[name]).partition(" (")[0] for name in names)])
    return rows


def readme_block(results: Results) -> str:
    """The README's table with its marks."""
    head = ["system"]
    for name in results["editions"]:
        head += [f"{'digests' if name == 'bundled' else name + ' texts'}: H", "A", "B", "evidence found"]
    rows = [head]
    for system, label in _SHOWN.items():
        held = [_row(results, name, system) for name in results["editions"]]
        if all(row is not None for row in held):
            rows.append([label, *(cell for row in held if row for cell in _cells(row))])
    return "\n".join([BEGIN, markdown_table(rows), END])


def _row(results: Results, editions: str, system: str) -> Results | None:
    return next((row for row in results["editions"][editions]["systems"] if row["name"] == system), None)


def _cells(row: Results) -> list[str]:
    h = row["H"]
    interval = f" [{_short(h['low'])}, {_short(h['high'])}]" if h["low"] is not None and h["value"] else ""
    return [
        f"{_short(h['value'], 3)}{interval}",
        *(_short(row[n]["value"], 3) for n in ("A", "B", "evidence_hit@4000c")),
    ]


def _short(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".removeprefix("0")


def with_block(readme: str, block: str) -> str:
    """The README with the block in place of what stands between its marks."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise NothingThere(f"README.md has no marks for the results; put {BEGIN!r} and {END!r} where they belong.")
    return before + block + after


def stale(results: Results, gold_sha256: str, now: Mapping[str, float], index_name: str = "bundled") -> list[str]:
    """What in the committed figures is no longer so: other cases, or A, B or H off by more than 0.01."""
    remedy = "write them anew with: python -m eval results && python -m eval report --readme"
    if results["gold_sha256"] != gold_sha256:
        return [f"eval/results is of other cases; {remedy}"]
    row = _row(results, index_name, "bletchley-qa")
    return [
        f"eval/results says {name} {row[name]['value']:.3f}, this checkout has {value:.3f}; {remedy}"
        for name, value in now.items()
        if row and abs(row[name]["value"] - value) > ALLOWED_DRIFT
    ]
