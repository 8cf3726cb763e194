"""What commands start from: the cases of a split, the indexes to ask, official texts, the commit, a progress bar."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from eval.case import CASES_FOLDER, Case, load_cases
from eval.errors import NothingThere
from eval.run import Progress
from eval.testreads import log_test_read
from index.build import build_index
from index.default import open_or_build
from index.store import PassageIndex
from sources.collection import folder_collection
from sources.edition import Edition

ROOT = Path(__file__).resolve().parent.parent
SHARED_TEXTS = ROOT.parent / "shared" / "corpus"


def cases_of(arguments: argparse.Namespace) -> list[Case]:
    """The cases of the split that the command line names; commands without that choice work on dev."""
    split = getattr(arguments, "split", "dev")
    cases = load_cases(arguments.cases, None if split == "all" else split)
    if not cases:
        raise NothingThere(f"{str(arguments.cases)!r} holds no case of split {split!r}; name another by --cases.")
    return cases


def log_reading(arguments: argparse.Namespace) -> None:
    """Note that the test split of the project's own cases is about to be read."""
    if arguments.split != "dev" and arguments.cases == CASES_FOLDER:
        if not arguments.reason:
            raise NothingThere("Reading the test split is logged; say why with --reason TEXT.")
        log_test_read(arguments.reason, commit())


def texts_of(arguments: argparse.Namespace) -> list[Path]:
    """Folders of official texts: those named, else the one beside the checkout where there is one."""
    return arguments.texts or ([SHARED_TEXTS] if SHARED_TEXTS.is_dir() else [])


def held_editions(arguments: argparse.Namespace, passage_index: PassageIndex) -> Mapping[str, Edition]:
    """The editions to check cases against: those of the index, and the official texts."""
    texts = texts_of(arguments)
    official = {edition.key: edition for edition in folder_collection(texts).editions} if texts else {}
    return {**passage_index.editions, **official}


def indexes_of(arguments: argparse.Namespace) -> Iterator[tuple[str, PassageIndex]]:
    """The indexes to work on: the one named or bundled, and one over official texts where there are any."""
    yield "bundled" if arguments.index is None else str(arguments.index), open_or_build(arguments.index)
    texts = texts_of(arguments) if arguments.index is None or arguments.texts else []
    if texts:
        collection = folder_collection(texts)
        with index_over(collection.editions, collection.names) as passage_index:
            yield "official", passage_index


@contextmanager
def index_over(
    editions: Iterable[Edition], names: Mapping[str, Mapping[str, list[str]]], like: PassageIndex | None = None
) -> Iterator[PassageIndex]:
    """A temporary index over these editions, embedded as `like` is, on disk as any other, removed at the end."""
    embedder = like.embedder if like else None
    with tempfile.TemporaryDirectory() as folder:
        ordered = list(editions)
        if embedder is None:
            build_index(ordered, names, Path(folder))
        else:
            build_index(ordered, names, Path(folder), embedder_name=embedder.name, embedder=embedder)
        yield PassageIndex.open(Path(folder), embedder=embedder)


def progress_bar(what: str) -> Progress:
    """A progress bar on standard error, where that is a terminal."""

    def shown(cases: Iterable[Case]) -> Iterator[Case]:
        from rich.console import Console
        from rich.progress import track

        yield from track(list(cases), description=what, console=Console(stderr=True), transient=True)

    return shown


def commit(root: Path = ROOT) -> str:
    """The commit checked out, read from git's own files (of a worktree too), or ""."""
    try:
        git = root / ".git"
        if git.is_file():
            git = (root / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()).resolve()
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        name, common = head.removeprefix("ref: "), git / "commondir"
        store = (git / common.read_text(encoding="utf-8").strip()).resolve() if common.exists() else git
        if (store / name).exists():
            return (store / name).read_text(encoding="utf-8").strip()
        packed = (store / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), "")
    except OSError:
        return ""
