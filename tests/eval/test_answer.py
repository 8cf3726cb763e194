"""The command by which strangers score the program: a record a question, in order; bad lines do not stop it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.case import load_cases
from index.store import PassageIndex

QUESTIONS = """{"id": "one", "question": "折了树枝罚多少？"}
not json
{"id": "two", "question": "那要罚多少？", "history": [{"role": "user", "content": "游客能折树枝吗？"}]}

{"id": "three"}
{"id": "four", "question": "What is the fine?", "history": null}
"""
FIELDS = {"id", "status", "abstained", "answer", "lang", "confidence", "claims", "retrieved", "timings_ms", "versions"}


@pytest.fixture
def index_folder(park_index: PassageIndex, tmp_path: Path) -> Path:
    return tmp_path / "park"


def test_records_in_order_and_one_sentence_per_bad_line(
    index_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions, out = tmp_path / "questions.jsonl", tmp_path / "deep" / "run.jsonl"
    questions.write_text(QUESTIONS, encoding="utf-8")
    assert main(["answer", "--questions", str(questions), "--index", str(index_folder), "--out", str(out)]) == 1
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [record["id"] for record in records] == ["one", "two", "four"]
    assert all(record.keys() >= FIELDS for record in records)
    problems = capsys.readouterr().err.splitlines()
    assert [problem.split(" ")[0] for problem in problems] == ["questions.jsonl:2", "questions.jsonl:5"]


def test_every_citation_of_the_program_is_an_exact_slice(
    index_folder: Path, park_index: PassageIndex, tmp_path: Path
) -> None:
    questions, out = tmp_path / "q.jsonl", tmp_path / "run.jsonl"
    questions.write_text('{"id": "one", "question": "公园几点关门？"}\n', encoding="utf-8")
    assert main(["answer", "--questions", str(questions), "--index", str(index_folder), "--out", str(out)]) == 0
    for claim in json.loads(out.read_text(encoding="utf-8"))["claims"]:
        for cited in claim["citations"]:
            assert park_index.editions[cited["edition_key"]].text[cited["start"] : cited["end"]] == cited["quote"]


@pytest.mark.parametrize("missing", [["answer", "--questions", "nowhere.jsonl", "--out", "x"], ["report", "nowhere"]])
def test_a_missing_file_is_one_sentence(missing: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(missing) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_run_report_and_selftest_on_the_tiny_cases(
    index_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = str(Path(__file__).parent / "tiny.jsonl")
    shared = ["--index", str(index_folder), "--cases", tiny]
    assert main(["run", *shared, "--out", str(tmp_path / "run")]) == 0
    rows = (tmp_path / "run" / "scores.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(rows) == len(load_cases(Path(tiny))) == 12
    assert main(["report", str(tmp_path / "run"), "--json"]) == 0
    assert main(["selftest", *shared]) == 0
    assert main(["compare", str(tmp_path / "run"), str(tmp_path / "run")]) == 0
    capsys.readouterr()


def test_answering_loads_neither_statistics_nor_plots() -> None:
    code = "import sys, eval.__main__; print([n for n in ('scipy.stats', 'jinja2', 'torch', 'ir_measures') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
