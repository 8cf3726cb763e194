"""Times and memory against the budgets, printed as a table and kept as JSON.

    .venv/bin/python tools/bench.py [--texts DIR] [--size N]… [--out FILE]

Whole commands are timed as fresh processes (median of five, peak resident memory by the operating system's own
accounting); retrieval, answers and builds are timed inside one process after its imports. Machines are noisy:
compare figures of one run with one another. `--size 100000` adds an index of that many passages (tools/bench_sizes.py).
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from bench_sizes import NEWS, machine, measure  # noqa: E402

from index.build import build_index  # noqa: E402
from index.default import DEFAULT_INDEX_FOLDER, build_default  # noqa: E402
from index.embedder import load_embedder  # noqa: E402
from index.store import PassageIndex  # noqa: E402
from rag.answerer import Answerer  # noqa: E402
from sources.collection import Collection, bundled_collection, folder_collection  # noqa: E402
from sources.edition import Edition, Unit  # noqa: E402
from sources.holdings import Holdings  # noqa: E402

QUESTION = "峰会讨论的五大目标是什么？"
ASK_RUNS, BUILD_RUNS = 5, 3
QUESTIONS = 300  # distinct ones, made from the texts' own terms


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure beside its budget; `budget` is None where there is none."""

    name: str
    value: float
    unit: str
    budget: float | None = None


# A small parent, because a child's peak memory counts what it shared with its parent before it became itself.
_TIMER = """
import resource, subprocess, sys, time
started = time.perf_counter()
status = subprocess.run([sys.executable, *sys.argv[1:]], stdout=subprocess.DEVNULL).returncode
print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, status)
"""


def run_process(arguments: Sequence[str]) -> tuple[float, float]:
    """Wall seconds and peak MiB of a fresh Python process."""
    command = [sys.executable, "-S", "-c", _TIMER, *arguments]
    seconds, memory, status = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    if status != "0":
        raise SystemExit(f"python {' '.join(arguments)} ended with status {status}; run it by hand to see why.")
    return float(seconds), float(memory)


def cold_ask() -> list[Figure]:
    """`python -m rag ask` on the bundled index, from a new process to the printed answer."""
    build_default()
    runs = [run_process(["-m", "rag", "ask", QUESTION]) for _ in range(ASK_RUNS)]
    return [
        Figure("ask, new process to printed answer", statistics.median(r[0] for r in runs), "s", 1.0),
        Figure("ask, peak memory", statistics.median(r[1] for r in runs), "MiB", 150),
    ]


