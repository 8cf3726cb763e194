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
from typing import Any, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from index.durable import Content, Sink, array_content, pieces_content
from index.passage import Passage
from sources.edition import Edition, Origin, SourceKind, Unit, UnitKind

Contents = dict[str, Content]
_KEPT_EDITIONS, _KEPT_PASSAGES = 1024, 1 << 14  # read so far and kept in memory, at most
_READ_AT_ONCE = 4096  # passages
#: passages.npy, a row
PASSAGE_ROW = np.dtype(
    [("id", "S16"), ("edition", "<u4"), ("locator", "<u4"), ("start", "<u4"), ("end", "<u4"), ("context", "<u4")]
)
_KINDS = {kind.value: kind for kind in UnitKind}


def dump_units(edition: Edition) -> bytes:
    """The units of an edition as units.bin holds them."""
    paths: dict[tuple[str, ...], int] = {}
    units = [
        [unit.locator, unit.kind, unit.start, unit.end, unit.body, paths.setdefault(unit.path, len(paths))]
        for unit in edition.units
    ]
    return json.dumps([list(paths), units], ensure_ascii=False).encode("utf-8")


def dump_editions(
    editions: Sequence[Edition], units: Sequence[bytes], names: Mapping[str, Mapping[str, list[str]]]
) -> Contents:
    """Editions, their dumped `units` and the names of their sources, as the contents of files."""
    sizes = [[len(edition.text.encode("utf-8")), len(unit)] for edition, unit in zip(editions, units, strict=True)]
    heads = [
        [e.source_id, e.language, e.origin, e.title, e.kind, e.read_on.isoformat() if e.read_on else None, e.url]
        for e in editions
    ]

    def texts(sink: Sink) -> None:
        for edition in editions:
            sink.write(edition.text.encode("utf-8"))

    return {
        "texts.bin": texts,
        "units.bin": pieces_content(units),
        "ends.npy": array_content(np.cumsum(sizes, axis=0, dtype=np.int64)),
        "editions.json": json.dumps({"editions": heads, "names": names}, ensure_ascii=False).encode("utf-8"),
    }


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

    def number_of_same(self, edition: Edition, units: bytes) -> int | None:
        """The number of the edition here that has the same key, title, text and (dumped) units, or None."""
        number = self._numbers.get(edition.key)
        if number is None or self.heads[number].title != edition.title or self._slice(self._units, number, 1) != units:
            return None
        return number if self._slice(self._texts, number, 0) == edition.text.encode("utf-8") else None

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


class TextSource(Protocol):
    """Editions in order, as passages need them."""

    @property
    def heads(self) -> Sequence[Edition]:
        """What they are; their texts may be left out."""
        ...

    @property
    def keys_in_order(self) -> Sequence[str]:
        """Their keys."""
        ...

    @property
    def text(self) -> Callable[[int], str]:
        """Canonical text of the edition of a number."""
        ...


class HeldEditions:
    """Editions that are in memory, as a source of texts."""

    def __init__(self, editions: Sequence[Edition]) -> None:
        self.heads = editions
        self.keys_in_order = [edition.key for edition in editions]

    def text(self, number: int) -> str:
        """Canonical text of the edition of that number."""
        return self.heads[number].text


class PassageTable(Sequence[Passage]):
    """Passages by row, each made when it is asked for; those of an edition stand together, in order."""

    def __init__(
        self, rows: NDArray[Any], locators: Sequence[str], contexts: Sequence[str], editions: TextSource
    ) -> None:
        """`rows` are of type `PASSAGE_ROW`, with locators and contexts by number."""
        self.rows, self.locators, self.contexts = rows, locators, contexts
        self._editions = editions
        #: number of each passage's edition
        self.edition_numbers: NDArray[np.uint32] = np.ascontiguousarray(rows["edition"])
        count = len(editions.heads)
        if len(rows) and self.edition_numbers.max() >= count:
            raise ValueError("a passage is of no edition")
        self._firsts = np.searchsorted(self.edition_numbers, np.arange(count + 1, dtype=np.uint32))
        self._passage = lru_cache(_KEPT_PASSAGES)(self._make)

    @classmethod
    def load(cls, folder: Path, editions: TextSource) -> PassageTable:
        """Open what `contents` gave; raises ValueError, KeyError or OSError."""
        words = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
        return cls(passage_rows(folder), words["locators"], words["contexts"], editions)

    def contents(self) -> Contents:
        """Passages as the contents of files; their text is in the editions."""
        words = json.dumps({"locators": self.locators, "contexts": self.contexts}, ensure_ascii=False)
        return {"passages.npy": array_content(self.rows), "passages.json": words.encode("utf-8")}

    def __len__(self) -> int:
        return len(self.rows)

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

    def parts(self, rows: NDArray[np.int64]) -> Iterator[tuple[str, str]]:
        """Context and text of the passages of those rows."""
        for first in range(0, len(rows), _READ_AT_ONCE):
            for _, edition, _, start, end, context in self.rows[rows[first : first + _READ_AT_ONCE]].tolist():
                yield self.contexts[context], self._editions.text(edition)[start:end]

    def ids(self) -> list[str]:
        """Ids of all passages, in order."""
        return passage_ids(self.rows)

    def _make(self, row: int) -> Passage:
        identity, edition, locator, start, end, context = self.rows[row].item()
        head = self._editions.heads[edition]
        return Passage(
            identity.decode("ascii"),
            self._editions.keys_in_order[edition],
            head.source_id,
            head.language,
            head.origin,
            self.locators[locator],
            start,
            end,
            self.contexts[context],
            self._editions.text(edition)[start:end],
        )


def passage_rows(folder: Path) -> NDArray[Any]:
    """The rows of passages.npy, mapped; raises ValueError or OSError."""
    rows = np.asarray(np.load(folder / "passages.npy", mmap_mode="r", allow_pickle=False))
    if rows.dtype != PASSAGE_ROW:
        raise ValueError("passages.npy has other columns")
    return rows


def passage_ids(rows: NDArray[Any]) -> list[str]:
    """Ids of passages, in order."""
    return [identity.decode("ascii") for identity in rows["id"].tolist()]
