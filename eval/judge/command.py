"""`python -m eval judge RUN --server openai:URL#MODEL`: a saved run's answers judged, into RUN/judge.json and .md."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from eval.case import Case, Expectation, load_cases
from eval.documents import print_document, write_document
from eval.errors import EvaluationFault, NothingThere
from eval.inputs import progress_bar
from eval.judge.agreement import agreement, calibrated, read_labels
from eval.judge.asking import LABELS, Judge, Task, prompt_sha256
from eval.report import markdown_table, write_reports
from eval.runrecord import RunRecord, parse_record, read_records
from eval.saved import load_run
from rag.generate import load_generator

_LONGEST = 4000  # characters of an answer or passage that the judge reads
_FAMILY = re.compile(r"[a-z]+")


def judge(arguments: argparse.Namespace) -> int:
    """Agreement with the hand labels first, then the run's nuggets and claims."""
    if not arguments.server.startswith("openai:"):
        raise NothingThere(f"Judge {arguments.server!r} is no server; write openai:URL#MODEL.")
    run = load_run(arguments.run)
    records = {key: parse_record(data) for key, data in read_records(arguments.run / "records.jsonl").items()}
    judging = Judge(
        load_generator(arguments.server, api_key=os.environ.get("OPENAI_API_KEY", "")),
        arguments.cache or arguments.run.parent / "judge-cache",
    )
    _refuse_own_family(judging.model, records.values(), allowed=arguments.same_family_ok)
    split = run.summary.get("split")
    cases = [c for c in load_cases(arguments.cases, None if split == "all" else str(split)) if c.id in records]
    table = agreement(judging, read_labels(), progress_bar("hand labels"))
    found = {
        "model": judging.model,
        "temperature": 0.0,
        "prompts": {task.value: prompt_sha256(task) for task in Task},
        "agreement": table,
        "calibrated": calibrated(table),
        "cases": len(cases),
        "nuggets": nugget_values(judging, cases, records),
        "claims": claim_values(judging, cases, records),
    }
    found |= {"unread": judging.unread, "asked": judging.asked, "kept": judging.kept}
    write_document(arguments.run, "judge", found, markdown(found))
    write_reports(run.summary, arguments.run)
    print_document(found, markdown(found), as_json=arguments.json)
    return 0


def _family(name: str) -> str:
    """The first word of a model's own name: Qwen/Qwen3-0.6B → qwen."""
    match = _FAMILY.search(name.lower().rpartition("/")[2])
    return match.group() if match else name.lower()


def _refuse_own_family(model: str, records: Iterable[RunRecord], *, allowed: bool) -> None:
    """A model that wrote the answers, or a relative of it, favours them."""
    writers = {record.versions.get("generator", "") for record in records} - {"", "extractive"}
    related = sorted(writer for writer in writers if _family(re.split(r"[#:]", writer)[-1]) == _family(model))
    if related and not allowed:
        raise EvaluationFault(
            f"Judge {model!r} is of the family of {related[0]!r}, which wrote the answers; take another one, or say "
            "--same-family-ok."
        )


def nugget_values(judging: Judge, cases: Sequence[Case], records: Mapping[str, RunRecord]) -> dict[str, float | int]:
    """Shares of vital and of all nuggets that answers say: strict counts support only, else partial is one half."""
    weights: dict[str, list[float]] = {"vital": [], "all": []}
    missing = 0
    for case in progress_bar("nuggets")([c for c in cases if c.expect is Expectation.ANSWER]):
        record = records[case.id]
        for nugget in case.nuggets:
            label: str | None = "not_support"
            if record.answer and not record.abstained:
                fact = " / ".join(nugget.wordings[:4])
                content = {"question": case.asked_text, "fact": fact, "answer": record.answer[:_LONGEST]}
                label = judging.label(Task.NUGGET, content)
            if label is None:
                missing += 1
                continue
            value = LABELS[Task.NUGGET][label]
            weights["all"].append(value)
            if nugget.weight == "vital":
                weights["vital"].append(value)
    values: dict[str, float | int] = {"n": len(weights["all"]), "missing": missing}
    for name, held in weights.items():
        values[name] = _mean(held)
        values[f"strict_{name}"] = _mean([float(value == 1.0) for value in held])
    return values


def claim_values(judging: Judge, cases: Sequence[Case], records: Mapping[str, RunRecord]) -> dict[str, float | int]:
    """Weighted precision = Σ support / claims with a citation, recall = Σ / all claims; faithful: fully supported."""
    labels: list[str | None] = []
    uncited = 0
    for case in progress_bar("claims")(cases):
        for text, passage in _claims(records[case.id]):
            if passage:
                labels.append(judging.label(Task.SUPPORT, {"claim": text, "passage": passage[:_LONGEST]}))
            else:
                uncited += 1
    read = [LABELS[Task.SUPPORT][label] for label in labels if label is not None]
    return {
        "n": len(labels) + uncited,
        "missing": len(labels) - len(read),
        "weighted_precision": _mean(read),
        "weighted_recall": _mean([*read, *[0.0] * uncited]),
        "faithful": _mean([float(value == 1.0) for value in [*read, *[0.0] * uncited]]),
    }


def _claims(record: RunRecord) -> Iterator[tuple[str, str]]:
    """Each claim with the words that it cites."""
    for claim in record.claims if not record.abstained else ():
        yield claim.text, "\n".join(citation.quote or "" for citation in claim.citations).strip()


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def markdown(found: Mapping[str, Any]) -> str:
    """What the judge found, its agreement first."""
    rows = [["hand labels", "n", "missing", "accuracy", "κ"]]
    for name, row in found["agreement"].items():
        rows.append([name, str(row["n"]), str(row["missing"]), _figure(row["accuracy"]), _figure(row["kappa"])])
    values = [["measure", "value"]]
    for group in ("nuggets", "claims"):
        values += [[f"{group}: {name.replace('_', ' ')}", _figure(value)] for name, value in found[group].items()]
    warning = [] if found["calibrated"] else ["**JUDGE NOT CALIBRATED** (κ below 0.6 on a task): read nothing into it."]
    prompts = ", ".join(f"{task} {sha[:12]}" for task, sha in found["prompts"].items())
    about = (
        f"Model {found['model']}, temperature 0, prompts {prompts}. {found['asked']} asked, {found['kept']} kept "
        f"replies, {found['unread']} replies without a label (counted as missing)."
    )
    return "\n\n".join(["# A judge's opinion", *warning, about, markdown_table(rows), markdown_table(values)]) + "\n"


def _figure(value: float | None) -> str:
    return "–" if value is None else str(value) if isinstance(value, int) else f"{value:.3f}"
