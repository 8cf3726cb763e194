"""From Enter to the evidence on the screen, in a real browser: in a fresh conversation, and at the end of a long one.

    .venv/bin/python tools/evidence_time.py [--rounds N] [--turns N] [--pause S] [--without-early]
                                        [--address URL]

Starts a server of its own unless one is named; needs Chromium and playwright. A time runs from the key's event to the
first frame after the evidence stands in the page, both by the browser's own clock. A reader is taken to look at an
answer for `--pause` seconds before the next question, 1 unless told; with 0 the browser is still storing the
conversation when the next one comes. `--without-early` refuses the
page's own request, so that the evidence comes with gradio's first step: what the page was like without it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
BUDGET_MS = 100.0
QUESTIONS = (
    "峰会讨论的五大目标是什么？",
    "What did the Bletchley Declaration call for?",
    "什么是前沿人工智能？",
    "Which AI practices does the EU AI Act prohibit?",
    "《全球人工智能治理倡议》提出了哪些主张？",
    "What is a dual-use foundation model?",
    "深度合成服务提供者要对哪些内容添加显著标识？",
    "How much did the summit cost?",
    "谁率领中国代表团参加峰会？",
    "What obligations do deployers of high-risk AI systems have?",
    "算法推荐服务提供者应当如何保护未成年人？",
    "Who signed the Bletchley Declaration?",
)
# The clock starts at the key; it stops in the first frame that is drawn with passages in a question that waits.
CLOCK = """
    window.evidenceTimes = [];
    let asked = 0;
    document.addEventListener("keydown", (event) => { if (event.key === "Enter") asked = performance.now(); }, true);
    new MutationObserver(() => {
        if (!asked || !document.querySelector(".exchange.pending .nearest a")) return;
        const began = asked;
        asked = 0;
        requestAnimationFrame(() => setTimeout(() => window.evidenceTimes.push(performance.now() - began)));
    }).observe(document, { childList: true, subtree: true });
"""


@contextmanager
def served(address: str | None) -> Iterator[str]:
    """The address of a server, one of its own where none is named."""
    if address is not None:
        yield address.rstrip("/")
        return
    command = [sys.executable, "-m", "ui", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://[^ ]+", process.stdout.readline())
        if found is None:
            raise SystemExit("The server did not start; run python -m ui to see why.")
        try:
            yield found[0]
        finally:
            process.terminate()


def arrive(browser: Browser, address: str, *, early: bool) -> Page:
    """A new visitor with the clock, ready to ask."""
    page = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(60_000)
    page.add_init_script(CLOCK)
    if not early:
        page.route("**/page/evidence", lambda route: route.abort())
    page.goto(address)
    page.wait_for_selector(".welcome .example")
    page.wait_for_selector("html[lang=en]")
    return page


def ask(page: Page, question: str, pause: float) -> float:
    """Milliseconds from Enter to the evidence; the whole answer is waited for, and looked at for `pause` seconds."""
    number = page.locator(".exchange").count() + 1
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.wait_for_selector(f'.exchange[data-number="{number}"]:not(.pending)')
    page.wait_for_timeout(pause * 1000)
    times: list[float] = page.evaluate("window.evidenceTimes")
    if len(times) != number:
        raise SystemExit(
            f"Evidence was seen for {len(times)} of {number} questions; run it again on a quieter machine."
        )
    return times[-1]


def report(name: str, times: Sequence[float]) -> bool:
    """One line of figures; whether nineteen of twenty are within the budget."""
    ordered = sorted(times)
    p95 = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
    median = ordered[len(ordered) // 2]
    print(
        f"{name:34} n {len(ordered):3}  median {median:5.0f} ms  p95 {p95:5.0f} ms  most {ordered[-1]:5.0f} ms",
        flush=True,
    )
    return p95 <= BUDGET_MS


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 if the 95th percentile of either is above the budget."""
    parser = argparse.ArgumentParser(description="From Enter to the evidence on the screen, in a real browser.")
    parser.add_argument("--rounds", type=int, default=3, help="fresh conversations, and long ones (default: 3)")
    parser.add_argument("--turns", type=int, default=24, help="questions of a long conversation (default: 24)")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between answer and question (default: 1)")
    parser.add_argument("--without-early", action="store_true", help="only what gradio's events bring")
    parser.add_argument("--address", help="a server that runs already")
    arguments = parser.parse_args(argv)
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    fresh: list[float] = []
    late: list[float] = []
    with served(arguments.address) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        warm = arrive(browser, address, early=not arguments.without_early)
        for question in QUESTIONS:
            ask(warm, question, 0)
        for _ in range(arguments.rounds):
            questions = cycle(QUESTIONS)
            page = arrive(browser, address, early=not arguments.without_early)
            times = [ask(page, next(questions), arguments.pause) for _ in range(arguments.turns)]
            fresh += times[:4]
            late += times[arguments.turns // 2 :]
            page.context.close()
    kept = report("first four questions", fresh)
    return 0 if report(f"questions {arguments.turns // 2 + 1} to {arguments.turns}", late) and kept else 1


if __name__ == "__main__":
    sys.exit(main())
