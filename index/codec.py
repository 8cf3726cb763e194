"""Editions and passages ↔ files that open at once, whatever their size: only what is asked for is read.

texts.bin, units.bin   canonical texts (UTF-8) and units (JSON) of all editions, one after the other
ends.npy               where each edition's text and units end, shape (editions, 2)
editions.json          what else an edition is, and the names of sources
passages.npy           a row a passage: its id, edition, locator, span and context, the words by number
passages.json          those words
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from index.durable import Content, array_content
from index.passage import Passage
from sources.edition import Edition, Origin, SourceKind, Unit, UnitKind

Contents = dict[str, Content]
_KEPT_EDITIONS, _KEPT_PASSAGES = 1024, 1 << 14  # read so far and kept in memory, at most
_ROW = np.dtype(
    [("id", "S16"), ("edition", "<u4"), ("locator", "<u4"), ("start", "<u4"), ("end", "<u4"), ("context", "<u4")]
)
_KINDS = {kind.value: kind for kind in UnitKind}


def dump_editions(editions: Sequence[Edition], names: Mapping[str, Mapping[str, list[str]]]) -> Contents:
    """Editions and the names of their sources, as the contents of files."""
    texts = [edition.text.encode("utf-8") for edition in editions]
    units = [_dump_units(edition) for edition in editions]
    ends = np.cumsum([[len(text), len(unit)] for text, unit in zip(texts, units, strict=True)], axis=0, dtype=np.int64)
    heads = [
        [e.source_id, e.language, e.origin, e.title, e.kind, e.read_on.isoformat() if e.read_on else None, e.url]
        for e in editions
    ]
    return {
        "texts.bin": b"".join(texts),
        "units.bin": b"".join(units),
        "ends.npy": array_content(ends),
        "editions.json": json.dumps({"editions": heads, "names": names}, ensure_ascii=False).encode("utf-8"),
    }


def _dump_units(edition: Edition) -> bytes:
    paths: dict[tuple[str, ...], int] = {}
    units = [
        [unit.locator, unit.kind, unit.start, unit.end, unit.body, paths.setdefault(unit.path, len(paths))]
        for unit in edition.units
    ]
    return json.dumps([list(paths), units], ensure_ascii=False).encode("utf-8")


class EditionTable(Mapping[str, Edition]):
    """Editions by key, each read when it is asked for; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Open what `dump_editions` gave; raises ValueError, KeyError or OSError."""
        data = json.loads((folder / "editions.json").read_text(encoding="utf-8"))
        self.names: dict[str, dict[str, list[str]]] = data["names"]
        self.heads = [_head(*row) for row in data["editions"]]
        self.keys_in_order = [head.key for head in self.heads]
        self._numbers = {key: number for number, key in enumerate(self.keys_in_order)}
        self._ends = np.load(folder / "ends.npy", allow_pickle=False)
        self._texts, self._units = mapped(folder / "texts.bin"), mapped(folder / "units.bin")
        if self._ends.shape != (len(self.heads), 2) or [len(self._texts), len(self._units)] != self._ends[-1].tolist():
            raise ValueError("the files of the texts do not belong together")
        self.text: Callable[[int], str] = lru_cache(_KEPT_EDITIONS)(self._text)
        self._edition = lru_cache(_KEPT_EDITIONS)(self._read)

    def __getitem__(self, key: str) -> Edition:
        return self._edition(self._numbers[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys_in_order)

    def __len__(self) -> int:
        return len(self.heads)

    def __contains__(self, key: object) -> bool:
        return key in self._numbers

    def number(self, key: str) -> int:
        """The place of an edition in the order of the files."""
        return self._numbers[key]

    def _text(self, number: int) -> str:
        """Canonical text of the edition of that number."""
        return str(self._slice(self._texts, number, 0), "utf-8")

    def _slice(self, data: bytes | mmap.mmap, number: int, column: int) -> bytes:
        start = int(self._ends[number - 1, column]) if number else 0
        return data[start : int(self._ends[number, column])]

    def _read(self, number: int) -> Edition:
        head = self.heads[number]
        rows, units = json.loads(self._slice(self._units, number, 1))
        paths = [tuple(path) for path in rows]
        return Edition(
            head.source_id,
            head.language,
            head.origin,
            head.title,
            self.text(number),
            tuple(Unit(at, _KINDS[kind], start, end, body, paths[p]) for at, kind, start, end, body, p in units),
            head.kind,
            head.read_on,
            head.url,
        )


def _head(source: str, language: str, origin: str, title: str, kind: str, read_on: str | None, url: str) -> Edition:
    """What an edition is, without its text and units."""
    day = date.fromisoformat(read_on) if read_on else None
    return Edition(source, language, Origin(origin), title, "", (), SourceKind(kind), day, url)


def mapped(path: Path) -> bytes | mmap.mmap:
    """A file's bytes, read when they are looked at; raises OSError."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""


