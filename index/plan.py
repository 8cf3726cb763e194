"""What a build would change, told without building.

Content decides: a unit is changed when its text is, and renamed when the same words stand under another locator or
source id (their label, “第三条”, may differ); file names and times play no part. Passages to embed are those whose
search text the index in use has not.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.codec import dump_units
from index.embedder import Embedder, load_embedder
from index.errors import IndexFault
from index.generations import current_generation
from index.listing import list_passages
from index.passage import Passage
from index.reuse import Earlier, read_earlier
from index.store import PassageIndex
from sources.edition import Edition

_SAMPLES = (8, 64, 512)  # passages embedded to tell how long all will take: more, as long as they take no time
_ENOUGH_SECONDS = 0.2
_LISTED = 20  # units named of each kind of change

Place = tuple[str, str]  # edition key, locator


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Units by what a build would do to them, in order of place, and the passages that it would embed."""

    added: tuple[Place, ...]
    changed: tuple[Place, ...]
    renamed: tuple[tuple[Place, Place], ...]  # before, after
    removed: tuple[Place, ...]
    passages: int
    to_embed: tuple[Passage, ...]


def make_plan(
    editions: Sequence[Edition], before: Mapping[str, Edition], earlier: Earlier | None, fingerprint: str
) -> ChangePlan:
    """The change from the editions `before` (by key) to `editions`.

    `earlier` tells which passages an embedder of that fingerprint has embedded.
    """
    old, new = _units(before.values()), _units(editions)
    gone = {place: unit for place, unit in old.items() if new.get(place) != unit}
    come = {place: unit for place, unit in new.items() if old.get(place) != unit}
    renamed = _take_renamed(gone, come)
    listing = list_passages(editions, [dump_units(edition) for edition in editions], earlier)
    is_embedded = earlier is not None and earlier.vectors(fingerprint) is not None
    to_embed = np.flatnonzero(listing.taken < 0) if is_embedded else np.arange(len(listing.taken))
    return ChangePlan(
        added=tuple(sorted(come.keys() - gone.keys())),
        changed=tuple(sorted(come.keys() & gone.keys())),
        renamed=renamed,
        removed=tuple(sorted(gone.keys() - come.keys())),
        passages=len(listing.passages),
        to_embed=tuple(listing.passages[row] for row in to_embed.tolist()),
    )


def _units(editions: Iterable[Edition]) -> dict[Place, tuple[str, str]]:
    """Text with label, and without, of every unit."""
    return {
        (edition.key, unit.locator): (edition.text_of(unit), edition.body_of(unit))
        for edition in editions
        for unit in edition.units
    }


def _take_renamed(
    gone: dict[Place, tuple[str, str]], come: dict[Place, tuple[str, str]]
) -> tuple[tuple[Place, Place], ...]:
    """Take from both what has the same words, and pair it: within an edition first, then across, in order of place."""
    pairs = []
    for across in (False, True):
        arrived: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
        for place in sorted(come, reverse=True):
            arrived["" if across else place[0], come[place][1]].append(place)
        for place in sorted(gone):
            words = gone[place][1]
            candidates = arrived.get(("" if across else place[0], words))
            if words and candidates and candidates[-1] != place:
                pairs.append((place, candidates.pop()))
                del gone[pairs[-1][0]], come[pairs[-1][1]]
    return tuple(sorted(pairs))


def describe_plan(editions: Sequence[Edition], folder: Path, *, embedder: Embedder | None = None) -> str:
    """`plan_in_words` of what a build from `editions` would change in `folder`."""
    return plan_in_words(*plan_for(editions, folder, embedder=embedder))


def plan_for(
    editions: Sequence[Edition], folder: Path, *, embedder: Embedder | None = None
) -> tuple[ChangePlan, float]:
    """What a build from `editions` would change in `folder`, and the seconds that embedding will take.

    `embedder` is the one that the build would use; None means the bundled one.
    """
    embedder = embedder or load_embedder()
    try:
        current: PassageIndex | None = PassageIndex.open(folder)
    except IndexFault:
        current = None
    earlier = read_earlier(current_generation(folder)) if current else None
    plan = make_plan(editions, current.editions if current else {}, earlier, embedder.fingerprint)
    return plan, expected_seconds(plan.to_embed, embedder) if plan.to_embed else 0.0


def plan_in_words(plan: ChangePlan, seconds: float) -> str:
    """The plan, one line a unit (the first 20 of each kind of change), with the time embedding will take."""
    lines = {
        "added": [_named(place) for place in plan.added],
        "changed": [_named(place) for place in plan.changed],
        "renamed": [f"{_named(before)} → {_named(after)}" for before, after in plan.renamed],
        "removed": [_named(place) for place in plan.removed],
    }
    summary = [f"{kind}: {len(places)} units" for kind, places in lines.items()]
    summary.append(f"to embed: {len(plan.to_embed)} of {plan.passages} passages, about {seconds:.1f} s")
    for kind, places in lines.items():
        summary += [f"  {kind} {place}" for place in places[:_LISTED]]
        if len(places) > _LISTED:
            summary.append(f"  … and {len(places) - _LISTED} more {kind}")
    return "\n".join(summary)


def expected_seconds(passages: Sequence[Passage], embedder: Embedder) -> float:
    """Time that embedding the passages will take, from the time that some spread over them take."""
    seconds, sampled = 0.0, 1
    for size in _SAMPLES:
        sample = [passage.search_text for passage in passages[:: max(len(passages) // size, 1)]][:size]
        # Twice, because what is opened at first use is no part of the rate.
        seconds, sampled = min(_time(embedder, sample) for _ in range(2)), max(sum(map(len, sample)), 1)
        if seconds > _ENOUGH_SECONDS or size >= len(passages):
            break
    return seconds * sum(len(passage.search_text) for passage in passages) / sampled


def _time(embedder: Embedder, texts: Sequence[str]) -> float:
    started = time.perf_counter()
    embedder.encode(texts)
    return time.perf_counter() - started


def _named(place: Place) -> str:
    return " ".join(place)
