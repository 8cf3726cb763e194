"""How far a long build is: told by the parts that work, shown by whoever runs them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]  # what is done, how many of how many


def quiet(_what: str, _done: int, _of: int) -> None:
    """Tell nobody."""


@contextmanager
def bars() -> Iterator[Progress]:
    """A bar for each thing that is done, on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield quiet
        return
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    with Bars(console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what)
            shown.update(tasks[what], completed=done, total=of)

        yield tell
