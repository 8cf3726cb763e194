"""What each command does; returns the exit code."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from eval.case import CASES_FOLDER, Case, case_files, read_cases
from eval.compare import compare_runs, comparison_rows, flipped
from eval.documents import print_document
from eval.errors import NothingThere
from eval.gate import BASELINE_PATH, baseline_problems, invariant_problems, make_baseline, write_baseline
from eval.inputs import ROOT, cases_of, commit, held_editions, indexes_of, log_reading, progress_bar
from eval.leaks import known_question_problems, leak_problems
from eval.lint import lint_cases, overlap_table, paraphrase_problems, question_overlaps
from eval.recheck import near_units, nearest_passages, read_cleared, recheck_problems, write_cleared
from eval.report import html_comparison, markdown_report, markdown_table, side_by_side, write_reports
from eval.results_file import README, load_results, readme_block, stale, with_block
from eval.run import Run, run_answerer, run_name, save_run, score_run
from eval.runrecord import read_records
from eval.saved import gold_sha256, latest_run, load_run, summary_of
from eval.selftest import degenerate_table, failures, run_systems, unreached
from eval.summary import headline
from eval.systems import BASELINES, DEGENERATE, oracle
from index.default import open_or_build
from index.store import PassageIndex
from rag.answerer import Answerer
from sources.edition import Edition
from sources.known_questions import load_known_questions

RUNS_FOLDER = Path(__file__).parent / "runs"


def run(arguments: argparse.Namespace) -> int:
    """Ask (or read) answers to every case of a split, score and save them."""
    cases = cases_of(arguments)
    passage_index = open_or_build(arguments.index)
    log_reading(arguments)
    if arguments.system == "all":
        return _run_all(arguments, cases, passage_index)
    result = _run_of(arguments, cases, passage_index)
    systems = {} if arguments.json else degenerate_table(passage_index, cases)[0]
    summary = summary_of(result, systems, split=arguments.split, commit=commit(), index_id=passage_index.id)
    folder = arguments.out or RUNS_FOLDER / run_name(commit=commit())
    save_run(result, folder, summary)
    write_reports(summary, folder)
    print_document(summary, markdown_report(summary), as_json=arguments.json)
    if not arguments.json:
        print(f"Written to {folder}: report.html, report.md, summary.json, scores.jsonl, records.jsonl")
    return 0


def _run_all(arguments: argparse.Namespace, cases: Sequence[Case], passage_index: PassageIndex) -> int:
    """The program and every plain system side by side, each saved in a folder of its own."""
    runs = [run_answerer(Answerer(passage_index), cases, progress_bar("cases"))]
    runs += run_systems({**BASELINES, **DEGENERATE, "oracle": oracle}, passage_index, cases).values()
    folder = arguments.out or RUNS_FOLDER / run_name(commit=commit())
    summaries = []
    for result in runs:
        summary = summary_of(result, {}, split=arguments.split, commit=commit(), index_id=passage_index.id)
        save_run(result, folder / result.name.replace(", ", " ").replace(" ", "-"), summary)
        summaries.append(summary)
    table = markdown_table(side_by_side(summaries))
    (folder / "systems.md").write_text(table + "\n", encoding="utf-8")
    print_document(summaries, table, as_json=arguments.json)
    return 0


def _run_of(arguments: argparse.Namespace, cases: Sequence[Case], passage_index: PassageIndex) -> Run:
    if arguments.records:
        return score_run(arguments.records.stem, cases, read_records(arguments.records), passage_index.editions)
    systems = {**BASELINES, **DEGENERATE, "oracle": oracle}
    if arguments.system in systems:
        return run_systems({arguments.system: systems[arguments.system]}, passage_index, cases)[arguments.system]
    if arguments.system != "bletchley-qa":
        raise NothingThere(f"System {arguments.system!r} is unknown; name one of: bletchley-qa, {', '.join(systems)}.")
    return run_answerer(Answerer(passage_index), cases, progress_bar("cases"), variants=True)


def lint(arguments: argparse.Namespace) -> int:
    """Check the cases; every problem is one line."""
    files = case_files(arguments.cases)
    cases, problems = read_cases(files)
    if not files:
        problems.append(f"{str(arguments.cases)!r} holds no case file.")
    passage_index = open_or_build(arguments.index)
    editions = held_editions(arguments, passage_index)
    overlaps = question_overlaps(cases, editions)
    if arguments.clear:
        write_cleared(near_units(cases, editions))
        print(f"Near units of {len(near_units(cases, editions))} unanswerable questions are cleared.")
    problems += _lint_problems(cases, editions, passage_index)
    problems += paraphrase_problems(cases, overlaps) if arguments.cases == CASES_FOLDER else []
    print(f"{len(cases)} cases in {len(files)} files, {len(problems)} problems.")
    print(f"Editions: {', '.join(f'{count} {origin}' for origin, count in _origins(editions).items())}.")
    print(markdown_table(overlap_table(cases, overlaps)))
    for problem in problems:
        print(f"  {problem}")
    for case, places in nearest_passages(cases, passage_index) if arguments.unanswerable else ():
        print("\n  ".join([f"{case.id}: {case.question}", *places]))
    return int(bool(problems))


def _origins(editions: Mapping[str, Edition]) -> Counter[str]:
    return Counter(edition.origin.value for edition in editions.values())


def _lint_problems(cases: Sequence[Case], editions: Mapping[str, Edition], passage_index: PassageIndex) -> list[str]:
    """Problems of the cases, and what the program's own files know of them."""
    titles = [title for names in passage_index.names.values() for titles in names.values() for title in titles]
    near = recheck_problems(near_units(cases, editions), read_cleared())
    known = known_question_problems(cases, load_known_questions())
    return [*lint_cases(cases, editions), *leak_problems(cases, ROOT, titles), *known, *near]


