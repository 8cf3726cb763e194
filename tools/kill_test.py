"""Kill an index builder at many instants and check that nothing is lost.

    .venv/bin/python tools/kill_test.py [--random N] [--seed N] [--step N]

Two kinds of instants: every single file operation of a cycle (build, switch, roll back, build again, collect
garbage), one after the other; and N random moments. After each kill the index must open, equal one of the two
contents exactly, and the next build must complete and leave no litter. Needs fork; prints a count and exits 1 on
the first instant that loses something.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from tests_support import GARDEN_DECLARATION, GARDEN_LAW, GARDEN_NEWS, TopicEmbedder, make_edition  # noqa: E402

from index import counting, embedding  # noqa: E402
from index.build import build_index, rollback  # noqa: E402
from index.embedder import Embedder  # noqa: E402
from index.errors import IndexMissing  # noqa: E402
from index.generations import GENERATIONS_NAME, KEEP_GENERATIONS, current_generation  # noqa: E402
from index.store import PassageIndex  # noqa: E402
from sources.edition import Edition  # noqa: E402

_EVENTS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.utime", "shutil.rmtree", "fcntl.flock"}
_QUESTIONS = ("在公园里生火怎么办", "论坛的议题", "五十元罚款", "oak")
_NAMES = {"garden-law": {"zh": ["园林管理办法"]}}
Contents = dict[str, object]  # what each generation must answer, by id


@dataclass(frozen=True)
class Killed:
    """How many instants were tried, and how often the index in use was each of the contents afterwards."""

    instants: int
    found: dict[str, int]


def versions(number: int = 4) -> list[list[Edition]]:
    """Contents that differ in one unit."""
    return [
        [
            make_edition("garden-declaration", "en", GARDEN_DECLARATION),
            make_edition("garden-law", "zh", GARDEN_LAW.replace("五十元", f"{which + 1}十元")),
            make_edition("garden-news", "zh", GARDEN_NEWS),
        ]
        for which in range(number)
    ]


def answers(passage_index: PassageIndex) -> object:
    """Everything that could tell one content from another."""
    hits = [[(hit.passage.id, hit.passage.text, hit.score) for hit in passage_index.search(q)] for q in _QUESTIONS]
    return hits, {key: edition.sha256 for key, edition in passage_index.editions.items()}


def expected(folder: Path, embedder: Embedder) -> Contents:
    """The answers of a clean build of each version."""
    found: Contents = {}
    for which, editions in enumerate(versions()):
        report = build_index(editions, _NAMES, folder / str(which), embedder=embedder)
        found[report.id] = answers(PassageIndex.open(folder / str(which), embedder=embedder))
    return found


def cycle(folder: Path, embedder: Embedder) -> None:
    """More generations than are kept, so that old ones go; back, on, and back to one that is still there."""
    for editions in versions():
        build_index(editions, _NAMES, folder, embedder=embedder)
    rollback(folder)
    build_index(versions()[-1], _NAMES, folder, embedder=embedder)
    build_index(versions()[0], _NAMES, folder, embedder=embedder)


def run_until_killed(work: Callable[[], None], seconds: float | None) -> bool:
    """Fork, do `work`, and kill the child after `seconds` (None: it kills itself); whether it was killed."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit("The builder failed by itself; run it without kills to see why.")
    return os.WIFSIGNALED(status)


def kill_at_operation(folder: Path, number: int, work: Callable[[], None]) -> Callable[[], None]:
    """`work`, but the process kills itself right before its file operation of that number below `folder`."""
    left = count(number, -1)

    def watch(event: str, details: tuple[object, ...]) -> None:
        if event in _EVENTS and (event == "fcntl.flock" or str(folder) in str(details[0])) and next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def armed() -> None:
        sys.addaudithook(watch)
        work()

    return armed


def check(folder: Path, known: Contents, embedder: Embedder) -> str:
    """Id of the generation in use after a kill; raises AssertionError where anything is lost."""
    try:
        opened = PassageIndex.open(folder, embedder=embedder)
    except IndexMissing:
        identity = ""  # killed before the very first switch
    else:
        identity = opened.id
        assert answers(opened) == known[identity], f"index {identity} does not answer as built"
        assert not opened.manifest.differing_files(current_generation(folder)), f"index {identity} is damaged"
    repaired = folder.with_name("repaired")
    shutil.rmtree(repaired, ignore_errors=True)
    if folder.exists():
        shutil.copytree(folder, repaired)
    for editions in versions()[:2]:
        report = build_index(editions, _NAMES, repaired, embedder=embedder)
        assert answers(PassageIndex.open(repaired, embedder=embedder)) == known[report.id]
    names = [path.name for path in (repaired / GENERATIONS_NAME).iterdir()]
    assert len(names) <= KEEP_GENERATIONS, f"more generations than kept: {names}"
    assert not [name for name in names if name.startswith(".")], f"litter after a build: {names}"
    return identity


def kill_at_operations(folder: Path, embedder: Embedder, step: int) -> Killed:
    """Kill at the first file operation of a cycle, then at the one `step` later, … until the cycle is through."""
    known, found = expected(folder / "clean", embedder), dict[str, int]()
    index = folder / "index"
    for number in count(0, step):
        shutil.rmtree(index, ignore_errors=True)
        work = kill_at_operation(index, number, lambda: cycle(index, embedder))
        killed = run_until_killed(work, None)
        identity = check(index, known, embedder)
        found[identity] = found.get(identity, 0) + 1
        if not killed:
            return Killed(number // step, found)
    raise AssertionError("unreachable")


def kill_at_random(folder: Path, embedder: Embedder, instants: int, seed: int) -> Killed:
    """Kill a builder that goes round and round, at random moments, always going on with what the last one left."""
    known, found = expected(folder / "clean", embedder), dict[str, int]()
    index, chance = folder / "index", random.Random(seed)  # noqa: S311  chance, not secrecy
    started = time.perf_counter()
    cycle(index, embedder)
    length = time.perf_counter() - started

    def for_ever() -> None:
        while True:
            cycle(index, embedder)

    for _ in range(instants):
        run_until_killed(for_ever, chance.uniform(0, 1.5 * length))
        identity = check(index, known, embedder)
        found[identity] = found.get(identity, 0) + 1
    return Killed(instants, found)


def main(argv: Sequence[str] | None = None) -> int:
    """Run both kinds and print what was found."""
    parser = argparse.ArgumentParser(description="Kill an index builder at many instants; nothing may be lost.")
    parser.add_argument("--random", type=int, default=300, metavar="N", help="random instants (default 300)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--step", type=int, default=1, metavar="N", help="try every Nth file operation (default 1)")
    arguments = parser.parse_args(argv)
    counting.COUNTED_AT_ONCE, counting.POSTINGS_AT_ONCE, embedding.EMBEDDED_AT_ONCE = 3, 20, 4
    folder = Path(tempfile.mkdtemp(prefix="kill-test-"))
    try:
        for name, killed in (
            ("file operations", kill_at_operations(folder / "a", TopicEmbedder(), arguments.step)),
            ("random", kill_at_random(folder / "b", TopicEmbedder(), arguments.random, arguments.seed)),
        ):
            in_use = ", ".join(f"{identity or 'none yet'} {times}×" for identity, times in sorted(killed.found.items()))
            print(f"{name}: {killed.instants} instants, every index sound and rebuilt; in use: {in_use}")
    except AssertionError as error:
        print(f"Lost something: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
