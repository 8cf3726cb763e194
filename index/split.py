"""Editions → passages along their own structure.

A passage is a *block* — what a person would cite as one place (art14.2, p4, item6, sec4.2.b) — with the
points below it; a block longer than `LONGEST` is cut between its points, never inside a unit, and no passage
crosses a block. Headings are not passages; they travel with each passage as its context.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from index.passage import Passage
from sources.edition import Edition, Origin, Unit, UnitKind

SPLITTER_VERSION = "blocks-3"
LONGEST = {"zh": 420, "en": 1100}  # characters; about the same amount of meaning


@lru_cache(maxsize=1 << 16)  # asked for every unit by every build, and for every hit by every question
def block_locator(locator: str) -> str:
    """The citable place that a unit belongs to: art5.1.c.i → art5.1, sec4.2.b.i → sec4.2.b, p4.2 → p4."""
    parts = locator.split(".")
    head = parts[0]
    if head.startswith(("recital", "fn", "item")) or re.match(r"^p\d+$", head):
        return head
    if head.startswith("annex"):
        depth = 3 if len(parts) > 2 and not parts[1][0].isdigit() and not _is_bullet(parts[1]) else 2
        return head if len(parts) > 1 and _is_bullet(parts[1]) else ".".join(parts[:depth])
    if head.startswith("sec"):
        depth = 3 if len(parts) > 1 and parts[1].isdigit() and len(parts) > 2 and not parts[2].isdigit() else 2
        return ".".join(parts[:depth])
    return ".".join(parts[:2])


def _is_bullet(part: str) -> bool:
    return bool(re.match(r"^(b\d+|p\d+|[a-z]+)$", part))


def split_edition(edition: Edition) -> list[Passage]:
    """Passages of one edition, in text order."""
    passages = []
    seen: Counter[str] = Counter()
    for run in _runs(edition):
        start, end = run[0].start, run[-1].end
        text = edition.text[start:end]
        locator = run[0].locator if len(run) == 1 else _shared(run)
        context = " › ".join([edition.title, *run[0].path])
        content = "\x1f".join([edition.key, locator, context, text])
        seen[content] += 1  # the same words twice at one place are two passages
        identity = hashlib.blake2b(f"{content}\x1f{seen[content]}".encode(), digest_size=8).hexdigest()
        passages.append(
            Passage(
                identity,
                edition.key,
                edition.source_id,
                edition.language,
                edition.origin,
                locator,
                start,
                end,
                context,
                text,
            )
        )
    return passages


def _runs(edition: Edition) -> Iterator[list[Unit]]:
    """Neighbouring units of one block, cut where they grow too long."""
    longest = LONGEST["zh" if edition.language == "zh" else "en"]
    run: list[Unit] = []
    block = ""
    for unit in edition.units:
        if unit.kind is not UnitKind.TEXT:
            continue
        its_block = _block(edition, unit)
        if run and (its_block != block or run[0].path != unit.path or unit.end - run[0].start > longest):
            yield run
            run = []
        if not run:
            block = its_block
        run.append(unit)
    if run:
        yield run


def _block(edition: Edition, unit: Unit) -> str:
    """Digest entries below a block are passages of their own: each restates one rule."""
    return unit.locator if edition.origin is Origin.DIGEST else block_locator(unit.locator)


def _shared(run: list[Unit]) -> str:
    """The longest locator that all units of a run lie within, or the first one's."""
    parts = run[0].locator.split(".")
    for unit in run[1:]:
        other = unit.locator.split(".")
        length = next(
            (i for i, (a, b) in enumerate(zip(parts, other, strict=False)) if a != b), min(len(parts), len(other))
        )
        parts = parts[:length]
    return ".".join(parts) or run[0].locator
