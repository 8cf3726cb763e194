"""Run: ask a system every case, keep the records, score the records.

A case that raises or returns nothing is an empty failed answer and is scored as one. Follow-ups are asked a second time
as their standalone question, to see what the conversation cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from eval.answer import Record, answer_question
from eval.case import Case
from eval.documents import write_json
from eval.gold import Gold, gold_of
from eval.grade import Score, grade
from eval.runrecord import parse_record, write_lines
from eval.summary import Pairs
from eval.variants import variants_of
from rag.answerer import Answerer
from rag.question import Turn
from sources.edition import Edition

STANDALONE = "#standalone"
Progress = Callable[[Iterable[Case]], Iterable[Case]]


@dataclass(frozen=True)
class Run:
    """Scored records of one system over one set of cases. `skipped` cases have no evidence in this index."""

    name: str
    cases: Sequence[Case]
    records: Mapping[str, Record]
    scores: Mapping[str, Score]
    skipped: Sequence[str] = ()
    editions: Mapping[str, Edition] = field(default_factory=dict, repr=False)
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def pairs(self) -> Pairs:
        """Cases with their scores, in order."""
        return [(case, self.scores[case.id]) for case in self.cases]

    @property
    def standalone(self) -> dict[str, Score]:
        """Scores of follow-ups asked as standalone questions, by case id."""
        return {
            name.removesuffix(STANDALONE): score for name, score in self.scores.items() if name.endswith(STANDALONE)
        }


def ask(answerer: Answerer, case: Case, *, standalone: bool = False) -> Record:
    """The record of the program's own answer; a failure becomes a failed record that names it."""
    case_id = case.id + STANDALONE if standalone else case.id
    question = case.standalone if standalone and case.standalone else case.question
    history = [] if standalone else [Turn(message.role, message.content) for message in case.history]
    return answer_question(answerer, case_id, question, history)


def supported(cases: Iterable[Case], editions: Mapping[str, Edition]) -> tuple[list[Case], list[str]]:
    """Cases whose evidence some edition holds (or that need none), and ids of the others."""
    kept: list[Case] = []
    skipped: list[str] = []
    for case in cases:
        gold = gold_of(case, editions)
        if gold.sufficient and not gold.reachable:
            skipped.append(case.id)
        else:
            kept.append(case)
    return kept, skipped


def score_record(case: Case, record: Record | None, editions: Mapping[str, Edition], gold: Gold | None = None) -> Score:
    """The grade of one record; None is a missing one."""
    parsed = parse_record(record or {"id": case.id, "status": "failed"})
    return grade(
        case, parsed, gold or gold_of(case, editions), editions, missing=record is None or parsed.status == "failed"
    )


def score_run(name: str, cases: Sequence[Case], records: Mapping[str, Record], editions: Mapping[str, Edition]) -> Run:
    """Score recorded answers of any system."""
    kept, skipped = supported(cases, editions)
    scores: dict[str, Score] = {}
    for case in kept:
        gold = gold_of(case, editions)
        scores[case.id] = score_record(case, records.get(case.id), editions, gold)
        if case.id + STANDALONE in records:
            scores[case.id + STANDALONE] = score_record(case, records[case.id + STANDALONE], editions, gold)
    return Run(name, kept, records, scores, skipped, editions)


def run_answerer(
    answerer: Answerer, cases: Sequence[Case], progress: Progress = iter, *, variants: bool = False
) -> Run:
    """Ask the program every case, and the cases' variants where wanted, and score it."""
    records: dict[str, Record] = {}
    for case in progress(cases):
        records[case.id] = ask(answerer, case)
        if case.history and case.standalone:
            records[case.id + STANDALONE] = ask(answerer, case, standalone=True)
    for case in variants_of(cases) if variants else ():
        records[case.id] = ask(answerer, case)
    return score_run("bletchley-qa", cases, records, answerer.passage_index.editions)


def run_system(
    name: str, system: Callable[[Case], Record], cases: Sequence[Case], editions: Mapping[str, Edition]
) -> Run:
    """Ask a plain system every case that the index supports, and score it."""
    kept, _ = supported(cases, editions)
    return score_run(name, cases, {case.id: system(case) for case in kept}, editions)


def score_row(case: Case, score: Score) -> dict[str, object]:
    """A score as JSON."""
    return {
        "id": score.case_id, "type": case.type, "lang": case.lang, "split": case.split, "cluster": case.cluster,
        "expect": case.expect.value, "status": score.status, "abstained": score.abstained, "missing": score.missing,
        "confidence": score.confidence, "matched": list(score.matched), "values": dict(score.values),
        "timings_ms": dict(score.timings_ms),
    }  # fmt: skip


def save_run(run: Run, folder: Path, summary: Mapping[str, object]) -> None:
    """Write records.jsonl, scores.jsonl and summary.json."""
    folder.mkdir(parents=True, exist_ok=True)
    write_lines(folder / "records.jsonl", run.records.values())
    write_lines(folder / "scores.jsonl", (score_row(case, score) for case, score in run.pairs))
    write_json(folder / "summary.json", summary)


def run_name(now: datetime | None = None, commit: str = "") -> str:
    """Folder name of a run: time in UTC and commit."""
    return f"{(now or datetime.now(UTC)):%Y%m%dT%H%M%SZ}" + (f"_{commit[:12]}" if commit else "")
