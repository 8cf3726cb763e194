"""Results remembered by the very object they were made of, for objects that have no hash."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Subject = TypeVar("Subject")
Result = TypeVar("Result")


class Remembered(Generic[Subject, Result]):
    """`work` for a subject that never changes, and what else it depends on; the latest `most` results are kept.

    A result is kept with its subject, so the subject lives as long, and nothing else can have its identity.
    """

    def __init__(self, work: Callable[..., Result], most: int) -> None:
        self._work = work
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[Hashable, ...], tuple[Subject, Result]] = OrderedDict()

    def __call__(self, subject: Subject, *others: Hashable) -> Result:
        """The result for this subject and these others, made once."""
        name = (id(subject), *others)
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name][1]
        result = self._work(subject, *others)
        with self._lock:
            self._kept[name] = (subject, result)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return result
