"""What all routes of one server share: the service, the settings, kept answers, limits and figures."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from rag.answer import Answer
from rag.question import Turn
from sources.data import DEFAULT_DATA_FOLDER
from sources.fetch.download import Downloader
from ui.fetching import Fetching
from ui.kept import Kept
from ui.limits import Gate
from ui.metrics import Metrics
from ui.rebuilding import Rebuilding
from ui.service import Service, Servicing

_RESULTS = tuple(Path(__file__).parent.parent / "eval" / name for name in ("results", "runs"))


@dataclass(frozen=True)
class Settings:
    """How a server is run."""

    is_local: bool = True  # reachable from this machine only
    admin_token: str = ""  # asked for before sources are changed; without one only a local server changes them
    allow_private: bool = False  # whether texts may be fetched from private networks
    data_folder: Path = DEFAULT_DATA_FOLDER
    result_folders: tuple[Path, ...] = _RESULTS
    at_once: int = 4
    waiting: int = 128
    requests_a_minute: int = 120
    with_mcp: bool = False  # whether /mcp is served


@dataclass
class Site:
    """See the module's first line."""

    servicing: Servicing
    settings: Settings = field(default_factory=Settings)
    rebuilding: Rebuilding | None = None  # None where the index was built elsewhere

    def __post_init__(self) -> None:
        self.kept = Kept()
        self.gate = Gate(self.settings.at_once, self.settings.waiting)
        self.metrics = Metrics(lambda: self.gate.inside)
        self._counting = threading.Lock()
        self._answering = 0
        self.fetching = Fetching(
            self.settings.data_folder, partial(Downloader, allow_private=self.settings.allow_private)
        )

    def now(self) -> Service:
        """The parts to use for one request."""
        return self.servicing.now()

    def answer(self, question: str, history: Sequence[Turn], language: str | None, door: str) -> Answer:
        """The answer to one question: asked of the index in use, counted and kept."""
        started = time.perf_counter()
        with self._at_work():
            answer = self.now().answerer.answer(question, history=history, language=language)
        self.metrics.answered(answer, time.perf_counter() - started, door)
        self.kept.keep(answer)
        return answer

    @property
    def is_busy(self) -> bool:
        """Whether somebody waits for an answer."""
        return self._answering > 0 or self.gate.inside > 0

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        with self._counting:
            self._answering += 1
        try:
            yield
        finally:
            with self._counting:
                self._answering -= 1
