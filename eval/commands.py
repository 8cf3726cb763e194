"""What each command does; returns the exit code."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from eval.case import CASES_FOLDER, Case, case_files, load_cases, read_cases
from eval.compare import compare_runs, comparison_rows, flipped
from eval.errors import NothingThere
from eval.gate import BASELINE_PATH, baseline_problems, invariant_problems, make_baseline, write_baseline
from eval.lint import leak_problems, lint_cases, question_overlaps
from eval.recheck import nearest_passages
from eval.report import html_comparison, markdown_report, markdown_table, side_by_side, write_reports
from eval.run import Progress, Run, run_answerer, run_name, save_run, score_run
from eval.runrecord import read_records
from eval.saved import latest_run, load_run, summary_of
from eval.selftest import degenerate_table, failures, run_systems, unreached
from eval.summary import headline
from eval.systems import BASELINES, DEGENERATE, oracle
from eval.testreads import log_test_read
from index.build import build_index
from index.default import open_or_build
from index.store import PassageIndex
from rag.answerer import Answerer
from sources.collection import folder_collection
from sources.edition import Edition

ROOT = Path(__file__).resolve().parent.parent
SHARED_TEXTS = ROOT.parent / "shared" / "corpus"
RUNS_FOLDER = Path(__file__).parent / "runs"


def run(arguments: argparse.Namespace) -> int:
    """Ask (or read) answers to every case of a split, score and save them."""
    cases = _cases(arguments)
    passage_index = open_or_build(arguments.index)
    _log_reading(arguments)
    if arguments.system == "all":
        return _run_all(arguments, cases, passage_index)
    result = _run_of(arguments, cases, passage_index)
    systems = {} if arguments.json else degenerate_table(passage_index, cases)[0]
    summary = summary_of(result, systems, split=arguments.split, commit=commit(), index_id=passage_index.id)
    folder = arguments.out or RUNS_FOLDER / run_name(commit=commit())
    save_run(result, folder, summary)
    write_reports(summary, folder)
    if arguments.json:
        print(json.dumps(summary, ensure_ascii=False, indent=1))
    else:
        print(markdown_report(summary))
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
    print(json.dumps(summaries, ensure_ascii=False, indent=1) if arguments.json else table)
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
    editions = _held_editions(arguments, passage_index)
    problems += _lint_problems(cases, editions, passage_index)
    overlaps = sorted(question_overlaps(cases, editions).values())
    low = sum(value < 0.15 for value in overlaps)
    print(f"{len(cases)} cases in {len(files)} files, {len(problems)} problems.")
    print(f"{low} of {len(overlaps)} questions share less than 15 % of their character pairs with the evidence.")
    for problem in problems:
        print(f"  {problem}")
    for case, places in nearest_passages(cases, passage_index) if arguments.unanswerable else ():
        print("\n  ".join([f"{case.id}: {case.question}", *places]))
    return int(bool(problems))


def _lint_problems(cases: Sequence[Case], editions: Mapping[str, Edition], passage_index: PassageIndex) -> list[str]:
    """Problems of the cases, and what the program's own files know of them."""
    titles = [title for names in passage_index.names.values() for titles in names.values() for title in titles]
    return [*lint_cases(cases, editions), *leak_problems(cases, ROOT, titles)]


def selftest(arguments: argparse.Namespace) -> int:
    """Degenerate systems and the oracle, on each set of editions."""
    cases = _cases(arguments)
    wrong: list[str] = []
    notes: list[str] = []
    for name, passage_index in _indexes(arguments):
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
    """Write a saved run's reports again."""
    folder = arguments.run or latest_run(RUNS_FOLDER)
    summary = load_run(folder).summary
    write_reports(summary, folder)
    print(json.dumps(summary, ensure_ascii=False, indent=1) if arguments.json else markdown_report(summary))
    return 0


