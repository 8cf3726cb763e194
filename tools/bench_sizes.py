"""Build and search an index of many passages, and print times, memory and recall; kept as JSON.

    .venv/bin/python tools/bench_sizes.py --passages N [--news FILE.jsonl.xz] [--index DIR] [--out FILE.json]

Texts are cut from a file of news, one {"doc_id", "text"} a line, where it is there, else made up. An index of the same
texts that is there already is measured as it is. Searches run in a fresh process, so that its memory is a reader's.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import platform
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from index.build import build_index  # noqa: E402
from index.generations import current_generation  # noqa: E402
from index.progress import bars  # noqa: E402
from index.searching import ExactSearch, Query  # noqa: E402
from index.store import PassageIndex  # noqa: E402
from rag.answerer import Answerer  # noqa: E402
from sources.edition import Edition, Origin, SourceKind  # noqa: E402
from sources.structure import parse_units  # noqa: E402

NEWS = ROOT.parent / "shared" / "data" / "train" / "crud-news.jsonl.xz"
SHORTEST = 38  # characters of a paragraph
QUESTIONS, OPENING, COMPARED = 300, 24, 60  # asked, characters of each, those compared with the exact hits
_PAUSE = re.compile(r"(?<=[。！？；，])")
Figures = dict[str, float]


def news(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Texts of a file of news, each as paragraphs of a sentence or a clause."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            paragraphs, piece = [], ""
            for part in _PAUSE.split(re.sub(r"\s+", " ", row["text"]).strip()):
                piece += part
                if len(piece) >= SHORTEST:
                    paragraphs.append(piece.strip())
                    piece = ""
            if len(piece.strip()) > 8:
                paragraphs.append(piece.strip())
            yield row["doc_id"], paragraphs


def made_up() -> Iterator[tuple[str, list[str]]]:
    """Texts without end, of words drawn from a vocabulary whose frequencies fall as they do in language."""
    draw = random.Random(1)  # noqa: S311 - a seeded draw, nothing secret
    characters = [chr(code) for code in range(0x4E00, 0x4E00 + 4000)]
    words = ["".join(draw.choices(characters, k=2)) for _ in range(60_000)]
    weights = [1 / (rank + 5) for rank in range(len(words))]
    number = 0
    while True:
        number += 1
        yield f"text-{number}", ["".join(draw.choices(words, weights, k=22)) + "。" for _ in range(14)]


def editions_of(texts: Iterator[tuple[str, list[str]]], passages: int) -> list[Edition]:
    """Editions of texts, until there are about so many paragraphs."""
    editions: list[Edition] = []
    count = 0
    for name, paragraphs in texts:
        if paragraphs:
            title = paragraphs[0][:20]
            text = "\n\n".join([title, *paragraphs])
            units = parse_units(text, title, SourceKind.NEWS)
            editions.append(Edition(name, "zh", Origin.OFFICIAL, title, text, units, SourceKind.NEWS))
            count += len(paragraphs)
        if count >= passages:
            break
    return editions


def build(folder: Path, passages: int, source: Path) -> Figures:
    """Build the index in a process of its own; what it took, or nothing where it is there already."""
    editions = editions_of(news(source) if source.exists() else made_up(), passages)
    names = {edition.source_id: {edition.language: [edition.title]} for edition in editions}
    held = _resident()
    started = time.perf_counter()
    with bars() as tell:
        report = build_index(editions, names, folder, tell=tell)
    if not report.switched:
        return {}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "build, s": time.perf_counter() - started,
        "build, passages embedded": report.embedded,
        "build, peak MiB": peak,
        "of that, texts and program before the build, MiB": held,
    }


def search(folder: Path) -> Figures:
    """Open the index and ask it; times in milliseconds, memory in MiB."""
    started = time.perf_counter()
    passage_index = PassageIndex.open(folder)
    _ = passage_index.embedder, passage_index.searcher
    figures: Figures = {"passages": len(passage_index.passages), "open, s": time.perf_counter() - started}
    generation = current_generation(folder)
    figures["size on disk, MiB"] = sum(path.stat().st_size for path in generation.iterdir()) / 2**20
    step = max(len(passage_index.passages) // QUESTIONS, 1)
    questions = [f"{passage.text[:OPENING]}？" for passage in passage_index.passages[step // 2 :: step]][:QUESTIONS]
    figures |= _times("search", lambda question: passage_index.search(question, limit=20), questions)
    figures["resident after searches, MiB"] = _resident()
    answerer = Answerer(passage_index)
    figures |= _times("answer", answerer.answer, questions)
    figures["resident after answers, MiB"] = _resident()
    return figures | _recall(passage_index, questions[:: max(len(questions) // COMPARED, 1)])


def _times(name: str, action: Callable[[str], object], questions: Sequence[str]) -> Figures:
    for question in questions[::10]:  # warm: the first looks at a mapped file wait for the disk
        action(question)
    times = []
    for question in questions:
        started = time.perf_counter_ns()
        action(question)
        times.append((time.perf_counter_ns() - started) / 1e6)
    times.sort()
    return {f"{name}, p{share} ms": times[int(len(times) * share / 100)] for share in (50, 95, 99)}


def _recall(passage_index: PassageIndex, questions: Sequence[str]) -> Figures:
    """Share of the exact best 20 that are among the 60 found, and how often the best is the exact one."""
    assert passage_index.vectors is not None
    exact = ExactSearch(passage_index.passages, passage_index.lexical, passage_index.vectors)
    shares, firsts = [], []
    for question, vector in zip(questions, passage_index.embedder.encode(questions, is_query=True), strict=True):
        query = [Query((question,), vector)]
        expected, found = exact.find(query, 20)[0].rows, passage_index.searcher.find(query, 60)[0].rows
        shares.append(len(np.intersect1d(expected, found)) / len(expected))
        firsts.append(expected[0] == found[0])
    return {"recall of the exact best 20": float(np.mean(shares)), "same best passage": float(np.mean(firsts))}


def _resident() -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def machine() -> dict[str, object]:
    """What the figures were measured on, and how busy it was."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory, GiB": round(memory, 1),
        "python": platform.python_version(),
        "load before": [round(load, 1) for load in os.getloadavg()],
    }