def chat_start() -> list[Figure]:
    """`python -m ui` until the page answers a question."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "ui", "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    body = json.dumps({"question": QUESTION}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/ask", data=body, headers={"Content-Type": "application/json"}
    )
    try:
        while time.perf_counter() - started < 60:
            try:
                urllib.request.urlopen(request, timeout=10).read()
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).read()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        seconds = time.perf_counter() - started
        memory = _resident_mib(process.pid)
    finally:
        process.terminate()
        process.wait(10)
    return [Figure("chat, start to a page that answers", seconds, "s", 5.0), Figure("chat, memory", memory, "MiB", 400)]


def _resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def questions_for(passage_index: PassageIndex) -> list[str]:
    """Distinct questions from the opening words of passages spread over the index."""
    step = max(len(passage_index.passages) // QUESTIONS, 1)
    return [f"{passage.text[:24]}？" for passage in passage_index.passages[::step]][:QUESTIONS]


def percentiles(
    name: str, action: Callable[[str], object], questions: Sequence[str], budgets: tuple[float, float]
) -> list[Figure]:
    """p50, p95 and p99 of `action` in milliseconds over distinct questions, after a warm-up."""
    for question in questions[:5]:
        action(question)
    times = []
    for question in questions:
        started = time.perf_counter_ns()
        action(question)
        times.append((time.perf_counter_ns() - started) / 1e6)
    times.sort()
    return [
        Figure(f"{name}, p50", times[len(times) // 2], "ms", budgets[0]),
        Figure(f"{name}, p95", times[int(len(times) * 0.95)], "ms", budgets[1]),
        Figure(f"{name}, p99", times[int(len(times) * 0.99)], "ms"),
    ]


def building(collection: Callable[[], Collection], folder: Path, texts: str) -> list[Figure]:
    """Clean builds with reading and embedding, then some with a single unit changed in texts that are read already."""
    full = []
    for number in range(BUILD_RUNS):
        started = time.perf_counter()
        read = collection()
        build_index(read.editions, read.names, folder / str(number))
        full.append(time.perf_counter() - started)
    edition = read.editions[-1]
    unit = next(unit for unit in edition.units if unit.kind.value == "text")
    embedder = load_embedder()  # as in a process that watches its sources
    partial = []
    for _ in range(BUILD_RUNS):
        text = edition.text[: unit.end] + "改" + edition.text[unit.end :]
        edition = replace(edition, text=text, units=_shifted(edition, unit.end))
        unit = replace(unit, end=unit.end + 1)
        started = time.perf_counter()
        report = build_index([*read.editions[:-1], edition], read.names, folder / "0", embedder=embedder)
        partial.append(time.perf_counter() - started)
    started = time.perf_counter()
    collection()
    reading = time.perf_counter() - started
    build = statistics.median(full)
    return [
        Figure(f"build {texts}", build, "s", 1.5 if "corpus" in texts else None),
        Figure(f"of that, reading {texts}", reading, "s"),
        Figure(f"one unit changed in {texts}, share of the build", statistics.median(partial) / build * 100, "%", 10),
        Figure(f"one unit changed in {texts}, passages embedded", report.embedded, ""),
    ]


def _shifted(edition: Edition, offset: int) -> tuple[Unit, ...]:
    """Units after one character was put in at `offset`, the end of a unit."""
    return tuple(
        replace(unit, end=unit.end + 1)
        if unit.end == offset
        else replace(unit, start=unit.start + 1, end=unit.end + 1, body=unit.body + 1)
        if unit.start > offset
        else unit
        for unit in edition.units
    )


def sized(passages: int) -> list[Figure]:
    """Building and searching an index of about so many passages."""
    record = measure(passages, NEWS, None)
    return [Figure(f"{passages:,} passages: {name}", value, "") for name, value in record["figures"].items()]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure everything that the machine allows and print it."""
    parser = argparse.ArgumentParser(description="Times and memory against the budgets.")
    parser.add_argument(
        "--texts", type=Path, default=ROOT.parent / "shared" / "corpus", help="folder of official texts"
    )
    parser.add_argument(
        "--size", type=int, action="append", default=[], metavar="N", help="also an index of about N passages (slow)"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json")
    arguments = parser.parse_args(argv)
    before = machine()
    figures = cold_ask() + chat_start()
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        if arguments.texts.is_dir():
            figures += building(lambda: folder_collection([arguments.texts]), folder / "corpus", "the corpus")
            _warm(figures, PassageIndex.open(folder / "corpus" / "0"), "corpus")
        figures += building(lambda: bundled_collection(Holdings(folder)), folder / "bundled", "the bundled index")
        _warm(figures, PassageIndex.open(DEFAULT_INDEX_FOLDER), "bundled")
    finally:
        shutil.rmtree(folder)
    figures += [figure for passages in arguments.size for figure in sized(passages)]
    size = sum(path.stat().st_size for path in (ROOT / "index" / "model").rglob("*") if path.is_file()) / 2**20
    figures.append(Figure("shipped models", size, "MiB", 30))
    figures.append(
        Figure("this benchmark, peak memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MiB")
    )
    _print(figures)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    record = {"commit": commit.stdout.strip(), "machine": before, "figures": [asdict(figure) for figure in figures]}
    arguments.out.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def _warm(figures: list[Figure], passage_index: PassageIndex, name: str) -> None:
    questions = questions_for(passage_index)
    answerer = Answerer(passage_index)
    figures += percentiles(f"retrieval, {name}", lambda q: passage_index.search(q, limit=20), questions, (1.0, 1.5))
    figures += percentiles(f"answer, {name}", answerer.answer, questions, (10, 30))


def _print(figures: Sequence[Figure]) -> None:
    for figure in figures:
        budget = "" if figure.budget is None else f"budget {figure.budget:g} {figure.unit}"
        kept = "" if figure.budget is None else ("within" if figure.value <= figure.budget else "OVER")
        print(f"{figure.name:58} {figure.value:9.2f} {figure.unit:4} {budget:18} {kept}")


if __name__ == "__main__":
    sys.exit(main())