def compare(arguments: argparse.Namespace) -> int:
    """Differences between two saved runs."""
    first, second = load_run(arguments.first), load_run(arguments.second)
    differences = compare_runs(first, second)
    gained, lost = flipped(first, second)
    if arguments.json:
        print(
            json.dumps(
                {"differences": [asdict(d) for d in differences], "gained": gained, "lost": lost},
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        print(markdown_table(comparison_rows(differences)))
        print(f"Newly passed: {', '.join(gained) or 'none'}\nNewly failed: {', '.join(lost) or 'none'}")
    if arguments.out:
        arguments.out.write_text(html_comparison(first, second, differences), encoding="utf-8")
    return 0


def gate(arguments: argparse.Namespace) -> int:
    """Invariants, floors and regressions."""
    cases = _cases(arguments)
    passage_index = open_or_build(arguments.index)
    _log_reading(arguments)
    result = run_answerer(Answerer(passage_index), cases, progress_bar("first time"))
    again = run_answerer(Answerer(passage_index), cases, progress_bar("second time")).records
    problems = list(invariant_problems(result, again))
    problems += _lint_problems(cases, _held_editions(arguments, passage_index), passage_index)
    problems += failures(degenerate_table(passage_index, cases)[0])
    path = arguments.baseline or BASELINE_PATH
    if arguments.write_baseline:
        write_baseline(path, make_baseline(result, commit()))
        print(f"Baseline written to {path}.")
    elif path.exists():
        problems += baseline_problems(result, json.loads(path.read_text(encoding="utf-8")))
    else:
        problems.append(f"No baseline at {str(path)!r}; write one with: python -m eval gate --write-baseline")
    print(f"gate: {len(result.cases)} cases, " + "  ".join(f"{k} {v:.3f}" for k, v in headline(result.pairs).items()))
    for problem in problems:
        print(f"  {problem}")
    print("gate: failed" if problems else "gate: passed")
    return int(bool(problems))


def _cases(arguments: argparse.Namespace) -> list[Case]:
    cases = load_cases(arguments.cases, None if arguments.split == "all" else arguments.split)
    if not cases:
        raise NothingThere(
            f"{str(arguments.cases)!r} holds no case of split {arguments.split!r}; name another by --cases."
        )
    return cases


def _log_reading(arguments: argparse.Namespace) -> None:
    """Note that the test split of the project's own cases is about to be read."""
    if arguments.split != "dev" and arguments.cases == CASES_FOLDER:
        if not arguments.reason:
            raise NothingThere("Reading the test split is logged; say why with --reason TEXT.")
        log_test_read(arguments.reason, commit())


def _texts(arguments: argparse.Namespace) -> list[Path]:
    return arguments.texts or ([SHARED_TEXTS] if SHARED_TEXTS.is_dir() else [])


def _held_editions(arguments: argparse.Namespace, passage_index: PassageIndex) -> Mapping[str, Edition]:
    """The editions to check cases against: those of the index, and the official texts."""
    texts = _texts(arguments)
    official = {edition.key: edition for edition in folder_collection(texts).editions} if texts else {}
    return {**passage_index.editions, **official}


def _indexes(arguments: argparse.Namespace) -> Iterator[tuple[str, PassageIndex]]:
    """The indexes to test on: the one named or bundled, and one over official texts where there are any."""
    yield "bundled" if arguments.index is None else str(arguments.index), open_or_build(arguments.index)
    texts = _texts(arguments) if arguments.index is None or arguments.texts else []
    if texts:
        collection = folder_collection(texts)
        with tempfile.TemporaryDirectory() as folder:
            build_index(collection.editions, collection.names, Path(folder))
            yield "official", PassageIndex.open(Path(folder))


def progress_bar(what: str) -> Progress:
    """A progress bar on standard error, where that is a terminal."""

    def shown(cases: Iterable[Case]) -> Iterator[Case]:
        from rich.console import Console
        from rich.progress import track

        yield from track(list(cases), description=what, console=Console(stderr=True), transient=True)

    return shown


def commit() -> str:
    """The commit checked out, read from git's own files, or ""."""
    head = ROOT / ".git" / "HEAD"
    try:
        text = head.read_text(encoding="utf-8").strip()
        return (
            (ROOT / ".git" / text.removeprefix("ref: ")).read_text(encoding="utf-8").strip()
            if text.startswith("ref: ")
            else text
        )
    except OSError:
        return ""
