"""What a build would change, told without building: units added, changed, removed, and passages to embed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from index.errors import IndexFault
from index.split import split_edition
from index.store import PassageIndex
from sources.edition import Edition


def _units(editions: Mapping[str, Edition] | None) -> dict[tuple[str, str], str]:
    return {
        (key, unit.locator): edition.text_of(unit)
        for key, edition in (editions or {}).items()
        for unit in edition.units
    }


def describe_plan(editions: Sequence[Edition], folder: Path) -> str:
    """The plan in words, one line a changed unit (the first 20 of each kind)."""
    try:
        current: PassageIndex | None = PassageIndex.open(folder)
    except IndexFault:
        current = None
    old = _units(current.editions if current else None)
    new = _units({edition.key: edition for edition in editions})
    known = {passage.id for passage in current.passages} if current else set()
    passages = [passage for edition in editions for passage in split_edition(edition)]
    changes = {
        "added": sorted(new.keys() - old.keys()),
        "changed": sorted(key for key in new.keys() & old.keys() if new[key] != old[key]),
        "removed": sorted(old.keys() - new.keys()),
    }
    lines = [f"{name}: {len(keys)} units" for name, keys in changes.items()]
    lines.append(f"to embed: {sum(passage.id not in known for passage in passages)} of {len(passages)} passages")
    for name, keys in changes.items():
        lines += [f"  {name} {key} {locator}" for key, locator in keys[:20]]
        if len(keys) > 20:
            lines.append(f"  … and {len(keys) - 20} more {name}")
    return "\n".join(lines)
