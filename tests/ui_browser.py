"""A visitor for browser tests: one page, what it asked the network for, and what the browser complained of."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sources.collection import Collection
from ui.rebuilding import Rebuilding
from ui.running import Settings
from ui.service import Service
from ui.texts import supported

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

ENGLISH = "What does the Declaration say of harm?"
CHINESE = "生成违法内容应当怎么办？"
TOKEN = "a long enough token"
PATIENCE = 90  # seconds that a browser on a busy machine may take for anything; nobody waits so long where it goes well
Serve = Callable[..., AbstractContextManager[str]]
EXECUTED = "window.executed = true"


class Visit:
    """A page with what it asked the network for and what it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hosts: set[str | None] = set()
        self.complaints: list[str] = []
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))

    def _hear(self, message: ConsoleMessage) -> None:
        """Note what the browser complains of; that gradio's stream ends when one leaves the page is no complaint."""
        if message.type in ("error", "warning") and not re.search("AbortError|[Cc]onnection errored out", message.text):
            self.complaints.append(message.text)

    def ask(self, question: str) -> Any:
        """Type a question, press Enter, and wait for its answer."""
        number = self.page.locator(".exchange").count() + 1
        send(self.page, question)
        self.page.wait_for_selector(f'.exchange[data-number="{number}"]:not(.pending)')
        return self.page.locator(f'.exchange[data-number="{number}"]')

    def until(self, condition: str, argument: object = None) -> None:
        """Wait until a script's condition holds."""
        until(self.page, condition, argument)

    def marked(self) -> str:
        """The text marked in the panel, once it is there."""
        self.page.wait_for_selector("#source-panel mark")
        return "\n\n".join(self.page.locator("#source-panel mark").all_inner_texts())


def send(page: Page, question: str) -> None:
    """Type a question and press Enter."""
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")


def until(page: Page, condition: str, argument: object = None) -> None:
    """Wait until a script's condition holds; asked again and again, because the page's policy forbids `eval`."""
    script = condition if "=>" in condition.split("(")[0] else f"() => {condition}"
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(script, argument):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(30)


@contextmanager
def visit(
    browser: Browser,
    address: str,
    *,
    width: int = 1280,
    look: Any = "light",
    language: str = "zh-CN",
    path: str = "/",
    script: str = "",
) -> Iterator[Visit]:
    """A fresh visitor, with `script` run at the start of every page; afterwards nothing may have left the machine and the browser may not have complained."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=look, locale=language)
    context.set_default_timeout(PATIENCE * 1000)
    if script:
        context.add_init_script(script)
    arrived = Visit(context.new_page())
    arrived.page.goto(address + path)
    arrived.page.wait_for_selector(".conversation")
    arrived.until(f"document.documentElement.lang === '{supported(language)}'")
    yield arrived
    context.close()
    assert arrived.hosts == {"127.0.0.1"}
    assert arrived.complaints == []


def question(language: str) -> str:
    return CHINESE if language.startswith("zh") else ENGLISH


class FakeRebuilding(Rebuilding):
    """Plans and builds nothing, at once."""

    def plan(self) -> Any:
        return self.progress

    def _build(self) -> Any:
        return self.progress.__class__("done", 3, "9 passages: 1 embedded, 8 reused", "0123456789abcdef")


@contextmanager
def guarded(serve: Serve, service: Service, folder: Path) -> Iterator[str]:
    """A server with a data folder of its own, where sources may be changed with TOKEN."""
    settings = Settings(admin_token=TOKEN, data_folder=folder / "data", result_folders=(folder / "runs",))
    rebuilding = FakeRebuilding(folder / "index", lambda: Collection([], {}), lambda _: None)  # type: ignore[arg-type, return-value]
    with serve(service, settings=settings, rebuilding=rebuilding) as address:
        yield address
