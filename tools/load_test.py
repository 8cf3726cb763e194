"""Fifty people asking at once, against one before and after: latencies as a ratio, errors, and the server's memory.

    .venv/bin/python tools/load_test.py [--door api|page] [--askers N] [--seconds S] [--think S …] [--repeat SHARE]
                                    [--address URL]

Starts a server of its own unless one is named. Every question is asked once only, made of stretches of the texts
held, so no cache of answers can flatter the figures, unless `--repeat` gives the share that are the page's own
examples, asked again and again. An asker waits for the whole answer, then thinks for a random
time (exponential, mean `--think`) before the next question, as a reader would; 0 means a closed loop without any
pause, where fifty askers measure the throughput of the machine and nothing else. The askers share its cores.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from index.default import open_or_build  # noqa: E402
from ui.examples import THEMES  # noqa: E402

LENGTHS = (16, 22, 28)  # characters of a question
WARM_UP = 300  # questions before anything is counted
Times = list[float]


@dataclass
class Tally:
    """What a group of askers saw; seconds to the whole answer, and what went wrong."""

    seconds: Times = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lasted: float = 0.0

    def with_(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(self.seconds + other.seconds, self.errors + other.errors, self.lasted + other.lasted)

    def percentile(self, share: float) -> float:
        """Milliseconds within which that share of the answers was there."""
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 if ordered else float("nan")


def distinct_questions() -> Iterator[str]:
    """Stretches of the texts held, each given once, in an order that is the same in every run."""
    texts = [passage.text for passage in open_or_build(None).passages]
    order = random.Random(7)  # noqa: S311
    seen: set[str] = set()
    while True:
        text = order.choice(texts)
        length = order.choice(LENGTHS) * (1 if "一" <= text[:1] <= "鿿" else 3)
        start = order.randrange(max(len(text) - length, 1))
        question = text[start : start + length].strip() + "？"
        if len(question) > 6 and question not in seen:
            seen.add(question)
            yield question


class Supply:
    """Hands the questions to many threads; `repeat` is the share of them that are examples of the page."""

    def __init__(self, repeat: float = 0.0) -> None:
        self._questions = distinct_questions()
        self._examples = [text for theme in THEMES for texts in theme.questions.values() for text in texts]
        self._repeat = repeat
        self._mood = random.Random(8)  # noqa: S311
        self._lock = threading.Lock()

    def next(self) -> str:
        """An example, or a question that nobody asked before."""
        with self._lock:
            return self._mood.choice(self._examples) if self._mood.random() < self._repeat else next(self._questions)


class Asker:
    """One person with a connection of their own."""

    def __init__(self, address: str, door: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=120)
        self._session = secrets.token_hex(6)
        self._ask = self._by_api if door == "api" else self._by_page

    def ask(self, question: str) -> str:
        """What went wrong, or an empty string once the whole answer is there."""
        try:
            return self._ask(question)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._connection.close()
            return f"{type(error).__name__}: {error}"

    def _by_api(self, question: str) -> str:
        status, body = self._send("POST", "/v1/ask", {"question": question})
        return "" if status == 200 and "status" in json.loads(body) else f"status {status}"

    def _by_page(self, question: str) -> str:
        """Through gradio's queue, as the page's events go."""
        asked = {"data": [question, "en"], "session_hash": self._session}
        status, body = self._send("POST", "/gradio_api/call/ask", asked)
        if status != 200:
            return f"status {status}"
        status, body = self._send("GET", f"/gradio_api/queue/data?session_hash={self._session}", None)
        is_whole = status == 200 and b'"process_completed"' in body and b'"success":true' in body.replace(b": ", b":")
        return "" if is_whole else f"status {status}, {body[-60:]!r}"

    def _send(self, method: str, path: str, body: object) -> tuple[int, bytes]:
        content = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, content, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        return response.status, response.read()

    def close(self) -> None:
        """Leave."""
        self._connection.close()


def run_askers(address: str, door: str, supply: Supply, *, askers: int, seconds: float, think: float) -> Tally:
    """Let `askers` people ask for `seconds`; they arrive spread over one think time."""
    tally = Tally()
    lock = threading.Lock()
    ends = time.monotonic() + seconds

    def person(number: int) -> None:
        asker, mood = Asker(address, door), random.Random(number)  # noqa: S311
        time.sleep(mood.random() * think)
        while time.monotonic() < ends:
            question = supply.next()
            started = time.perf_counter()
            wrong = asker.ask(question)
            taken = time.perf_counter() - started
            with lock:
                (tally.errors.append(wrong) if wrong else tally.seconds.append(taken))
            time.sleep(mood.expovariate(1 / think) if think else 0)
        asker.close()

    started = time.monotonic()
    people = [threading.Thread(target=person, args=(number,)) for number in range(askers)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    tally.lasted = time.monotonic() - started
    return tally


class Watch:
    """Memory and processor time of the server while a group asks."""

    def __init__(self, pid: int | None) -> None:
        self._pid = pid
        self._seen: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        while not self._over.is_set():
            self._seen.append(resident_mib(self._pid))
            self._over.wait(2)

    def __enter__(self) -> Self:
        self._worked = worked_seconds(self._pid)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._seen.append(resident_mib(self._pid))
        self._worked = worked_seconds(self._pid) - self._worked

    def told(self, answers: int) -> str:
        """Memory at the start, halfway and at the end: flat if the second half adds nothing; time for an answer."""
        first, middle, last = self._seen[0], self._seen[len(self._seen) // 2], self._seen[-1]
        return (
            f"memory {first:.0f}, halfway {middle:.0f}, at the end {last:.0f} MiB; "
            f"the server worked {self._worked * 1000 / max(answers, 1):.1f} ms for an answer"
        )


def resident_mib(pid: int | None) -> float:
    """Memory of the server in MiB; not a number where it is not ours to look at."""
    path = Path(f"/proc/{pid}/status")
    if pid is None or not path.exists():
        return float("nan")
    return int(next(line for line in path.read_text().splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def worked_seconds(pid: int | None) -> float:
    """Processor time that the server has used; not a number where it is not ours to look at."""
    path = Path(f"/proc/{pid}/stat")
    if pid is None or not path.exists():
        return float("nan")
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(address: str | None) -> Iterator[tuple[str, int | None]]:
    """The address of a server, and its process where it was started here."""
    if address is not None:
        yield address.rstrip("/"), None
        return
    with subprocess.Popen(
        [sys.executable, "-m", "ui", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http://[^ ]+", process.stdout.readline())
        if found is None:
            raise SystemExit("The server did not start; run python -m ui to see why.")
        try:
            yield found[0], process.pid
        finally:
            process.terminate()


def report(name: str, tally: Tally, alone: Tally | None = None) -> None:
    """One line for a group of askers, beside one asker where that is given."""
    ratio = f"p95 ratio {tally.percentile(0.95) / alone.percentile(0.95):5.1f}" if alone is not None else " " * 15
    print(
        f"{name:27} {len(tally.seconds):6} answers {len(tally.seconds) / tally.lasted:6.1f}/s  "
        f"p50 {tally.percentile(0.5):7.1f} ms  p95 {tally.percentile(0.95):7.1f} ms  {ratio}  "
        f"errors {len(tally.errors)}",
        flush=True,
    )
    for wrong in sorted(set(tally.errors))[:5]:
        print(f"    {tally.errors.count(wrong)} × {wrong}")


def main(argv: Sequence[str] | None = None) -> int:
    """Ask alone, then together; 1 if there was an error."""
    parser = argparse.ArgumentParser(description="Many askers against one: ratio of latencies, errors, memory.")
    parser.add_argument("--door", choices=("api", "page"), default="api", help="POST /v1/ask, or gradio's queue")
    parser.add_argument("--askers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120, help="for each think time")
    parser.add_argument("--alone", type=float, default=15, help="seconds that one asker asks alone, without a pause")
    parser.add_argument("--think", type=float, nargs="+", default=[5.0, 1.0], help="mean seconds between questions")
    parser.add_argument("--repeat", type=float, default=0.0, help="share of questions that are the page's examples")
    parser.add_argument("--address", help="a server that runs already; its memory is not looked at")
    arguments = parser.parse_args(argv)
    supply = Supply(arguments.repeat)
    failed = False
    with served(arguments.address) as (address, pid):
        warm = Asker(address, arguments.door)
        for _ in range(WARM_UP):
            warm.ask(supply.next())
        warm.close()
        ask = partial(run_askers, address, arguments.door, supply)
        before = ask(askers=1, seconds=arguments.alone, think=0)
        for think in arguments.think:
            with Watch(pid) as watch:
                tally = ask(askers=arguments.askers, seconds=arguments.seconds, think=think)
            after = ask(askers=1, seconds=arguments.alone, think=0)
            alone = before.with_(after)
            report("one asker, before and after", alone)
            report(f"{arguments.askers} askers, {f'thinking {think:g} s' if think else 'no pause'}", tally, alone)
            print(f"    {watch.told(len(tally.seconds))}", flush=True)
            failed = failed or bool(tally.errors or alone.errors)
            before = after
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
