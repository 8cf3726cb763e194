"""What goes into an index: which editions, under which names, and what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sources.catalogue import Catalogue, load_catalogue
from sources.edition import Edition
from sources.holdings import Holdings
from sources.library import load_digests
from sources.load import LoadReport, load_folder


@dataclass
class Collection:
    """Editions to index, names of their sources by id and language, and one sentence per text left out."""

    editions: list[Edition]
    names: dict[str, dict[str, list[str]]]
    problems: list[str] = field(default_factory=list)


def bundled_collection(holdings: Holdings) -> Collection:
    """Every shipped digest, and every text that the user holds."""
    catalogue = load_catalogue()
    report = holdings.load(catalogue)
    return _collection(catalogue, report, None)


def folder_collection(folders: Sequence[Path]) -> Collection:
    """The texts of `folders`, with the digests of the sources found there as glosses, and nothing else."""
    catalogue = load_catalogue()
    report = LoadReport()
    for folder in folders:
        found = load_folder(folder, catalogue)
        held = {edition.key for edition in report.editions}
        report.problems += found.problems
        for edition in found.editions:
            if edition.key in held:
                report.problems.append(f"{edition.key} is in more than one folder; the first one is indexed.")
            else:
                report.editions.append(edition)
    return _collection(catalogue, report, {edition.source_id for edition in report.editions})


def _collection(catalogue: Catalogue, report: LoadReport, digests_of: set[str] | None) -> Collection:
    titles = {entry.id: {"zh": entry.title.zh, "en": entry.title.en} for entry in catalogue}
    editions = report.editions + load_digests(titles, {entry.id: entry.kind for entry in catalogue}, only=digests_of)
    names: dict[str, dict[str, list[str]]] = {}
    for edition in editions:
        entry = catalogue.get(edition.source_id)
        known = entry.names() if entry else names.get(edition.source_id, {})
        if not entry:
            known = {**known, edition.language: [edition.title]}
        names[edition.source_id] = known
    return Collection(sorted(editions, key=lambda edition: edition.key), names, report.problems)