def selftest(arguments: argparse.Namespace) -> int:
    """Degenerate systems and the oracle, on each set of editions."""
    cases = cases_of(arguments)
    wrong: list[str] = []
    notes: list[str] = []
    for name, passage_index in indexes_of(arguments):
        table, gold_run = degenerate_table(passage_index, cases)
        print(f"{name}: {len(gold_run.cases)} cases, {len(gold_run.skipped)} skipped (no evidence in this index)")
        for system, row in table.items():
            print(f"  {system:<30} " + "  ".join(f"{key} {value:.3f}" for key, value in row.items()))
        wrong += [f"{name}: {problem}" for problem in failures(table)]
        notes += [f"{name}: {note}" for note in unreached(gold_run)]
    for line in [*notes, *wrong]:
        print(line)
    return int(bool(wrong))


def report(arguments: argparse.Namespace) -> int:
    """Write a saved run's reports again, or the README's table."""
    if arguments.readme:
        return _readme(check=arguments.check)
    folder = arguments.run or latest_run(RUNS_FOLDER)
    summary = load_run(folder).summary
    write_reports(summary, folder)
    print_document(summary, markdown_report(summary), as_json=arguments.json)
    return 0


def _readme(*, check: bool) -> int:
    before = README.read_text(encoding="utf-8")
    after = with_block(before, readme_block(load_results()))
    if before == after:
        print("The README's table is that of eval/results.")
    elif check:
        print("The README's table is not that of eval/results; write it with: python -m eval report --readme")
    else:
        README.write_text(after, encoding="utf-8")
        print("The README's table is written from eval/results.")
    return int(check and before != after)


def compare(arguments: argparse.Namespace) -> int:
    """Differences between two saved runs."""
    first, second = load_run(arguments.first), load_run(arguments.second)
    differences = compare_runs(first, second)
    gained, lost = flipped(first, second)
    document = {"differences": [asdict(d) for d in differences], "gained": gained, "lost": lost}
    text = f"{markdown_table(comparison_rows(differences))}\n"
    text += f"Newly passed: {', '.join(gained) or 'none'}\nNewly failed: {', '.join(lost) or 'none'}"
    print_document(document, text, as_json=arguments.json)
    if arguments.out:
        arguments.out.write_text(html_comparison(first, second, differences), encoding="utf-8")
    return 0


def gate(arguments: argparse.Namespace) -> int:
    """Invariants, floors and regressions."""
    cases = cases_of(arguments)
    passage_index = open_or_build(arguments.index)
    log_reading(arguments)
    result = run_answerer(Answerer(passage_index), cases, progress_bar("first time"))
    again = run_answerer(Answerer(passage_index), cases, progress_bar("second time")).records
    problems = list(invariant_problems(result, again))
    problems += _lint_problems(cases, held_editions(arguments, passage_index), passage_index)
    problems += failures(degenerate_table(passage_index, cases)[0])
    path = arguments.baseline or BASELINE_PATH
    if arguments.write_baseline:
        write_baseline(path, make_baseline(result, commit()))
        print(f"Baseline written to {path}.")
    elif path.exists():
        problems += baseline_problems(result, json.loads(path.read_text(encoding="utf-8")))
        if arguments.split == "dev" and arguments.index is None and arguments.cases == CASES_FOLDER:
            problems += stale(load_results(), gold_sha256(result.cases), headline(result.pairs))
    else:
        problems.append(f"No baseline at {str(path)!r}; write one with: python -m eval gate --write-baseline")
    print(f"gate: {len(result.cases)} cases, " + "  ".join(f"{k} {v:.3f}" for k, v in headline(result.pairs).items()))
    for problem in problems:
        print(f"  {problem}")
    print("gate: failed" if problems else "gate: passed")
    return int(bool(problems))
