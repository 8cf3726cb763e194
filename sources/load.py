"""Folders of texts → editions. What cannot be read is reported, and the rest is loaded."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sources.catalogue import Catalogue
from sources.edition import Edition, Origin
from sources.errors import BadMetadata, SourceError
from sources.readers import READABLE_SUFFIXES, language_of, read_text
from sources.structure import detect_kind, parse_units

_KNOWN_LANGUAGES = ("zh", "en")
_ID = re.compile(r"^[a-z0-9][a-z0-9-]{0,79}$")


@dataclass
class LoadReport:
    """What was loaded and, one sentence each, what was not."""

    editions: list[Edition] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def load_folder(folder: Path, catalogue: Catalogue) -> LoadReport:
    """Every readable text below `folder`, in name order, each with its optional `.json` beside it."""
    report = LoadReport()
    if not folder.is_dir():
        report.problems.append(f"{str(folder)!r} is not a folder; name one that holds .txt or .md files.")
        return report
    paths = sorted(
        path for path in folder.iterdir() if path.suffix in READABLE_SUFFIXES and not path.name.startswith(".")
    )
    return load_files(paths, catalogue, report)


def load_files(paths: Iterable[Path], catalogue: Catalogue, report: LoadReport | None = None) -> LoadReport:
    """The editions of `paths`; a bad or duplicate one becomes a problem and the rest goes on."""
    report = report or LoadReport()
    names: dict[str, str] = {edition.key: edition.title for edition in report.editions}
    for path in paths:
        try:
            edition = load_file(path, catalogue)
            if edition.key in names:
                raise BadMetadata(
                    f"{path.name} has the id and language of {names[edition.key]}; give one of them another id."
                )
        except SourceError as error:
            report.problems.append(str(error))
            continue
        names[edition.key] = path.name
        report.editions.append(edition)
    return report


def load_file(path: Path, catalogue: Catalogue) -> Edition:
    """One file as an edition; raises SourceError with one sentence that names the file."""
    text = read_text(path)
    metadata = read_metadata(path)
    language = metadata.get("language") or _language_in_name(path) or language_of(text)
    source_id = metadata.get("id") or _recognise(path, text, catalogue) or _id_from_name(path)
    _check(path, text, metadata, source_id, language)
    entry = catalogue.get(source_id)
    title = metadata.get("title") or (entry.title.in_language(language) if entry else "") or _first_line(text)
    origin = (
        next((e.origin for e in entry.editions if e.language == language), Origin.OFFICIAL)
        if entry
        else Origin.OFFICIAL
    )
    kind = entry.kind if entry else detect_kind(text)
    return Edition(
        source_id,
        language,
        origin,
        title,
        text,
        parse_units(text, title, kind),
        kind,
        _day(metadata.get("read_on")),
        metadata.get("canonical_url", ""),
    )


def read_metadata(path: Path) -> dict[str, str]:
    """The `.json` beside a text as strings, or {} where there is none."""
    beside = path.with_suffix(".json")
    if not beside.exists():
        return {}
    try:
        data = json.loads(beside.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadMetadata(f"{beside.name} is not valid JSON ({error}); mend it or remove it.") from None
    if not isinstance(data, dict):
        raise BadMetadata(f'{beside.name} holds a {type(data).__name__}, not an object; write {{"id": …}}.')
    return {str(key): str(value) for key, value in data.items() if isinstance(value, str | int | float)}


def _check(path: Path, text: str, metadata: dict[str, str], source_id: str, language: str) -> None:
    if not _ID.match(source_id):
        raise BadMetadata(f"{path.name}: id {source_id!r} is not lower-case letters, digits and hyphens; rename it.")
    if language not in _KNOWN_LANGUAGES:
        raise BadMetadata(f"{path.name}: language {language!r} is neither 'zh' nor 'en'; write one of them.")
    if metadata.get("language") and language_of(text) != language:
        raise BadMetadata(
            f"{path.name}: its .json says language {language!r} but the text is not; correct the language."
        )
    declared = metadata.get("sha256", "")
    actual = {hashlib.sha256(text.encode()).hexdigest(), hashlib.sha256(path.read_bytes()).hexdigest(),
              hashlib.sha256(text.strip().encode()).hexdigest()}  # fmt: skip
    if declared and declared not in actual:
        raise BadMetadata(
            f"{path.name}: its .json says sha256 {declared[:12]}… but the text differs; correct or remove it."
        )


def _recognise(path: Path, text: str, catalogue: Catalogue) -> str:
    """The catalogue's source that this text is: by checksum, by title line, or by file name."""
    digests = {hashlib.sha256(text.encode()).hexdigest(), hashlib.sha256(text.strip().encode()).hexdigest()}
    head = {_letters(line) for line in text.split("\n")[:15]} - {""}
    stem = path.name.split(".")[0]
    for entry in catalogue:
        if any(edition.sha256 in digests for edition in entry.editions if edition.sha256):
            return entry.id
    for entry in catalogue:
        if stem == entry.id or head & {_letters(entry.title.zh), _letters(entry.title.en)}:
            return entry.id
    return ""


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def _id_from_name(path: Path) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", path.name.split(".")[0].lower()).strip("-")
    return name or "text-" + hashlib.sha256(path.name.encode()).hexdigest()[:8]


def _language_in_name(path: Path) -> str:
    parts = path.name.split(".")
    return parts[-2] if len(parts) > 2 and parts[-2] in _KNOWN_LANGUAGES else ""


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0].lstrip("# ").strip()[:200]


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None
