"""A progress bar for downloads, on standard error and only where a person watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sources.fetch.download import Progress


@contextmanager
def progress_bar(count: int) -> Iterator[Callable[[str], Progress]]:
    """Yields a function that names the next page and returns what to tell its bytes to."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, DownloadColumn(), console=console, transient=True, disable=not console.is_terminal) as bar:
        pages = bar.add_task("Pages", total=count)
        page = bar.add_task("", total=None, visible=False)
        started = 0

        def begin(name: str) -> Callable[[int, int | None], None]:
            nonlocal started
            bar.update(pages, completed=started)
            started += 1
            bar.reset(page, description=name, total=None, visible=True)
            return lambda done, total: bar.update(page, completed=done, total=total)

        yield begin
