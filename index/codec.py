"""Editions and passages ↔ JSON that loads fast: shared heading paths, no repeated text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from index.passage import Passage
from sources.edition import Edition, Origin, SourceKind, Unit, UnitKind


def dump_editions(editions: Iterable[Edition], names: Mapping[str, Mapping[str, list[str]]]) -> str:
    """Editions and the names of their sources as one JSON text."""
    rows = []
    for edition in editions:
        paths: dict[tuple[str, ...], int] = {}
        units = [
            [unit.locator, unit.kind, unit.start, unit.end, unit.body, paths.setdefault(unit.path, len(paths))]
            for unit in edition.units
        ]
        rows.append(
            {
                "source_id": edition.source_id,
                "language": edition.language,
                "origin": edition.origin,
                "title": edition.title,
                "kind": edition.kind,
                "text": edition.text,
                "paths": list(paths),
                "units": units,
                "read_on": edition.read_on.isoformat() if edition.read_on else None,
                "url": edition.url,
            }
        )
    return json.dumps({"editions": rows, "names": names}, ensure_ascii=False)


def load_editions(text: str) -> tuple[dict[str, Edition], dict[str, dict[str, list[str]]]]:
    """What `dump_editions` wrote: editions by key, and names by source id and language."""
    data = json.loads(text)
    editions: dict[str, Edition] = {}
    kinds = {kind.value: kind for kind in UnitKind}
    for row in data["editions"]:
        paths = [tuple(path) for path in row["paths"]]
        units = tuple(
            Unit(at, kinds[kind], start, end, body, paths[path]) for at, kind, start, end, body, path in row["units"]
        )
        read_on = date.fromisoformat(row["read_on"]) if row["read_on"] else None
        edition = Edition(
            row["source_id"],
            row["language"],
            Origin(row["origin"]),
            row["title"],
            row["text"],
            units,
            SourceKind(row["kind"]),
            read_on,
            row["url"],
        )
        editions[edition.key] = edition
    return editions, data["names"]


def dump_passages(passages: Iterable[Passage]) -> str:
    """Passages as spans; their text is in the editions."""
    contexts: dict[str, int] = {}
    rows: list[list[Any]] = [
        [p.id, p.edition_key, p.locator, p.start, p.end, contexts.setdefault(p.context, len(contexts))]
        for p in passages
    ]
    return json.dumps({"contexts": list(contexts), "passages": rows}, ensure_ascii=False)


def load_passages(text: str, editions: Mapping[str, Edition]) -> list[Passage]:
    """What `dump_passages` wrote, with text sliced from the editions."""
    data = json.loads(text)
    contexts = data["contexts"]
    passages = []
    for identity, key, locator, start, end, context in data["passages"]:
        edition = editions[key]
        passages.append(
            Passage(identity, key, edition.source_id, edition.language, edition.origin, locator, start, end,
                    contexts[context], edition.text[start:end])
        )  # fmt: skip
    return passages


def load_passage_ids(text: str) -> list[str]:
    """The ids alone of what `dump_passages` wrote."""
    return [row[0] for row in json.loads(text)["passages"]]
