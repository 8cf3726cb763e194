"""The catalogue: every source the project knows, read from `catalogue.toml` and validated."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from sources.edition import Origin
from sources.errors import BadMetadata
from sources.known_by import CATALOGUE_PATH, KnownBy
from sources.structure import SourceKind


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(_Strict):
    """The same words in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The words in `language`, Chinese for "zh" and English for anything else."""
        return self.zh if language == "zh" else self.en


class ShortNames(_Strict):
    """Names that people use for a source, best first."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class Dates(_Strict):
    """The days that matter in a text's life; only those that apply."""

    held: date | None = None
    adopted: date | None = None
    published: date | None = None
    in_force: date | None = None
    applies: date | None = None
    revoked: date | None = None


class Relation(_Strict):
    """How a source stands to another: implements, revokes, cites, mentioned-by …"""

    type: str
    source: str
    locator: str = ""


class CatalogueEdition(_Strict):
    """An edition published somewhere: where to read it and under which licence."""

    language: str
    origin: Origin
    url: str
    licence: str = ""
    sha256: str = ""


class CatalogueEntry(_Strict):
    """One source: titles, issuer, dates, legal status, relations, published editions."""

    id: str
    kind: SourceKind
    title: Bilingual
    short: ShortNames = ShortNames()
    known_by: KnownBy = KnownBy()
    issuer: Bilingual
    dates: Dates = Dates()
    status: str = ""
    status_as_of: date | None = None
    status_note: Bilingual | None = None
    relations: tuple[Relation, ...] = ()
    edition: tuple[CatalogueEdition, ...] = ()

    @property
    def editions(self) -> tuple[CatalogueEdition, ...]:
        """Published editions, official ones first as listed."""
        return self.edition

    def names(self) -> dict[str, list[str]]:
        """Every name by language, full title first."""
        return {"zh": [self.title.zh, *self.short.zh], "en": [self.title.en, *self.short.en]}


class Catalogue:
    """All entries, by id and in file order."""

    def __init__(self, entries: tuple[CatalogueEntry, ...]) -> None:
        self._entries = {entry.id: entry for entry in entries}

    def __iter__(self) -> Iterator[CatalogueEntry]:
        return iter(self._entries.values())

    def __contains__(self, source_id: object) -> bool:
        return source_id in self._entries

    def get(self, source_id: str) -> CatalogueEntry | None:
        """The entry of that id, or None."""
        return self._entries.get(source_id)


@lru_cache(maxsize=4)
def load_catalogue(path: Path = CATALOGUE_PATH) -> Catalogue:
    """Read and validate the catalogue; raises BadMetadata naming the entry and field that is wrong."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("source", [])
    except tomllib.TOMLDecodeError as error:
        raise BadMetadata(f"{path.name} is not valid TOML: {error}; mend that line.") from None
    entries: list[CatalogueEntry] = []
    for number, row in enumerate(rows, 1):
        try:
            entry = CatalogueEntry.model_validate(row)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            name = row.get("id", f"entry {number}")
            raise BadMetadata(f"{path.name}: {name}: field {where!r}: {first['msg']}; mend that field.") from None
        if any(entry.id == other.id for other in entries):
            raise BadMetadata(f"{path.name} has two entries with id {entry.id!r}; keep one.")
        entries.append(entry)
    return Catalogue(tuple(entries))
