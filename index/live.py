"""The index in use, followed across rebuilds by a program that goes on answering.

    live = LiveIndex(folder)
    passage_index = live.current()   # once for each question; all of that question's work uses this one

A generation never changes, and an open one outlives its folder, so a question that has begun ends on the
generation it began with, and the next question gets the new one.
"""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from index.errors import IndexFault
from index.generations import current_generation
from index.store import PassageIndex

_log = logging.getLogger(__name__)
_RETRY_SECONDS = 1.0  # between attempts to open a generation that could not be opened


class LiveIndex:
    """Gives the generation in use, reopened when it changes. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Open what is in use below `folder`; raises IndexFault where there is nothing to answer from."""
        self._folder = folder
        self._opening = threading.Lock()
        self._retry_at = 0.0
        self._index = PassageIndex.open(folder)

    def current(self) -> PassageIndex:
        """The index to answer the next question from; costs one small file read unless the generation changed.

        Never waits for another thread that is opening a new generation, and never fails for one that cannot be
        opened: both times the index so far is given.
        """
        if self._has_changed() and self._opening.acquire(blocking=False):
            try:
                if self._has_changed():  # another thread may have opened it just now
                    self._reopen()
            finally:
                self._opening.release()
        return self._index

    def _has_changed(self) -> bool:
        if time.monotonic() < self._retry_at:
            return False
        try:
            return current_generation(self._folder).name != self._index.id
        except IndexFault as error:
            self._go_on(error)
            return False

    def _reopen(self) -> None:
        try:
            opened = PassageIndex.open(self._folder, embedder=self._index.embedder)
            _ = opened.embedder  # loaded now, not by the first question
        except IndexFault as error:
            self._go_on(error)
        else:
            self._index = opened

    def _go_on(self, error: IndexFault) -> None:
        self._retry_at = time.monotonic() + _RETRY_SECONDS
        _log.warning("Going on with index %s: %s", self._index.id, error)
