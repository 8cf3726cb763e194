"""Getting texts from the network at a person's request: one job at a time, in the background, with its progress.

What may be contacted is decided where it always is, in `sources.fetch`: public hosts only unless the server was
started otherwise, every redirect checked, limits on size and time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sources.adding import editions_from_url
from sources.catalogue import Catalogue, CatalogueEdition, CatalogueEntry
from sources.errors import AddressRefused, SourceError
from sources.fetch.download import Downloader
from sources.fetch.official import Fetcher, published_editions
from sources.fetch.snapshots import SnapshotStore
from sources.holdings import Holdings
from ui.refusals import refused_in

_MOST_LINES = 200
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one page: `state` is a PageState, or "added", "refused" or "failed" for a page without a record.

    `text` is a sentence of `sources`; `source_id` and `units` tell what is held now.
    """

    is_good: bool
    name: str
    state: str
    text: str = ""
    source_id: str = ""
    units: int = 0


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """Where a job stands: pages done of all, the page being read, bytes of it so far, and what became of the others."""

    state: Literal["idle", "running", "done", "stopped", "failed"] = "idle"
    done: int = 0
    of: int = 0
    name: str = ""
    bytes_read: int = 0
    lines: tuple[Line, ...] = ()

    def record(self, language: str = "en") -> dict[str, object]:
        """As JSON, its sentences in the reader's language."""
        return {
            "state": self.state,
            "done": self.done,
            "of": self.of,
            "name": self.name,
            "bytes": self.bytes_read,
            "good": sum(line.is_good for line in self.lines),
            "lines": [
                {
                    "good": line.is_good,
                    "name": line.name,
                    "state": line.state.replace("-", "_"),
                    "text": refused_in(line.text, language),
                    "id": line.source_id,
                    "units": line.units,
                }
                for line in self.lines
            ],
        }


class Fetching:
    """Brings texts into `data_folder`; `make_downloader` gives what contacts hosts."""

    def __init__(self, data_folder: Path, make_downloader: Callable[[], Downloader]) -> None:
        self._folder = data_folder
        self._make_downloader = make_downloader
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._progress = FetchProgress()

    @property
    def progress(self) -> FetchProgress:
        """Where the latest job stands."""
        return self._progress

    def fetch_official(self, catalogue: Catalogue, ids: Iterable[str]) -> bool:
        """Begin to fetch the catalogue's editions of `ids`, or all where none is named; False where a job runs."""
        wanted = list(published_editions(catalogue, list(ids)))
        return self._start(len(wanted), lambda: self._official(catalogue, wanted))

    def add_page(self, catalogue: Catalogue, url: str) -> bool:
        """Begin to add the text at `url`; False where a job runs."""
        return self._start(1, lambda: self._page(catalogue, url))

    def stop(self) -> None:
        """End after the page being read."""
        self._stop.set()

    def _start(self, count: int, work: Callable[[], Iterator[Line]]) -> bool:
        with self._lock:
            if self._progress.state == "running":
                return False
            self._stop.clear()
            self._progress = FetchProgress("running", of=count)
        threading.Thread(target=self._run, args=(work,), name="fetch", daemon=True).start()
        return True

    def _run(self, work: Callable[[], Iterator[Line]]) -> None:
        state: Literal["done", "stopped", "failed"] = "done"
        try:
            for line in work():
                now = self._progress
                told = replace(line, text=self._without_paths(line.text))
                lines = (*now.lines, told)[-_MOST_LINES:]
                self._progress = replace(now, done=min(now.done + 1, now.of), bytes_read=0, lines=lines)
                if self._stop.is_set():
                    state = "stopped"
                    break
        except AddressRefused as error:
            state = self._fail(str(error), "refused")
        except SourceError as error:
            state = self._fail(str(error))
        except Exception:  # noqa: BLE001 — a thread's end must be told to the page; the log has the rest
            _log.exception("texts could not be fetched")
            state = self._fail("Fetching failed and was logged; what is held is unchanged.")
        self._progress = replace(self._progress, state=state, name="")

    def _fail(self, sentence: str, state: str = "failed") -> Literal["failed"]:
        line = Line(False, self._progress.name, state, self._without_paths(sentence))
        self._progress = replace(self._progress, lines=(*self._progress.lines, line))
        return "failed"

    def _official(
        self, catalogue: Catalogue, wanted: Iterable[tuple[CatalogueEntry, CatalogueEdition]]
    ) -> Iterator[Line]:
        holdings = Holdings(self._folder)
        fetcher = Fetcher(catalogue, holdings, SnapshotStore(self._folder), self._make_downloader())
        for entry, published in wanted:
            name = f"{entry.id}.{published.language}"
            self._progress = replace(self._progress, name=name, bytes_read=0)
            record = fetcher.fetch(entry, published, self._told)
            moved = f" The page has moved to {record.moved_to}." if record.moved_to else ""
            yield Line(not record.is_trouble, name, record.state.value, record.said + moved, entry.id)

    def _page(self, catalogue: Catalogue, url: str) -> Iterator[Line]:
        self._progress = replace(self._progress, name=url)
        holdings = Holdings(self._folder)
        store = SnapshotStore(self._folder)
        for edition in editions_from_url(url, catalogue, store, self._make_downloader()):
            holdings.add(edition)
            name = f"{edition.source_id}.{edition.language}"
            yield Line(True, name, "added", "", edition.source_id, len(edition.units))

    def _told(self, received: int, _total: int | None) -> None:
        self._progress = replace(self._progress, bytes_read=received)

    def _without_paths(self, sentence: str) -> str:
        return sentence.replace(str(self._folder), self._folder.name)