def dump_passages(passages: Sequence[Passage], editions: Sequence[Edition]) -> Contents:
    """Passages as spans of `editions`, as the contents of files; their text is in the editions."""
    numbers = {edition.key: number for number, edition in enumerate(editions)}
    locators: dict[str, int] = {}
    contexts: dict[str, int] = {}
    rows = np.fromiter(
        (
            (
                p.id.encode("ascii"),
                numbers[p.edition_key],
                locators.setdefault(p.locator, len(locators)),
                p.start,
                p.end,
                contexts.setdefault(p.context, len(contexts)),
            )
            for p in passages
        ),
        dtype=_ROW,
        count=len(passages),
    )
    words = json.dumps({"locators": list(locators), "contexts": list(contexts)}, ensure_ascii=False)
    return {"passages.npy": array_content(rows), "passages.json": words.encode("utf-8")}


class PassageTable(Sequence[Passage]):
    """Passages by row, each made when it is asked for; those of an edition stand together, in order."""

    def __init__(self, folder: Path, editions: EditionTable) -> None:
        """Open what `dump_passages` gave; raises ValueError, KeyError or OSError."""
        words = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
        self._locators: list[str] = words["locators"]
        self._contexts: list[str] = words["contexts"]
        self._editions = editions
        self._rows = passage_rows(folder)
        #: number of each passage's edition
        self.edition_numbers: NDArray[np.uint32] = np.ascontiguousarray(self._rows["edition"])
        if len(self._rows) and self.edition_numbers.max() >= len(editions):
            raise ValueError("a passage is of no edition")
        self._firsts = np.searchsorted(self.edition_numbers, np.arange(len(editions) + 1, dtype=np.uint32))
        self._passage = lru_cache(_KEPT_PASSAGES)(self._make)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, row: int) -> Passage: ...
    @overload
    def __getitem__(self, row: slice) -> list[Passage]: ...
    def __getitem__(self, row: int | slice) -> Passage | list[Passage]:
        if isinstance(row, slice):
            return [self._make(number) for number in range(len(self))[row]]
        return self._passage(range(len(self))[row])

    def __iter__(self) -> Iterator[Passage]:
        return map(self._make, range(len(self)))

    def rows_of(self, edition: int) -> range:
        """Rows of the passages of one edition."""
        return range(int(self._firsts[edition]), int(self._firsts[edition + 1]))

    def ids(self) -> list[str]:
        """Ids of all passages, in order."""
        return passage_ids(self._rows)

    def _make(self, row: int) -> Passage:
        identity, edition, locator, start, end, context = self._rows[row].item()
        head = self._editions.heads[edition]
        return Passage(
            identity.decode("ascii"),
            self._editions.keys_in_order[edition],
            head.source_id,
            head.language,
            head.origin,
            self._locators[locator],
            start,
            end,
            self._contexts[context],
            self._editions.text(edition)[start:end],
        )


def passage_rows(folder: Path) -> NDArray[Any]:
    """The rows of passages.npy, mapped; raises ValueError or OSError."""
    rows = np.asarray(np.load(folder / "passages.npy", mmap_mode="r", allow_pickle=False))
    if rows.dtype != _ROW:
        raise ValueError("passages.npy has other columns")
    return rows


def passage_ids(rows: NDArray[Any]) -> list[str]:
    """Ids of passages, in order."""
    return [identity.decode("ascii") for identity in rows["id"].tolist()]