def measure(passages: int, source: Path, folder: Path | None) -> dict[str, Any]:
    """The whole record: machine, commit, texts and figures; each part in a process of its own."""
    before = machine()
    with tempfile.TemporaryDirectory(prefix="bench-") as aside:
        where = folder or Path(aside)
        parts = [["--only", part, "--passages", str(passages), "--news", str(source), "--index", str(where)]
                 for part in ("build", "search")]  # fmt: skip
        figures: Figures = {}
        for part in parts:
            done = subprocess.run([sys.executable, __file__, *part], stdout=subprocess.PIPE, text=True, check=True)
            figures |= json.loads(done.stdout)
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    commit = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    texts = f"{source.name}, pieces of {SHORTEST} characters or more" if source.exists() else "made up"
    return {"commit": commit.stdout.strip(), "machine": before, "texts": texts, "figures": figures}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description="Build and search an index of many passages.")
    parser.add_argument(
        "--passages", type=int, default=100_000, metavar="N", help="about so many (default: %(default)s)"
    )
    parser.add_argument("--news", type=Path, default=NEWS, metavar="FILE", help="texts, JSON lines in xz")
    parser.add_argument("--index", type=Path, metavar="DIR", help="index folder (default: one that is removed again)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="keep the record as JSON")
    parser.add_argument("--only", choices=("build", "search"), help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.only:
        only_build = arguments.only == "build"
        figures = build(arguments.index, arguments.passages, arguments.news) if only_build else search(arguments.index)
        print(json.dumps(figures))
        return 0
    record = measure(arguments.passages, arguments.news, arguments.index)
    for name, value in record["figures"].items():
        print(f"{name:50} {value:12,.3f}")
    if arguments.out:
        rounded = {name: round(value, 3) for name, value in record["figures"].items()}
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(record | {"figures": rounded}, ensure_ascii=False, indent=1)
        arguments.out.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
