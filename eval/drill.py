"""Fire drill of the gate: regressions are put in on purpose and must be caught; clean runs must raise no alarm.

Against the committed baseline, on the development cases. Two regressions are in the program (a search method
silenced), four in its records.
"""

from __future__ import annotations

import argparse
import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from eval.answer import Record
from eval.case import Case
from eval.gate import BASELINE_PATH, baseline_problems, invariant_problems
from eval.inputs import cases_of, progress_bar
from eval.report import markdown_table
from eval.run import Run, run_answerer, score_run
from eval.switched import without_dense, without_lexical
from index.default import open_or_build
from index.store import PassageIndex
from rag.answerer import Answerer

Records = dict[str, Record]


def always_decline(records: Records) -> None:
    """Every question is declined."""
    for record in records.values():
        record.update(status="not_in_sources", abstained=True, answer="", claims=[])


def always_answer(records: Records) -> None:
    """What was declined is answered with the nearest passages."""
    for record in records.values():
        nearest = record.get("nearest")
        if record.get("abstained") and isinstance(nearest, list):
            claims = [{"text": place["quote"], "support": "verbatim", "citations": [place]} for place in nearest]
            answer = "\n".join(place["quote"] for place in nearest) or str(record.get("question"))
            record.update(status="answered", abstained=False, answer=answer, claims=claims)


def shuffle_spans(records: Records) -> None:
    """Each citation gets the span of the next one: the quotes stay, and stand elsewhere."""
    citations = list(_citations(records))
    spans = [(citation["start"], citation["end"]) for citation in citations]
    for citation, (start, end) in zip(citations, [*spans[1:], *spans[:1]], strict=True):
        citation.update(start=start, end=end)


def swap_citations(records: Records) -> None:
    """Each answer gets the whole citations of another one: every quote is exact, and of the wrong place."""
    answers = [claims for record in records.values() if isinstance(claims := record.get("claims"), list) and claims]
    held = [[citation for claim in claims for citation in claim["citations"]] for claims in answers]
    half = len(held) // 2
    for claims, others in zip(answers, [*held[half:], *held[:half]], strict=True):
        for claim in claims:
            claim.update(citations=others, support="supported")


def _citations(records: Records) -> Iterator[dict[str, Any]]:
    for record in records.values():
        claims = record.get("claims")
        for claim in claims if isinstance(claims, list) else []:
            yield from claim["citations"]


IN_RECORDS: dict[str, Callable[[Records], None]] = {
    "shuffle spans": shuffle_spans,
    "always answer": always_answer,
    "always decline": always_decline,
    "swap citations": swap_citations,
}
IN_PROGRAM = {"drop dense": without_dense, "drop lexical": without_lexical}


def regressions(passage_index: PassageIndex, cases: Sequence[Case], clean: Run) -> Iterator[Run]:
    """One run a regression, under its name."""
    for name, switched in IN_PROGRAM.items():
        with switched(passage_index) as answerer:
            yield _named(name, run_answerer(answerer, cases, progress_bar(name)))
    for name, change in IN_RECORDS.items():
        records = copy.deepcopy(dict(clean.records))
        change(records)
        yield score_run(name, clean.cases, records, passage_index.editions)


def _named(name: str, run: Run) -> Run:
    return replace(run, name=name)


def alarms(run: Run, again: Mapping[str, Record], baseline: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """(broken invariants, floors and regressions) that the gate names; a regression is compared with itself twice."""
    return list(invariant_problems(run, again)), list(baseline_problems(run, baseline))


def drill(arguments: argparse.Namespace) -> int:
    """1 if a regression passes the gate or a clean run does not."""
    cases = cases_of(arguments)
    passage_index = open_or_build(arguments.index)
    baseline = json.loads((arguments.baseline or BASELINE_PATH).read_text(encoding="utf-8"))
    table = [["run", "invariants broken", "floors, regressions, must-pass", "first of them", "as it should be"]]
    wrong = 0
    clean = before = run_answerer(Answerer(passage_index), cases, progress_bar("clean"))
    for number in range(arguments.clean):
        run = run_answerer(Answerer(passage_index), cases, progress_bar(f"clean {number + 1}")) if number else clean
        wrong += _add(table, f"clean run {number + 1}", *alarms(run, before.records, baseline), wanted=False)
        before = run
    for run in regressions(passage_index, cases, clean):
        wrong += _add(table, run.name, *alarms(run, run.records, baseline), wanted=True)
    print(markdown_table(table))
    print("drill: " + (f"{wrong} not as it should be" if wrong else "every regression caught, no false alarm"))
    return int(bool(wrong))


def _add(table: list[list[str]], name: str, broken: list[str], worse: list[str], *, wanted: bool) -> bool:
    """Add a row; True if the gate did the wrong thing."""
    wrong = bool(broken or worse) is not wanted
    first = next(iter([*worse, *broken]), "–")
    table.append([name, str(len(broken)), str(len(worse)), first, "no" if wrong else "yes"])
    return wrong
