"""The digests that ship: this project's own restatement of every source, as editions.

    sources/library/<source-id>.toml          or    sources/library/<source-id>/<part>.toml

    source = "bletchley-declaration"
    ["p8.1"]
    zh = "…"
    en = "…"

Keys are locators of the official text. `load_digests` gives one Chinese and one English edition a
source, whose canonical text is the entries joined by line breaks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sources.edition import Edition, Origin, SourceKind, Unit, UnitKind
from sources.errors import BadLibrary

LIBRARY_PATH = Path(__file__).parent
LANGUAGES = ("zh", "en")
_LOCATOR = re.compile(r"^[a-z]+[0-9IVXLC]*(\.[A-Za-z0-9]+)*$")


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One unit's digest in both languages."""

    locator: str
    texts: dict[str, str]
    file: str
    line: int


def _natural(name: str) -> list[object]:
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def digest_files(library: Path = LIBRARY_PATH) -> dict[str, list[Path]]:
    """Digest files by source id, in reading order; the term sheet and the lists of exceptions are none."""
    files: dict[str, list[Path]] = {}
    for path in sorted(library.glob("*.toml")) + sorted(library.glob("*/*.toml"), key=lambda path: _natural(path.name)):
        source_id = path.stem if path.parent == library else path.parent.name
        if source_id not in ("terms", "number-exceptions", "name-exceptions"):
            files.setdefault(source_id, []).append(path)
    return files


def read_digest_file(path: Path, source_id: str) -> list[DigestEntry]:
    """Entries of one file; raises BadLibrary naming file, line and field."""
    text = path.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadLibrary(f"{path.name} is not valid TOML: {error}; mend that line.") from None
    if data.pop("source", None) != source_id:
        raise BadLibrary(f"{path.name}, line 1, field 'source': expected {source_id!r}; write source = {source_id!r}.")
    lines = {
        match[1]: text.count("\n", 0, match.start()) + 1
        for match in re.finditer(r'^\["?([^"\]]+)"?\]', text, re.MULTILINE)
    }
    entries = []
    for locator, fields in data.items():
        line = lines.get(locator, 0)
        where = f"{path.name}, line {line}, [{locator!r}]"
        if not _LOCATOR.match(locator) or not isinstance(fields, dict):
            raise BadLibrary(f'{where}: not a locator with fields zh and en; write ["art14.1"] above them.')
        if extra := set(fields) - set(LANGUAGES):
            raise BadLibrary(f"{where}, field {sorted(extra)[0]!r}: unknown field; only zh and en belong here.")
        for language in LANGUAGES:
            value = fields.get(language)
            if not isinstance(value, str) or not value.strip() or "\n" in value.strip():
                raise BadLibrary(
                    f"{where}, field {language!r}: needs one line of text; write the digest in that language."
                )
        entries.append(
            DigestEntry(locator, {language: fields[language].strip() for language in LANGUAGES}, path.name, line)
        )
    return entries


def read_digest(source_id: str, paths: Iterable[Path]) -> list[DigestEntry]:
    """All entries of one source in reading order; raises BadLibrary on a locator told twice."""
    entries: list[DigestEntry] = []
    seen: dict[str, DigestEntry] = {}
    for path in paths:
        for entry in read_digest_file(path, source_id):
            if first := seen.get(entry.locator):
                raise BadLibrary(
                    f"{entry.file}, line {entry.line}, [{entry.locator!r}]: already told in "
                    f"{first.file}, line {first.line}; keep one."
                )
            seen[entry.locator] = entry
            entries.append(entry)
    return entries


def digest_edition(
    source_id: str, language: str, title: str, entries: Iterable[DigestEntry], kind: SourceKind = SourceKind.STATEMENT
) -> Edition:
    """The entries of one language as an edition."""
    units: list[Unit] = []
    pieces: list[str] = []
    position = 0
    for entry in entries:
        text = entry.texts[language]
        units.append(Unit(entry.locator, UnitKind.TEXT, position, position + len(text), position))
        pieces.append(text)
        position += len(text) + 1
    return Edition(source_id, language, Origin.DIGEST, title, "\n".join(pieces), tuple(units), kind)


def load_digests(
    titles: Mapping[str, Mapping[str, str]],
    kinds: Mapping[str, SourceKind],
    library: Path = LIBRARY_PATH,
    only: Iterable[str] | None = None,
) -> list[Edition]:
    """Digest editions of the sources in `titles` (id → language → title), or of those in `only` among them."""
    wanted = None if only is None else set(only)
    editions = []
    for source_id, paths in digest_files(library).items():
        if source_id not in titles:
            raise BadLibrary(
                f"{paths[0].name}: source {source_id!r} is not in the catalogue; add it there or rename the file."
            )
        if wanted is None or source_id in wanted:
            entries = read_digest(source_id, paths)
            editions += [
                digest_edition(source_id, language, titles[source_id][language], entries, kinds[source_id])
                for language in LANGUAGES
            ]
    return editions
