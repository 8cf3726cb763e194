"""Folders of texts → editions. What cannot be read is reported, and the rest is loaded."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sources.catalogue import Catalogue
from sources.edition import Edition, Origin
from sources.errors import BadMetadata, SourceError
from sources.readers import PLAIN_SUFFIXES, READABLE_SUFFIXES, language_of, language_parts, read_bytes, text_of
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
        report.problems.append(f"{str(folder)!r} is not a folder; name one that holds texts.")
        return report
    paths = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in READABLE_SUFFIXES and not path.name.startswith(".")
    )
    return load_files(paths, catalogue, report)


def load_files(paths: Iterable[Path], catalogue: Catalogue, report: LoadReport | None = None) -> LoadReport:
    """The editions of `paths`; a bad or duplicate one becomes a problem and the rest goes on."""
    report = report or LoadReport()
    names: dict[str, str] = {edition.key: edition.title for edition in report.editions}
    for path in paths:
        try:
            editions = load_parts(path, catalogue)
            if known := next((edition.key for edition in editions if edition.key in names), ""):
                raise BadMetadata(
                    f"{path.name} has the id and language of {names[known]}; give one of them another id."
                )
        except SourceError as error:
            report.problems.append(str(error))
            continue
        names |= {edition.key: path.name for edition in editions}
        report.editions += editions
    return report


def load_file(path: Path, catalogue: Catalogue) -> Edition:
    """One file as an edition, the first of those it holds; raises SourceError with one sentence that names the file."""
    return load_parts(path, catalogue)[0]


def load_parts(
    path: Path, catalogue: Catalogue, known: Mapping[str, str] | None = None, *, charset: str = ""
) -> list[Edition]:
    """The editions that a file holds: one, or two where a page prints both languages; raises SourceError.

    `known` is metadata that the caller has; what stands in the `.json` beside the file goes before it.
    """
    raw = read_bytes(path)
    suffix = path.suffix.lower()
    text = text_of(raw, path.name, suffix, charset)
    metadata = {**(known or {}), **read_metadata(path)}
    wanted = metadata.get("language") or _language_in_name(path.name)
    parts = {language_of(text): text} if suffix in PLAIN_SUFFIXES else language_parts(text)
    chosen = {wanted: parts.get(wanted, text)} if wanted else parts
    identity = metadata.get("id") or _recognise(path.name, parts.values(), metadata, catalogue)
    _check_language(path.name, text, chosen, metadata)
    _check_sum(path.name, raw, text, metadata)
    return [
        edition_of(
            part, path.name, {**metadata, "id": identity or id_from_name(path.name), "language": language}, catalogue
        )
        for language, part in chosen.items()
    ]


def edition_of(text: str, name: str, metadata: Mapping[str, str], catalogue: Catalogue) -> Edition:
    """The edition of a canonical text whose id and language are known; `name` is for the error message."""
    source_id, language = metadata["id"], metadata["language"]
    if not _ID.match(source_id):
        raise BadMetadata(f"{name}: id {source_id!r} is not lower-case letters, digits and hyphens; rename it.")
    if language not in _KNOWN_LANGUAGES:
        raise BadMetadata(f"{name}: language {language!r} is neither 'zh' nor 'en'; write one of them.")
    entry = catalogue.get(source_id)
    title = metadata.get("title") or (entry.title.in_language(language) if entry else "") or _first_line(text)
    published = entry.editions if entry else ()
    origin = next((edition.origin for edition in published if edition.language == language), Origin.OFFICIAL)
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
        metadata = {str(key): str(value) for key, value in data.items() if isinstance(value, str | int | float)}
        json.dumps(metadata, ensure_ascii=False).encode()
    except AttributeError:
        raise BadMetadata(f'{beside.name} holds a {type(data).__name__}, not an object; write {{"id": …}}.') from None
    except (ValueError, OSError, RecursionError) as error:
        reason = str(error) if isinstance(error, json.JSONDecodeError | OSError) else type(error).__name__
        raise BadMetadata(f"{beside.name} is not valid JSON ({reason}); mend it or remove it.") from None
    return metadata


def _check_language(name: str, text: str, chosen: Mapping[str, str], metadata: Mapping[str, str]) -> None:
    said = metadata.get("language", "")
    if said in _KNOWN_LANGUAGES and language_of(chosen.get(said, text)) != said:
        raise BadMetadata(f"{name}: its .json says language {said!r} but the text is not; correct the language.")


def _check_sum(name: str, raw: bytes, text: str, metadata: Mapping[str, str]) -> None:
    declared = metadata.get("sha256", "")
    contents = (raw, text.encode(), text.strip().encode())
    if declared and declared not in {hashlib.sha256(content).hexdigest() for content in contents}:
        raise BadMetadata(f"{name}: its .json says sha256 {declared[:12]}… but the text differs; correct or remove it.")


def _recognise(name: str, parts: Iterable[str], metadata: Mapping[str, str], catalogue: Catalogue) -> str:
    """The catalogue's source that a text is: by checksum, by address, by title line, or by file name."""
    digests, head = set(), {""}
    for text in parts:
        digests |= {hashlib.sha256(content.encode()).hexdigest() for content in (text, text.strip())}
        head |= {_letters(line) for line in text.split("\n")[:15]}
    head -= {""}
    url = metadata.get("canonical_url", "")
    for entry in catalogue:
        if any((e.sha256 and e.sha256 in digests) or (url and e.url == url) for e in entry.editions):
            return entry.id
    stem = name.split(".")[0]
    for entry in catalogue:
        if stem == entry.id or head & {_letters(entry.title.zh), _letters(entry.title.en)}:
            return entry.id
    return ""


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def id_from_name(name: str) -> str:
    """A source id made of a file name or title."""
    words = re.sub(r"[^a-z0-9]+", "-", name.split(".")[0].lower()).strip("-")[:80].strip("-")
    return words or "text-" + hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def _language_in_name(name: str) -> str:
    parts = name.split(".")
    return parts[-2] if len(parts) > 2 and parts[-2] in _KNOWN_LANGUAGES else ""


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0].lstrip("# ").strip()[:200]


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None
