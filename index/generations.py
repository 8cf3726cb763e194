"""Generations on disk: which one is in use, switching by one atomic rename, keeping the last few.

INDEX/CURRENT                name of the generation in use
INDEX/generations/<id>/      one complete generation; never changed once it bears its name
INDEX/generations/.…         being built or removed; whatever a killed process left is removed by the next build
INDEX/.unfinished/           vectors and term counts of a large build that is not done yet
INDEX/.lock                  one builder at a time; the lock goes with the process that holds it
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.durable import remove_folder, sync_folder, write_file
from index.errors import IndexBroken, IndexMissing
from index.manifest import MANIFEST_NAME

CURRENT_NAME = "CURRENT"
GENERATIONS_NAME = "generations"
KEPT_NAME = ".unfinished"
KEEP_GENERATIONS = 3
_NAME = re.compile(r"[0-9a-f]{12}")


def current_generation(folder: Path) -> Path:
    """Folder of the generation in use; raises IndexMissing or IndexBroken."""
    pointer = folder / CURRENT_NAME
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise IndexMissing(
            f"No index at {str(folder)!r}; build one with: python -m index build --index {folder}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexBroken(f"{str(pointer)!r} cannot be read ({error}); rebuild the index.") from None
    if not _NAME.fullmatch(name):
        raise IndexBroken(f"{str(pointer)!r} names no generation ({name[:40]!r}); rebuild the index.")
    return folder / GENERATIONS_NAME / name


def generations(folder: Path) -> list[Path]:
    """Folders of the complete generations, the one that was built last first."""
    try:
        found = [path for path in (folder / GENERATIONS_NAME).iterdir() if _NAME.fullmatch(path.name)]
    except FileNotFoundError:
        return []
    return sorted(found, key=_built_at, reverse=True)


def _built_at(generation: Path) -> tuple[int, str]:
    try:
        return (generation / MANIFEST_NAME).stat().st_mtime_ns, generation.name
    except OSError:
        return 0, generation.name


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Wait until no other process builds below `folder`, and keep others out."""
    (folder / GENERATIONS_NAME).mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def building(target: Path) -> Iterator[Path]:
    """A folder beside `target` to write into; takes the target's name when the block ends well, else vanishes."""
    aside = Path(tempfile.mkdtemp(prefix=".building-", dir=target.parent))
    try:
        yield aside
        sync_folder(aside)
        if target.exists():  # damaged, or it would have been used as it is
            _remove(target)
        aside.rename(target)
        sync_folder(target.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def switch(folder: Path, identity: str) -> None:
    """Point CURRENT at the generation by one atomic rename."""
    pointer = folder / f".{CURRENT_NAME}.{os.getpid()}"
    try:
        write_file(pointer, identity.encode("utf-8"))
        pointer.replace(folder / CURRENT_NAME)
    finally:
        pointer.unlink(missing_ok=True)
    sync_folder(folder)


def collect_garbage(folder: Path) -> None:
    """Keep the generation in use and the newest others, and remove what killed builds left.

    Who has a generation open keeps its data: files stay readable by those that hold them after their names are gone.
    """
    in_use = current_generation(folder)
    others = [path for path in generations(folder) if path != in_use]
    for path in others[KEEP_GENERATIONS - 1 :]:
        _remove(path)
    for left in (folder / GENERATIONS_NAME).glob(".*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in folder.glob(f".{CURRENT_NAME}.*"):
        left.unlink(missing_ok=True)


def _remove(generation: Path) -> None:
    """Take the name away first, in one step, so that nobody ever sees half a generation."""
    doomed = Path(tempfile.mkdtemp(prefix=".removed-", dir=generation.parent))
    generation.rename(doomed / generation.name)
    remove_folder(doomed / generation.name)
    shutil.rmtree(doomed, ignore_errors=True)
